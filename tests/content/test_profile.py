"""Clinics are read whole, or the mistake is named by file, line, key and reason."""

from __future__ import annotations

import shutil
from datetime import date, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from bot.clinic.diary import Busy, openings
from bot.clinic.errors import BadContent
from bot.clinic.profile import Line
from bot.clinic.when import UTC
from bot.clock import utc_now
from bot.content.facts import OWN_FACTS, facts
from bot.content.profile import load

CLINICS = Path(__file__).parents[2] / "data" / "clinics"
NAMES = ("edmonton", "new_york", "bangalore")


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_clinic_loads(name: str) -> None:
    clinic = load(CLINICS / name)

    assert clinic.id == name
    assert clinic.emergency in ("911", "112")
    assert clinic.email.endswith("example.org")


@pytest.mark.parametrize("name", NAMES)
def test_every_practitioner_and_treatment_can_be_met(name: str) -> None:
    """No treatment that nobody gives, nobody without an opening in a usual week."""
    clinic = load(CLINICS / name)
    begin = datetime(2026, 11, 30, tzinfo=clinic.zone).astimezone(UTC)
    found = [
        opening
        for treatment in clinic.treatments.values()
        for opening in openings(
            clinic,
            treatment,
            clinic.practitioners.values(),
            Busy(begin, {}),
            begin,
            begin + timedelta(days=7),
            begin - timedelta(days=7),
        )
    ]

    assert {one.treatment_id for one in found} == set(clinic.treatments)
    assert {one.practitioner_id for one in found} == set(clinic.practitioners)


def test_default_clinic_tells_all_there_is_to_tell() -> None:
    known = facts(load(CLINICS / "edmonton"))

    assert known.keys() >= OWN_FACTS | {"price_first", "hours", "late_fee", "address"}
    assert known["hours"].startswith("Monday and Tuesday 9 am to 7 pm; Wednesday")
    assert known["price_first"] == "$125"
    assert known["price_date"] == "November 1, 2026"
    assert known["first_visit_minutes"] == "75"
    assert known["late_fee"] == "a fee of $40"
    assert known["practitioner_gender_options"] == "women and men"
    assert known["emergency"] == "911"


def test_silent_clinics_leave_facts_out() -> None:
    new_york = facts(load(CLINICS / "new_york"))
    bangalore = facts(load(CLINICS / "bangalore"))

    assert {"price_first", "price_date", "late_fee", "retention"}.isdisjoint(new_york)
    assert {"insurers", "register_link", "directions"}.isdisjoint(bangalore)
    assert all(value.strip() for value in (new_york | bangalore).values())


def test_network_speaks_of_itself_in_its_own_way() -> None:
    known = facts(load(CLINICS / "bangalore"))

    assert known["price_first"] == "\u20b91,400 to \u20b91,800"
    assert known["price_date"] == "15 October 2026"
    assert known["practitioner_list"].startswith("624 practitioners for acupuncture, ")
    assert known["late_fee"] == "no fee"
    assert "Posture coaching (45 minutes)" in known["online_offered"]


def test_only_new_york_takes_requests() -> None:
    clinics = [load(CLINICS / name) for name in NAMES]

    assert [one.policy.self_booking for one in clinics] == [True, False, True]
    assert [one.kind for one in clinics] == ["clinic", "practice", "network"]
    assert len(clinics[2].therapies) == 6
    assert clinics[2].crisis == Line("Tele MANAS", "14416")
    assert clinics[0].policy.late_fee == Decimal(40)


# --- mistakes ----------------------------------------------------------------------

MISTAKES = [
    ("profile.yml", 'emergency: "911"', 'emergency: ""', "emergency", "number"),
    ("profile.yml", 'emergency: "911"', "emergency:", "emergency", "str"),
    ("profile.yml", "kind: clinic\n", "kind: spa\n", "kind", "one of"),
    ("profile.yml", "America/Edmonton", "America/Edmontown", "time_zone", "unknown"),
    ("profile.yml", "locale: en_CA", "locale: xx_QQ", "locale", "unknown"),
    ("profile.yml", "currency: CAD", "currency: CADS", "currency", "unknown"),
    ("profile.yml", "country: CA", "country: Canada", "country", "two capital"),
    ("profile.yml", "adult_age: 18", "adult_aeg: 18", "adult_aeg", "unknown key"),
    (
        "profile.yml",
        "adult_age: 18",
        "health_by_telegram: maybe",
        "health_by_telegram",
        "expected one of allowed, link, off",
    ),
    ("profile.yml", "late_fee: 40", "late_fee: -40", "booking.late_fee", "negative"),
    (
        "profile.yml",
        "start_step_minutes: 15",
        "start_step_minutes: 7",
        "booking.start_step_minutes",
        "multiple of 5",
    ),
    (
        "profile.yml",
        "max_upcoming: 3",
        "max_upcoming: many",
        "booking.max_upcoming",
        "int",
    ),
    ("profile.yml", "  insurers: ", "  hours: 9-5\n  insurers: ", "facts.hours", ""),
    ("profile.yml", "spruce: Spruce", "Spruce!: Spruce", "places.main.rooms", "id"),
    ("hours.yml", '["09:00-17:00"]', '["09:00-17:02"]', "opening.friday", "5 min"),
    ("hours.yml", '["09:00-17:00"]', '["17:00-09:00"]', "opening.friday", "before"),
    ("hours.yml", '["09:00-17:00"]', '["9-17"]', "opening.friday", "write hours"),
    ("hours.yml", '["09:00-17:00"]', '["09:00-25:00"]', "opening.friday", "clock"),
    ("hours.yml", '["09:00-17:00"]', '"09:00-17:00"', "opening.friday", "list"),
    (
        "hours.yml",
        '["09:00-17:00"]',
        '["09:00-13:00", "12:00-17:00"]',
        "opening.friday",
        "overlap",
    ),
    ("hours.yml", "  friday: [", "  fryday: [", "opening.fryday", "weekday"),
    ("hours.yml", "last: 2026-12-28", "last: 2026-12-20", "closures.0", "before"),
    ("hours.yml", "last: 2026-12-28", "last: soon", "closures.0", ""),
    (
        "hours.yml",
        "reason: Heritage Day",
        "reason: Heritage Day, place: moon",
        "closures.2.place",
        "unknown place",
    ),
    ("hours.yml", "province: AB", "province: ZZ", "holidays.province", "subdivision"),
    (
        "hours.yml",
        "open_on: [Remembrance Day]",
        "open_on: [Pancake Day]",
        "holidays.open_on.0",
        "Canada Day",
    ),
    (
        "treatments.yml",
        "therapy: cupping",
        "therapy: juggling",
        "treatments.cupping.therapy",
        "unknown therapy",
    ),
    (
        "treatments.yml",
        "price: 65",
        "price: -65",
        "treatments.cupping.price",
        "negative",
    ),
    (
        "treatments.yml",
        "minutes: 30\n    visit: any\n    price: 65",
        "minutes: 31\n    price: 65",
        "treatments.cupping.minutes",
        "multiple of 5",
    ),
    (
        "treatments.yml",
        "hands_on: [[0, 15], [45, 50]]",
        "hands_on: [[0, 15], [45, 70]]",
        "treatments.acupuncture.hands_on.1",
        "within the visit",
    ),
    (
        "practitioners.yml",
        "therapies: [acupuncture, cupping]",
        "therapies: [acupuncture, yoga]",
        "practitioners.maren_odell.therapies.1",
        "unknown therapy",
    ),
    (
        "practitioners.yml",
        "gender: woman",
        "gender: lady",
        "practitioners.maren_odell.gender",
        "one of",
    ),
    (
        "practitioners.yml",
        "languages: [English, French]",
        "languages: English",
        "practitioners.maren_odell.languages",
        "list",
    ),
    (
        "practitioners.yml",
        "      online:\n        friday:",
        "      moon:\n        friday:",
        "practitioners.maren_odell.hours.moon",
        "unknown place",
    ),
    (
        "practitioners.yml",
        '        friday: ["14:00-16:00"]',
        '        friday: ["12:00-16:00"]',
        "practitioners.maren_odell.hours",
        "two places overlap on Friday",
    ),
    (
        "practitioners.yml",
        '        friday: ["09:00-13:00"]\n      online',
        '        friday: ["08:00-13:00"]\n      online',
        "practitioners.maren_odell.hours.main.friday",
        "outside the hours",
    ),
    (
        "practitioners.yml",
        "    name: Maren Odell\n",
        "",
        "practitioners.maren_odell",
        "'name' is missing",
    ),
]


@pytest.mark.parametrize(("file", "old", "new", "key", "reason"), MISTAKES)
def test_mistake_is_named(
    tmp_path: Path, file: str, old: str, new: str, key: str, reason: str
) -> None:
    folder = tmp_path / "clinic"
    shutil.copytree(CLINICS / "edmonton", folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert old in text
    (folder / file).write_text(text.replace(old, new, 1), encoding="utf-8")

    with pytest.raises(BadContent) as caught:
        load(folder)

    assert caught.value.file.endswith(file)
    assert caught.value.key.startswith(key)
    assert reason in caught.value.reason
    assert caught.value.line is not None


def test_missing_file_is_named(tmp_path: Path) -> None:
    folder = tmp_path / "clinic"
    shutil.copytree(CLINICS / "edmonton", folder)
    (folder / "hours.yml").unlink()

    with pytest.raises(BadContent, match=r"hours\.yml: this file is missing"):
        load(folder)


def test_public_holidays_are_closed_but_for_those_the_clinic_names() -> None:
    here = load(CLINICS / "edmonton")
    year = utc_now().year + 1

    assert here.closed(date(year, 7, 1))  # Canada Day
    assert not here.closed(date(year, 11, 11))  # Remembrance Day, named under open_on
    assert not here.closed(date(year, 11, 12))
