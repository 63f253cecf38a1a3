"""Reads the time of day in a wish: "after 5", "10ish", "first thing", "lunchtime"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.clinic.when import MINUTES_A_DAY

_NOON = 12 * 60
_ABOUT_MINUTES = 60
_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap]m?\b|o'?clock)?"
_BEFORE_WORK, _AFTER_LUNCH, _AFTER_SCHOOL, _AFTER_WORK = 9 * 60, 13 * 60, 15 * 60, 1020

_PARTS: tuple[tuple[str, int, int], ...] = (
    (r"first thing|early (?:in the )?morning|crack of dawn", 0, 10 * 60),
    (r"late (?:in the )?morning", 10 * 60, _NOON),
    (r"before (?:i start )?work", 0, _BEFORE_WORK),
    (r"after (?:i finish )?work", _AFTER_WORK, MINUTES_A_DAY),
    (r"after lunch", _AFTER_LUNCH, 17 * 60),
    (r"after school", _AFTER_SCHOOL, MINUTES_A_DAY),
    (r"before (?:lunch|noon|midday)", 0, _NOON),
    (r"after (?:noon|midday)", _NOON, MINUTES_A_DAY),
    (r"lunch ?(?:time|hour|break)?|midday", 11 * 60 + 30, 14 * 60),
    (r"late (?:in the )?afternoon", 15 * 60, 18 * 60),
    (
        r"end of (?:the )?day|last thing|(?:as )?late as possible",
        16 * 60,
        MINUTES_A_DAY,
    ),
    (r"mornings?", 0, _NOON),
    (r"afternoons?", _NOON, 17 * 60),
    (r"evenings?|nights?|late", 17 * 60, MINUTES_A_DAY),
    (r"early", 0, 11 * 60),
)


@dataclass(frozen=True)
class Hours:
    """A part of the day on the clinic's clock.

    Args:
        from_minute: first minute of the day at which a visit may begin.
        until_minute: first minute at which it may no longer begin.
        near_minute: the minute that would be best, if one was named.
    """

    from_minute: int = 0
    until_minute: int = MINUTES_A_DAY
    near_minute: int | None = None


@dataclass(frozen=True)
class NoSuchTime:
    """No clock shows what was typed.

    Args:
        reason: one short plain sentence for the person who typed it.
    """

    reason: str


class _OffTheClock(ValueError):
    """Raised inside this module for 25:00 and the like."""


def read_hours(text: str) -> Hours | NoSuchTime | None:
    """Find what a text says about the time of day.

    Without am or pm, 8 to 11 is taken as the morning and 12 to 7 as noon and later,
    unless the text names a part of the day.

    Args:
        text: in small letters, without the words that name the day.
    """
    part = _part(text)
    try:
        clock = _clock_hours(text, part)
    except _OffTheClock:
        return NoSuchTime("There is no such time. What time do you mean?")
    if clock is None:
        return part
    if part is None or clock.near_minute is not None:
        return clock
    both = Hours(
        max(clock.from_minute, part.from_minute),
        min(clock.until_minute, part.until_minute),
    )
    return both if both.from_minute < both.until_minute else clock


def _part(text: str) -> Hours | None:
    for pattern, begins, ends in _PARTS:
        if re.search(rf"\b(?:{pattern})\b", text):
            return Hours(begins, ends)
    return None


def _clock_hours(text: str, part: Hours | None) -> Hours | None:
    found = re.search(
        rf"\b(?:between|from)\s+{_CLOCK}\s*(?:and|to|till?|until|-)\s*{_CLOCK}"
        rf"|\b{_CLOCK}\s*(?:-|to)\s*{_CLOCK}(?<=m)",
        text,
    )
    if found:
        return _between(found, part)
    found = re.search(rf"\b(not before|before|by|until|till?)\s+{_CLOCK}", text)
    if found and found[1] != "not before":
        return Hours(until_minute=_minute(found[2], found[3], found[4], part))
    found = found or re.search(
        r"\b(after|from|(?<!half )(?<!quarter )past|later than)\s+" + _CLOCK,
        text,
    )
    if found:
        return Hours(from_minute=_minute(found[2], found[3], found[4], part))
    near = _spoken(text, part) or _exact(text, part)
    if near is None:
        return None
    return Hours(
        max(0, near - _ABOUT_MINUTES),
        min(MINUTES_A_DAY, near + _ABOUT_MINUTES + 1),
        near,
    )


def _between(found: re.Match[str], part: Hours | None) -> Hours:
    groups = [group for group in found.groups()]
    groups = groups[:6] if groups[0] else groups[6:]
    last = _minute(groups[3], groups[4], groups[5], part)
    first = _minute(groups[0], groups[1], groups[2] or groups[5], part)
    if first >= last:  # "11 to 2 pm" begins in the morning
        first = _minute(groups[0], groups[1], groups[2], part)
    if first >= last:
        raise _OffTheClock
    return Hours(first, last)


def _spoken(text: str, part: Hours | None) -> int | None:
    if re.search(r"(?<!before )(?<!after )\bnoon\b", text):
        return _NOON
    found = re.search(
        r"\b(half past|half|quarter past|quarter to)\s+(\d{1,2})\s*([ap]m)?\b", text
    )
    if not found:
        return None
    shift = {"quarter past": 15, "quarter to": -15}.get(found[1], 30)
    return _minute(found[2], None, found[3], part) + shift


def _exact(text: str, part: Hours | None) -> int | None:
    found = (
        re.search(rf"(?:\b(?:at|around|about|near|circa)|@|~)\s*{_CLOCK}", text)
        or re.search(r"\b(\d{1,2})(?:[:.](\d{2}))?\s*([ap]m?\b|o'?clock)", text)
        or re.search(r"\b(\d{1,2})(?:[:.](\d{2}))?()\s*-?\s*ish\b", text)
        or re.search(r"\b(\d{1,2})[:.](\d{2})()(?!\d)", text)
        or (part and re.search(r"\b(\d{1,2})()()(?!\S)", text))
        or re.fullmatch(r"\s*(\d{1,2})()()\s*", text)
    )
    return _minute(found[1], found[2], found[3], part) if found else None


def _minute(
    hour_text: str, minute_text: str | None, half: str | None, part: Hours | None
) -> int:
    hour, minute = int(hour_text), int(minute_text or 0)
    if hour > 23 or minute > 59:
        raise _OffTheClock
    if 1 <= hour <= 12:
        hour = hour % 12 + (12 if _is_afternoon(hour, half, part) else 0)
    return hour * 60 + minute


def _is_afternoon(hour: int, half: str | None, part: Hours | None) -> bool:
    if half and half[0] in "ap":
        return half[0] == "p"
    if part is not None and part.until_minute <= _NOON:
        return False
    if part is not None and part.from_minute >= _NOON:
        return True
    return hour == 12 or hour < 8
