"""The door through which Telegram brings updates, if it is told to."""

from __future__ import annotations

import hashlib
import hmac
import json as jsonlib

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from bot.channels.answers import Refusal
from bot.channels.inbox import Inbox
from bot.channels.telegram.polling import as_updates

PATH = "/telegram"
_HEADER = "x-telegram-bot-api-secret-token"


def secret_token(secret: str) -> str:
    """Return what Telegram has to show with each update.

    Args:
        secret: the clinic's own, from which it follows.
    """
    return hmac.new(secret.encode(), b"telegram-webhook", hashlib.sha256).hexdigest()


def blueprint(inbox: Inbox, secret: str) -> Blueprint:
    """Build the route that takes updates in."""
    routes = Blueprint("telegram", url_prefix=PATH)
    expected = secret_token(secret).encode()

    @routes.post("/")
    async def receive(request: Request) -> HTTPResponse:
        shown = request.headers.get(_HEADER, "").encode("utf-8", "replace")
        if not hmac.compare_digest(shown, expected):
            raise Refusal(403, "This door is for Telegram.")
        try:
            body = jsonlib.loads(request.body)
        except (ValueError, RecursionError):
            body = None
        # Telegram repeats until it gets 200: also for what makes no sense here.
        await inbox.receive(as_updates([body]))
        return json({})

    return routes
