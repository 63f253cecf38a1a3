"""Tells what a visit is about from when it should be, in one message."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime

from bot.clinic.mentions import Phrases, find
from bot.clinic.plain_words import plain_words
from bot.clinic.profile import Clinic
from bot.clinic.wish import Wish
from bot.clinic.wish_vocabulary import belongs_to_a_wish
from bot.desk.people import brings_somebody, for_another, read_contact
from bot.desk.wish_alone import words_beside
from bot.desk.wishes import read_wish

_CLAUSE = re.compile(
    r"(?<=[.!?;])\s+|\s*[\n;]\s*|,\s+(?:and |but |because |so )?"
    r"|\s+(?:and|but|because|so)\s+(?=(?:i|i'm|i've|my|it|the)\b)",
    re.IGNORECASE,
)
_FEWEST_WORDS = 2
"""That tell something beside the times: in "yes, tuesday works" nothing does."""

_ABOUT = re.compile(
    r"\b(for|about|regarding|with|because of|due to)(?=((?:\s+[^\W\d_][\w'-]*)+))",
    re.IGNORECASE,
)
_NEXT_WORD = re.compile(r"\S+")
_JOINTS = frozenset(
    ("a", "an", "the", "my", "his", "her", "of", "in", "or", "and", "some", "this")
)
"""Words that may stand inside "the pain in my hip or knee", and not at its end."""
_MINE = re.compile(
    r"\b(?:my|his|her)((?: (?!for |and |to |at )[a-z]+){1,2})", re.IGNORECASE
)
_HURTS = re.compile(
    r"\b(?:pain\w*|ach(?:e|es|ing)|\w+aches?|hurt\w*|sore\w*|stiff\w*|swollen|numb\w*"
    r"|injur\w*|sprain\w*|frozen|pulled|tight)\b",
    re.IGNORECASE,
)


def told_apart(
    text: str, clinic: Clinic, now: datetime, complaints: Phrases
) -> tuple[str, str | None]:
    """Split a message into the times that it names and what else it tells.

    Nothing of the rest is lost but greetings, and the number and address that are
    kept for themselves.

    Args:
        complaints: what people come with, as `reason_in` takes it.

    Returns:
        The whole message where it holds nothing else, or cannot be split; with "" where
        what the visit is about stands in it all the same, and None where it does not.
    """
    parts = _parts(text)
    times = [part for part in parts if _says_when(part, clinic, now)]
    about = [said for part in times for said in _abouts(part, complaints)]
    rest = {part: _tells(part, clinic) for part in parts if part not in times}
    if not times or not (about or sum(rest.values()) >= _FEWEST_WORDS):
        return text, "" if reason_in(text, complaints) else None
    for said in about:
        times = [" ".join(part.replace(said, " ").split()) for part in times]
    return _joined(times), _joined([*about, *(one for one in rest if rest[one])])


def reason_in(text: str, complaints: Phrases) -> str:
    """Return the parts of a message that tell what a visit is about; "" for none.

    "An appointment for my sciatica" tells it, and "my shoulder is frozen, I want to
    come in"; "can you fit me back in" does not.

    Args:
        complaints: what people come with, by parts of the body for example.
    """
    told: list[str] = []
    for part in _parts(text):
        told += [*_abouts(part, complaints)] or [part] * _complains(part, complaints)
    return _joined(told)


def _parts(text: str) -> list[str]:
    return [part for part in _CLAUSE.split(text) if part.strip(" .,")]


def _abouts(part: str, complaints: Phrases) -> Iterator[str]:
    """Go through what stands as in "for my sciatica", as it was typed."""
    for found in _ABOUT.finditer(part):
        end, said = found.end(), ""
        for word in _NEXT_WORD.finditer(found[2]):
            joint = word[0].lower() in _JOINTS
            if not joint and belongs_to_a_wish(plain_words(word[0])):
                break
            if not joint:
                said, end = found[2][: word.end()].strip(), found.end() + word.end()
        if said and _is_complaint(found[1].lower(), said, complaints):
            yield part[found.start() : end]


def _is_complaint(lead: str, said: str, complaints: Phrases) -> bool:
    if for_another(f"for {said}") or brings_somebody(said):
        return False
    mine = lead != "with" and said.lower().startswith("my ")
    return mine or bool(find(said, complaints) or _HURTS.search(said))


def _complains(part: str, complaints: Phrases) -> bool:
    """Tell whether some words name a part of the body that is theirs, or that hurts."""
    if _HURTS.search(part) and find(part, complaints):
        return True
    return any(find(found[1], complaints) for found in _MINE.finditer(part))


def _says_when(part: str, clinic: Clinic, now: datetime) -> bool:
    read = read_wish(part, clinic, now)
    return read is not None and (not isinstance(read, Wish) or read.says_when)


def _tells(part: str, clinic: Clinic) -> int:
    """Count the words of a part that tell something; a number to call is kept apart."""
    contact = read_contact(part, clinic.country)
    return 0 if contact.phone or contact.email else words_beside(part)


def _joined(parts: list[str]) -> str:
    return ", ".join(part.strip(" .,;") for part in parts)
