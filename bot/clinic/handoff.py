"""A conversation given to staff: why, how urgently, and who holds it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

State = Literal["waiting", "held", "returned", "closed"]
Priority = Literal["stat", "asap", "urgent", "routine"]
"""FHIR's request priorities, most pressing first.

`stat` for an emergency, `asap` for a doctor today, `urgent` when a person must take
over (the screening protocol, section 2), `routine` for the rest.
"""

PRIORITIES: tuple[Priority, ...] = ("stat", "asap", "urgent", "routine")

Reason = Literal[
    "asked_for_a_person",
    "emergency",
    "crisis",
    "screening",
    "review",
    "complaint",
    "not_understood",
    "appointment_request",
    "something_went_wrong",
    "staff_began",
]


@dataclass(frozen=True)
class Handoff:
    """One handoff of one conversation.

    Args:
        detail: rule ids or the like, for staff; never the visitor's words.
        opened_at: aware UTC, like every other instant here.
        held_by: the staff member's name while `held`.
    """

    id: str
    conversation_id: str
    state: State
    priority: Priority
    reason: Reason
    detail: str | None
    opened_at: datetime
    held_by: str | None = None
    held_at: datetime | None = None
    ended_at: datetime | None = None


def more_pressing(one: Priority, other: Priority) -> Priority:
    """Return the more pressing of two priorities."""
    return min(one, other, key=PRIORITIES.index)
