"""Gives a conversation to staff, and takes it back.

Waiting, then held by somebody, then returned to the assistant or closed. Whoever comes
second is told what happened meanwhile; nothing of theirs is done.
"""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.clinic.conversation import Said
from bot.clinic.errors import NotFound
from bot.clinic.handoff import (
    PRESENT,
    Handoff,
    Priority,
    Reason,
    State,
    more_pressing,
)
from bot.clinic.screened import Screening
from bot.clinic.screening import Disposition
from bot.desk.letters import alert_staff
from bot.desk.ports import Talk

PRIORITY: Mapping[Disposition, Priority] = {
    Disposition.EMERGENCY: "stat",
    Disposition.URGENT: "asap",
    Disposition.NOT_SUITABLE_ONLINE: "urgent",
}
"""How soon a person must see a result; the screening protocol, section 2."""


@dataclass(frozen=True)
class Overtaken:
    """The deed came too late, and nothing was done.

    Args:
        handoff: as it is now; None where nothing is open any more.
    """

    handoff: Handoff | None


@dataclass(frozen=True)
class Shown:
    """The handoff that stood on the page from which somebody acts.

    Args:
        handoff_id: "" where none was open.
        priority: as it stood there.
    """

    handoff_id: str
    priority: str

    def is_still(self, handoff: Handoff) -> bool:
        """Say whether it is the same one, and as pressing as it was."""
        return (self.handoff_id, self.priority) == (handoff.id, handoff.priority)


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
            waiting_since=now,
        )
        unit.handoffs.add(handoff)
        someone = unit.staff.someone_since(now - PRESENT, conversation_id)
        if priority == "stat" or not someone:
            alert_staff(unit, conversation_id, priority, now)
        return handoff
    pressing = more_pressing(waiting.priority, priority)
    more = replace(
        waiting,
        priority=pressing,
        reason=waiting.reason if pressing == waiting.priority else reason,
        detail=_added(waiting, reason, detail),
    )
    if pressing != waiting.priority:
        more = replace(more, waiting_since=now, reminded_at=None, missed_at=None)
        alert_staff(unit, conversation_id, pressing, now)
    unit.handoffs.replace(more)
    return more


def is_held(unit: Talk, conversation_id: str) -> bool:
    """Say whether staff hold a conversation, so that the assistant is silent in it."""
    handoff = unit.handoffs.open_of(conversation_id)
    return handoff is not None and handoff.state == "held"


def hand_over(unit: Talk, left: Screening, now: datetime) -> Handoff:
    """Give a person what is alarming in safety questions that were left open."""
    return open_handoff(
        unit,
        left.conversation_id,
        "crisis" if "CRISIS" in left.flags else "screening",
        PRIORITY.get(left.disposition, "asap") if left.disposition else "asap",
        now,
        detail=" ".join(left.rules),
    )


def take(
    unit: Talk,
    conversation_id: str,
    name: str,
    now: datetime,
    *,
    here: bool = False,
    said: Said | None = None,
    shown: Shown | None = None,
) -> Handoff | Overtaken:
    """Take a conversation over; of two who do, one holds it and the other is told.

    The assistant is silent while staff hold it; the emergency check is not.

    Args:
        name: who takes it, as the visitor will read it.
        here: the holder has a page open that will give signs of life.
        said: tells the visitor whom they are talking to now.
        shown: what they want to take; one that is over is not taken. One that has
            become more pressing is.

    Raises:
        NotFound: there is no such conversation.
    """
    if not unit.conversations.lock(conversation_id):
        raise NotFound("There is no such conversation.")
    waiting = unit.handoffs.open_of(conversation_id)
    if waiting is not None and waiting.state == "held":
        return waiting if waiting.held_by == name else Overtaken(waiting)
    if shown and shown.handoff_id and _is_over(shown, waiting):
        return Overtaken(waiting)
    if waiting is None:
        waiting = open_handoff(unit, conversation_id, "staff_began", "routine", now)
    held = replace(
        waiting,
        state="held",
        held_by=name,
        held_at=now,
        acted_at=now,
        here_at=now if here else None,
    )
    unit.handoffs.replace(held)
    # Whatever the assistant was in the middle of is over; the visitor has a person.
    unit.conversations.forget(conversation_id)
    if said is not None:
        unit.conversations.say(conversation_id, said, now)
    return held


def reply(
    unit: Talk,
    conversation_id: str,
    name: str,
    text: str,
    now: datetime,
    client_id: str | None = None,
) -> Handoff | Overtaken:
    """Say something to the visitor, as the member of staff who holds the conversation.

    Args:
        client_id: the same one again says nothing twice.

    Raises:
        ValueError: no text was given.
    """
    if not text.strip():
        raise ValueError("A reply needs a text.")
    unit.conversations.lock(conversation_id)
    held = unit.handoffs.open_of(conversation_id)
    if held is None or held.held_by != name:
        return Overtaken(held)
    if client_id and unit.conversations.seq_of(conversation_id, client_id):
        return held
    unit.conversations.say(
        conversation_id,
        Said(text.strip(), author="staff", name=name),
        now,
        client_id=client_id,
    )
    acting = replace(held, acted_at=now)
    unit.handoffs.replace(acting)
    return acting


def end(
    unit: Talk,
    conversation_id: str,
    state: Literal["returned", "closed"],
    said: Said,
    now: datetime,
    name: str | None = None,
    shown: Shown | None = None,
) -> Handoff | Overtaken:
    """Return a conversation to the assistant, or close it, and say so.

    After a person the assistant begins anew: it goes on with no form of before, and
    answers nothing that was written meanwhile. Where nobody held the conversation it
    was never silent, and goes on with what it is in the middle of.

    Args:
        name: who does it: what somebody else holds stays theirs, and what nobody holds
            can be closed only. None may do it always.
        shown: what they want to end; nothing else is ended in its place, nor what has
            become more pressing since.
    """
    unit.conversations.lock(conversation_id)
    waiting = unit.handoffs.open_of(conversation_id)
    if waiting is None or not _may_end(waiting, state, name):
        return Overtaken(waiting)
    if shown and not shown.is_still(waiting):
        return Overtaken(waiting)
    ended = replace(waiting, state=state, ended_at=now)
    unit.handoffs.replace(ended)
    if waiting.state == "held":
        unit.conversations.forget(conversation_id)
    unit.conversations.say(conversation_id, said, now)
    return ended


def give_back(unit: Talk, conversation_id: str, said: Said, now: datetime) -> None:
    """Return a conversation to the assistant whoever holds it.

    Raises:
        NotFound: staff neither hold it nor were asked for.
    """
    if isinstance(end(unit, conversation_id, "returned", said, now), Overtaken):
        raise NotFound("Nobody is waiting in this conversation.")
    unit.commit()


def let_go(
    unit: Talk,
    conversation_id: str,
    now: datetime,
    tell: Callable[[Handoff], Said],
    name: str | None = None,
    shown: Shown | None = None,
) -> Handoff | Overtaken:
    """Put a held conversation back into the queue, and tell the visitor.

    Args:
        tell: what to say about the handoff as it waits again.
        name: who lets go of what they hold; None where its holder is gone.
        shown: what they want to let go of, as for `end`.
    """
    unit.conversations.lock(conversation_id)
    held = unit.handoffs.open_of(conversation_id)
    if held is None or held.state != "held" or (name and held.held_by != name):
        return Overtaken(held)
    if shown and not shown.is_still(held):
        return Overtaken(held)
    waiting = replace(
        held,
        state="waiting",
        waiting_since=now,
        held_by=None,
        held_at=None,
        here_at=None,
        acted_at=None,
        reminded_at=None,
        missed_at=None,
    )
    unit.handoffs.replace(waiting)
    alert_staff(unit, conversation_id, waiting.priority, now)
    unit.conversations.say(conversation_id, tell(waiting), now)
    return waiting


def _is_over(shown: Shown, now_open: Handoff | None) -> bool:
    return now_open is None or now_open.id != shown.handoff_id


def _may_end(waiting: Handoff, state: State, name: str | None) -> bool:
    if name is None or waiting.held_by == name:
        return True
    return waiting.held_by is None and state == "closed"


def _added(waiting: Handoff, reason: Reason, detail: str | None) -> str | None:
    """Keep what was noted before and add what came now; nothing twice."""
    first = waiting.detail.split("; ") if waiting.detail else []
    if reason != waiting.reason:
        first.append(waiting.reason)
        first.append(reason)
    if detail:
        first.append(detail)
    return "; ".join(dict.fromkeys(first)) or None
