"""The cast: who speaks in the tests, always the same few."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.clinic.screened import VALID, Screening
from bot.clock import utc_now
from bot.desk import conversation
from bot.store.unit import Store

RECEPTIONIST = "Priya"
COLLEAGUE = "Sam"


def begin_conversation(store: Store, now: datetime) -> str:
    """Let a visitor open a chat on the clinic's page; return its id."""
    with store.unit() as unit:
        return conversation.begin(unit, "web", "edmonton", now).id


def told_all(store: Store, **changes: Any) -> Screening:
    """Let a visitor answer the safety questions to their end, just now."""
    now = utc_now()
    one = Screening(
        id=str(uuid.uuid4()),
        conversation_id=begin_conversation(store, now),
        status="completed",
        channel="web",
        rules_version="1",
        questions_version="1",
        started_at=now,
        expires_at=now + VALID,
        answers={},
        ended_at=now,
    )
    one = replace(one, **changes)
    with store.unit() as unit:
        unit.screenings.add(one)
        unit.commit()
    return one
