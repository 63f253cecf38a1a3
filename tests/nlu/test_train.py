"""Training happens when, and only when, something that is learnt from has changed."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.nlu import train as training
from bot.nlu.encoder_files import encoder_folder, write_manifest
from bot.nlu.train import NotTrained, serving_model, train

TINY = Path(__file__).parent / "tiny_project"


class Project:
    """A project whose training is only counted."""

    def __init__(self, root: Path) -> None:
        self.root, self.data, self.trainings = root / "project", root / "var", 0
        shutil.copytree(TINY, self.root)
        encoder = encoder_folder(self.data)
        encoder.mkdir(parents=True)
        self.write_encoder(b"network")

    def write_encoder(self, network: bytes) -> None:
        folder = encoder_folder(self.data)
        (folder / "model.onnx").write_bytes(network)
        (folder / "vocab.txt").write_text("[UNK]\n")
        write_manifest(folder)

    def count(
        self, project: Path, data: Path, model: Path, examples: Path | None
    ) -> None:
        self.trainings += 1
        model.parent.mkdir(exist_ok=True)
        model.write_text(f"model {self.trainings}")

    def train(self, force: bool = False) -> Path:
        return train(self.data, force=force, project=self.root)


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Project:
    project = Project(tmp_path)
    monkeypatch.setattr(training, "run_rasa", project.count)
    monkeypatch.setattr(training, "serving_copy", shutil.copy)
    project.train()
    return project


def test_nothing_changed_trains_nothing(project: Project):
    project.train()

    assert project.trainings == 1


@pytest.mark.parametrize("file", ["config.yml", "domain.yml", "data/nlu.yml"])
def test_changed_file_trains_again(project: Project, file: str):
    with (project.root / file).open("a") as stream:
        stream.write("# changed\n")

    project.train()

    assert project.trainings == 2


def test_new_topic_trains_again(project: Project):
    (project.root / "data" / "topic.yml").write_text("nlu: []\n")

    project.train()

    assert project.trainings == 2


def test_clinic_hours_train_nothing(project: Project):
    (project.root / "data" / "hours.yml").write_text("monday: 9 to 5\n")

    project.train()

    assert project.trainings == 1


def test_what_staff_taught_is_not_learnt_by_the_way(project: Project):
    folder = project.root / "data" / "learned"
    folder.mkdir()
    (folder / "faq_cost.yml").write_text("nlu: []\n")

    project.train()

    assert project.trainings == 1


def test_what_was_taken_up_stays_learnt(project: Project):
    examples = project.data / "examples.yml"
    examples.write_text("nlu: []\n")
    candidate = project.data / "candidate"
    candidate.write_text("candidate")
    taken = training.fingerprint(
        project.root, encoder_folder(project.data), "nlu: []\n"
    )
    training.adopt(project.root, project.data, candidate, examples, taken)

    project.train()

    assert project.trainings == 1
    assert serving_model(project.data).read_text() == "candidate"


@pytest.mark.parametrize("dies_at", ["learned.yml", "meridian.tar.gz", "serving"])
def test_who_dies_while_taking_a_model_up_leaves_a_whole_one(
    project: Project, monkeypatch: pytest.MonkeyPatch, dies_at: str
):
    examples, candidate = project.data / "examples.yml", project.data / "candidate"
    examples.write_text("nlu: []\n")
    candidate.write_text("candidate")
    replace = Path.replace

    def die(self: Path, target: Path) -> Path:
        if dies_at in Path(target).name:
            raise KeyboardInterrupt
        return replace(self, target)

    def die_copying(*_: Path) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", die)
        if dies_at == "serving":
            patch.setattr(training, "serving_copy", die_copying)
        with pytest.raises(KeyboardInterrupt):
            training.adopt(project.root, project.data, candidate, examples, "print")
    served = serving_model(project.data).read_text()
    project.train()

    assert served == "model 1"
    assert serving_model(project.data).read_text() in ("model 2", "candidate")


def test_other_encoder_trains_again(project: Project):
    project.write_encoder(b"another network")

    project.train()

    assert project.trainings == 2


def test_forced_training_renews_the_serving_copy(project: Project):
    project.train(force=True)

    assert serving_model(project.data).read_text() == "model 2"


def test_lost_serving_copy_is_made_again(project: Project):
    serving_model(project.data).unlink()

    project.train()

    assert project.trainings == 1
    assert serving_model(project.data).read_text() == "model 1"


def test_failed_training_is_tried_again(
    project: Project, monkeypatch: pytest.MonkeyPatch
):
    def fail(project: Path, data: Path, model: Path, examples: Path | None) -> None:
        raise training.TrainingFailed("no")

    with monkeypatch.context() as patch:
        patch.setattr(training, "run_rasa", fail)
        with pytest.raises(training.TrainingFailed):
            project.train(force=True)
    project.train()

    assert project.trainings == 2


def test_untrained_data_folder_says_what_to_do(tmp_path: Path):
    with pytest.raises(NotTrained, match="make train"):
        serving_model(tmp_path)
