"""The Bot API: a client that reaches one address only, and what its errors mean."""

from __future__ import annotations

import json
import logging
import os
from datetime import timedelta
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from telegram import Bot, LinkPreviewOptions
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from bot.channels.channel import Blocked, Outcome, Refused, TryAgain

# python-telegram-bot 22 asks for this: durations as they will be from version 23 on.
os.environ.setdefault("PTB_TIMEDELTA", "true")

# It would log the whole of an answer that it cannot read, and a message stands in it.
logging.getLogger("telegram").setLevel(logging.CRITICAL)

WANTED = ("message", "edited_message", "callback_query", "my_chat_member")
"""The kinds of updates that mean something here."""

NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
"""A link may be the visitor's own: Telegram need not fetch what is behind it."""

_BUSY_SECONDS = 60.0  # with another program, or with a token that is none
_POLL_SECONDS = 25
# Giving up sooner would send a message again that Telegram is about to have taken.
_ANSWER_SECONDS = 20.0
_MOST_AT_ONCE = 100
# What Telegram says in words only, as its clients know it.
_GONE = ("chat not found", "user is deactivated", "peer_id_invalid", "user not found")


class Wire(HTTPXRequest):
    """Carries requests to one address and to no other.

    Args:
        base_url: what every request's address must begin with.
    """

    def __init__(self, base_url: str, connections: int) -> None:
        super().__init__(
            connection_pool_size=connections,
            pool_timeout=30.0,
            read_timeout=_ANSWER_SECONDS,
        )
        self._base_url = base_url.rstrip("/") + "/"

    async def do_request(self, url: str, *args: Any, **more: Any) -> tuple[int, bytes]:
        """Send one request; see `telegram.request.BaseRequest`.

        An answer that is none of the Bot API's, as something on the way may give it,
        is a network that is down: the library would fail of it in many ways.
        """
        if not url.startswith(self._base_url):
            raise NetworkError("this client reaches the Bot API only")
        status, content = await super().do_request(url, *args, **more)
        if status == HTTPStatus.OK and not _has_result(content):
            raise NetworkError("this is no answer of the Bot API")
        return status, content


def _has_result(content: bytes) -> bool:
    try:
        answer = json.loads(content)
    except (ValueError, RecursionError):
        return False
    return isinstance(answer, dict) and answer.get("result") not in (None, False, {})


class Api:
    """The bot, and the raw updates: a new or broken kind must not stop the others."""

    def __init__(self, token: str, base_url: str) -> None:
        self._url = f"{base_url.rstrip('/')}/bot{token}"
        self._polls = Wire(base_url, connections=1)
        self.bot = Bot(
            token,
            base_url=f"{base_url.rstrip('/')}/bot",
            request=Wire(base_url, connections=64),
            get_updates_request=self._polls,
        )

    async def updates(self, offset: int | None) -> list[Any]:
        """Wait for updates, and acknowledge all before a number.

        Raises:
            TelegramError: it did not work.
        """
        asked = {
            "timeout": _POLL_SECONDS,
            "limit": _MOST_AT_ONCE,
            "allowed_updates": json.dumps(WANTED),
            **({} if offset is None else {"offset": offset}),
        }
        content = await self._polls.retrieve(
            f"{self._url}/getUpdates?{urlencode(asked)}",
            read_timeout=_POLL_SECONDS + 10,
        )
        try:
            found = json.loads(content)["result"]
        except (ValueError, KeyError, TypeError) as fault:
            raise NetworkError("no updates in the answer") from fault
        return list(found)

    async def close(self) -> None:
        """Let go of the connections."""
        await self.bot.shutdown()
        await self._polls.shutdown()


def outcome_of(fault: TelegramError) -> Outcome:
    """Say what an error of the Bot API means for a message."""
    reason = type(fault).__name__
    if isinstance(fault, RetryAfter):
        return TryAgain(reason, seconds_of(fault))
    if isinstance(fault, Forbidden | ChatMigrated):
        return Blocked(reason)
    if isinstance(fault, BadRequest):  # which is a NetworkError to this library
        gone = any(words in fault.message.lower() for words in _GONE)
        return Blocked(reason) if gone else Refused(reason)
    if isinstance(fault, InvalidToken | Conflict):
        return TryAgain(reason, _BUSY_SECONDS)
    return TryAgain(reason)


def seconds_of(fault: RetryAfter) -> float:
    """Return how long Telegram wants to be left alone."""
    asked = fault.retry_after
    return asked.total_seconds() if isinstance(asked, timedelta) else float(asked)
