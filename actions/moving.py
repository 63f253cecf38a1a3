"""Begins to move a visit: which one, and when instead, if that leans on it."""

from __future__ import annotations

import re
from collections.abc import Sequence

from rasa_sdk.events import FollowupAction, SlotSet

from actions import Events, Turn
from actions.replies import ANOTHER_DAY, Slots, wish_lines, wish_slots
from actions.visits import leaning_on, visits_ahead
from bot.clinic.booking import Appointment
from bot.clinic.wish import Wish
from bot.desk.people import for_another
from bot.desk.wish_alone import wish_alone
from bot.desk.wish_beside import moves
from bot.desk.wishes import Unworkable, read_wish, stamped, words_of

DRAFT = (
    "chosen_opening_id",
    "series_openings",
    "offered_openings",
    "wished_time",
    "booking_confirmed",
)

_BESIDES = re.compile(
    r"\b(?:also|as well|too|another|(?:1|one) more|both|and then)\b", re.IGNORECASE
)
_WHICH = re.compile(
    r"\b(?:my|the) (?:very )?(first|1st|next|second|2nd|third|3rd|fourth|4th|last)"
    r" (?:one|visit|appointment|treatment)\b",
    re.IGNORECASE,
)
_PLACES = {
    **dict.fromkeys(("first", "1st", "next"), 0),
    **dict.fromkeys(("second", "2nd"), 1),
    **dict.fromkeys(("third", "3rd"), 2),
    **dict.fromkeys(("fourth", "4th"), 3),
    "last": -1,
}


def begin_change(turn: Turn, ahead: Sequence[Appointment]) -> Events:
    """Go on to another time for one of the visits ahead."""
    only = ahead[0] if len(ahead) == 1 else named_visit(turn, ahead)
    known = {
        **dict.fromkeys(DRAFT),
        **_wish_for(turn, only),
        "appointment_id": only.id if only else None,
    }
    return [
        *(SlotSet(name, value) for name, value in known.items()),
        FollowupAction("change_form"),
    ]


def begin_move(turn: Turn) -> Events | None:
    """Move the one visit ahead, where a message leans on it and says no more.

    "A bit later that day" and "push it back a week" are such messages.

    Returns:
        None for any other message, and where staff move the visits.
    """
    ahead = visits_ahead(turn)
    clinic = turn.house.shelf.clinic
    alone = len(ahead) == 1 and clinic.policy.self_booking and moves(turn.typed)
    if not alone or _BESIDES.search(turn.typed) or for_another(turn.typed):
        return None
    words = leaning_on(turn, turn.typed, ahead[0])
    if words == turn.typed or wish_alone(words, clinic, turn.now) is None:
        return None
    return begin_change(turn, ahead)


def chosen_to_move(turn: Turn, appointment_id: str) -> Slots:
    """Return the slots for the visit that is meant, with what was wished of it."""
    (visit,) = [one for one in visits_ahead(turn) if one.id == appointment_id]
    lines = [_told_of(turn, line, visit) for line in wish_lines(turn)]
    wished = {"wished_time": "\n".join(lines)} if lines else {}
    return {"appointment_id": appointment_id, **wished}


def _told_of(turn: Turn, line: str, visit: Appointment) -> str:
    """Return a line of a wish; one that leans on the visit says its day instead."""
    said = words_of(line)
    words = leaning_on(turn, said, visit)
    return line if words == said else stamped(words, turn.now)


def _wish_for(turn: Turn, visit: Appointment | None) -> Slots:
    """Return the slots for when instead; what leans on a visit waits for it."""
    wish = {} if turn.typed == "" else _leaning_wish(turn, visit)
    return wish or wish_slots(turn, fresh=True)


def _leaning_wish(turn: Turn, visit: Appointment | None) -> Slots:
    if visit is None:
        waits = moves(turn.typed)
        return {"wished_time": stamped(turn.typed, turn.now)} if waits else {}
    words = leaning_on(turn, turn.typed, visit)
    read = read_wish(words, turn.house.shelf.clinic, turn.now)
    if words == turn.typed or read is None:
        return {}
    if isinstance(read, Unworkable):
        turn.say(read.reason)
        return dict(ANOTHER_DAY)
    return {**ANOTHER_DAY, "wished_time": stamped(words, turn.now)}


def named_visit(turn: Turn, ahead: Sequence[Appointment]) -> Appointment | None:
    """Return the visit that "the second one" or "the last" means, None for no one."""
    found = _WHICH.search(turn.typed)
    place = _PLACES[found[1].lower()] if found else len(ahead)
    return ahead[place] if place < len(ahead) else None


def visit_on(turn: Turn, ahead: Sequence[Appointment]) -> Appointment | None:
    """Return the one visit that a day and hour can mean: "monday's", "the 14th"."""
    clinic = turn.house.shelf.clinic
    read = read_wish(turn.typed, clinic, turn.now)
    if not isinstance(read, Wish) or not read.says_days:
        return None
    on = [one for one in ahead if read.allows_at(one.starts_at, clinic.zone)]
    return on[0] if len(on) == 1 else None
