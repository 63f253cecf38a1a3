"""One day of a practitioner or a room as staff look at it: stretch after stretch."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal
from zoneinfo import ZoneInfo

from bot.clinic.booking import Appointment
from bot.clinic.profile import DayPlan
from bot.clinic.when import MINUTES_A_DAY, minute_of_day

Kind = Literal["off", "free", "taken"]


@dataclass(frozen=True)
class Stretch:
    """A part of a day.

    Args:
        begin: minute of the day on the wall clock of the clinic.
        end: first minute that no longer belongs to it; 1440 at midnight.
        place_id: where, for free time.
        visits: what takes this time, soonest first; more than one where a treatment
            does not need its practitioner throughout.
        outside: some of the visits do not lie within hours.
    """

    kind: Kind
    begin: int
    end: int
    place_id: str | None = None
    visits: tuple[Appointment, ...] = ()
    outside: bool = False


def minutes_on(day: date, visit: Appointment, here: ZoneInfo) -> tuple[int, int]:
    """Return the minutes of a day at which a visit begins and ends there.

    Where the clocks go back in between, it ends no earlier than it began.
    """
    starts_at, ends_at = (
        at.astimezone(here) for at in (visit.starts_at, visit.ends_at)
    )
    begin = 0 if starts_at.date() < day else minute_of_day(starts_at)
    end = MINUTES_A_DAY if ends_at.date() > day else minute_of_day(ends_at)
    return begin, max(begin, end)


def stretches(
    hours: DayPlan, visits: Iterable[Appointment], day: date, here: ZoneInfo
) -> list[Stretch]:
    """Cut a day into what is taken, what is free and what lies between the two.

    Args:
        hours: when there is somebody, by place.
        visits: what begins on that day.

    Returns:
        From the first to the last thing that happens, without gaps, in order.
    """
    open_at = sorted(
        (minute_of_day(span.opens), minute_of_day(span.closes), place_id)
        for place_id, spans in hours.items()
        for span in spans
    )
    taken = list(_taken(visits, day, here, open_at))
    free = [
        Stretch("free", begin, end, place_id)
        for first, last, place_id in open_at
        for begin, end in _less(first, last, taken)
    ]
    return list(_with_gaps(sorted([*taken, *free], key=lambda one: one.begin)))


def span_of(days: Iterable[Sequence[Stretch]], usual: tuple[int, int]) -> range:
    """Return full hours that hold all of some days.

    Args:
        usual: first and last hour where nothing happens at all.
    """
    all_of = [one for stretch in days for one in stretch]
    if not all_of:
        return range(*usual)
    first = min(one.begin for one in all_of) // 60
    return range(first, -(-max(one.end for one in all_of) // 60))


def filled(stretch: Sequence[Stretch], hours: range) -> list[Stretch]:
    """Add what is missing of some full hours before and after, so that days line up."""
    first, last = hours.start * 60, hours.stop * 60
    begin = stretch[0].begin if stretch else last
    end = stretch[-1].end if stretch else last
    around = [Stretch("off", first, begin), *stretch, Stretch("off", end, last)]
    return [one for one in around if one.begin < one.end]


def _taken(
    visits: Iterable[Appointment],
    day: date,
    here: ZoneInfo,
    open_at: Sequence[tuple[int, int, str]],
) -> Iterator[Stretch]:
    """Put visits that overlap into one stretch."""
    current: Stretch | None = None
    for visit in sorted(visits, key=lambda one: one.starts_at):
        begin, end = minutes_on(day, visit, here)
        outside = not any(
            first <= begin and end <= last and place_id == visit.place_id
            for first, last, place_id in open_at
        )
        if current is not None and begin < current.end:
            current = replace(
                current,
                end=max(end, current.end),
                visits=(*current.visits, visit),
                outside=current.outside or outside,
            )
            continue
        if current is not None:
            yield current
        current = Stretch("taken", begin, end, visit.place_id, (visit,), outside)
    if current is not None:
        yield current


def _less(first: int, last: int, taken: Iterable[Stretch]) -> Iterator[tuple[int, int]]:
    """Return what is left of some minutes."""
    for one in taken:
        if one.end <= first or last <= one.begin:
            continue
        if first < one.begin:
            yield first, one.begin
        first = one.end
    if first < last:
        yield first, last


def _with_gaps(ordered: Iterable[Stretch]) -> Iterator[Stretch]:
    end: int | None = None
    for one in ordered:
        if end is not None and end < one.begin:
            yield Stretch("off", end, one.begin)
        yield one
        end = one.end if end is None else max(end, one.end)
