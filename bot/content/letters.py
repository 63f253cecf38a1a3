"""Loads what letters say, from data/letters.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path
from typing import get_args

from bot.clinic.handoff import PRIORITIES
from bot.clinic.letters import Kind
from bot.content.files import Document, Key, build, read
from bot.desk.letter_words import LetterWords, Wording

_OF_VISIT = frozenset(
    {
        "name",
        "when",
        "practitioner",
        "place",
        "clinic",
        "phone",
        "emergency",
        "free_until",
        "late_fee",
    }
)
_OF_COURSE = frozenset({"number", "count"})
_TELLS_OF_COURSE = ("course", "course_held", "course_off", "follow_up")
_OF_CALENDAR = frozenset({"clinic", "phone"})
_OF_ALERT = frozenset({"clinic", "urgency", "link"})
_OF_TRANSCRIPT = frozenset({"name", "clinic", "phone", "emergency"})
_KNOWN = {
    "alert": _OF_ALERT,
    "calendar": _OF_CALENDAR,
    "transcript": _OF_TRANSCRIPT,
    "sending": frozenset({"staff"}),
}
_KINDS: tuple[Kind, ...] = tuple(
    kind for kind in get_args(Kind) if kind not in ("alert", "transcript")
)
_LONGEST_SUBJECT = 120


def load(path: Path) -> LetterWords:
    """Load the words of letters; every text is tried out before it is needed.

    Raises:
        BadContent: a text or a kind is missing, an unknown placeholder stands in
            one, or a subject is not one line.
    """
    document = read(path)
    texts = build(LetterWords, document)
    _check_keys(document, "titles", texts.titles, _KINDS)
    _check_keys(document, "kinds", texts.kinds, _KINDS)
    _check_keys(document, "urgency", texts.urgency, PRIORITIES)
    for field in fields(texts):
        value = getattr(texts, field.name)
        if isinstance(value, str):
            known = _KNOWN.get(field.name.partition("_")[0], _OF_VISIT)
            _check_text(document, [field.name], value, known)
    for name in ("titles", "urgency"):
        for key, text in getattr(texts, name).items():
            _check_text(document, [name, key], text, frozenset())
    for kind, wording in texts.kinds.items():
        for name, text in vars(wording).items():
            _check_text(document, ["kinds", kind, name], text, _of_kind(kind))
        _check_subject(document, ["kinds", kind, "subject"], wording.subject)
    _check_subject(document, ["alert_subject"], texts.alert_subject)
    _check_subject(document, ["transcript_subject"], texts.transcript_subject)
    return texts


def _of_kind(kind: str) -> frozenset[str]:
    """Return the placeholders that the texts of a kind of letter may hold."""
    return _OF_VISIT | _OF_COURSE if kind in _TELLS_OF_COURSE else _OF_VISIT


def _check_keys(
    document: Document,
    key: str,
    given: Mapping[str, str] | Mapping[str, Wording],
    wanted: tuple[str, ...],
) -> None:
    for name in wanted:
        if name not in given:
            raise document.bad([key], f"the key {name!r} is missing")
    for name in given:
        if name not in wanted:
            raise document.bad([key, name], f"unknown key {name!r}")


def _check_text(document: Document, key: Key, text: str, known: frozenset[str]) -> None:
    if not text.strip():
        raise document.bad(key, "must not be empty")
    try:
        text.format_map(dict.fromkeys(known, "x"))
    except KeyError as unknown:
        raise document.bad(key, f"unknown placeholder {unknown}") from None
    except (ValueError, IndexError, AttributeError):
        raise document.bad(key, "a brace that is not part of a placeholder") from None


def _check_subject(document: Document, key: Key, text: str) -> None:
    if "\n" in text.strip() or len(text) > _LONGEST_SUBJECT:
        reason = f"must be one line of at most {_LONGEST_SUBJECT} characters"
        raise document.bad(key, reason)
