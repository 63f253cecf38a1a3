"""The audit: who of the staff read or did what, for the administrator."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from sanic import HTTPResponse, Request

from bot.clinic.audit import Entry
from bot.clinic.when import instant
from bot.console.caller import Caller
from bot.console.days import read_day
from bot.console.door import Console, Door, note

_PAGE = 100
_LONGEST_NUMBER = 18
_FIELDS = ("name", "day", "conversation")


def add(door: Door) -> None:
    """Register the page."""
    door.get("/audit", _audit, roles=("admin",))


async def _audit(console: Console, request: Request, caller: Caller) -> HTTPResponse:
    fields = {name: request.args.get(name, "").strip() for name in _FIELDS}
    wanted: dict[str, Any] = {
        "name": fields["name"] or None,
        "conversation_id": fields["conversation"] or None,
        "before": _number(request.args.get("before", "")),
    }
    wanted |= _day(console, fields["day"])
    entries, names = await asyncio.to_thread(_read, console, caller, wanted)
    more = dict(fields, before=str(entries[-1][0])) if len(entries) == _PAGE else None
    return console.pages.show(
        "audit.html",
        caller,
        title="Audit",
        fields=fields,
        names=names,
        entries=[entry for _, entry in entries],
        more=urlencode(more) if more else "",
    )


def _number(text: str) -> int | None:
    if not text:
        return None
    if not (text.isascii() and text.isdecimal()) or len(text) > _LONGEST_NUMBER:
        raise ValueError("The number of a line is a whole number.")
    return int(text)


def _day(console: Console, text: str) -> Mapping[str, datetime]:
    """Read one day of the clinic's calendar.

    Raises:
        ValueError: there is no such day.
    """
    if not text:
        return {}
    day = read_day(text)
    here = console.clinic.zone
    return {
        "since": instant(day, time(0), here),
        "until": instant(day + timedelta(days=1), time(0), here),
    }


def _read(
    console: Console, caller: Caller, wanted: Mapping[str, Any]
) -> tuple[list[tuple[int, Entry]], list[str]]:
    with console.house.store.reading() as unit:
        found = unit.audit.newest(_PAGE, **wanted), unit.audit.names()
    with console.house.store.unit() as unit:
        note(unit, caller, "read the audit")
        unit.commit()
    return found
