"""Words that ask for nothing, soon after an emergency or a crisis was answered."""

from __future__ import annotations

from datetime import timedelta

from actions import Turn
from bot.clinic.contacts import fill

_SOON = timedelta(hours=1)
"""Ours, from no guideline: time for help to come, and over by the next day's hello."""


def keep_to_the_advice(turn: Turn) -> bool:
    """Say the advice's gist again, where "ok" or "bye" follows an alarm.

    Small talk would sound as if all were well, and a miss as if nobody had listened.

    Returns:
        Whether anything was said.
    """
    with turn.house.store.reading() as unit:
        handoff = unit.handoffs.open_of(turn.conversation_id)
    if (
        handoff is None
        or handoff.priority != "stat"
        or turn.now - handoff.waiting_since > _SOON
    ):
        return False
    protocol = turn.house.shelf.protocol
    key = "crisis_after" if handoff.reason == "crisis" else "em_after"
    turn.say(fill(protocol.messages[key], protocol.contacts))
    return True
