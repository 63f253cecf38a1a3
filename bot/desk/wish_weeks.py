"""Weeks, weekends and parts of months: "late next week", "mid january"."""

from __future__ import annotations

from datetime import timedelta

from bot.desk.wish_calendar import stretch
from bot.desk.wish_dates import ordinal, read_date, read_month
from bot.desk.wish_feasts import read_feast
from bot.desk.wish_terms import Term, Terms, only

_DAY = timedelta(days=1)

_PARTS_OF_MONTH = {
    **dict.fromkeys(("early", "beginning of", "start of"), (1, 10)),
    "first half of": (1, 15),
    **dict.fromkeys(("mid -", "mid", "middle of"), (11, 20)),
    "second half of": (16, 31),
    **dict.fromkeys(("late", "end of", "later"), (21, 31)),
}
_PARTS_OF_WEEK = {
    **dict.fromkeys(("early", "beginning of", "start of", "first half of"), (0, 2)),
    **dict.fromkeys(("mid -", "mid", "middle of"), (1, 3)),
    **dict.fromkeys(("late", "later", "end of", "second half of"), (2, 6)),
}


def read_part_of_month(terms: Terms) -> Term | None:
    """Read "december", "mid january", "the first week of june", "end of the month"."""
    if "every" in terms.words[max(0, terms.at - 1) : terms.at]:
        return None
    lead = terms.take("in", "during", "for")
    terms.take("the")
    if bounds := _bounds(terms, _PARTS_OF_MONTH):
        terms.take("in", "the")
    if not (lead or bounds) and terms.word in ("may", "march", "mar"):
        return None
    found = terms.attempt(read_month)
    if found is None or bounds is None:
        return found
    first, last = bounds
    month = sorted(found.readings[0])
    if last < 0:
        return only(frozenset(month[-7:]))
    return only(frozenset(day for day in month if first <= day.day <= last))


def _bounds(terms: Terms, parts: dict[str, tuple[int, int]]) -> tuple[int, int] | None:
    if part := terms.take(*parts):
        return parts[part]
    start = terms.at
    nth = ordinal(terms)
    if nth is not None and terms.take("week of", "week in"):
        return (7 * nth + 1, 7 * nth + 7) if nth >= 0 else (-7, -1)
    terms.at = start
    return None


def read_part_of_week(terms: Terms) -> Term | None:
    """Read "next week", "late next week", "the week after next"."""
    terms.take("in", "during", "for")
    terms.take("the")
    part = terms.take(*_PARTS_OF_WEEK, "rest of")
    terms.take("the")
    week = _which_week(terms)
    if week is None:
        return None
    first, last = _PARTS_OF_WEEK.get(part, (0, 6)) if week else (0, 6)
    return only(terms.known.week(7 * week + first, 7 * week + last))


def _which_week(terms: Terms) -> int | None:
    if terms.take("week after next", "next to next week", "next week but 1"):
        return 2
    if terms.take("next week", "following week", "coming week", "this coming week"):
        return 1
    return 0 if terms.take("this week") else None


def read_two_weeks(terms: Terms) -> Term | None:
    """Read "this week or next", "next week or the week after"."""
    if terms.take("this week or next week", "this week or next", "this or next week"):
        return only(terms.known.week(0, 13))
    if terms.take("next week or the week after", "next week or the 1 after"):
        return only(terms.known.week(7, 20))
    return None


def read_week_of(terms: Terms) -> Term | None:
    """Read "the week of the 7th", "week commencing 7 december"."""
    terms.take("in")
    terms.take("the")
    kind = terms.take(
        *("week commencing", "week beginning", "week starting", "week of"),
        *("weekend of", "weekend on"),
    )
    if not kind:
        return None
    terms.take("the week of")
    found = terms.attempt(read_date) or terms.attempt(read_feast)
    if found is None:
        return None
    monday = min(found.readings[0])
    monday -= monday.weekday() * _DAY
    first = monday + (5 if kind.startswith("weekend") else 0) * _DAY
    return only(stretch(first, monday + 6 * _DAY))


def read_weekend(terms: Terms) -> Term | None:
    """Read "the weekend", "next weekend", "the weekend after next"."""
    terms.take("at", "on", "over")
    lead = terms.take("this coming", "this", "coming", "the next", "next", "the", "a")
    if not terms.take("weekend"):
        return None
    known = terms.known
    near, far = known.week(5, 6), known.week(12, 13)
    if terms.take("after next"):
        return only(known.week(19, 20))
    if terms.take("or next"):
        return only(near | far)
    if lead not in ("next", "the next"):
        return only(near)
    begun = known.today.weekday() >= 5
    return only(far) if begun else Term((near, far))
