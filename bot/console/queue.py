"""The queue: who needs staff first."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from sanic import HTTPResponse, Request

from bot.clinic.queue import Line, in_order
from bot.clinic.staff import Staff
from bot.console.caller import Caller
from bot.console.door import Console, Door
from bot.store.unit import Unit

BESIDE_A_CONVERSATION = 60
"""So many lines of a group stand beside a conversation; all on the queue's own page."""


@dataclass(frozen=True)
class Queue:
    """The queue as one person sees it.

    Args:
        groups: a heading and its lines, in order; empty ones are left out.
        unread: conversations in which something is new to staff.
        pressing: of those, the emergencies that nobody holds.
    """

    groups: Sequence[tuple[str, Sequence[Line]]]
    waiting: int
    unread: int
    pressing: int


def add(door: Door) -> None:
    """Register the page."""
    door.get("/", _queue)


async def _queue(console: Console, _request: Request, caller: Caller) -> HTTPResponse:
    found = await asyncio.to_thread(_read, console, caller)
    return console.pages.show(
        "queue.html", caller, title="Queue", queue=found, open_id=""
    )


def _read(console: Console, caller: Caller) -> Queue:
    with console.house.store.reading() as unit:
        return read(console, unit, caller.person)


def read(console: Console, unit: Unit, person: Staff, most: int | None = None) -> Queue:
    """Read the queue of one person.

    Args:
        most: the longest list that is wanted.
    """
    mine = person.practitioner_id if person.role == "practitioner" else None
    lines = in_order(console.clinic, unit.queue.waiting(mine))
    waiting = [one for one in lines if one.waiting.handoff.state == "waiting"]
    held = [one for one in lines if one.waiting.handoff.state == "held"]
    own = [one for one in held if one.waiting.handoff.held_by == person.name]
    others = [one for one in held if one.waiting.handoff.held_by != person.name]
    groups = [("You hold", own), ("Waiting", waiting), ("Held by others", others)]
    return Queue(
        groups=[(heading, part[:most]) for heading, part in groups if part],
        waiting=len(waiting),
        unread=sum(bool(one.waiting.unread) for one in [*own, *waiting]),
        pressing=sum(one.waiting.handoff.priority == "stat" for one in waiting),
    )
