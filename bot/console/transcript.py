"""A transcript on its way out: to be printed, as PDF or JSON, or to its visitor."""

from __future__ import annotations

import asyncio
import json
from dataclasses import replace
from typing import Any

from sanic import HTTPResponse, Request
from sanic.response import raw, redirect

from bot.clinic.conversation import Said
from bot.clinic.letters import Letter
from bot.clinic.restricted import discreet
from bot.clinic.transcript import Transcript, as_plain
from bot.console.caller import Caller
from bot.console.crisis import about_crisis, is_shut
from bot.console.door import ROOT, Console, Door, field, note
from bot.desk.letters import send_transcript
from bot.transcripts import whole

_TALK = "/conversations/<conversation_id>"


def add(door: Door) -> None:
    """Register the page, the files and the deed."""
    door.get(f"{_TALK}/transcript", _page)
    door.get(f"{_TALK}/transcript.pdf", _pdf)
    door.get(f"{_TALK}/transcript.json", _json)
    door.post(f"{_TALK}/transcript/mail", _mail)


async def _page(
    console: Console, _request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    values = await asyncio.to_thread(_read_page, console, caller, conversation_id)
    return console.pages.show("transcript.html", caller, **values)


def _read_page(
    console: Console, caller: Caller, conversation_id: str
) -> dict[str, Any]:
    from bot.look import paper

    found = _take_out(console, caller, conversation_id, "print view")
    with console.house.store.reading() as unit:
        letters = unit.letters.of_conversation(conversation_id)
    return {
        "title": f"Conversation with {console.clinic.name}",
        "talk": found,
        "base": f"{ROOT}/conversations/{conversation_id}",
        "said": [
            (one, paper.author_of(found, one), list(paper.besides(one)))
            for one in found.lines
        ],
        "full": lambda at: paper.moment(at, console.clinic),
        "restricted": paper.RESTRICTED,
        "sent": _sent(letters),
    }


def _sent(letters: list[Letter]) -> Letter | None:
    """Return the last transcript that was to go out."""
    found = [one for one in letters if one.kind == "transcript"]
    return max(found, key=lambda one: one.written_at, default=None)


async def _pdf(
    console: Console, _request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    def make() -> bytes:
        from bot.look.paper import pdf  # loads 20 MB that few desks ever need

        found = _take_out(console, caller, conversation_id, "pdf")
        return pdf(found, console.clinic, caller.now)

    return _file(
        await asyncio.to_thread(make), "application/pdf", conversation_id, "pdf"
    )


async def _json(
    console: Console, _request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    def make() -> bytes:
        found = _take_out(console, caller, conversation_id, "json")
        plain = {"clinic": console.clinic.name, **as_plain(found)}
        return json.dumps(plain, ensure_ascii=False, indent=1).encode(
            # Half an emoji is no text; it becomes a question mark.
            "utf-8",
            "replace",
        )

    return _file(
        await asyncio.to_thread(make), "application/json", conversation_id, "json"
    )


def _take_out(
    console: Console, caller: Caller, conversation_id: str, how: str
) -> Transcript:
    """Read the transcript, and write down who took it and in which form.

    What was told of a crisis is left out for who may not read it.
    """
    shelf = console.house.shelf
    with console.house.store.reading() as unit:
        found = whole(unit, conversation_id)
        shut = is_shut(console, unit, caller, conversation_id)
    if shut:
        shown = discreet(found.lines, shelf.protocol, shelf.red_flags)
        found = replace(found, lines=tuple(shown))
    mark = about_crisis(restricted=found.restricted, shut=shut)
    with console.house.store.unit() as unit:
        about = f"{how}, messages 1 to {found.last_seq}{mark}"
        note(unit, caller, "take out transcript", conversation_id, about)
        unit.commit()
    return found


def _file(content: bytes, kind: str, conversation_id: str, ending: str) -> HTTPResponse:
    name = f"conversation-{conversation_id[:8]}.{ending}"
    return raw(
        content,
        content_type=kind,
        headers={
            "Content-Disposition": f'attachment; filename="{name}"',
            "Cache-Control": "no-store",
            "X-Content-Type-Options": "nosniff",
        },
    )


async def _mail(
    console: Console, request: Request, caller: Caller, conversation_id: str
) -> HTTPResponse:
    if field(request, "asked") != "1":
        raise ValueError("It is sent only if the visitor asked for it.")
    visit_id = field(request, "visit")
    await asyncio.to_thread(_send, console, caller, conversation_id, visit_id)
    console.bell.ring(conversation_id)
    return redirect(f"{ROOT}/conversations/{conversation_id}/transcript", status=303)


def _send(
    console: Console, caller: Caller, conversation_id: str, visit_id: str
) -> None:
    words = console.house.shelf.letters.sending
    told = Said(words.format_map({"staff": caller.person.name}), "system")
    with console.house.store.unit() as unit:
        found = whole(unit, conversation_id)
        about = f"messages 1 to {found.last_seq}, address of visit {visit_id}"
        note(unit, caller, "mail transcript", conversation_id, about)
        send_transcript(unit, found, visit_id, told, caller.now)
