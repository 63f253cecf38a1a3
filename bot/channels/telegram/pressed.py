"""What a visitor presses on Telegram: a button once, boxes until they are done."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.channels.inbox import Update
from bot.channels.telegram.chats import CHANNEL, Chats, keyboard_kept
from bot.channels.telegram.reading import Pressed
from bot.channels.telegram.wording import DONE
from bot.clinic.conversation import Message, Received
from bot.clinic.delivery import Address
from bot.clinic.errors import NotFound
from bot.desk import conversation as conversations
from bot.desk import delivery
from bot.desk.answering import DeskUnit

_LONGEST_SEQ = 9


@dataclass(frozen=True)
class Presses:
    """Hears buttons. One that is old, forged or another's is refused in words."""

    chats: Chats

    async def hear(self, update: Update, heard: Pressed) -> None:
        """Take the choice, or tick the box."""
        at = await asyncio.to_thread(self.chats.address, update.address)
        self.chats.touch.writes_from(at)
        if heard.data.startswith(DONE):
            await self._done(at, update, heard)
            return
        shown = await asyncio.to_thread(self.chats.with_button, at, heard.data)
        checklist = shown.extras.get("checklist") if shown else None
        if shown is None:
            await self._refuse(update, heard)
        elif checklist and heard.data != checklist.get("none_id"):
            await self._tick(at, update, heard, shown)
        else:
            await self._choose(at, update, heard, shown, [heard.data])

    async def _done(self, at: Address, update: Update, heard: Pressed) -> None:
        shown = await asyncio.to_thread(self._list, at, heard.data.removeprefix(DONE))
        newest = at.kept.get("row") or 0
        if shown is None or newest > shown.seq:
            await self._refuse(update, heard)
            return
        ticked = _ticked(at, shown)
        options = shown.extras["checklist"]["options"]
        chosen = [option["id"] for option in options if option["id"] in ticked]
        if chosen:
            await self._choose(at, update, heard, shown, chosen)
        else:
            await self._refuse(update, heard, self.chats.words.tick_something)

    def _list(self, at: Address, seq: str) -> Message | None:
        """Return the checklist that stands under a number."""
        if not (seq.isascii() and seq.isdecimal() and len(seq) <= _LONGEST_SEQ):
            return None
        row = self.chats.row(at, int(seq))
        return row if row and row.extras.get("checklist") else None

    async def _choose(
        self,
        at: Address,
        update: Update,
        heard: Pressed,
        shown: Message,
        ids: Sequence[str],
    ) -> None:
        def write(unit: DeskUnit) -> Received:
            if not unit.updates.take(CHANNEL, update.number):
                return Received(0, fresh=False)
            self.chats.here(unit, at.address, shown.seq)
            if not conversations.stands(unit, at.conversation_id, shown.seq):
                raise NotFound("This button is no longer in use.")
            return conversations.hear_choice(
                unit,
                at.conversation_id,
                f"{CHANNEL}:{update.number}",
                ids,
                self.chats.clock(),
                CHANNEL,
            )

        try:
            received = await self.chats.turns.hear(at.conversation_id, write)
        except NotFound:
            await self._refuse(update, heard)
            return
        if not received.fresh:
            await self._refuse(update, heard)
            return
        self.chats.touch.answer(heard.query)
        self.chats.touch.close(at, heard, shown, _labels(shown, ids))

    async def _tick(
        self, at: Address, update: Update, heard: Pressed, shown: Message
    ) -> None:
        ticked = await asyncio.to_thread(self._change, at, update, heard, shown)
        if ticked is None:
            await self._refuse(update, heard)
            return
        self.chats.touch.answer(heard.query)
        self.chats.touch.show_ticks(at, heard.message_id, shown, ticked)

    def _change(
        self, at: Address, update: Update, heard: Pressed, shown: Message
    ) -> list[str] | None:
        """Tick a box, or take the tick away; None where the list is closed."""
        with self.chats.store.unit() as unit:
            now = unit.addresses.locked(CHANNEL, at.address)
            stands = conversations.stands(unit, at.conversation_id, shown.seq)
            if now is None or not stands:
                return None
            ticked = _ticked(now, shown)
            if unit.updates.take(CHANNEL, update.number):
                if heard.data in ticked:
                    ticked.remove(heard.data)
                else:
                    ticked.append(heard.data)
                now = delivery.pressed(unit, now, shown.seq, self.chats.health)
                keyboard = keyboard_kept(shown.seq, heard.message_id, ticked)
                unit.addresses.replace(replace(now, kept={**now.kept, **keyboard}))
                unit.commit()
            return ticked

    async def _refuse(
        self, update: Update, heard: Pressed, why: str | None = None
    ) -> None:
        await asyncio.to_thread(self.chats.take, update.number)
        self.chats.touch.answer(heard.query, why or self.chats.words.dead_button)


def _ticked(at: Address, shown: Message) -> list[str]:
    """Return the ids of the ticked boxes; none where the list has just come."""
    return list(at.kept["ticked"]) if at.kept.get("row") == shown.seq else []


def _labels(shown: Message, ids: Sequence[str]) -> str:
    options = (shown.extras.get("checklist") or {}).get("options", ())
    buttons = (*(shown.extras.get("buttons") or ()), *options)
    return ", ".join(one["label"] for one in buttons if one["id"] in ids)
