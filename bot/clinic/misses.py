"""A question that nobody answered: what staff can learn from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class NextStep:
    """What the visitor did after a miss.

    Args:
        text: what was typed, or the label of the button that was pressed.
        pressed: a button was pressed.
    """

    text: str
    pressed: bool


@dataclass(frozen=True)
class Miss:
    """One message of a visitor that was not understood, or that is not ours to answer.

    Args:
        seq: the message's number within its conversation.
        text: what the visitor wrote.
        ranking: what it might have meant (`faq/cost`, `book_appointment`) with the
            probability of each, likeliest first.
        at: when it was written, aware UTC.
        next_step: None where the visitor has done nothing since.
        handled_by: the member of staff who has dealt with it.
    """

    conversation_id: str
    seq: int
    text: str
    ranking: tuple[tuple[str, float], ...]
    at: datetime
    next_step: NextStep | None = None
    handled_by: str | None = None
    handled_at: datetime | None = None
