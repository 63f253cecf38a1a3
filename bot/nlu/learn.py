"""Takes up what staff taught: a new model, checked before it is used."""

from __future__ import annotations

import shutil
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

from bot.content import red_flags
from bot.content.learned import merged, read_learned
from bot.nlu import checks as checking
from bot.nlu import train as training
from bot.nlu.build_encoder import say
from bot.nlu.checks import ALARMS, Checks, Failed
from bot.nlu.encoder_files import encoder_folder
from bot.nlu.head import SAFETY
from bot.nlu.understand import Understanding
from bot.settings import ROOT

_DRAFT = ".learn-"
_DAY_SECONDS = 86_400


@dataclass(frozen=True)
class Taken:
    """The new model is in use."""


@dataclass(frozen=True)
class NothingNew:
    """The model in use has learnt all of it."""


@dataclass(frozen=True)
class RefusedBefore:
    """The same examples failed the checks before; nothing was trained."""


@dataclass(frozen=True)
class Refused:
    """The new model failed checks; the old one stays."""

    failed: tuple[Failed, ...]


Outcome = Taken | NothingNew | RefusedBefore | Refused


def learn(
    data: Path,
    learned: Path,
    project: Path = ROOT,
    checks: Checks | None = None,
    again: bool = True,
) -> Outcome:
    """Train with what staff taught, and use the model if it passes every check.

    A minute or two of processor time. Whatever happens on the way, what is in use is
    the old model or the new one, whole.

    Args:
        data: the data folder, with the model in use.
        learned: what staff taught, usually data/learned.
        checks: the sentences to check by; those of the project by default.
        again: also try what was refused before.

    Raises:
        TrainingFailed: Rasa refused the examples.
        BadContent: a file of examples cannot be read.
        NotTrained, EncoderMissing, WrongModel: there is nothing to begin with.
    """
    wanted = merged(learned)
    taken = training.taken_examples(project)
    if wanted == (taken.read_text(encoding="utf-8") if taken.exists() else ""):
        return NothingNew()
    print_of = training.fingerprint(project, encoder_folder(data), wanted)
    if not again and _refused(data).exists() and _refused(data).read_text() == print_of:
        return RefusedBefore()
    old = Understanding.open(training.serving_model(data), encoder_folder(data))
    if odd := _alarming(learned, old):
        return Refused(odd)
    say("Model: learning what staff taught, a minute or two ...")
    model = project / training.MODEL
    _sweep(model.parent)
    with tempfile.TemporaryDirectory(prefix=_DRAFT, dir=model.parent) as folder:
        candidate, examples = Path(folder) / model.name, Path(folder) / taken.name
        examples.write_text(wanted, encoding="utf-8")
        training.run_rasa(project, data, candidate, examples if wanted else None)
        new = Understanding.open(candidate, encoder_folder(data))
        sentences = checks or checking.load(project / checking.FOLDER)
        failed = tuple(checking.failures(sentences, new.parse, old.parse))
        if failed:
            _refused(data).write_text(print_of)
            return Refused(failed)
        training.adopt(project, data, candidate, examples, print_of)
    return Taken()


def _alarming(learned: Path, old: Understanding) -> tuple[Failed, ...]:
    """Find examples that sound like an emergency and are said to mean something else.

    A few of them among thousands would pass the checks. What wrongly sounds like one
    is no matter for an example either.
    """
    matcher = red_flags.load(ROOT / "data" / "red_flags")
    return tuple(
        Failed("emergency", one.text, "no example", one.label)
        for one in read_learned(learned)
        if one.label not in SAFETY
        and (matcher.match(one.text) or old.parse(one.text).route_hint in ALARMS)
    )


def _sweep(folder: Path) -> None:
    """Delete what a training left behind that died more than a day ago."""
    for old in folder.glob(f"{_DRAFT}*"):
        if time.time() - old.stat().st_mtime > _DAY_SECONDS:
            shutil.rmtree(old, ignore_errors=True)


def _refused(data: Path) -> Path:
    """Return the file that names what was refused last."""
    folder = data / "learning"
    folder.mkdir(parents=True, exist_ok=True)
    return folder / "refused"
