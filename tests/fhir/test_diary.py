"""The diary as other programs of a clinic read it."""

from __future__ import annotations

import io
import json
import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from fhir.resources.bundle import Bundle
from hypothesis import given
from hypothesis import strategies as st

from actions.booking import _book
from bot.clinic.screening import Disposition
from bot.export import export
from bot.fhir import diary
from bot.fhir.diary import appointment, fhir_id
from bot.house import House
from tests.actions.test_visits import ahead, filled
from tests.clinic.making import clinic
from tests.clinic.test_letters import at, visit


def book(chat, disposition=Disposition.OK_TO_BOOK):
    chat.screened(disposition, "R12")
    given_email = filled(chat.openings()[0].id) | {"visitor_email": "bo@example.org"}
    _book(chat.press("/confirm", **given_email))
    (booked,) = ahead(chat)
    return booked


def exported(house: House, conversation_id=None) -> list[dict[str, Any]]:
    out = io.StringIO()
    export(house, "diary", conversation_id, out)
    bundle = json.loads(out.getvalue())
    assert Bundle.parse_obj(bundle)
    return [one["resource"] for one in bundle["entry"]]


def of_type(resources, name):
    return [one for one in resources if one["resourceType"] == name]


@pytest.fixture
def today(chat, monkeypatch):
    """Let the export take place when the chat does."""
    monkeypatch.setattr("bot.export.utc_now", lambda: chat.now)
    return chat


def test_the_whole_diary_is_one_valid_bundle(today):
    booked = book(today)

    found = exported(today.house)

    here = today.house.shelf.clinic
    assert {one["id"] for one in of_type(found, "Practitioner")} == {
        fhir_id(key) for key in here.practitioners
    }
    (one,) = of_type(found, "Appointment")
    assert (one["id"], one["status"]) == (booked.id, "booked")
    ids = {f"{each['resourceType']}/{each['id']}" for each in found}
    assert len(ids) == len(found)
    told = re.findall(r'"reference": "([A-Z][^"]+)"', json.dumps(found))
    assert told
    assert set(told) <= ids


def test_taken_time_is_busy_and_the_rest_is_free(today):
    booked = book(today)
    found = of_type(exported(today.house), "Slot")

    mine = fhir_id(booked.practitioner_id, booked.place_id)
    day = booked.starts_at.astimezone(today.house.shelf.clinic.zone).date()
    that_day = sorted(
        (
            datetime.fromisoformat(one["start"]),
            datetime.fromisoformat(one["end"]),
            one["status"],
        )
        for one in found
        if one["schedule"]["reference"] == f"Schedule/{mine}"
        and one["start"].startswith(day.isoformat())
    )
    assert (booked.starts_at, booked.ends_at, "busy") in that_day
    assert {status for _, _, status in that_day} == {"busy", "free"}
    assert all(one[1] <= other[0] for one, other in zip(that_day, that_day[1:]))  # noqa: B905, RUF007


def test_a_visit_to_be_cleared_is_pending_and_tentative(today):
    book(today, Disposition.PRACTITIONER_REVIEW)
    found = exported(today.house)

    (one,) = of_type(found, "Appointment")
    assert one["status"] == "pending"
    assert one["participant"][0]["status"] == "needs-action"
    taken = [each for each in of_type(found, "Slot") if each["status"] != "free"]
    assert [each["status"] for each in taken] == ["busy-tentative"]
    assert "R12" not in json.dumps(found)


def test_one_conversation_exports_its_visits_only(today):
    book(today)
    other = type(today)(today.house, today.now)

    assert [one["resourceType"] for one in exported(today.house, today.id)] == [
        "Appointment"
    ]
    assert exported(today.house, other.id) == []


@pytest.mark.parametrize(
    ("status", "theirs"),
    [
        ("pending", "pending"),
        ("booked", "booked"),
        ("cancelled", "cancelled"),
        ("fulfilled", "fulfilled"),
        ("noshow", "noshow"),
    ],
)
def test_each_state_has_its_name_in_fhir(status, theirs):
    found = json.loads(appointment(clinic(), visit(status=status)).json())

    assert found["status"] == theirs
    assert ("slot" in found) is (status in ("pending", "booked"))


def test_times_carry_the_clinics_offset_also_across_a_change():
    here = clinic(time_zone="Europe/London")
    summer = visit(starts_at=at("2026-10-24 15:00"), ends_at=at("2026-10-24 16:00"))
    winter = visit(starts_at=at("2026-10-26 15:00"), ends_at=at("2026-10-26 16:00"))

    for one, offset in ((summer, "+01:00"), (winter, "+00:00")):
        found = json.loads(appointment(here, one).json())
        assert found["start"].endswith(offset)
        assert datetime.fromisoformat(found["start"]) == one.starts_at


def test_what_the_files_no_longer_know_is_exported_all_the_same():
    gone = visit(practitioner_id="gone_away", treatment_id="gone", place_id="gone")

    found = json.loads(appointment(clinic(), gone).json())

    assert found["description"] == "gone"
    assert found["participant"][0]["actor"]["reference"].startswith("Practitioner/gone")


@given(st.lists(st.text(min_size=1, max_size=90), min_size=1, max_size=2))
def test_any_name_becomes_an_id_that_fhir_takes(parts):
    assert re.fullmatch(r"[A-Za-z0-9.-]{1,64}", fhir_id(*parts))


def test_different_names_stay_different():
    assert len({fhir_id(one) for one in ("a_b", "a-b", "a b", "ä")}) == 4


@pytest.mark.parametrize(
    ("visits", "free"),
    [
        ([], [(9, 12)]),
        ([(9, 10)], [(10, 12)]),
        ([(10, 11)], [(9, 10), (11, 12)]),
        ([(8, 13)], []),
        ([(9, 10), (9, 11)], [(11, 12)]),
        ([(13, 14)], [(9, 12)]),
        ([(11, 12)], [(9, 11)]),
    ],
)
def test_what_no_visit_takes_is_free(visits, free):
    nine = at("2026-11-26 09:00")

    def hour(number):
        return nine + timedelta(hours=number - 9)

    taken = [visit(starts_at=hour(a), ends_at=hour(b)) for a, b in visits]

    found = list(diary._free(hour(9), hour(12), taken))
    assert found == [(hour(a), hour(b)) for a, b in free]
