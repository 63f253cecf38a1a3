"""Chooses an opening: in words or by a button, alone or with those that follow it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from actions import Turn
from actions.offers import WAITLIST, wants_more, wished
from actions.replies import (
    ANOTHER_DAY,
    Slots,
    ask_again,
    in_place,
    told_who,
    wish_slots,
    with_wish,
)
from bot.clinic.booking import CELL, Opening, read_opening
from bot.clinic.when import minute_of_day, say_day, say_time, today
from bot.desk.booking import Held, OpeningTaken
from bot.desk.course_plans import Series, plan_course, plan_together
from bot.desk.courses import hold_series
from bot.desk.people import brings_somebody
from bot.desk.wish_beside import means_others
from bot.desk.wishes import Ambiguous

REFUSALS = {
    "too_soon": "That is too soon for us to get ready.",
    "too_far": "That is further ahead than our diary goes.",
    "outside_hours": "We are not open then.",
    "too_many": (
        "You already have as many visits ahead as I may book. Our staff can book more."
    ),
    "too_late": "That visit has already begun.",
    "unknown": "I can't find that visit in this conversation.",
    "no_self_booking": "Our staff arrange visits by hand here.",
}
"""What is said for a `Refused.reason` of the desk."""

ANY_DAY = "any day"
WHICH_DAY = 'Which day would suit you? For example "Thursday after 5" or "next week".'
_CHOOSE = 'Please choose one of the times, or tell me a day, like "Thursday after 5".'


def read_choice(turn: Turn) -> Slots:
    """Read which opening is chosen, and hold it; or read another wish."""
    if wants_more(turn):
        return {"chosen_opening_id": None}
    if turn.intent == "other_day":
        turn.say(WHICH_DAY)
        return {"chosen_opening_id": None, "wished_time": with_wish(turn, ANY_DAY)}
    if turn.intent == "join_waitlist" or _would_wait(turn):
        return {"chosen_opening_id": WAITLIST}
    meant = turn.entities("wish") or _meant(turn) or _later(turn) or _else(turn)
    for wish in meant:
        return {**ANOTHER_DAY, "wished_time": with_wish(turn, wish)}
    for chosen in turn.entities("opening") or _named(turn):
        return _hold(turn, chosen)
    return _another_wish(turn)


def _would_wait(turn: Turn) -> bool:
    """Tell whether somebody would rather hear of a freed time, as typed."""
    booking = turn.tracker.active_loop_name == "booking_form"
    return booking and bool(_WAITS.search(turn.typed))


def _another_wish(turn: Turn) -> Slots:
    """Read a wish for another time; "morning" is one here, and no greeting."""
    if turn.interrupts and turn.intent not in ("faq", "greet"):
        return {}
    if turn.intent == "faq" and brings_somebody(turn.typed):
        return _try_again(turn)
    read = wish_slots(turn)
    if read or turn.interrupts:
        return read
    return {**_try_again(turn), **told_who(turn)}


_ORDER = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "last": -1}
_ORDER |= {"earlier": 0, "later": -1}
_LEAD_IN = (
    r"^(?:(?:hm+|um+|oh|ok|okay|yes|yeah|sure|well|then|so|i'?ll take|i'?d like|take"
    r"|let'?s (?:do|take|go with)|go with|can i (?:have|take))[,.! ]+)*"
)
_WHICH_ONE = re.compile(
    rf"{_LEAD_IN}(?:the |option |number )?(first|second|third|1st|2nd|3rd|last"
    r"|earlier(?= one)|later(?= one))(?: one| option| time)?(?: please| then)?[.!]?$"
)
_THE_NUMBER = re.compile(
    rf"{_LEAD_IN}(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: one)?(?: please| then)?$"
)
_AT_TIME = re.compile(
    rf"{_LEAD_IN}(?:the |at )?(\d{{1,2}})(?:[:.](\d\d))?(?: ?([ap])\.?m\.?)?"
    r"(?: one| then| please| works| is fine| is good)*[.!]?$"
)

_LATER = re.compile(
    r"^(?:(?:hm+|ok(?:ay)?|do you have|have you(?: got)?|is there|are there|got"
    r"|any(?:thing)?|something|what about|how about|can i come|a|bit|the)[, ]+)*"
    r"(later|earlier)(?: (?:one|times?|in the day|that day|than that|on|please))*"
    r"[?.!]*$"
)

_WAITS = re.compile(
    r"\b(?:tell|let|text|notify|message|ping|write|e-?mail) (?:to )?me (?:know )?"
    r"(?:if|when|as soon as) (?:\w+ ){1,4}?(?:frees?|opens?|comes?|becomes?|cancels?)\b"
    r"|\b(?:on|onto|to|join|have|use|is there) (?:the|a|your)"
    r" (?:wait(?:ing)?[- ]?|cancellation )list\b",
    re.IGNORECASE,
)
_TALKS = re.compile(r"\b(?:talk|speak|chat|call|ring|write|reach|human)\b")


def _meant(turn: Turn) -> list[str]:
    """Return which meaning of the wish a typed "the first one" chooses."""
    text = turn.typed.lower().strip(" .!")
    which, number = _WHICH_ONE.match(text), _THE_NUMBER.match(text)
    wish = wished(turn) if which or number else None
    if not isinstance(wish, Ambiguous):
        return []
    if which:
        return [f"#{_ORDER[which[1]] % len(wish.options)}"]
    named = [
        f"#{at}"
        for at, (label, _) in enumerate(wish.options)
        if number and re.search(rf"\b{number[1]}\b", label)
    ]
    return named if len(named) == 1 else []


def _later(turn: Turn) -> list[str]:
    """Return the wish that "anything later?" is, beside the times on offer."""
    asked = _LATER.match(turn.typed.lower().strip())
    clinic = turn.house.shelf.clinic
    offered = [read_opening(clinic, one) for one in _offered(turn)]
    begins = [one.starts_at.astimezone(clinic.zone) for one in offered if one]
    if asked is None or not begins:
        return []
    if asked[1] == "earlier":
        return [f"before {say_time(min(begins, key=minute_of_day))}"]
    return [f"from {say_time(max(begins, key=minute_of_day) + CELL)}"]


def _else(turn: Turn) -> list[str]:
    """Return the wish that "is there anyone else?" is, beside the people on offer."""
    asked = means_others(turn.typed) and not _TALKS.search(turn.typed.lower())
    said = in_place(turn)
    return [said] if asked and said != turn.typed else []


def other_people(turn: Turn) -> Slots:
    """Return the slots for "anyone else?" beside the people on offer; else none.

    It sounds like asking for a person of the staff.
    """
    if turn.tracker.active_loop_name not in ("booking_form", "change_form"):
        return {}
    for wish in _else(turn):
        return {**ANOTHER_DAY, "wished_time": with_wish(turn, wish)}
    return {}


def _offered(turn: Turn) -> list[str]:
    pages: list[list[str]] = turn.tracker.get_slot("offered_openings") or []
    return pages[-1] if pages else []


def _named(turn: Turn) -> list[str]:
    """Return the offered opening that a typed "the second one" or "5:30" means."""
    offered = _offered(turn)
    text = turn.typed.lower().strip()
    if which := _WHICH_ONE.match(text):
        return offered[_ORDER[which[1]] :][:1]
    if at := _AT_TIME.match(text):
        fitting = [one for one in offered if _begins_at(turn, one, at)]
        return fitting if len(fitting) == 1 else []
    return []


def _begins_at(turn: Turn, opening_id: str, at: re.Match[str]) -> bool:
    """Tell whether an opening begins at the time typed; "5" may be either half's."""
    clinic = turn.house.shelf.clinic
    opening = read_opening(clinic, opening_id)
    if opening is None:
        return False
    local = opening.starts_at.astimezone(clinic.zone)
    hour, minute = int(at[1]), int(at[2] or 0)
    halves = {"a": (0,), "p": (12,)}.get(at[3], (0, 12))
    hours = {hour % 12 + half for half in halves} if hour <= 12 else {hour}
    return local.hour in hours and local.minute == minute


def _try_again(turn: Turn) -> Slots:
    ask_again(turn, _CHOOSE)
    return {"chosen_opening_id": None, "offered_openings": None}


def _hold(turn: Turn, opening_id: str) -> Slots:
    clinic = turn.house.shelf.clinic
    opening = read_opening(clinic, opening_id)
    if opening is None:
        return _try_again(turn)
    series = _series(turn, opening)
    if series is None:
        turn.say(
            "Our diary does not reach far enough for all of those visits. Would fewer "
            "do, or an earlier start?"
        )
        return {"chosen_opening_id": None}
    with turn.house.store.unit() as unit:
        result = hold_series(
            unit, clinic, turn.conversation_id, series.openings, turn.now
        )
    if isinstance(result, Held):
        ids = [one.id for one in series.openings]
        return {
            "chosen_opening_id": opening_id,
            "series_openings": ids if len(ids) > 1 else None,
        }
    if isinstance(result, OpeningTaken):
        turn.say("Somebody took that time in the meantime. These are the next ones.")
    else:
        turn.say(REFUSALS.get(result.reason, _CHOOSE))
    return {"chosen_opening_id": None}


def _series(turn: Turn, opening: Opening) -> Series | None:
    """Find what is to be booked together with an opening; often only itself."""
    clinic, wish = turn.house.shelf.clinic, wished(turn)
    alone = Series((opening,))
    if turn.tracker.active_loop_name != "booking_form" or isinstance(wish, Ambiguous):
        return alone
    plan = wish.plan(clinic) if wish.together else None
    with turn.house.store.reading() as unit:
        if wish.course is not None:
            found = plan_course(unit, clinic, opening, wish.course, turn.now)
            if found is not None and found.skipped:
                turn.say(_left_out(turn, found.skipped))
            return found
        if plan is not None:
            return plan_together(unit, clinic, opening, plan, wish, turn.now)
    return alone


def _left_out(turn: Turn, skipped: Sequence[date]) -> str:
    clinic = turn.house.shelf.clinic
    this_day = today(turn.now, clinic.zone)
    days = [say_day(day, this_day, clinic.locale) for day in skipped]
    *first, last = days
    listed = f"{', '.join(first)} and {last}" if first else last
    return f"Nothing is free on {listed}, so there is no visit then."
