"""Reads YAML files so that every mistake names its file, line, key and reason."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, is_dataclass
from datetime import date, time
from pathlib import Path
from typing import Any, TypeVar, get_args, get_origin, get_type_hints

import dacite
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from bot.clinic.errors import BadContent

T = TypeVar("T")
Key = Sequence[str | int]


@dataclass(frozen=True)
class Document:
    """One YAML file, as read, with the place of every entry.

    Args:
        path: where it was read from; errors show it as given.
        data: the parsed content (mappings, sequences and scalars).
    """

    path: Path
    data: Any

    def line(self, key: Key) -> int | None:
        """Return the 1-based line of an entry, or of its nearest known parent.

        Args:
            key: the way down from the top, e.g. `["rules", 3, "then"]`.
        """
        # Only this slower way of reading knows the lines; errors are rare.
        node, found = YAML(typ="rt").load(self.path.read_text(encoding="utf-8")), None
        for step in key:
            marks = getattr(node, "lc", None)
            if marks is None or step not in _steps(node):
                break
            place = (
                marks.key(step) if isinstance(node, Mapping) else marks.item(int(step))
            )
            found, node = place[0] + 1, node[step]
        return found

    def bad(self, key: Key, reason: str) -> BadContent:
        """Make the error for one entry of this file."""
        dotted = ".".join(str(step) for step in key)
        return BadContent(str(self.path), self.line(key), dotted, reason)


def _steps(node: Any) -> Any:
    return node if isinstance(node, Mapping) else range(len(node))


def read(path: Path) -> Document:
    """Read one YAML file.

    Raises:
        BadContent: the file is missing, is not UTF-8, or is not YAML.
    """
    try:
        data = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise BadContent(str(path), None, "", "this file is missing") from None
    except UnicodeDecodeError as fault:
        raise BadContent(str(path), None, "", f"not UTF-8 text: {fault}") from None
    except MarkedYAMLError as fault:
        mark = fault.problem_mark
        line = mark.line + 1 if mark else None
        raise BadContent(str(path), line, "", f"not valid YAML: {fault.problem}") from (
            None
        )
    except YAMLError as fault:
        raise BadContent(str(path), None, "", f"not valid YAML: {fault}") from None
    return Document(path, data)


_CASTS = dacite.Config(
    strict=True,
    type_hooks={
        time: lambda value: _clock(value),
        date: lambda value: _day(value),
        float: float,
    },
    cast=[tuple, frozenset],
)


def _clock(value: Any) -> time:
    """Read "09:30" as a time of day (YAML 1.2 leaves it a string)."""
    if isinstance(value, str):
        return time.fromisoformat(value)
    raise ValueError("write a time of day as '09:30', in quotes")


def _day(value: Any) -> date:
    if isinstance(value, date):
        return value
    if isinstance(value, str):
        return date.fromisoformat(value)
    raise ValueError("write a date as 2026-11-22")


def build(cls: type[T], document: Document, data: Any = None, at: Key = ()) -> T:
    """Build a frozen dataclass from (part of) a document, strictly.

    Args:
        cls: the dataclass; nested dataclasses, tuples, dates and times are built too.
        document: where the data stands, for the error's file and line.
        data: the part to use; the whole document by default.
        at: the way down to that part, so that errors name the full key.

    Raises:
        BadContent: an unknown or missing key, or a value of the wrong type.
    """
    part = document.data if data is None else data
    if not isinstance(part, Mapping):
        raise document.bad(at, "expected a mapping of keys to values")
    for way, reason in _slips(cls, part):
        raise document.bad([*at, *way], reason)
    try:
        return dacite.from_dict(cls, plain(part), _CASTS)
    except dacite.UnexpectedDataError as fault:
        unknown = sorted(map(str, fault.keys))
        raise document.bad([*at, unknown[0]], f"unknown key {unknown[0]!r}") from None
    except dacite.MissingValueError as fault:
        raise document.bad(at, f"the key {fault.field_path!r} is missing") from None
    except dacite.DaciteFieldError as fault:
        field = (fault.field_path or "").split(".")
        raise document.bad([*at, *field], str(fault)) from None
    except (ValueError, TypeError) as fault:
        raise document.bad(at, str(fault)) from None


def _slips(hint: Any, node: Any) -> Iterator[tuple[Key, str]]:
    """Find what dacite would quietly turn into something else.

    A text where a list belongs would become its letters, and `true` is a number to
    Python.
    """
    if hint in (int, float) and isinstance(node, bool):
        yield (), "expected a number, not true or false"
    if get_origin(hint) in _LISTS and not isinstance(node, list):
        yield (), "expected a list"
        return
    for step, kind, item in _parts(hint, node):
        for way, reason in _slips(kind, item):
            yield [step, *way], reason


_LISTS = (tuple, frozenset)


def _parts(hint: Any, node: Any) -> Iterator[tuple[str | int, Any, Any]]:
    """Go through the entries of a list, a mapping or a dataclass, with their types."""
    if get_origin(hint) in _LISTS:
        for number, item in enumerate(node):
            yield number, get_args(hint)[0], item
    elif get_origin(hint) in (dict, Mapping) and isinstance(node, Mapping):
        for key, item in node.items():
            yield key, get_args(hint)[1], item
    elif is_dataclass(hint) and isinstance(node, Mapping):
        for name, kind in get_type_hints(hint).items():
            if name in node:
                yield name, kind, node[name]


def plain(node: Any) -> Any:
    """Return the same data in plain dicts, lists and scalars."""
    if isinstance(node, Mapping):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(value) for value in node]
    if isinstance(node, bool) or node is None:
        return node
    for kind in (str, int, float):
        if isinstance(node, kind):
            return kind(node)
    return node
