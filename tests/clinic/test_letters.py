"""When a visitor is reminded, and of what no longer."""

from dataclasses import replace
from datetime import datetime, time, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clinic.booking import Appointment
from bot.clinic.letters import (
    CLAIM,
    Letter,
    next_try,
    quiet,
    reminders,
    still_true,
)
from bot.clinic.profile import Policy
from bot.clinic.when import UTC, zone

EDMONTON, KOLKATA = zone("America/Edmonton"), zone("Asia/Kolkata")
POLICY = Policy()
ZONES = ("America/Edmonton", "America/New_York", "Europe/London", "Asia/Kolkata")


def at(text, here=EDMONTON):
    """Read a wall clock."""
    return datetime.fromisoformat(text).replace(tzinfo=here).astimezone(UTC)


def planned(starts, now, here=EDMONTON, policy=POLICY):
    """Say when somebody is reminded, on the wall clock."""
    return {
        kind: f"{due.astimezone(here):%a %d %H:%M}"
        for kind, due in reminders(at(starts, here), policy, here, at(now, here))
    }


def test_two_reminders_come_48_and_3_hours_before():
    assert planned("2026-11-26 14:00", "2026-11-18 11:00") == {
        "reminder": "Tue 24 14:00",
        "last_reminder": "Thu 26 11:00",
    }


@pytest.mark.parametrize("here", [EDMONTON, KOLKATA], ids=str)
def test_what_falls_into_the_night_comes_the_evening_before(here):
    """9:00 less 3 hours is 6:00, when people sleep."""
    found = planned("2026-11-26 09:00", "2026-11-18 11:00", here)

    assert found["last_reminder"] == "Wed 25 20:30"


@pytest.mark.parametrize(
    ("now", "kinds"),
    [
        ("2026-11-23 13:00", {"reminder", "last_reminder"}),  # 73 hours ahead
        ("2026-11-23 15:00", {"last_reminder"}),  # 71: it would come within a day
        ("2026-11-26 09:00", {"last_reminder"}),  # 5 hours ahead
        ("2026-11-26 10:00", set()),  # 4: within the hour
        ("2026-11-26 13:00", set()),
    ],
)
def test_a_late_booking_gets_only_what_makes_sense(now, kinds):
    assert planned("2026-11-26 14:00", now).keys() == kinds


def test_hours_are_real_hours_across_a_clock_change():
    """The clocks go back on 1 November: 48 hours before 14:00 are 15:00."""
    found = planned("2026-11-01 14:00", "2026-10-20 09:00", zone("America/New_York"))

    assert found == {"reminder": "Fri 30 15:00", "last_reminder": "Sun 01 11:00"}


def test_a_clinic_may_have_no_quiet_hours():
    never = replace(POLICY, quiet_from=time(0), quiet_until=time(0))

    found = planned("2026-11-26 09:00", "2026-11-18 11:00", policy=never)

    assert found["last_reminder"] == "Thu 26 06:00"


@pytest.mark.parametrize(
    ("moment", "inside"),
    [
        ("2026-11-18 20:59", False),
        ("2026-11-18 21:00", True),
        ("2026-11-19 02:00", True),
        ("2026-11-19 07:59", True),
        ("2026-11-19 08:00", False),
    ],
)
def test_quiet_hours_reach_over_midnight(moment, inside):
    assert (quiet(at(moment), POLICY, EDMONTON) is not None) is inside


def test_quiet_hours_may_lie_within_one_day():
    noon = replace(POLICY, quiet_from=time(12), quiet_until=time(14))

    assert quiet(at("2026-11-18 13:00"), noon, EDMONTON) is not None
    assert quiet(at("2026-11-18 22:00"), noon, EDMONTON) is None


@given(
    name=st.sampled_from(ZONES),
    minutes=st.integers(0, 2 * 365 * 24 * 60),
    ahead=st.integers(0, 60 * 24 * 60),
)
def test_no_reminder_is_planned_for_the_night(name, minutes, ahead):
    here = zone(name)
    now = datetime(2026, 1, 1, tzinfo=timezone.utc) + timedelta(minutes=minutes)
    starts_at = now + timedelta(minutes=ahead)

    for _, due in reminders(starts_at, POLICY, here, now):
        assert quiet(due, POLICY, here) is None
        assert now < due < starts_at


def visit(**changes):
    """Make a booked visit on 26 November at 14:00."""
    one = Appointment(
        id="v",
        conversation_id="c",
        practitioner_id="ada",
        room_id=None,
        treatment_id="visit_60",
        place_id="main",
        starts_at=at("2026-11-26 14:00"),
        ends_at=at("2026-11-26 15:00"),
        status="booked",
        created_at=at("2026-11-18 11:00"),
        sequence=1,
    )
    return replace(one, **changes)


def letter(kind, **changes):
    one = Letter(
        id="l",
        kind=kind,
        way="mail",
        conversation_id="c",
        appointment_id="v",
        sequence=1,
        written_at=at("2026-11-18 11:00"),
        due_at=at("2026-11-18 11:00"),
    )
    return replace(one, **changes)


@pytest.mark.parametrize(
    ("kind", "changes", "now", "true"),
    [
        ("reminder", {}, "2026-11-24 14:00", True),
        ("reminder", {}, "2026-11-25 15:00", False),  # the last one follows soon
        ("reminder", {"sequence": 2}, "2026-11-24 14:00", False),
        ("reminder", {"status": "cancelled"}, "2026-11-24 14:00", False),
        ("reminder", {"status": "pending"}, "2026-11-24 14:00", False),
        ("last_reminder", {}, "2026-11-26 13:30", True),
        ("last_reminder", {}, "2026-11-26 13:31", False),
        ("confirmation", {}, "2026-11-18 11:01", True),
        ("confirmation", {"status": "cancelled"}, "2026-11-18 11:01", False),
        ("held", {"status": "pending"}, "2026-11-18 11:01", True),
        ("change", {}, "2026-11-27 11:00", False),
        ("cancellation", {"status": "cancelled"}, "2026-11-18 11:01", True),
        ("cancellation", {}, "2026-11-18 11:01", False),
    ],
)
def test_what_is_no_longer_true_is_not_told(kind, changes, now, true):
    assert still_true(letter(kind), visit(**changes), at(now)) is true


def test_a_letter_about_nothing_is_not_true():
    assert not still_true(letter("reminder"), None, at("2026-11-24 14:00"))


def test_tries_come_further_and_further_apart_and_end():
    now = at("2026-11-18 11:00")
    waits = [next_try(letter("change", tries=n), now) for n in range(1, 8)]

    assert [(one - now).seconds // 60 for one in waits if one] == [
        1,
        2,
        5,
        10,
        15,
        15,
        15,
    ]
    assert next_try(letter("change", tries=300), now + timedelta(days=3)) is None


def test_a_claim_outlives_a_slow_mail_server():
    assert timedelta(minutes=2) < CLAIM
