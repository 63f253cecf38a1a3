"""The queue: who needs staff first."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import lru_cache, partial
from typing import NamedTuple

from sanic import HTTPResponse, Request

from bot.clinic.handoff import Hours, due_at, open_on
from bot.clinic.queue import Waiting, in_order
from bot.clinic.staff import Staff
from bot.console.caller import Caller
from bot.console.door import Console, Door
from bot.console.pages import REASONS, ago
from bot.store.unit import Unit

BESIDE_A_CONVERSATION = 60
"""So many lines of a group stand beside a conversation."""

AT_ONCE = 100
"""So many on the queue's own page; nobody works through more, and it is read anew
whenever something changes. A link leads to all of them."""


class Line(NamedTuple):
    """One line of the queue, ready to be shown.

    Args:
        word: stands before `at`, or alone where there is no time to tell.
        at: counted from or to, as the machine reads it; "" for none.
        ago: the same for people, as it is when the page is made.
        exact: the same as a time of the clinic's day.
    """

    id: str
    who: str
    why: str
    marks: str
    pressing: bool
    unread: int
    word: str
    at: str = ""
    ago: str = ""
    exact: str = ""


@dataclass(frozen=True)
class Queue:
    """The queue as one person sees it.

    Args:
        groups: a heading, how many there are, and the first lines; empty ones are
            left out.
    """

    groups: Sequence[tuple[str, int, Sequence[Line]]]


class Counts(NamedTuple):
    """What one person is alerted to.

    Args:
        waiting: conversations that nobody holds.
        unread: conversations of theirs, or that nobody holds, with something new.
        pressing: emergencies that nobody holds.
    """

    waiting: int
    unread: int
    pressing: int


def add(door: Door) -> None:
    """Register the page."""
    door.get("/", _queue)


async def _queue(console: Console, request: Request, caller: Caller) -> HTTPResponse:
    most = None if request.args.get("all") == "1" else AT_ONCE
    found = await asyncio.to_thread(_read, console, caller, most)
    return console.pages.show(
        "queue.html", caller, title="Queue", queue=found, open_id=""
    )


def _read(console: Console, caller: Caller, most: int | None) -> Queue:
    with console.house.store.reading() as unit:
        return read(console, unit, caller.person, caller.now, most)


def read(
    console: Console,
    unit: Unit,
    person: Staff,
    now: datetime,
    most: int | None = None,
    reading: str = "",
) -> Queue:
    """Read the queue of one person.

    Args:
        now: aware UTC.
        most: the longest list that is wanted.
        reading: the conversation that they have in front of their eyes.
    """
    lines = [
        replace(one, unread=0) if one.conversation_id == reading else one
        for one in in_order(_open_to(unit, person))
    ]
    own = [one for one in lines if one.held_by == person.name]
    waiting = [one for one in lines if one.held_by is None]
    others = [one for one in lines if one.held_by not in (None, person.name)]
    hours = lru_cache(partial(open_on, console.clinic))
    groups = [("You hold", own), ("Waiting", waiting), ("Held by others", others)]
    return Queue(
        groups=[
            (name, len(part), [_line(console, one, now, hours) for one in part[:most]])
            for name, part in groups
            if part
        ]
    )


def count(unit: Unit, person: Staff) -> Counts:
    """Count what one person is alerted to."""
    lines = _open_to(unit, person)
    waiting = [one for one in lines if one.held_by is None]
    return Counts(
        waiting=len(waiting),
        unread=sum(
            bool(one.unread) for one in lines if one.held_by in (None, person.name)
        ),
        pressing=sum(one.priority == "stat" for one in waiting),
    )


def _open_to(unit: Unit, person: Staff) -> list[Waiting]:
    theirs = person.practitioner_id if person.role == "practitioner" else None
    return unit.queue.waiting(theirs)


def _line(
    console: Console, one: Waiting, now: datetime, hours: Callable[[date], Hours]
) -> Line:
    word, at = _when(console, one, now, hours)
    new = " new" if one.unread else ""
    late = " overdue" if word == "late" else ""
    return Line(
        id=one.conversation_id,
        who=called(one.name, one.conversation_id),
        why=REASONS[one.reason],
        marks=f"{one.priority}{new}{late}",
        pressing=one.priority == "stat",
        unread=one.unread,
        word=word,
        at=at.isoformat() if at else "",
        ago=ago(now - at) if at else "",
        exact=console.pages.exact(at) if at else "",
    )


def _when(
    console: Console, one: Waiting, now: datetime, hours: Callable[[date], Hours]
) -> tuple[str, datetime | None]:
    """Return what to say about the time, and which time it is."""
    if one.held_by is not None:
        return one.held_by, None
    due = due_at(console.clinic, one.priority, one.waiting_since, hours)
    if due is None:
        return "waits", one.waiting_since
    return ("late", due) if due < now else ("due in", due)


def called(name: str, conversation_id: str) -> str:
    """Return by what staff call a person whose name may not be known."""
    return name or f"Visitor {conversation_id[:4]}"
