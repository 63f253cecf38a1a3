"""Several visits that belong together: booked in one transaction, or none of them."""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.clinic.booking import (
    HOLD,
    Appointment,
    CourseOfVisits,
    Opening,
    Patient,
)
from bot.clinic.conversation import Choice, Said
from bot.clinic.letters import quiet
from bot.clinic.profile import Clinic, Plan, Treatment
from bot.clinic.when import instant, minute_of_day
from bot.clinic.wish import Course, Wish
from bot.desk import letters
from bot.desk.booking import (
    allowed_by_screening,
    call_for_review,
    claim_time,
    new_appointment,
    standing,
    too_many,
    unbookable,
)
from bot.desk.openings import offer
from bot.desk.outcomes import Held, OpeningTaken, Refused
from bot.desk.ports import Diary, FrontDesk

_NEAR_MINUTES = 180
"""A later visit begins at most so far from the time of the first one."""

_AFTER_VISIT, _TOO_LATE = timedelta(hours=24), timedelta(days=14)
"""Who has told how the last visit went is asked at once, all others a day later."""

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Series:
    """Visits to be booked together.

    Args:
        openings: in order of time.
        skipped: days on which one was due and none could be had.
    """

    openings: tuple[Opening, ...]
    skipped: tuple[date, ...] = ()


@dataclass(frozen=True)
class SeriesBooked:
    """All of the visits stand in the diary."""

    appointments: tuple[Appointment, ...]


def plan_course(
    unit: Diary, clinic: Clinic, first: Opening, course: Course, now: datetime
) -> Series | None:
    """Find the later visits of a course: same person and place, about the same time.

    A day on which nothing can be had, because the clinic is closed or the person away
    or taken, is skipped and the course gets longer by it.

    Returns:
        None where the diary does not reach far enough for all of them.
    """
    local = first.starts_at.astimezone(clinic.zone)
    later = _later_treatment(clinic, clinic.treatments[first.treatment_id])
    wish = Wish(
        treatment_id=later.id,
        practitioner_id=first.practitioner_id,
        places=frozenset({first.place_id}),
        near_minute=minute_of_day(local),
        from_minute=max(0, minute_of_day(local) - _NEAR_MINUTES),
        until_minute=minute_of_day(local) + _NEAR_MINUTES,
    )
    found, skipped = [first], list[date]()
    for day in _due(clinic, course, local.date(), now):
        if len(found) == course.count:
            break
        nearest = _on(unit, clinic, wish, _days_around(course, day, found[-1]), now)
        if nearest is None:
            skipped.append(day)
        else:
            found.append(nearest)
    return Series(tuple(found), tuple(skipped)) if len(found) == course.count else None


def _days_around(course: Course, day: date, before: Opening) -> list[date]:
    """Return the days on which a visit may be, the one on which it is due first.

    Where there are two a week, the day after or before will do as well, if a day
    stays between two visits.
    """
    if course.visits == 1:
        return [day]
    soonest = before.starts_at.date() + 2 * _DAY
    return [one for one in (day, day + _DAY, day - _DAY) if one >= soonest]


def _on(
    unit: Diary, clinic: Clinic, wish: Wish, on: Iterable[date], now: datetime
) -> Opening | None:
    """Return the opening nearest to a time, on the first of the days that has one."""
    for day in on:
        on_that_day = replace(
            wish,
            earliest=instant(day, time.min, clinic.zone),
            latest=instant(day + _DAY, time.min, clinic.zone),
        )
        # The nearest is not always the first of those that are returned.
        nearest = min(
            offer(unit, clinic, on_that_day, now),
            key=lambda one: abs(_minute(clinic, one) - (wish.near_minute or 0)),
            default=None,
        )
        if nearest is not None:
            return nearest
    return None


def plan_together(
    unit: Diary, clinic: Clinic, first: Opening, plan: Plan, wish: Wish, now: datetime
) -> Series | None:
    """Find the other visits of a plan, each some days after the one before.

    Args:
        wish: what was asked for about people and places holds for all of them.
    """
    found = [first]
    given = clinic.treatments[first.treatment_id].therapy
    for treatment_id in plan.treatments:
        if clinic.treatments[treatment_id].therapy == given:
            continue
        earliest = found[-1].starts_at + timedelta(days=plan.days_apart)
        other = replace(
            wish.anytime(),
            treatment_id=treatment_id,
            therapy=None,
            practitioner_id=None,
            earliest=earliest - timedelta(hours=earliest.hour),
        )
        soonest = offer(unit, clinic, other, now, count=1)
        if not soonest:
            return None
        found += soonest
    return Series(tuple(found))


def hold_series(
    unit: Diary,
    clinic: Clinic,
    conversation_id: str,
    openings: Sequence[Opening],
    now: datetime,
) -> Held | OpeningTaken | Refused:
    """Keep all of some openings for ten minutes, or none of them."""
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
    mine = [standing(unit, conversation_id, one) for one in openings]
    already = [one for one in mine if one is not None and one.status != "held"]
    if len(already) == len(openings):
        return SeriesBooked(tuple(already))
    refusal = _refusal(unit, clinic, conversation_id, openings, patient, now)
    if refusal:
        return refusal
    allowed = allowed_by_screening(unit, conversation_id, now, new_visit=True)
    if isinstance(allowed, Refused):
        return allowed
    unit.bookings.sweep(now)
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


def offer_next_courses(unit: FrontDesk, clinic: Clinic, now: datetime) -> list[str]:
    """Ask whoever had the last visit of a course whether there shall be another one.

    Each is asked once, a day after the visit, and not in the quiet hours.

    Returns:
        The conversations in which something was said.
    """
    if quiet(now, clinic.policy, clinic.zone) is not None:
        return []
    told = []
    for course in unit.bookings.finished_courses(now - _AFTER_VISIT, now - _TOO_LATE):
        unit.conversations.lock(course.conversation_id)
        unit.conversations.say(course.conversation_id, _offer(unit, course, now), now)
        told.append(course.conversation_id)
    unit.commit()
    return told


def offer_next(unit: Diary, conversation_id: str, now: datetime) -> Said | None:
    """Offer the next course to whoever has just told how the last visit went.

    The caller says it and commits.

    Returns:
        None where no course has ended, or its next one was offered before.
    """
    for course in unit.bookings.finished_courses(now, now - _TOO_LATE):
        if course.conversation_id == conversation_id:
            return _offer(unit, course, now)
    return None


def _offer(unit: Diary, course: CourseOfVisits, now: datetime) -> Said:
    unit.bookings.offered_next(course.id, now)
    return Said(
        f"That was the last of your {course.visits} visits. Would you like to plan "
        "the next ones in the same way? You need not decide now.",
        choices=(
            Choice("Plan the next ones", f'/next_course{{"course": "{course.id}"}}'),
            Choice("Not now", "/deny"),
        ),
    )


def next_words(
    unit: Diary, clinic: Clinic, conversation_id: str, course_id: str
) -> str:
    """Say in a visitor's words what a course like their last one would be.

    Returns:
        "" where this conversation had no such course, or the clinic's files no longer
        know what it was.
    """
    course = unit.bookings.course(course_id)
    visits = unit.bookings.of_course(course_id)
    if course is None or course.conversation_id != conversation_id or not visits:
        return ""
    treatment = clinic.treatments.get(visits[-1].treatment_id)
    person = clinic.practitioners.get(visits[-1].practitioner_id)
    if treatment is None or person is None:
        return ""
    rhythm = "every 2 weeks" if course.weeks == 2 else "once a week"
    if course.per == 2:
        rhythm = "twice a week"
    therapy = clinic.therapies[treatment.therapy]
    again = "follow-up" if treatment.visit == "follow_up" else ""
    return f"{course.visits} visits {rhythm}, {therapy} {again} with {person.name}"


def _refusal(
    unit: Diary,
    clinic: Clinic,
    conversation_id: str,
    openings: Sequence[Opening],
    patient: Patient,
    now: datetime,
) -> Refused | None:
    for opening in openings:
        mine = standing(unit, conversation_id, opening)
        refusal = unbookable(unit, clinic, opening, now, mine)
        if refusal:
            return refusal
    return too_many(unit, clinic, conversation_id, patient, now)


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


def _due(clinic: Clinic, course: Course, first: date, now: datetime) -> Iterator[date]:
    """Walk the days on which a visit is due, as far as the diary reaches."""
    last = now.astimezone(clinic.zone).date() + timedelta(
        days=clinic.policy.horizon_days
    )
    number = 1
    while (day := first + timedelta(days=course.days_after(number))) <= last:
        yield day
        number += 1


def _later_treatment(clinic: Clinic, first: Treatment) -> Treatment:
    """Return what follows a first visit, or the same again."""
    if first.visit != "first":
        return first
    return next(
        (
            one
            for one in clinic.treatments.values()
            if one.visit == "follow_up"
            and one.therapy == first.therapy
            and one.online == first.online
        ),
        first,
    )


def _minute(clinic: Clinic, opening: Opening) -> int:
    return minute_of_day(opening.starts_at.astimezone(clinic.zone))
