"""Several visits that belong together: booked in one transaction, or none of them."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.clinic.booking import (
    HOLD,
    Appointment,
    CourseOfVisits,
    Opening,
    Patient,
)
from bot.clinic.profile import Clinic
from bot.clinic.wish import Course
from bot.desk import letters
from bot.desk.claims import claim_time, new_appointment, standing
from bot.desk.may_book import (
    allowed_by_screening,
    call_for_review,
    too_many,
    unbookable,
)
from bot.desk.outcomes import Held, OpeningTaken, Refused
from bot.desk.ports import Diary


@dataclass(frozen=True)
class SeriesBooked:
    """All of the visits stand in the diary."""

    appointments: tuple[Appointment, ...]


def hold_series(
    unit: Diary,
    clinic: Clinic,
    conversation_id: str,
    openings: Sequence[Opening],
    now: datetime,
) -> Held | OpeningTaken | Refused:
    """Keep all of some openings for ten minutes, or none of them."""
    unit.conversations.lock(conversation_id)
    for opening in openings:
        refusal = unbookable(unit, clinic, opening, now)
        if refusal:
            return refusal
    unit.bookings.sweep(now)
    unit.bookings.drop_holds(conversation_id)
    held = None
    for opening in openings:
        wanted = new_appointment(conversation_id, opening, "held", now)
        claimed = claim_time(
            unit, clinic, replace(wanted, held_until=now + HOLD), opening
        )
        if claimed is None:
            return OpeningTaken(opening)
        held = held or claimed
    if held is None:
        raise ValueError("a series needs an opening")
    unit.commit()
    return Held(held)


def book_series(
    unit: Diary,
    clinic: Clinic,
    conversation_id: str,
    openings: Sequence[Opening],
    patient: Patient,
    now: datetime,
    course: Course | None = None,
) -> SeriesBooked | OpeningTaken | Refused:
    """Book all of some openings in one transaction, or none of them.

    The screening is looked up as for a single visit. Booking the same ones twice in
    one conversation gives the same visits.

    Args:
        course: the rhythm that they follow; its visits are numbered.
    """
    unit.conversations.lock(conversation_id)
    mine = [standing(unit, conversation_id, one) for one in openings]
    already = [one for one in mine if one is not None and one.status != "held"]
    if len(already) == len(openings):
        return SeriesBooked(tuple(already))
    unit.bookings.sweep(now)
    adding = 1 if course else len(openings)
    refusal = _unbookable(unit, clinic, conversation_id, openings, now) or too_many(
        unit, clinic, conversation_id, patient, now, adding
    )
    if refusal:
        return refusal
    allowed = allowed_by_screening(unit, conversation_id, now, new_visit=True)
    if isinstance(allowed, Refused):
        return allowed
    unit.bookings.drop_holds(conversation_id)
    course_id = _keep_course(unit, conversation_id, course, now) if course else None
    booked = []
    for number, opening in enumerate(openings, start=1):
        wanted = replace(
            new_appointment(conversation_id, opening, allowed.status, now),
            patient_name=patient.name,
            patient_phone=patient.phone,
            patient_email=patient.email,
            screening_id=allowed.screening_id,
            course_id=course_id,
            course_number=number if course_id else None,
        )
        visit = claim_time(unit, clinic, wanted, opening)
        if visit is None:  # nothing is committed, so none of them is booked
            return OpeningTaken(opening)
        booked.append(visit)
    if course_id:
        letters.write_course(unit, clinic, booked, now)
    else:
        for visit in booked:
            letters.write(unit, clinic, "confirmation", visit, now)
    call_for_review(unit, booked[0], now)
    unit.commit()
    return SeriesBooked(tuple(booked))


def _unbookable(
    unit: Diary,
    clinic: Clinic,
    conversation_id: str,
    openings: Sequence[Opening],
    now: datetime,
) -> Refused | None:
    for opening in openings:
        mine = standing(unit, conversation_id, opening)
        refusal = unbookable(unit, clinic, opening, now, mine)
        if refusal:
            return refusal
    return None


def _keep_course(
    unit: Diary, conversation_id: str, course: Course, now: datetime
) -> str:
    kept = CourseOfVisits(
        id=str(uuid.uuid4()),
        conversation_id=conversation_id,
        visits=course.count,
        weeks=course.weeks,
        per=course.visits,
        created_at=now,
    )
    unit.bookings.add_course(kept)
    return kept.id
