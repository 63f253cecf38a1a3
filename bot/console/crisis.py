"""Holds back at the console what was told of a crisis, from whoever may not read it."""

from __future__ import annotations

from bot.clinic.restricted import is_restricted, may_read
from bot.console.caller import Caller
from bot.console.door import Console
from bot.store.unit import Unit


def speaks_of_one(unit: Unit, conversation_id: str) -> bool:
    """Tell whether a crisis was told in a conversation, or asked about."""
    handoff = unit.handoffs.latest_of(conversation_id)
    if handoff is not None and handoff.reason == "crisis":
        return True
    return is_restricted(unit.screenings.of(conversation_id))


def is_shut(console: Console, unit: Unit, caller: Caller, conversation_id: str) -> bool:
    """Tell whether a conversation speaks of one that somebody may not read of."""
    may = may_read(caller.person, console.clinic.crisis_readers)
    return not may and speaks_of_one(unit, conversation_id)


def about_crisis(*, restricted: bool, shut: bool) -> str:
    """Say for the audit whether what was told of a crisis was shown."""
    if shut:
        return ", crisis answers held back"
    return ", crisis answers" if restricted else ""
