"""Reads dates of the calendar: "15/12", "7 or 8 december", "the 3rd of next month"."""

from __future__ import annotations

import calendar
import re
from datetime import date, timedelta
from functools import lru_cache

import dateparser

from bot.clinic.when import MONTH_NUMBERS
from bot.desk.wish_calendar import Calendar, DaySet, NoSuchDate, one, stretch
from bot.desk.wish_terms import Term, Terms, only

_NOT_LONG_AGO = timedelta(days=60)
_MONTH_FIRST_COUNTRIES = frozenset({"US"})
_EITHER_WAY_COUNTRIES = frozenset({"CA"})
_MONTH_LANGUAGES = {
    "CA": ("en", "fr"),
    "US": ("en", "es"),
    "IN": ("en", "hi", "kn", "ta"),
}
"""Only the names of months are read in these; the rest of a wish is English."""

_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_COUNTED = frozenset(("1", "of", "time", "visit", "appointment", "day", "week"))
"""What a number before it counts, so that it is no day of the month."""

RANGE = ("to", "-", "through", "thru", "till", "until")
"""What joins the first and the last of some days."""


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
    if word in MONTH_NUMBERS:
        return MONTH_NUMBERS[word]
    found = dateparser.parse(
        f"1 {word} 2001",
        languages=list(_MONTH_LANGUAGES.get(country, ("en",))),
        date_formats=["%d %B %Y"],
        settings={"PARSERS": ["custom-formats"]},
    )
    return found.month if found else None


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


# --- as people say them ---------------------------------------------------------------


def read_date(terms: Terms) -> Term | None:
    """Read "15/12", "the 3rd or 4th of december", "dec 1, 2 or 4", "le 15"."""
    if readings := numeric(terms.word, terms.known):
        terms.at += 1
        return Term(readings)
    return terms.attempt(_day_then_month) or terms.attempt(_month_then_day)


def _day_then_month(terms: Terms) -> Term | None:
    terms.take("on")
    led = bool(terms.take("the", "le"))
    start = terms.at
    numbers = _numbers(terms)
    if not numbers:
        return None
    ends = terms.at
    terms.take("of", "de")
    month = month_of(terms.word, terms.known.country)
    if month is not None:
        terms.at += 1
        return only(_of_month(numbers, month, _year(terms), terms.known))
    if that_month := terms.attempt(read_month):
        return only(_among(numbers, that_month.readings[0]))
    terms.at = ends
    words = terms.words[start:ends]
    bare = [word for word in words if word.isdigit() or word in _ORDINALS]
    the_15 = led and words == bare and bare[0].isdigit()
    if terms.word in _COUNTED or (bare and not the_15):
        return None
    every = _among(numbers, terms.known.ahead)
    return Term((_coming_numbers(numbers, terms.known),), every)


def _month_then_day(terms: Terms) -> Term | None:
    month = month_of(terms.word, terms.known.country)
    if month is None:
        return None
    terms.at += 1
    terms.take("the")
    numbers = _numbers(terms)
    if not numbers:
        return None
    return only(_of_month(numbers, month, _year(terms), terms.known))


Numbers = list[tuple[int, int]]
"""Days of a month, each from one to another."""


def _numbers(terms: Terms) -> Numbers:
    """Read "7", "7th or 8th", "7 - 10", "between 7 and 10"."""
    found: Numbers = []
    between = terms.at > 0 and "between" in terms.words[max(0, terms.at - 2) : terms.at]
    first = _day_number(terms)
    while first is not None:
        found.append((first, first))
        start = terms.at
        comma = terms.take(",")
        joint = terms.take("or", "and", "&", *RANGE)
        terms.take("the", "le")
        first = _day_number(terms) if comma or joint else None
        if first is None:
            terms.at = start
        elif joint in RANGE or (between and joint == "and"):
            found[-1] = (found[-1][0], first)
            first = None
    return found


def _day_number(terms: Terms) -> int | None:
    if terms.word in _ORDINALS:
        terms.at += 1
        return _ORDINALS.index(terms.words[terms.at - 1]) + 1
    found = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|er)?", terms.word)
    after = terms.words[terms.at + 1 : terms.at + 2]
    if not found or after in (["am"], ["pm"], ["a"], ["p"], ["o'clock"], ["ish"]):
        return None
    terms.at += 1
    return int(found[1])


def _of_month(
    numbers: Numbers, month: int, year: int | None, known: Calendar
) -> DaySet:
    spans = [
        (in_year(year, month, first, known), in_year(year, month, last, known))
        for first, last in numbers
    ]
    if any(first > last for first, last in spans):
        raise NoSuchDate("Which days do you mean?")
    return frozenset().union(*(stretch(first, last) for first, last in spans))


def _among(numbers: Numbers, some: DaySet) -> DaySet:
    return frozenset(
        day for day in some if any(first <= day.day <= last for first, last in numbers)
    )


def _coming_numbers(numbers: Numbers, known: Calendar) -> DaySet:
    found: set[date] = set()
    for first, last in numbers:
        begin = next_with(first, known)
        found |= stretch(begin, next_with(last, known, begin))
    return frozenset(found)


def _year(terms: Terms) -> int | None:
    start = terms.at
    terms.take(",")
    if re.fullmatch(r"20\d\d", terms.word):
        terms.at += 1
        return year_of(terms.words[terms.at - 1])
    terms.at = start
    return None


def read_month(terms: Terms) -> Term | None:
    """Read "december", "next month", "january 2027": all of its days."""
    terms.take("the")
    known = terms.known
    name = terms.take("next month", "this month", "month", "next year")
    if name == "next year":
        year = known.today.year + 1
        return only(stretch(date(year, 1, 1), date(year, 12, 31)))
    if name:
        return only(month_ahead(1 if name == "next month" else 0, known))
    month = MONTH_NUMBERS.get(terms.word)
    if month is None:
        return None
    terms.at += 1
    return only(month_days(month, known, _year(terms)))


def ordinal(terms: Terms) -> int | None:
    """Read "first" or "2nd" as 0 or 1, and "last" as -1."""
    if terms.take("last"):
        return -1
    for number, name in enumerate(_ORDINALS):
        if terms.take(name, f"{number + 1}{('st', 'nd', 'rd', 'th', 'th')[number]}"):
            return number
    return None
