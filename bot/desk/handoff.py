"""Gives a conversation to staff."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from bot.clinic.handoff import Handoff, Priority, Reason, more_pressing
from bot.desk.ports import Talk


def open_handoff(
    unit: Talk,
    conversation_id: str,
    reason: Reason,
    priority: Priority,
    now: datetime,
    detail: str | None = None,
) -> Handoff:
    """Put a conversation into the staff's queue, or make its place more pressing.

    A conversation has one open handoff at most: a second reason raises the priority
    of the first and never lowers it.

    Args:
        detail: rule ids for staff; never the visitor's words.
        now: aware UTC.
    """
    waiting = unit.handoffs.open_of(conversation_id)
    if waiting is None:
        handoff = Handoff(
            id=str(uuid.uuid4()),
            conversation_id=conversation_id,
            state="waiting",
            priority=priority,
            reason=reason,
            detail=detail,
            opened_at=now,
        )
        unit.handoffs.add(handoff)
        return handoff
    pressing = more_pressing(waiting.priority, priority)
    if pressing == waiting.priority:
        return waiting
    raised = replace(waiting, priority=pressing, reason=reason, detail=detail)
    unit.handoffs.replace(raised)
    return raised
