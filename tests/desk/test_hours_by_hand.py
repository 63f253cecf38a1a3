"""Staff enter hours: what is in the way is shown first, old pages change nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

import pytest

from bot.clinic.profile import Clinic, DayPlan, Policy
from bot.desk.day_sheet import attendance, day_of_rooms, days_of_people
from bot.desk.hours import HoursChanged, HoursRefused
from bot.desk.hours_by_hand import InTheWay, Stale, enter_hours, state_of
from bot.store.unit import Store
from tests.clinic.making import clinic, practitioner, span
from tests.desk.cast import Cast
from tests.people import COLLEAGUE, RECEPTIONIST

THURSDAY = date(2026, 11, 19)
FRIDAY, NEXT_THURSDAY = THURSDAY + timedelta(days=1), THURSDAY + timedelta(days=7)
ADA, MAIN = "practitioner:ada", "place:main"
LATE: DayPlan = {"main": (span("14:00-15:00"),)}


@pytest.fixture
def here() -> Clinic:
    return clinic(practitioner("ada"), policy=Policy(notice_hours=12, horizon_days=60))


@pytest.fixture
def cast(store: Store, now: datetime) -> Cast:
    return Cast(store, now)


def seen(cast: Cast, whose: str = ADA, day: date = THURSDAY) -> str:
    with cast.store.reading() as unit:
        return state_of(unit, whose, day)


def enter(
    cast: Cast,
    here: Clinic,
    hours: DayPlan | None,
    on: Collection[date] = (THURSDAY,),
    whose: str = ADA,
    as_seen: str | None = None,
    despite: str = "",
    by: str = RECEPTIONIST,
) -> HoursChanged | HoursRefused | InTheWay | Stale:
    first = next(iter(on))
    before = seen(cast, whose, first) if as_seen is None else as_seen
    with cast.store.unit() as unit:
        return enter_hours(unit, here, whose, on, hours, by, cast.now, before, despite)


def entered(cast: Cast) -> list[date]:
    with cast.store.reading() as unit:
        return [one.day for one in unit.hours.between(THURSDAY, date(2027, 1, 1))]


def test_a_free_day_is_closed_at_once(cast: Cast, here: Clinic) -> None:
    assert enter(cast, here, {}) == HoursChanged([])
    assert entered(cast) == [THURSDAY]


@pytest.mark.parametrize("whose", [ADA, MAIN])
def test_a_visit_in_that_time_is_shown_first(
    cast: Cast, here: Clinic, whose: str
) -> None:
    visit = cast.booked(here)

    answer = enter(cast, here, {}, whose=whose)

    assert isinstance(answer, InTheWay)
    assert answer.visits == [visit]
    assert entered(cast) == []


def test_once_seen_the_hours_change_and_the_visit_stays(
    cast: Cast, here: Clinic
) -> None:
    visit = cast.booked(here)
    answer = enter(cast, here, {})
    assert isinstance(answer, InTheWay)

    assert enter(cast, here, {}, despite=answer.key) == HoursChanged([visit])
    with cast.store.reading() as unit:
        assert unit.bookings.get(visit.id) == visit


def test_a_visit_that_came_meanwhile_is_asked_about_again(
    cast: Cast, here: Clinic
) -> None:
    first = cast.booked(here)
    answer = enter(cast, here, {})
    assert isinstance(answer, InTheWay)
    second = cast.booked(here)

    again = enter(cast, here, {}, despite=answer.key)

    assert isinstance(again, InTheWay)
    assert again.visits == [first, second]
    assert entered(cast) == []


def test_a_visit_that_still_fits_is_not_in_the_way(cast: Cast, here: Clinic) -> None:
    visit = cast.booked(here)
    local = visit.starts_at.astimezone(here.zone)
    assert (local.date(), local.hour) == (THURSDAY, 9)

    answer = enter(cast, here, {"main": (span("08:00-10:00"),)})

    assert answer == HoursChanged([])


def test_a_page_that_is_old_changes_nothing(cast: Cast, here: Clinic) -> None:
    old = seen(cast)
    enter(cast, here, LATE, by=COLLEAGUE)

    assert enter(cast, here, {}, as_seen=old) == Stale()
    with cast.store.reading() as unit:
        (kept,) = unit.hours.between(THURSDAY, THURSDAY)
    assert (kept.hours, kept.made_by) == (LATE, COLLEAGUE)


def test_a_form_that_is_sent_twice_changes_it_once(cast: Cast, here: Clinic) -> None:
    old = seen(cast)
    enter(cast, here, LATE, as_seen=old)

    assert enter(cast, here, LATE, as_seen=old) == Stale()


def test_further_days_change_together(cast: Cast, here: Clinic) -> None:
    enter(cast, here, LATE, on=[THURSDAY, NEXT_THURSDAY])

    assert entered(cast) == [THURSDAY, NEXT_THURSDAY]


def test_what_colleagues_entered_for_further_days_is_not_lost_unseen(
    cast: Cast, here: Clinic
) -> None:
    enter(cast, here, LATE, on=[NEXT_THURSDAY], by=COLLEAGUE)

    answer = enter(cast, here, {}, on=[THURSDAY, NEXT_THURSDAY])

    assert isinstance(answer, InTheWay)
    assert [one.made_by for one in answer.entered] == [COLLEAGUE]
    assert entered(cast) == [NEXT_THURSDAY]
    done = enter(cast, here, {}, on=[THURSDAY, NEXT_THURSDAY], despite=answer.key)
    assert done == HoursChanged([])


def test_usual_hours_come_back_unless_a_visit_needs_the_extra_ones(
    cast: Cast, here: Clinic
) -> None:
    enter(cast, here, LATE)
    visit = cast.booked(here)
    assert visit.starts_at.astimezone(here.zone).hour == 14

    answer = enter(cast, here, None)

    assert isinstance(answer, InTheWay)
    assert answer.visits == [visit]
    assert enter(cast, here, None, despite=answer.key) == HoursChanged([visit])
    assert entered(cast) == []


@pytest.mark.parametrize(
    ("whose", "hours", "on", "reason"),
    [
        ("practitioner:nobody", {}, THURSDAY, "unknown"),
        ("place:nowhere", {}, THURSDAY, "unknown"),
        (ADA, {"nowhere": (span("09:00-10:00"),)}, THURSDAY, "unknown"),
        (MAIN, {"online": (span("09:00-10:00"),)}, THURSDAY, "unknown"),
        (ADA, {"main": (span("10:00-10:00"),)}, THURSDAY, "off_grid"),
        (ADA, {"main": (span("09:03-10:00"),)}, THURSDAY, "off_grid"),
        (
            ADA,
            {"main": (span("09:00-11:00"),), "online": (span("10:00-12:00"),)},
            THURSDAY,
            "overlap",
        ),
        (ADA, {}, date(2026, 11, 17), "past"),
    ],
)
def test_hours_that_cannot_be_are_refused(
    cast: Cast, here: Clinic, whose: str, hours: DayPlan, on: date, reason: str
) -> None:
    assert enter(cast, here, hours, [on], whose) == HoursRefused(reason)  # type: ignore[arg-type]
    assert entered(cast) == []


def test_the_sheet_shows_hours_visits_rooms_and_who_entered_what(
    cast: Cast, here: Clinic
) -> None:
    visit = cast.booked(here)
    enter(cast, here, {"main": (span("09:00-11:00"),)}, by=COLLEAGUE)

    with cast.store.reading() as unit:
        (ada,) = here.practitioners.values()
        sheet = days_of_people(unit, here, [ada], THURSDAY, FRIDAY, cast.now)
        rooms = day_of_rooms(unit, here, "main", THURSDAY, cast.now)

    day = sheet["ada", THURSDAY]
    assert [(one.kind, one.visits) for one in day.stretches] == [
        ("taken", (visit,)),
        ("free", ()),
    ]
    assert [one.made_by for one in day.entered] == [COLLEAGUE]
    assert sheet["ada", FRIDAY].entered == []
    assert {room.id: sheet.visits for room, sheet in rooms} == {"r0": 1, "r1": 0}


def test_who_is_there_is_told_from_who_is_not(cast: Cast, here: Clinic) -> None:
    cast.booked(here)
    enter(cast, here, {}, on=[FRIDAY])
    people = list(here.practitioners.values())

    with cast.store.reading() as unit:
        thursday = attendance(unit, here, people, THURSDAY, cast.now)
        friday = attendance(unit, here, people, FRIDAY, cast.now)
        online = attendance(unit, here, people, THURSDAY, cast.now, "online")

    assert (thursday.there, thursday.away) == (people, [])
    assert (friday.there, friday.away) == ([], people)
    assert online.away == people


def test_visits_with_somebody_who_has_left_are_not_lost_from_sight(
    cast: Cast, here: Clinic
) -> None:
    visit = cast.booked(here)
    without = clinic(practitioner("ben"))

    with cast.store.reading() as unit:
        found = attendance(
            unit, without, without.practitioners.values(), THURSDAY, cast.now
        )

    assert found.strays == [visit]
