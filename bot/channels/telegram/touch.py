"""What is shown on Telegram beside the messages; it may fail and nothing is lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

from telegram import Bot, InlineKeyboardMarkup
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.channels.channel import TryAgain
from bot.channels.pace import Pace
from bot.channels.telegram.api import NO_PREVIEW, outcome_of
from bot.channels.telegram.reading import Pressed
from bot.channels.telegram.wording import MOST_UNITS, keyboard_of, links_under, units
from bot.clinic.conversation import Message
from bot.clinic.delivery import Address
from bot.content.telegram import TelegramWords
from bot.desk.bell import Ring

logger = logging.getLogger(__name__)

Call = Callable[[], Awaitable[Any]]

_TYPING_AFTER_SECONDS = 0.7
_TYPING_AGAIN_SECONDS = 4.5
"""Telegram shows it for five: https://core.telegram.org/bots/api#sendchataction"""
_MOST_SHOWN = 8  # at once: a storm of messages must not wait behind what is only seen
_MOST_TYPING = 7  # about half a minute, as in the widget: nobody types for ever
_WAITS_SECONDS = (1.0, 2.0, 4.0)
_MOST_WRITERS = 2_000


class Touch:
    """Edits buttons away, answers presses, shows that an answer is being written.

    Args:
        pace: the edits count among the messages.
    """

    def __init__(self, bot: Bot, pace: Pace, words: TelegramWords) -> None:
        self._bot = bot
        self._pace = pace
        self._words = words
        self._tasks: set[asyncio.Task[None]] = set()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._writers: dict[str, int] = {}
        self._typing: dict[str, asyncio.TimerHandle] = {}
        self._shown = 0
        self.username = ""

    async def stop(self) -> None:
        """Leave whatever was not shown yet."""
        for timer in self._typing.values():
            timer.cancel()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def writes_from(self, at: Address) -> None:
        """Remember where a visitor writes now."""
        self._writers.pop(at.conversation_id, None)
        self._writers[at.conversation_id] = int(at.address)
        if len(self._writers) > _MOST_WRITERS:
            del self._writers[next(iter(self._writers))]

    def hear(self, conversation_id: str, ring: Ring) -> None:
        """Show "typing" when an answer takes longer than a moment."""
        chat = self._writers.get(conversation_id)
        if conversation_id in self._typing:
            self._typing.pop(conversation_id).cancel()
        if ring == "typing" and chat is not None:
            self._type_in(_TYPING_AFTER_SECONDS, conversation_id, chat, _MOST_TYPING)

    def _type_in(
        self, seconds: float, conversation_id: str, chat: int, times: int
    ) -> None:
        self._typing[conversation_id] = asyncio.get_running_loop().call_later(
            seconds, self._show_typing, conversation_id, chat, times
        )

    def _show_typing(self, conversation_id: str, chat: int, times: int) -> None:
        del self._typing[conversation_id]
        if self._shown < _MOST_SHOWN:
            self._shown += 1
            self._quietly(partial(self._be_typing, chat))
        if times > 1:
            self._type_in(_TYPING_AGAIN_SECONDS, conversation_id, chat, times - 1)

    async def _be_typing(self, chat: int) -> None:
        try:
            await self._bot.send_chat_action(chat, ChatAction.TYPING)
        finally:
            self._shown -= 1

    def answer(self, query: str, text: str | None = None) -> None:
        """Let a pressed button stop waiting, with a short line if there is one."""
        self._quietly(partial(self._bot.answer_callback_query, query, text))

    def close(self, at: Address, heard: Pressed, shown: Message, chosen: str) -> None:
        """Take the buttons away and leave what was chosen in their place."""
        line = self._words.chosen.format(what=chosen)
        text = f"{heard.text}\n\n{line}"
        chat, message_id = int(at.address), heard.message_id
        links = links_under(shown, self._words)
        edit: Call = partial(
            self._bot.edit_message_reply_markup, chat, message_id, reply_markup=links
        )
        if heard.text and units(text) <= MOST_UNITS:
            edit = partial(
                self._bot.edit_message_text,
                text,
                chat,
                message_id,
                reply_markup=links,
                link_preview_options=NO_PREVIEW,
            )
        self._edit(at.address, edit)

    def close_buttons(self, at: Address) -> None:
        """Take away the buttons that were shown last and answered otherwise."""
        message_id, links = at.kept.get("keyboard"), at.kept.get("links")
        if message_id:
            edit = partial(
                self._bot.edit_message_reply_markup,
                int(at.address),
                message_id,
                reply_markup=InlineKeyboardMarkup.de_json(links) if links else None,
            )
            self._edit(at.address, edit)

    def show_ticks(
        self, at: Address, message_id: int, shown: Message, ticked: list[str]
    ) -> None:
        """Show which boxes are ticked."""
        edit = partial(
            self._bot.edit_message_reply_markup,
            int(at.address),
            message_id,
            reply_markup=keyboard_of(shown, self._words, ticked),
        )
        self._edit(at.address, edit)

    def tell_group(self, address: str) -> None:
        """Say in a group that the bot talks in private."""
        text = self._words.groups.format(bot=self.username)
        call = partial(
            self._bot.send_message,
            int(address),
            text,
            link_preview_options=NO_PREVIEW,
        )
        self._quietly(partial(self._once, call))

    def _edit(self, address: str, call: Call) -> None:
        self._quietly(partial(self._in_turn, address, call))

    async def _once(self, call: Call) -> None:
        async with self._pace.turn():
            await call()

    async def _in_turn(self, address: str, call: Call) -> None:
        # One after the other, so that an older state is never shown last.
        lock = self._locks.setdefault(address, asyncio.Lock())
        async with lock:
            for wait in _WAITS_SECONDS:
                try:
                    await self._once(call)
                except TelegramError as fault:
                    outcome = outcome_of(fault)
                    if not isinstance(outcome, TryAgain):
                        raise
                    # A box that is not seen to be ticked is pressed once more.
                    await asyncio.sleep(outcome.seconds or wait)
                else:
                    return
        logger.info("an edit was given up after %d tries", len(_WAITS_SECONDS))

    def _quietly(self, call: Call) -> None:
        task = asyncio.create_task(self._try(call))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _try(self, call: Call) -> None:
        try:
            await call()
        except TelegramError as fault:
            # The record knows what was chosen; an old button is refused when pressed.
            logger.info("not shown: %s", type(fault).__name__)
