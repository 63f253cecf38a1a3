"""Reads what a clinic offers: therapies and the treatments that can be booked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.clinic.booking import CELL_MINUTES
from bot.clinic.profile import Complaint, Plan, Treatment, Visit
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
    complaints: dict[str, Any] = field(default_factory=dict)
    plans: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class _Complaint:
    words: list[str]
    therapies: list[str]


@dataclass(frozen=True)
class _Plan:
    name: str
    treatments: list[str]
    complaints: list[str]
    days_apart: int = 3


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
    """What a clinic offers: therapy ids with names, the rest by id."""

    therapies: Mapping[str, str]
    treatments: Mapping[str, Treatment]
    complaints: Mapping[str, Complaint]
    plans: Mapping[str, Plan]


def read_menu(document: Document) -> Menu:
    """Read treatments.yml.

    Raises:
        BadContent: an unknown therapy, a length off the 5-minute grid, a negative
            price, or hands-on minutes outside the visit.
    """
    raw = build(_Menu, document)
    for key in ("therapies", "treatments"):
        check_some(document, getattr(raw, key), [key])
    for key, listed in vars(raw).items():
        check_ids(document, listed, [key])
    treatments = {
        name: _treatment(document, name, data, raw.therapies)
        for name, data in raw.treatments.items()
    }
    complaints = {
        name: _complaint(document, name, data, raw.therapies)
        for name, data in raw.complaints.items()
    }
    plans = {
        name: _plan(document, name, data, treatments, complaints)
        for name, data in raw.plans.items()
    }
    return Menu(raw.therapies, treatments, complaints, plans)


def _complaint(
    document: Document, name: str, data: Any, therapies: Mapping[str, str]
) -> Complaint:
    at = ["complaints", name]
    raw = build(_Complaint, document, data, at)
    check_some(document, dict.fromkeys(raw.words), [*at, "words"])
    check_some(document, dict.fromkeys(raw.therapies), [*at, "therapies"])
    for number, therapy in enumerate(raw.therapies):
        check_known(document, therapies, therapy, "therapy", [*at, "therapies", number])
    return Complaint(
        name, tuple(word.lower() for word in raw.words), tuple(raw.therapies)
    )


def _plan(
    document: Document,
    name: str,
    data: Any,
    treatments: Mapping[str, Treatment],
    complaints: Mapping[str, Complaint],
) -> Plan:
    at: list[str | int] = ["plans", name]
    raw = build(_Plan, document, data, at)
    if len(raw.treatments) < 2:
        raise document.bad([*at, "treatments"], "a plan has two treatments at least")
    for number, treatment in enumerate(raw.treatments):
        here = [*at, "treatments", number]
        check_known(document, treatments, treatment, "treatment", here)
    for number, complaint in enumerate(raw.complaints):
        here = [*at, "complaints", number]
        check_known(document, complaints, complaint, "complaint", here)
    if raw.days_apart < 0:
        raise document.bad([*at, "days_apart"], "must not be negative")
    return Plan(
        name, raw.name, tuple(raw.treatments), tuple(raw.complaints), raw.days_apart
    )


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
