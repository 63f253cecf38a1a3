"""Tells what a visit is about from when it should be, in one long message."""

from __future__ import annotations

import re
from datetime import datetime

from bot.clinic.profile import Clinic
from bot.clinic.wish import Wish
from bot.desk.people import read_contact
from bot.desk.wish_alone import words_beside
from bot.desk.wishes import read_wish

_CLAUSE = re.compile(
    r"(?<=[.!?;])\s+|\s*[\n;]\s*|,\s+(?:and |but |because |so )?"
    r"|\s+(?:and|but|because|so)\s+(?=(?:i|i'm|i've|my|it|the)\b)",
    re.IGNORECASE,
)


_FEWEST_WORDS = 2
"""That tell something beside the times: in "yes, tuesday works" nothing does."""


def told_apart(text: str, clinic: Clinic, now: datetime) -> tuple[str, str]:
    """Split a message into the times that it names and what else it tells.

    Nothing of the rest is lost but greetings, and the number and address that are
    kept for themselves.

    Returns:
        The whole message and "" where it holds nothing else, or no part of it is
        about the time alone.
    """
    parts = [part for part in _CLAUSE.split(text) if part.strip(" .,")]
    times = [part for part in parts if _says_when(part, clinic, now)]
    rest = [part for part in parts if part not in times]
    more = {part: _tells(part, clinic) for part in rest}
    if not times or sum(more.values()) < _FEWEST_WORDS:
        return text, ""
    reason = [part for part in rest if more[part]]
    return _joined(times), _joined(reason)


def _says_when(part: str, clinic: Clinic, now: datetime) -> bool:
    read = read_wish(part, clinic, now)
    return read is not None and (not isinstance(read, Wish) or read.says_when)


def _tells(part: str, clinic: Clinic) -> int:
    """Count the words of a part that tell something; a number to call is kept apart."""
    contact = read_contact(part, clinic.country)
    return 0 if contact.phone or contact.email else words_beside(part)


def _joined(parts: list[str]) -> str:
    return ", ".join(part.strip(" .,;") for part in parts)
