"""A new model takes the old one's place only if it passes, and nothing is lost."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest

from bot.clinic.examples import Example
from bot.content.learned import keep
from bot.nlu import train as training
from bot.nlu.checks import Checks
from bot.nlu.encoder_files import encoder_folder
from bot.nlu.learn import NothingNew, Refused, RefusedBefore, Taken, learn
from bot.nlu.train import TrainingFailed, serving_model
from bot.nlu.understand import Understanding
from tests.nlu.conftest import PROJECT, Trained

pytestmark = pytest.mark.model

CHECKS = Checks(
    alarming={"chest pain, can't breathe": "emergency"},
    harmless=(),
    understood={"do the needles hurt?": "faq/needle_pain"},
    out_of_scope=(),
)
NEW = "wots the damage innit"


class Place:
    """A trained project of its own, and a folder for what staff teach."""

    def __init__(self, folder: Path, trained: Trained) -> None:
        self.project, self.data = folder / "project", folder / "var"
        self.learned = folder / "learned"
        for path in (self.project, self.data):
            path.mkdir()
        for name in ("config.yml", "domain.yml", "data"):
            (self.project / name).symlink_to(PROJECT / name)
        shutil.copytree(trained.model.parent, self.project / "models")
        shutil.copytree(trained.serving.parent, self.data / "model")
        (self.data / "encoder").symlink_to(trained.data / "encoder")

    def teach(self, text: str, label: str) -> None:
        keep(self.learned, Example(text, label, "Priya", date(2026, 11, 25)))

    def learn(self, again: bool = True):
        return learn(self.data, self.learned, self.project, CHECKS, again)

    def means(self, text: str) -> str | None:
        here = Understanding.open(serving_model(self.data), encoder_folder(self.data))
        return here.parse(text).topic

    def served(self) -> bytes:
        return serving_model(self.data).read_bytes()

    def leftovers(self) -> list[str]:
        return [one.name for one in (self.project / "models").glob(".*")]


@pytest.fixture
def place(tmp_path: Path, trained: Trained) -> Place:
    return Place(tmp_path, trained)


def test_what_was_taught_is_understood_and_stays_so(place: Place):
    assert place.means(NEW) != "cost"
    place.teach(NEW, "faq/cost")

    outcome = place.learn()

    assert isinstance(outcome, Taken)
    assert place.means(NEW) == "cost"
    assert isinstance(place.learn(), NothingNew)
    # The next start finds the model up to date, and does not train it away.
    training.train(place.data, project=place.project)
    assert place.means(NEW) == "cost"
    assert place.leftovers() == []


def test_a_model_that_fails_a_check_is_not_used(place: Place):
    before = place.served()
    for text in ("do the needles hurt", "do the needles hurt a lot", "needles hurt"):
        place.teach(text, "faq/cost")

    outcome = place.learn()

    assert isinstance(outcome, Refused)
    assert [one.check for one in outcome.failed] == ["understood"]
    assert place.served() == before
    assert isinstance(place.learn(again=False), RefusedBefore)
    assert place.leftovers() == []


@pytest.mark.parametrize("text", ["my chest hurts and I feel sick", "I want to die"])
def test_an_emergency_is_never_an_example_of_anything_else(place: Place, text: str):
    before = place.served()
    place.teach(text, "faq/cost")

    outcome = place.learn()

    assert isinstance(outcome, Refused)
    assert [(one.text, one.got) for one in outcome.failed] == [(text, "faq/cost")]
    assert place.served() == before


def test_a_training_that_dies_leaves_the_old_model(
    place: Place, monkeypatch: pytest.MonkeyPatch
):
    before = place.served()
    place.teach(NEW, "faq/cost")

    def die(*_: object) -> None:
        raise TrainingFailed("no room on the disk")

    with monkeypatch.context() as patch:
        patch.setattr(training, "run_rasa", die)
        with pytest.raises(TrainingFailed):
            place.learn()

    assert place.served() == before
    assert place.leftovers() == []


def test_what_staff_take_back_is_forgotten(place: Place):
    place.teach(NEW, "faq/cost")
    place.learn()
    shutil.rmtree(place.learned)

    assert isinstance(place.learn(), Taken)
    assert place.means(NEW) != "cost"
