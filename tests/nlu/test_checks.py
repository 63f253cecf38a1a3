"""What a new model must show, and that the sentences ask it of the model in use."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from bot.clinic.examples import folded
from bot.content import red_flags
from bot.content.learned import known
from bot.nlu.checks import FOLDER, Checks, Parse, failures, full_label, load
from bot.nlu.train import serving_model
from bot.nlu.understand import Parsed, Route, Understanding
from bot.settings import ROOT
from bot.settings import load as settings
from tests.content.test_faq_files import TOPICS

FEW = Checks(
    alarming={"my chest": "emergency", "end it all": "crisis"},
    harmless=("dying to know",),
    understood={"how much": "faq/cost", "book me": "book_appointment"},
    out_of_scope=("poem",),
)
RIGHT: Mapping[str, str] = {
    "my chest": "report_emergency",
    "end it all": "crisis",
    "dying to know": "faq/cost",
    "how much": "faq/cost",
    "book me": "book_appointment",
    "poem": "out_of_scope",
}
_ROUTES: Mapping[str, Route] = {
    "report_emergency": "emergency",
    "crisis": "crisis",
    "out_of_scope": "fallback",
}


def model(**other: str) -> Parse:
    """Return a model that is right but for some sentences."""
    means = {
        **RIGHT,
        **{text.replace("_", " "): label for text, label in other.items()},
    }

    def parse(text: str) -> Parsed:
        intent, _, topic = means[text].partition("/")
        route = _ROUTES.get(intent, "assistant")
        return Parsed(intent, topic or None, 0.9, route, (), 0.9)

    return parse


def failed(new: Parse, old: Parse | None = None) -> list[tuple[str, str]]:
    return [(one.check, one.text) for one in failures(FEW, new, old or model())]


def test_a_model_that_is_right_passes():
    assert failed(model()) == []


@pytest.mark.parametrize(
    ("other", "check", "text"),
    [
        ({"my_chest": "faq/cost"}, "emergency", "my chest"),
        ({"end_it_all": "report_emergency"}, "crisis", "end it all"),
        ({"dying_to_know": "crisis"}, "false alarm", "dying to know"),
        ({"how_much": "faq/insurance"}, "understood", "how much"),
        ({"book_me": "faq/cost"}, "understood", "book me"),
        ({"poem": "greet"}, "out of scope", "poem"),
    ],
)
def test_one_wrong_sentence_fails_its_check(other, check, text):
    assert failed(model(**other)) == [(check, text)]


def test_what_the_old_model_did_not_hear_either_is_no_loss():
    deaf = model(my_chest="faq/cost", dying_to_know="crisis")

    assert failed(deaf, deaf) == []


@pytest.fixture(scope="module")
def sentences() -> Checks:
    return load(ROOT / FOLDER)


def test_every_topic_has_three_worked_examples(sentences: Checks):
    labels = list(sentences.understood.values())

    assert {topic: labels.count(f"faq/{topic}") for topic in TOPICS} == dict.fromkeys(
        TOPICS, 3
    )
    assert len(sentences.alarming) == len(sentences.harmless) == 150
    assert len(sentences.out_of_scope) >= 12


def test_no_sentence_of_the_checks_is_learnt(sentences: Checks):
    learnt = known(ROOT / "data", ROOT / "data" / "learned")

    told = [*sentences.understood, *sentences.out_of_scope]
    assert [text for text in told if folded(text) in learnt] == []


@pytest.mark.model
def test_the_model_in_use_passes_the_checks(sentences: Checks):
    here = Understanding.open(serving_model(settings().data_dir))
    found = {text: full_label(here.parse(text)) for text in sentences.understood}

    assert found == sentences.understood
    assert list(failures(sentences, here.parse, here.parse)) == []


@pytest.mark.model
def test_the_two_nets_together_hear_every_emergency(sentences: Checks):
    here = Understanding.open(serving_model(settings().data_dir))
    matcher = red_flags.load(ROOT / "data" / "red_flags")

    missed = [
        text
        for text in sentences.alarming
        if not matcher.match(text)
        and here.parse(text).route_hint not in ("emergency", "crisis")
    ]
    assert missed == []
