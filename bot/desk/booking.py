"""Holds, books, moves and cancels appointments.

Every deed that takes time in the diary settles its race by the cells' key; nothing
is looked up first and believed. A deed locks its conversation before it writes the
diary, never after: in one order, none waits for another for ever.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.clinic.booking import (
    AHEAD,
    HOLD,
    Appointment,
    Opening,
    Patient,
)
from bot.clinic.profile import Clinic
from bot.desk import letters
from bot.desk.claims import claim_time, move_time, new_appointment, standing
from bot.desk.may_book import (
    allowed_by_screening,
    call_for_review,
    too_many,
    unbookable,
)
from bot.desk.outcomes import (
    Booked,
    Cancelled,
    Held,
    OpeningTaken,
    Refused,
)
from bot.desk.ports import Diary

__all__ = [
    "Booked",
    "Cancelled",
    "Held",
    "OpeningTaken",
    "Refused",
    "book",
    "cancel",
    "hold",
    "own_visit",
    "reschedule",
    "upcoming",
]


def hold(
    unit: Diary, clinic: Clinic, conversation_id: str, opening: Opening, now: datetime
) -> Held | OpeningTaken | Refused:
    """Keep an opening for ten minutes; what was held before is let go."""
    unit.conversations.lock(conversation_id)
    refusal = unbookable(unit, clinic, opening, now)
    if refusal:
        return refusal
    unit.bookings.sweep(now)
    unit.bookings.drop_holds(conversation_id)
    wanted = new_appointment(conversation_id, opening, "held", now)
    held = claim_time(unit, clinic, replace(wanted, held_until=now + HOLD), opening)
    if held is None:  # nothing is committed, so the earlier hold stays
        return OpeningTaken(opening)
    unit.commit()
    return Held(held)


def book(
    unit: Diary,
    clinic: Clinic,
    conversation_id: str,
    opening: Opening,
    patient: Patient,
    now: datetime,
) -> Booked | OpeningTaken | Refused:
    """Book an opening, whether or not this conversation holds it.

    The safety screening is looked up here, in the same transaction, whatever the
    dialogue believes: cleared gives a booked visit, "a practitioner looks at it
    first" a pending one, anything else none. Booking the same opening twice in one
    conversation gives the same visit.

    Args:
        opening: from `offer`, or read back from its id.
        patient: who comes, already checked.
        now: aware UTC.
    """
    unit.conversations.lock(conversation_id)
    mine = standing(unit, conversation_id, opening)
    if mine is not None and mine.status in AHEAD:
        return Booked(mine)
    unit.bookings.sweep(now)
    refusal = unbookable(unit, clinic, opening, now, mine) or too_many(
        unit, clinic, conversation_id, patient, now
    )
    if refusal:
        return refusal
    allowed = allowed_by_screening(unit, conversation_id, now, new_visit=True)
    if isinstance(allowed, Refused):
        return allowed
    unit.bookings.drop_holds(conversation_id)
    wanted = replace(
        new_appointment(conversation_id, opening, allowed.status, now),
        patient_name=patient.name,
        patient_phone=patient.phone,
        patient_email=patient.email,
        screening_id=allowed.screening_id,
    )
    booked = claim_time(unit, clinic, wanted, opening)
    if booked is None:
        return OpeningTaken(opening)
    call_for_review(unit, booked, now)
    letters.write(unit, clinic, "confirmation", booked, now)
    unit.commit()
    return Booked(booked)


def reschedule(
    unit: Diary,
    clinic: Clinic,
    conversation_id: str,
    appointment_id: str,
    opening: Opening,
    now: datetime,
    outside_chat: bool = False,
    knows_terms: bool = False,
) -> Booked | OpeningTaken | Refused:
    """Move a visit to another opening; where that is taken, the old time stays.

    Args:
        outside_chat: the conversation has to be told of it.
        knows_terms: the visitor was told what a late change costs; one who was not
            is refused it once it is late.
    """
    appointment = own_visit(unit, conversation_id, appointment_id)
    refusal = _unchangeable(clinic, appointment, now, knows_terms)
    if appointment is None or refusal:
        return refusal or Refused("unknown")
    mine = standing(unit, conversation_id, opening)
    refusal = unbookable(unit, clinic, opening, now, mine)
    if refusal:
        return refusal
    allowed = allowed_by_screening(unit, conversation_id, now)
    if isinstance(allowed, Refused):
        return allowed
    unit.bookings.sweep(now)
    unit.bookings.drop_holds(conversation_id)
    wanted = replace(
        appointment, status=allowed.status, screening_id=allowed.screening_id
    )
    moved = move_time(unit, clinic, wanted, opening)
    if moved is None:
        return OpeningTaken(opening)
    call_for_review(unit, moved, now)
    letters.write(unit, clinic, "change", moved, now, also_in_chat=outside_chat)
    unit.commit()
    return Booked(moved)


def cancel(
    unit: Diary,
    clinic: Clinic,
    conversation_id: str,
    appointment_id: str,
    now: datetime,
    by: str = "patient",
    outside_chat: bool = False,
    knows_terms: bool = False,
) -> Cancelled | Refused:
    """Cancel a visit of this conversation and free its time in one transaction.

    Args:
        by: who cancels; kept with the visit.
        outside_chat: the conversation has to be told of it.
        knows_terms: as for `reschedule`; staff know them.
    """
    appointment = own_visit(unit, conversation_id, appointment_id)
    refusal = _unchangeable(clinic, appointment, now, knows_terms)
    if appointment is None or refusal:
        return refusal or Refused("unknown")
    cancelled = replace(
        appointment,
        status="cancelled",
        cancelled_at=now,
        cancelled_by=by,
        sequence=appointment.sequence + 1,
    )
    unit.bookings.free(appointment_id)
    unit.bookings.replace(cancelled)
    letters.write(
        unit, clinic, "cancellation", cancelled, now, also_in_chat=outside_chat
    )
    unit.commit()
    return Cancelled(cancelled)


def _unchangeable(
    clinic: Clinic, visit: Appointment | None, now: datetime, knows_terms: bool
) -> Refused | None:
    """Say why a visit cannot be moved or cancelled, as far as it lies in the visit."""
    if visit is None:
        return Refused("unknown")
    if visit.starts_at <= now:
        return Refused("too_late")
    if visit.late_terms_count(clinic.policy, now) and not knows_terms:
        return Refused("late")
    return None


def upcoming(unit: Diary, conversation_id: str, now: datetime) -> list[Appointment]:
    """Return the visits that this conversation has ahead, soonest first."""
    return [
        appointment
        for appointment in unit.bookings.of_conversation(conversation_id)
        if appointment.status in AHEAD and appointment.ends_at > now
    ]


def own_visit(
    unit: Diary, conversation_id: str, appointment_id: str
) -> Appointment | None:
    """Return a visit ahead of this conversation; others wait to change it."""
    unit.conversations.lock(conversation_id)
    appointment = unit.bookings.get(appointment_id)
    mine = appointment is not None and appointment.conversation_id == conversation_id
    return appointment if mine and appointment and appointment.status in AHEAD else None
