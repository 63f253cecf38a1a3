"""Sends what is due, letter by letter: at least once, never twice knowingly.

A letter is claimed before it is sent and noted afterwards. Who dies in between leaves
a claim that lapses, and the letter goes on. What is said in a conversation is said and
noted in one transaction.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from bot.clinic.booking import Appointment
from bot.clinic.letters import (
    CLAIM,
    KEPT,
    OF_A_COURSE,
    File,
    Hopeless,
    Letter,
    Mail,
    Outcome,
    PutOff,
    Sent,
    is_reminder,
    next_try,
    quiet,
    still_of_course,
    still_true,
)
from bot.desk.letter_words import (
    About,
    Stationery,
    mail_of_transcript,
    mail_of_visits,
    mail_to_staff,
    said_of_visits,
)
from bot.desk.letters import addresses
from bot.desk.ports import Correspondence

_MOST_AT_ONCE = 200

Units = Callable[[], AbstractContextManager[Correspondence]]


class Post(Protocol):
    """Whatever carries e-mails."""

    def send(self, mail: Mail) -> Outcome:
        """Send one e-mail; whatever goes wrong is an outcome, never an exception."""


@dataclass(frozen=True)
class PostRoom:
    """What sending needs.

    Args:
        ring: tells whoever watches a conversation that something was said in it.
        transcript: makes the file of a transcript's letter; None if it cannot be.
        room: carries alerts to the staff's room; None where there is none.
    """

    unit: Units
    reading: Units
    post: Post
    paper: Stationery
    ring: Callable[[str], None]
    clock: Callable[[], datetime]
    transcript: Callable[[Letter], File | None]
    room: Post | None = None


def send_due(room: PostRoom) -> None:
    """Send what is due now; stop early where nothing can be sent."""
    with room.reading() as unit:
        if not unit.letters.any_due(room.clock()):
            return
    for _ in range(_MOST_AT_ONCE):
        letter = _take(room)
        if letter is None or not _send(room, letter):
            return


def sweep(unit: Correspondence, now: datetime) -> None:
    """Forget what was sent long ago; the caller commits."""
    unit.letters.drop_ended(now - KEPT)


def _take(room: PostRoom) -> Letter | None:
    with room.unit() as unit:
        now = room.clock()
        letter = unit.letters.take(now, now + CLAIM)
        unit.commit()
        return letter


def _send(room: PostRoom, letter: Letter) -> bool:
    """Send one letter; return whether to go on with the next."""
    with room.unit() as unit:
        mail = _prepare(unit, room, letter, room.clock())
        unit.commit()
    if mail is None:
        if letter.way == "chat":
            room.ring(letter.conversation_id)
        return True
    outcome = _carry(room, letter, mail)
    with room.unit() as unit:
        _note(unit, letter, outcome, room.clock())
        unit.commit()
    return not (isinstance(outcome, PutOff) and outcome.stop)


def _carry(room: PostRoom, letter: Letter, mail: Mail) -> Outcome:
    if letter.kind == "transcript":
        # Made here, outside any unit: it takes a while and holds nobody up.
        file = room.transcript(letter)
        if file is None:
            return Hopeless("no file")
        mail = replace(mail, file=file)
    carrier = room.room if letter.way == "room" and room.room else room.post
    return carrier.send(mail)


def _prepare(
    unit: Correspondence, room: PostRoom, letter: Letter, now: datetime
) -> Mail | None:
    """Return the e-mail to send; None where the letter is dealt with already."""
    if letter.kind == "alert":
        return _prepare_alert(unit, room, letter, now)
    if letter.kind == "transcript":
        return _prepare_transcript(unit, room, letter, now)
    visits = _told_of(unit, letter, now)
    if not visits:
        _end(unit, letter, "not true any more", now)
        return None
    if is_reminder(letter.kind) and _unwelcome(unit, room, letter, visits[0], now):
        return None
    about = About(letter, visits, _count(unit, visits[0]))
    if letter.way == "mail":
        return mail_of_visits(room.paper, about, now)
    unit.conversations.say(
        letter.conversation_id, said_of_visits(room.paper, about, now), now
    )
    unit.letters.end(letter.id, "sent", "", now)
    return None


def _told_of(
    unit: Correspondence, letter: Letter, now: datetime
) -> tuple[Appointment, ...]:
    """Return the visits of which a letter still tells the truth."""
    visit = unit.bookings.get(letter.appointment_id or "")
    if visit is not None and letter.kind in OF_A_COURSE and visit.course_id:
        return still_of_course(letter, unit.bookings.of_course(visit.course_id), now)
    return (visit,) if visit and still_true(letter, visit, now) else ()


def _count(unit: Correspondence, visit: Appointment) -> int:
    """Return how many visits the course of a visit has; 1 where it stands alone."""
    course = unit.bookings.course(visit.course_id) if visit.course_id else None
    return course.visits if course else 1


def _prepare_transcript(
    unit: Correspondence, room: PostRoom, letter: Letter, now: datetime
) -> Mail | None:
    visit = unit.bookings.get(letter.appointment_id or "")
    if visit is None or not visit.patient_email:
        _end(unit, letter, "no address", now)
        return None
    return mail_of_transcript(room.paper, letter, visit)


def _prepare_alert(
    unit: Correspondence, room: PostRoom, letter: Letter, now: datetime
) -> Mail | None:
    reachable = room.room if letter.way == "room" else room.paper.staff_email
    if not reachable:
        _end(unit, letter, "no address", now)
        return None
    if unit.handoffs.open_of(letter.conversation_id) is None:
        # It came back late, perhaps after an hour without a line.
        _end(unit, letter, "nobody waits", now)
        return None
    return mail_to_staff(room.paper, letter)


def _unwelcome(
    unit: Correspondence,
    room: PostRoom,
    letter: Letter,
    visit: Appointment,
    now: datetime,
) -> bool:
    """Deal with a reminder that nobody wants, or not at this hour."""
    if unit.letters.silenced(addresses(letter.conversation_id, [visit.patient_email])):
        _end(unit, letter, "not wanted", now)
        return True
    clinic = room.paper.clinic
    stretch = quiet(now, clinic.policy, clinic.zone)
    if stretch is not None:
        unit.letters.put_off(letter.id, stretch[1], "")
    return stretch is not None


def _end(unit: Correspondence, letter: Letter, reason: str, now: datetime) -> None:
    unit.letters.end(letter.id, "withdrawn", reason, now)


def _note(
    unit: Correspondence, letter: Letter, outcome: Outcome, now: datetime
) -> None:
    if isinstance(outcome, Sent):
        unit.letters.end(letter.id, "filed" if outcome.filed else "sent", "", now)
        return
    again = next_try(letter, now) if isinstance(outcome, PutOff) else None
    if again is not None:
        unit.letters.put_off(letter.id, again, outcome.reason)
        return
    unit.letters.end(letter.id, "failed", outcome.reason, now)
    if letter.kind not in ("alert", "transcript"):
        # Said in the chat instead, so that it is not lost.
        unit.letters.add(_in_chat(letter, now))


def _in_chat(letter: Letter, now: datetime) -> Letter:
    return replace(
        letter,
        id=str(uuid.uuid4()),
        way="chat",
        written_at=now,
        due_at=now,
        detail="undelivered",
        state="waiting",
        tries=0,
        reason="",
        claimed_until=None,
    )
