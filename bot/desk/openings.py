"""Finds openings for a wish: a few that give a real choice, not all there are."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import datetime, timedelta

from bot.clinic.booking import Opening
from bot.clinic.diary import openings
from bot.clinic.profile import Clinic, Practitioner, Treatment
from bot.clinic.when import minute_of_day
from bot.clinic.wish import Wish
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
    treatment = wish.treatment(clinic)
    people = [one for one in clinic.practitioners.values() if wish.suits(one)]
    if treatment is None or not people:
        return []
    found: list[Opening] = []
    for opening in _search(unit, clinic, treatment, people, wish, now):
        fresh = opening.id not in seen and wish.allows(opening, clinic)
        if fresh and not (found and found[-1].starts_at == opening.starts_at):
            found.append(opening)
        if len(found) == _CANDIDATES:
            break
    return _spread(clinic, wish, found, count)


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


def _spread(
    clinic: Clinic, wish: Wish, found: Sequence[Opening], count: int
) -> list[Opening]:
    """Choose openings that give a real choice; near ones first if a time was named."""
    if wish.near_minute is not None:
        near = wish.near_minute
        by_day = sorted(
            found,
            key=lambda one: (
                one.starts_at.astimezone(clinic.zone).date(),
                abs(minute_of_day(one.starts_at.astimezone(clinic.zone)) - near),
            ),
        )
        return sorted(by_day[:count], key=lambda one: one.starts_at)
    chosen: dict[tuple[object, bool], Opening] = {}
    for opening in found:
        local = opening.starts_at.astimezone(clinic.zone)
        chosen.setdefault((local.date(), local.hour < 12), opening)
    picked = list(chosen.values())[:count]
    rest = [one for one in found if one not in picked]
    apart = [one for one in rest if all(_apart(one, other) for other in picked)]
    picked += (apart or rest)[: count - len(picked)]
    return sorted(picked, key=lambda one: one.starts_at)


def _apart(one: Opening, other: Opening) -> bool:
    return one.ends_at <= other.starts_at or other.ends_at <= one.starts_at
