"""Live pages: a stream that says that something changed, and signs of life."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime, timedelta
from typing import NamedTuple

from sanic import HTTPResponse, Request
from sanic.response import empty

from bot.clock import utc_now
from bot.console.caller import Caller
from bot.console.door import Console, Door, field
from bot.console.queue import Counts, count
from bot.desk import staff as people

_LOOK_SECONDS = 5.0
"""How often the record is looked at for what other processes wrote."""
_TOGETHER_SECONDS = 0.1
"""Rings that come so soon after each other are told as one."""
_LONGEST_NUMBER = 9


class _Look(NamedTuple):
    """The queue at one moment.

    Args:
        mark: changes whenever the queue does.
        counts: None where it has not changed.
    """

    mark: str
    counts: Counts | None


def add(door: Door) -> None:
    """Register the stream and the sign of life."""
    door.get("/live", _live)
    door.post("/here", _here)


async def _live(console: Console, request: Request, caller: Caller) -> HTTPResponse:
    response = await request.respond(
        content_type="text/event-stream",
        headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
    )
    with console.bell.watch_all() as rings:
        await response.send("retry: 1000\n\n")
        known = ""
        while look := await asyncio.to_thread(_look, console, caller, known):
            await response.send(
                f"event: changed\ndata: {json.dumps(look.counts._asdict())}\n\n"
                if look.counts
                else ": still here\n\n"
            )
            known = "" if await _rung(rings) else look.mark
    return response


async def _here(console: Console, request: Request, caller: Caller) -> HTTPResponse:
    idle = field(request, "idle")
    if not (idle.isascii() and idle.isdecimal() and len(idle) <= _LONGEST_NUMBER):
        raise ValueError("How long nobody touched the page is a number of seconds.")
    touched = caller.now - timedelta(seconds=int(idle))
    await asyncio.to_thread(_note_life, console, caller, touched)
    return empty()


async def _rung(rings: asyncio.Queue[str]) -> bool:
    try:
        await asyncio.wait_for(rings.get(), _LOOK_SECONDS)
    except asyncio.TimeoutError:
        return False
    await asyncio.sleep(_TOGETHER_SECONDS)
    while not rings.empty():
        rings.get_nowait()
    return True


def _look(console: Console, caller: Caller, known: str) -> _Look | None:
    """Look at the queue for one person; None once they are logged out.

    Args:
        known: the mark under which it need not be counted again.
    """
    with console.house.store.reading() as unit:
        person = people.who(unit, caller.browser, utc_now())
        if person is None:
            return None
        mark = unit.queue.mark()
        return _Look(mark, None if mark == known else count(unit, person))


def _note_life(console: Console, caller: Caller, touched: datetime) -> None:
    """Note that somebody has the console in sight, and when they touched it last."""
    with console.house.store.unit() as unit:
        unit.handoffs.here(caller.person.name, caller.now)
        unit.staff.touch(people.key_of(caller.browser), touched)
        unit.commit()
