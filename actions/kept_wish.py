"""A wish for a visit that is said while something else comes first."""

from __future__ import annotations

from actions import Turn
from actions.replies import Slots, said_now
from bot.clinic.wish import Wish
from bot.desk.matching import in_words
from bot.desk.wishes import Ambiguous, read_wish, read_wishes

MUCH = 3
"""Who says so many things of a visit wishes for one."""


def names_a_time(turn: Turn) -> bool:
    """Say whether a visit is surely asked for, and when."""
    wants = turn.intent == "book_appointment" and turn.means_something_else
    return wants and "wished_time" in keep_wish(turn)


def much_wished(turn: Turn) -> Slots:
    """Return the slots that keep a wish of which much is said, and no question asked.

    Who names the person, the place and the complaint means to come.
    """
    wish = read_wish(turn.typed, turn.house.shelf.clinic, turn.now)
    much = isinstance(wish, Wish) and wish.parts >= MUCH and not turn.questions
    return keep_wish(turn) if much else {}


def keep_wish(turn: Turn) -> Slots:
    """Return the slots that keep it until what comes first has been answered.

    Of two wishes the later counts; to want a visit alone does not undo a day.
    """
    wish = read_wish(turn.typed, turn.house.shelf.clinic, turn.now)
    named = isinstance(wish, Wish | Ambiguous)
    words = {"wished_time": said_now(turn)} if named else {}
    return {"booking_wanted": True, **words}


def say_back(turn: Turn, wish: str | None) -> str:
    """Say back when somebody wants to come, as far as that is clear.

    Args:
        wish: the lines of the slot `wished_time`.
    """
    clinic = turn.house.shelf.clinic
    read = read_wishes((wish or "").splitlines(), clinic, turn.now, Wish())
    if isinstance(read, Wish) and (read.says_days or read.says_hours or read.course):
        return f"Gladly: {in_words(clinic, read, turn.now)}."
    return "Gladly."
