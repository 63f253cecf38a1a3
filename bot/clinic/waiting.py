"""Who waits for a time to become free, and in which order they are asked."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.clinic.booking import Patient
from bot.clinic.wish import Wish

OFFER = timedelta(minutes=15)
"""How long a freed time is kept for whoever it was offered to."""

_LONG = timedelta(days=7)

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

    def is_due(self, now: datetime) -> bool:
        """Tell whether an offer was not taken in time, or no time can suit any more."""
        if self.state == "offered":
            return self.offered_until is not None and self.offered_until <= now
        return self.is_past(now)


def is_pressing(flags: Collection[str], queued_at: datetime, now: datetime) -> bool:
    """Tell whether somebody's need goes before how well a time fits.

    That is strong pain, or pain that gets much in the way of their days: the protocol
    marks it HIGH_IMPACT and says to offer the earliest time (rule A11). Or it is a week
    in the line, so that nobody waits for ever behind others.

    Args:
        flags: of the safety questions that count now.
        now: aware UTC.
    """
    return "HIGH_IMPACT" in flags or now - queued_at >= _LONG


def in_line(
    waiting: Iterable[Waiting], pressing: Collection[str] = ()
) -> list[Waiting]:
    """Return those who wait in the order in which they are offered what suits them.

    Nobody is offered what does not suit, so only those compete for a time to whom it
    would be welcome. Among them comes first

    1. whose need is pressing;
    2. whom it fits best, which is who asked for most of what it is: for the person,
       the place, the day, the time of day, the kind of treatment. Who asks for much
       is seldom met; who takes anything has other chances;
    3. who has waited longest.

    Args:
        pressing: ids of those whose need is.
    """
    return sorted(
        waiting,
        key=lambda one: (
            one.id not in pressing,
            -one.wish.parts,
            one.queued_at,
            one.id,
        ),
    )
