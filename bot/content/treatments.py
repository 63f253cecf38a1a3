"""Reads what a clinic offers: therapies and the treatments that can be booked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.clinic.booking import CELL_MINUTES
from bot.clinic.profile import Treatment, Visit
from bot.content.checks import (
    check_grid,
    check_ids,
    check_known,
    check_some,
    money,
    one_of,
)
from bot.content.files import Document, Key, build


@dataclass(frozen=True)
class _Menu:
    therapies: dict[str, str]
    treatments: dict[str, Any]


@dataclass(frozen=True)
class _Treatment:
    name: str
    therapy: str
    minutes: int
    visit: str = "any"
    price: float | None = None
    preparation: str = ""
    in_person: bool = True
    online: bool = False
    hands_on: list[list[int]] = field(default_factory=list)


@dataclass(frozen=True)
class Menu:
    """What a clinic offers: therapy ids with names, treatments by id."""

    therapies: Mapping[str, str]
    treatments: Mapping[str, Treatment]


def read_menu(document: Document) -> Menu:
    """Read treatments.yml.

    Raises:
        BadContent: an unknown therapy, a length off the 5-minute grid, a negative
            price, or hands-on minutes outside the visit.
    """
    raw = build(_Menu, document)
    for key, listed in vars(raw).items():
        check_some(document, listed, [key])
        check_ids(document, listed, [key])
    treatments = {
        name: _treatment(document, name, data, raw.therapies)
        for name, data in raw.treatments.items()
    }
    return Menu(raw.therapies, treatments)


def _treatment(
    document: Document, name: str, data: Any, therapies: Mapping[str, str]
) -> Treatment:
    at = ["treatments", name]
    raw = build(_Treatment, document, data, at)
    check_known(document, therapies, raw.therapy, "therapy", [*at, "therapy"])
    if raw.minutes < CELL_MINUTES:
        raise document.bad([*at, "minutes"], f"must be at least {CELL_MINUTES}")
    check_grid(document, raw.minutes, [*at, "minutes"])
    if not (raw.in_person or raw.online):
        raise document.bad(at, "it is neither in person nor online")
    return Treatment(
        id=name,
        name=raw.name,
        therapy=raw.therapy,
        minutes=raw.minutes,
        visit=one_of(document, Visit, raw.visit, [*at, "visit"]),
        price=money(document, raw.price, [*at, "price"]),
        preparation=raw.preparation,
        in_person=raw.in_person,
        online=raw.online,
        hands_on=_hands_on(document, raw, [*at, "hands_on"]),
    )


def _hands_on(
    document: Document, raw: _Treatment, at: Key
) -> tuple[tuple[int, int], ...]:
    parts: list[tuple[int, int]] = []
    end = 0
    for number, part in enumerate(raw.hands_on):
        here = [*at, number]
        if len(part) != 2 or not end <= part[0] < part[1] <= raw.minutes:
            raise document.bad(
                here, "expected [from, until] minutes within the visit, in order"
            )
        for minute in part:
            check_grid(document, minute, here)
        parts.append((part[0], part[1]))
        end = part[1]
    return tuple(parts)
