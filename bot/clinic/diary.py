"""The openings of a diary, computed from hours, closures and what is claimed.

A day is a row of bits: asking six hundred people for an hour is a few shifts each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Literal

from bot.clinic.booking import (
    CELL,
    CELL_MINUTES,
    Opening,
    opening_at,
    practitioner_parts,
    room_parts,
)
from bot.clinic.day_bits import (
    EVERY,
    THIS_DAY,
    OddDay,
    between,
    blocked,
    cells_in,
    minutes_between,
    odd_day,
    starts_within,
    union,
)
from bot.clinic.hours import hours_of
from bot.clinic.profile import Clinic, DayPlan, Practitioner, Treatment
from bot.clinic.when import UTC, days, instant, today
from bot.clinic.wish import Wish

Misfit = Literal["too_soon", "too_far", "outside_hours"]
_ANYTHING = Wish()
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Busy:
    """Which cells of some resources are taken.

    Args:
        begin: UTC start of the cell of bit 0.
        taken: resource, such as `practitioner:mara`, to its bits.
    """

    begin: datetime
    taken: Mapping[str, int]

    def since(self, resource: str, moment: datetime) -> int:
        """Return the bits of a resource, bit 0 being the cell at a moment."""
        bits, shift = self.taken.get(resource, 0), (moment - self.begin) // CELL
        return bits >> shift if shift >= 0 else bits << -shift


@dataclass(frozen=True)
class Duty:
    """A stretch of time for which a practitioner is at a place (UTC)."""

    place_id: str
    starts_at: datetime
    ends_at: datetime


def duties(clinic: Clinic, practitioner: Practitioner, day: date) -> list[Duty]:
    """Return when a practitioner works on a day of the clinic's calendar, in order."""
    found = [
        Duty(
            place_id,
            instant(day, span.opens, clinic.zone),
            instant(day, span.closes, clinic.zone),
        )
        for place_id, spans in hours_of(clinic, practitioner, day).items()
        for span in spans
    ]
    return sorted(found, key=lambda duty: duty.starts_at)


@dataclass(frozen=True)
class Lane:
    """Where somebody could begin a visit on one day.

    Args:
        starts: one bit a cell since midnight.
    """

    practitioner: Practitioner
    place_id: str
    starts: int


@dataclass(frozen=True)
class Search:
    """Looks for openings of one treatment, day by day.

    Args:
        clinic: whose hours, closures, rooms and terms count.
        people: who may give it; those who do not are passed over.
        earliest: first instant (UTC) at which a visit may begin.
        latest: first instant at which it may no longer begin.
        wish: its weekdays, minutes of the day and places count here.
    """

    clinic: Clinic
    treatment: Treatment
    people: Sequence[Practitioner]
    earliest: datetime
    latest: datetime
    wish: Wish = _ANYTHING
    _places: frozenset[str] = field(init=False, repr=False, compare=False)
    _absent: list[Practitioner] = field(init=False, repr=False, compare=False)
    _weekly: dict[int, list[Lane]] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def __post_init__(self) -> None:
        fitting = (
            one.id
            for one in self.clinic.places.values()
            if self.clinic.takes_place(self.treatment, one.id)
            and (not self.wish.places or one.id in self.wish.places)
            and self.wish.online in (None, one.kind == "online")
        )
        object.__setattr__(self, "_places", frozenset(fitting))
        absent = [one for one in self.people if one.away or one.exceptions or one.later]
        object.__setattr__(self, "_absent", absent)

    def days(self) -> Iterator[date]:
        """Walk the days of the clinic's calendar that are looked at."""
        if self.earliest < self.latest:
            zone = self.clinic.zone
            yield from days(today(self.earliest, zone), today(self.latest, zone))

    def midnight(self, day: date) -> datetime:
        """Return the instant (UTC) at which a day of the clinic begins."""
        return instant(day, time.min, self.clinic.zone)

    def lanes(self, day: date) -> list[Lane]:
        """Return who could begin a visit where and when, by the hours alone."""
        if not self.wish.allows(day):
            return []
        found = self._all_lanes(day)
        midnight = self.midnight(day)
        if self.earliest <= midnight and self.midnight(day + _DAY) <= self.latest:
            return found
        allowed = between(midnight, self.earliest, self.latest)
        return [
            Lane(lane.practitioner, lane.place_id, starts)
            for lane in found
            if (starts := lane.starts & allowed)
        ]

    def _all_lanes(self, day: date) -> list[Lane]:
        odd = odd_day(day, self.clinic.zone)
        if odd or self.clinic.is_unusual(day):
            return self._lanes(self.people, day)
        unusual = [one for one in self._absent if one.is_unusual(day)]
        usual = self._usual_lanes(day.weekday())
        if not unusual:
            return usual
        others = {one.id for one in unusual}
        kept = [lane for lane in usual if lane.practitioner.id not in others]
        return kept + self._lanes(unusual, day)

    def _usual_lanes(self, weekday: int) -> list[Lane]:
        """Return the lanes of an ordinary week, which are worked out once."""
        if weekday not in self._weekly:
            self._weekly[weekday] = [
                lane
                for one in self.people
                for lane in self._lanes_of(one, one.usual_hours(weekday), None)
            ]
        return self._weekly[weekday]

    def _lanes(self, people: Iterable[Practitioner], day: date) -> list[Lane]:
        odd = odd_day(day, self.clinic.zone)
        return [
            lane
            for one in people
            for lane in self._lanes_of(one, hours_of(self.clinic, one, day), odd)
        ]

    def _lanes_of(
        self, one: Practitioner, plan: DayPlan, odd: OddDay
    ) -> Iterator[Lane]:
        if not self.clinic.gives(one, self.treatment):
            return
        wish, zone = self.wish, self.clinic.zone
        minutes = minutes_between(wish.from_minute, wish.until_minute, zone, odd)
        step = self.clinic.policy.start_step_minutes // CELL_MINUTES
        length = self.treatment.minutes // CELL_MINUTES
        for place, spans in plan.items():
            if place in self._places:
                starts = starts_within(spans, step, length, zone, odd) & minutes
                if starts:
                    yield Lane(one, place, starts)

    def openings(
        self, day: date, lanes: Iterable[Lane], busy: Busy, *, each: bool = True
    ) -> Iterator[Opening]:
        """Walk what is free in the lanes of a day, soonest first.

        At one time the least busy that day come first, so that work is shared out.

        Args:
            busy: every claimed cell of the lanes' practitioners and rooms on that day,
                and for as long after as a visit with its buffer lasts.
            each: False gives one opening a time, not one a person.
        """
        free, rooms = self._free(day, lanes, busy)
        for number in cells_in(union(lane.starts for lane in free)):
            for lane in free:
                if lane.starts >> number & 1:
                    room = next(
                        name
                        for name, starts in rooms[lane.place_id]
                        if starts >> number & 1
                    )
                    yield opening_at(
                        self.treatment,
                        lane.practitioner.id,
                        lane.place_id,
                        room,
                        self.midnight(day) + number * CELL,
                    )
                    if not each:
                        break

    def _free(
        self, day: date, lanes: Iterable[Lane], busy: Busy
    ) -> tuple[list[Lane], dict[str, list[tuple[str | None, int]]]]:
        """Return what is free of the lanes, and of which place's rooms."""
        midnight = self.midnight(day)
        parts = practitioner_parts(self.treatment, self.clinic.policy)
        rooms: dict[str, list[tuple[str | None, int]]] = {}
        roomy: dict[str, int] = {}
        found: list[tuple[int, Lane]] = []
        for lane in lanes:
            place = lane.place_id
            if place not in rooms:
                rooms[place] = self._rooms(place, midnight, busy)
                roomy[place] = union(starts for _, starts in rooms[place])
            taken = busy.since(f"practitioner:{lane.practitioner.id}", midnight)
            starts = lane.starts & roomy[place] & ~blocked(taken, parts)
            if starts:
                work = (taken & THIS_DAY).bit_count()
                found.append((work, Lane(lane.practitioner, place, starts)))
        found.sort(key=lambda pair: pair[0])
        return [lane for _, lane in found], rooms

    def _rooms(
        self, place_id: str, midnight: datetime, busy: Busy
    ) -> list[tuple[str | None, int]]:
        """Return when a visit could begin in each room; `None` where none is needed."""
        rooms = self.clinic.places[place_id].rooms
        parts = room_parts(self.treatment, self.clinic.policy)
        return [
            (room.id, ~blocked(busy.since(f"room:{room.id}", midnight), parts))
            for room in rooms
        ] or [(None, EVERY)]


def bounds(
    clinic: Clinic, earliest: datetime, latest: datetime, now: datetime
) -> tuple[datetime, datetime]:
    """Narrow a stretch of time to what notice and horizon allow (UTC)."""
    policy = clinic.policy
    return (
        max(earliest, now + timedelta(hours=policy.notice_hours)),
        min(latest, now + timedelta(days=policy.horizon_days)),
    )


def openings(
    clinic: Clinic,
    treatment: Treatment,
    practitioners: Iterable[Practitioner],
    busy: Busy,
    earliest: datetime,
    latest: datetime,
    now: datetime,
) -> Iterator[Opening]:
    """Compute every opening, soonest first, as far as the caller reads on.

    Args:
        clinic: whose hours, closures, rooms and terms count.
        treatment: what is to be booked.
        practitioners: who may give it; those who do not are passed over.
        busy: every claimed cell between `earliest` and `latest`, and for as long
            after as a visit with its buffer lasts.
        earliest: first instant (UTC) at which a visit may begin.
        latest: first instant at which it may no longer begin.
        now: the present, for notice and horizon.
    """
    within = bounds(clinic, earliest, latest, now)
    search = Search(clinic, treatment, tuple(practitioners), *within)
    for day in search.days():
        yield from search.openings(day, search.lanes(day), busy)


def misfit(clinic: Clinic, opening: Opening, now: datetime) -> Misfit | None:
    """Say why a visit may not begin then, leaving aside whether the time is taken.

    A button may be pressed long after it was shown, or after the hours were edited.
    """
    starts_at = opening.starts_at.astimezone(UTC)
    if starts_at < now + timedelta(hours=clinic.policy.notice_hours):
        return "too_soon"
    if starts_at >= now + timedelta(days=clinic.policy.horizon_days):
        return "too_far"
    search = Search(
        clinic,
        clinic.treatments[opening.treatment_id],
        [clinic.practitioners[opening.practitioner_id]],
        starts_at,
        starts_at + CELL,
        Wish(places=frozenset({opening.place_id})),
    )
    allowed = any(
        one.starts_at == starts_at
        for day in search.days()
        for one in search.openings(day, search.lanes(day), Busy(starts_at, {}))
    )
    return None if allowed else "outside_hours"
