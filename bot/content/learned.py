"""Reads and writes data/learned/: what staff taught, as files that Rasa reads."""

from __future__ import annotations

import contextlib
import fcntl
import os
import tempfile
from collections.abc import Iterator
from datetime import date
from io import StringIO
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from bot.clinic.errors import BadContent
from bot.clinic.examples import Example, folded
from bot.content.files import Document, read
from bot.content.shape import rows, text

_HEAD = """\
# What visitors asked, put here by staff so that it is understood the next time. Yours
# to check, change and delete; `python -m bot learn` takes it up.
version: "3.1"
nlu:
"""


def read_learned(folder: Path) -> list[Example]:
    """Return every example in the folder, file by file.

    Raises:
        BadContent: a file that was changed by hand cannot be read.
    """
    return [one for path in _files(folder) for one in _examples(read(path))]


def merged(folder: Path) -> str:
    """Return all examples as one file of Rasa's; "" where there are none.

    The same examples give the same text.

    Raises:
        BadContent: a file that was changed by hand cannot be read.
    """
    labels: dict[str, list[str]] = {}
    for one in read_learned(folder):
        labels.setdefault(one.label, []).append(one.text)
    if not labels:
        return ""
    entries = [
        {"intent": label, "examples": [{"text": one} for one in sorted(set(texts))]}
        for label, texts in sorted(labels.items())
    ]
    out = StringIO()
    _yaml("safe").dump({"version": "3.1", "nlu": entries}, out)
    return out.getvalue()


def keep(folder: Path, example: Example) -> Path:
    """Add an example to the file of its label, and return the file.

    It is written whole or not at all; what was changed by hand stays as it is.

    Raises:
        BadContent: the file was changed by hand and cannot be read.
        ValueError: nothing can be written there.
    """
    path = folder / f"{example.label.replace('/', '_')}.yml"
    with _alone(folder):
        _write(path, _added(path, example))
    return path


def drop(folder: Path, label: str, wording: str) -> bool:
    """Take an example out of its file; False where it stands in none any more.

    It is written whole or not at all; what was changed by hand stays as it is.

    Raises:
        BadContent: a file was changed by hand and cannot be read.
        ValueError: nothing can be written there.
    """
    with _alone(folder):
        for path in _files(folder):
            found = [(one.label, one.text) for one in _examples(read(path))]
            if (label, wording) in found:
                _write(path, _without(path, label, wording))
                return True
    return False


def known(data: Path, folder: Path) -> dict[str, str]:
    """Return what every example means, by its text without case and punctuation.

    A fifth of a second for 9,000 examples.

    Args:
        data: the project's data folder.
        folder: where staff's own examples are.

    Raises:
        BadContent: a file cannot be read.
    """
    found = {}
    for part in (data / "faq", data / "nlu"):
        for path in _files(part):
            for entry in rows(read(path), ["nlu"]):
                for line in str(entry["examples"]).splitlines():
                    found[folded(line.removeprefix("- "))] = str(entry["intent"])
    found.update({folded(one.text): one.label for one in read_learned(folder)})
    return found


def _files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*.yml"))


def _examples(document: Document) -> Iterator[Example]:
    for number, _ in enumerate(rows(document, ["nlu"])):
        at: list[str | int] = ["nlu", number]
        label = text(document, [*at, "intent"])
        for row, one in enumerate(rows(document, [*at, "examples"])):
            told = one.get("metadata") or {} if isinstance(one, dict) else {}
            yield Example(
                text=text(document, [*at, "examples", row, "text"]).strip(),
                label=label,
                by=str(told.get("by", "")),
                on=_day(document, [*at, "examples", row], told.get("on")),
            )


def _day(document: Document, key: list[str | int], value: Any) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        raise document.bad([*key, "metadata", "on"], "write 2026-11-25") from None


def _added(path: Path, example: Example) -> str:
    try:
        content = _yaml("rt").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        content = _yaml("rt").load(
            f"{_HEAD}- intent: {example.label}\n  examples: []\n"
        )
    except (ValueError, YAMLError) as fault:
        raise BadContent(str(path), None, "", f"not valid YAML: {fault}") from None
    row = {
        "text": example.text,
        "metadata": {"by": example.by, "on": example.on.isoformat()},
    }
    try:
        here = next(one for one in content["nlu"] if one["intent"] == example.label)
        here["examples"].append(row)
        here["examples"].fa.set_block_style()
    except (StopIteration, KeyError, TypeError, AttributeError):
        reason = f"there is no list of examples of {example.label}"
        raise BadContent(str(path), None, "nlu", reason) from None
    return _dumped(content)


def _without(path: Path, label: str, wording: str) -> str:
    content = _yaml("rt").load(path.read_text(encoding="utf-8"))
    for entry in content["nlu"]:
        if entry["intent"] == label:
            kept = [one for one in entry["examples"] if one["text"].strip() != wording]
            entry["examples"][:] = kept
    return _dumped(content)


def _dumped(content: Any) -> str:
    out = StringIO()
    _yaml("rt").dump(content, out)
    return out.getvalue()


def _yaml(kind: str) -> YAML:
    yaml = YAML(typ=kind)
    yaml.width = 10_000
    yaml.default_flow_style = False
    yaml.allow_unicode = True
    return yaml


def _write(path: Path, content: str) -> None:
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(content)
    Path(draft).replace(path)


@contextlib.contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """Let one writer in at a time, whichever process it is in.

    Raises:
        ValueError: nothing can be written there.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with (folder / ".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield
    except OSError as fault:
        raise ValueError(f"{folder} cannot be written: {fault.strerror}.") from None
