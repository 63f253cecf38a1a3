"""Visits for the person in a conversation: hold, book, move, cancel."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime
from typing import Any

from sanic import HTTPResponse, Request
from sanic.response import redirect

from bot.clinic.booking import Appointment, Opening, Patient, read_opening
from bot.clinic.conversation import Said
from bot.clinic.errors import NotAllowed
from bot.clinic.when import say_moment
from bot.console.caller import Caller
from bot.console.door import ROOT, Console, Door, field, note, write_note
from bot.console.reason import reason_of
from bot.desk.booking import cancel
from bot.desk.by_hand import book_by_hand, hold_by_hand, move_by_hand
from bot.desk.outcomes import OpeningTaken, Refused
from bot.desk.people import Unreadable, read_email, read_name, read_phone
from bot.links import links
from bot.store.unit import Unit

_TALK = "/conversations/<conversation_id>"
REFUSALS = {
    "too_soon": "That time is too soon, or over.",
    "too_late": "The visit has begun, or is over.",
    "unknown": "Somebody has changed that visit meanwhile. Look at it again.",
    "locked": "The safety screening has locked booking since you opened the page. "
    "Please look at that first.",
}


def plans(unit: Unit, conversation_id: str, now: datetime) -> dict[str, Any]:
    """Return what the person has booked, holds or asked for."""
    visits = unit.bookings.history_of(conversation_id)
    return {
        "ahead": [
            one
            for one in visits
            if one.status in ("pending", "booked") and one.ends_at > now
        ],
        "held": [one for one in visits if one.status == "held" and not one.lapsed(now)],
        "before": [
            one
            for one in visits
            if one.status != "held"
            and (one.ends_at <= now or one.status not in ("pending", "booked"))
        ],
        "asked": unit.bookings.new_requests_of(conversation_id),
    }


def add(door: Door) -> None:
    """Register the deeds."""
    door.post(f"{_TALK}/hold", _hold)
    door.post(f"{_TALK}/book", _book)
    door.post(f"{_TALK}/move", _move)
    door.post(f"{_TALK}/cancel", _cancel)


async def _hold(
    console: Console, request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    opening, seen = _opening(console, request, caller), seen_locks(request)

    def deed(unit: Unit) -> object:
        return hold_by_hand(
            unit,
            console.clinic,
            conversation_id,
            opening,
            caller.person.name,
            caller.now,
            seen,
        )

    return await do(console, caller, conversation_id, f"hold {opening.id}", deed)


async def _book(
    console: Console, request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    opening = _opening(console, request, caller)
    patient = _patient(request, console.clinic.country)
    asked = field(request, "request_id") or None
    seen, reason = seen_locks(request), _why_despite(request)

    def deed(unit: Unit) -> object:
        if reason:
            why = f"Booked although the screening locks booking: {reason}"
            write_note(unit, caller, conversation_id, why)
        return book_by_hand(
            unit,
            console.clinic,
            links(console.house.settings),
            conversation_id,
            opening,
            patient,
            caller.person.name,
            caller.now,
            asked,
            seen,
        )

    return await do(console, caller, conversation_id, f"book {opening.id}", deed)


async def _move(
    console: Console, request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    opening = _opening(console, request, caller)
    asked = field(request, "request_id") or None
    seen, reason = seen_locks(request), _why_despite(request)

    def deed(unit: Unit) -> object:
        visit = as_shown(unit, request, caller, conversation_id)
        if visit is None:
            return Refused("unknown")
        if reason:
            why = f"Moved although the screening locks booking: {reason}"
            write_note(unit, caller, conversation_id, why)
        return move_by_hand(
            unit,
            console.clinic,
            links(console.house.settings),
            conversation_id,
            visit.id,
            opening,
            caller.person.name,
            caller.now,
            asked,
            seen,
        )

    about = f"move {field(request, 'visit')} to {opening.id}"
    return await do(console, caller, conversation_id, about, deed)


async def _cancel(
    console: Console, request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    name = caller.person.name

    def deed(unit: Unit) -> object:
        visit = as_shown(unit, request, caller, conversation_id)
        if visit is None:
            return Refused("unknown")
        when = _say(console, visit.starts_at, caller.now)
        told = Said(f"{name} has cancelled your visit {when}.", "system")
        unit.conversations.say(conversation_id, told, caller.now)
        return cancel(
            unit,
            console.clinic,
            conversation_id,
            visit.id,
            caller.now,
            by=name,
            knows_terms=True,
        )

    about = f"cancel {field(request, 'visit')}"
    return await do(console, caller, conversation_id, about, deed)


def as_shown(
    unit: Unit, request: Request, caller: Caller, conversation_id: str
) -> Appointment | None:
    """Return the visit that a form is about, as it stood on the page.

    Nobody changes it until the unit is over.

    Returns:
        None where it has changed since, or is of another conversation.

    Raises:
        NotAllowed: it is with somebody else than the practitioner who asks.
    """
    unit.conversations.lock(conversation_id)
    visit = unit.bookings.get(field(request, "visit"))
    if visit is None or visit.conversation_id != conversation_id:
        return None
    if not _is_own(caller, visit.practitioner_id):
        raise NotAllowed("That visit is with somebody else. Nothing was changed.")
    return visit if str(visit.sequence) == field(request, "sequence") else None


def seen_locks(request: Request) -> list[str]:
    """Return which locks on booking stood on the page."""
    return field(request, "locks").split()


def _why_despite(request: Request) -> str:
    """Return why somebody may come although booking is locked; "" where it is not.

    Raises:
        ValueError: it is locked and no reason is given.
    """
    if not seen_locks(request):
        return ""
    reason = reason_of(request)
    if not reason:
        raise ValueError("Please write why they may come although booking is locked.")
    return reason


def _is_own(caller: Caller, practitioner_id: str) -> bool:
    person = caller.person
    return person.role != "practitioner" or practitioner_id == person.practitioner_id


async def do(
    console: Console,
    caller: Caller,
    conversation_id: str,
    about: str,
    deed: Callable[[Unit], object],
    back: str = "",
) -> HTTPResponse:
    """Do something in the diary, write it down; or say why it cannot be done.

    Args:
        about: what stands in the audit.
        deed: commits where it is done.
        back: where to go on, if not in the conversation.
    """

    def done() -> object:
        with console.house.store.unit() as unit:
            # The deed commits. One that is refused leaves nothing, no line either.
            note(unit, caller, "visit", conversation_id, about)
            return deed(unit)

    outcome = await asyncio.to_thread(done)
    here = back or f"{ROOT}/conversations/{conversation_id}"
    if isinstance(outcome, OpeningTaken):
        problem = "Somebody else has that time already. Please choose another."
    elif isinstance(outcome, Refused):
        problem = REFUSALS.get(outcome.reason, "That could not be done.")
    else:
        console.bell.ring(conversation_id)
        return redirect(here, status=303)
    return console.pages.show(
        "refused.html", caller, status=409, title="Not done", reason=problem, back=here
    )


def _say(console: Console, at: datetime, now: datetime) -> str:
    return say_moment(at, console.clinic.zone, now, console.clinic.locale)


def _opening(console: Console, request: Request, caller: Caller) -> Opening:
    opening = read_opening(console.clinic, field(request, "opening"))
    if opening is None:
        raise ValueError("Please choose a time.")
    if not _is_own(caller, opening.practitioner_id):
        raise NotAllowed("That time is in somebody else's diary.")
    return opening


def _patient(request: Request, country: str) -> Patient:
    email = field(request, "email")
    return Patient(
        name=_readable(read_name(field(request, "name"))),
        phone=_readable(read_phone(field(request, "phone"), country)),
        email=_readable(read_email(email)) if email else "",
    )


def _readable(read: str | Unreadable) -> str:
    if isinstance(read, str):
        return read
    raise ValueError(f"{read.reason} Nothing was booked.")
