"""Holds, books, moves and cancels appointments.

Every deed that takes time in the diary settles its race by the cells' key; nothing
is looked up first and believed.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from bot.clinic.booking import (
    AHEAD,
    HOLD,
    Appointment,
    AppointmentRequest,
    Cell,
    Opening,
    Patient,
    Status,
    cells_of,
)
from bot.clinic.diary import misfit
from bot.clinic.profile import Clinic
from bot.clinic.screened import May
from bot.desk import letters
from bot.desk.handoff import open_handoff
from bot.desk.hours import in_force
from bot.desk.outcomes import (
    Booked,
    Cancelled,
    Held,
    OpeningTaken,
    Refused,
    Requested,
)
from bot.desk.ports import Diary
from bot.desk.screened import latest_valid, may_book

__all__ = [
    "Booked",
    "Cancelled",
    "Held",
    "OpeningTaken",
    "Refused",
    "Requested",
    "book",
    "cancel",
    "claim_time",
    "gate_due",
    "hold",
    "move_time",
    "new_appointment",
    "own_visit",
    "request",
    "reschedule",
    "upcoming",
]

_LONGEST_WISH_CHARACTERS = 1000
_RESTING = (*AHEAD, "fulfilled", "noshow")


def hold(
    unit: Diary, clinic: Clinic, conversation_id: str, opening: Opening, now: datetime
) -> Held | OpeningTaken | Refused:
    """Keep an opening for ten minutes; what was held before is let go."""
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
    mine = standing(unit, conversation_id, opening)
    if mine is not None and mine.status in AHEAD:
        return Booked(mine)
    refusal = unbookable(unit, clinic, opening, now, mine) or too_many(
        unit, clinic, conversation_id, patient, now
    )
    if refusal:
        return refusal
    allowed = allowed_by_screening(unit, conversation_id, now, new_visit=True)
    if isinstance(allowed, Refused):
        return allowed
    unit.bookings.sweep(now)
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
) -> Booked | OpeningTaken | Refused:
    """Move a visit to another opening; where that is taken, the old time stays.

    Args:
        outside_chat: the conversation has to be told of it.
    """
    appointment = own_visit(unit, conversation_id, appointment_id)
    if appointment is None:
        return Refused("unknown")
    if appointment.starts_at <= now:
        return Refused("too_late")
    mine = standing(unit, conversation_id, opening)
    refusal = unbookable(unit, clinic, opening, now, mine)
    if refusal:
        return refusal
    allowed = allowed_by_screening(unit, conversation_id, now)
    if isinstance(allowed, Refused):
        return allowed
    unit.bookings.sweep(now)
    unit.bookings.drop_holds(conversation_id)
    moved = move_time(unit, clinic, appointment, opening, allowed)
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
) -> Cancelled | Refused:
    """Cancel a visit of this conversation and free its time in one transaction.

    Args:
        by: who cancels; kept with the visit.
        outside_chat: the conversation has to be told of it.
    """
    appointment = own_visit(unit, conversation_id, appointment_id)
    if appointment is None:
        return Refused("unknown")
    if appointment.starts_at <= now:
        return Refused("too_late")
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
    return Cancelled(cancelled, late=appointment.late_to_cancel(clinic.policy, now))


def upcoming(unit: Diary, conversation_id: str, now: datetime) -> list[Appointment]:
    """Return the visits that this conversation has ahead, soonest first."""
    return [
        appointment
        for appointment in unit.bookings.of_conversation(conversation_id)
        if appointment.status in AHEAD and appointment.ends_at > now
    ]


def request(
    unit: Diary,
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


@dataclass(frozen=True)
class Allowed:
    """What the screening allows, and which one said so."""

    status: Status
    screening_id: str | None


def unbookable(
    unit: Diary,
    clinic: Clinic,
    opening: Opening,
    now: datetime,
    mine: Appointment | None = None,
) -> Refused | None:
    """Say why a time cannot be booked, leaving aside whether it is taken.

    Args:
        mine: what this conversation holds or has booked at that time.
    """
    if not clinic.policy.self_booking:
        return Refused("no_self_booking")
    # Who holds an opening may book it although its notice ran out meanwhile.
    if mine is not None and not mine.lapsed(now):
        return None
    reason = misfit(in_force(unit, clinic, now), opening, now)
    return Refused(reason) if reason else None


def too_many(
    unit: Diary, clinic: Clinic, conversation_id: str, patient: Patient, now: datetime
) -> Refused | None:
    """Refuse more visits ahead than one person may have; a course counts as one."""
    ahead = unit.bookings.count_ahead(conversation_id, patient.phone, now)
    return Refused("too_many") if ahead >= clinic.policy.max_upcoming else None


def allowed_by_screening(
    unit: Diary, conversation_id: str, now: datetime, *, new_visit: bool = False
) -> Allowed | Refused:
    """Look the safety screening up: booked, pending, or not at all.

    Args:
        new_visit: the emergency signs must have been asked about within a day; a
            visit that is only moved keeps its own.
    """
    permission = may_book(unit, conversation_id, now)
    result = unit.screenings.get(permission.screening_id or "")
    lets = permission.may in (May.OK, May.PENDING)
    if new_visit and lets and result and not result.gate_holds(now):
        return Refused("screening_needed")
    if permission.may is May.OK:
        return Allowed("booked", permission.screening_id)
    if permission.may is May.PENDING:
        return Allowed("pending", permission.screening_id)
    needed = permission.may is May.SCREENING_NEEDED
    return Refused("screening_needed" if needed else "locked")


def gate_due(unit: Diary, conversation_id: str, now: datetime) -> bool:
    """Say whether the emergency signs come first, as this is a later visit.

    That is where a visit rests on the result already, and where it is older than a
    day (protocol, section 1.8). False where there is no result that still counts.
    """
    result = latest_valid(unit, conversation_id, now)
    if result is None:
        return False
    visits = unit.bookings.of_conversation(conversation_id)
    return not result.gate_holds(now) or any(
        one.screening_id == result.id and one.status in _RESTING for one in visits
    )


def call_for_review(unit: Diary, visit: Appointment, now: datetime) -> None:
    """Put a visit that is only held before a practitioner, with what calls for it."""
    if visit.status != "pending":
        return
    screening = unit.screenings.get(visit.screening_id or "")
    open_handoff(
        unit,
        visit.conversation_id,
        "review",
        "routine",
        now,
        detail=" ".join(screening.rules) if screening else None,
    )


def standing(unit: Diary, conversation_id: str, opening: Opening) -> Appointment | None:
    """Return what this conversation already has at exactly this time."""
    for appointment in unit.bookings.of_conversation(conversation_id):
        if (
            appointment.practitioner_id == opening.practitioner_id
            and appointment.starts_at == opening.starts_at
        ):
            return appointment
    return None


def own_visit(
    unit: Diary, conversation_id: str, appointment_id: str
) -> Appointment | None:
    """Return a visit ahead of this conversation; others wait to change it."""
    unit.conversations.lock(conversation_id)
    appointment = unit.bookings.get(appointment_id)
    mine = appointment is not None and appointment.conversation_id == conversation_id
    return appointment if mine and appointment and appointment.status in AHEAD else None


def new_appointment(
    conversation_id: str, opening: Opening, status: Status, now: datetime
) -> Appointment:
    """Make the appointment for an opening; nothing is claimed yet."""
    return Appointment(
        id=str(uuid.uuid4()),
        conversation_id=conversation_id,
        practitioner_id=opening.practitioner_id,
        room_id=opening.room_id,
        treatment_id=opening.treatment_id,
        place_id=opening.place_id,
        starts_at=opening.starts_at,
        ends_at=opening.ends_at,
        status=status,
        created_at=now,
    )


def _claims(
    clinic: Clinic, opening: Opening
) -> Iterator[tuple[str | None, list[Cell]]]:
    """Walk the rooms that would do, the one that was free before first, with cells."""
    treatment = clinic.treatments[opening.treatment_id]
    rooms: list[str | None] = [
        room.id for room in clinic.places[opening.place_id].rooms
    ]
    for room in sorted(rooms, key=lambda one: one != opening.room_id) or [None]:
        cells = cells_of(
            treatment,
            clinic.policy,
            opening.practitioner_id,
            room,
            opening.starts_at,
        )
        yield room, cells


def claim_time(
    unit: Diary, clinic: Clinic, wanted: Appointment, opening: Opening
) -> Appointment | None:
    """Claim the time in the first room that can be had; None where it is taken."""
    for room, cells in _claims(clinic, opening):
        appointment = replace(wanted, room_id=room)
        if unit.bookings.claim(appointment, cells):
            return appointment
    return None


def move_time(
    unit: Diary,
    clinic: Clinic,
    appointment: Appointment,
    opening: Opening,
    allowed: Allowed,
) -> Appointment | None:
    """Swap the time for another, in the first room that can be had."""
    for room, cells in _claims(clinic, opening):
        moved = replace(
            appointment,
            practitioner_id=opening.practitioner_id,
            room_id=room,
            treatment_id=opening.treatment_id,
            place_id=opening.place_id,
            starts_at=opening.starts_at,
            ends_at=opening.ends_at,
            status=allowed.status,
            screening_id=allowed.screening_id,
            sequence=appointment.sequence + 1,
        )
        if unit.bookings.move(moved, cells):
            return moved
    return None
