"""Why staff do something, in their own words, as forms send it."""

from __future__ import annotations

from sanic import Request

from bot.clinic.conversation import tidy
from bot.clinic.note import LONGEST_NOTE_CHARACTERS
from bot.console.door import field

_LONGEST_CHARACTERS = LONGEST_NOTE_CHARACTERS // 2
"""It is a part of a note."""


def reason_of(request: Request) -> str:
    """Return the reason that was typed, "" where there is none.

    Raises:
        ValueError: it is longer than anybody reads.
    """
    text = tidy(field(request, "reason"))
    if len(text) > _LONGEST_CHARACTERS:
        raise ValueError("The reason is too long. Nothing was changed.")
    return text
