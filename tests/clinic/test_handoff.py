"""When a reply is due, and when whoever holds a conversation has left it."""

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.clinic.handoff import GONE, Handoff, due_at, is_gone, is_open, remind_at
from bot.clinic.when import UTC
from bot.content import profile
from bot.house import DATA

CLINIC = profile.load(DATA / "clinics" / "edmonton")
EDMONTON = CLINIC.zone


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=EDMONTON).astimezone(UTC)


def waiting_since(moment, priority="routine"):
    return Handoff("h", "c", "waiting", priority, "complaint", None, moment, moment)


@pytest.mark.parametrize(
    ("since", "due"),
    [
        ("2026-11-25 11:00", "2026-11-25 11:30"),
        # Saturday after closing: Monday, half an hour after the doors open.
        ("2026-11-28 16:00", "2026-11-30 09:30"),
        # Ten minutes before closing: the rest counts from the next opening.
        ("2026-11-27 16:50", "2026-11-28 10:20"),
        # The winter holidays, December 24 to 28.
        ("2026-12-23 21:00", "2026-12-29 09:30"),
    ],
)
def test_a_reply_is_due_within_the_opening_hours(since, due):
    assert due_at(CLINIC, "routine", at(since)) == at(due)


def test_an_emergency_does_not_wait_for_the_doors_to_open():
    night = at("2026-11-28 23:00")

    due = due_at(CLINIC, "stat", night)

    assert due == night + timedelta(minutes=5)


@pytest.mark.parametrize(
    ("moment", "there"),
    [
        ("2026-11-25 08:59", False),
        ("2026-11-25 09:00", True),
        ("2026-11-28 23:00", False),
        ("2026-12-25 11:00", False),
    ],
)
def test_somebody_is_there_within_the_opening_hours(moment, there):
    assert is_open(CLINIC, at(moment)) is there


def test_a_clinic_without_hours_promises_nothing():
    silent = replace(CLINIC, hours={}, phone_hours={})

    assert due_at(silent, "routine", at("2026-11-25 11:00")) is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1)))  # noqa: DTZ001
def test_what_is_due_is_due_while_somebody_is_there(moment):
    since = moment.replace(tzinfo=UTC)

    due = due_at(CLINIC, "routine", since)

    assert due
    local = due.astimezone(EDMONTON)
    assert due >= since + timedelta(minutes=30)
    assert any(
        span.opens < local.time() <= span.closes
        for span in CLINIC.hours[local.weekday()]
    )
    assert not CLINIC.closed(local.date())


def test_staff_are_reminded_ten_minutes_before():
    handoff = waiting_since(at("2026-11-25 11:00"))

    assert remind_at(handoff, at("2026-11-25 11:30")) == at("2026-11-25 11:20")


NOON = at("2026-11-25 12:00")
HELD = replace(
    waiting_since(NOON), state="held", held_by="Priya", held_at=NOON, here_at=NOON
)


@pytest.mark.parametrize(
    ("here_minutes", "acted_minutes", "unanswered_minutes", "gone"),
    [
        (11, 11, None, True),  # the page is closed
        (0, 30, None, False),  # she waits for the visitor
        (0, 30, 5, False),  # who has just written
        (0, 30, 11, True),  # and has had no word for too long
        (0, 2, 30, False),  # she is at it: a note, a visit moved
    ],
)
def test_who_is_gone(here_minutes, acted_minutes, unanswered_minutes, gone):
    now = NOON + timedelta(hours=1)
    held = replace(
        HELD,
        here_at=now - timedelta(minutes=here_minutes),
        acted_at=now - timedelta(minutes=acted_minutes),
    )
    unanswered = (
        None
        if unanswered_minutes is None
        else now - timedelta(minutes=unanswered_minutes)
    )

    assert is_gone(held, unanswered, now) is gone


def test_somebody_at_the_command_line_has_no_page_to_close():
    held = replace(HELD, here_at=None)

    assert not is_gone(held, None, NOON + GONE * 9)
