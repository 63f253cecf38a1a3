"""Sends each update to what it is about."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace

from bot.channels.inbox import Update
from bot.channels.limits import Allowance
from bot.channels.telegram import reading
from bot.channels.telegram.chats import CHANNEL, Chats
from bot.channels.telegram.pressed import Presses
from bot.channels.telegram.reading import (
    Attached,
    Back,
    Command,
    Gone,
    Heard,
    InGroup,
    Nothing,
    Pressed,
    Words,
    words_of,
)
from bot.channels.telegram.typed import NOTHING, Typed
from bot.clinic.conversation import Received, Said, tidy
from bot.desk.answering import DeskUnit
from bot.desk.handoff import open_handoff

logger = logging.getLogger(__name__)


@dataclass(frozen=True)
class Reception:
    """Handles updates; implements the inbox's `Handler`.

    Args:
        went_wrong: said when an update could not be handled at all.
        groups: how often one group is told that the bot talks in private.
    """

    chats: Chats
    typed: Typed
    presses: Presses
    went_wrong: Said
    groups: Allowance

    async def look(self, update: Update) -> None:
        """Look for an emergency in it; see `bot.channels.inbox.Handler`.

        Buttons are judged in their turn, for they answer what was asked before.
        """
        await asyncio.to_thread(self._look, update)

    def _look(self, update: Update) -> None:
        heard = self._read(update)
        if isinstance(heard, Words | Command | Attached):
            self.typed.look(update, heard)

    async def handle(self, update: Update) -> None:
        """Handle one update; see `bot.channels.inbox.Handler`."""
        heard = self._read(update)
        if isinstance(heard, Words | Command | Attached):
            await self.typed.hear(update, heard)
        elif isinstance(heard, Pressed):
            await self.presses.hear(update, heard)
        else:
            await asyncio.to_thread(self._note, update, heard)
        if isinstance(heard, InGroup) and not self.groups.wait_seconds(update.address):
            self.chats.touch.tell_group(update.address)

    async def give_up(self, update: Update) -> None:
        """Leave an update to a person; see `bot.channels.inbox.Handler`.

        What was typed is kept all the same, and checked for emergencies.
        """
        heard = self._read(update)
        if isinstance(heard, Words | Command | Attached):
            await self._hand_over(update, words_of(heard))
        elif isinstance(heard, Pressed):
            await self._hand_over(update, "")
            self.chats.touch.answer(heard.query)
        else:
            await asyncio.to_thread(self.chats.take, update.number)

    def _read(self, update: Update) -> Heard:
        try:
            return reading.read(update.body, self.chats.touch.username)
        except ValueError:
            logger.warning("update %s has an unknown shape", update.number)
            return Nothing()

    def _note(self, update: Update, heard: Heard) -> None:
        """Note that a visitor blocked us or came back; anything else needs nothing."""
        with self.chats.store.unit() as unit:
            at = unit.addresses.locked(CHANNEL, update.address)
            if at and isinstance(heard, Gone):
                unit.addresses.replace(replace(at, state="blocked"))
            if at and isinstance(heard, Back):
                unit.addresses.replace(
                    replace(at, state="open", attempts=0, due_at=None)
                )
            unit.updates.take(CHANNEL, update.number)
            unit.commit()

    async def _hand_over(self, update: Update, words: str) -> None:
        chats, now = self.chats, self.chats.clock()
        at = await asyncio.to_thread(chats.address, update.address)
        of = at.conversation_id

        def write(unit: DeskUnit) -> Received:
            if not unit.updates.take(CHANNEL, update.number):
                return NOTHING
            received = NOTHING
            if tidy(words):
                client_id = f"{CHANNEL}:{update.number}"
                received = self.typed.text(unit, of, client_id, words)
            unit.conversations.say(of, self.went_wrong, now)
            open_handoff(unit, of, "something_went_wrong", "urgent", now)
            return received

        await chats.turns.hear(of, write)
