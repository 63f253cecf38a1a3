"""What staff do in a conversation: take, reply, note, unlock, give back, close."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable, Collection
from functools import partial

from sanic import HTTPResponse, Request
from sanic.response import redirect

from bot.clinic.conversation import MAX_TEXT_CHARACTERS, tidy
from bot.clinic.handoff import Handoff
from bot.clinic.note import LONGEST_NOTE_CHARACTERS
from bot.console import conversation
from bot.console.caller import Caller
from bot.console.door import ROOT, Console, Door, field, note, write_note
from bot.console.reason import reason_of
from bot.desk.handoff import Overtaken, Shown, end, let_go, reply, take
from bot.desk.handoff_words import named, waiting
from bot.desk.screening import locks, release
from bot.store.unit import Unit

_TALK = "/conversations/<conversation_id>"
Outcome = Handoff | Overtaken
Deed = Callable[[Unit], Outcome]


def add(door: Door) -> None:
    """Register the deeds."""
    door.post(f"{_TALK}/take", _take_over)
    door.post(f"{_TALK}/reply", _say)
    door.post(f"{_TALK}/return", _give_back)
    door.post(f"{_TALK}/close", _close)
    door.post(f"{_TALK}/let-go", _put_back)
    door.post(f"{_TALK}/note", _write_note)
    door.post(f"{_TALK}/release", _unlock)


async def _take_over(
    console: Console, request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    name, shown = caller.person.name, _shown(request)
    deed = partial(
        take,
        conversation_id=conversation_id,
        name=name,
        now=caller.now,
        here=True,
        said=named(console.words.taken, name),
        shown=shown,
    )
    return await _do(console, caller, conversation_id, "take", deed, shown)


async def _say(
    console: Console, request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    text = _text(request, MAX_TEXT_CHARACTERS, "The reply")
    deed = partial(
        reply,
        conversation_id=conversation_id,
        name=caller.person.name,
        text=text,
        now=caller.now,
        client_id=_client_id(field(request, "client_id")),
    )
    return await _do(console, caller, conversation_id, "reply", deed, draft=text)


async def _give_back(
    console: Console, request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    shown = _shown(request)
    deed = partial(
        end,
        conversation_id=conversation_id,
        state="returned",
        said=named(console.words.returned),
        now=caller.now,
        name=caller.person.name,
        shown=shown,
    )
    return await _do(console, caller, conversation_id, "return", deed, shown)


async def _close(
    console: Console, request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    name, shown = caller.person.name, _shown(request)
    deed = partial(
        end,
        conversation_id=conversation_id,
        state="closed",
        said=named(console.words.closed, name),
        now=caller.now,
        name=name,
        shown=shown,
    )
    return await _do(console, caller, conversation_id, "close", deed, shown)


async def _put_back(
    console: Console, request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    name, clinic, shown = caller.person.name, console.clinic, _shown(request)
    deed = partial(
        let_go,
        conversation_id=conversation_id,
        now=caller.now,
        tell=lambda again: named(
            f"{console.words.let_go} "
            + waiting(console.words, clinic, again, caller.now, staffed=True),
            name,
        ),
        name=name,
        shown=shown,
    )
    return await _do(console, caller, conversation_id, "let go", deed, shown)


async def _write_note(
    console: Console, request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    text = _text(request, LONGEST_NOTE_CHARACTERS, "The note")
    await asyncio.to_thread(_note, console, caller, conversation_id, text)
    return _back(console, conversation_id)


async def _unlock(
    console: Console, request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    reason = reason_of(request)
    if not reason:
        raise ValueError("Please write why the lock can be released.")
    seen = field(request, "locks").split()
    if await asyncio.to_thread(
        _release, console, caller, conversation_id, reason, seen
    ):
        return _back(console, conversation_id)
    return await _refused(
        console,
        caller,
        conversation_id,
        problem="The safety screening has locked booking once more since you opened "
        "the page. Please look at that first.",
        reason=reason,
    )


def _shown(request: Request) -> Shown:
    """Read which handoff the page showed, which is the one that is meant."""
    handoff_id, _, priority = field(request, "shown").partition(" ")
    return Shown(handoff_id, priority)


def _text(request: Request, most: int, what: str) -> str:
    text = tidy(field(request, "text"))
    if not text:
        raise ValueError(f"{what} is empty. Nothing was sent.")
    if len(text) > most:
        raise ValueError(f"{what} is longer than {most} characters. It was not sent.")
    return text


def _client_id(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise ValueError("This page is too old. Please load it again.") from None


async def _do(
    console: Console,
    caller: Caller,
    conversation_id: str,
    name: str,
    deed: Deed,
    shown: Shown | None = None,
    draft: str = "",
) -> HTTPResponse:
    """Do something, write it down, tell the visitor's page; or say who was faster."""

    def done() -> Outcome:
        with console.house.store.unit() as unit:
            outcome = deed(unit)
            if not isinstance(outcome, Overtaken):
                note(unit, caller, name, conversation_id)
                unit.commit()
            return outcome

    outcome = await asyncio.to_thread(done)
    if not isinstance(outcome, Overtaken):
        return _back(console, conversation_id)
    problem = _what_happened(outcome.handoff, caller.person.name, shown)
    if draft:
        problem += " Your text was not sent; it is kept below."
    return await _refused(
        console, caller, conversation_id, problem=problem, draft=draft
    )


async def _refused(
    console: Console, caller: Caller, conversation_id: str, **values: str
) -> HTTPResponse:
    """Show the conversation as it is now, with why nothing was done."""
    shown = await asyncio.to_thread(conversation.read, console, caller, conversation_id)
    return console.pages.show("conversation.html", caller, status=409, **shown | values)


def _what_happened(now: Handoff | None, name: str, shown: Shown | None) -> str:
    if now is None:
        return "This conversation is closed, or back with the assistant."
    if now.held_by not in (None, name):
        return f"{now.held_by} has this conversation now."
    if shown and not shown.is_still(now):
        return (
            "Something has changed since you opened the page. Please look at it first."
        )
    return "Nobody holds this conversation now. Take it first."


def _back(console: Console, conversation_id: str) -> HTTPResponse:
    console.bell.ring(conversation_id)
    return redirect(f"{ROOT}/conversations/{conversation_id}", status=303)


def _note(console: Console, caller: Caller, conversation_id: str, text: str) -> None:
    with console.house.store.unit() as unit:
        write_note(unit, caller, conversation_id, text)
        note(unit, caller, "note", conversation_id)
        unit.commit()


def _release(
    console: Console,
    caller: Caller,
    conversation_id: str,
    reason: str,
    seen: Collection[str],
) -> bool:
    """Release the locks that somebody has looked at; none where there are others."""
    with console.house.store.unit() as unit:
        unit.conversations.lock(conversation_id)
        locked = locks(unit, conversation_id, caller.now)
        if not set(locked) <= set(seen):
            return False
        for screening_id in locked:
            release(unit, screening_id, caller.person.name, reason, caller.now)
            note(unit, caller, "release lock", conversation_id, screening_id)
        if locked:
            said = named(console.words.released, caller.person.name)
            unit.conversations.say(conversation_id, said, caller.now)
        unit.commit()
        return True
