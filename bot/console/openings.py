"""The page on which staff look for a time."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Any

from sanic import HTTPResponse, Request

from bot.clinic.booking import Appointment, AppointmentRequest, Opening, Patient
from bot.clinic.errors import NotFound
from bot.clinic.profile import Clinic
from bot.clinic.when import instant, say_day, today
from bot.clinic.wish import Wish
from bot.console.caller import Caller
from bot.console.door import Console, Door, note
from bot.desk.openings import offer
from bot.desk.screening import locks
from bot.store.unit import Unit

_OFFERED = 24


@dataclass(frozen=True)
class Chosen:
    """What staff look for in the diary."""

    treatment_id: str
    practitioner_id: str
    day: date
    moving: str
    request: str


def add(door: Door) -> None:
    """Register the page."""
    door.get("/conversations/<conversation_id>/openings", _openings)


async def _openings(
    console: Console, request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    chosen = _chosen(console.clinic, request, caller)
    return await _show(console, caller, conversation_id, chosen)


def _chosen(clinic: Clinic, request: Request, caller: Caller) -> Chosen:
    now = caller.now
    treatment_id = request.args.get("treatment", "")
    practitioner_id = request.args.get("practitioner", "")
    if caller.person.role == "practitioner":
        practitioner_id = caller.person.practitioner_id or ""
    try:
        day = date.fromisoformat(request.args.get("from", ""))
    except ValueError:
        day = today(now, clinic.zone)
    return Chosen(
        treatment_id
        if treatment_id in clinic.treatments
        else next(iter(clinic.treatments)),
        practitioner_id if practitioner_id in clinic.practitioners else "",
        min(max(day, today(now, clinic.zone)), date(9000, 1, 1)),
        request.args.get("move", ""),
        request.args.get("request", ""),
    )


async def _show(
    console: Console, caller: Caller, conversation_id: str, chosen: Chosen
) -> HTTPResponse:
    def read() -> dict[str, Any]:
        with console.house.store.reading() as unit:
            clinic = console.clinic
            moving = _moving(unit, conversation_id, chosen.moving)
            found = _found(unit, clinic, chosen, caller.now)
            asked = _asked(unit, conversation_id, chosen.request)
            known = _person(unit, conversation_id, asked)
            barring = locks(unit, conversation_id, caller.now)
        with console.house.store.unit() as unit:
            note(unit, caller, "read visits", conversation_id)
            unit.commit()
        return {
            "days": found,
            "moving": moving,
            "asked": asked,
            "patient": known,
            "locks": barring,
        }

    values = await asyncio.to_thread(read)
    return console.pages.show(
        "openings.html",
        caller,
        title="Find a time",
        conversation_id=conversation_id,
        chosen=chosen,
        **values,
    )


def _moving(unit: Unit, conversation_id: str, visit_id: str) -> Appointment | None:
    if not visit_id:
        return None
    visit = unit.bookings.get(visit_id)
    if visit is None or visit.conversation_id != conversation_id:
        raise NotFound("There is no such visit.")
    return visit


def _found(
    unit: Unit, clinic: Clinic, chosen: Chosen, now: datetime
) -> list[tuple[str, Sequence[Opening]]]:
    wish = Wish(
        earliest=instant(chosen.day, time(), clinic.zone),
        latest=instant(chosen.day + timedelta(days=7), time(), clinic.zone),
        treatment_id=chosen.treatment_id,
        practitioner_id=chosen.practitioner_id or None,
        near_minute=0,
    )
    openings = offer(unit, clinic, wish, now, count=_OFFERED)
    days = groupby(openings, lambda one: one.starts_at.astimezone(clinic.zone).date())
    here = today(now, clinic.zone)
    return [(say_day(day, here, clinic.locale), list(each)) for day, each in days]


def _asked(
    unit: Unit, conversation_id: str, request_id: str
) -> AppointmentRequest | None:
    """Return the wish that a time is looked for, None where it is for none."""
    if not request_id:
        return None
    asked = unit.bookings.request(request_id)
    if asked is None or asked.conversation_id != conversation_id:
        raise NotFound("There is no such request.")
    return asked if asked.state == "new" else None


def _person(
    unit: Unit, conversation_id: str, asked: AppointmentRequest | None
) -> Patient:
    if asked is not None:
        return Patient(asked.patient_name, asked.patient_phone, asked.patient_email)
    for one in reversed(unit.bookings.history_of(conversation_id)):
        if one.patient_name:
            return Patient(one.patient_name, one.patient_phone, one.patient_email)
    return Patient("", "", "")
