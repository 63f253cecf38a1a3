"""Tells staff in their own Telegram chat that somebody waits; nothing is read there."""

from __future__ import annotations

import asyncio
import logging

from telegram import Bot
from telegram.error import TelegramError

from bot.channels.channel import TryAgain
from bot.channels.telegram.api import NO_PREVIEW, Wire, outcome_of
from bot.clinic.letters import Hopeless, Mail, Outcome, PutOff, Sent

logger = logging.getLogger(__name__)


class StaffRoom:
    """Carries alerts through the Bot API, one connection each; they are few.

    Args:
        chat: the number of the chat, of which the clinic's bot is a member.
    """

    def __init__(self, token: str, base_url: str, chat: str) -> None:
        self._token, self._base_url, self._chat = token, base_url, int(chat)

    def send(self, mail: Mail) -> Outcome:
        """Send one alert; whatever goes wrong is an outcome, never an exception."""
        return asyncio.run(self._send(mail.text))

    async def _send(self, text: str) -> Outcome:
        wire = Wire(self._base_url, connections=1)
        bot = Bot(
            self._token, base_url=f"{self._base_url.rstrip('/')}/bot", request=wire
        )
        try:
            await bot.send_message(self._chat, text, link_preview_options=NO_PREVIEW)
        except TelegramError as fault:
            return self._failed(fault)
        finally:
            await wire.shutdown()
        return Sent()

    def _failed(self, fault: TelegramError) -> Outcome:
        outcome = outcome_of(fault)
        reason = getattr(outcome, "reason", "")
        logger.warning("staff's chat: %s", reason)
        # The mails behind it are not held up: they go another way.
        return PutOff(reason) if isinstance(outcome, TryAgain) else Hopeless(reason)
