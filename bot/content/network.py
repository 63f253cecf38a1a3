"""Makes up the many practitioners and places of a network, the same every time.

A network of six hundred people is not written by hand to show what it is like; its file
holds words and shares, and a seed.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import time
from itertools import product

from bot.clinic.profile import (
    Gender,
    Place,
    PlaceKind,
    Practitioner,
    Room,
    Span,
    Weekly,
)
from bot.content.checks import check_known, one_of
from bot.content.files import Document, build

_KIND_NAMES: Mapping[PlaceKind, str] = {
    "day_clinic": "Day Clinic",
    "spa": "Spa",
    "hospital": "Hospital",
    "retreat": "Retreat",
}
_ROOMS: Mapping[PlaceKind, int] = {"day_clinic": 4, "spa": 3, "retreat": 3}
"""A hospital gives out its rooms itself."""

_OPEN: Mapping[PlaceKind, tuple[Sequence[int], Span]] = {
    "day_clinic": (range(6), Span(time(8), time(20))),
    "spa": (range(1, 7), Span(time(10), time(20))),
    "hospital": (range(6), Span(time(8), time(18))),
    "retreat": (range(4, 7), Span(time(8), time(18))),
}
_STINTS = tuple(
    Span(time(opens), time(closes))
    for opens, closes in ((8, 13), (9, 13), (9, 17), (10, 17), (12, 18), (14, 19))
)
_EVENINGS = (Span(time(20), time(21, 30)),)
"""Online, after the last place has closed."""

_SECOND_THERAPY, _TWO_PLACES, _ONLINE, _NON_BINARY = 0.2, 0.2, 0.3, 0.02


@dataclass(frozen=True)
class _Therapy:
    share: int
    qualification: str


@dataclass(frozen=True)
class _Words:
    seed: int
    practitioners: int
    places: dict[str, int]
    areas: list[str]
    country_areas: list[str]
    place_words: list[str]
    languages: dict[str, int]
    therapies: dict[str, _Therapy]
    second_therapy: dict[str, str]
    women: list[str]
    men: list[str]
    families: list[str]


@dataclass(frozen=True)
class Network:
    """The places and the people that were made up, by id."""

    places: Mapping[str, Place]
    practitioners: Mapping[str, Practitioner]


def read_network(
    document: Document, therapies: Mapping[str, str], online: Sequence[str]
) -> Network:
    """Read network.yml and make up what it asks for.

    Args:
        therapies: those of the clinic.
        online: ids of the clinic's online places, where some also work.

    Raises:
        BadContent: an unknown therapy or kind of place, or too few words for as many
            different names as are wanted.
    """
    words = build(_Words, document)
    for name in (*words.therapies, *words.second_therapy.values()):
        check_known(document, therapies, name, "therapy", ["therapies", name])
    dice = random.Random(words.seed)  # noqa: S311 - nothing secret hangs on it
    places = dict(_places(document, words, dice))
    names = list(_names(words))
    if len(names) < words.practitioners:
        raise document.bad(["practitioners"], f"the words make {len(names)} names only")
    people = dict(
        _practitioner(words, dice, chosen, places, online)
        for chosen in dice.sample(names, words.practitioners)
    )
    return Network(places, people)


def _places(
    document: Document, words: _Words, dice: random.Random
) -> Iterator[tuple[str, Place]]:
    count = sum(words.places.values())
    if len(words.place_words) < count:
        raise document.bad(["place_words"], f"{count} places need as many names")
    names = iter(dice.sample(words.place_words, count))
    for kind_name, number in words.places.items():
        kind = one_of(document, PlaceKind, kind_name, ["places", kind_name])
        areas = words.country_areas if kind == "retreat" else words.areas
        for index in range(number):
            name, area = next(names), areas[index % len(areas)]
            key = _key(name)
            weekdays, span = _OPEN[kind]
            yield (
                key,
                Place(
                    id=key,
                    name=f"{name} {_KIND_NAMES[kind]}",
                    kind=kind,
                    address=f"0 {name} Road, {area}, Bengaluru",
                    rooms=tuple(
                        Room(f"{key}_{room}", f"Room {room}")
                        for room in range(1, _ROOMS.get(kind, 0) + 1)
                    ),
                    hours=dict.fromkeys(weekdays, (span,)),
                ),
            )


def _names(words: _Words) -> Iterator[tuple[str, str, Gender]]:
    for given, family in product(words.women, words.families):
        yield given, family, "woman"
    for given, family in product(words.men, words.families):
        yield given, family, "man"


def _practitioner(
    words: _Words,
    dice: random.Random,
    chosen: tuple[str, str, Gender],
    places: Mapping[str, Place],
    online: Sequence[str],
) -> tuple[str, Practitioner]:
    given, family, gender = chosen
    shares = [one.share for one in words.therapies.values()]
    (first,) = dice.choices(list(words.therapies), shares)
    second = words.second_therapy.get(first)
    key = _key(f"{given} {family}")
    return key, Practitioner(
        id=key,
        name=f"{given} {family}",
        qualification=words.therapies[first].qualification,
        gender="non_binary" if dice.random() < _NON_BINARY else gender,
        languages=_languages(words, dice),
        therapies=(first, second)
        if second and dice.random() < _SECOND_THERAPY
        else (first,),
        hours=_hours(dice, places, online),
        register_number=f"X-{dice.randrange(1000, 10_000)}",
    )


def _languages(words: _Words, dice: random.Random) -> tuple[str, ...]:
    spoken = [
        language
        for language, share in words.languages.items()
        if dice.randrange(100) < share
    ]
    usual = [language for language in words.languages if language not in spoken]
    return tuple(spoken + usual[: max(0, 2 - len(spoken))])


def _hours(
    dice: random.Random, places: Mapping[str, Place], online: Sequence[str]
) -> dict[str, Weekly]:
    """Give somebody one or two places, on different days, and maybe evenings online."""
    at = dice.sample(sorted(places), 2 if dice.random() < _TWO_PLACES else 1)
    left, hours = set(range(7)), dict[str, Weekly]()
    for place_id in at:
        days = sorted(left & places[place_id].hours.keys())
        chosen = dice.sample(days, min(len(days), dice.randint(2, 4)))
        left -= set(chosen)
        if chosen:
            hours[place_id] = _stints(dice, places[place_id], sorted(chosen))
    if online and dice.random() < _ONLINE:
        evenings = sorted(dice.sample(range(5), 2))
        hours[online[0]] = dict.fromkeys(evenings, _EVENINGS)
    return hours


def _stints(dice: random.Random, place: Place, weekdays: Sequence[int]) -> Weekly:
    (whole,) = place.hours[weekdays[0]]
    fitting = [stint for stint in _STINTS if whole.holds(stint)]
    return dict.fromkeys(weekdays, (dice.choice(fitting),))


def _key(name: str) -> str:
    return re.sub(r"[^a-z0-9]+", "_", name.lower())
