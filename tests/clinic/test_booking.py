"""Openings lie within hours, none is missed, and ids can be read back."""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta, timezone
from functools import lru_cache
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clinic.booking import Cell, Opening, cells_of, opening_at, read_opening
from bot.clinic.diary import Busy, busy_with, misfit, openings
from bot.clinic.profile import Clinic, Closure, DayHours, Policy, Treatment, Weekly
from tests.clinic.making import clinic, every_day, practitioner, span, treatment

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


# --- against a slow and simple reference ---------------------------------------


@lru_cache(maxsize=32)
def walk(zone: ZoneInfo, day: date) -> list[tuple[datetime, datetime]]:
    """Pair every fifth minute around a day with what a wall clock then shows."""
    begin = datetime.combine(day, time.min, tzinfo=UTC) - timedelta(hours=15)
    instants = [begin + FIVE * number for number in range(54 * 12)]
    return [(at, at.astimezone(zone).replace(tzinfo=None)) for at in instants]


def on_duty(weekly: Weekly, zone: ZoneInfo, day: date) -> Iterator[list[datetime]]:
    """Walk the stretches of a day that lie within hours, as lists of 5 minutes.

    A practitioner comes when the clock first shows the opening time (or has jumped
    over it) and leaves when it first shows the closing time.
    """
    for hours in weekly.get(day.weekday(), ()):
        opens = datetime.combine(day, hours.opens)
        closes = datetime.combine(day, hours.closes)
        came = next(at for at, wall in walk(zone, day) if wall >= opens)
        left = next(at for at, wall in walk(zone, day) if wall >= closes)
        yield [at for at, _ in walk(zone, day) if came <= at < left]


def reference(
    here: Clinic, visit: Treatment, weekly: Weekly, taken: set[datetime], day: date
) -> Iterator[datetime]:
    """Try every five minutes of three days, one after the other."""
    step = here.policy.start_step_minutes // 5
    claims = (visit.minutes + here.policy.buffer_minutes) // 5
    for shift in (-1, 0, 1):
        for stretch in on_duty(weekly, here.zone, day + timedelta(days=shift)):
            for number, at in enumerate(stretch):
                fits = number + visit.minutes // 5 <= len(stretch)
                free = not any(at + FIVE * later in taken for later in range(claims))
                if fits and free and number % step == 0:
                    yield at


# Around the changes of 2027, and an ordinary day.
DAYS = {
    "America/Edmonton": [date(2026, 3, 8), date(2025, 11, 2), date(2027, 6, 2)],
    "America/New_York": [date(2027, 3, 14), date(2027, 11, 7)],
    "Europe/London": [date(2027, 3, 28), date(2027, 10, 31)],
    "Asia/Kolkata": [date(2027, 3, 14)],
    "Australia/Lord_Howe": [date(2027, 4, 4), date(2027, 10, 3)],
}
# Mostly the small hours, in which clocks change.
QUARTERS = st.one_of(st.integers(0, 16), st.integers(0, 95))


@st.composite
def weeks(draw: st.DrawFn) -> Weekly:
    """Draw one or two stretches for every day, apart from each other."""
    marks = sorted(draw(st.sets(QUARTERS, min_size=2, max_size=4)))
    pairs = list(zip(marks[::2], marks[1::2], strict=False))
    return every_day(*[f"{clock(first)}-{clock(last)}" for first, last in pairs])


def clock(quarter: int) -> str:
    return f"{quarter // 4:02d}:{quarter % 4 * 15:02d}"


@settings(max_examples=120, deadline=None)
@given(
    place=st.sampled_from([(name, day) for name, days in DAYS.items() for day in days]),
    weekly=weeks(),
    minutes=st.sampled_from([15, 45, 60, 75]),
    step=st.sampled_from([5, 15, 20]),
    buffer=st.sampled_from([0, 10]),
    busy=st.sets(st.integers(0, 287), max_size=6),
)
def test_openings_equal_the_simple_reference(
    place: tuple[str, date],
    weekly: Weekly,
    minutes: int,
    step: int,
    buffer: int,
    busy: set[int],
) -> None:
    name, day = place
    policy = Policy(
        notice_hours=0,
        horizon_days=4000,
        start_step_minutes=step,
        buffer_minutes=buffer,
    )
    here = clinic(
        practitioner(hours={"main": weekly}),
        rooms=0,
        time_zone=name,
        policy=policy,
    )
    midnight = datetime.combine(day, time.min, tzinfo=UTC)
    cells = {midnight + timedelta(minutes=5 * number) for number in busy}
    visit = treatment(minutes)
    earliest, latest = midnight, midnight + timedelta(days=1)

    found = [
        one.starts_at
        for one in openings(
            here,
            visit,
            here.practitioners.values(),
            busy_with([("practitioner:ada", at) for at in cells], midnight),
            earliest,
            latest,
            midnight - timedelta(days=1),
        )
    ]

    expected = [
        at
        for at in reference(here, visit, weekly, cells, day)
        if earliest <= at < latest
    ]
    assert found == expected


def test_first_openings_of_a_big_network_come_at_once(now: datetime) -> None:
    people = [
        practitioner(f"p{n}", {"main": every_day("09:00-17:00")}) for n in range(600)
    ]
    here = clinic(*people, rooms=0)
    walk = openings(here, treatment(60), people, FREE, now, now + FAR, now)

    first: list[Opening] = [next(walk) for _ in range(3)]

    assert len({one.practitioner_id for one in first}) == 3
