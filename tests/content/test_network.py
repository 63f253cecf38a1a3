"""A network is made up from words: big, the same every time, and without clashes."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from bot.clinic.errors import BadContent
from bot.clinic.profile import Clinic, clash
from bot.content.profile import load

BANGALORE = Path(__file__).parents[2] / "data" / "clinics" / "bangalore"


@pytest.fixture(scope="module")
def network() -> Clinic:
    return load(BANGALORE)


def test_it_is_big_enough_for_every_kind_of_wish(network: Clinic) -> None:
    people = network.practitioners.values()
    languages = Counter(one for each in people for one in each.languages)
    therapies = Counter(one for each in people for one in each.therapies)
    kinds = Counter(network.places[one].kind for each in people for one in each.places)

    assert len(people) >= 600
    assert {
        "Kannada",
        "Hindi",
        "Tamil",
        "Telugu",
        "Urdu",
        "English",
    } <= languages.keys()
    assert therapies.keys() == network.therapies.keys()
    assert min(therapies.values()) >= 40
    assert kinds.keys() == {"day_clinic", "spa", "hospital", "retreat", "online"}
    assert len({one.name for one in people}) == len(people)


def test_it_is_the_same_every_time(network: Clinic) -> None:
    assert load(BANGALORE).practitioners == network.practitioners


def test_nobody_is_at_two_places_at_once_or_outside_their_hours(
    network: Clinic,
) -> None:
    for one in network.practitioners.values():
        for weekday in range(7):
            plan = one.usual_hours(weekday)
            assert clash(span for spans in plan.values() for span in spans) is None
            for place, spans in plan.items():
                whole = network.places[place].hours[weekday]
                assert all(any(outer.holds(span) for outer in whole) for span in spans)


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        ("practitioners: 600", "practitioners: 60000", "practitioners"),
        ("  spa: 10", "  spa: 100", "place_words"),
        ("  spa: 10", "  castle: 10", "places.castle"),
        ("acupuncture: {share", "juggling: {share", "therapies.juggling"),
    ],
)
def test_words_that_do_not_suffice_are_refused(
    tmp_path: Path, old: str, new: str, key: str
) -> None:
    shutil.copytree(BANGALORE, tmp_path / "bangalore")
    file = tmp_path / "bangalore" / "network.yml"
    file.write_text(file.read_text().replace(old, new))

    with pytest.raises(BadContent) as caught:
        load(tmp_path / "bangalore")

    assert caught.value.key == key
