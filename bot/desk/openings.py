"""Finds openings for a wish: a few that give a real choice, not all there are."""

from __future__ import annotations

from collections.abc import (
    Callable,
    Collection,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from datetime import date, datetime, timedelta
from itertools import accumulate, chain, groupby, islice, repeat
from operator import mul

from bot.clinic.booking import Opening
from bot.clinic.diary import Busy, Lane, Search, bounds
from bot.clinic.profile import Clinic
from bot.clinic.when import UTC, minute_of_day
from bot.clinic.wish import Wish
from bot.desk.hours import in_force
from bot.desk.ports import Diary

_DAY = timedelta(days=1)
_CANDIDATES = 120
"""Enough for some days of one practitioner; more would only cost time."""


def offer(
    unit: Diary,
    clinic: Clinic,
    wish: Wish,
    now: datetime,
    count: int = 3,
    seen: Collection[str] = (),
) -> list[Opening]:
    """Find a few good openings for a wish: the soonest, then other parts of the week.

    Args:
        wish: when, with whom and where.
        now: aware UTC.
        count: how many at most.
        seen: ids of openings already offered, which are passed over.

    Returns:
        At most `count`, soonest first; none where nothing suits.
    """
    clinic = in_force(unit, clinic, now)
    search = _search(clinic, wish, now)
    if search is None:
        return []
    free = _walk(unit, search, now)
    stream = islice((one for one in free if one.id not in seen), _CANDIDATES)
    pick = _spread if wish.near_minute is None else _nearest
    return sorted(pick(clinic, wish, stream, count), key=lambda one: one.starts_at)


def by_day(
    unit: Diary, clinic: Clinic, wish: Wish, now: datetime
) -> Callable[[date], list[Opening]]:
    """Look up all that a wish reaches at once; return what is free on each day.

    One query, however many days are asked for then: meant for one person's diary.

    Args:
        wish: when, with whom and where.
        now: aware UTC.
    """
    search = _search(in_force(unit, clinic, now), wish, now)
    if search is None:
        return lambda _day: []
    lanes = {day: search.lanes(day) for day in search.days()}
    busy = _busy(unit, search, {day: one for day, one in lanes.items() if one}, now)
    return lambda day: [*search.openings(day, lanes.get(day, ()), busy, each=False)]


def _search(clinic: Clinic, wish: Wish, now: datetime) -> Search | None:
    """Prepare the search for a wish; None where the clinic gives nothing like it."""
    treatment = wish.treatment(clinic)
    if treatment is None:
        return None
    people = [
        one
        for one in clinic.practitioners.values()
        if wish.suits(one) and clinic.gives(one, treatment)
    ]
    earliest, latest = bounds(
        clinic,
        wish.earliest or now,
        wish.latest or datetime.max.replace(tzinfo=UTC),
        now,
    )
    return Search(clinic, treatment, people, earliest, latest, wish)


def _walk(unit: Diary, search: Search, now: datetime) -> Iterator[Opening]:
    """Walk the openings, one a time, in stretches of 1, 1, 2, 4 ... days.

    A near one costs one short query, a far one few of them.
    """
    for stretch in _stretches(search.days()):
        lanes = {day: found for day in stretch if (found := search.lanes(day))}
        busy = _busy(unit, search, lanes, now)
        for day, found in lanes.items():
            yield from search.openings(day, found, busy, each=False)


def _busy(
    unit: Diary, search: Search, lanes: Mapping[date, Sequence[Lane]], now: datetime
) -> Busy:
    """Read what is taken on some days, with one query."""
    if not lanes:
        return Busy(now, {})
    minutes = search.treatment.minutes + search.clinic.policy.buffer_minutes
    begin = search.midnight(min(lanes))
    end = search.midnight(max(lanes) + _DAY) + timedelta(minutes=minutes)
    resources = _resources(search.clinic, chain.from_iterable(lanes.values()))
    return unit.bookings.busy(resources, begin, end, now)


def _stretches(days: Iterator[date]) -> Iterator[list[date]]:
    lengths = chain((1,), accumulate(repeat(2), mul, initial=1))
    while stretch := list(islice(days, next(lengths))):
        yield stretch


def _resources(clinic: Clinic, lanes: Iterable[Lane]) -> list[str]:
    people, places = set(), set()
    for lane in lanes:
        people.add(f"practitioner:{lane.practitioner.id}")
        places.add(lane.place_id)
    rooms = {f"room:{room.id}" for name in places for room in clinic.places[name].rooms}
    return sorted(people | rooms)


def _spread(
    clinic: Clinic, _wish: Wish, found: Iterable[Opening], count: int
) -> list[Opening]:
    """Choose the soonest, then the soonest of other mornings and afternoons.

    Reads no further than it must: the search behind it costs time.
    """
    picked: dict[tuple[date, bool], Opening] = {}
    spare: list[Opening] = []
    for opening in found:
        local = opening.starts_at.astimezone(clinic.zone)
        part = (local.date(), local.hour < 12)
        if part not in picked and _is_apart(opening, picked.values()):
            picked[part] = opening
        else:
            spare.append(opening)
        if len(picked) == count:
            break
    chosen = list(picked.values())
    apart = [one for one in spare if _is_apart(one, chosen)]
    return chosen + (apart or spare)[: count - len(chosen)]


def _nearest(
    clinic: Clinic, wish: Wish, found: Iterable[Opening], count: int
) -> list[Opening]:
    """Choose those nearest to the time that was named, on the first days that do."""
    near = wish.near_minute or 0
    chosen: list[Opening] = []
    by_day = groupby(found, lambda one: one.starts_at.astimezone(clinic.zone).date())
    for _, openings_of_day in by_day:
        chosen += sorted(
            openings_of_day,
            key=lambda one: abs(
                minute_of_day(one.starts_at.astimezone(clinic.zone)) - near
            ),
        )
        if len(chosen) >= count:
            break
    return chosen[:count]


def _is_apart(one: Opening, others: Iterable[Opening]) -> bool:
    return all(
        one.ends_at <= other.starts_at or other.ends_at <= one.starts_at
        for other in others
    )
