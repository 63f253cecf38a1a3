"""One conversation: what was said, who the person is, and why it is here."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from sanic import HTTPResponse, Request

from bot.clinic.handoff import Handoff
from bot.clinic.note import Note
from bot.clinic.restricted import discreet, readers, without
from bot.clinic.transcript import Line
from bot.console import delivered, queue
from bot.console.booking import plans
from bot.console.caller import Caller
from bot.console.crisis import about_crisis, is_shut, speaks_of_one
from bot.console.door import Console, Door, note
from bot.console.pages import REASONS
from bot.console.pending import deciders
from bot.desk.brief import brief_of
from bot.desk.progress import pain_over_visits
from bot.desk.screening import locks
from bot.house import Shelf
from bot.look import brief as brief_page
from bot.look import plot
from bot.store.unit import Unit

PAGE_LINES = 100
_NEWEST = 1 << 31
_MISSES_SHOWN = 3
_SAME_LOOK = timedelta(hours=1)


def add(door: Door) -> None:
    """Register the page."""
    door.get("/conversations/<conversation_id>", _conversation)


async def _conversation(
    console: Console, request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    before = _number(request.args.get("before", ""))
    seen = request.args.get("glance", "") != "1"
    again = request.args.get("again", "") == "1"
    values = await asyncio.to_thread(
        read, console, caller, conversation_id, before, seen, again
    )
    return console.pages.show("conversation.html", caller, **values)


def _number(text: str) -> int:
    if not text:
        return _NEWEST
    if not (text.isascii() and text.isdecimal()) or len(text) > 9:
        raise ValueError("A message number is a whole number.")
    return int(text)


def read(
    console: Console,
    caller: Caller,
    conversation_id: str,
    before: int = _NEWEST,
    seen: bool = True,
    again: bool = False,
) -> dict[str, Any]:
    """Read all that the page shows, and write down who read it.

    Args:
        before: only the messages before a number.
        seen: somebody has it in front of their eyes.
        again: the page looks by itself for what is new. Where nothing was said since
            the last look, that is no further one.
    """
    store = console.house.store
    with store.reading() as unit:
        lines = unit.transcripts.page(conversation_id, before, PAGE_LINES)
        values = _values(console, unit, caller, conversation_id, lines, seen)
    first, last = (lines[0].seq, lines[-1].seq) if lines else (0, 0)
    with store.unit() as unit:
        read_what = f"messages {first} to {last}, brief, visits{values['about_crisis']}"
        if not (again and _was_read(unit, caller, conversation_id, read_what)):
            note(unit, caller, "read", conversation_id, read_what)
        if seen:
            unit.handoffs.seen(conversation_id, last)
        unit.commit()
    return {**values, "newest": before == _NEWEST, "first": first}


def _was_read(unit: Unit, caller: Caller, conversation_id: str, read_what: str) -> bool:
    """Say whether the last that somebody did here was to read exactly this."""
    last = unit.audit.newest(
        1,
        name=caller.person.name,
        conversation_id=conversation_id,
        since=caller.now - _SAME_LOOK,
    )
    return [(one.deed, one.about) for _, one in last] == [("read", read_what)]


def _signs(shelf: Shelf) -> Mapping[str, str]:
    """Say what the names in a handoff's detail stand for: rules and topics."""
    criteria = shelf.protocol.rules.criteria
    return {
        "classifier": "Heard in what the visitor typed.",
        **{topic: f"{answer.title}." for topic, answer in shelf.answers.items()},
        **{one.id: one.why for one in criteria},
        **shelf.red_flags.reasons,
    }


def _why(handoff: Handoff, signs: Mapping[str, str]) -> list[str]:
    """Say in words why a conversation is here, beyond the first reason.

    Args:
        signs: what the names in its detail stand for; others stay as they are.
    """
    known = {str(name): words for name, words in REASONS.items()}
    said = []
    for part in (handoff.detail or "").split("; "):
        if part in known:
            said += [f"{known[part]}."] if part != handoff.reason else []
        else:
            said += [signs.get(rule, rule) for rule in part.split()]
    return list(dict.fromkeys(said))


def _values(
    console: Console,
    unit: Unit,
    caller: Caller,
    conversation_id: str,
    lines: Sequence[Line],
    seen: bool,
) -> dict[str, Any]:
    shelf = console.house.shelf
    talk = unit.conversations.get(conversation_id)
    handoff = unit.handoffs.latest_of(conversation_id)
    screening = brief_of(unit, conversation_id, shelf.protocol, shelf.red_flags.reasons)
    restricted = speaks_of_one(unit, conversation_id)
    shut = is_shut(console, unit, caller, conversation_id)
    held_back = readers(shelf.clinic.crisis_readers) if shut else ""
    notes = unit.notes.of(conversation_id)
    mine = handoff is not None and (handoff.state, handoff.held_by) == (
        "held",
        caller.person.name,
    )
    if shut:
        since = handoff.held_at if handoff and mine else None
        lines = discreet(lines, shelf.protocol, shelf.red_flags, since)
        notes = [one for one in notes if one.name == caller.person.name]
        screening = without(screening, shelf.protocol) if screening else None
    name = unit.queue.name_of(conversation_id)
    shown = queue.read(
        console,
        unit,
        caller.person,
        caller.now,
        queue.BESIDE_A_CONVERSATION,
        conversation_id if seen else "",
    )
    return {
        "title": queue.called(name, conversation_id),
        "queue": shown,
        "open_id": conversation_id,
        "talk": talk,
        "handoff": handoff,
        "why": _why(handoff, _signs(shelf)) if handoff else [],
        "mine": mine,
        "name": name,
        "said": _together(lines, notes),
        "held_back": held_back,
        "about_crisis": about_crisis(restricted=restricted, shut=shut),
        "screening": brief_page.values(screening, shelf.clinic, caller.now, held_back)
        if screening
        else None,
        "plot": plot.values(
            pain_over_visits(unit, conversation_id, caller.now),
            shelf.clinic,
            caller.now,
        ),
        "locks": locks(unit, conversation_id, caller.now),
        "missed": []
        if shut
        else unit.transcripts.missed(conversation_id, _MISSES_SHOWN),
        "visitor_here": console.bell.watched(conversation_id),
        "client_id": str(uuid.uuid4()),
        "draft": "",
        "reason": "",
        "problem": "",
        "canned": [
            (one.title, one.to(name, caller.person.name)) for one in shelf.replies
        ],
        "arrived": delivered.of_lines(unit, shelf.clinic, conversation_id, lines),
        "letters": delivered.letters(unit, conversation_id),
        "deciders": partial(deciders, shelf.clinic),
        **plans(unit, conversation_id, caller.now),
    }


def _together(
    lines: Sequence[Line], notes: Sequence[Note]
) -> list[tuple[Line | None, Note | None]]:
    """Put the notes between the messages, by time."""
    since = lines[0].at if lines and lines[0].seq > 1 else None
    together: list[tuple[datetime, Line | None, Note | None]] = [
        (one.at, one, None) for one in lines
    ]
    together += [
        (one.at, None, one) for one in notes if since is None or one.at >= since
    ]
    together.sort(key=lambda one: one[0])
    return [(line, written) for _, line, written in together]
