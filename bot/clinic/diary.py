"""The openings of a diary, computed from hours, closures and what is claimed."""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Iterator, Mapping, Set
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from bot.clinic.booking import Opening, needed_cells, opening_at, room_cells
from bot.clinic.hours import hours_of
from bot.clinic.profile import Clinic, Practitioner, Treatment
from bot.clinic.when import UTC, days, instant, today

Claimed = Mapping[str, Set[datetime]]
"""Resource to the UTC starts of the cells that are taken."""

Misfit = Literal["too_soon", "too_far", "outside_hours"]
_NOTHING: frozenset[datetime] = frozenset()


@dataclass(frozen=True)
class Duty:
    """A stretch of time for which a practitioner is at a place (UTC)."""

    place_id: str
    starts_at: datetime
    ends_at: datetime


def duties(clinic: Clinic, practitioner: Practitioner, day: date) -> list[Duty]:
    """Return when a practitioner works on a day of the clinic's calendar, in order."""
    found = [
        Duty(
            place_id,
            instant(day, span.opens, clinic.zone),
            instant(day, span.closes, clinic.zone),
        )
        for place_id, spans in hours_of(clinic, practitioner, day).items()
        for span in spans
    ]
    return sorted(found, key=lambda duty: duty.starts_at)


def openings(
    clinic: Clinic,
    treatment: Treatment,
    practitioners: Iterable[Practitioner],
    claimed: Claimed,
    earliest: datetime,
    latest: datetime,
    now: datetime,
) -> Iterator[Opening]:
    """Compute openings, soonest first, as far as the caller reads on.

    Args:
        clinic: whose hours, closures, rooms and terms count.
        treatment: what is to be booked.
        practitioners: who may give it; those who do not are passed over.
        claimed: every claimed cell between `earliest` and `latest`, and for as long
            after as a visit with its buffer lasts.
        earliest: first instant (UTC) at which a visit may begin.
        latest: first instant at which it may no longer begin.
        now: the present, for notice and horizon.
    """
    policy = clinic.policy
    earliest = max(earliest, now + timedelta(hours=policy.notice_hours))
    latest = min(latest, now + timedelta(days=policy.horizon_days))
    lanes = [
        _of_one(clinic, treatment, practitioner, claimed, earliest, latest)
        for practitioner in practitioners
        if clinic.gives(practitioner, treatment)
    ]
    return heapq.merge(*lanes, key=lambda opening: opening.starts_at)


def _of_one(
    clinic: Clinic,
    treatment: Treatment,
    practitioner: Practitioner,
    claimed: Claimed,
    earliest: datetime,
    latest: datetime,
) -> Iterator[Opening]:
    busy = claimed.get(f"practitioner:{practitioner.id}", _NOTHING)
    for place_id, starts_at in _starts(
        clinic, treatment, practitioner, earliest, latest
    ):
        needed = needed_cells(treatment, clinic.policy, starts_at)
        if not busy.isdisjoint(needed):
            continue
        rooms = free_rooms(clinic, treatment, place_id, claimed, starts_at)
        if rooms:
            yield opening_at(treatment, practitioner.id, place_id, rooms[0], starts_at)


def _starts(
    clinic: Clinic,
    treatment: Treatment,
    practitioner: Practitioner,
    earliest: datetime,
    latest: datetime,
) -> Iterator[tuple[str, datetime]]:
    """Walk the place and instant of every start that the hours allow, in order."""
    if latest <= earliest:
        return
    step = timedelta(minutes=clinic.policy.start_step_minutes)
    length = timedelta(minutes=treatment.minutes)
    first, last = today(earliest, clinic.zone), today(latest, clinic.zone)
    for day in days(first, last):
        for duty in duties(clinic, practitioner, day):
            if not clinic.takes_place(treatment, duty.place_id):
                continue
            skipped = max(0, -((duty.starts_at - earliest) // step))
            starts_at = duty.starts_at + skipped * step
            while starts_at < latest and starts_at + length <= duty.ends_at:
                yield duty.place_id, starts_at
                starts_at += step


def free_rooms(
    clinic: Clinic,
    treatment: Treatment,
    place_id: str,
    claimed: Claimed,
    starts_at: datetime,
) -> list[str | None]:
    """Return the rooms that are free for a visit; `[None]` where none is needed."""
    rooms = clinic.places[place_id].rooms
    if not rooms:
        return [None]
    needed = list(room_cells(treatment, clinic.policy, starts_at))
    return [
        room.id
        for room in rooms
        if claimed.get(f"room:{room.id}", _NOTHING).isdisjoint(needed)
    ]


def misfit(clinic: Clinic, opening: Opening, now: datetime) -> Misfit | None:
    """Say why a visit may not begin then, leaving aside whether the time is taken.

    A button may be pressed long after it was shown, or after the hours were edited.
    """
    starts_at = opening.starts_at.astimezone(UTC)
    if starts_at < now + timedelta(hours=clinic.policy.notice_hours):
        return "too_soon"
    if starts_at >= now + timedelta(days=clinic.policy.horizon_days):
        return "too_far"
    treatment = clinic.treatments[opening.treatment_id]
    practitioner = clinic.practitioners[opening.practitioner_id]
    allowed = clinic.gives(practitioner, treatment) and any(
        start == (opening.place_id, starts_at)
        for start in _starts(
            clinic, treatment, practitioner, starts_at, starts_at + timedelta(minutes=1)
        )
    )
    return None if allowed else "outside_hours"
