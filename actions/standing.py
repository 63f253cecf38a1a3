"""A request that waits at staff: how it stands, and what a visitor adds to it."""

from __future__ import annotations

import re

from actions import PERSON, Events, Turn
from actions.taking_back import add, requests_waiting
from actions.visits import asked_for, say_visits, times_of, visits_ahead, waiting_words
from bot.clinic.wish import Wish
from bot.desk.people import for_another
from bot.desk.wishes import Ambiguous, Unworkable, read_wish

ANOTHER = ("Ask for another visit", "/book_appointment")
_DONE = (
    r"(?:get|got|gotten|receiv|see|saw|look|read|answer|repl|decid|pass|hear|call)\w*"
)
_ASKS_HOW_IT_STANDS = re.compile(
    r"\b(?:any|the|got|is there) (?:\w+ )?(?:news|updates?|word|answer|reply)\b"
    r"|\bhea(?:r|rd) (?:back|anything|nothing|something|from (?:you|them|staff|any))"
    rf"|\b(?:did|have|has|was|were|is|are) (?:\w+ ){{1,3}}?{_DONE}\b"
    r"|\bstill (?:waiting|pending|nothing)\b|\b(?:what|how)'?s (?:happening|it going)"
    r"|\bwhere (?:do|does|are) (?:we|things|it) (?:stand|at)\b|\bhow does it stand\b"
    r"|\b(?:status|progress) of\b|\bwhat(?:'s| is) (?:the|my) status\b"
    r"|\bwhen (?:will|do|can|should) (?:i|you|they|someone|somebody|staff|any\w+)"
    rf" (?:expect to )?(?:be )?(?:know|ring|{_DONE})\b",
    re.IGNORECASE,
)
_ADDS = re.compile(
    r"\b(?:add|also|change|instead|rather|better|best|prefer|actually|move|make (?:it|"
    r"that)|tell (?:them|staff)|let (?:them|staff)|note|forgot|can'?t|not)\b",
    re.IGNORECASE,
)
_ANOTHER = re.compile(
    r"\b(?:another|(?:a )?(?:second|2nd|new|separate|different|further|extra)"
    r"|(?:1|one) more) (?:visit|appointment|request|booking|one)\b",
    re.IGNORECASE,
)
_OTHER_TIMES = re.compile(
    r"\b(?:later|earlier|sooner|after|before|next|other|week|day)\b", re.IGNORECASE
)


def on_a_request(turn: Turn) -> Events | None:
    """Go on with a request that waits for staff: add to it, or say how it stands.

    What is added to it is never a second request.

    Returns:
        None where none waits, or the message asks for another visit besides, or says
        nothing of one.
    """
    if not turn.typed or _ANOTHER.search(turn.typed) or for_another(turn.typed):
        return None
    asks = bool(_ASKS_HOW_IT_STANDS.search(turn.typed))
    if not requests_waiting(turn):
        return _how_it_stands(turn) if asks else None
    if (asks or turn.intent == "check_appointment") and not _ADDS.search(turn.typed):
        return _how_it_stands(turn)
    read = read_wish(turn.typed, turn.house.shelf.clinic, turn.now)
    if isinstance(read, Unworkable):
        turn.say(f"{read.reason} {asked_for(turn)}")
        return []
    if isinstance(read, Ambiguous) or (isinstance(read, Wish) and _is_told(read)):
        return add(turn)
    return _how_it_stands(turn) if asks else None


def _is_told(wish: Wish) -> bool:
    """Tell whether a wish says what staff need: when, with whom or where."""
    where = bool(wish.places) or wish.online is not None
    return wish.says_when or wish.says_whom or where or wish.course is not None


def ask_about_another(turn: Turn) -> Events | None:
    """Say what waits to somebody who would like a visit; None where nothing waits."""
    if not (turn.typed and requests_waiting(turn)):
        return None
    if _ANOTHER.search(turn.typed) or for_another(turn.typed):
        return None
    if (went_on := on_a_request(turn)) is not None:
        return went_on
    turn.say(f"{asked_for(turn)} Shall I ask for another one besides?", [ANOTHER])
    return []


def change_what_waits(turn: Turn) -> Events | None:
    """Pass on other times for what waits, or ask for them; None where nothing waits."""
    if not requests_waiting(turn):
        return None
    went_on = on_a_request(turn) if turn.typed else None
    if went_on is not None:
        return went_on
    if _OTHER_TIMES.search(turn.typed):
        return add(turn)
    turn.say(
        f"{asked_for(turn)} Which days and times would suit you instead? For "
        'example "Tuesday after 4".',
        [PERSON],
    )
    return []


def leave_with_request(turn: Turn) -> bool:
    """Say that staff find what was typed beside the request; False where none waits."""
    waiting = requests_waiting(turn)
    if waiting:
        turn.say(
            "I can't answer that one myself. Our staff find it here, with your request "
            f"({times_of(waiting)}).",
            [PERSON],
        )
    return bool(waiting)


def _how_it_stands(turn: Turn) -> Events | None:
    """Answer "any news?"; None where nothing stands and nothing waits."""
    ahead, asked = visits_ahead(turn), asked_for(turn)
    with turn.house.store.reading() as unit:
        queued = unit.handoffs.open_of(turn.conversation_id) is not None
    if not (ahead or asked or queued):
        return None
    if ahead:
        say_visits(turn, ahead)
    if asked:
        turn.say(f"{asked} What you write here reaches them as well.")
    elif not ahead:
        turn.say(f"This conversation waits for our staff. {waiting_words(turn)}")
    return []
