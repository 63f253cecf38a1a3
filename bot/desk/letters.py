"""Writes letters in the same unit as the deed that causes them, and ends reminders."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Sequence
from datetime import datetime

from bot.clinic.booking import Appointment
from bot.clinic.conversation import Said
from bot.clinic.errors import NotAllowed, NotFound
from bot.clinic.handoff import PRIORITIES, Priority, more_pressing
from bot.clinic.letters import (
    ALERT_WAYS,
    FOLLOW_UP_AFTER,
    OF_A_COURSE,
    Kind,
    Letter,
    Way,
    reminders,
)
from bot.clinic.profile import Clinic
from bot.clinic.transcript import Transcript
from bot.desk.ports import Correspondence, Talk


def write(
    unit: Correspondence,
    clinic: Clinic,
    kind: Kind,
    visit: Appointment,
    now: datetime,
    also_in_chat: bool = False,
) -> None:
    """Write what has to be told about a visit that was booked, moved or cancelled.

    Whatever still waits about its former state is taken back, and the reminders are
    planned anew. The caller commits, together with the deed itself.

    Args:
        kind: `confirmation`, `change` or `cancellation`; a visit that a practitioner
            has to clear first gets `held` instead of the first two.
        also_in_chat: it was done elsewhere, so the conversation is told as well.
    """
    if visit.status == "pending":
        kind = "held"
    unit.letters.withdraw(visit.id, now)
    if visit.patient_email:
        unit.letters.add(_about(visit, kind, "mail", now, now))
    if also_in_chat:
        unit.letters.add(_about(visit, kind, "chat", now, now))
    _plan(unit, clinic, visit, now)


def write_course(
    unit: Correspondence, clinic: Clinic, visits: Sequence[Appointment], now: datetime
) -> None:
    """Write one letter for a whole course, and plan what comes at each visit.

    It confirms the visits, says that they are held, or calls them off. The caller
    commits, together with the deed itself.

    Args:
        visits: of one course and in one state, soonest first.
    """
    first = visits[0]
    kind = next(kind for kind, of in OF_A_COURSE.items() if of == first.status)
    for visit in visits:
        unit.letters.withdraw(visit.id, now)
        _plan(unit, clinic, visit, now)
    if first.patient_email:
        unit.letters.add(_about(first, kind, "mail", now, now))


def _plan(
    unit: Correspondence, clinic: Clinic, visit: Appointment, now: datetime
) -> None:
    """Plan the reminders before a visit, and in a course the question after it."""
    if visit.status != "booked":
        return
    way = _way(unit, visit)
    planned = reminders(visit.starts_at, clinic.policy, clinic.zone, now)
    for reminder, due_at in planned:
        unit.letters.add(_about(visit, reminder, way, now, due_at))
    if visit.course_id is not None:
        due_at = visit.ends_at + FOLLOW_UP_AFTER
        unit.letters.add(_about(visit, "follow_up", way, now, due_at))


def alert_staff(
    unit: Talk, conversation_id: str, priority: Priority, now: datetime
) -> None:
    """Write to the clinic that a conversation waits; the caller commits.

    While an alert about it has not left yet there is no second one; its priority is
    raised instead. Where the clinic has set no address or room for staff, none is sent.
    """
    for way in ALERT_WAYS:
        waiting = unit.letters.waiting_alert(conversation_id, way)
        if waiting is None:
            unit.letters.add(_alert(conversation_id, way, priority, now))
            continue
        known = next(one for one in PRIORITIES if one == waiting.detail)
        unit.letters.set_detail(waiting.id, more_pressing(known, priority))


def send_transcript(
    unit: Correspondence,
    transcript: Transcript,
    visit_id: str,
    told: Said,
    now: datetime,
) -> None:
    """Let a conversation go to its visitor by e-mail, and say so in it; commit.

    Args:
        visit_id: the visit whose address it goes to.
        told: what the visitor reads about it.
        now: aware UTC.

    Raises:
        NotAllowed: it is restricted, or one is on its way already.
        NotFound: the visitor gave no such address.
    """
    if transcript.restricted:
        raise NotAllowed(
            "This conversation is about a crisis or about danger from somebody. Others "
            "may read an e-mail, so it is not sent."
        )
    if visit_id not in transcript.addresses.values():
        raise NotFound("The visitor gave no such address.")
    of = transcript.conversation_id
    if any(
        one.kind == "transcript" and one.state == "waiting"
        for one in unit.letters.of_conversation(of)
    ):
        raise NotAllowed("It is on its way already.")
    unit.letters.add(
        Letter(
            id=str(uuid.uuid4()),
            kind="transcript",
            way="mail",
            conversation_id=of,
            appointment_id=visit_id,
            sequence=transcript.last_seq,
            written_at=now,
            due_at=now,
        )
    )
    unit.conversations.say(of, told, now)
    unit.commit()


def stop_reminders(unit: Correspondence, conversation_id: str, now: datetime) -> None:
    """Send no more reminders to whoever this conversation is with; commit.

    What is said about a visit when it is booked, moved or cancelled still comes.
    """
    unit.letters.silence(_addresses(unit, conversation_id), now)
    unit.commit()


def resume_reminders(unit: Correspondence, conversation_id: str) -> None:
    """Send reminders again; those that are not past come at their time; commit."""
    unit.letters.unsilence(_addresses(unit, conversation_id))
    unit.commit()


def reminders_stopped(unit: Correspondence, conversation_id: str) -> bool:
    """Tell whether this conversation's visitor wants no reminders."""
    return unit.letters.silenced(_addresses(unit, conversation_id))


def addresses(conversation_id: str, emails: Iterable[str]) -> set[str]:
    """Return by what a person is known who wants no reminders."""
    return {conversation_id, *(one.casefold() for one in emails if one)}


def _addresses(unit: Correspondence, conversation_id: str) -> set[str]:
    visits = unit.bookings.of_conversation(conversation_id)
    return addresses(conversation_id, (one.patient_email for one in visits))


def _alert(conversation_id: str, way: Way, priority: Priority, now: datetime) -> Letter:
    return Letter(
        id=str(uuid.uuid4()),
        kind="alert",
        way=way,
        conversation_id=conversation_id,
        appointment_id=None,
        sequence=0,
        written_at=now,
        due_at=now,
        detail=priority,
    )


def _way(unit: Correspondence, visit: Appointment) -> Way:
    """Choose how somebody is reminded: once, where it is likeliest to be seen.

    Telegram rings by itself; an e-mail reaches who has left our page; a row in the
    chat on the page is read by who comes back.
    """
    conversation = unit.conversations.get(visit.conversation_id)
    on_page = conversation is None or conversation.channel == "web"
    return "mail" if on_page and visit.patient_email else "chat"


def _about(
    visit: Appointment, kind: Kind, way: Way, now: datetime, due_at: datetime
) -> Letter:
    return Letter(
        id=str(uuid.uuid4()),
        kind=kind,
        way=way,
        conversation_id=visit.conversation_id,
        appointment_id=visit.id,
        sequence=visit.sequence,
        written_at=now,
        due_at=due_at,
    )
