"""What a visitor types or sends on Telegram."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from bot.channels.going_on import Crossings
from bot.channels.inbox import Update
from bot.channels.telegram.chats import CHANNEL, Chats
from bot.channels.telegram.reading import (
    Attached,
    Command,
    Words,
    language_of,
    words_of,
)
from bot.channels.telegram.wording import MOST_UNITS
from bot.clinic.conversation import Choice, Message, Received, Said, storable, tidy
from bot.clinic.errors import NotAllowed
from bot.content.telegram import Entry
from bot.desk import conversation as conversations
from bot.desk.answering import DeskUnit
from bot.desk.bell import Bell
from bot.desk.emergency import settle_ahead
from bot.desk.joining import join, use_pass
from bot.desk.ports import ChannelUnit

_COMMANDS = {
    "start": "/greet",
    "book": "/book_appointment",
    "visit": "/check_appointment",
    "person": "/talk_to_human",
    "stop": "/stop",
    "help": "/capabilities",
}
"""What a command of the menu means to the assistant."""

_LINK = re.compile(r"[A-Za-z0-9_-]{1,64}$")
"""What may stand after /start in a link: of ours, or from a poster."""

_RECENT = 12
_ALBUM = timedelta(minutes=1)  # it comes as one message for each picture

NOTHING = Received(0, fresh=False)


@dataclass(frozen=True)
class Typed:
    """Hears words, commands, and what has no words."""

    chats: Chats
    bell: Bell
    crossings: Crossings

    async def hear(self, update: Update, heard: Words | Command | Attached) -> None:
        """Write it down and have it checked and answered."""
        link = heard.argument if isinstance(heard, Command) else ""
        if link != "" and await asyncio.to_thread(self._joined, update, link):
            return
        at = await asyncio.to_thread(
            self.chats.address, update.address, language_of(update.body)
        )
        self.chats.touch.writes_from(at)

        def write(unit: DeskUnit) -> Received:
            if not unit.updates.take(CHANNEL, update.number):
                return NOTHING
            if _is_known(unit, at.conversation_id, heard):
                return NOTHING
            self.chats.here(unit, update.address)
            return self._written(unit, at.conversation_id, update.number, heard)

        received = await self.chats.turns.hear(at.conversation_id, write)
        if received.fresh:
            self.chats.touch.close_buttons(at)

    def look(self, update: Update, heard: Words | Command | Attached) -> None:
        """Answer an emergency before its turn; blocks for the record.

        A changed message may be known already, which shows in its turn.
        """
        again = isinstance(heard, Words) and heard.again
        chosen = isinstance(heard, Command) and self._entry(heard)
        if again or chosen:
            return
        flag = self.chats.turns.red_flag(_cut(words_of(heard)))
        if flag:
            at = self.chats.address(update.address, language_of(update.body))
            self.chats.turns.answer_ahead(
                at.conversation_id, f"{CHANNEL}:{update.number}", flag
            )

    def _written(
        self,
        unit: DeskUnit,
        conversation_id: str,
        number: int,
        heard: Words | Command | Attached,
    ) -> Received:
        client_id = f"{CHANNEL}:{number}"
        if isinstance(heard, Command):
            return self._command(unit, conversation_id, client_id, heard)
        if isinstance(heard, Words):
            return self.text(unit, conversation_id, client_id, heard.text, heard.again)
        return self._attached(unit, conversation_id, client_id, heard)

    def _attached(
        self, unit: DeskUnit, conversation_id: str, client_id: str, heard: Attached
    ) -> Received:
        """Hear the words under it; an album is told once that it stays closed."""
        words, now = self.chats.words, self.chats.clock()
        thing = words.thing(heard.kind)
        told = words.cannot_open.format(what=thing)
        recent = _recent(unit, conversation_id)
        if not tidy(heard.caption):
            received = self._heard(unit, conversation_id, client_id, f"({thing})")
        else:
            received = self.text(unit, conversation_id, client_id, heard.caption)
        if not any(row.text == told and now - row.at < _ALBUM for row in recent):
            unit.conversations.say(conversation_id, Said(told, "system"), now)
        return received

    def _command(
        self, unit: DeskUnit, conversation_id: str, client_id: str, heard: Command
    ) -> Received:
        words, now, entry = self.chats.words, self.chats.clock(), self._entry(heard)
        if entry and heard.name in _COMMANDS:
            command = Choice(entry.heard, _COMMANDS[heard.name])
            return conversations.hear_command(
                unit, conversation_id, client_id, command, now, CHANNEL
            )
        if entry:  # the clinic's page, of which the assistant knows nothing
            note = Said(words.page, "system", extras={"page": True})
            return self._noted(unit, conversation_id, client_id, entry.heard, note)
        if heard.name not in words.commands:
            unknown = Said(words.unknown_command, "system")
            unit.conversations.say(conversation_id, unknown, now)
        return self.text(unit, conversation_id, client_id, words_of(heard))

    def _entry(self, heard: Command) -> Entry | None:
        """Return the entry of the menu; words after it may matter more than it."""
        link = heard.name == "start" and _LINK.match(heard.argument)
        plain = link or not heard.argument
        return self.chats.words.commands.get(heard.name) if plain else None

    def text(
        self,
        unit: DeskUnit,
        conversation_id: str,
        client_id: str,
        text: str,
        unseen: bool = False,
    ) -> Received:
        """Write down words; an emergency that was answered ahead is settled."""
        now = self.chats.clock()
        received = conversations.hear_text(
            unit, conversation_id, client_id, _cut(text), now, CHANNEL, unseen
        )
        if received.fresh:
            settle_ahead(unit, conversation_id, client_id, received.seq)
        return received

    def _noted(
        self,
        unit: DeskUnit,
        conversation_id: str,
        client_id: str,
        text: str,
        note: Said,
    ) -> Received:
        """Write down what the assistant need not see, and the desk's answer to it."""
        received = self._heard(unit, conversation_id, client_id, text)
        unit.conversations.say(conversation_id, note, self.chats.clock())
        return received

    def _heard(
        self, unit: DeskUnit, conversation_id: str, client_id: str, text: str
    ) -> Received:
        """Write down what the assistant need not see."""
        seq = unit.conversations.hear(
            conversation_id, text, None, client_id, self.chats.clock(), CHANNEL
        )
        unit.conversations.set_state(conversation_id, seq, "done")
        return Received(seq, fresh=True)

    def _joined(self, update: Update, argument: str) -> bool:
        """Go on with the conversation that a deep link leads to.

        Returns:
            False where the link is none of ours.
        """
        try:
            pass_id = self.crossings.read_start(argument)
        except NotAllowed:
            return False
        chats, words = self.chats, self.chats.words
        try:
            with chats.store.unit() as unit:
                if not unit.updates.take(CHANNEL, update.number):
                    return True
                conversation_id = use_pass(unit, pass_id, CHANNEL, chats.clock())
                join(unit, CHANNEL, update.address, conversation_id)
                self._tell(unit, update.address, conversation_id, words.joined)
        except NotAllowed:
            # Only now does a conversation of its own begin, where there is none.
            conversation_id = chats.address(
                update.address, language_of(update.body)
            ).conversation_id
            with chats.store.unit() as unit:
                if not unit.updates.take(CHANNEL, update.number):
                    return True
                self._tell(unit, update.address, conversation_id, words.bad_link)
        self.bell.ring(conversation_id)
        return True

    def _tell(
        self, unit: ChannelUnit, address: str, conversation_id: str, text: str
    ) -> None:
        self.chats.here(unit, address)
        said = Said(text, "system")
        unit.conversations.say(conversation_id, said, self.chats.clock())
        unit.commit()


def _cut(text: str) -> str:
    """Return words cut to what Telegram lets anybody type."""
    return storable(text[:MOST_UNITS])


def _is_known(
    unit: DeskUnit, conversation_id: str, heard: Words | Command | Attached
) -> bool:
    """Tell whether a changed message says what was heard already.

    Telegram brings it for other reasons than new words as well:
    https://core.telegram.org/bots/api#update
    """
    if not (isinstance(heard, Words) and heard.again):
        return False
    said = ("visitor", heard.text)
    recent = _recent(unit, conversation_id)
    return any((row.author, row.text) == said for row in recent)


def _recent(unit: DeskUnit, conversation_id: str) -> Sequence[Message]:
    """Return the last few messages of a conversation."""
    conversation = unit.conversations.get(conversation_id)
    last_seq = conversation.last_seq if conversation else 0
    return unit.conversations.after(conversation_id, last_seq - _RECENT)
