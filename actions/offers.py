"""Offers openings as buttons: what suits, or what comes nearest, and why these."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import time, timedelta

from rasa_sdk.events import SlotSet

from actions import PERSON, Events, Turn
from actions.replies import wish_lines
from actions.visits import moving
from bot.clinic.booking import Opening
from bot.clinic.more_words import asks_for_more
from bot.clinic.when import (
    instant,
    minute_of_day,
    say_moment,
    say_time,
    today,
)
from bot.clinic.wish import Wish
from bot.content.facts import say_money
from bot.desk.matching import why
from bot.desk.openings import offer
from bot.desk.wishes import Ambiguous, Unworkable, read_wish, read_wishes

MORE = ("Other times", "/more_openings")
OTHER_DAY = ("Another day", "/other_day")
_FREE = "These times are free."
WAITLIST = "waitlist"
"""Stands in the place of an opening for somebody who would rather wait."""

_WAIT = ("Tell me if one frees up", "/join_waitlist")


def wished(turn: Turn) -> Wish | Ambiguous:
    """Return all that was wished so far, or the question that it leaves open.

    A visit is moved alone, whatever is said of a course.
    """
    clinic = turn.house.shelf.clinic
    wish = read_wishes(wish_lines(turn), clinic, turn.now, _moved(turn))
    if isinstance(wish, Wish) and turn.tracker.active_loop_name == "change_form":
        return replace(wish, course=None, together=False)
    return wish


def _moved(turn: Turn) -> Wish:
    """Return what stays as it is when a visit is moved: what it is, and with whom."""
    visit = moving(turn)
    if visit is None:
        return Wish()
    kept = Wish(treatment_id=visit.treatment_id, practitioner_id=visit.practitioner_id)
    if visit.course_id is None:
        return kept
    # The others stay, so it stays in its week where nothing else is said.
    day = today(visit.starts_at, turn.house.shelf.clinic.zone)
    monday = day - timedelta(days=day.weekday())
    midnights = [
        instant(one, time.min, turn.house.shelf.clinic.zone)
        for one in (monday, monday + timedelta(days=7))
    ]
    return replace(kept, earliest=midnights[0], latest=midnights[1])


def ask_opening(turn: Turn) -> Events:
    """Offer three openings, or ask what the wish left open."""
    if turn.intent == "other_day" or _asked_when_else(turn):
        return []  # a question was just asked
    wish = wished(turn)
    if isinstance(wish, Ambiguous):
        options = [
            (label, button("choose_wish", wish=f"#{number}"))
            for number, (label, _) in enumerate(wish.options)
        ]
        turn.say(wish.question, options)
        return []
    pages: list[list[str]] = turn.tracker.get_slot("offered_openings") or []
    if not wants_more(turn):
        pages = pages[:-1]  # after a question in between, the same times again
    seen = [one for page in pages for one in page]
    best = _find(turn, wish, seen)
    if best is None:
        return _nothing(turn, wish)
    buttons = [
        (label(turn, opening), button("choose_opening", opening=opening.id))
        for opening in best.openings
    ]
    turn.say(
        " ".join(
            part for part in (_nearest_words(turn, best), _what(turn, best)) if part
        ),
        [*buttons, MORE, OTHER_DAY, *_proposals(turn, wish, best)],
        hint={
            "kind": "openings",
            "parts": [_parts(turn, one) for one in best.openings],
        },
    )
    return [
        SlotSet("offered_openings", [*pages, [one.id for one in best.openings]]),
        SlotSet("wished_time", "\n".join(wish_lines(turn)[best.left_out :]) or None),
    ]


@dataclass(frozen=True)
class _Step:
    """What to look for, and what to say about it.

    Args:
        left_out: how many of the earlier lines of the wish it leaves out.
    """

    wish: Wish
    words: str
    left_out: int = 0


@dataclass(frozen=True)
class _Found(_Step):
    """The openings that a step led to."""

    openings: tuple[Opening, ...] = ()


def wants_more(turn: Turn) -> bool:
    """Tell whether other times are asked for; a lone "more" sounds like a stop."""
    return turn.intent == "more_openings" or asks_for_more(turn.typed)


def _asked_when_else(turn: Turn) -> bool:
    """Say whether the visitor was just told that what they wish cannot be.

    The message alone does not tell: "7/10" may be the last of the safety answers.
    """
    read = read_wish(turn.typed, turn.house.shelf.clinic, turn.now)
    return isinstance(read, Unworkable) and turn.has_said(read.reason)


def _find(turn: Turn, wish: Wish, seen: list[str]) -> _Found | None:
    """Find what suits, or else what comes nearest."""
    clinic = turn.house.shelf.clinic
    with turn.house.store.reading() as unit:
        for step in _steps(turn, wish):
            found = offer(unit, clinic, step.wish, turn.now, seen=seen)
            if found:
                return _Found(step.wish, step.words, step.left_out, tuple(found))
    return None


def _steps(turn: Turn, wish: Wish) -> Iterator[_Step]:
    """Walk what to look for, from all that was wished to what was said last."""
    yield _Step(wish, _first_words(wish))
    yield _Step(wish.any_hour(), "Not at that hour, but these are free.")
    yield _Step(wish.anytime(), "I have nothing then. These are the next free times.")
    if turn.tracker.active_loop_name == "change_form":
        others = replace(wish, practitioner_id=None)
        for anybody in (others, others.anytime()):
            yield _Step(anybody, "Nothing with the same person. These are with others.")
    lines = wish_lines(turn)
    for number in range(1, len(lines)):
        later = read_wishes(lines[number:], turn.house.shelf.clinic, turn.now, Wish())
        if isinstance(later, Wish):
            words = "I can't match all of that together. For what you said last:"
            yield _Step(later, words, left_out=number)


def _first_words(wish: Wish) -> str:
    if wish.course is not None:
        return f"Which of these suits you for the first of {wish.course.count} visits?"
    return f"{_FREE} Which one suits you?"


def _nearest_words(turn: Turn, best: _Found) -> str:
    """Say so where nothing begins at the very time that was named."""
    clinic, near = turn.house.shelf.clinic, best.wish.near_minute
    begins = (one.starts_at.astimezone(clinic.zone) for one in best.openings)
    if near is None or any(minute_of_day(one) == near for one in begins):
        return best.words
    asked = say_time(time(*divmod(near, 60)))
    nearest = f"Nothing is free at {asked}. This is what comes nearest."
    return best.words.replace(_FREE, nearest)


def _what(turn: Turn, best: _Found) -> str:
    """Say what is on offer, where there is more than one thing, and why these."""
    clinic, first = turn.house.shelf.clinic, best.openings[0]
    treatment = clinic.treatments[first.treatment_id]
    told = ""
    if clinic.kind == "network":
        price = f", {say_money(clinic, treatment.price)}" if treatment.price else ""
        told = f"{treatment.name}, {treatment.minutes} minutes{price}."
    return " ".join(part for part in (told, why(clinic, best.wish, first)) if part)


def _proposals(turn: Turn, wish: Wish, best: _Found) -> list[tuple[str, str]]:
    """Offer a combined plan, or the waitlist where the wish cannot be met."""
    if turn.tracker.active_loop_name != "booking_form":
        return []
    plan = wish.plan(turn.house.shelf.clinic)
    if plan is not None and not wish.together and wish.course is None:
        return [(f"{plan.name} together", button("choose_wish", wish="together"))]
    return [] if best.wish == wish else [_WAIT]


def _nothing(turn: Turn, wish: Wish) -> Events:
    waits = turn.tracker.active_loop_name == "booking_form" and bool(
        wish.treatment(turn.house.shelf.clinic)
    )
    turn.say(
        "I have nothing else free that fits. You can name another day, or ask for "
        "a person.",
        [OTHER_DAY, *([_WAIT] if waits else []), PERSON],
    )
    return []


def label(turn: Turn, opening: Opening) -> str:
    """Name an opening on a button: when, and with whom."""
    clinic = turn.house.shelf.clinic
    who = clinic.practitioners[opening.practitioner_id].name
    return f"{moment(turn, opening)}, {who}"


def _parts(turn: Turn, opening: Opening) -> list[str]:
    """Return the day, the time and the practitioner, for a picker."""
    clinic = turn.house.shelf.clinic
    day, _, time = moment(turn, opening).rpartition(" at ")
    return [day, time, clinic.practitioners[opening.practitioner_id].name]


def moment(turn: Turn, opening: Opening) -> str:
    """Say when an opening begins, in the clinic's own time."""
    clinic = turn.house.shelf.clinic
    return say_moment(opening.starts_at, clinic.zone, turn.now, clinic.locale)


def button(intent: str, **entities: str) -> str:
    """Return what a button carries."""
    return f"/{intent}{json.dumps(entities)}"
