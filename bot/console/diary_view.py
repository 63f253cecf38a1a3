"""What a page of the diary shows, worked out of what stands in the record."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import NamedTuple

from bot.clinic.booking import Appointment
from bot.clinic.day_sheet import Stretch, filled, minutes_on, span_of
from bot.clinic.hours import HoursException
from bot.clinic.profile import Clinic, DayPlan, Span
from bot.clinic.when import MINUTES_A_DAY, say_time
from bot.desk.day_sheet import DaySheet

_USUAL_HOURS = (9, 17)
_LEAST_FREE_MINUTES = 15
"""Less than that between two visits is a breath, not time for another."""

_SHORT_MINUTES = 30
"""A shorter stretch has room for one line."""


class Visit(NamedTuple):
    """One visit in a stretch, ready to be shown; `href` is "" for no link."""

    begins: str
    ends: str
    who: str
    what: str
    status: str
    href: str


class Block(NamedTuple):
    """A stretch of a column; `size` are the classes that give it its height."""

    kind: str
    size: str
    text: str
    outside: bool
    visits: Sequence[Visit]


@dataclass(frozen=True)
class Column:
    """A day of a person or of a room.

    Args:
        href: of the heading; "" for none.
        hours: as one reads them, "" where there are none.
        why: what makes the day unlike others.
        edit: where its hours are changed; "" for nowhere.
    """

    heading: str
    href: str
    hours: str
    why: str
    edit: str
    today: bool
    visits: int
    blocks: Sequence[Block]


class Day(NamedTuple):
    """What a column is made of."""

    heading: str
    href: str
    edit: str
    places: Sequence[str]
    sheet: DaySheet


@dataclass(frozen=True)
class Reader:
    """Whose eyes a page is for.

    Args:
        clinic: gives the names.
        own: it is a practitioner's own diary.
        today: of the clinic's calendar.
        by_room: who treats is said, not in which room.
    """

    clinic: Clinic
    own: bool
    today: date
    by_room: bool = False

    def columns(self, days: Sequence[Day]) -> tuple[range, list[Column]]:
        """Make columns that line up, with the full hours that they share."""
        hours = span_of([one.sheet.stretches for one in days], _USUAL_HOURS)
        return hours, [self._column(hours, one) for one in days]

    def _column(self, hours: range, one: Day) -> Column:
        sheet = one.sheet
        return Column(
            one.heading,
            one.href,
            say_plan(self.clinic, sheet.hours),
            why(self.clinic, sheet, one.places),
            one.edit,
            sheet.day == self.today,
            sheet.visits,
            [self._block(each, sheet.day) for each in filled(sheet.stretches, hours)],
        )

    def _block(self, one: Stretch, day: date) -> Block:
        minutes = one.end - one.begin
        return Block(
            one.kind,
            f"h{minutes // 60} m{minutes % 60 // 5 * 5}",
            _say_free(one) if one.kind == "free" else "",
            one.outside,
            [self.visit(each, day) for each in one.visits],
        )

    def visit(self, visit: Appointment, day: date) -> Visit:
        """Return a visit as it is shown."""
        begin, end = minutes_on(day, visit, self.clinic.zone)
        treatment = self.clinic.treatments.get(visit.treatment_id)
        what = treatment.name if treatment else visit.treatment_id
        # A time that is only held makes nobody this practitioner's patient.
        hidden = self.own and visit.status == "held"
        return Visit(
            begins=say_minute(begin),
            ends=say_minute(end),
            who=visit.patient_name or f"Visitor {visit.conversation_id[:4]}",
            what=", ".join([what, *self._where(visit)]),
            status="" if visit.status == "booked" else visit.status,
            href="" if hidden else f"/staff/conversations/{visit.conversation_id}",
        )

    def _where(self, visit: Appointment) -> list[str]:
        if self.by_room:
            return [named(self.clinic, visit.practitioner_id)]
        place = self.clinic.places.get(visit.place_id)
        if place is None:
            return [visit.place_id]
        rooms = [room.name for room in place.rooms if room.id == visit.room_id]
        return rooms or ([place.name] if len(self.clinic.places) > 1 else [])


def _say_free(one: Stretch) -> str:
    minutes = one.end - one.begin
    if minutes < _LEAST_FREE_MINUTES:
        return ""
    if minutes < _SHORT_MINUTES:
        return f"{minutes} min"
    return f"{say_minute(one.begin)} to {say_minute(one.end)}"


def named(clinic: Clinic, practitioner_id: str) -> str:
    """Return a practitioner's name; the id where the files have none any more."""
    one = clinic.practitioners.get(practitioner_id)
    return one.name if one else practitioner_id


def say_minute(minute: int) -> str:
    """Say a minute of the day: "9:30 am"."""
    if minute >= MINUTES_A_DAY:
        return "midnight"
    return say_time(time(*divmod(minute, 60)))


def say_spans(spans: Iterable[Span]) -> str:
    """Say stretches of a day: "9 am to 12 noon, 1 pm to 5 pm"."""
    return ", ".join(
        f"{say_time(one.opens)} to {say_time(one.closes)}" for one in spans
    )


def say_plan(clinic: Clinic, plan: DayPlan) -> str:
    """Say the hours of a day, with the place where there are several."""
    parts = []
    for place_id, spans in plan.items():
        said = say_spans(spans)
        name = f"{clinic.places[place_id].name} " if len(clinic.places) > 1 else ""
        parts += [f"{name}{said}"] if said else []
    return "; ".join(parts)


def closed(clinic: Clinic, day: date, places: Sequence[str] = ()) -> list[str]:
    """Say what closes the clinic on a day, or all of some places: "Christmas Day"."""
    everywhere = [
        one.reason or "closed"
        for one in clinic.closures
        if one.covers(day) and one.place is None
    ]
    here = [
        f"{one.reason or 'closed'} ({clinic.places[one.place].name})"
        for one in clinic.closures
        if one.covers(day) and one.place is not None and one.place in places
    ]
    return list(dict.fromkeys(everywhere + here))


def why(clinic: Clinic, sheet: DaySheet, places: Sequence[str]) -> str:
    """Say what makes a day unlike others: a holiday, a closure, a change by staff."""
    said = [f"Closed: {one}" for one in closed(clinic, sheet.day, places)]
    return ". ".join(said + [said_by(clinic, one) for one in sheet.entered])


def said_by(clinic: Clinic, entered: HoursException) -> str:
    """Say what staff entered, and who did."""
    kind, _, name = entered.whose.partition(":")
    hours = any(entered.hours.values())
    if kind == "place":
        done = "other hours" if hours else "closed"
        return f"{clinic.places[name].name} {done} by {entered.made_by}"
    return f"{'Other hours' if hours else 'Off'} by {entered.made_by}"
