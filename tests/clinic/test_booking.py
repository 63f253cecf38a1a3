"""Openings lie within hours, none is missed, and ids can be read back."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, timezone

import pytest

from bot.clinic.booking import Cell, Opening, cells_of, opening_at, read_opening
from bot.clinic.diary import Busy, misfit, openings
from bot.clinic.profile import Clinic, Closure, DayHours, Policy, Treatment
from tests.clinic.making import (
    busy_with,
    clinic,
    every_day,
    practitioner,
    span,
    treatment,
)

UTC = timezone.utc
FAR = timedelta(days=400)
FIVE = timedelta(minutes=5)
FREE = Busy(datetime(2026, 1, 1, tzinfo=UTC), {})


def starts(
    here: Clinic,
    visit: Treatment,
    day: date,
    now: datetime,
    claimed: Sequence[Cell] = (),
) -> list[str]:
    """Return the local starts of one day, with the practitioner."""
    begin = datetime.combine(day, time.min, tzinfo=here.zone).astimezone(UTC)
    found = openings(
        here,
        visit,
        here.practitioners.values(),
        busy_with(claimed, begin),
        begin,
        begin + timedelta(days=1),
        now,
    )
    return [f"{one.starts_at.astimezone(here.zone):%H:%M}" for one in found]


THURSDAY = date(2026, 11, 19)


def test_visits_begin_on_steps_and_end_within_hours(now: datetime) -> None:
    here = clinic(practitioner(hours={"main": every_day("09:00-10:30")}))

    assert starts(here, treatment(60), THURSDAY, now) == ["09:00", "09:15", "09:30"]


def test_two_people_are_merged_in_order(now: datetime) -> None:
    here = clinic(
        practitioner("ada", {"main": every_day("09:30-10:30")}),
        practitioner("ben", {"main": every_day("09:00-10:00")}),
    )

    assert starts(here, treatment(60), THURSDAY, now) == ["09:00", "09:30"]


def test_taken_cells_are_left_out(now: datetime) -> None:
    here = clinic(practitioner(hours={"main": every_day("09:00-12:00")}))
    ten = datetime(2026, 11, 19, 16, tzinfo=UTC)
    claimed = [("practitioner:ada", ten)]

    found = starts(here, treatment(60), THURSDAY, now, claimed)

    assert found == ["09:00", "10:15", "10:30", "10:45", "11:00"]


def test_full_rooms_close_the_diary(now: datetime) -> None:
    here = clinic(practitioner(), rooms=1)
    morning = datetime(2026, 11, 19, 15, tzinfo=UTC)
    taken = [("room:r0", morning + FIVE * number) for number in range(36)]

    assert starts(here, treatment(60), THURSDAY, now, taken) == []


def test_next_free_room_is_given(now: datetime) -> None:
    here = clinic(practitioner(hours={"main": every_day("09:00-10:00")}))
    nine = datetime(2026, 11, 19, 15, tzinfo=UTC)

    (opening,) = openings(
        here,
        treatment(60),
        here.practitioners.values(),
        busy_with([("room:r0", nine)], nine),
        nine,
        nine + timedelta(hours=1),
        now,
    )

    assert opening.room_id == "r1"


def test_buffer_keeps_the_time_after_a_visit(now: datetime) -> None:
    policy = Policy(notice_hours=0, horizon_days=400, buffer_minutes=10)
    here = clinic(practitioner(hours={"main": every_day("09:00-11:00")}), policy=policy)
    ten = datetime(2026, 11, 19, 16, tzinfo=UTC)

    found = starts(here, treatment(60), THURSDAY, now, [("practitioner:ada", ten)])

    assert "09:00" not in found


def test_notice_and_horizon_bound_the_diary(now: datetime) -> None:
    here = clinic(policy=Policy(notice_hours=24, horizon_days=2))

    found = list(
        openings(
            here,
            treatment(60),
            here.practitioners.values(),
            FREE,
            now,
            now + FAR,
            now,
        )
    )

    assert min(one.starts_at for one in found) >= now + timedelta(hours=24)
    assert max(one.starts_at for one in found) < now + timedelta(days=2)


def test_closed_days_have_no_openings(now: datetime) -> None:
    closed = (Closure(THURSDAY, THURSDAY, "Holiday"),)

    assert starts(clinic(closures=closed), treatment(60), THURSDAY, now) == []


def test_place_can_close_alone(now: datetime) -> None:
    here = clinic(
        practitioner(
            hours={
                "main": every_day("09:00-10:00"),
                "online": every_day("11:00-12:00"),
            }
        ),
        closures=(Closure(THURSDAY, THURSDAY, place="main"),),
    )

    assert starts(here, treatment(60, online=True), THURSDAY, now) == ["11:00"]


def test_days_off_and_other_hours_replace_the_usual(now: datetime) -> None:
    friday = THURSDAY + timedelta(days=1)
    ada = practitioner(
        away=(Closure(friday, friday),),
        exceptions=(DayHours(THURSDAY, {"main": (span("14:00-15:00"),)}),),
    )
    here = clinic(ada)

    assert starts(here, treatment(60), THURSDAY, now) == ["14:00"]
    assert starts(here, treatment(60), friday, now) == []


def test_online_visits_stay_online(now: datetime) -> None:
    here = clinic(
        practitioner(
            hours={
                "main": every_day("09:00-10:00"),
                "online": every_day("18:00-19:00"),
            }
        )
    )
    talk = treatment(60, online=True, in_person=False)

    assert starts(here, treatment(60), THURSDAY, now) == ["09:00"]
    assert starts(here, talk, THURSDAY, now) == ["18:00"]


def test_rest_leaves_the_practitioner_free_but_not_the_room(now: datetime) -> None:
    resting = treatment(50, hands_on=((0, 15), (45, 50)))
    nine = datetime(2026, 11, 19, 15, tzinfo=UTC)

    cells = cells_of(resting, Policy(), "ada", "r0", nine)

    minutes = {
        kind: sorted(
            (at - nine) // timedelta(minutes=1) for name, at in cells if name == kind
        )
        for kind in ("practitioner:ada", "room:r0")
    }
    assert minutes["practitioner:ada"] == [0, 5, 10, 45]
    assert minutes["room:r0"] == list(range(0, 50, 5))
    assert cells == sorted(cells)


def test_practitioner_treats_two_people_in_turns(now: datetime) -> None:
    resting = treatment(50, hands_on=((0, 15), (45, 50)))
    here = clinic(
        practitioner(hours={"main": every_day("09:00-10:30")}), treatments=(resting,)
    )
    nine = datetime(2026, 11, 19, 15, tzinfo=UTC)
    claimed = cells_of(resting, here.policy, "ada", "r0", nine)

    found = starts(here, resting, THURSDAY, now, claimed)

    assert found == ["09:15", "09:30"]


def test_opening_is_rebuilt_from_its_id(now: datetime) -> None:
    here = clinic()
    opening = opening_at(here.treatments["visit_60"], "ada", "main", None, now)

    assert read_opening(here, opening.id) == opening


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "ada.visit_60.main",
        "ada.visit_60.main.abc",
        "ada.visit_60.main.-5",
        "ada.visit_60.main.\u0663",
        "ada.visit_60.main." + "9" * 30,
        "eve.visit_60.main.29000000",
        "ada.massage.main.29000000",
        "ada.visit_60.moon.29000000",
        "/inform{}",
    ],
)
def test_made_up_ids_are_not_openings(text: str) -> None:
    assert read_opening(clinic(), text) is None


@pytest.mark.parametrize(
    ("hours_ahead", "expected"),
    [(1, "too_soon"), (24 * 90, "too_far"), (10, "outside_hours"), (22, None)],
)
def test_stale_openings_say_what_is_wrong(
    now: datetime, hours_ahead: int, expected: str | None
) -> None:
    here = clinic(policy=Policy(notice_hours=2, horizon_days=60))
    visit = here.treatments["visit_60"]
    start = now + timedelta(hours=hours_ahead)  # now is 11:00 local

    opening = opening_at(visit, "ada", "main", None, start)

    assert misfit(here, opening, now) == expected


def test_off_step_starts_are_outside_hours(now: datetime) -> None:
    here = clinic()
    nine = datetime(2026, 11, 19, 15, tzinfo=UTC)
    late = nine + timedelta(minutes=5)

    opening = opening_at(here.treatments["visit_60"], "ada", "main", None, late)

    assert misfit(here, opening, now) == "outside_hours"


def test_first_openings_of_a_big_network_come_at_once(now: datetime) -> None:
    people = [
        practitioner(f"p{n}", {"main": every_day("09:00-17:00")}) for n in range(600)
    ]
    here = clinic(*people, rooms=0)
    walk = openings(here, treatment(60), people, FREE, now, now + FAR, now)

    first: list[Opening] = [next(walk) for _ in range(3)]

    assert len({one.practitioner_id for one in first}) == 3
