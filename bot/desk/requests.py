"""Requests for an appointment: sent by a visitor, taken back, or declined by staff.

Staff answer one with a visit in `bot.desk.by_hand`.
"""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from bot.clinic.audit import Entry
from bot.clinic.booking import AppointmentRequest, Patient
from bot.clinic.conversation import Choice, Said
from bot.clinic.profile import Clinic
from bot.desk.handoff import open_handoff
from bot.desk.outcomes import Refused, Requested
from bot.desk.ports import FrontDesk, WholeRecord

_LONGEST_WISH_CHARACTERS = 1000
PERSON = Choice("Talk to a person", "/talk_to_human")
_VISITOR = "visitor"


def request(
    unit: FrontDesk,
    clinic: Clinic,
    conversation_id: str,
    preferred: str,
    patient: Patient,
    now: datetime,
    reason: str = "",
) -> Requested | Refused:
    """Ask staff for an appointment, where visitors do not book by themselves.

    A request takes no time in the diary, so it needs no screening: staff see it.

    Args:
        preferred: times that would suit, in the visitor's words; cut if very long.
        reason: what it is about, in the visitor's words.
    """
    if clinic.policy.self_booking:
        return Refused("self_booking")
    if not preferred.strip():
        return Refused("empty")
    asked = AppointmentRequest(
        id=str(uuid.uuid4()),
        conversation_id=conversation_id,
        preferred=preferred.strip()[:_LONGEST_WISH_CHARACTERS],
        reason=reason.strip()[:_LONGEST_WISH_CHARACTERS],
        patient_name=patient.name,
        patient_phone=patient.phone,
        patient_email=patient.email,
        created_at=now,
    )
    unit.bookings.add_request(asked)
    unit.commit()
    return Requested(asked)


def add_words(
    unit: WholeRecord, conversation_id: str, words: str, now: datetime
) -> AppointmentRequest | None:
    """Add a visitor's words to what they asked for last, and put it before staff.

    Args:
        words: on a line of their own behind the times; where there are too many lines,
            those between the first and the newest are left out.

    Returns:
        The request as it now stands; None where none waits.
    """
    unit.conversations.lock(conversation_id)
    waiting = unit.bookings.new_requests_of(conversation_id)
    if not waiting:
        return None
    lines = [
        *waiting[-1].preferred.splitlines(),
        " ".join(words.split()).rstrip(" .?!"),
    ]
    while len(lines) > 2 and len("\n".join(lines)) > _LONGEST_WISH_CHARACTERS:
        del lines[1]
    preferred = "\n".join(lines)[:_LONGEST_WISH_CHARACTERS]
    more = replace(waiting[-1], preferred=preferred)
    unit.bookings.reword_request(more.id, more.preferred)
    unit.audit.add(Entry(now, _VISITOR, "add to request", conversation_id, more.id))
    open_handoff(unit, conversation_id, "appointment_request", "routine", now)
    unit.commit()
    return more


def withdraw(
    unit: WholeRecord, conversation_id: str, now: datetime
) -> list[AppointmentRequest]:
    """Take back what a visitor has asked for and staff have not answered.

    It leaves the staff's list, and the queue where nothing else waits in it.

    Returns:
        The requests that were taken back; none where none waited.
    """
    unit.conversations.lock(conversation_id)
    waiting = unit.bookings.new_requests_of(conversation_id)
    for one in waiting:
        unit.bookings.settle_request(one.id, "withdrawn")
        unit.audit.add(
            Entry(now, _VISITOR, "withdraw request", conversation_id, one.id)
        )
    end_of_waiting(unit, conversation_id, now)
    unit.commit()
    return waiting


def decline_request(
    unit: FrontDesk,
    clinic: Clinic,
    conversation_id: str,
    request_id: str,
    by: str,
    now: datetime,
) -> Refused | None:
    """Answer an appointment request with no; the visitor is told how to go on.

    Returns:
        `Refused("unknown")` where it does not wait in this conversation any more.

    Raises:
        ValueError: nobody is named.
    """
    if not by.strip():
        raise ValueError("a decision needs the name of who made it")
    unit.conversations.lock(conversation_id)
    if not waits(unit, conversation_id, request_id):
        return Refused("unknown")
    unit.bookings.settle_request(request_id, "declined")
    said = (
        "Our staff could not find a time for your request. You can write here which "
        f"other times would suit you, or call {clinic.phone}."
    )
    unit.conversations.say(
        conversation_id, Said(said, "system", choices=(PERSON,)), now
    )
    end_of_waiting(unit, conversation_id, now)
    unit.commit()
    return None


def waits(unit: FrontDesk, conversation_id: str, request_id: str) -> bool:
    """Tell whether a request of a conversation still waits for an answer."""
    asked = unit.bookings.request(request_id)
    return (
        asked is not None
        and asked.conversation_id == conversation_id
        and asked.state == "new"
    )


def end_of_waiting(unit: FrontDesk, conversation_id: str, now: datetime) -> None:
    """Close what waits for staff because of a visit or a request alone.

    The conversation is locked. Where another request still waits it stays open.
    """
    open_now = unit.handoffs.open_of(conversation_id)
    if (
        open_now is not None
        and open_now.state == "waiting"
        and open_now.reason in ("review", "appointment_request")
        and open_now.priority == "routine"
        and not unit.bookings.new_requests_of(conversation_id)
    ):
        unit.handoffs.replace(replace(open_now, state="closed", ended_at=now))
