"""The diary as staff look at it: days of people, and days of rooms."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from bot.clinic.booking import Appointment
from bot.clinic.day_sheet import Stretch, stretches
from bot.clinic.hours import (
    HoursException,
    hours_of,
    of_place,
    of_practitioner,
    place_hours,
    with_exceptions,
)
from bot.clinic.profile import Clinic, DayPlan, Practitioner, Room
from bot.clinic.when import days, instant, today
from bot.desk.hours import in_force_between
from bot.desk.ports import Diary

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class DaySheet:
    """One day of a person or a room.

    Args:
        hours: where and when; empty where there is nobody.
        entered: what staff changed about it, of the person and of their places.
    """

    day: date
    hours: DayPlan
    stretches: Sequence[Stretch]
    entered: Sequence[HoursException]

    @property
    def visits(self) -> int:
        """How many visits take time that day."""
        return sum(len(one.visits) for one in self.stretches)


@dataclass(frozen=True)
class Attendance:
    """Who is there on a day.

    Args:
        there: they work, or have a visit.
        away: neither.
        strays: visits with somebody whom the clinic's files no longer name.
    """

    there: list[Practitioner]
    away: list[Practitioner]
    strays: list[Appointment]


def attendance(
    unit: Diary,
    clinic: Clinic,
    people: Iterable[Practitioner],
    day: date,
    now: datetime,
    place_id: str = "",
) -> Attendance:
    """Part people into those who are there on a day, and the others.

    Args:
        now: lapsed holds are left out.
        place_id: only this place counts, if one is given.
    """
    current = in_force_between(unit, clinic, day, day)
    visits = [
        one
        for one in unit.bookings.between(*_around(clinic, day, day))
        if not one.lapsed(now) and place_id in ("", one.place_id)
    ]
    busy = {visit.practitioner_id for visit in visits}
    found = Attendance([], [], [])
    for one in people:
        hours = hours_of(current, current.practitioners[one.id], day).items()
        works = any(spans and place_id in ("", place) for place, spans in hours)
        (found.there if works or one.id in busy else found.away).append(one)
    found.strays.extend(
        one for one in visits if one.practitioner_id not in clinic.practitioners
    )
    return found


def days_of_people(
    unit: Diary,
    clinic: Clinic,
    people: Collection[Practitioner],
    first: date,
    last: date,
    now: datetime,
) -> dict[tuple[str, date], DaySheet]:
    """Return each day of each of some people, by their id and the day.

    Args:
        people: few; a network's 600 are read a page at a time.
        now: lapsed holds are left out.
    """
    entered = unit.hours.between(first, last)
    current = in_force_between(unit, clinic, first, last)
    visits = unit.bookings.of_people(
        [one.id for one in people], *_around(clinic, first, last)
    )
    by_day = _by_day(clinic, visits, now)
    found = {}
    for day in days(first, last):
        for one in (current.practitioners[each.id] for each in people):
            plan = hours_of(current, one, day)
            names = {of_practitioner(one.id), *map(of_place, one.places)}
            found[one.id, day] = DaySheet(
                day,
                plan,
                stretches(plan, by_day.get((one.id, day), []), day, clinic.zone),
                [each for each in entered if each.day == day and each.whose in names],
            )
    return found


def day_of_rooms(
    unit: Diary, clinic: Clinic, place_id: str, day: date, now: datetime
) -> list[tuple[Room, DaySheet]]:
    """Return a day of each room of a place."""
    entered = [
        one for one in unit.hours.between(day, day) if one.whose == of_place(place_id)
    ]
    plan = {place_id: place_hours(with_exceptions(clinic, entered), place_id, day)}
    rooms = clinic.places[place_id].rooms
    visits = unit.bookings.in_rooms(
        [one.id for one in rooms], *_around(clinic, day, day)
    )
    return [
        (
            room,
            DaySheet(
                day,
                plan,
                stretches(
                    plan,
                    [
                        one
                        for one in visits
                        if one.room_id == room.id and not one.lapsed(now)
                    ],
                    day,
                    clinic.zone,
                ),
                entered,
            ),
        )
        for room in rooms
    ]


def _around(clinic: Clinic, first: date, last: date) -> tuple[datetime, datetime]:
    return (
        instant(first, time.min, clinic.zone),
        instant(last + _DAY, time.min, clinic.zone),
    )


def _by_day(
    clinic: Clinic, visits: Iterable[Appointment], now: datetime
) -> dict[tuple[str, date], list[Appointment]]:
    found: dict[tuple[str, date], list[Appointment]] = {}
    for visit in visits:
        if not visit.lapsed(now):
            key = (visit.practitioner_id, today(visit.starts_at, clinic.zone))
            found.setdefault(key, []).append(visit)
    return found
