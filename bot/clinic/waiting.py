"""Who waits for a time to become free, and in which order they are asked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.clinic.booking import Patient
from bot.clinic.wish import Wish

OFFER = timedelta(minutes=15)
"""How long a freed time is kept for whoever it was offered to."""

WaitState = Literal["waiting", "offered", "taken", "over"]


@dataclass(frozen=True)
class Waiting:
    """Somebody who would come if a time became free.

    Args:
        wish: what would suit.
        queued_at: their place in the line; who lets an offer pass goes to its end.
        appointment_id: what is held for them while `offered`.
        offered_until: when that ends.
        passed: openings they let pass; none is offered twice.
    """

    id: str
    conversation_id: str
    wish: Wish
    patient: Patient
    queued_at: datetime
    state: WaitState = "waiting"
    appointment_id: str | None = None
    offered_until: datetime | None = None
    passed: tuple[str, ...] = ()

    def is_past(self, now: datetime) -> bool:
        """Tell whether no time can suit any more."""
        return self.wish.latest is not None and self.wish.latest <= now


def in_line(waiting: Iterable[Waiting]) -> list[Waiting]:
    """Return those who wait, who came first in front.

    Everybody is offered only what suits their own wish, so that the first in line
    whom a time suits is its best match.
    """
    return sorted(waiting, key=lambda one: (one.queued_at, one.id))
