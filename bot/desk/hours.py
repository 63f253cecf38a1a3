"""The hours that are in force: those of the files, and what staff changed about them.

How they are changed is for `bot.desk.hours_by_hand`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from bot.clinic.booking import Appointment
from bot.clinic.diary import duties
from bot.clinic.hours import (
    Slip,
    hours_of,
    of_place,
    of_practitioner,
    with_exceptions,
    with_weeks,
)
from bot.clinic.profile import Clinic, DayPlan, Practitioner
from bot.clinic.when import days, instant, today
from bot.desk.ports import Diary

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class HoursChanged:
    """The hours are in force.

    Args:
        outside: visits ahead that no longer lie within hours, soonest first.
    """

    outside: list[Appointment]


@dataclass(frozen=True)
class HoursRefused:
    """Nothing was changed.

    Args:
        reason: a slip of the hours, or `past` for a day that is over.
        weekday: of a usual week that has the slip, 0 is Monday.
    """

    reason: Slip | Literal["past"]
    weekday: int | None = None


@dataclass(frozen=True)
class DiaryDay:
    """One practitioner's day, as staff look at it.

    Args:
        hours: where and when; empty where they do not work.
        changed: staff entered these hours, for the practitioner or for a place.
        visits: what takes time that day, soonest first, holds included.
    """

    practitioner: Practitioner
    day: date
    hours: DayPlan
    changed: bool
    visits: list[Appointment]


def in_force(unit: Diary, clinic: Clinic, now: datetime) -> Clinic:
    """Return the clinic with the hours that hold from today to its horizon."""
    day = today(now, clinic.zone)
    # A day more at both ends: a visit may begin at midnight.
    last = day + timedelta(days=clinic.policy.horizon_days) + _DAY
    return in_force_between(unit, clinic, day - _DAY, last)


def in_force_between(unit: Diary, clinic: Clinic, first: date, last: date) -> Clinic:
    """Return the clinic, as its files describe it, with the hours of some days."""
    usual = with_weeks(clinic, unit.hours.weeks(), first)
    return with_exceptions(usual, unit.hours.between(first, last))


def diary_days(
    unit: Diary, clinic: Clinic, first: date, last: date, now: datetime
) -> list[DiaryDay]:
    """Return every practitioner's days from the first to the last, day by day.

    Args:
        now: lapsed holds are left out.
    """
    current = in_force_between(unit, clinic, first, last)
    visits = [
        visit
        for visit in unit.bookings.between(
            instant(first, time.min, clinic.zone),
            instant(last + _DAY, time.min, clinic.zone),
        )
        if not visit.lapsed(now)
    ]
    by_day: dict[tuple[str, date], list[Appointment]] = {}
    for visit in visits:
        key = (visit.practitioner_id, today(visit.starts_at, clinic.zone))
        by_day.setdefault(key, []).append(visit)
    return [
        DiaryDay(
            practitioner=one,
            day=day,
            hours=hours_of(current, one, day),
            changed=_is_changed(current, one, day),
            visits=by_day.get((one.id, day), []),
        )
        for day in days(first, last)
        for one in current.practitioners.values()
    ]


def _is_changed(clinic: Clinic, practitioner: Practitioner, day: date) -> bool:
    names = [of_practitioner(practitioner.id), *map(of_place, practitioner.places)]
    return any((name, day) in clinic.exceptions for name in names)


def inside_hours(clinic: Clinic, visit: Appointment) -> bool:
    """Tell whether a visit lies within the hours of who gives it, where it is."""
    practitioner = clinic.practitioners.get(visit.practitioner_id)
    if practitioner is None:
        return False
    day = today(visit.starts_at, clinic.zone)
    return any(
        duty.place_id == visit.place_id
        and duty.starts_at <= visit.starts_at
        and visit.ends_at <= duty.ends_at
        for duty in duties(clinic, practitioner, day)
    )
