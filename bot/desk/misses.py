"""Keeps the questions that nobody answered, so that a clinic can learn from them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from bot.clinic.errors import NotFound
from bot.clinic.handoff import Handoff
from bot.clinic.misses import Miss
from bot.desk.handoff import open_handoff
from bot.desk.ports import MissUnit

LONGEST_LIST = 200


def miss(
    unit: MissUnit,
    conversation_id: str,
    seq: int,
    ranking: Sequence[tuple[str, float]],
    now: datetime,
) -> Handoff | None:
    """Note that a visitor's message was missed; the second in a row goes to staff.

    The same message noted again changes nothing.

    Args:
        seq: the message's number in the record; one that is not there (as in `rasa
            shell`, which has no record) is passed over.
        ranking: what it might have meant, with probabilities, likeliest first.
        now: aware UTC.

    Returns:
        The handoff, where it was the second in a row.
    """
    unit.misses.add(conversation_id, seq, ranking)
    again = unit.misses.before(conversation_id, seq)
    handoff = (
        open_handoff(unit, conversation_id, "not_understood", "routine", now)
        if again
        else None
    )
    unit.commit()
    return handoff


def open_misses(unit: MissUnit, limit: int = LONGEST_LIST) -> list[Miss]:
    """Return what nobody has dealt with, newest first, with the visitor's next step."""
    return unit.misses.open(limit)


def mark_handled(
    unit: MissUnit, conversation_id: str, seq: int, name: str, now: datetime
) -> None:
    """Take a miss off the list.

    Args:
        name: the member of staff who has dealt with it.
        now: aware UTC.

    Raises:
        NotFound: no such miss waits; somebody else may have been quicker.
    """
    if not unit.misses.handle(conversation_id, seq, name, now):
        raise NotFound("That question is not on the list any more.")
    unit.commit()
