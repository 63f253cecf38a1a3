"""Staff enter hours on a page: what stands in the way is shown before it is done.

A page may be old when its form comes back. It carries what its reader saw, and where
that has changed meanwhile nothing is written.
"""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.clinic.booking import Appointment
from bot.clinic.hours import (
    HoursException,
    UsualWeek,
    of_practitioner,
    slip,
    slip_of_week,
    with_exceptions,
    with_weeks,
)
from bot.clinic.profile import Clinic, DayPlan
from bot.clinic.when import instant, today
from bot.desk.hours import HoursChanged, HoursRefused, inside_hours
from bot.desk.ports import Diary

MOST_DAYS = 120
_A_YEAR = timedelta(days=366)
_KEY_CHARACTERS = 24


@dataclass(frozen=True)
class InTheWay:
    """Nothing was changed: somebody has to look at this first.

    Args:
        visits: they would lie outside hours, soonest first.
        entered: what staff had entered for further days, or weeks, and would be lost.
        key: sent back, it means that all of this was seen.
    """

    visits: list[Appointment]
    entered: Sequence[HoursException | UsualWeek]
    key: str


@dataclass(frozen=True)
class Stale:
    """Nothing was changed: a colleague has changed these hours meanwhile."""


def state_of(unit: Diary, whose: str, day: date) -> str:
    """Name the state of a day's hours, so that a change in between is noticed."""
    return _name(one for one in unit.hours.between(day, day) if one.whose == whose)


def enter_hours(
    unit: Diary,
    clinic: Clinic,
    whose: str,
    on: Collection[date],
    hours: DayPlan | None,
    by: str,
    now: datetime,
    seen: str,
    despite: str = "",
) -> HoursChanged | HoursRefused | InTheWay | Stale:
    """Set the hours of somebody, or of a place, unless something stands in the way.

    Args:
        whose: `practitioner:mara` or `place:main`.
        on: days of the clinic's calendar, the one on the page first; 120 at most.
        hours: place to its stretches, none to be away or closed; None lets the usual
            ones stand again.
        by: the member of staff.
        now: aware UTC.
        seen: the state of the first day as it was on the page.
        despite: the key of what was in the way, once somebody has looked at it.

    Raises:
        ValueError: nobody or no day is named, or too many days.
    """
    if not by.strip() or not 0 < len(on) <= MOST_DAYS:
        raise ValueError("a change needs a name, and one day or some")
    wrong = slip(clinic, whose, hours or {})
    if wrong is not None:
        return HoursRefused(wrong)
    if min(on) < today(now, clinic.zone):
        return HoursRefused("past")
    shown, *further = on
    if state_of(unit, whose, shown) != seen:
        return Stale()
    standing = _standing(unit, whose, on)
    lost = [one for one in standing if one.day in further and one.hours != hours]
    visits = _pushed_out(unit, clinic, whose, on, hours, now)
    key = _key(visits, lost)
    if (visits or lost) and key != despite:
        return InTheWay(visits, lost, key)
    for day in on:
        if hours is None:
            unit.hours.remove(whose, day)
        else:
            unit.hours.put(HoursException(whose, day, hours, by.strip(), now))
    unit.commit()
    return HoursChanged(visits)


def _standing(unit: Diary, whose: str, on: Collection[date]) -> list[HoursException]:
    return [
        one
        for one in unit.hours.between(min(on), max(on))
        if one.whose == whose and one.day in on
    ]


def _pushed_out(
    unit: Diary,
    clinic: Clinic,
    whose: str,
    on: Collection[date],
    hours: DayPlan | None,
    now: datetime,
) -> list[Appointment]:
    """Return the visits ahead that lie within hours now, and would not any more."""
    entered = unit.hours.between(min(on), max(on))
    others = [one for one in entered if one.whose != whose or one.day not in on]
    wanted = (
        [] if hours is None else [HoursException(whose, d, hours, "", now) for d in on]
    )
    usual = with_weeks(clinic, unit.hours.weeks(), min(on))
    before = with_exceptions(usual, entered)
    after = with_exceptions(usual, [*others, *wanted])
    visits = [one for day in sorted(on) for one in _visits(unit, clinic, whose, day)]
    return _outside(visits, before, after, now)


def _outside(
    visits: Iterable[Appointment], before: Clinic, after: Clinic, now: datetime
) -> list[Appointment]:
    return [
        visit
        for visit in visits
        if visit.ends_at > now
        and not visit.lapsed(now)
        and inside_hours(before, visit)
        and not inside_hours(after, visit)
    ]


def _visits(
    unit: Diary, clinic: Clinic, whose: str, first: date, last: date | None = None
) -> Iterable[Appointment]:
    kind, _, name = whose.partition(":")
    around = (
        instant(first, time.min, clinic.zone),
        instant((last or first) + timedelta(days=1), time.min, clinic.zone),
    )
    if kind == "practitioner":
        return unit.bookings.of_people([name], *around)
    return [one for one in unit.bookings.between(*around) if one.place_id == name]


def state_of_week(unit: Diary, practitioner_id: str) -> str:
    """Name the state of somebody's usual weeks, so that a change in between shows."""
    return _name(unit.hours.weeks(practitioner_id))


def enter_week(
    unit: Diary,
    clinic: Clinic,
    week: UsualWeek,
    seen: str,
    despite: str = "",
) -> HoursChanged | HoursRefused | InTheWay | Stale:
    """Set somebody's usual week from a day on, unless something stands in the way.

    What was entered to begin later is replaced. Single days keep their own hours.

    Args:
        clinic: as its files describe it.
        week: `made_at` is the present.
        seen: the state of the weeks as it was on the page.
        despite: the key of what was in the way, once somebody has looked at it.

    Raises:
        ValueError: nobody is named.
    """
    who, now = week.practitioner_id, week.made_at
    if not week.made_by.strip():
        raise ValueError("a change needs the name of who made it")
    wrong = slip_of_week(clinic, who, week.hours or {})
    if wrong is not None:
        return HoursRefused(*wrong)
    if week.since < today(now, clinic.zone):
        return HoursRefused("past")
    weeks = unit.hours.weeks(who)
    if _name(weeks) != seen:
        return Stale()
    kept = [one for one in weeks if one.since < week.since]
    lost = [one for one in weeks if one.since > week.since]
    last = week.since + _A_YEAR
    entered = unit.hours.between(week.since, last)
    before, after = (
        with_exceptions(with_weeks(clinic, these, week.since), entered)
        for these in (weeks, [*kept, week])
    )
    visits = _visits(unit, clinic, of_practitioner(who), week.since, last)
    outside = _outside(visits, before, after, now)
    key = _key(outside, lost)
    if (outside or lost) and key != despite:
        return InTheWay(outside, lost, key)
    unit.hours.put_week(week)
    unit.commit()
    return HoursChanged(outside)


def _key(
    visits: Iterable[Appointment], entered: Iterable[HoursException | UsualWeek]
) -> str:
    said = [f"{one.id} {one.sequence}" for one in visits]
    return _digest([*said, _name(entered)])


def _name(entered: Iterable[HoursException | UsualWeek]) -> str:
    said = [
        f"{one.whose} {one.day} {one.made_at.isoformat()}"
        if isinstance(one, HoursException)
        else f"{one.practitioner_id} {one.since} {one.made_at.isoformat()}"
        for one in entered
    ]
    return _digest(said) if said else "usual"


def _digest(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:_KEY_CHARACTERS]
