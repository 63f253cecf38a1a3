"""Finds the visits that belong together: those of a course, or of a combined plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.clinic.booking import Opening
from bot.clinic.profile import Clinic, Plan, Treatment
from bot.clinic.when import instant, minute_of_day, today
from bot.clinic.wish import Course, Wish
from bot.desk.openings import by_day, offer
from bot.desk.ports import Diary

_NEAR_MINUTES = 180
"""A later visit begins at most so far from the time of the first one."""

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
        earliest=first.ends_at,
        from_minute=max(0, minute_of_day(local) - _NEAR_MINUTES),
        until_minute=minute_of_day(local) + _NEAR_MINUTES,
    )
    free_on = by_day(unit, clinic, wish, now)
    found, skipped = [first], list[date]()
    for day in _due(clinic, course, local.date(), now):
        if len(found) == course.count:
            break
        days = _days_around(course, day, today(found[-1].starts_at, clinic.zone))
        nearest = _nearest(clinic, map(free_on, days), minute_of_day(local))
        if nearest is None:
            skipped.append(day)
        else:
            found.append(nearest)
    return Series(tuple(found), tuple(skipped)) if len(found) == course.count else None


def _days_around(course: Course, day: date, before: date) -> list[date]:
    """Return the days on which a visit may be, the one on which it is due first.

    Where there are two a week, the day after or before will do as well, if a day
    stays between two visits.
    """
    if course.visits == 1:
        return [day]
    soonest = before + 2 * _DAY
    return [one for one in (day, day + _DAY, day - _DAY) if one >= soonest]


def _nearest(
    clinic: Clinic, days: Iterable[list[Opening]], minute: int
) -> Opening | None:
    """Return the opening nearest to a time, on the first of the days that has one."""
    return next(
        (
            min(openings, key=lambda one: abs(_minute(clinic, one) - minute))
            for openings in days
            if openings
        ),
        None,
    )


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
        day = today(found[-1].starts_at, clinic.zone) + plan.days_apart * _DAY
        other = replace(
            wish.anytime(),
            treatment_id=treatment_id,
            therapy=None,
            practitioner_id=None,
            earliest=instant(day, time.min, clinic.zone),
        )
        soonest = offer(unit, clinic, other, now, count=1)
        if not soonest:
            return None
        found += soonest
    return Series(tuple(found))


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
