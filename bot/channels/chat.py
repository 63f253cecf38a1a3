"""The chat API: begin, say, read, and watch a conversation."""

from __future__ import annotations

import asyncio
import json as jsonlib
import uuid
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from bot.channels.answers import Refusal, as_json
from bot.channels.limits import Allowance, Places
from bot.clinic.conversation import (
    MAX_TEXT_CHARACTERS,
    Message,
    Received,
    Said,
    storable,
    tidy,
)
from bot.clinic.errors import NotAllowed, NotFound
from bot.clinic.questionnaire import ScreeningProtocol
from bot.clock import utc_now
from bot.desk import conversation as conversations
from bot.desk.bell import Bell, Ring
from bot.desk.turns import Turns
from bot.store.unit import Store
from bot.tokens import Tokens

# Other processes write to the record too; a heartbeat looks for what they said.
_HEARTBEAT_SECONDS = 10.0
_PAGE = 500
_MAX_CHOICES = 64


@dataclass(frozen=True)
class Chat:
    """What the chat API works with.

    Args:
        messages: what one conversation may send.
        beginnings: what one address may begin.
        reads: how often one conversation may be read, or its stream be opened.
        streams: how many streams of one conversation stay open.
        clinic: the clinic profile's folder name, noted on each conversation.
        protocol: the safety questions, which are judged before they are deleted.
        forgotten: stands in the place of a deleted conversation.
    """

    store: Store
    turns: Turns
    bell: Bell
    tokens: Tokens
    messages: Allowance
    beginnings: Allowance
    reads: Allowance
    streams: Places
    clinic: str
    protocol: ScreeningProtocol
    forgotten: Said


def blueprint(chat: Chat) -> Blueprint:
    """Build the routes under /chat."""
    routes = Blueprint("chat", url_prefix="/chat")

    @routes.post("/conversations")
    async def begin(request: Request) -> HTTPResponse:
        allow(chat.beginnings, request.remote_addr or request.ip)
        conversation_id = await asyncio.to_thread(
            begin_one, chat, utc_now(), language_of(request)
        )
        token = chat.tokens.issue(conversation_id)
        return json({"conversation": conversation_id, "token": token}, status=201)

    @routes.post("/messages")
    async def say(request: Request) -> HTTPResponse:
        conversation_id = _bearer(chat, request)
        allow(chat.messages, conversation_id)
        received = await hear(chat, conversation_id, _body(request))
        return json({"seq": received.seq}, status=202)

    @routes.get("/messages")
    async def read(request: Request) -> HTTPResponse:
        conversation_id = await enter(chat, request)
        after = _seq(request.args.get("after", "0"))
        rows = await asyncio.to_thread(_after, chat, conversation_id, after)
        return json({"messages": [as_json(row) for row in rows]})

    @routes.get("/events")
    async def watch(request: Request) -> HTTPResponse:
        conversation_id = await enter(chat, request)
        seen = _seq(request.headers.get("last-event-id") or "0")
        response = await request.respond(
            content_type="text/event-stream",
            headers={"Cache-Control": "no-store", "X-Accel-Buffering": "no"},
        )
        with (
            chat.bell.watch(conversation_id) as rings,
            chat.streams.take(conversation_id, partial(_end, rings)),
        ):
            await response.send(": open\n\n")
            ring: Ring | None = "said"
            while ring != "over":
                if ring in ("said", None):
                    if not await asyncio.to_thread(_exists, chat, conversation_id):
                        return  # deleted: whoever asks again is told
                    seen = await _send_new(chat, response, conversation_id, seen)
                ring = await _next_ring(rings)
                await _pass_on(response, ring)

    return routes


def begin_one(chat: Chat, now: datetime, language: str) -> str:
    """Begin a conversation on the web; return its id."""
    with chat.store.unit() as unit:
        return conversations.begin(unit, "web", chat.clinic, now, language).id


def language_of(request: Request) -> str:
    """Return the first language that a browser asks for, "" where it asks for none."""
    return (
        request.headers.get("accept-language", "").partition(",")[0].partition(";")[0]
    )


def _bearer(chat: Chat, request: Request) -> str:
    """Return the id of the conversation whose token was sent; it may be gone."""
    if not request.token:
        raise NotAllowed("Please send the conversation's token.")
    return chat.tokens.read(request.token)


async def enter(chat: Chat, request: Request) -> str:
    """Let the bearer of a token in to read; return the conversation's id."""
    conversation_id = _bearer(chat, request)
    allow(chat.reads, conversation_id)
    if not await asyncio.to_thread(_exists, chat, conversation_id):
        raise NotAllowed("This conversation is not known here any more.")
    return conversation_id


def _exists(chat: Chat, conversation_id: str) -> bool:
    with chat.store.reading() as unit:
        return unit.conversations.open_to_visitor(conversation_id)


def _after(chat: Chat, conversation_id: str, seq: int) -> list[Message]:
    with chat.store.reading() as unit:
        return unit.conversations.after(conversation_id, seq, _PAGE)


def allow(allowance: Allowance, caller: str) -> None:
    """Take one call from an allowance, or refuse it with the seconds to wait."""
    if wait := allowance.wait_seconds(caller):
        raise Refusal(429, "That was a lot at once. Please wait a moment.", wait)


def _body(request: Request) -> dict[str, Any]:
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind != "application/json":
        raise Refusal(415, "Please send JSON (Content-Type: application/json).")
    try:
        body = jsonlib.loads(request.body.decode("utf-8"))
    except (ValueError, RecursionError):  # not UTF-8, not JSON, or a number too long
        raise Refusal(400, "This is not valid JSON in UTF-8.") from None
    if not isinstance(body, dict):
        raise Refusal(400, "Please send a JSON object.")
    return body


async def hear(chat: Chat, conversation_id: str, body: dict[str, Any]) -> Received:
    """Take in what a visitor sent: a client id, and a text or choices.

    Raises:
        Refusal: it is none of these; nothing was stored.
    """
    client_id = _client_id(body.get("client_id"))
    given = [key for key in ("text", "choice", "choices") if body.get(key) is not None]
    if len(given) != 1:
        raise Refusal(422, "Please send one of text, choice or choices.")
    if given == ["text"]:
        return await chat.turns.hear_text(
            conversation_id, client_id, _text(body["text"])
        )
    chosen = [body["choice"]] if given == ["choice"] else body["choices"]
    if not isinstance(chosen, list) or not all(map(_is_id, chosen)):
        raise Refusal(422, "Choices are the ids of buttons that were shown.")
    if not 0 < len(set(chosen)) <= _MAX_CHOICES:
        raise Refusal(422, "Please choose at least one of the buttons shown.")
    try:
        return await chat.turns.hear_choice(
            conversation_id, client_id, list(dict.fromkeys(chosen))
        )
    except NotFound as unknown:
        raise Refusal(422, str(unknown)) from None


def _is_id(value: Any) -> bool:
    return isinstance(value, str) and value.isascii()


def _client_id(value: Any) -> str:
    try:
        return str(uuid.UUID(value))
    except (ValueError, TypeError, AttributeError):
        raise Refusal(422, "client_id must be a UUID of your own making.") from None


def _text(value: Any) -> str:
    if not isinstance(value, str) or not tidy(value):
        raise Refusal(422, "The message is empty.")
    if len(value) > MAX_TEXT_CHARACTERS:
        raise Refusal(413, f"Please keep it under {MAX_TEXT_CHARACTERS} characters.")
    return storable(value)


def _seq(value: str) -> int:
    if not value.isascii() or not value.isdecimal() or len(value) > 9:
        raise Refusal(422, "A message number is a whole number from 0.")
    return int(value)


async def _send_new(
    chat: Chat, response: HTTPResponse, conversation_id: str, seen: int
) -> int:
    """Send what was said after `seen`; return the newest number sent."""
    while rows := await asyncio.to_thread(_after, chat, conversation_id, seen):
        for row in rows:
            # In ASCII: many a reader of streams takes U+2028 for the end of a line.
            data = jsonlib.dumps(as_json(row))
            await response.send(f"event: message\nid: {row.seq}\ndata: {data}\n\n")
            seen = row.seq
    return seen


def _end(rings: asyncio.Queue[Ring]) -> None:
    """End a stream: another took its place. What was said stands in the record."""
    while not rings.empty():
        rings.get_nowait()
    rings.put_nowait("over")


async def _next_ring(rings: asyncio.Queue[Ring]) -> Ring | None:
    try:
        return await asyncio.wait_for(rings.get(), _HEARTBEAT_SECONDS)
    except asyncio.TimeoutError:
        return None


async def _pass_on(response: HTTPResponse, ring: Ring | None) -> None:
    """Send a typing signal, or a comment that keeps proxies from closing."""
    if ring is None:
        await response.send(": still here\n\n")
    elif ring in ("typing", "idle"):
        on = jsonlib.dumps({"on": ring == "typing"})
        await response.send(f"event: typing\ndata: {on}\n\n")
