"""Reads the day in a wish: "thursday", "15/12", "in a fortnight", "next weekend"."""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import dateparser

_EVERY_DAY = frozenset(range(7))
_WEEKEND = frozenset({5, 6})
_WORKING_DAYS = frozenset({0, 1, 2, 3, 4})
_NOT_LONG_AGO = timedelta(days=60)

_STEMS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WEEKDAY = (
    r"(mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun"
    r"|monday|tuesday|wednesday|thursday|friday|saturday|sunday)"
)
_ORDINAL = r"(?:st|nd|rd|th|er)?"
_MONTH_WORD = r"([^\W\d_]{3,})\.?"
_NUMBER = r"(\d{1,2}|an?)"


@dataclass(frozen=True)
class Days:
    """Some days of the clinic's calendar.

    Args:
        first: None for no bound.
        last: None for no bound.
        weekdays: 0 is Monday; empty means any.
    """

    first: date | None = None
    last: date | None = None
    weekdays: frozenset[int] = frozenset()


@dataclass(frozen=True)
class NoSuchDay:
    """What was typed is no day that one can come on.

    Args:
        reason: one short plain sentence for the person who typed it.
    """

    reason: str


@dataclass(frozen=True)
class Found:
    """What a text says about days.

    Args:
        readings: more than one where it may mean either.
        rest: the text without the words that were understood.
    """

    readings: tuple[Days, ...]
    rest: str


@dataclass(frozen=True)
class Calendar:
    """What the words are read against.

    Args:
        today: the day that the clinic's calendar shows now.
        country: ISO code, for the order of day and month in 5/6.
    """

    today: date
    country: str


Reading = tuple[Days, ...] | NoSuchDay | None
Reader = Callable[["re.Match[str]", Calendar], Reading]

_MONTH_FIRST_COUNTRIES = frozenset({"US"})
_EITHER_WAY_COUNTRIES = frozenset({"CA"})
_LANGUAGES = {
    "CA": ("en", "fr"),
    "US": ("en", "es"),
    "IN": ("en", "hi", "kn", "ta"),
}


def read_days(text: str, calendar_: Calendar) -> Found | NoSuchDay | None:
    """Find the first thing in a text that says which days are meant.

    Args:
        text: in small letters.
    """
    for pattern, reader in _READERS:
        for match in re.finditer(rf"\b(?:{pattern})(?!\w)", text):
            reading = reader(match, calendar_)
            if isinstance(reading, NoSuchDay):
                return reading
            if reading is not None:
                rest = f"{text[: match.start()]} {text[match.end() :]}"
                return Found(reading, rest)
    return None


def _one(day: date) -> tuple[Days, ...]:
    return (Days(day, day),)


def _after(days: int) -> Reader:
    return lambda _match, known: _one(known.today + timedelta(days=days))


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _weekday(name: str) -> int:
    return _STEMS.index(name[:3])


def _coming(name: str, today: date) -> date:
    """Return the next such weekday, today included."""
    return today + timedelta(days=(_weekday(name) - today.weekday()) % 7)


def _iso(match: re.Match[str], _known: Calendar) -> Reading:
    return _dated(int(match[1]), int(match[2]), int(match[3]))


def _dated(year: int, month: int, day: int) -> Reading:
    try:
        return _one(date(year, month, day))
    except ValueError:
        return NoSuchDay("There is no such date. Which day do you mean?")


def _numeric(match: re.Match[str], known: Calendar) -> Reading:
    first, second = int(match[1]), int(match[2])
    year = _year(match[3])
    month_first = (first, second)
    day_first = (second, first)
    orders = [day_first]
    if second > 12 or known.country in _MONTH_FIRST_COUNTRIES:
        orders = [month_first]
    elif known.country in _EITHER_WAY_COUNTRIES and first <= 12:
        orders = [month_first, day_first]
    if first > 12:
        orders = [day_first]
    readings: list[Days] = []
    for month, day in dict.fromkeys(orders):
        reading = _in_year(year, month, day, known)
        if isinstance(reading, NoSuchDay):
            return reading
        readings += reading or ()
    return tuple(readings)


def _year(text: str | None) -> int | None:
    if not text:
        return None
    return int(text) + (2000 if len(text) == 2 else 0)


def _in_year(year: int | None, month: int, day: int, known: Calendar) -> Reading:
    """Return a date of the year, or the next one that has it.

    A date of the last two months is more likely a slip than a wish for next year.
    """
    if year is not None:
        return _dated(year, month, day)
    reading = _dated(known.today.year, month, day)
    if not isinstance(reading, tuple) or reading[0].first is None:
        return reading
    if reading[0].first < known.today - _NOT_LONG_AGO:
        return _dated(known.today.year + 1, month, day)
    return reading


@lru_cache(maxsize=512)
def _month(word: str, country: str) -> int | None:
    """Return the month that a word means in the languages of a country."""
    found = dateparser.parse(
        f"1 {word} 2001",
        languages=list(_LANGUAGES.get(country, ("en",))),
        date_formats=["%d %B %Y"],
        settings={"PARSERS": ["custom-formats"]},
    )
    return found.month if found else None


def is_month(word: str, country: str) -> bool:
    """Tell whether a word names a month in a language of the country."""
    return len(word) > 2 and _month(word, country) is not None


def _day_month(match: re.Match[str], known: Calendar) -> Reading:
    return _named(match[2], match[1], match[3], known)


def _month_day(match: re.Match[str], known: Calendar) -> Reading:
    return _named(match[1], match[2], match[3], known)


def _named(word: str, day: str, year: str | None, known: Calendar) -> Reading:
    month = _month(word, known.country)
    return _in_year(_year(year), month, int(day), known) if month else None


def _day_of_month(match: re.Match[str], known: Calendar) -> Reading:
    day = int(match[1])
    if not 1 <= day <= 31:
        return NoSuchDay("There is no such date. Which day do you mean?")
    year, month = known.today.year, known.today.month
    while True:
        if day <= calendar.monthrange(year, month)[1]:
            found = date(year, month, day)
            if found >= known.today:
                return _one(found)
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def _weeks_ahead(match: re.Match[str], known: Calendar) -> Reading:
    """Read "in 3 weeks": nobody means exactly 21 days, so some days around."""
    number = 1 if match[1] in ("a", "an") else int(match[1])
    unit = match[2]
    if unit == "day":
        return _one(known.today + timedelta(days=number))
    length = {"week": 7, "fortnight": 14, "month": 30, "year": 365}[unit] * number
    day = known.today + timedelta(days=length)
    return (Days(day - timedelta(days=1), day + timedelta(days=3)),)


def _this_weekday(match: re.Match[str], known: Calendar) -> Reading:
    return _one(_coming(match[1], known.today))


def _plain_weekday(match: re.Match[str], known: Calendar) -> Reading:
    day = _coming(match[1], known.today)
    if day == known.today:
        return _one(day) + _one(day + timedelta(days=7))
    return _one(day)


def _next_weekday(match: re.Match[str], known: Calendar) -> Reading:
    """Read "next tuesday", which people mean in two ways while this one is ahead."""
    day = _coming(match[1], known.today)
    if day == known.today:
        return _one(day + timedelta(days=7))
    if _monday(day) == _monday(known.today):
        return _one(day) + _one(day + timedelta(days=7))
    return _one(day)


def _week_on(match: re.Match[str], known: Calendar) -> Reading:
    name = match[1] or match[2]
    return _one(_coming(name, known.today) + timedelta(days=7))


def _weekday_next_week(match: re.Match[str], known: Calendar) -> Reading:
    return _one(
        _monday(known.today) + timedelta(days=7 + _weekday(match[1] or match[2]))
    )


def _weekday_set(match: re.Match[str], _known: Calendar) -> Reading:
    names = re.findall(_WEEKDAY, match[0])
    return (Days(weekdays=frozenset(map(_weekday, names))),)


def _all_but(match: re.Match[str], known: Calendar) -> Reading:
    reading = _weekday_set(match, known)
    left = reading[0].weekdays if isinstance(reading, tuple) else frozenset()
    return (Days(weekdays=_EVERY_DAY - left),)


def _week(first: int, last: int) -> Reader:
    """Make a reader of the days from Monday + first to Monday + last."""

    def read(_match: re.Match[str], known: Calendar) -> Reading:
        monday = _monday(known.today)
        begin = max(known.today, monday + timedelta(days=first))
        return (Days(begin, max(begin, monday + timedelta(days=last))),)

    return read


def _next_weekend(_match: re.Match[str], known: Calendar) -> Reading:
    saturday = _monday(known.today) + timedelta(days=5)
    near = Days(saturday, saturday + timedelta(days=1))
    far = Days(saturday + timedelta(days=7), saturday + timedelta(days=8))
    return (far,) if known.today >= saturday else (near, far)


def _whole_month(ahead: int) -> Reader:
    def read(_match: re.Match[str], known: Calendar) -> Reading:
        first = known.today.replace(day=1)
        for _ in range(ahead):
            first = (first + timedelta(days=31)).replace(day=1)
        last = first.replace(day=calendar.monthrange(first.year, first.month)[1])
        return (Days(max(first, known.today), last),)

    return read


def _any(weekdays: frozenset[int]) -> Reader:
    return lambda _match, _known: (Days(weekdays=weekdays),)


_LIST = rf"{_WEEKDAY}s?(?:(?:\s*(?:,|/|&|\bor\b|\band\b)\s*)+{_WEEKDAY}s?)+"

_READERS: tuple[tuple[str, Reader], ...] = (
    (r"(\d{4})-(\d{1,2})-(\d{1,2})", _iso),
    (r"(\d{1,2})\s?[/-]\s?(\d{1,2})(?:\s?[/-]\s?(\d{4}|\d{2}))?(?!\s*[ap]m)", _numeric),
    (
        rf"(\d{{1,2}}){_ORDINAL}\s+(?:of\s+|de\s+)?{_MONTH_WORD}(?:,?\s+(\d{{4}}))?",
        _day_month,
    ),
    (
        rf"{_MONTH_WORD}\s+(?:the\s+)?(\d{{1,2}}){_ORDINAL}(?!\s*(?::|[ap]m?\b))(?:,?\s+(\d{{4}}))?",
        _month_day,
    ),
    (r"(?:the )?day after (?:tomorrow|tmrw)", _after(2)),
    (r"(?:a )?fortnight (?:from )?tomorrow", _after(15)),
    (r"(?:a )?week (?:from )?tomorrow|tomorrow week", _after(8)),
    (r"(?:a )?week (?:from )?today|today week", _after(7)),
    (r"tomorrow", _after(1)),
    (r"yesterday", _after(-1)),
    (r"today|this(?= (?:morning|afternoon|evening)\b)", _after(0)),
    (rf"(?:any ?(?:day|time) )?(?:but|except|not)(?: on)? {_LIST}", _all_but),
    (rf"(?:any ?(?:day|time) )?(?:but|except|not)(?: on)? {_WEEKDAY}s?", _all_but),
    (rf"next week(?: on)? {_WEEKDAY}|{_WEEKDAY} (?:of )?next week", _weekday_next_week),
    (_LIST, _weekday_set),
    (rf"{_WEEKDAY} (?:a )?week|week (?:on|from) {_WEEKDAY}", _week_on),
    (rf"next {_WEEKDAY}", _next_weekday),
    (rf"(?:this|coming|this coming) {_WEEKDAY}", _this_weekday),
    (rf"{_WEEKDAY}s", _weekday_set),
    (_WEEKDAY, _plain_weekday),
    (r"next weekend", _next_weekend),
    (r"weekends", _any(_WEEKEND)),
    (r"(?:this |coming |the |at the )*weekend", _week(5, 6)),
    (r"weekdays?", _any(_WORKING_DAYS)),
    (r"(?:the )?week after next", _week(14, 20)),
    (r"(?:early|beginning of|start of) next week", _week(7, 9)),
    (r"(?:late|later|end of) next week", _week(9, 13)),
    (r"next week", _week(7, 13)),
    (r"(?:later |end of |rest of )?this week", _week(0, 6)),
    (r"next month", _whole_month(1)),
    (r"this month", _whole_month(0)),
    (
        rf"(?:in )?{_NUMBER} (day|week|month|fortnight|year)s?(?:'s)?"
        r"(?: time| from now)?",
        _weeks_ahead,
    ),
    (r"(?:on )?the (\d{1,2})(?:st|nd|rd|th)?", _day_of_month),
    (r"(\d{1,2})(?:st|nd|rd|th)", _day_of_month),
)
"""Tried in this order: what says more stands before what says less."""
