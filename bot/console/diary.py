"""The diary: a day of several people or rooms, a week of one person or of many."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any, Literal, get_args
from urllib.parse import urlencode

from sanic import HTTPResponse, Request

from bot.clinic.errors import NotFound
from bot.clinic.hours import place_hours, with_exceptions, with_weeks
from bot.clinic.profile import Clinic, Practitioner
from bot.clinic.when import MONTHS, WEEKDAYS, days, say_day, today
from bot.console.caller import Caller
from bot.console.days import EARLIEST, LATEST, read_day
from bot.console.diary_view import (
    Day,
    Reader,
    closed,
    say_minute,
    say_plan,
    say_spans,
    why,
)
from bot.console.door import ROOT, Console, Door, note
from bot.desk.day_sheet import attendance, day_of_rooms, days_of_people
from bot.store.unit import Unit

DIARY = f"{ROOT}/diary"
_AT_ONCE = {"day": 6, "week": 20, "rooms": 6}
"""So many people, or rooms, stand on one page."""
_LONGEST_NAME = 80

View = Literal["day", "week", "rooms"]


@dataclass(frozen=True)
class Look:
    """What somebody wants to see.

    Args:
        who: one practitioner's id; "" for all.
        place: only who is at this place; "" for all.
        find: a part of a name.
        page: counted from 0.
    """

    view: View
    day: date
    who: str = ""
    place: str = ""
    find: str = ""
    page: int = 0

    def link(self, **changes: Any) -> str:
        """Return the address of this look with something changed, its first page."""
        other = replace(self, **{"page": 0, **changes})
        fields = {
            "view": other.view,
            "day": other.day.isoformat(),
            "who": other.who,
            "place": other.place,
            "find": other.find,
            "page": str(other.page or ""),
        }
        return f"{DIARY}?{urlencode({k: v for k, v in fields.items() if v})}"

    @property
    def first(self) -> date:
        """The first day on the page."""
        back = self.day.weekday() if self.view == "week" else 0
        return self.day - timedelta(days=back)

    @property
    def last(self) -> date:
        """The last day on the page."""
        return self.first + timedelta(days=6 if self.view == "week" else 0)


def add(door: Door) -> None:
    """Register the page."""
    door.get("/diary", _diary)


async def _diary(console: Console, request: Request, caller: Caller) -> HTTPResponse:
    look = _look(console.clinic, request, caller)
    values = await asyncio.to_thread(_read, console, caller, look)
    return console.pages.show("diary.html", caller, look=look, **values)


def _look(clinic: Clinic, request: Request, caller: Caller) -> Look:
    args = {
        name: request.args.get(name, "").strip()
        for name in ("view", "day", "who", "place", "find", "page")
    }
    look = Look(
        view=_view(args["view"]),
        day=read_day(args["day"]) if args["day"] else today(caller.now, clinic.zone),
        who=args["who"],
        place=args["place"],
        find=args["find"][:_LONGEST_NAME],
        page=_number(args["page"]),
    )
    if caller.person.role == "practitioner":
        look = _own(look, caller)
    if look.who and look.who not in clinic.practitioners:
        raise NotFound("There is no such practitioner.")
    if look.place and look.place not in clinic.places:
        raise NotFound("There is no such place.")
    return look


def _view(text: str) -> View:
    for view in get_args(View):
        if text == view:
            return view
    return "day"


def _number(text: str) -> int:
    if not text:
        return 0
    if not (text.isascii() and text.isdecimal()) or len(text) > 4:
        raise ValueError("A page is a whole number.")
    return int(text)


def _own(look: Look, caller: Caller) -> Look:
    """Keep a practitioner to the own diary."""
    own = caller.person.practitioner_id or ""
    if look.who not in ("", own) or look.view == "rooms":
        raise NotFound("There is no such page.")
    return replace(look, who=own, place="", find="", page=0)


def _read(console: Console, caller: Caller, look: Look) -> dict[str, Any]:
    clinic = console.clinic
    now_day = today(caller.now, clinic.zone)
    reader = Reader(
        clinic,
        caller.person.role == "practitioner",
        now_day,
        by_room=look.view == "rooms",
    )
    with console.house.store.reading() as unit:
        values = _READ[look.view](unit, reader, look, caller)
    with console.house.store.unit() as unit:
        shown = ", ".join(values["names"])
        about = f"{look.view} {look.first.isoformat()}: {shown}"
        note(unit, caller, "read diary", about=about)
        unit.commit()
    return {
        "title": "Diary",
        "heading": _heading(clinic, look, now_day),
        "this_day": now_day,
        "closed": closed(clinic, look.day) if look.view != "week" else [],
        "own": reader.own,
        "with_rooms": any(one.rooms for one in clinic.places.values()),
        "steps": _steps(look, now_day),
        "who": clinic.practitioners.get(look.who),
        "say_minute": say_minute,
        **_NOTHING,
        **values,
    }


def _steps(look: Look, now_day: date) -> list[tuple[str, str, str]]:
    """Return label, relation and address of the way back, to today and on."""
    far = timedelta(days=7 if look.view == "week" else 1)
    return [
        ("Previous", "prev", look.link(day=max(look.day - far, EARLIEST))),
        ("Today", "", look.link(day=now_day)),
        ("Next", "next", look.link(day=min(look.day + far, LATEST))),
    ]


def _heading(clinic: Clinic, look: Look, now_day: date) -> str:
    if look.view != "week":
        said = say_day(look.day, now_day, clinic.locale)
        return f"{said[0].upper()}{said[1:]}"
    first, last = look.first, look.last
    month = MONTHS[first.month - 1]
    end = (
        last.day
        if last.month == first.month
        else f"{MONTHS[last.month - 1]} {last.day}"
    )
    return f"{month} {first.day} to {end}, {last.year}"


def _people(unit: Unit, clinic: Clinic, look: Look) -> list[Practitioner]:
    """Return whom the filter lets through, by name."""
    clinic = with_weeks(clinic, unit.hours.weeks(), look.first)
    wanted = look.find.casefold()
    found = [
        one
        for one in clinic.practitioners.values()
        if look.who in ("", one.id)
        and (not look.place or look.place in one.places)
        and wanted in one.name.casefold()
    ]
    return sorted(found, key=lambda one: one.name.casefold())


def _paged(look: Look, found: Sequence[Any]) -> tuple[Sequence[Any], dict[str, Any]]:
    """Return what stands on the page, and the ways to the pages around it."""
    most = _AT_ONCE[look.view]
    begin = look.page * most
    shown = found[begin : begin + most]
    return shown, {
        "found": len(found),
        "from": begin + 1,
        "until": begin + len(shown),
        "before": look.link(page=look.page - 1) if look.page else "",
        "after": look.link(page=look.page + 1) if begin + most < len(found) else "",
    }


def _day(unit: Unit, reader: Reader, look: Look, caller: Caller) -> dict[str, Any]:
    people = _people(unit, reader.clinic, look)
    who = attendance(unit, reader.clinic, people, look.day, caller.now, look.place)
    there = people if look.who else who.there
    shown, pages = _paged(look, there)
    sheets = days_of_people(unit, reader.clinic, shown, look.day, look.day, caller.now)
    hours, columns = reader.columns(
        [
            Day(
                one.name,
                "" if look.who else look.link(view="week", who=one.id),
                edit_link(one.id, look.day),
                one.places,
                sheets[one.id, look.day],
            )
            for one in shown
        ]
    )
    return {
        "names": [one.id for one in shown],
        "pages": pages,
        "hours": hours,
        "columns": columns,
        "away": [] if look.who else _links(who.away[: _AT_ONCE["week"]], look),
        "many_away": max(0, len(who.away) - _AT_ONCE["week"]),
        "places": [] if reader.own else _places(unit, reader.clinic, look),
        "strays": []
        if reader.own or look.who
        else [reader.visit(one, look.day) for one in who.strays],
    }


def _places(unit: Unit, clinic: Clinic, look: Look) -> list[tuple[str, str, str]]:
    """Return each place's name, its hours on that day, and where they are changed."""
    current = with_exceptions(clinic, unit.hours.between(look.day, look.day))
    return [
        (
            one.name,
            say_spans(place_hours(current, one.id, look.day)) or "closed",
            f"{DIARY}/places/{one.id}/{look.day.isoformat()}",
        )
        for one in clinic.places.values()
        if look.place in ("", one.id)
    ]


def _links(people: Sequence[Practitioner], look: Look) -> list[tuple[str, str]]:
    return [(one.name, look.link(view="week", who=one.id)) for one in people]


def _week(unit: Unit, reader: Reader, look: Look, caller: Caller) -> dict[str, Any]:
    shown, pages = _paged(look, _people(unit, reader.clinic, look))
    clinic, here = reader.clinic, list(days(look.first, look.last))
    sheets = days_of_people(unit, clinic, shown, look.first, look.last, caller.now)
    values: dict[str, Any] = {"names": [one.id for one in shown], "pages": pages}
    if look.who and shown:
        (one,) = shown
        hours, columns = reader.columns(
            [
                Day(
                    f"{WEEKDAYS[day.weekday()][:3]} {day.day}",
                    look.link(view="day", day=day),
                    edit_link(one.id, day),
                    one.places,
                    sheets[one.id, day],
                )
                for day in here
            ]
        )
        return {**values, "hours": hours, "columns": columns}
    return {
        **values,
        "week": [
            (
                f"{WEEKDAYS[day.weekday()][:3]} {day.day}",
                look.link(view="day", day=day),
                day == reader.today,
            )
            for day in here
        ],
        "rows": [
            (
                one.name,
                look.link(who=one.id),
                [
                    (
                        sheet.visits,
                        say_plan(clinic, sheet.hours),
                        why(clinic, sheet, one.places),
                        look.link(view="day", who=one.id, day=sheet.day),
                    )
                    for sheet in (sheets[one.id, day] for day in here)
                ],
            )
            for one in shown
        ],
    }


def _rooms(unit: Unit, reader: Reader, look: Look, caller: Caller) -> dict[str, Any]:
    clinic = reader.clinic
    with_rooms = [one.id for one in clinic.places.values() if one.rooms]
    places = [one for one in with_rooms if look.place in ("", one)]
    every = [(one, room) for one in places for room in clinic.places[one].rooms]
    shown, pages = _paged(look, every)
    sheets = {
        room.id: sheet
        for place in dict.fromkeys(place for place, _ in shown)
        for room, sheet in day_of_rooms(unit, clinic, place, look.day, caller.now)
    }
    hours, columns = reader.columns(
        [
            Day(
                room.name
                if len(places) == 1
                else f"{room.name}, {clinic.places[place].name}",
                "",
                "",
                [place],
                sheets[room.id],
            )
            for place, room in shown
        ]
    )
    return {
        "names": [room.id for _, room in shown],
        "pages": pages,
        "hours": hours,
        "columns": columns,
    }


def edit_link(practitioner_id: str, day: date) -> str:
    """Return where the hours of a practitioner's day are changed."""
    return f"{DIARY}/people/{practitioner_id}/{day.isoformat()}"


_NOTHING: Mapping[str, Any] = {
    "columns": (),
    "rows": (),
    "week": (),
    "hours": range(0),
    "away": (),
    "many_away": 0,
    "strays": (),
    "places": (),
}
_READ: Mapping[View, Any] = {"day": _day, "week": _week, "rooms": _rooms}
