"""The days of a calendar as sets, so that "not", "or" and "before" are plain sums."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

from bot.clinic.when import days

DaySet = frozenset[date]

EVERY_DAY = frozenset(range(7))
_REACH_DAYS = 400
_DAY = timedelta(days=1)


class NoSuchDate(ValueError):
    """Raised where what was typed is no day that one can come on.

    Its text is one short plain sentence for the person who typed it.
    """


@dataclass(frozen=True)
class Calendar:
    """What the words are read against.

    Args:
        today: the day that the clinic's calendar shows now.
        country: ISO code, for the order of day and month in 5/6.
    """

    today: date
    country: str

    @property
    def ahead(self) -> DaySet:
        """All days from today on, as far as anybody books."""
        return _ahead(self.today)

    @property
    def monday(self) -> date:
        """The Monday of this week."""
        return self.today - timedelta(days=self.today.weekday())

    def every(self, weekdays: Iterable[int]) -> DaySet:
        """Return all such weekdays ahead; 0 is Monday."""
        wanted = frozenset(weekdays)
        return frozenset(day for day in self.ahead if day.weekday() in wanted)

    def coming(self, weekday: int) -> date:
        """Return the next such weekday, today included."""
        return self.today + timedelta(days=(weekday - self.today.weekday()) % 7)

    def week(self, first: int, last: int) -> DaySet:
        """Return the days from this Monday + first to this Monday + last."""
        begin = max(self.today, self.monday + timedelta(days=first))
        return stretch(begin, max(begin, self.monday + timedelta(days=last)))


@lru_cache(maxsize=8)
def _ahead(today: date) -> DaySet:
    return stretch(today, today + timedelta(days=_REACH_DAYS))


def one(day: date) -> DaySet:
    """Return the set of one day."""
    return frozenset({day})


def stretch(first: date, last: date) -> DaySet:
    """Return all days from the first to the last, both included."""
    return frozenset(days(first, last))


@dataclass(frozen=True)
class Days:
    """Some days of the clinic's calendar.

    Args:
        first: None for no bound.
        last: None for no bound.
        weekdays: 0 is Monday; empty means any.
        but: days within all that which do not count.
    """

    first: date | None = None
    last: date | None = None
    weekdays: frozenset[int] = frozenset()
    but: DaySet = frozenset()


def described(some: DaySet, known: Calendar) -> Days:
    """Describe a set of days by its bounds, its weekdays and what is left out."""
    some = some & known.ahead or some
    first, last = min(some), max(some)
    weekdays = frozenset(day.weekday() for day in some)
    within = frozenset(day for day in stretch(first, last) if day.weekday() in weekdays)
    before = known.every(weekdays) & stretch(known.today, first - _DAY)
    is_open = max(known.every(weekdays), default=last) == last
    if weekdays == EVERY_DAY or (last - first).days < 7:
        weekdays, within = frozenset(), stretch(first, last)
    return Days(
        None if is_open and not before else first,
        None if is_open else last,
        weekdays,
        within - some,
    )
