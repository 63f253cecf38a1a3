"""What a clinic says about itself: places, hours, treatments, people and terms."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, time
from decimal import Decimal
from functools import cached_property
from itertools import pairwise
from types import MappingProxyType
from typing import Literal
from zoneinfo import ZoneInfo

from bot.clinic import when
from bot.clinic.website import Website

Kind = Literal["clinic", "practice", "network"]
PlaceKind = Literal["clinic", "day_clinic", "hospital", "spa", "retreat", "online"]
Visit = Literal["first", "follow_up", "any"]
Gender = Literal["woman", "man", "non_binary"]
HealthByTelegram = Literal["allowed", "link", "off"]


@dataclass(frozen=True, order=True)
class Span:
    """A stretch of a day on the wall clock; it never crosses midnight.

    Args:
        opens: first minute that belongs to it.
        closes: first minute that no longer does.
    """

    opens: time
    closes: time

    def holds(self, other: Span) -> bool:
        """Tell whether another span lies fully inside this one."""
        return self.opens <= other.opens and other.closes <= self.closes


Weekly = Mapping[int, tuple[Span, ...]]
"""Weekday (0 is Monday) to its spans, in order and apart from each other."""

NO_HOURS: Weekly = MappingProxyType({})

DayPlan = Mapping[str, tuple[Span, ...]]
"""Place to the spans of one day there; no place, or no span: nobody is there."""

Week = Mapping[str, Weekly]
"""Place to the weekly hours there."""


@dataclass(frozen=True)
class Closure:
    """Days on which nobody is seen.

    Args:
        first: first closed day.
        last: last closed day.
        reason: what visitors may be told.
        place: the place that is closed, or None for all of the clinic.
    """

    first: date
    last: date
    reason: str = ""
    place: str | None = None

    def covers(self, day: date) -> bool:
        """Tell whether a day falls into it."""
        return self.first <= day <= self.last


@dataclass(frozen=True)
class DayHours:
    """What a practitioner's hours really are on one day, instead of the usual ones.

    Args:
        day: the day it is about.
        hours: place to its spans; no place at all means not working.
    """

    day: date
    hours: DayPlan


@dataclass(frozen=True)
class Room:
    """A room that holds one visit at a time."""

    id: str
    name: str


@dataclass(frozen=True)
class Place:
    """Where visits happen; an `online` place has neither an address nor rooms.

    Args:
        rooms: empty where rooms are not this clinic's to give out.
        hours: when visits can happen here.
    """

    id: str
    name: str
    kind: PlaceKind = "clinic"
    address: str = ""
    directions: str = ""
    rooms: tuple[Room, ...] = ()
    hours: Weekly = NO_HOURS


@dataclass(frozen=True)
class Policy:
    """The clinic's terms for booking.

    Args:
        self_booking: visitors book openings themselves; otherwise they ask for a time.
        notice_hours: an opening must begin at least this long from now.
        horizon_days: and at most this many days from now.
        start_step_minutes: visits begin every so many minutes after the hours begin.
        buffer_minutes: kept free after each visit, for practitioner and room.
        max_upcoming: booked or pending visits that one person may have ahead.
        cancel_hours: free cancelling ends so long before the visit; None: not said.
        late_fee: charged after that, in the clinic's currency; None: not said.
        quiet_from: from this time of day on nobody is reminded of anything,
        quiet_until: until this time; the same time twice means never quiet.
    """

    self_booking: bool = True
    notice_hours: int = 2
    horizon_days: int = 60
    start_step_minutes: int = 15
    buffer_minutes: int = 0
    max_upcoming: int = 3
    cancel_hours: int | None = None
    late_fee: Decimal | None = None
    quiet_from: time = time(21)
    quiet_until: time = time(8)


@dataclass(frozen=True)
class Treatment:
    """What can be booked.

    Args:
        therapy: id of the therapy that it belongs to.
        minutes: length of the visit.
        visit: whether it is meant for a first visit, a later one, or either.
        price: in the clinic's currency; None where the clinic does not say.
        preparation: what the patient should do before.
        in_person: it can happen at a place that one goes to.
        online: it can happen at an online place.
        hands_on: minutes `(from, until)` that need the practitioner; empty means
            all of it. The room is taken throughout.
    """

    id: str
    name: str
    therapy: str
    minutes: int
    visit: Visit = "any"
    price: Decimal | None = None
    preparation: str = ""
    in_person: bool = True
    online: bool = False
    hands_on: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class Practitioner:
    """Who treats.

    Args:
        languages: English names, as a visitor would write them.
        therapies: ids of the therapies that this person gives.
        hours: place to the usual weekly hours there; places never overlap.
        later: usual weeks that take their place, by the day on which they begin.
        exceptions: days with other hours.
        away: stretches of days off.
    """

    id: str
    name: str
    qualification: str
    gender: Gender
    languages: tuple[str, ...]
    therapies: tuple[str, ...]
    hours: Week
    register: str = ""
    register_number: str = ""
    training: tuple[str, ...] = ()
    exceptions: tuple[DayHours, ...] = ()
    away: tuple[Closure, ...] = ()
    later: tuple[tuple[date, Week], ...] = ()

    @property
    def places(self) -> tuple[str, ...]:
        """Return the ids of the places where this person works."""
        weeks = (self.hours, *(week for _, week in self.later))
        return tuple(dict.fromkeys(place for week in weeks for place in week))

    def hours_on(self, day: date) -> DayPlan:
        """Return place to spans for one day, closures of the clinic aside."""
        if any(absence.covers(day) for absence in self.away):
            return {}
        for exception in self.exceptions:
            if exception.day == day:
                return exception.hours
        begun = [week for since, week in self.later if since <= day]
        if begun:
            return on_weekday(begun[-1], day.weekday())
        return self.usual_hours(day.weekday())

    def usual_hours(self, weekday: int) -> DayPlan:
        """Return place to spans for a weekday (0 is Monday) of an ordinary week."""
        return self._usual_week[weekday]

    @cached_property
    def _usual_week(self) -> tuple[DayPlan, ...]:
        # A search in a big network asks everybody for it.
        return tuple(on_weekday(self.hours, weekday) for weekday in range(7))

    def is_unusual(self, day: date) -> bool:
        """Tell whether the hours of a day may differ from the usual ones."""
        return (
            any(absence.covers(day) for absence in self.away)
            or any(exception.day == day for exception in self.exceptions)
            or any(since <= day for since, _ in self.later)
        )


@dataclass(frozen=True)
class Complaint:
    """What people come with, and whom they may see here about it.

    Args:
        words: how a visitor may write it, in small letters.
        therapies: ids, the one that is offered first in front.
    """

    id: str
    words: tuple[str, ...]
    therapies: tuple[str, ...]


@dataclass(frozen=True)
class Plan:
    """Treatments of different therapies that the clinic proposes together.

    Args:
        treatments: ids, in the order in which they are given.
        complaints: ids of what it is proposed for.
        days_apart: days from one to the next, or soon after.
    """

    id: str
    name: str
    treatments: tuple[str, ...]
    complaints: tuple[str, ...]
    days_apart: int = 3


@dataclass(frozen=True)
class Line:
    """A telephone line for people in need, with its name."""

    name: str
    number: str


@dataclass(frozen=True)
class Clinic:
    """One clinic, practice or network of practitioners, as its own files describe it.

    Args:
        id: name of its folder.
        country: ISO 3166 code of two letters.
        time_zone: IANA name.
        locale: how money and dates are written, e.g. `en_CA`.
        currency: ISO 4217 code.
        emergency: the number to call when life is at risk; never empty.
        crisis: the line for people who may harm themselves, if not the country's usual.
        health_line: the line for medical advice, if not the country's usual.
        adult_age: from this age on nobody else's permission is needed.
        health_by_telegram: whether questions about a visitor's health are asked
            through Telegram, by a link to the clinic's own page, or not at all.
        crisis_readers: staff who may read what was told of a crisis, by the names of
            their logins; empty leaves it to practitioners and administrators.
        therapies: id to name.
        exceptions: what staff changed about single days, by whose hours they are
            (`practitioner:mara`, `place:main`) and the day.
        facts: plain sentences or words for answers, by placeholder.
        website: how the chat stands on the clinic's own website.
    """

    id: str
    name: str
    kind: Kind
    country: str
    time_zone: str
    locale: str
    currency: str
    phone: str
    email: str
    emergency: str
    places: Mapping[str, Place]
    therapies: Mapping[str, str]
    treatments: Mapping[str, Treatment]
    practitioners: Mapping[str, Practitioner]
    policy: Policy = field(default_factory=Policy)
    crisis: Line | None = None
    health_line: Line | None = None
    adult_age: int = 18
    health_by_telegram: HealthByTelegram = "link"
    crisis_readers: tuple[str, ...] = ()
    hours: Weekly = NO_HOURS
    phone_hours: Weekly = NO_HOURS
    closures: tuple[Closure, ...] = ()
    exceptions: Mapping[tuple[str, date], DayPlan] = field(default_factory=dict)
    complaints: Mapping[str, Complaint] = field(default_factory=dict)
    plans: Mapping[str, Plan] = field(default_factory=dict)
    conditions: tuple[str, ...] = ()
    techniques: tuple[str, ...] = ()
    prices_checked_on: date | None = None
    register_link: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)
    website: Website = field(default_factory=Website)

    @property
    def zone(self) -> ZoneInfo:
        """Return the clinic's own time zone."""
        return when.zone(self.time_zone)

    def closed(self, day: date, place: str | None = None) -> bool:
        """Tell whether the clinic, or one place of it, is shut on a day."""
        return any(
            closure.covers(day) and closure.place in (None, place)
            for closure in self.closures
        )

    def is_unusual(self, day: date) -> bool:
        """Tell whether something closes that day, or staff changed its hours."""
        return any(closure.covers(day) for closure in self.closures) or any(
            changed == day for _, changed in self.exceptions
        )

    def gives(self, practitioner: Practitioner, treatment: Treatment) -> bool:
        """Tell whether a practitioner gives a treatment at all."""
        return treatment.therapy in practitioner.therapies

    def takes_place(self, treatment: Treatment, place_id: str) -> bool:
        """Tell whether a treatment can happen at a place."""
        online = self.places[place_id].kind == "online"
        return treatment.online if online else treatment.in_person


def on_weekday(week: Week, weekday: int) -> DayPlan:
    """Return place to spans for a weekday (0 is Monday) of a week."""
    return {
        place: weekly[weekday] for place, weekly in week.items() if weekday in weekly
    }


def clash(spans: Iterable[Span]) -> tuple[Span, Span] | None:
    """Return two spans that overlap, or None where all are apart."""
    ordered = sorted(spans)
    for first, second in pairwise(ordered):
        if second.opens < first.closes:
            return first, second
    return None
