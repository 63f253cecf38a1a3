"""The hours of one day, of a practitioner or a place, changed by plain forms."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from sanic import HTTPResponse, Request
from sanic.response import redirect

from bot.clinic.booking import Appointment
from bot.clinic.errors import NotFound
from bot.clinic.hours import (
    hours_of,
    of_place,
    of_practitioner,
    place_hours,
    with_exceptions,
    with_weeks,
)
from bot.clinic.profile import Clinic, DayPlan
from bot.clinic.when import WEEKDAYS, say_day, today
from bot.console.caller import Caller
from bot.console.days import read_day
from bot.console.diary import DIARY
from bot.console.diary_form import WHAT, Entered, days_of, plan_of, read_form, rows_of
from bot.console.diary_view import closed, named, said_by, say_plan
from bot.console.door import Console, Door, note
from bot.desk.hours import HoursChanged, HoursRefused
from bot.desk.hours_by_hand import InTheWay, Stale, enter_hours, state_of
from bot.store.unit import Unit

REFUSALS = {
    "unknown": "The clinic has no such place.",
    "overlap": "Two stretches overlap.",
    "off_grid": "Each stretch is on full 5 minutes and ends after it begins.",
    "past": "That day is over.",
    "outside_place": "A usual week lies within the usual hours of its place.",
}
_STALE = (
    "A colleague has changed this day meanwhile. What stands now is shown above; "
    "what you entered is kept below. Look again, then send it once more."
)


def add(door: Door) -> None:
    """Register the forms."""
    people, places = (
        "/diary/people/<practitioner_id>/<day>",
        "/diary/places/<place_id>/<day>",
    )
    door.get(people, _of_practitioner)
    door.post(people, _change_practitioner)
    door.get(places, _of_place, roles=("staff", "admin"))
    door.post(places, _change_place, roles=("staff", "admin"))


async def _of_practitioner(
    console: Console, _request: Request, caller: Caller, practitioner_id: str, day: str
) -> HTTPResponse:
    return await _show(console, caller, of_practitioner(practitioner_id), day)


async def _of_place(
    console: Console, _request: Request, caller: Caller, place_id: str, day: str
) -> HTTPResponse:
    return await _show(console, caller, of_place(place_id), day)


async def _change_practitioner(
    console: Console, request: Request, caller: Caller, practitioner_id: str, day: str
) -> HTTPResponse:
    return await _change(
        console, request, caller, of_practitioner(practitioner_id), day
    )


async def _change_place(
    console: Console, request: Request, caller: Caller, place_id: str, day: str
) -> HTTPResponse:
    return await _change(console, request, caller, of_place(place_id), day)


async def _show(
    console: Console,
    caller: Caller,
    whose: str,
    day: str,
    status: int = 200,
    sent: Entered | None = None,
    **told: Any,
) -> HTTPResponse:
    values = await asyncio.to_thread(_read, console, caller, whose, read_day(day), sent)
    values |= {"problem": "", "in_the_way": None, "left": [], **told}
    return console.pages.show("diary_hours.html", caller, status, **values)


async def _change(
    console: Console, request: Request, caller: Caller, whose: str, text: str
) -> HTTPResponse:
    day = read_day(text)
    name_of(console.clinic, whose)
    sent = read_form(request)
    try:
        on, hours = days_of(day, sent), plan_of(sent)
    except ValueError as slip:
        return await _show(
            console, caller, whose, text, status=422, sent=sent, problem=str(slip)
        )

    def done() -> HoursChanged | HoursRefused | InTheWay | Stale:
        with console.house.store.unit() as unit:
            # The deed commits. One that is refused leaves nothing, no line either.
            span = "" if len(on) == 1 else f" and {len(on) - 1} more days"
            about = f"{whose} {day.isoformat()}{span}: {WHAT[sent.what]}"
            note(unit, caller, "change hours", about=about)
            return enter_hours(
                unit,
                console.clinic,
                whose,
                on,
                hours,
                caller.person.name,
                caller.now,
                sent.seen,
                sent.despite,
            )

    outcome = await asyncio.to_thread(done)
    return await _answer(console, caller, whose, text, sent, outcome)


async def _answer(
    console: Console,
    caller: Caller,
    whose: str,
    text: str,
    sent: Entered,
    outcome: HoursChanged | HoursRefused | InTheWay | Stale,
) -> HTTPResponse:
    if isinstance(outcome, HoursChanged):
        if not outcome.outside:
            who = f"&who={whose.partition(':')[2]}" if "practitioner" in whose else ""
            view = "week" if who else "day"
            return redirect(f"{DIARY}?view={view}&day={text}{who}", status=303)
        return await _show(
            console,
            caller,
            whose,
            text,
            left=lines_of(console, outcome.outside, caller),
        )
    told: dict[str, Any]
    if isinstance(outcome, InTheWay):
        told = {
            "in_the_way": outcome,
            "visits": lines_of(console, outcome.visits, caller),
        }
    elif isinstance(outcome, Stale):
        told = {"problem": _STALE}
    else:
        told = {"problem": REFUSALS[outcome.reason]}
    return await _show(console, caller, whose, text, status=409, sent=sent, **told)


def _read(
    console: Console, caller: Caller, whose: str, day: date, sent: Entered | None
) -> dict[str, Any]:
    clinic = console.clinic
    name = name_of(clinic, whose)
    with console.house.store.reading() as unit:
        values = _standing(unit, clinic, whose, day)
    with console.house.store.unit() as unit:
        note(unit, caller, "read diary", about=f"hours of {whose} {day.isoformat()}")
        unit.commit()
    now_day = today(caller.now, clinic.zone)
    return {
        "title": f"Hours of {name}",
        "name": name,
        "whose": whose,
        "day": day,
        "said_day": say_day(day, now_day, clinic.locale),
        "weekday": WEEKDAYS[day.weekday()],
        "over": day < now_day,
        "sent": sent,
        "rows": rows_of(values["plan"], sent),
        "visits": [],
        **values,
    }


def name_of(clinic: Clinic, whose: str) -> str:
    """Return the name of the person or place.

    Raises:
        NotFound: the clinic has none such.
    """
    kind, _, key = whose.partition(":")
    known: Mapping[str, Any] = (
        clinic.places if kind == "place" else clinic.practitioners
    )
    if key not in known:
        raise NotFound("There is no such page.")
    return str(known[key].name)


def _standing(unit: Unit, clinic: Clinic, whose: str, day: date) -> dict[str, Any]:
    entered = unit.hours.between(day, day)
    kind, _, key = whose.partition(":")
    own = [one for one in entered if one.whose == whose]
    usual_clinic = with_weeks(clinic, unit.hours.weeks(), day)
    usual = _plan(usual_clinic, whose, day)
    plan = _plan(with_exceptions(usual_clinic, entered), whose, day)
    if kind == "place":
        places = [clinic.places[key]]
    else:
        here = clinic.practitioners[key].places
        places = sorted(clinic.places.values(), key=lambda one: one.id not in here)
    return {
        "plan": plan,
        "stands": say_plan(clinic, plan),
        "usual": say_plan(clinic, usual),
        "entered": [said_by(clinic, one) for one in own],
        "closed": closed(clinic, day, [one.id for one in places]),
        "places": [(one.id, one.name) for one in places],
        "state": state_of(unit, whose, day),
    }


def _plan(clinic: Clinic, whose: str, day: date) -> DayPlan:
    kind, _, key = whose.partition(":")
    if kind == "place":
        return {key: place_hours(clinic, key, day)}
    return hours_of(clinic, clinic.practitioners[key], day)


def lines_of(
    console: Console, visits: Sequence[Appointment], caller: Caller
) -> list[tuple[str, str, str, str]]:
    """Return who, when, with whom, and where the conversation is, of some visits."""
    return [
        (
            one.patient_name or f"Visitor {one.conversation_id[:4]}",
            console.pages.exact(one.starts_at),
            named(console.clinic, one.practitioner_id),
            ""
            if caller.person.role == "practitioner" and one.status == "held"
            else f"/staff/conversations/{one.conversation_id}",
        )
        for one in visits
    ]
