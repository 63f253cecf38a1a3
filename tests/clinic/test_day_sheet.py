"""A day is cut into what is taken, what is free and what lies between."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.clinic.booking import Appointment
from bot.clinic.day_sheet import Stretch, filled, minutes_on, span_of, stretches
from bot.clinic.when import UTC, instant, zone
from tests.clinic.making import span

THURSDAY = date(2026, 11, 19)
HERE = zone("America/Edmonton")


def visit(
    begin: str, minutes: int = 60, day: date = THURSDAY, here: ZoneInfo = HERE
) -> Appointment:
    starts_at = instant(day, time.fromisoformat(begin), here)
    return Appointment(
        id=begin,
        conversation_id="c",
        practitioner_id="ada",
        room_id=None,
        treatment_id="visit_60",
        place_id="main",
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=minutes),
        status="booked",
        created_at=datetime(2026, 11, 1, tzinfo=UTC),
    )


def said(found: list[Stretch]) -> list[tuple[str, str, int]]:
    return [
        (one.kind, f"{one.begin // 60}:{one.begin % 60:02d}", one.end - one.begin)
        for one in found
    ]


MORNING_AND_AFTERNOON = {"main": (span("09:00-12:00"), span("13:00-15:00"))}


def test_an_empty_day_is_its_hours_with_the_break_between() -> None:
    found = stretches(MORNING_AND_AFTERNOON, [], THURSDAY, HERE)

    assert said(found) == [
        ("free", "9:00", 180),
        ("off", "12:00", 60),
        ("free", "13:00", 120),
    ]


def test_a_visit_takes_its_time_out_of_what_is_free() -> None:
    found = stretches(MORNING_AND_AFTERNOON, [visit("10:00")], THURSDAY, HERE)

    assert said(found)[:3] == [
        ("free", "9:00", 60),
        ("taken", "10:00", 60),
        ("free", "11:00", 60),
    ]
    assert not found[1].outside


def test_visits_at_the_edges_leave_nothing_beside_them() -> None:
    found = stretches(
        {"main": (span("09:00-11:00"),)},
        [visit("09:00"), visit("10:00")],
        THURSDAY,
        HERE,
    )

    assert said(found) == [("taken", "9:00", 60), ("taken", "10:00", 60)]


def test_visits_that_overlap_stand_together() -> None:
    found = stretches(
        {"main": (span("09:00-12:00"),)},
        [visit("10:20", 60), visit("10:00", 60)],
        THURSDAY,
        HERE,
    )

    assert said(found)[1] == ("taken", "10:00", 80)
    assert [one.id for one in found[1].visits] == ["10:00", "10:20"]


@pytest.mark.parametrize("begin", ["08:30", "11:30", "19:00"])
def test_a_visit_beyond_hours_is_marked(begin: str) -> None:
    found = stretches({"main": (span("09:00-12:00"),)}, [visit(begin)], THURSDAY, HERE)

    assert [one.outside for one in found if one.kind == "taken"] == [True]


def test_hours_at_another_place_do_not_hold_a_visit() -> None:
    found = stretches(
        {"online": (span("09:00-12:00"),)}, [visit("10:00")], THURSDAY, HERE
    )

    assert [one.outside for one in found if one.kind == "taken"] == [True]


def test_a_visit_into_midnight_ends_with_the_day() -> None:
    assert minutes_on(THURSDAY, visit("23:30"), HERE) == (23 * 60 + 30, 24 * 60)


def test_a_visit_over_the_hour_that_comes_twice_never_runs_backwards() -> None:
    change = date(2026, 11, 1)  # clocks go back at 2 am in Edmonton

    begin, end = minutes_on(change, visit("01:45", 30, day=change), HERE)

    assert begin <= end


def test_days_are_filled_up_to_the_same_full_hours() -> None:
    one = stretches({"main": (span("09:30-12:00"),)}, [], THURSDAY, HERE)
    other = stretches({"main": (span("13:00-15:20"),)}, [], THURSDAY, HERE)
    hours = span_of([one, other, []], (9, 17))

    assert hours == range(9, 16)
    for each in (one, other, []):
        whole = filled(each, hours)
        assert (whole[0].begin, whole[-1].end) == (9 * 60, 16 * 60)
        assert sum(part.end - part.begin for part in whole) == 7 * 60


def test_a_day_on_which_nothing_happens_shows_usual_hours() -> None:
    assert span_of([[], []], (9, 17)) == range(9, 17)
