"""Deletes a conversation because its visitor wants it gone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Literal

from bot.clinic.audit import Entry
from bot.clinic.conversation import Said
from bot.clinic.delivery import EARLIER
from bot.clinic.errors import NotAllowed
from bot.clinic.handoff import Priority
from bot.clinic.questionnaire import ScreeningProtocol
from bot.clinic.screened import Screening
from bot.clinic.screening import SENSITIVE
from bot.desk.handoff import hand_over
from bot.desk.left import abandon
from bot.desk.ports import WholeRecord

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

    What the visitor said on a channel before that channel's chat joined the
    conversation goes with it, and so does the channel's own id of the chat. The
    visitor is let in no more; where they write again, a new conversation begins.

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
        NotAllowed: there is no such conversation, or it was deleted before.
    """
    there = unit.conversations.lock(conversation_id)
    if not there or not unit.conversations.open_to_visitor(conversation_id):
        raise NotAllowed("This conversation is not known here any more.")
    whole = [conversation_id, *_earlier(unit, conversation_id)]
    if any(_help_is_on_its_way(unit, one) for one in whole):
        return StillNeeded()
    alarming = [left for one in whole if (left := _alarm(unit, one, protocol, now))]
    for left in alarming:
        hand_over(unit, left, now)
    if alarming:
        unit.commit()
        return StillNeeded()
    kept = [what for one in whole for what in _forget(unit, one, told, now)]
    unit.commit()
    return Forgotten(tuple(dict.fromkeys(kept)))


def _earlier(unit: WholeRecord, conversation_id: str) -> list[str]:
    """Return what was said on other channels before they joined a conversation."""
    found = [
        before
        for address in unit.addresses.of(conversation_id)
        for before in address.kept.get(EARLIER, ())
    ]
    return [
        one
        for one in found
        if unit.conversations.lock(one) and unit.conversations.open_to_visitor(one)
    ]


def _help_is_on_its_way(unit: WholeRecord, conversation_id: str) -> bool:
    waiting = unit.handoffs.open_of(conversation_id)
    return waiting is not None and waiting.priority in _HELP_IS_ON_ITS_WAY


def _alarm(
    unit: WholeRecord,
    conversation_id: str,
    protocol: ScreeningProtocol,
    now: datetime,
) -> Screening | None:
    """Judge what was left open; return it where a person must see it."""
    left = abandon(unit, conversation_id, protocol, now)
    if left and (left.locks or SENSITIVE.intersection(left.flags)):
        return left
    return None


def _forget(
    unit: WholeRecord, conversation_id: str, told: Said, now: datetime
) -> list[Kept]:
    unit.waitlist.forget(conversation_id)
    unit.bookings.drop_holds(conversation_id)
    kept: list[Kept] = [*unit.bookings.left_of(conversation_id)]
    waiting = unit.handoffs.open_of(conversation_id)
    if not kept:
        unit.notes.erase(conversation_id)
        if waiting:
            unit.handoffs.replace(replace(waiting, state="closed", ended_at=now))
    if unit.screenings.erase(conversation_id):
        kept.append("lock")
    for elsewhere in unit.addresses.of(conversation_id):
        unit.addresses.remove(elsewhere.channel, conversation_id)
        unit.updates.forget_address(elsewhere.channel, elsewhere.address)
    unit.passes.drop_of(conversation_id)
    unit.conversations.erase(conversation_id)
    unit.conversations.renew(conversation_id)
    unit.conversations.shut(conversation_id, now)
    unit.conversations.say(conversation_id, told, now)
    unit.audit.add(
        Entry(now, "the visitor", "delete chat", conversation_id, " ".join(kept))
    )
    return kept
