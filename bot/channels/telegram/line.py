"""Sends letters through the Bot API, within its limits."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager

from telegram import Bot
from telegram.error import RetryAfter, TelegramError

from bot.channels.channel import Outcome, Sent
from bot.channels.pace import Pace, Rests
from bot.channels.telegram.api import NO_PREVIEW, outcome_of, seconds_of
from bot.channels.telegram.chats import CHANNEL, keyboard_kept
from bot.channels.telegram.touch import Touch
from bot.channels.telegram.wording import Letter, letters
from bot.clinic.conversation import Message
from bot.clinic.delivery import Address
from bot.content.telegram import TelegramWords

ALL = "all"
_LONGEST_HOLD_SECONDS = 30.0


class Line:
    """The channel as the courier sees it.

    Telegram asks for 30 messages a second in all and one a second to a chat:
    https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this

    Args:
        ordinary: the pace of messages and edits.
        urgent: places that advice in an emergency alone may take.
        rests: between two messages to one chat.
        locale: how dates are written.
    """

    def __init__(
        self,
        bot: Bot,
        touch: Touch,
        words: TelegramWords,
        ordinary: Pace,
        urgent: Pace,
        rests: Rests,
        locale: str,
    ) -> None:
        self.name = CHANNEL
        self._bot = bot
        self._touch = touch
        self._words = words
        self._ordinary = ordinary
        self._urgent = urgent
        self._rests = rests
        self._locale = locale

    def parts(self, message: Message) -> Sequence[Letter]:
        """Word one message; see `bot.channels.channel.Channel`."""
        return letters(message, self._words, self._locale)

    @asynccontextmanager
    async def turn(self, address: str, urgent: bool) -> AsyncIterator[None]:
        """Wait until Telegram's limits allow a call."""
        await self._rests.wait(address)
        async with (self._urgent if urgent else self._ordinary).turn():
            if not urgent:
                await self._rests.wait(ALL)
            await self._rests.wait(address)
            try:
                yield
            finally:
                self._rests.begin(address)

    async def send(self, address: Address, part: Letter) -> Outcome:
        """Send one letter."""
        try:
            sent = await self._bot.send_message(
                int(address.address),
                part.text,
                reply_markup=part.keyboard,
                link_preview_options=NO_PREVIEW,
            )
        except RetryAfter as fault:
            # Nobody says whether it is this chat or the bot that was too fast.
            seconds = seconds_of(fault)
            self._rests.begin(address.address, seconds)
            self._rests.begin(ALL, min(seconds, _LONGEST_HOLD_SECONDS))
            return outcome_of(fault)
        except TelegramError as fault:
            return outcome_of(fault)
        if not part.answered:
            return Sent()
        self._touch.close_buttons(address)
        links = part.links.to_dict() if part.links else None
        kept = keyboard_kept(part.row, sent.message_id, ticked=())
        return Sent({**kept, "links": links})
