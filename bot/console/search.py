"""Search over all transcripts: words, a name, a number, dates, a flag."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta

from sanic import HTTPResponse, Request

from bot.clinic.restricted import HELD_BACK, may_read
from bot.clinic.screening import Disposition
from bot.clinic.search import Find, Wanted, excerpt
from bot.clinic.when import instant
from bot.console.caller import Caller
from bot.console.crisis import speaks_of_one
from bot.console.days import read_day
from bot.console.door import Console, Door, note
from bot.desk.search import MOST_FINDS, search
from bot.store.unit import Unit

_LONGEST_TEXT = 200


def add(door: Door) -> None:
    """Register the page."""
    door.get("/search", _search)


async def _search(console: Console, request: Request, caller: Caller) -> HTTPResponse:
    fields = {
        name: request.args.get(name, "")[:_LONGEST_TEXT]
        for name in ("text", "since", "until", "flag")
    }
    asked = any(value.strip() for value in fields.values())
    finds: Sequence[Find] = ()
    problem = ""
    if asked:
        try:
            wanted = _wanted(console, caller, fields)
        except ValueError as fault:
            problem = str(fault)
        else:
            finds = await asyncio.to_thread(_find, console, caller, wanted)
    words = Wanted(fields["text"]).words
    return console.pages.show(
        "search.html",
        caller,
        title="Search",
        fields=fields,
        flags=[one.value for one in Disposition]
        + sorted(console.house.shelf.protocol.flags),
        finds=[(find, excerpt(find.text, words)) for find in finds],
        most=MOST_FINDS,
        asked=asked,
        problem=problem,
    )


def _wanted(console: Console, caller: Caller, fields: dict[str, str]) -> Wanted:
    """Read the form.

    Raises:
        ValueError: a date is none, or the last day comes before the first.
    """
    since, until = (
        read_day(fields[name]) if fields[name] else None for name in ("since", "until")
    )
    if since and until and until < since:
        raise ValueError("The last day comes before the first.")
    person = caller.person
    return Wanted(
        text=fields["text"],
        since=_midnight(console, since) if since else None,
        until=_midnight(console, until + timedelta(days=1)) if until else None,
        flag=fields["flag"] or None,
        practitioner_id=person.practitioner_id or ""
        if person.role == "practitioner"
        else None,
    )


def _midnight(console: Console, day: date) -> datetime:
    return instant(day, time(0), console.clinic.zone)


def _find(console: Console, caller: Caller, wanted: Wanted) -> list[Find]:
    with console.house.store.reading() as unit:
        finds = search(unit, wanted)
        if not may_read(caller.person, console.clinic.crisis_readers):
            finds = list(_discreet(unit, finds, wanted))
    with console.house.store.unit() as unit:
        note(unit, caller, "search", about=f"conversations shown: {len(finds)}")
        for find in finds:
            note(unit, caller, "found", find.conversation_id, f"message {find.seq}")
        unit.commit()
    return finds


def _discreet(unit: Unit, finds: Iterable[Find], wanted: Wanted) -> Iterator[Find]:
    """Leave out conversations with a crisis in them, unless found by their patient.

    Otherwise a search for its words would tell who said them.
    """
    for find in finds:
        if not speaks_of_one(unit, find.conversation_id):
            yield find
        elif wanted.flag is None and _is_patient(find, wanted):
            yield replace(find, text=HELD_BACK)


def _is_patient(find: Find, wanted: Wanted) -> bool:
    name = find.patient.casefold()
    named = bool(wanted.words) and all(one.casefold() in name for one in wanted.words)
    return bool(name) and (named or wanted.digits is not None)
