"""Reads days and hours together, each side of an "or" by itself where it must be."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.desk.wish_calendar import Calendar
from bot.desk.wish_days import Found, NoSuchDay, read_days
from bot.desk.wish_hours import Hours, NoSuchTime, read_hours

_MOST_SIDES, _MOST_PARTS = 4, 8
_TOO_FINE = "Which day and time would suit you then?"
_SIDES = re.compile(r"\s(?:, )?(or|and|,)\s")


@dataclass(frozen=True)
class Times:
    """What some words say about the time."""

    days: Found | None
    hours: tuple[Hours, ...]

    @property
    def weeks(self) -> bool:
        """Tell whether it names a week or another stretch of days."""
        return self.days is not None and self.days.weeks

    @property
    def weekdays(self) -> bool:
        """Tell whether it names days of the week."""
        return self.days is not None and self.days.weekdays

    @property
    def names_days(self) -> bool:
        """Tell whether it says which days do."""
        return self.days is not None and self.days.names


TimesRead = list[Times] | NoSuchDay | NoSuchTime


def read_times(words: str, known: Calendar) -> TimesRead:
    """Read days and hours; each side of an "or" by itself where their hours differ."""
    if sides := _by_sides(words, known):
        return sides
    whole = _read_time(words, known)
    return [whole] if isinstance(whole, Times) else whole


def _by_sides(words: str, known: Calendar) -> list[Times]:
    """Read each side of an "or" by itself; none where they do not stand apart.

    A week that only one of them names holds for the others, too, and so does one that
    stands before or behind them all: "thursday after 5 or friday morning, next week".
    """
    first, *others = _SIDES.split(words)
    parts = [(",", first), *zip(others[::2], others[1::2], strict=True)]
    if not 1 < len(parts) <= _MOST_PARTS:
        return []
    sides: list[tuple[str, Times]] = []
    weeks: list[str] = []
    for joint, part in parts:
        said = _read_time(part, known)
        if not isinstance(said, Times):
            return []
        for_all = said.weeks and not (said.weekdays or said.hours) and joint == ","
        weeks += [part] * (for_all or (said.weeks and said.weekdays))
        if not for_all and (said.days or said.hours):
            sides.append((part, said))
    found = [_in_week(part, said, weeks, known) for part, said in sides]
    clear = [one for one in found if isinstance(one, Times)]
    apart = 1 < len(clear) == len(found) <= _MOST_SIDES and _are_apart(clear, words)
    return clear if apart else []


def _in_week(
    part: str, said: Times, weeks: list[str], known: Calendar
) -> Times | NoSuchDay | NoSuchTime:
    """Read a side that names days of the week alone in the week that others name."""
    alone = said.weekdays and not said.weeks
    return _read_time(part, known, weeks[0]) if alone and weeks else said


def _are_apart(sides: list[Times], words: str) -> bool:
    """Tell whether two wishes are named: "monday at 9 or friday".

    Hours that stand with the last day alone are those of all: "monday or friday at 9".
    A day or an hour, as in "weekends or after 6", are two wishes as well.
    """
    first, last = sides[0], sides[-1]
    if all(one.names_days for one in sides):
        return bool(first.hours) and len({one.hours for one in sides}) > 1
    alone = first.names_days and not first.hours and not last.days
    return bool(len(sides) == 2 and alone and last.hours and " or " in words)


def _read_time(
    words: str, known: Calendar, weeks_in: str = ""
) -> Times | NoSuchDay | NoSuchTime:
    days = read_days(words, known, weeks_in)
    if isinstance(days, NoSuchDay):
        return days
    hours = read_hours(days.rest if days else words)
    if isinstance(hours, NoSuchTime):
        return hours
    if days and read_hours(days.beside_refused):
        return NoSuchTime(_TOO_FINE)
    return Times(days, hours)
