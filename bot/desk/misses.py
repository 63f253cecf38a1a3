"""Keeps the questions that nobody answered, so that a clinic can learn from them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime

from bot.clinic.errors import NotFound
from bot.clinic.handoff import Handoff
from bot.clinic.misses import Miss
from bot.desk.handoff import open_handoff
from bot.desk.ports import MissUnit

LONGEST_LIST = 200
_GONE = "That question is not on the list any more."


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


def one_miss(unit: MissUnit, conversation_id: str, seq: int) -> Miss:
    """Return a miss that nobody has dealt with.

    Raises:
        NotFound: no such miss waits.
    """
    found = unit.misses.get(conversation_id, seq)
    if found is None:
        raise NotFound(_GONE)
    return found


def teach(
    unit: MissUnit,
    conversation_id: str,
    seq: int,
    name: str,
    now: datetime,
    keep: Callable[[], object],
) -> None:
    """Take a miss off the list and keep the example made from it, both or neither.

    Args:
        name: the member of staff who made it.
        keep: writes the example down; whatever it raises leaves the list as it was.

    Raises:
        NotFound: no such miss waits; somebody else may have been quicker.
    """
    if not unit.misses.handle(conversation_id, seq, name, now):
        raise NotFound(_GONE)
    keep()
    unit.commit()


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
        raise NotFound(_GONE)
    unit.commit()
