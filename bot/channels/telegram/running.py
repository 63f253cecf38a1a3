"""Telegram, put together: from the settings to a running channel."""

from __future__ import annotations

import asyncio
import logging
import socket
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

from sanic import Sanic
from telegram import BotCommand
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.channels.courier import Courier, Post
from bot.channels.going_on import Crossings
from bot.channels.inbox import Inbox
from bot.channels.limits import Allowance
from bot.channels.pace import Pace, Rests
from bot.channels.telegram import webhook
from bot.channels.telegram.api import WANTED, Api, seconds_of
from bot.channels.telegram.chats import CHANNEL, Chats
from bot.channels.telegram.line import Line
from bot.channels.telegram.polling import poll
from bot.channels.telegram.pressed import Presses
from bot.channels.telegram.reception import Reception
from bot.channels.telegram.touch import Touch
from bot.channels.telegram.typed import Typed
from bot.channels.telegram.wording import Letter
from bot.clinic.conversation import Message
from bot.clock import utc_now
from bot.desk.bell import Bell
from bot.desk.turns import Turns
from bot.house import House

logger = logging.getLogger(__name__)

# Telegram's limits are 30 messages a second in all and one a second to a chat.
_ORDINARY, _URGENT = 27, 3
_SECOND = 1.0
_LARGEST_UPDATE = 256 * 1024
_RETRY_SECONDS = 5.0
_LONG_RETRY_SECONDS = 60.0
_GROUP_LINES_A_SECOND = 1 / 3600


class Telegram:
    """The channel of one bot; without a token there is none."""

    def __init__(
        self, house: House, turns: Turns, bell: Bell, crossings: Crossings
    ) -> None:
        shelf, words = house.shelf, house.shelf.telegram
        self._settings, self._words, self._crossings = house.settings, words, crossings
        self._bell = bell
        self._health = shelf.clinic.health_by_telegram
        self._api = Api(self._settings.telegram_token, self._settings.telegram_api_url)
        ordinary = Pace(_ORDINARY, _SECOND)
        self._touch = Touch(self._api.bot, ordinary, words)
        chats = Chats(
            house.store,
            turns,
            self._touch,
            words,
            f"{words.welcome} {words.welcome_health[self._health]}",
            self._settings.clinic,
            self._health,
            utc_now,
        )
        reception = Reception(
            chats,
            Typed(chats, bell, crossings),
            Presses(chats),
            shelf.words.something_went_wrong,
            Allowance(1, _GROUP_LINES_A_SECOND, time.monotonic),
        )
        self._inbox = Inbox(CHANNEL, house.store, reception, utc_now)
        line = Line(
            self._api.bot,
            self._touch,
            words,
            ordinary,
            Pace(_URGENT, _SECOND),
            Rests(_SECOND),
            shelf.clinic.locale,
        )
        post = Post(
            store=house.store,
            bell=bell,
            desk=f"{socket.gethostname()}:{self._settings.port}",
            health=self._health,
            stand_in=self._stand_in,
            clock=utc_now,
        )
        self._courier: Courier[Letter] = Courier(line, post)
        self._task: asyncio.Task[None] | None = None

    def add_to(self, app: Sanic) -> None:
        """Run with the desk; open the door for updates, if Telegram brings them."""

        @app.after_server_start
        async def take_up(_app: Sanic, _loop: object) -> None:
            await self.start()

        @app.before_server_stop
        async def put_down(_app: Sanic, _loop: object) -> None:
            await self.stop()

        if self._settings.telegram_webhook_url:
            app.blueprint(webhook.blueprint(self._inbox, self._settings.secret))
            # A full text in JSON's \u escapes, with one that it answers, fills 100 kB.
            app.config.REQUEST_MAX_SIZE = _LARGEST_UPDATE

    async def start(self) -> None:
        """Begin to receive and to deliver; must be called inside the running loop."""
        self._bell.listen(self._touch.hear)
        self._courier.start()
        self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop; what is not handled or delivered stays in the record."""
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._inbox.stop()
        await self._courier.stop()
        await self._touch.stop()
        await self._api.close()

    async def _run(self) -> None:
        for step in (self._inbox.resume, self._introduce, self._receive):
            await _until_done(step)

    async def _introduce(self) -> None:
        bot = self._api.bot
        await bot.initialize()
        self._touch.username = self._crossings.bot = bot.username
        menu = [
            BotCommand(name, entry.menu) for name, entry in self._words.commands.items()
        ]
        await bot.set_my_commands(menu)

    async def _receive(self) -> None:
        """Begin to receive: for ever where we ask, at once where we are brought."""
        bot, url = self._api.bot, self._settings.telegram_webhook_url
        if not url:
            await bot.delete_webhook()
            await poll(self._api, self._inbox)
        await bot.set_webhook(
            url,
            secret_token=webhook.secret_token(self._settings.secret),
            allowed_updates=WANTED,
        )

    def _stand_in(self, conversation_id: str, row: Message) -> Message:
        """Return what goes out in place of a message that travels by link."""
        about_health = not row.extras.get("page")
        if about_health and self._health == "off":
            return replace(row, text=self._words.health_off, extras={})
        link = {
            "label": self._words.open_page,
            "href": self._crossings.to_page(conversation_id),
        }
        text = self._words.health_by_link if about_health else row.text
        return replace(row, text=text, extras={"links": [link]})


async def _until_done(call: Callable[[], Awaitable[Any]]) -> None:
    """Repeat a step of the set-up until it works, whatever it fails of."""
    while True:
        try:
            await call()
        except InvalidToken:
            logger.error("Telegram does not know TELEGRAM_BOT_TOKEN")  # noqa: TRY400
            await asyncio.sleep(_LONG_RETRY_SECONDS)
        except RetryAfter as fault:
            logger.warning("Telegram wants to be left alone")
            await asyncio.sleep(seconds_of(fault))
        except TelegramError as fault:
            logger.warning("Telegram cannot be set up: %s", type(fault).__name__)
            await asyncio.sleep(_RETRY_SECONDS)
        except Exception:
            # The edge: without this the bot would be deaf, and say nothing of it.
            logger.exception("Telegram cannot be set up")
            await asyncio.sleep(_RETRY_SECONDS)
        else:
            return
