"""A day of the clinic's calendar as a row of bits, one a cell since its midnight."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.clinic.booking import CELL, CELL_MINUTES
from bot.clinic.profile import Span
from bot.clinic.when import MINUTES_A_DAY, instant, minute_of_day

_CELLS_A_DAY = MINUTES_A_DAY // CELL_MINUTES
EVERY = -1
"""All bits: nothing is in the way."""

THIS_DAY = (1 << _CELLS_A_DAY) - 1

OddDay = date | None
"""The day, where clocks change on it; None for all the other days, which are alike."""


@lru_cache(maxsize=1024)
def odd_day(day: date, zone: ZoneInfo) -> OddDay:
    """Return the day if its cells do not lie where the clock says, else None."""
    following = instant(day + timedelta(days=1), time.min, zone)
    length = (following - instant(day, time.min, zone)) // CELL
    return None if length == _CELLS_A_DAY else day


@lru_cache(maxsize=16384)
def starts_within(
    spans: tuple[Span, ...], step: int, length: int, zone: ZoneInfo, odd: OddDay
) -> int:
    """Return the cells in which a visit can begin that must end within its span.

    Args:
        step: cells between one start and the next, counted from the span's beginning.
        length: cells of the visit.
    """
    found = 0
    for span in spans:
        first, last = (_cell(at, zone, odd) for at in (span.opens, span.closes))
        for cell in range(first, last - length + 1, step):
            found |= 1 << cell
    return found


def _cell(at: time, zone: ZoneInfo, odd: OddDay) -> int:
    if odd is None:
        return minute_of_day(at) // CELL_MINUTES
    return (instant(odd, at, zone) - instant(odd, time.min, zone)) // CELL


@lru_cache(maxsize=1024)
def minutes_between(first: int, last: int, zone: ZoneInfo, odd: OddDay) -> int:
    """Return the cells that begin from one minute of the day on, before another.

    A clock that shows an hour twice shows its cells twice.
    """
    if odd is None:
        cells = range(-(-first // CELL_MINUTES), -(-last // CELL_MINUTES))
        return below(cells.stop) & ~below(cells.start) if cells else 0
    midnight = instant(odd, time.min, zone)
    count = (instant(odd + timedelta(days=1), time.min, zone) - midnight) // CELL
    shown = ((midnight + cell * CELL).astimezone(zone) for cell in range(count))
    return union(
        1 << cell
        for cell, wall in enumerate(shown)
        if first <= minute_of_day(wall) < last
    )


def between(midnight: datetime, earliest: datetime, latest: datetime) -> int:
    """Return the cells of a day that begin from one instant on, before another."""
    first, last = (-((midnight - at) // CELL) for at in (earliest, latest))
    return below(max(last, 0)) & ~below(max(first, 0))


def below(cell: int) -> int:
    """Return the cells before one."""
    return (1 << cell) - 1


def blocked(busy: int, parts: Iterable[tuple[int, int]]) -> int:
    """Return the cells in which a visit cannot begin because of what is busy.

    Args:
        parts: stretches of cells `(from, until)`, counted from the visit's beginning,
            in which the busy one is needed.
    """
    return union(_smeared(busy >> first, last - first) for first, last in parts)


def _smeared(bits: int, count: int) -> int:
    """Return every cell from which a set one is less than `count` cells away."""
    width = 1
    while width < count and bits:
        step = min(width, count - width)
        bits |= bits >> step
        width += step
    return bits


def union(rows: Iterable[int]) -> int:
    """Return the cells that are set in any row."""
    found = 0
    for row in rows:
        found |= row
    return found


def cells_in(bits: int) -> Iterator[int]:
    """Walk the numbers of the cells that are set, in order."""
    while bits:
        lowest = bits & -bits
        yield lowest.bit_length() - 1
        bits ^= lowest
