"""Clocks and time zones: instants inside, the clinic's own time when speaking."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from importlib import resources
from zoneinfo import ZoneInfo

UTC = timezone.utc
MINUTES_A_DAY = 24 * 60
WEEKDAYS = (
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
)
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MONTH_NUMBERS = {
    short: number
    for number, name in enumerate(MONTHS, start=1)
    for short in (name.lower(), name[:3].lower(), name[:4].lower())
}
"""By the English names and their short forms, in small letters."""

_MONTH_FIRST = ("en_US", "en_CA")


class UnknownZone(ValueError):
    """No such time zone in the pinned database."""


@lru_cache(maxsize=1)
def zone_names() -> frozenset[str]:
    """Return every zone of the pinned `tzdata` package."""
    listed = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8")
    return frozenset(listed.split())


@lru_cache(maxsize=64)
def zone(name: str) -> ZoneInfo:
    """Load a time zone from the pinned `tzdata` package.

    `ZoneInfo(name)` would prefer the machine's own copy, which may be years old.

    Args:
        name: an IANA name such as `America/Edmonton`.

    Raises:
        UnknownZone: the package has no such zone.
    """
    if name not in zone_names():
        raise UnknownZone(f"unknown time zone {name!r}")
    source = resources.files("tzdata").joinpath("zoneinfo", *name.split("/"))
    with source.open("rb") as file:
        return ZoneInfo.from_file(file, key=name)


def exists(day: date, at: time, here: ZoneInfo) -> bool:
    """Tell whether a wall clock shows this time on this day (not so in a gap)."""
    wall = datetime.combine(day, at, tzinfo=here)
    return wall.astimezone(UTC).astimezone(here).replace(tzinfo=None) == wall.replace(
        tzinfo=None
    )


@lru_cache(maxsize=8192)  # a diary asks for the same few times of day again and again
def instant(day: date, at: time, here: ZoneInfo) -> datetime:
    """Return the first instant (UTC) at which a wall clock has reached a time.

    A time that occurs twice when the clocks go back is the first of the two; a time
    that is skipped when they go forward is the moment of the change.
    """
    wall = datetime.combine(day, at, tzinfo=here)
    if exists(day, at, here):
        return wall.astimezone(UTC)
    # Read with the offset after the change it lies before it, and the reverse.
    before, after = (
        wall.replace(fold=1).astimezone(UTC),
        wall.replace(fold=0).astimezone(UTC),
    )
    naive = wall.replace(tzinfo=None)
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle.astimezone(here).replace(tzinfo=None) >= naive:
            after = middle
        else:
            before = middle
    return after


def changes(here: ZoneInfo, first: date, last: date) -> Iterator[datetime]:
    """Find the instants at which the clocks change, to the minute, in order.

    Args:
        first: looked at from its noon UTC on.
        last: and until its noon UTC.
    """
    before = datetime.combine(first, time(12), tzinfo=UTC)
    while before.date() < last:
        after = before + timedelta(days=1)
        if before.astimezone(here).utcoffset() != after.astimezone(here).utcoffset():
            yield _change(here, before, after)
        before = after


def _change(here: ZoneInfo, before: datetime, after: datetime) -> datetime:
    old = before.astimezone(here).utcoffset()
    while after - before > timedelta(minutes=1):
        middle = before + (after - before) // 2
        middle = middle.replace(second=0, microsecond=0)
        if middle.astimezone(here).utcoffset() == old:
            before = middle
        else:
            after = middle
    return after


def today(now: datetime, here: ZoneInfo) -> date:
    """Return the day that the clinic's calendar shows now."""
    return now.astimezone(here).date()


def days(first: date, last: date) -> Iterator[date]:
    """Count the days from the first to the last, both included."""
    for number in range((last - first).days + 1):
        yield first + timedelta(days=number)


def minute_of_day(moment: datetime | time) -> int:
    """Return the minutes since midnight on the wall clock, 0 to 1439."""
    return moment.hour * 60 + moment.minute


def say_time(at: datetime | time) -> str:
    """Say a wall-clock time: "9 am", "5:30 pm", "12 noon"."""
    if minute_of_day(at) == 12 * 60:
        return "12 noon"
    half = "am" if at.hour < 12 else "pm"
    hour = at.hour % 12 or 12
    return f"{hour}:{at.minute:02d} {half}" if at.minute else f"{hour} {half}"


def say_day(day: date, this_day: date, locale: str) -> str:
    """Say a day: "today", "tomorrow", "Thursday, December 4", with a far year.

    Args:
        day: the day to speak of.
        this_day: the day on which it is said, in the clinic's own calendar.
        locale: `en_US` and `en_CA` put the month first.
    """
    month = MONTHS[day.month - 1]
    spoken = (
        f"{WEEKDAYS[day.weekday()]}, {month} {day.day}"
        if locale in _MONTH_FIRST
        else f"{WEEKDAYS[day.weekday()]} {day.day} {month}"
    )
    if day == this_day:
        return f"today, {spoken}"
    if day == this_day + timedelta(days=1):
        return f"tomorrow, {spoken}"
    if abs((day - this_day).days) > 300:
        return f"{spoken}{',' if locale in _MONTH_FIRST else ''} {day.year}"
    return spoken


def say_moment(moment: datetime, here: ZoneInfo, now: datetime, locale: str) -> str:
    """Say an instant in the clinic's time: "Thursday, December 4 at 5:30 pm".

    The zone's abbreviation is added where the wall clock shows that time twice.
    """
    local = moment.astimezone(here)
    spoken = f"{say_day(local.date(), today(now, here), locale)} at {say_time(local)}"
    other = local.replace(fold=1 - local.fold)
    twice = exists(local.date(), local.time(), here) and (
        other.utcoffset() != local.utcoffset()
    )
    return f"{spoken} ({local.tzname()})" if twice else spoken
