"""What staff see of a conversation that waits: enough to choose, not what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.clinic.handoff import PRIORITIES, Handoff
from bot.clinic.handoff import due_at as handoff_due_at
from bot.clinic.profile import Clinic


@dataclass(frozen=True)
class Waiting:
    """One open handoff as a line of the queue.

    Args:
        channel: `web`, `telegram` ...
        name: of the person, where they gave one for a visit; else "".
        unread: messages of the visitor that no member of staff has had on a screen.
    """

    handoff: Handoff
    channel: str
    name: str
    unread: int


@dataclass(frozen=True)
class Line:
    """One line of the queue, with the time by which a reply is due."""

    waiting: Waiting
    due_at: datetime | None


def in_order(clinic: Clinic, found: list[Waiting]) -> list[Line]:
    """Put the queue in order: most pressing first, then what is due first."""
    lines = [Line(one, handoff_due_at(clinic, one.handoff)) for one in found]
    return sorted(
        lines,
        key=lambda line: (
            PRIORITIES.index(line.waiting.handoff.priority),
            line.due_at or line.waiting.handoff.waiting_since,
        ),
    )
