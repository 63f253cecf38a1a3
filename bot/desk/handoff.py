"""Gives a conversation to staff."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime

from bot.clinic.conversation import Said
from bot.clinic.errors import NotFound
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
    of the first, never lowers it, and is noted beside it.

    Args:
        detail: rule ids for staff; never the visitor's words.
        now: aware UTC.
    """
    unit.conversations.lock(conversation_id)
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
    more = replace(
        waiting,
        priority=pressing,
        reason=waiting.reason if pressing == waiting.priority else reason,
        detail=_added(waiting, reason, detail),
    )
    unit.handoffs.replace(more)
    return more


def _added(waiting: Handoff, reason: Reason, detail: str | None) -> str | None:
    """Keep what was noted before and add what came now; nothing twice."""
    first = waiting.detail.split("; ") if waiting.detail else []
    if reason != waiting.reason:
        first.append(waiting.reason)
        first.append(reason)
    if detail:
        first.append(detail)
    return "; ".join(dict.fromkeys(first)) or None


def reply(
    unit: Talk, conversation_id: str, name: str, text: str, now: datetime
) -> None:
    """Say something as a member of staff, who holds the conversation from then on.

    The assistant is silent while staff hold it; the emergency check is not.

    Raises:
        NotFound: there is no such conversation.
        ValueError: no name or no text was given.
    """
    if unit.conversations.get(conversation_id) is None:
        raise NotFound("There is no such conversation.")
    if not name.strip() or not text.strip():
        raise ValueError("a reply needs a name and a text")
    waiting = open_handoff(unit, conversation_id, "staff_began", "routine", now)
    unit.handoffs.replace(
        replace(waiting, state="held", held_by=name.strip(), held_at=now)
    )
    # Whatever the assistant was in the middle of is over; the visitor has a person.
    unit.conversations.forget(conversation_id)
    unit.conversations.say(
        conversation_id, Said(text.strip(), author="staff", name=name.strip()), now
    )
    unit.commit()


def give_back(unit: Talk, conversation_id: str, said: Said, now: datetime) -> None:
    """Return a conversation to the assistant, and say so.

    Raises:
        NotFound: staff neither hold it nor were asked for.
    """
    held = unit.handoffs.open_of(conversation_id)
    if held is None:
        raise NotFound("Nobody is waiting in this conversation.")
    unit.handoffs.replace(replace(held, state="returned", ended_at=now))
    unit.conversations.say(conversation_id, said, now)
    unit.commit()
