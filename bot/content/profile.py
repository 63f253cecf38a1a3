"""Reads a clinic's folder of four files into its profile, or says what is wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.numbers import list_currencies

from bot.clinic.profile import (
    Clinic,
    Closure,
    HealthByTelegram,
    Kind,
    Line,
    Place,
    PlaceKind,
    Policy,
    Room,
    Weekly,
)
from bot.clinic.when import UnknownZone, zone
from bot.content.checks import (
    check_grid,
    check_ids,
    check_known,
    check_some,
    money,
    one_of,
)
from bot.content.facts import OWN_FACTS
from bot.content.files import Document, build, read
from bot.content.holidays import read_holidays
from bot.content.hours import read_closures, read_weekly
from bot.content.network import Network, read_network
from bot.content.practitioners import read_practitioners
from bot.content.treatments import read_menu
from bot.content.website import RawWebsite, read_website

_EMERGENCY = re.compile(r"\+?[0-9][0-9 ]*")


@dataclass(frozen=True)
class _Place:
    name: str
    kind: str = "clinic"
    address: str = ""
    directions: str = ""
    rooms: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class _Booking:
    self_booking: bool = True
    notice_hours: int = 2
    horizon_days: int = 60
    start_step_minutes: int = 15
    buffer_minutes: int = 0
    max_upcoming: int = 3
    cancel_hours: int | None = None
    late_fee: float | None = None
    quiet_from: time = time(21)
    quiet_until: time = time(8)


@dataclass(frozen=True)
class _Profile:
    name: str
    kind: str
    country: str
    time_zone: str
    locale: str
    currency: str
    phone: str
    email: str
    emergency: str
    places: dict[str, Any]
    booking: _Booking = field(default_factory=_Booking)
    crisis: Line | None = None
    health_line: Line | None = None
    adult_age: int = 18
    health_by_telegram: str = "link"
    crisis_readers: list[str] = field(default_factory=list)
    conditions: list[str] = field(default_factory=list)
    techniques: list[str] = field(default_factory=list)
    prices_checked_on: date | None = None
    register_link: str = ""
    facts: dict[str, str] = field(default_factory=dict)
    website: RawWebsite = field(default_factory=RawWebsite)


@dataclass(frozen=True)
class _Hours:
    opening: dict[str, Any]
    phone: dict[str, Any] = field(default_factory=dict)
    places: dict[str, Any] = field(default_factory=dict)
    closures: list[Any] = field(default_factory=list)
    holidays: dict[str, Any] | None = None


def load(directory: Path) -> Clinic:
    """Read one clinic: profile.yml, hours.yml, treatments.yml, practitioners.yml.

    A network.yml beside them makes up more places and practitioners.

    Args:
        directory: a folder under data/clinics/.

    Raises:
        BadContent: the first mistake found; nothing is half-loaded.
    """
    document = read(directory / "profile.yml")
    profile = build(_Profile, document)
    _check_profile(document, profile)

    timetable = read(directory / "hours.yml")
    hours = build(_Hours, timetable)
    opening = read_weekly(timetable, hours.opening, ["opening"])
    places = _places(document, profile, timetable, hours, opening)

    menu = read_menu(read(directory / "treatments.yml"))
    people = read_practitioners(
        read(directory / "practitioners.yml"), places, menu.therapies
    )
    if (directory / "network.yml").exists():
        network = _network(directory, menu.therapies, places)
        places = {**network.places, **places}
        people = {**people, **network.practitioners}
    return Clinic(
        id=directory.name,
        name=profile.name,
        kind=one_of(document, Kind, profile.kind, ["kind"]),
        country=profile.country,
        time_zone=profile.time_zone,
        locale=profile.locale,
        currency=profile.currency,
        phone=profile.phone,
        email=profile.email,
        emergency=profile.emergency,
        places=places,
        therapies=menu.therapies,
        treatments=menu.treatments,
        complaints=menu.complaints,
        plans=menu.plans,
        practitioners=people,
        policy=_policy(document, profile.booking),
        crisis=profile.crisis,
        health_line=profile.health_line,
        adult_age=profile.adult_age,
        health_by_telegram=one_of(
            document,
            HealthByTelegram,
            profile.health_by_telegram,
            ["health_by_telegram"],
        ),
        crisis_readers=tuple(profile.crisis_readers),
        hours=opening,
        phone_hours=read_weekly(timetable, hours.phone, ["phone"]),
        closures=_closures(timetable, hours, places, profile.country),
        conditions=tuple(profile.conditions),
        techniques=tuple(profile.techniques),
        prices_checked_on=profile.prices_checked_on,
        register_link=profile.register_link,
        facts=profile.facts,
        website=read_website(document, profile.website),
    )


def _network(
    directory: Path, therapies: Mapping[str, str], places: Mapping[str, Place]
) -> Network:
    online = [one.id for one in places.values() if one.kind == "online"]
    return read_network(read(directory / "network.yml"), therapies, online)


def _check_profile(document: Document, profile: _Profile) -> None:
    if not _EMERGENCY.fullmatch(profile.emergency):
        raise document.bad(
            ["emergency"], "an emergency number is needed, in digits, e.g. '112'"
        )
    told = {key: getattr(profile, key) for key in ("name", "phone", "email")}
    lines = {"crisis": profile.crisis, "health_line": profile.health_line}
    told |= {key: line.number for key, line in lines.items() if line}
    for key, text in told.items():
        if not text.strip():
            raise document.bad([key], "must not be empty")
    if not re.fullmatch(r"[A-Z]{2}", profile.country):
        raise document.bad(["country"], "expected two capital letters, e.g. CA")
    _check_locale(document, profile)
    for name in profile.facts:
        if name not in OWN_FACTS:
            raise document.bad(
                ["facts", name],
                f"unknown fact {name!r}, or one that is worked out from other entries",
            )


def _check_locale(document: Document, profile: _Profile) -> None:
    try:
        zone(profile.time_zone)
    except UnknownZone as fault:
        raise document.bad(["time_zone"], str(fault)) from None
    if profile.currency not in list_currencies():
        raise document.bad(["currency"], f"unknown currency {profile.currency!r}")
    try:
        Locale.parse(profile.locale)
    except (UnknownLocaleError, ValueError):
        raise document.bad(
            ["locale"], f"unknown locale {profile.locale!r}, write e.g. en_CA"
        ) from None


def _places(
    document: Document,
    profile: _Profile,
    timetable: Document,
    hours: _Hours,
    opening: Weekly,
) -> dict[str, Place]:
    check_some(document, profile.places, ["places"])
    check_ids(document, profile.places, ["places"])
    for name in hours.places:
        check_known(timetable, profile.places, name, "place", ["places", name])
    places: dict[str, Place] = {}
    rooms: set[str] = set()
    for name, data in profile.places.items():
        at = ["places", name]
        raw = build(_Place, document, data, at)
        check_ids(document, raw.rooms, [*at, "rooms"])
        twice = rooms & raw.rooms.keys()
        if twice:
            raise document.bad([*at, "rooms"], f"room {min(twice)!r} is listed twice")
        rooms |= raw.rooms.keys()
        places[name] = Place(
            id=name,
            name=raw.name,
            kind=one_of(document, PlaceKind, raw.kind, [*at, "kind"]),
            address=raw.address,
            directions=raw.directions,
            rooms=tuple(Room(room, label) for room, label in raw.rooms.items()),
            hours=(
                read_weekly(timetable, hours.places[name], at)
                if name in hours.places
                else opening
            ),
        )
    return places


def _policy(document: Document, raw: _Booking) -> Policy:
    for name in ("start_step_minutes", "horizon_days", "max_upcoming"):
        if getattr(raw, name) < 1:
            raise document.bad(["booking", name], "must be at least 1")
    for name in ("notice_hours", "buffer_minutes", "cancel_hours"):
        if (getattr(raw, name) or 0) < 0:
            raise document.bad(["booking", name], "must not be negative")
    for name in ("start_step_minutes", "buffer_minutes"):
        check_grid(document, getattr(raw, name), ["booking", name])
    late_fee = money(document, raw.late_fee, ["booking", "late_fee"])
    return Policy(**vars(raw) | {"late_fee": late_fee})


def _closures(
    timetable: Document, hours: _Hours, places: Mapping[str, Place], country: str
) -> tuple[Closure, ...]:
    closures = read_closures(timetable, hours.closures, ["closures"])
    for number, closure in enumerate(closures):
        if closure.place is not None:
            at = ("closures", number, "place")
            check_known(timetable, places, closure.place, "place", at)
    if hours.holidays is None:
        return closures
    return closures + read_holidays(timetable, hours.holidays, country, ["holidays"])
