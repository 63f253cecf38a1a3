"""A small made-up clinic for tests: two people, two rooms, one online place."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime, time
from typing import Any

from bot.clinic.booking import CELL, Cell
from bot.clinic.diary import Busy
from bot.clinic.profile import (
    Clinic,
    Place,
    Policy,
    Practitioner,
    Room,
    Span,
    Treatment,
    Weekly,
)


def span(text: str) -> Span:
    """Read "09:00-12:00"."""
    opens, closes = text.split("-")
    return Span(time.fromisoformat(opens), time.fromisoformat(closes))


def busy_with(cells: Iterable[Cell], begin: datetime) -> Busy:
    """Put claimed cells, none before `begin`, into bits."""
    taken: dict[str, int] = {}
    for resource, starts_at in cells:
        bit = 1 << (starts_at - begin) // CELL
        taken[resource] = taken.get(resource, 0) | bit
    return Busy(begin, taken)


def every_day(*spans: str) -> Weekly:
    """Give the same hours to all seven weekdays."""
    return {weekday: tuple(map(span, spans)) for weekday in range(7)}


def practitioner(
    key: str = "ada", hours: Mapping[str, Weekly] | None = None, **changes: Any
) -> Practitioner:
    """Make somebody who works at the main place from 9 to 12."""
    one = Practitioner(
        id=key,
        name=key.title(),
        qualification="acupuncturist",
        gender="woman",
        languages=("English",),
        therapies=("acupuncture",),
        hours=hours or {"main": every_day("09:00-12:00")},
    )
    return replace(one, **changes)


def treatment(minutes: int = 60, **changes: Any) -> Treatment:
    """Make a visit in person."""
    one = Treatment(
        id=f"visit_{minutes}",
        name="Visit",
        therapy="acupuncture",
        minutes=minutes,
    )
    return replace(one, **changes)


def clinic(
    *people: Practitioner,
    treatments: tuple[Treatment, ...] = (),
    rooms: int = 2,
    time_zone: str = "America/Edmonton",
    policy: Policy | None = None,
    **changes: Any,
) -> Clinic:
    """Make a clinic without notice, buffers or a short horizon, unless told."""
    offered = treatments or (treatment(60), treatment(30))
    listed = people or (practitioner("ada"), practitioner("ben", gender="man"))
    one = Clinic(
        id="test",
        name="Test Clinic",
        kind="clinic",
        country="CA",
        time_zone=time_zone,
        locale="en_CA",
        currency="CAD",
        phone="+1 780 555 0100",
        email="test@example.org",
        emergency="911",
        places={
            "main": Place(
                "main",
                "Main",
                rooms=tuple(Room(f"r{n}", f"Room {n}") for n in range(rooms)),
            ),
            "online": Place("online", "Online", kind="online"),
        },
        therapies={"acupuncture": "acupuncture"},
        treatments={one.id: one for one in offered},
        practitioners={one.id: one for one in listed},
        policy=policy or Policy(notice_hours=0, horizon_days=400),
    )
    return replace(one, **changes)
