"""Claims the time of a visit in the diary: in the first room that can be had."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.clinic.booking import Appointment, Cell, Opening, Status, cells_of
from bot.clinic.profile import Clinic
from bot.desk.ports import Diary


def standing(unit: Diary, conversation_id: str, opening: Opening) -> Appointment | None:
    """Return what this conversation already has that is exactly this opening.

    A longer treatment at the same time is another one: it may not fit.
    """
    for one in unit.bookings.of_conversation(conversation_id):
        if (
            one.practitioner_id == opening.practitioner_id
            and one.starts_at == opening.starts_at
            and one.treatment_id == opening.treatment_id
            and one.place_id == opening.place_id
        ):
            return one
    return None


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
) -> Appointment | None:
    """Swap the time for another, in the first room; None where it is taken."""
    for room, cells in _claims(clinic, opening):
        moved = replace(
            appointment,
            practitioner_id=opening.practitioner_id,
            room_id=room,
            treatment_id=opening.treatment_id,
            place_id=opening.place_id,
            starts_at=opening.starts_at,
            ends_at=opening.ends_at,
            sequence=appointment.sequence + 1,
        )
        if unit.bookings.move(moved, cells):
            return moved
    return None
