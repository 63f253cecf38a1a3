"""The chat without JavaScript: the same conversation, as a page with plain forms.

What a form sends goes the same way as what the widget sends, through the same
checks; an emergency, the safety questions and a booking are no different here.
"""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import redirect

from bot.channels import forgetting
from bot.channels.answers import Refusal, refusal_of
from bot.channels.chat import Chat, allow, begin_one, hear, language_of
from bot.channels.plain_page import PlainPage
from bot.clinic.conversation import Message
from bot.clinic.errors import NotAllowed
from bot.clock import utc_now
from bot.desk.forgetting import StillNeeded

_KEY = "meridian_plain"
_SHOWN = 200
_PATIENCE_SECONDS = 15.0
_SECONDS_A_DAY = 86_400


def blueprint(chat: Chat, page: PlainPage, token_days: int) -> Blueprint:
    """Build `/plain`.

    Args:
        token_days: how long the browser keeps the key to the conversation.
    """
    routes = Blueprint("plain", url_prefix="/plain")

    @routes.get("/")
    async def look(request: Request) -> HTTPResponse:
        return page.show(await _said(chat, await _known(chat, request)))

    @routes.post("/")
    async def write(request: Request) -> HTTPResponse:
        form = request.form or {}
        known = await _known(chat, request)
        try:
            conversation_id = known or await _begin(chat, request)
            allow(chat.messages, conversation_id)
            await _hear_and_wait(chat, conversation_id, sent(form))
        except Refusal as refusal:
            said = await _said(chat, known)
            return page.show(said, refusal, typed=form.get("text", ""))
        answer = redirect("/plain#newest", status=303)
        _keep(request, answer, chat.tokens.issue(conversation_id), token_days)
        return answer

    @routes.post("/forget")
    async def forget(request: Request) -> HTTPResponse:
        conversation_id = await _known(chat, request)
        if conversation_id is None:
            return redirect("/plain", status=303)
        result = await asyncio.to_thread(
            forgetting.delete, chat, conversation_id, utc_now()
        )
        if isinstance(result, StillNeeded):
            said = await _said(chat, conversation_id)
            return page.show(said, Refusal(409, forgetting.STILL_NEEDED))
        answer = page.show((), kept=result.kept)
        _keep(request, answer, "", 0)
        return answer

    @routes.exception(Exception)
    async def fail(request: Request, fault: Exception) -> HTTPResponse:
        # Without looking at the record, which may be what fails.
        refusal = refusal_of(request, fault)
        # What another site wrote is not offered to be sent after all.
        fields = _fields(request) if refusal.status != 403 else []
        return page.sorry(refusal, request.path, fields)

    routes.on_request(_refuse_strangers)
    return routes


def _fields(request: Request) -> list[tuple[str, str]]:
    """Return what a form sent, to send the same once more."""
    form: Any = request.form or {}
    return [(name, value) for name in form for value in form.getlist(name)]


async def _refuse_strangers(request: Request) -> None:
    # Another site's form would write in the visitor's name.
    foreign = request.headers.get("sec-fetch-site") == "cross-site"
    if foreign and request.method == "POST":
        raise Refusal(403, "Please write from this clinic's own page.")


def sent(form: Any) -> dict[str, Any]:
    """Return what a form sends as the chat API would get it.

    The same form with the same content, sent twice, is one message; a page that the
    browser went back to may still send something else.
    """
    lines = [form.get(name, "") for name in sorted(form) if name.startswith("line")]
    body: dict[str, Any] = {"text": ", ".join(lines)} if lines else {}
    for name in ("text", "choice"):
        if form.get(name) is not None:
            body[name] = form.get(name)
    if "checklist" in form:
        body["choices"] = form.getlist("choices", [])
    content = json.dumps(body, sort_keys=True)
    body["client_id"] = str(uuid.uuid5(_namespace(form.get("form_id", "")), content))
    return body


async def _begin(chat: Chat, request: Request) -> str:
    allow(chat.beginnings, request.remote_addr or request.ip)
    return await asyncio.to_thread(begin_one, chat, utc_now(), language_of(request))


def _namespace(form_id: str) -> uuid.UUID:
    try:
        return uuid.UUID(form_id)
    except ValueError:
        return uuid.uuid4()


async def _hear_and_wait(
    chat: Chat, conversation_id: str, body: dict[str, Any]
) -> None:
    """Take a message in, and give the assistant time to answer it."""
    with chat.bell.watch(conversation_id) as rings:
        await hear(chat, conversation_id, body)
        end = asyncio.get_running_loop().time() + _PATIENCE_SECONDS
        while (left := end - asyncio.get_running_loop().time()) > 0:
            try:
                if await asyncio.wait_for(rings.get(), left) == "idle":
                    return
            except asyncio.TimeoutError:
                return  # it is stored; the page says how to look again


async def _known(chat: Chat, request: Request) -> str | None:
    """Return the conversation whose key the browser keeps, if it is still there."""
    key = request.cookies.get(_KEY)
    if not key:
        return None
    try:
        conversation_id = chat.tokens.read(key)
    except NotAllowed:
        return None
    allow(chat.reads, conversation_id)
    there = await asyncio.to_thread(_is_there, chat, conversation_id)
    return conversation_id if there else None


def _is_there(chat: Chat, conversation_id: str) -> bool:
    with chat.store.reading() as unit:
        return unit.conversations.open_to_visitor(conversation_id)


async def _said(chat: Chat, conversation_id: str | None) -> list[Message]:
    if conversation_id is None:
        return []
    return await asyncio.to_thread(_newest, chat, conversation_id)


def _newest(chat: Chat, conversation_id: str) -> list[Message]:
    with chat.store.reading() as unit:
        conversation = unit.conversations.get(conversation_id)
        after = conversation.last_seq + 1 if conversation else 0
        return unit.conversations.before(conversation_id, after, _SHOWN)[::-1]


def _keep(request: Request, answer: HTTPResponse, key: str, days: int) -> None:
    """Let the browser keep the key, for this page only and out of every script."""
    answer.cookies[_KEY] = key
    cookie = answer.cookies[_KEY]
    cookie["path"], cookie["httponly"], cookie["samesite"] = "/plain", True, "Lax"
    cookie["max-age"] = days * _SECONDS_A_DAY
    proxied = request.headers.get("x-forwarded-proto", "")
    cookie["secure"] = "https" in (request.scheme, proxied)
