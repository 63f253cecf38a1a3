"""Days that have a name of their own: "black friday", "diwali", "thanksgiving weekend".

The `holidays` package knows when they are; what it calls them is put as people do.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache

import holidays

from bot.desk.wish_calendar import DaySet, stretch
from bot.desk.wish_terms import Term, Terms, on_days, only, tokens_of

_DAY = timedelta(days=1)
_FIXED: Mapping[str, tuple[int, int]] = {
    "christmas eve": (12, 24),
    "christmas": (12, 25),
    "christmas day": (12, 25),
    "boxing day": (12, 26),
    "new year's eve": (12, 31),
    "new year's day": (1, 1),
    "new year's": (1, 1),
    "new year": (1, 1),
}
"""Month and day of feasts that are everywhere on the same date."""

_AFTER: Mapping[str, tuple[str, str, int]] = {
    "black friday": ("US", "thanksgiving day", 1),
    "cyber monday": ("US", "thanksgiving day", 4),
    "easter": ("GB", "good friday", 2),
    "easter sunday": ("GB", "good friday", 2),
    "easter monday": ("GB", "good friday", 3),
    "good friday": ("GB", "good friday", 0),
}
"""Days told by another one: its country, its name, and how many days later."""

_CELEBRATED_AS_IN_THE_STATES = frozenset({"US", "CA", "IN"})
"""Where Mother's Day, Halloween and the like are on the days of the United States."""

_AS_PEOPLE_SAY = (
    (r"^christmas\b", "xmas"),
    (r"\blabor\b", "labour"),
    (r"\bsaint\b", "st"),
    (r"^thanksgiving day$", "thanksgiving"),
    (r"^martin luther king jr day$", "mlk day"),
    (r"^diwali$", "deepavali"),
    (r"^dussehra$", "dasara"),
    (r"^maha (?=shivaratri|navami)", ""),
    (r"^eid al-fitr$", "eid"),
    (r"'", ""),
)
"""What people change of a name; each way of saying it is known."""


def find_feast(text: str, country: str, today: date) -> date | None:
    """Return when the day comes next that a text calls by its name, today included.

    Args:
        text: in small letters.
        country: ISO code; its feasts are known.
        today: in the clinic's calendar.
    """
    said = f" {' '.join(tokens_of(text))} "
    named = (name for name in _names(country, today.year) if f" {name} " in said)
    name = next(named, None)
    return None if name is None else _next(name, country, today)


def without_feasts(text: str, country: str, today: date) -> str:
    """Return a text in small letters without the names of such days."""
    said = f" {' '.join(tokens_of(text))} "
    for name in _names(country, today.year):
        said = said.replace(f" {name} ", " ")
    return said.strip()


def read_feast(terms: Terms) -> Term | None:
    """Read "christmas eve", "early in the new year", "thanksgiving weekend"."""
    lead = terms.take("the", "in the", "early in the")
    known = terms.known
    name = terms.take(*_by_first_word(known.country, known.today.year, terms.word))
    if not name:
        return None
    found = _next(name, known.country, known.today)
    if lead and name == "new year":
        return only(stretch(found, found + timedelta(days=30)))
    if terms.take("long weekend", "weekend"):
        return only(_weekend(found))
    if terms.take("week"):
        monday = found - found.weekday() * _DAY
        return only(stretch(monday, monday + 6 * _DAY))
    return on_days(found)


def _next(name: str, country: str, today: date) -> date:
    years = (_of_year(country, today.year + ahead) for ahead in range(3))
    return min(year[name] for year in years if year.get(name, today - _DAY) >= today)


def _weekend(feast: date) -> DaySet:
    """Return the Saturday and Sunday nearest to a day, and what lies between."""
    saturday = feast + (5 - feast.weekday()) * _DAY
    if feast.weekday() < 3:  # a Monday makes the weekend before it long
        saturday -= 7 * _DAY
    sunday = saturday + _DAY
    return stretch(min(feast, saturday), max(feast, sunday))


@lru_cache(maxsize=16)
def _names(country: str, year: int) -> tuple[str, ...]:
    ahead = _of_year(country, year + 1)  # whatever is over this year comes again
    return tuple(sorted(ahead, key=lambda name: (-len(name), name)))


@lru_cache(maxsize=512)
def _by_first_word(country: str, year: int, word: str) -> tuple[str, ...]:
    return tuple(name for name in _names(country, year) if tokens_of(name)[0] == word)


@lru_cache(maxsize=64)
def _of_year(country: str, year: int) -> Mapping[str, date]:
    """Return the days of a year by all that people call them."""
    found = {name: date(year, *when) for name, when in _FIXED.items()}
    for name, (where, other, later) in _AFTER.items():
        days = (day for called, day in _celebrated(where, year) if called == other)
        found[name] = next(days) + later * _DAY
    for name, day in _celebrated(country, year):
        found.setdefault(name, day)
    for pattern, said in _AS_PEOPLE_SAY:
        for name, day in [*found.items()]:
            found.setdefault(re.sub(pattern, said, name), day)
    return {" ".join(tokens_of(name)): day for name, day in found.items()}


def _celebrated(country: str, year: int) -> Iterator[tuple[str, date]]:
    """Walk the days of all the country first, then those of its parts."""
    try:
        whole = holidays.country_holidays(country)
    except NotImplementedError:  # the package does not know every country
        return
    observed = tuple({"public", "optional"}.intersection(whole.supported_categories))
    yield from _called(country, year, observed)
    if country in _CELEBRATED_AS_IN_THE_STATES:
        yield from _called("US", year, ("unofficial",))
    for part in whole.subdivisions:
        yield from _called(country, year, observed, part)


def _called(
    country: str, year: int, categories: tuple[str, ...], part: str | None = None
) -> Iterator[tuple[str, date]]:
    known = holidays.country_holidays(
        country,
        subdiv=part,
        years=year,
        observed=False,
        language="en_US",
        categories=categories,
    )
    for day, text in sorted(known.items()):
        for name in re.split(r"; | / ", re.sub(r"\(.*?\)|\.", "", text.lower())):
            yield " ".join(name.split()), day
