"""Days of the week: "next tues or thurs", "friday the 4th", "2nd monday of june"."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import NoReturn

from bot.clinic.when import MONTHS, WEEKDAYS
from bot.desk.wish_calendar import Calendar, DaySet, NoSuchDate, one, stretch
from bot.desk.wish_dates import (
    RANGE,
    month_ahead,
    next_with,
    ordinal,
    read_date,
    read_month,
)
from bot.desk.wish_feasts import read_feast
from bot.desk.wish_terms import Term, Terms, on_days, only

_SHORT_DAYS = (
    *("mon", "tue", "tues", "wed", "weds", "thu", "thur", "thurs"),
    *("fri", "sat", "sun"),
)
_STEMS = [name[:3].lower() for name in WEEKDAYS]
NAMES = {
    **{short: frozenset({_STEMS.index(short[:3])}) for short in _SHORT_DAYS},
    **{name.lower(): frozenset({at}) for at, name in enumerate(WEEKDAYS)},
}
_GROUPS = {
    **{f"{name}s": weekdays for name, weekdays in NAMES.items() if len(name) > 4},
    **{f"{name}s": NAMES[name] for name in ("mon", "wed", "fri", "sat", "sun")},
    **dict.fromkeys(("weekday", "weekdays"), frozenset(range(5))),
    "weekends": frozenset({5, 6}),
}
_GROUPS = {name: days for name, days in _GROUPS.items() if name not in NAMES}
_FOLLOWS_DATE = frozenset(
    (
        *("", ",", "at", "in", "after", "before", "between", "from", "around", "or"),
        *("and", "if", "morning", "afternoon", "evening", "please", "pls"),
    )
)
_NUMBERED = timedelta(days=62)
"""How far ahead somebody looks who writes "monday 14"."""

_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


def read_weekday(terms: Terms) -> Term | None:
    """Read "thursday", "next tues or thurs", "mondays", "friday the 4th of june"."""
    terms.take("on")
    lead = terms.take(
        *("this or the next", "this or next", "this coming", "this", "coming"),
        *("next to next", "the next", "next", "every", "any", "each", "the"),
    )
    weekdays, plural = _weekday_list(terms)
    if not weekdays:
        return None
    if plural or len(weekdays) > 1 or lead in ("every", "any", "each"):
        return _several(terms, weekdays, lead)
    return _single(terms, min(weekdays), lead)


def _several(terms: Terms, weekdays: frozenset[int], lead: str) -> Term:
    known = terms.known
    near = frozenset(map(known.coming, weekdays))
    if lead in ("this", "coming", "this coming"):
        return only(near)
    if lead not in ("next", "the next"):
        every = known.every(weekdays)
        return Term((every,), every, weekly=True)
    far = frozenset(day + _WEEK for day in near)
    return Term((near, far) if min(near) in known.week(1, 6) else (near,))


def _single(terms: Terms, weekday: int, lead: str) -> Term:
    day = terms.known.coming(weekday)
    if found := terms.attempt(lambda here: _its_date(here, weekday)):
        return found
    if found := terms.attempt(lambda here: _first_beyond(here, weekday)):
        return found
    if lead.startswith("this or") or terms.attempt(_or_next):
        return only(one(day) | one(day + _WEEK))
    if lead == "next to next" or terms.take("after next", "but 1"):
        this_week = day in terms.known.week(0, 6)
        return on_days(day + (2 if this_week and lead == "next to next" else 1) * _WEEK)
    if later := later_weeks(terms):
        return on_days(day + later)
    return _which(terms.known, weekday, lead)


def _or_next(terms: Terms) -> Term | None:
    """Read the end of "friday | or next"; "or next week" says something else."""
    said = terms.take("or next", "or the next")
    return Term(()) if said and terms.word in _FOLLOWS_DATE else None


def _which(known: Calendar, weekday: int, lead: str) -> Term:
    """Tell which such weekday is meant, where people mean it in two ways."""
    day = known.coming(weekday)
    if lead in ("this", "coming", "this coming"):
        return on_days(day)
    if lead in ("next", "the next"):
        if day == known.today:
            return on_days(day + _WEEK)
        return on_days(day, day + _WEEK) if day in known.week(0, 6) else on_days(day)
    both = (day, day + _WEEK) if day == known.today else (day,)
    return Term(tuple(map(one, both)), known.every({weekday}), weekly=True)


def _its_date(terms: Terms, weekday: int) -> Term | None:
    """Read the date that says which weekday is meant: "thursday | the 24th"."""
    terms.take(",")
    found = terms.attempt(read_date)
    if found is None:
        return _its_number(terms, weekday)
    fitting = [
        some for some in found.readings if any(day.weekday() == weekday for day in some)
    ]
    if not fitting:
        _wrong(min(found.readings[0]))
    return Term(tuple(fitting))


def _its_number(terms: Terms, weekday: int) -> Term | None:
    """Read the day of the month that no clock shows, or that falls on the weekday.

    "Monday | 30" is a date, and "monday | 14" is one where the 14th is a Monday.
    """
    number = int(terms.word) if re.fullmatch(r"[1-3]\d", terms.word) else 0
    after = "".join(terms.words[terms.at + 1 : terms.at + 2])
    if not 13 <= number <= 31 or after not in _FOLLOWS_DATE:
        return None
    known = terms.known
    near = stretch(known.today, known.today + _NUMBERED)
    fitting = [
        day for day in sorted(near & known.every({weekday})) if day.day == number
    ]
    if not fitting and number < 24:
        return None
    terms.at += 1
    return on_days(fitting[0]) if fitting else _wrong(next_with(number, known))


def _wrong(day: date) -> NoReturn:
    raise NoSuchDate(
        f"{MONTHS[day.month - 1]} {day.day} is a {WEEKDAYS[day.weekday()]}. Which "
        "day do you mean?"
    )


def _first_beyond(terms: Terms, weekday: int) -> Term | None:
    """Read "monday | after christmas", "the friday | before the 24th"."""
    side = terms.take("after", "before")
    if not side or not (other := terms.attempt(_fixed)):
        return None
    some = other.readings[0]
    edge = max(some) if side == "after" else min(some)
    away = (weekday - edge.weekday()) % 7 or 7
    back = 7 - away or 7
    return on_days(edge + away * _DAY if side == "after" else edge - back * _DAY)


def _fixed(terms: Terms) -> Term | None:
    return terms.attempt(read_feast) or terms.attempt(read_date)


def _weekday_list(terms: Terms) -> tuple[frozenset[int], bool]:
    """Read weekdays one after the other; tell whether it is every such day."""
    last = _named(terms)
    if not last:
        return frozenset(), False
    found, plural = last, terms.words[terms.at - 1] in _GROUPS
    while joint := _joint(terms):
        more = _named(terms)
        plural = plural or terms.words[terms.at - 1] in _GROUPS
        if joint == "to":
            first, end = min(last), max(more)
            more = frozenset(
                (first + ahead) % 7 for ahead in range((end - first) % 7 + 1)
            )
        found, last = found | more, more
    return found, plural


def _named(terms: Terms) -> frozenset[int]:
    found = NAMES.get(terms.word) or _GROUPS.get(terms.word) or frozenset()
    terms.at += bool(found)
    return found


def _joint(terms: Terms) -> str:
    """Step over what joins two weekdays, up to the second one; a comma needs an "or".

    "Not monday, tuesday instead" names two things; "monday, tuesday or friday" one.
    """
    start = terms.at
    comma = terms.take(",")
    joint = terms.take("or on", "and on", "or", "and", "&", "/", *RANGE)
    more = terms.word in NAMES or terms.word in _GROUPS
    if more and (not comma or joint or _list_goes_on(terms)):
        return "to" if joint in RANGE else "or"
    terms.at = start
    return ""


def _list_goes_on(terms: Terms) -> bool:
    """Tell whether a list with commas ends in "or" or "and" and a weekday."""
    ahead = terms.words[terms.at :]
    names = {*NAMES, *_GROUPS}
    while len(ahead) > 2 and ahead[0] in names:
        after = ahead[2] if ahead[1] != "," or ahead[2] not in ("or", "and") else ""
        if ahead[1] in ("or", "and", "&"):
            return after in names
        ahead = ahead[2:] if ahead[1] == "," else []
    return False


def read_nth_weekday(terms: Terms) -> Term | None:
    """Read "the first monday or friday in december", "2nd saturday"."""
    terms.take("the")
    nth = ordinal(terms)
    if nth is None or terms.word not in NAMES:
        return None
    weekdays, _ = _weekday_list(terms)
    if terms.take("of", "in"):
        terms.take("the")
        month = terms.attempt(read_month)
        return month and only(
            frozenset(_nth(nth, weekday, month.readings[0]) for weekday in weekdays)
        )
    if nth < 0:
        return None
    return only(
        frozenset(_coming_nth(nth, weekday, terms.known) for weekday in weekdays)
    )


def _coming_nth(nth: int, weekday: int, known: Calendar) -> date:
    months = (month_ahead(ahead, known) for ahead in range(12))
    found = (_nth(nth, weekday, month) for month in months)
    return next(day for day in found if day >= known.today)


def _nth(nth: int, weekday: int, month: DaySet) -> date:
    some = sorted(day for day in month if day.weekday() == weekday)
    if nth >= len(some):
        raise NoSuchDate("There is no such date. Which day do you mean?")
    return some[nth]


def later_weeks(terms: Terms) -> timedelta:
    """Read the "week" of "friday week"."""
    later = terms.take("week commencing", "week", "fortnight")
    if later == "week commencing":
        terms.at -= 2
        return timedelta()
    return {"week": _WEEK, "fortnight": 2 * _WEEK}.get(later, timedelta())
