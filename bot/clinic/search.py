"""What staff look for in the transcripts, and what they are shown of a find."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.clinic.conversation import Author

MOST_WORDS = 8
"""Further words are left aside; nobody remembers a sentence that well."""

_FEWEST_DIGITS = 6
_NUMBER_SIGNS = frozenset("+-./() ")
_EXCERPT_CHARACTERS = 160


@dataclass(frozen=True)
class Wanted:
    """What is looked for; a transcript must fit all of it.

    Args:
        text: words of one message, a patient's name, or a telephone number.
        since: not said before this instant, aware UTC.
        until: said before this instant, aware UTC.
        flag: a flag or the disposition of a screening.
        practitioner_id: only conversations with a visit to this practitioner.
    """

    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    flag: str | None = None
    practitioner_id: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """The words looked for, as typed; marks alone are no word."""
        words = [
            word for word in self.text.split() if any(sign.isalnum() for sign in word)
        ]
        return tuple(words[:MOST_WORDS])

    @property
    def digits(self) -> str | None:
        """The digits, where a telephone number or the end of one is looked for."""
        digits = "".join(sign for sign in self.text if sign.isdecimal())
        others = {sign for sign in self.text if not sign.isdecimal()}
        return (
            digits
            if others <= _NUMBER_SIGNS and len(digits) >= _FEWEST_DIGITS
            else None
        )


@dataclass(frozen=True)
class Find:
    """A message that fits.

    Args:
        patient: who has a visit from this conversation or asked for one, "" where
            nobody has.
    """

    conversation_id: str
    seq: int
    author: Author
    text: str
    at: datetime
    patient: str = ""


def excerpt(text: str, words: tuple[str, ...]) -> str:
    """Cut a long message down to the part around the first word looked for."""
    text = " ".join(text.split())
    if len(text) <= _EXCERPT_CHARACTERS:
        return text
    folded = text.casefold()
    places = [folded.find(word.casefold()) for word in words]
    first = min((place for place in places if place >= 0), default=0)
    start = max(
        0, min(first - _EXCERPT_CHARACTERS // 3, len(text) - _EXCERPT_CHARACTERS)
    )
    part = text[start : start + _EXCERPT_CHARACTERS].strip()
    end = "…" if start + _EXCERPT_CHARACTERS < len(text) else ""
    return f"{'…' if start else ''}{part}{end}"
