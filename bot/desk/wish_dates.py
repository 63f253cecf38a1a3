"""Reads dates of the calendar: "15/12", "7 or 8 december", "mid january", feasts."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from datetime import date, timedelta
from functools import lru_cache

import dateparser

from bot.clinic.when import MONTHS
from bot.desk.wish_calendar import Calendar, DaySet, NoSuchDate, one, stretch

_NOT_LONG_AGO = timedelta(days=60)
_MONTH_FIRST_COUNTRIES = frozenset({"US"})
_EITHER_WAY_COUNTRIES = frozenset({"CA"})
_MONTH_LANGUAGES = {
    "CA": ("en", "fr"),
    "US": ("en", "es"),
    "IN": ("en", "hi", "kn", "ta"),
}
"""Only the names of months are read in these; the rest of a wish is English."""

FEASTS: Mapping[str, tuple[int, int]] = {
    "christmas eve": (12, 24),
    "christmas day": (12, 25),
    "christmas": (12, 25),
    "xmas eve": (12, 24),
    "xmas": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "new years eve": (12, 31),
    "new year's day": (1, 1),
    "new years day": (1, 1),
    "new year's": (1, 1),
    "new year": (1, 1),
}
"""Month and day of feasts that are everywhere on the same date, longest name first."""

_ENGLISH_MONTHS = {
    short: number
    for number, name in enumerate(MONTHS, start=1)
    for short in (name.lower(), name[:3].lower(), name[:4].lower())
}


def dated(year: int, month: int, day: int) -> date:
    """Return a date.

    Raises:
        NoSuchDate: no calendar has it.
    """
    try:
        return date(year, month, day)
    except ValueError as none:
        raise NoSuchDate("There is no such date. Which day do you mean?") from none


def in_year(year: int | None, month: int, day: int, known: Calendar) -> date:
    """Return a date of the year, or the next one that has it.

    A date of the last two months is more likely a slip than a wish for next year.
    """
    if year is not None:
        return dated(year, month, day)
    found = dated(known.today.year, month, day)
    if found < known.today - _NOT_LONG_AGO:
        return dated(known.today.year + 1, month, day)
    return found


def numeric(text: str, known: Calendar) -> tuple[DaySet, ...] | None:
    """Read "2026-12-01", "15/12", "15-12-2026": more than one where it may be either.

    Without a year it takes a slash: "9-5" are hours.
    """
    if found := re.fullmatch(r"(\d{4})-(\d{1,2})-(\d{1,2})", text):
        return (one(dated(int(found[1]), int(found[2]), int(found[3]))),)
    found = re.fullmatch(
        r"(\d{1,2}) ?/ ?(\d{1,2})|(\d{1,2})([/.-])(\d{1,2})\4(\d{4}|\d\d)", text
    )
    if not found:
        return None
    first, second = int(found[1] or found[3]), int(found[2] or found[5])
    months = _orders(first, second, known.country)
    dates = (in_year(year_of(found[6]), *order, known) for order in months)
    return tuple(map(one, dict.fromkeys(dates)))


def _orders(first: int, second: int, country: str) -> list[tuple[int, int]]:
    """Return the months and days that two numbers may be in a country."""
    month_first, day_first = (first, second), (second, first)
    if first > 12:
        return [day_first]
    if second > 12 or country in _MONTH_FIRST_COUNTRIES:
        return [month_first]
    if country in _EITHER_WAY_COUNTRIES:
        return [month_first, day_first]
    return [day_first]


def year_of(text: str | None) -> int | None:
    """Read a year of two or four digits."""
    if not text:
        return None
    return int(text) + (2000 if len(text) == 2 else 0)


@lru_cache(maxsize=512)
def month_of(word: str, country: str) -> int | None:
    """Return the month that a word means in the languages of a country."""
    if len(word) < 3 or not word.isalpha():
        return None
    if word in _ENGLISH_MONTHS:
        return _ENGLISH_MONTHS[word]
    found = dateparser.parse(
        f"1 {word} 2001",
        languages=list(_MONTH_LANGUAGES.get(country, ("en",))),
        date_formats=["%d %B %Y"],
        settings={"PARSERS": ["custom-formats"]},
    )
    return found.month if found else None


def english_month(word: str) -> int | None:
    """Return the month that an English word means."""
    return _ENGLISH_MONTHS.get(word)


def next_feast(name: str, today: date) -> date:
    """Return when a feast of `FEASTS` comes next, today included."""
    month, day = FEASTS[name]
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else date(today.year + 1, month, day)


def next_with(day: int, known: Calendar, since: date | None = None) -> date:
    """Return the next such day of a month: "the 14th"."""
    if not 1 <= day <= 31:
        raise NoSuchDate("There is no such date. Which day do you mean?")
    start = since or known.today
    year, month = start.year, start.month
    while True:
        if day <= calendar.monthrange(year, month)[1]:
            found = date(year, month, day)
            if found >= start:
                return found
        year, month = (year, month + 1) if month < 12 else (year + 1, 1)


def month_days(month: int, known: Calendar, year: int | None = None) -> DaySet:
    """Return the days of a month: this year's, or next year's if it is over."""
    if year is None:
        year = known.today.year + (1 if month < known.today.month else 0)
    last = calendar.monthrange(year, month)[1]
    return stretch(date(year, month, 1), date(year, month, last))


def month_ahead(ahead: int, known: Calendar) -> DaySet:
    """Return the days of this month (0) or a later one (1 is the next)."""
    years, month = divmod(known.today.month - 1 + ahead, 12)
    return month_days(month + 1, known, known.today.year + years)
