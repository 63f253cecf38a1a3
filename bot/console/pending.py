"""What staff have to decide: visits that wait for a look, and wishes for a visit."""

from __future__ import annotations

import asyncio
from collections import Counter
from typing import Any, NamedTuple

from sanic import HTTPResponse, Request

from bot.clinic.booking import Appointment
from bot.clinic.profile import Clinic
from bot.clinic.restricted import readers, without
from bot.console.booking import as_shown, do, seen_locks
from bot.console.caller import Caller
from bot.console.crisis import about_crisis, is_shut, speaks_of_one
from bot.console.door import ROOT, Console, Door, field, note, write_note
from bot.console.reason import reason_of
from bot.desk.brief import brief_of
from bot.desk.by_hand import clear, decline
from bot.desk.outcomes import Refused
from bot.desk.requests import decline_request
from bot.desk.screening import locks
from bot.links import links
from bot.look import brief as brief_page
from bot.store.unit import Unit

PENDING = f"{ROOT}/pending"
_TALK = "/conversations/<conversation_id>"
_AT_ONCE = 20
_WORDS = {"clear": "Cleared", "decline": "Declined"}
_NO_REASON = {
    "clear": "Please write why they may come although booking is locked.",
    "decline": "Please write why it is declined.",
}


class Waiting(NamedTuple):
    """A visit that waits for a look, with what its screening says.

    A course is decided as a whole: `more` visits of it follow the one shown.
    """

    visit: Appointment
    more: int
    screening: dict[str, Any] | None
    deciders: list[tuple[str, str]]
    locks: list[str]
    about_crisis: str


def add(door: Door) -> None:
    """Register the page and its deeds."""
    door.get("/pending", _pending)
    door.post(f"{_TALK}/decide", _decide)
    door.post(f"{_TALK}/decline-request", _decline_request)


def deciders(clinic: Clinic, visit: Appointment) -> list[tuple[str, str]]:
    """Return id and name of who may have looked: whose visit it is, then others."""
    others = [
        one
        for one in clinic.practitioners.values()
        if visit.place_id in one.places and one.id != visit.practitioner_id
    ]
    first = clinic.practitioners.get(visit.practitioner_id)
    shown = ([first] if first else []) + sorted(others, key=lambda one: one.name)
    return [(one.id, one.name) for one in shown]


async def _pending(console: Console, _request: Request, caller: Caller) -> HTTPResponse:
    values = await asyncio.to_thread(_read, console, caller)
    return console.pages.show("pending.html", caller, title="To decide", **values)


def _read(console: Console, caller: Caller) -> dict[str, Any]:
    own = caller.person.practitioner_id
    alone = caller.person.role == "practitioner"
    with console.house.store.reading() as unit:
        pending = [
            one
            for one in unit.bookings.pending(caller.now)
            if not alone or one.practitioner_id == own
        ]
        courses = Counter(one.course_id or one.id for one in pending)
        firsts = {one.course_id or one.id: one for one in reversed(pending)}
        cases = sorted(firsts.values(), key=lambda one: one.starts_at)
        waiting = [
            _waiting(console, unit, caller, one, courses[one.course_id or one.id] - 1)
            for one in cases[:_AT_ONCE]
        ]
        # A wish is for nobody's diary yet: it is for whoever runs the front desk.
        asked = [] if alone else unit.bookings.requests()
    about = f"{len(waiting)} pending, {len(asked[:_AT_ONCE])} requests"
    with console.house.store.unit() as unit:
        note(unit, caller, "read pending", about=about)
        read = {one.conversation_id: "" for one in asked[:_AT_ONCE]}
        read |= {one.visit.conversation_id: one.about_crisis for one in waiting}
        for conversation_id, crisis in read.items():
            note(unit, caller, "read visits", conversation_id, f"to decide{crisis}")
        unit.commit()
    return {
        "waiting": waiting,
        "more_waiting": len(cases) - len(waiting),
        "asked": asked[:_AT_ONCE],
        "more_asked": max(0, len(asked) - _AT_ONCE),
        "alone": alone,
    }


def _waiting(
    console: Console, unit: Unit, caller: Caller, visit: Appointment, more: int
) -> Waiting:
    shelf, of = console.house.shelf, visit.conversation_id
    shut = is_shut(console, unit, caller, of)
    found = brief_of(unit, of, shelf.protocol, shelf.red_flags.reasons)
    if found and shut:
        found = without(found, shelf.protocol)
    held_back = readers(shelf.clinic.crisis_readers) if shut else ""
    return Waiting(
        visit,
        more,
        brief_page.values(found, shelf.clinic, caller.now, held_back)
        if found
        else None,
        deciders(shelf.clinic, visit),
        locks(unit, of, caller.now),
        about_crisis(restricted=speaks_of_one(unit, of), shut=shut),
    )


async def _decide(
    console: Console, request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    answer, seen = field(request, "answer"), seen_locks(request)
    if answer not in _WORDS:
        raise ValueError("Please choose: clear it, or decline it.")
    by, reason = _by(console, request, caller), reason_of(request)
    if not reason and (seen or answer == "decline"):
        raise ValueError(f"{_NO_REASON[answer]} Nothing was changed.")

    def deed(unit: Unit) -> object:
        visit = as_shown(unit, request, caller, conversation_id)
        if visit is None:
            return Refused("unknown")
        if reason:
            text = f"{_WORDS[answer]} by {by}: {reason}"
            write_note(unit, caller, conversation_id, text)
        if answer == "decline":
            return decline(unit, console.clinic, visit.id, by, caller.now)
        addresses = links(console.house.settings)
        return clear(unit, console.clinic, addresses, visit.id, by, caller.now, seen)

    about = f"{answer} {field(request, 'visit')} by {by}"
    return await do(console, caller, conversation_id, about, deed, _back(request))


async def _decline_request(
    console: Console, request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    request_id, reason = field(request, "request_id"), reason_of(request)

    def deed(unit: Unit) -> object:
        if reason:
            write_note(unit, caller, conversation_id, f"Request declined: {reason}")
        name = caller.person.name
        return decline_request(
            unit, console.clinic, conversation_id, request_id, name, caller.now
        )

    about = f"decline request {request_id}"
    return await do(console, caller, conversation_id, about, deed, _back(request))


def _by(console: Console, request: Request, caller: Caller) -> str:
    """Return the name under which it is decided; the visitor reads it.

    Raises:
        ValueError: no practitioner is named.
    """
    if caller.person.role == "practitioner":
        return caller.person.name
    named = console.clinic.practitioners.get(field(request, "by"))
    if named is None:
        raise ValueError("Please say which practitioner has looked at the answers.")
    return named.name


def _back(request: Request) -> str:
    return PENDING if field(request, "back") == "pending" else ""
