"""Links by which a visitor goes on with one conversation on another channel."""

from __future__ import annotations

import asyncio
import json as jsonlib
import uuid
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import file, html, json

from bot.channels.answers import Refusal
from bot.channels.chat import Chat, allow, enter
from bot.clinic.profile import Clinic
from bot.clock import utc_now
from bot.desk.joining import issue_pass, use_pass
from bot.look import pages
from bot.store.unit import Store
from bot.tokens import Seal, Tokens

_HERE = Path(__file__).parent / "page"
_WEB, _TELEGRAM = "web", "telegram"
_PASS_DAYS = 1


class Crossings:
    """Makes the links, and reads them when they come back.

    Args:
        public_url: where visitors reach the desk.
    """

    def __init__(self, store: Store, secret: str, public_url: str) -> None:
        self._store = store
        self._public_url = public_url
        self._tokens = Tokens(secret, _PASS_DAYS, "go-on")
        self._seal = Seal(secret, "telegram-start")
        self.bot = ""
        """The name of the clinic's bot on Telegram, once it is known."""

    def to_page(self, conversation_id: str) -> str:
        """Return a link to the clinic's page, good once and for a day."""
        token = self._tokens.issue(self._pass(conversation_id, _WEB))
        return f"{self._public_url}/c/{token}"

    def to_telegram(self, conversation_id: str) -> str:
        """Return a link to the clinic's bot, good once and for a day."""
        pass_id = uuid.UUID(self._pass(conversation_id, _TELEGRAM))
        return f"https://t.me/{self.bot}?start={self._seal.issue(pass_id)}"

    def open_page(self, token: str) -> str:
        """Use a link to the page up; return the id of its conversation.

        Raises:
            NotAllowed: it is forged, too old, or was used before.
        """
        pass_id = self._tokens.read(token)
        with self._store.unit() as unit:
            conversation_id = use_pass(unit, pass_id, _WEB, utc_now())
            unit.commit()
        return conversation_id

    def read_start(self, argument: str) -> str:
        """Return the id of the pass in a link to the bot.

        Raises:
            NotAllowed: it is forged, or no link of ours.
        """
        return str(self._seal.read(argument))

    def _pass(self, conversation_id: str, leads_to: str) -> str:
        with self._store.unit() as unit:
            pass_id = issue_pass(unit, conversation_id, leads_to, utc_now())
            unit.commit()
        return pass_id


def blueprint(crossings: Crossings, chat: Chat, clinic: Clinic) -> Blueprint:
    """Build the routes that lead from one channel to the other."""
    routes = Blueprint("going_on")
    template = pages.environment(_HERE).get_template("continue.html")
    page = template.render(title=clinic.name, clinic=clinic, locale=clinic.locale)

    @routes.get("/c/<_token>")
    async def ask(_request: Request, _token: str) -> HTTPResponse:
        # Only shown: programs that look at links before people do must not use it up.
        headers = {"Content-Security-Policy": pages.POLICY, "Cache-Control": "no-store"}
        return html(page, headers=headers)

    @routes.get("/page/continue.js")
    async def script(_request: Request) -> HTTPResponse:
        return await file(_HERE / "continue.js", mime_type="text/javascript")

    @routes.post("/chat/continue")
    async def go_on(request: Request) -> HTTPResponse:
        allow(chat.beginnings, request.remote_addr or request.ip)
        conversation_id = await asyncio.to_thread(
            crossings.open_page, _pass_in(request)
        )
        token = chat.tokens.issue(conversation_id)
        return json({"conversation": conversation_id, "token": token})

    @routes.post("/chat/telegram")
    async def to_telegram(request: Request) -> HTTPResponse:
        conversation_id = await enter(chat, request)
        allow(chat.messages, conversation_id)
        if not crossings.bot:
            raise Refusal(404, "There is no Telegram here.")
        return json(
            {"link": await asyncio.to_thread(crossings.to_telegram, conversation_id)}
        )

    return routes


def _pass_in(request: Request) -> str:
    try:
        body = jsonlib.loads(request.body)
    except (ValueError, RecursionError):
        raise Refusal(400, "This is not valid JSON in UTF-8.") from None
    token = body.get("pass") if isinstance(body, dict) else None
    if not isinstance(token, str):
        raise Refusal(422, "Please send the pass of the link.")
    return token
