"""A conversation as staff read it: who said what, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clinic.conversation import Author


@dataclass(frozen=True)
class Line:
    """One message of a transcript.

    Args:
        pressed: the visitor pressed a button instead of typing.
        answer_version: the exact wording of a written answer that was shown.
        state: of a visitor's message: `new`, `queued` or `done`.
        missed: the assistant did not understand it.
    """

    seq: int
    author: Author
    name: str | None
    text: str
    extras: Mapping[str, Any]
    pressed: bool
    answer_version: str | None
    state: str
    missed: bool
    at: datetime
