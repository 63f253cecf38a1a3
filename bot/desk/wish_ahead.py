"""Days told by how far they are: "tomorrow", "in 3 weeks", "the day after that"."""

from __future__ import annotations

from datetime import date, timedelta

from bot.desk.wish_calendar import stretch
from bot.desk.wish_terms import Term, Terms, on_days, only, shift
from bot.desk.wish_weekdays import NAMES, later_weeks

_UNITS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}
_DAY = timedelta(days=1)
_EVERY = (["any"], ["every"], ["each"])
"""Before "day after 5", where that speaks of hours."""


def read_beside(terms: Terms) -> Term | None:
    """Read "the day after tomorrow", "tomorrow or the day after"."""
    led = terms.words[max(0, terms.at - 1) : terms.at]
    terms.take("the")
    side = terms.take("day after", "day before")
    if not side or (led in _EVERY and terms.word.isdigit()):
        return None
    other = terms.term() or terms.before
    if other is None and side == "day after":
        other = on_days(terms.known.today + _DAY)
    return other and shift(other, _DAY if side == "day after" else -_DAY)


def read_ahead(terms: Terms) -> Term | None:
    """Read "in 3 weeks", "a week on friday", "two weeks tomorrow", "3 weeks' time"."""
    alone = terms.at == 0
    lead = terms.take("in", "after")
    terms.take("about", "around", "roughly", "another")
    number = _number(terms)
    unit = _unit(terms)
    if number is None or unit is None:
        return None
    by = timedelta(days=number * _UNITS[unit])
    if terms.take("' time", "time", "from now", "from today", "out", "ahead"):
        return _around(terms.known.today + by, unit)
    if other := terms.attempt(_from_other):
        return shift(other, by)
    if lead == "after":
        first = terms.known.today + by
        return only(frozenset(day for day in terms.known.ahead if day >= first))
    if lead or (alone and terms.at == len(terms.words)):
        return _around(terms.known.today + by, unit)
    return None


def _from_other(terms: Terms) -> Term | None:
    if terms.take("from", "on", "after"):
        return terms.term()
    here = terms.word
    return terms.term() if here in ("today", "tomorrow") or here in NAMES else None


def _around(day: date, unit: str) -> Term:
    """Return a day, or some days around it: nobody means exactly 21 days."""
    if unit == "day":
        return on_days(day)
    return only(stretch(day - _DAY, day + 3 * _DAY))


def _number(terms: Terms) -> int | None:
    if terms.word.isdigit() and len(terms.word) < 3:
        terms.at += 1
        return int(terms.words[terms.at - 1])
    if terms.take("a couple of", "couple of", "a couple", "couple"):
        return 2
    if terms.take("a few", "few", "several"):
        return 3
    return 1 if terms.take("a", "an") else None


def _unit(terms: Terms) -> str | None:
    unit = terms.word.removesuffix("'s").removesuffix("s")
    if unit not in _UNITS:
        return None
    terms.at += 1
    return unit


def read_within(terms: Terms) -> Term | None:
    """Read "within a week", "in the next two weeks", "over the next few days"."""
    terms.take("some time", "sometime")
    if not terms.take(
        *("within the next", "within", "in the next", "over the next"),
        *("during the next", "the next", "next", "in the coming", "the coming"),
    ):
        return None
    plain = terms.words[terms.at - 1] in ("next", "coming")
    number = _number(terms)
    unit = _unit(terms) if number and not (plain and number == 1) else None
    if number is None or unit is None:
        return None
    last = terms.known.today + timedelta(days=number * _UNITS[unit])
    return only(stretch(terms.known.today, last))


def read_near(terms: Terms) -> Term | None:
    """Read "today", "tomorrow week", "this" of "this morning"."""
    day = terms.take("today", "tomorrow", "yesterday", "this")
    parts = ("morning", "afternoon", "evening", "night")
    if not day or (day == "this" and terms.word not in parts):
        return None
    ahead = {"tomorrow": 1, "yesterday": -1}.get(day, 0)
    return shift(on_days(terms.known.today + ahead * _DAY), later_weeks(terms))
