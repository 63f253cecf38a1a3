"""Trains the assistant where something that it learns from has changed."""

from __future__ import annotations

import hashlib
import importlib.metadata
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bot.clinic.errors import MeridianError
from bot.nlu.build_encoder import build, say
from bot.nlu.encoder_files import data_dir, encoder_folder, verified_model_sha256
from bot.nlu.gathered import gathered
from bot.nlu.lean import serving_copy
from bot.settings import ROOT

MODEL = Path("models") / "meridian.tar.gz"
LEARNED = Path("data") / "learned"
"""What staff taught is not learnt by the way: `bot.nlu.learn` checks it first."""
DANGER = "danger"
# What Rasa reads; a clinic's hours and prices are not learnt.
_RASA_KEYS = re.compile(r"^(nlu|rules|stories|responses|forms):", re.MULTILINE)
_CODE = Path(__file__).parent
_LEARNT_BY = (
    *(
        "classifier.py",
        "danger.py",
        "encoder.py",
        "examples.py",
        "head.py",
        "hindi.py",
        "hindi.txt",
        "learning.py",
        "nearness.py",
    ),
    *("safety_policy.py", "slips.py", "spelling.py", "understand.py"),
)


class TrainingFailed(MeridianError):
    """Rasa could not train; its own words follow."""


class NotTrained(MeridianError):
    """There is no model to serve."""


def serving_model(data: Path) -> Path:
    """Return the model to serve from.

    Args:
        data: the data folder.

    Raises:
        NotTrained: nothing was trained into this data folder yet.
    """
    model = _serving(data)
    if not model.exists():
        raise NotTrained(f"No trained model in {model.parent}: make train")
    return model


def train(data: Path, force: bool = False, project: Path = ROOT) -> Path:
    """Train unless the model at hand fits the data, and keep a copy for serving.

    85 to 130 s of processor time (busy machine), in a process of its own. The
    same files give the same model.

    Args:
        data: the data folder, with the built encoder; the serving copy goes there.
        force: train in any case.
        project: the folder with config.yml, domain.yml and data/.

    Returns:
        The model as Rasa made it, `models/meridian.tar.gz`.

    Raises:
        TrainingFailed: Rasa refused the data.
        EncoderMissing: the encoder was not built.
    """
    model, stamp = project / MODEL, project / MODEL.with_suffix(".fingerprint")
    taken = taken_examples(project)
    examples = taken if taken.exists() and taken.stat().st_size else None
    wanted = fingerprint(
        project, encoder_folder(data), examples.read_text() if examples else ""
    )
    known = stamp.exists() and model.exists() and stamp.read_text() == wanted
    if force or not known:
        say("Model: training, a minute or two ...")
        stamp.unlink(missing_ok=True)
        run_rasa(project, data, model, examples)
        stamp.write_text(wanted)
    _copy_for_serving(model, wanted, _serving(data))
    say(f"Model: {model} is up to date")
    return model


def taken_examples(project: Path) -> Path:
    """Return where the examples of staff are that the model in use has learnt."""
    return (project / MODEL).with_name("learned.yml")


def adopt(
    project: Path, data: Path, candidate: Path, examples: Path, fingerprint: str
) -> None:
    """Put a model that was checked into the place of the one in use.

    Each file is replaced whole. Who dies in between leaves a stamp that is missing or
    fits, so that the next start makes the rest right.

    Args:
        candidate: the new model; moved from where it is.
        examples: what it learnt from staff; moved too.
        fingerprint: of all that it learnt.
    """
    model, stamp = project / MODEL, project / MODEL.with_suffix(".fingerprint")
    stamp.unlink(missing_ok=True)
    examples.replace(taken_examples(project))
    candidate.replace(model)
    stamp.write_text(fingerprint)
    _copy_for_serving(model, fingerprint, _serving(data))


def _serving(data: Path) -> Path:
    return data / "model" / "serving.tar.gz"


def _copy_for_serving(model: Path, fingerprint: str, serving: Path) -> None:
    stamp = serving.with_suffix(".fingerprint")
    # The time too: a forced training gives the same fingerprint another model.
    wanted = f"{fingerprint} {model.stat().st_mtime_ns}"
    if serving.exists() and stamp.exists() and stamp.read_text() == wanted:
        return
    serving.parent.mkdir(parents=True, exist_ok=True)
    serving_copy(model, serving)
    stamp.write_text(wanted)


def fingerprint(project: Path, encoder: Path, examples: str) -> str:
    """Name all that a model is made of.

    Args:
        encoder: the built encoder's folder.
        examples: what it learns from staff, as one file.
    """
    facts = [importlib.metadata.version("rasa"), verified_model_sha256(encoder)]
    for file in _learnt_from(project):
        facts += [str(file.relative_to(project)), file.read_text()]
    facts += [(_CODE / name).read_text() for name in _LEARNT_BY]
    if examples:
        facts.append(examples)
    return hashlib.sha256("\0".join(facts).encode()).hexdigest()


def _learnt_from(project: Path) -> Iterator[Path]:
    yield project / "config.yml"
    yield project / "domain.yml"
    for file in _data_files(project):
        danger = file.parent.name == DANGER
        if danger or _RASA_KEYS.search(file.read_text()):
            yield file


def _data_files(project: Path) -> list[Path]:
    files = sorted((project / "data").rglob("*.yml"))
    return [file for file in files if project / LEARNED not in file.parents]


def run_rasa(project: Path, data: Path, model: Path, examples: Path | None) -> None:
    """Train once, in a process of its own.

    Args:
        model: where the model goes; written whole or not at all.
        examples: a file of examples besides the project's.

    Raises:
        TrainingFailed: Rasa refused the data.
    """
    model.parent.mkdir(parents=True, exist_ok=True)
    files = [*_learnt_from(project)][2:] + ([examples] if examples else [])
    with tempfile.TemporaryDirectory(prefix=".train-", dir=model.parent) as folder:
        fresh = Path(folder) / model.name
        lesson = Path(folder) / "lesson.yml"
        lesson.write_text(gathered(files))
        result = subprocess.run(  # noqa: S603 (our own module)
            [
                *(sys.executable, "-m", "bot.nlu.rasa_training"),
                *map(str, (project, fresh, lesson)),
            ],
            cwd=ROOT,
            env={
                **os.environ,
                "MERIDIAN_DATA_DIR": str(data.resolve()),
                # Rasa writes some sets down in their order in memory.
                "PYTHONHASHSEED": "0",
                "RASA_CACHE_DIRECTORY": str(Path(folder) / "cache"),
                "RASA_TELEMETRY_ENABLED": "false",
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if result.returncode or not fresh.exists():
            raise TrainingFailed(f"Rasa could not train:\n{result.stdout[-4000:]}")
        fresh.replace(model)


def main() -> int:
    """Build the encoder and train where needed; `--force` trains in any case."""
    try:
        data = data_dir()
        build(data)
        train(data, force="--force" in sys.argv[1:])
    except MeridianError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
