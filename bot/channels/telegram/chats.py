"""Telegram's chats in the record, and what everything that handles updates needs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from bot.channels.telegram.touch import Touch
from bot.clinic.conversation import Message, Said
from bot.clinic.delivery import Address
from bot.clinic.errors import NotFound
from bot.clinic.profile import HealthByTelegram
from bot.content.telegram import TelegramWords
from bot.desk import delivery
from bot.desk.ports import ChannelUnit
from bot.desk.turns import Turns
from bot.store.unit import Store

CHANNEL = "telegram"
_RACES = 3


def keyboard_kept(row: int, message_id: int, ticked: Sequence[str]) -> dict[str, Any]:
    """Return what an address remembers of the newest buttons.

    Args:
        row: the number of the message that they stand under.
        message_id: Telegram's own of it.
        ticked: ids of boxes.
    """
    return {"row": row, "keyboard": message_id, "ticked": list(ticked)}


@dataclass(frozen=True)
class Chats:
    """Finds and changes the record of a chat.

    Args:
        welcome: said once, before the first answer.
        clinic: the clinic profile's folder name.
        health: whether what is about a visitor's own health is carried.
        clock: aware UTC.
    """

    store: Store
    turns: Turns
    touch: Touch
    words: TelegramWords
    welcome: str
    clinic: str
    health: HealthByTelegram
    clock: Callable[[], datetime]

    def address(self, address: str, language: str = "") -> Address:
        """Return the address of a chat; the first time a conversation begins."""
        for _ in range(_RACES):
            try:
                with self.store.unit() as unit:
                    return delivery.address_at(
                        unit, CHANNEL, address, self.clinic, self.clock(), language
                    )
            except delivery.Raced:
                continue
        raise NotFound("This chat cannot be found.")

    def take(self, number: int) -> None:
        """Mark an update as handled that leaves nothing else in the record."""
        with self.store.unit() as unit:
            unit.updates.take(CHANNEL, number)
            unit.commit()

    def here(self, unit: ChannelUnit, address: str, pressed: int = 0) -> None:
        """Note that a visitor is here: whoever blocked us is back, buttons are old.

        The first time they are told where this is.

        Args:
            pressed: the number of the message under which they pressed a button.
        """
        at = unit.addresses.locked(CHANNEL, address)
        if at is None:
            return
        if not at.kept.get("welcomed"):
            unit.conversations.say(
                at.conversation_id, Said(self.welcome, "system"), self.clock()
            )
        kept = {**at.kept, "welcomed": True, "keyboard": None}
        now = replace(delivery.pressed(unit, at, pressed, self.health), kept=kept)
        if at.state == "blocked":
            now = replace(now, state="open", attempts=0, due_at=None)
        if now != at:
            unit.addresses.replace(now)

    def row(self, at: Address, seq: int) -> Message | None:
        """Return one message of a chat's conversation."""
        with self.store.reading() as unit:
            rows = unit.conversations.after(at.conversation_id, seq - 1, 1)
        return rows[0] if rows and rows[0].seq == seq else None

    def with_button(self, at: Address, button_id: str) -> Message | None:
        """Return the message of a chat's conversation that has a button."""
        if not button_id.isascii():
            return None
        with self.store.reading() as unit:
            known = unit.conversations.choices(at.conversation_id, [button_id])
        return self.row(at, known[button_id][0]) if known else None
