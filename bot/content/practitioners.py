"""Reads who treats, what they give, and when they are where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from bot.clinic.profile import (
    DayHours,
    Gender,
    Place,
    Practitioner,
    Span,
    Weekly,
    clash,
)
from bot.clinic.when import WEEKDAYS
from bot.content.checks import check_ids, check_known, check_some, one_of
from bot.content.files import Document, Key, build
from bot.content.hours import read_closures, read_spans, read_weekly


@dataclass(frozen=True)
class _People:
    practitioners: dict[str, Any]


@dataclass(frozen=True)
class _Practitioner:
    name: str
    qualification: str
    gender: str
    languages: list[str]
    therapies: list[str]
    hours: dict[str, Any]
    register: str = ""
    register_number: str = ""
    training: list[str] = field(default_factory=list)
    exceptions: list[Any] = field(default_factory=list)
    away: list[Any] = field(default_factory=list)


@dataclass(frozen=True)
class _Exception:
    day: date
    hours: dict[str, Any] = field(default_factory=dict)


def read_practitioners(
    document: Document, places: Mapping[str, Place], therapies: Mapping[str, str]
) -> dict[str, Practitioner]:
    """Read practitioners.yml.

    Raises:
        BadContent: an unknown place or therapy, hours outside those of the place, or
            hours that overlap (one person cannot be at two places).
    """
    raw = build(_People, document)
    at = ["practitioners"]
    check_some(document, raw.practitioners, at)
    check_ids(document, raw.practitioners, at)
    return {
        name: _practitioner(document, name, data, places, therapies)
        for name, data in raw.practitioners.items()
    }


def _practitioner(
    document: Document,
    name: str,
    data: Any,
    places: Mapping[str, Place],
    therapies: Mapping[str, str],
) -> Practitioner:
    at = ["practitioners", name]
    raw = build(_Practitioner, document, data, at)
    for number, therapy in enumerate(raw.therapies):
        check_known(document, therapies, therapy, "therapy", [*at, "therapies", number])
    return Practitioner(
        id=name,
        name=raw.name,
        qualification=raw.qualification,
        gender=one_of(document, Gender, raw.gender, [*at, "gender"]),
        languages=tuple(raw.languages),
        therapies=tuple(raw.therapies),
        hours=_hours(document, raw.hours, places, [*at, "hours"]),
        register=raw.register,
        register_number=raw.register_number,
        training=tuple(raw.training),
        exceptions=tuple(
            _exception(document, entry, places, [*at, "exceptions", number])
            for number, entry in enumerate(raw.exceptions)
        ),
        away=read_closures(document, raw.away, [*at, "away"]),
    )


def _hours(
    document: Document, data: Mapping[str, Any], places: Mapping[str, Place], at: Key
) -> dict[str, Weekly]:
    hours = {}
    for name, weekdays in data.items():
        check_known(document, places, name, "place", [*at, name])
        hours[name] = read_weekly(document, weekdays, [*at, name])
        for weekday, spans in hours[name].items():
            here = [*at, name, WEEKDAYS[weekday].lower()]
            _check_inside(document, spans, places[name].hours.get(weekday, ()), here)
    for weekday, day_name in enumerate(WEEKDAYS):
        _check_apart(
            document,
            [span for weekly in hours.values() for span in weekly.get(weekday, ())],
            f"on {day_name}",
            at,
        )
    return hours


def _exception(
    document: Document, data: Any, places: Mapping[str, Place], at: Key
) -> DayHours:
    raw = build(_Exception, document, data, at)
    hours = {}
    for name, spans in raw.hours.items():
        here = [*at, "hours", name]
        check_known(document, places, name, "place", here)
        hours[name] = read_spans(document, spans, here)
    together = [span for spans in hours.values() for span in spans]
    _check_apart(document, together, f"on {raw.day}", at)
    return DayHours(raw.day, hours)


def _check_inside(
    document: Document, spans: tuple[Span, ...], outer: tuple[Span, ...], at: Key
) -> None:
    for span in spans:
        if not any(whole.holds(span) for whole in outer):
            raise document.bad(
                at,
                f"{span.opens:%H:%M}-{span.closes:%H:%M} is outside the hours "
                "of this place",
            )


def _check_apart(document: Document, spans: list[Span], when: str, at: Key) -> None:
    if clash(spans):
        raise document.bad(at, f"hours at two places overlap {when}")
