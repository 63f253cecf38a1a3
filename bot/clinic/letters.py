"""Letters: what visitors and staff are told of their own accord, and when.

Reminders keep to the clinic's quiet hours and are taken back when the visit changes.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from zoneinfo import ZoneInfo

from bot.clinic.booking import AHEAD, Appointment, Status
from bot.clinic.profile import Policy
from bot.clinic.when import instant

Kind = Literal[
    "confirmation",
    "held",
    "change",
    "cancellation",
    "reminder",
    "last_reminder",
    "follow_up",
    "course",
    "course_held",
    "course_off",
    "alert",
    "transcript",
]
Way = Literal["mail", "chat", "room"]
"""`room`: the chat in which staff are told, on a channel of other people's."""
ALERT_WAYS: tuple[Way, ...] = ("mail", "room")
State = Literal["waiting", "sent", "filed", "withdrawn", "failed"]
"""`filed`: written to a folder because the clinic has no mail server."""

CLAIM = timedelta(minutes=5)
"""A sender that has not come back by then is taken for dead; another one goes on."""

KEPT = timedelta(days=30)
"""How long it stays known that a letter was sent, or why it was not."""

FOLLOW_UP_AFTER = timedelta(hours=2)
"""How long after a visit of a course somebody is asked how it goes."""

OF_A_COURSE: Mapping[Kind, Status] = {
    "course": "booked",
    "course_held": "pending",
    "course_off": "cancelled",
}
"""Letters about all visits of a course at once, and in which state these stand."""

CALL_OFF: tuple[Kind, ...] = ("cancellation", "course_off")
"""Letters about visits that do not take place."""

_FOLLOW_UP_UNTIL = timedelta(days=6)
"""Later the next visit is near, and nobody knows how it was right after the last."""

_GIVE_UP = timedelta(days=3)
_ABOUT_REMINDERS = re.compile(
    r"\b(?:remind\w*|notif\w+|unsubscribe|messag(?:es|ing)|texting|e-?mail\w*)\b",
    re.IGNORECASE,
)
_WAITS_MINUTES = (1, 2, 5, 10, 15)
_BEFORE_QUIET = timedelta(minutes=30)


@dataclass(frozen=True)
class Letter:
    """One thing to tell one person once. The words are put in when it is sent.

    Args:
        way: by e-mail, as a message in the conversation, or in the staff's room.
        appointment_id: the visit it is about, the first of the course, or the one whose
            address it goes to; None for an alert to staff.
        sequence: the visit's when this was written; another one makes it untrue. Of a
            transcript, the number of its last message.
        due_at: not before this instant; aware UTC, as all others.
        detail: an alert's priority; `undelivered` where an e-mail came back.
        tries: how often somebody began to send it.
        reason: why it was put off, withdrawn or failed; never an address or a word
            of a visitor.
    """

    id: str
    kind: Kind
    way: Way
    conversation_id: str
    appointment_id: str | None
    sequence: int
    written_at: datetime
    due_at: datetime
    detail: str = ""
    state: State = "waiting"
    tries: int = 0
    reason: str = ""
    claimed_until: datetime | None = None
    ended_at: datetime | None = None


@dataclass(frozen=True)
class File:
    """What goes with an e-mail.

    Args:
        kind: its media type, such as `application/pdf`.
    """

    name: str
    kind: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """An e-mail, worded; or a short message to the staff's room.

    Args:
        id: the letter's; it makes the Message-ID, so that a mail that was sent twice
            after a crash can be told as one.
        visits: what the calendar file in it is about; empty where there is none.
        stop_link: where the reader ends reminders; "" where they cannot.
        file: what goes with it, besides the calendar file.
    """

    id: str
    kind: Kind
    to: str
    subject: str
    text: str
    visits: tuple[Appointment, ...] = ()
    stop_link: str = ""
    file: File | None = None


@dataclass(frozen=True)
class Sent:
    """It is with the mail server, or in a folder.

    Args:
        filed: in a folder; nobody was sent anything.
    """

    filed: bool = False


@dataclass(frozen=True)
class PutOff:
    """It could not be sent now and will be tried again.

    Args:
        stop: nothing else can be sent now either.
    """

    reason: str
    stop: bool = False


@dataclass(frozen=True)
class Hopeless:
    """It can never be sent to this address."""

    reason: str


Outcome = Sent | PutOff | Hopeless


@dataclass(frozen=True)
class Reminder:
    """How long before a visit somebody is reminded.

    Args:
        at_least: with less time left than this it says nothing useful any more.
    """

    kind: Kind
    before: timedelta
    at_least: timedelta


REMINDERS = (
    Reminder("reminder", timedelta(hours=48), timedelta(hours=24)),
    Reminder("last_reminder", timedelta(hours=3), timedelta(minutes=30)),
)
_BY_KIND = {one.kind: one for one in REMINDERS}


def reminders(
    starts_at: datetime, policy: Policy, here: ZoneInfo, now: datetime
) -> Iterator[tuple[Kind, datetime]]:
    """Plan the reminders of a visit that is booked or moved now.

    What would fall into the quiet hours comes in the evening before them. One that
    would follow the booking sooner than half its own notice is left out: who booked
    yesterday for tomorrow needs no reminder today.
    """
    for one in REMINDERS:
        due = starts_at - one.before
        stretch = quiet(due, policy, here)
        if stretch is not None:
            due = stretch[0] - _BEFORE_QUIET
        if due - now >= one.before / 2:
            yield one.kind, due


def quiet(
    moment: datetime, policy: Policy, here: ZoneInfo
) -> tuple[datetime, datetime] | None:
    """Return the quiet stretch that a moment falls into, as instants, or None."""
    begins, ends = policy.quiet_from, policy.quiet_until
    night = timedelta(days=1 if ends < begins else 0)
    day = moment.astimezone(here).date()
    for first in (day - timedelta(days=1), day):
        stretch = instant(first, begins, here), instant(first + night, ends, here)
        if stretch[0] <= moment < stretch[1]:
            return stretch
    return None


def is_reminder(kind: Kind) -> bool:
    """Tell whether a letter of this kind keeps quiet hours and can be declined."""
    return kind in _BY_KIND or kind == "follow_up"


def about_reminders(text: str) -> bool:
    """Tell whether somebody who wants something to stop means what we send them."""
    return bool(_ABOUT_REMINDERS.search(text))


def still_true(letter: Letter, visit: Appointment | None, now: datetime) -> bool:
    """Tell whether what a letter says about its visit still holds."""
    if visit is None or visit.sequence != letter.sequence:
        return False
    if letter.kind == "cancellation":
        return visit.status == "cancelled"
    if letter.kind == "follow_up":
        came = visit.status in ("booked", "fulfilled")
        return came and visit.ends_at <= now < visit.ends_at + _FOLLOW_UP_UNTIL
    if letter.kind in _BY_KIND:
        left = visit.starts_at - now
        return visit.status == "booked" and left >= _BY_KIND[letter.kind].at_least
    return visit.status in AHEAD and now < visit.ends_at


def still_of_course(
    letter: Letter, visits: Collection[Appointment], now: datetime
) -> tuple[Appointment, ...]:
    """Return the visits of a course of which a letter still has to tell.

    Those that were moved or cancelled by themselves have letters of their own; a moved
    one is told with its new time here as well.
    """
    status = OF_A_COURSE[letter.kind]
    off = {one.cancelled_at for one in visits if one.id == letter.appointment_id}
    return tuple(
        one
        for one in visits
        if one.status == status
        and now < one.ends_at
        and (status != "cancelled" or one.cancelled_at in off)
    )


def next_try(letter: Letter, now: datetime) -> datetime | None:
    """Return when to try again, or None when it is time to give up.

    A reminder ends by itself: with the visit too near it is not true any more.
    """
    if not is_reminder(letter.kind) and now - letter.written_at >= _GIVE_UP:
        return None
    step = min(max(letter.tries, 1), len(_WAITS_MINUTES)) - 1
    return now + timedelta(minutes=_WAITS_MINUTES[step])
