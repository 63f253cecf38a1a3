"""Finds openings for a wish: a few that give a real choice, not all there are."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from itertools import groupby, islice

from bot.clinic.booking import Opening
from bot.clinic.diary import openings
from bot.clinic.profile import Clinic, Practitioner, Treatment
from bot.clinic.when import minute_of_day
from bot.clinic.wish import Wish
from bot.desk.hours import in_force
from bot.desk.ports import Diary

_LOOK_AHEAD = timedelta(days=7)
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
    treatment = wish.treatment(clinic)
    if treatment is None:
        return []
    people = [
        one
        for one in clinic.practitioners.values()
        if wish.suits(one) and clinic.gives(one, treatment)
    ]
    fitting = (
        opening
        for opening in _search(unit, clinic, treatment, people, wish, now)
        if opening.id not in seen and wish.allows(opening, clinic)
    )
    stream = islice(_one_per_start(fitting), _CANDIDATES)
    pick = _spread if wish.near_minute is None else _nearest
    return sorted(pick(clinic, wish, stream, count), key=lambda one: one.starts_at)


def _search(
    unit: Diary,
    clinic: Clinic,
    treatment: Treatment,
    people: Sequence[Practitioner],
    wish: Wish,
    now: datetime,
) -> Iterator[Opening]:
    """Walk the openings week by week, so that a near one costs one short query."""
    end = now + timedelta(days=clinic.policy.horizon_days)
    end = min(end, wish.latest) if wish.latest else end
    begin = max(now, wish.earliest) if wish.earliest else now
    after = timedelta(minutes=treatment.minutes + clinic.policy.buffer_minutes)
    resources = _resources(clinic, people)
    while begin < end:
        until = min(begin + _LOOK_AHEAD, end)
        claimed = unit.bookings.claimed(resources, begin, until + after, now)
        yield from openings(clinic, treatment, people, claimed, begin, until, now)
        begin = until


def _resources(clinic: Clinic, people: Sequence[Practitioner]) -> list[str]:
    places = {place for one in people for place in one.places}
    rooms = [
        f"room:{room.id}"
        for place in sorted(places)
        for room in clinic.places[place].rooms
    ]
    return [f"practitioner:{one.id}" for one in people] + rooms


def _one_per_start(found: Iterable[Opening]) -> Iterator[Opening]:
    """Leave out what begins at the same time as the one before, with somebody else."""
    last = None
    for opening in found:
        if opening.starts_at != last:
            yield opening
        last = opening.starts_at


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
