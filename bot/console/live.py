"""Live pages: a stream that says that something changed, and signs of life."""

from __future__ import annotations

import asyncio

from sanic import HTTPResponse, Request
from sanic.response import empty

from bot.clock import utc_now
from bot.console.caller import Caller
from bot.console.door import Console, Door, field
from bot.desk import staff as people

_LOOK_SECONDS = 5.0
"""How often the record is looked at for what other processes wrote."""
_TOGETHER_SECONDS = 0.1
"""Rings that come so soon after each other are told as one."""


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
        await response.send("retry: 1000\n\nevent: open\ndata: 1\n\n")
        mark = await asyncio.to_thread(_mark, console)
        while await asyncio.to_thread(_logged_in, console, caller):
            rung = await _rung(rings)
            now = await asyncio.to_thread(_mark, console)
            changed = rung or now != mark
            mark = now
            await response.send(
                "event: changed\ndata: 1\n\n" if changed else ": still here\n\n"
            )
    return response


async def _here(console: Console, request: Request, caller: Caller) -> HTTPResponse:
    active = field(request, "active") == "1"
    await asyncio.to_thread(_note_life, console, caller, active)
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


def _mark(console: Console) -> str:
    with console.house.store.reading() as unit:
        return unit.queue.mark()


def _logged_in(console: Console, caller: Caller) -> bool:
    with console.house.store.reading() as unit:
        return people.who(unit, caller.browser, utc_now()) is not None


def _note_life(console: Console, caller: Caller, active: bool) -> None:
    """Note that somebody has the console in sight, and whether they touched it."""
    with console.house.store.unit() as unit:
        unit.handoffs.here(caller.person.name, caller.now)
        if active:
            unit.staff.touch(people.key_of(caller.browser), caller.now)
        unit.commit()
