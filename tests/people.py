"""The cast: who speaks in the tests, always the same few."""

from __future__ import annotations

from datetime import datetime

from bot.desk import conversation
from bot.store.unit import Store

RECEPTIONIST = "Priya"
COLLEAGUE = "Sam"


def begin_conversation(store: Store, now: datetime) -> str:
    """Let a visitor open a chat on the clinic's page; return its id."""
    with store.unit() as unit:
        return conversation.begin(unit, "web", "edmonton", now).id
