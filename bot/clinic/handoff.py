"""A conversation given to staff: why, how urgently, and who holds it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from bot.clinic.profile import Clinic
from bot.clinic.when import days, instant, today

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
    "progress",
    "complaint",
    "not_understood",
    "appointment_request",
    "something_went_wrong",
    "assistant_away",
    "answer_expired",
    "staff_began",
]

GONE = timedelta(minutes=10)
"""So long without a sign of the one who holds it, and it waits for staff again."""

PRESENT = timedelta(minutes=2)
"""Who has touched the console so lately sees a new handoff without being written to."""

LONGEST_AWAY = timedelta(minutes=2)
"""So long without an answer from the assistant, and staff are asked.

A dead assistant is started again and answers within half a minute; two minutes are
more than that, and less than most people wait in front of a chat.
"""

_REPLY_WITHIN = {
    "stat": timedelta(minutes=5),
    "asap": timedelta(minutes=15),
    "urgent": timedelta(minutes=30),
    "routine": timedelta(minutes=30),
}
_REMIND_BEFORE = timedelta(minutes=10)
_LOOK_AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Handoff:
    """One handoff of one conversation.

    Args:
        detail: rule ids or the like, for staff; never the visitor's words.
        opened_at: aware UTC, like every other instant here.
        waiting_since: when it was opened, became more pressing, or was let go of.
        held_by: the staff member's name while `held`.
        here_at: the holder's last sign of life; None where they have no page open,
            as on the command line.
        acted_at: when the holder last wrote or did something in it.
        seen_seq: the newest message that any staff member has had on the screen.
        reminded_at: when staff were reminded of this wait.
        missed_at: when this wait had lasted too long and staff were told.
    """

    id: str
    conversation_id: str
    state: State
    priority: Priority
    reason: Reason
    detail: str | None
    opened_at: datetime
    waiting_since: datetime
    held_by: str | None = None
    held_at: datetime | None = None
    here_at: datetime | None = None
    acted_at: datetime | None = None
    seen_seq: int = 0
    reminded_at: datetime | None = None
    missed_at: datetime | None = None
    ended_at: datetime | None = None


def more_pressing(one: Priority, other: Priority) -> Priority:
    """Return the more pressing of two priorities."""
    return min(one, other, key=PRIORITIES.index)


Hours = Sequence[tuple[datetime, datetime]]
"""When the clinic is open on one day: opening and closing instants (UTC), in order."""


def open_on(clinic: Clinic, day: date) -> Hours:
    """Return when somebody is there to reply on a day, closures aside."""
    weekly = clinic.hours or clinic.phone_hours
    spans = weekly.get(day.weekday(), ())
    if not spans or clinic.closed(day):
        return ()
    here = clinic.zone
    return [
        (instant(day, one.opens, here), instant(day, one.closes, here)) for one in spans
    ]


def is_open(clinic: Clinic, now: datetime) -> bool:
    """Say whether somebody is there to reply at an instant (UTC)."""
    day = today(now, clinic.zone)
    return any(opens <= now < closes for opens, closes in open_on(clinic, day))


def due_at(
    clinic: Clinic,
    priority: Priority,
    waiting_since: datetime,
    hours: Callable[[date], Hours] | None = None,
) -> datetime | None:
    """Say by when staff should have taken a conversation that waits.

    An emergency does not wait for the doors to open; anything else counts only the
    time in which the clinic is open, closures aside.

    Args:
        hours: `open_on` of this clinic, for a caller who asks for many and remembers
            the days.

    Returns:
        An instant (UTC), or None where the clinic does not give its hours.
    """
    left = _REPLY_WITHIN[priority]
    if priority == "stat":
        return waiting_since + left
    first = today(waiting_since, clinic.zone)
    for day in days(first, first + _LOOK_AHEAD):
        for opens, closes in hours(day) if hours else open_on(clinic, day):
            begin = max(opens, waiting_since)
            if begin + left <= closes:
                return begin + left
            left -= max(closes - begin, timedelta(0))
    return None


def remind_at(handoff: Handoff, due: datetime) -> datetime:
    """Say when to remind staff: ten minutes before it is due, or half way there."""
    return max(due - _REMIND_BEFORE, handoff.waiting_since + _half_of(handoff))


def _half_of(handoff: Handoff) -> timedelta:
    return _REPLY_WITHIN[handoff.priority] / 2


def is_gone(handoff: Handoff, unanswered_since: datetime | None, now: datetime) -> bool:
    """Say whether the one who holds a conversation has left the visitor alone.

    Either their page has been closed or out of sight for ten minutes, or the visitor
    has waited ten minutes for a word although it is open.

    Args:
        unanswered_since: when the visitor wrote what has no reply yet.
        now: aware UTC.
    """
    if handoff.here_at is not None and now - handoff.here_at > GONE:
        return True
    if unanswered_since is None:
        return False
    acted = handoff.acted_at or handoff.held_at or handoff.opened_at
    return now - max(unanswered_since, acted) > GONE
