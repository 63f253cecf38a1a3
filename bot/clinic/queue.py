"""What staff see of a conversation that waits: enough to choose, not what was said."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.clinic.handoff import PRIORITIES, Priority, Reason, State


@dataclass(frozen=True)
class Waiting:
    """One open handoff as the record tells of it.

    Args:
        channel: `web`, `telegram` ...
        name: of the person, where they gave one for a visit; else "".
        unread: messages of the visitor that no member of staff has had on a screen.
    """

    conversation_id: str
    state: State
    priority: Priority
    reason: Reason
    waiting_since: datetime
    held_by: str | None
    channel: str
    name: str
    unread: int


def in_order(found: Iterable[Waiting]) -> list[Waiting]:
    """Put the queue in order: most pressing first, then what is due first.

    Within one priority what waits longest is due first.
    """
    rank = {priority: number for number, priority in enumerate(PRIORITIES)}
    return sorted(found, key=lambda one: (rank[one.priority], one.waiting_since))
