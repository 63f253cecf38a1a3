"""Deletes a conversation because its visitor wants it gone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.clinic.audit import Entry
from bot.clinic.conversation import Said
from bot.clinic.errors import NotAllowed
from bot.clinic.handoff import Priority
from bot.clinic.questionnaire import ScreeningProtocol
from bot.desk.handoff import hand_over
from bot.desk.ports import WholeRecord
from bot.desk.screened import abandon

Kept = Literal["appointment", "request", "lock"]
_HELP_IS_ON_ITS_WAY: tuple[Priority, ...] = ("stat", "asap")


@dataclass(frozen=True)
class Forgotten:
    """The words are gone.

    Args:
        kept: what the clinic must still know: a visit with its name, number and the
            screening it rests on; a request for one; a lock on booking, bare.
    """

    kept: tuple[Kept, ...]


@dataclass(frozen=True)
class StillNeeded:
    """A person is about to help in an emergency and needs what was said."""


def forget_visitor(
    unit: WholeRecord,
    conversation_id: str,
    protocol: ScreeningProtocol,
    told: Said,
    now: datetime,
) -> Forgotten | StillNeeded:
    """Delete what was said and answered in a conversation, and what is only held.

    Left are its number, the handoffs and the audit, all without words, and what
    `Forgotten` names; with a visit or a request, staff's notes on it too. The
    assistant begins anew, so nothing of a late answer comes back.

    Safety questions that were left open are judged first, as if they had been left
    for a day: what is alarming in them goes to staff and is not deleted unseen.

    Args:
        protocol: the questions and criteria.
        told: stands in the place of what was said, for staff who look for it.
        now: aware UTC.

    Raises:
        NotAllowed: there is no such conversation.
    """
    if not unit.conversations.lock(conversation_id):
        raise NotAllowed("This conversation is not known here any more.")
    left = abandon(unit, conversation_id, protocol, now)
    if left and (left.locks or "CRISIS" in left.flags):
        hand_over(unit, left, now)
        unit.commit()
        return StillNeeded()
    waiting = unit.handoffs.open_of(conversation_id)
    if waiting and waiting.priority in _HELP_IS_ON_ITS_WAY:
        return StillNeeded()
    unit.bookings.drop_holds(conversation_id)
    unit.waitlist.forget(conversation_id)
    kept: list[Kept] = [*unit.bookings.left_of(conversation_id)]
    if not kept:
        unit.notes.erase(conversation_id)
        if waiting:
            unit.handoffs.replace(replace(waiting, state="closed", ended_at=now))
    if unit.screenings.erase(conversation_id):
        kept.append("lock")
    for elsewhere in unit.addresses.of(conversation_id):
        unit.addresses.remove(elsewhere.channel, conversation_id)
    unit.conversations.erase(conversation_id)
    unit.conversations.renew(conversation_id)
    unit.conversations.say(conversation_id, told, now)
    unit.audit.add(
        Entry(now, "the visitor", "delete chat", conversation_id, " ".join(kept))
    )
    unit.commit()
    return Forgotten(tuple(kept))
