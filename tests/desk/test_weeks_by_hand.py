"""Staff enter usual weeks: from a day on, above the files, never unseen."""

from datetime import date, datetime, timedelta

import pytest

from bot.clinic.hours import HoursException, UsualWeek
from bot.clinic.profile import Clinic, Place, Policy, Week
from bot.clinic.wish import Wish
from bot.desk.day_sheet import days_of_people
from bot.desk.hours import HoursChanged, HoursRefused
from bot.desk.hours_by_hand import InTheWay, Stale, enter_week, state_of_week
from bot.store.unit import Store
from tests.clinic.making import clinic, every_day, practitioner, span
from tests.desk.cast import Cast
from tests.people import COLLEAGUE, RECEPTIONIST

THURSDAY = date(2026, 11, 19)
NEXT_THURSDAY = THURSDAY + timedelta(days=7)
AFTERNOONS: Week = {"main": every_day("14:00-15:00")}
FRIDAYS: Week = {"main": {4: (span("10:00-12:00"),)}}


@pytest.fixture
def here() -> Clinic:
    hours = every_day("08:00-18:00")
    return clinic(
        practitioner("ada"),
        policy=Policy(notice_hours=12, horizon_days=60),
        places={"main": Place("main", "Main", hours=hours)},
    )


@pytest.fixture
def cast(store: Store, now: datetime) -> Cast:
    return Cast(store, now)


def enter(
    cast: Cast,
    here: Clinic,
    week: Week | None,
    since: date = THURSDAY,
    by: str = RECEPTIONIST,
    seen: str | None = None,
    despite: str = "",
    who: str = "ada",
) -> HoursChanged | HoursRefused | InTheWay | Stale:
    with cast.store.unit() as unit:
        state = state_of_week(unit, who) if seen is None else seen
        entered = UsualWeek(who, since, week, by, cast.now)
        return enter_week(unit, here, entered, state, despite)


def entered(cast: Cast) -> list[tuple[date, Week | None]]:
    with cast.store.reading() as unit:
        return [(one.since, one.hours) for one in unit.hours.weeks("ada")]


def offered(cast: Cast, here: Clinic, on: date) -> list[int]:
    """Return the hours at which visits are offered on a day."""
    begin = datetime(on.year, on.month, on.day, tzinfo=here.zone)
    wish = Wish(earliest=begin, latest=begin + timedelta(days=1))
    found = cast.offers(here, wish)
    return [one.starts_at.astimezone(here.zone).hour for one in found]


def test_openings_follow_the_week_from_its_day_on(cast: Cast, here: Clinic) -> None:
    assert enter(cast, here, AFTERNOONS, NEXT_THURSDAY) == HoursChanged([])

    day_before = NEXT_THURSDAY - timedelta(days=1)
    assert max(offered(cast, here, day_before)) < 12
    assert offered(cast, here, NEXT_THURSDAY) == [14]
    assert offered(cast, here, NEXT_THURSDAY + timedelta(days=20)) == [14]


def test_what_no_week_offers_cannot_be_booked(cast: Cast, here: Clinic) -> None:
    (morning, *_) = cast.offers(here)
    visitor = cast.visitor()
    enter(cast, here, AFTERNOONS)

    answer = cast.book(here, visitor, morning)

    assert getattr(answer, "reason", None) == "outside_hours"


def test_the_files_stand_again_from_a_day_on(cast: Cast, here: Clinic) -> None:
    enter(cast, here, AFTERNOONS)

    assert enter(cast, here, None, NEXT_THURSDAY) == HoursChanged([])
    assert offered(cast, here, THURSDAY + timedelta(days=1)) == [14]
    assert max(offered(cast, here, NEXT_THURSDAY)) < 12


def test_a_single_day_keeps_its_own_hours(cast: Cast, here: Clinic) -> None:
    enter(cast, here, AFTERNOONS)
    own = {"main": (span("16:00-17:00"),)}
    with cast.store.unit() as unit:
        unit.hours.put(
            HoursException(
                "practitioner:ada", NEXT_THURSDAY, own, RECEPTIONIST, cast.now
            )
        )
        unit.commit()

    assert offered(cast, here, NEXT_THURSDAY) == [16]


def test_a_visit_outside_the_week_is_shown_first_and_stays(
    cast: Cast, here: Clinic
) -> None:
    visit = cast.booked(here)

    answer = enter(cast, here, AFTERNOONS)

    assert isinstance(answer, InTheWay)
    assert answer.visits == [visit]
    assert entered(cast) == []
    done = enter(cast, here, AFTERNOONS, despite=answer.key)
    assert done == HoursChanged([visit])
    with cast.store.reading() as unit:
        assert unit.bookings.get(visit.id) == visit


def test_a_visit_before_the_day_is_not_in_the_way(cast: Cast, here: Clinic) -> None:
    cast.booked(here)

    assert enter(cast, here, AFTERNOONS, NEXT_THURSDAY) == HoursChanged([])


def test_a_later_week_is_not_lost_unseen(cast: Cast, here: Clinic) -> None:
    enter(cast, here, FRIDAYS, NEXT_THURSDAY, by=COLLEAGUE)

    answer = enter(cast, here, AFTERNOONS)

    assert isinstance(answer, InTheWay)
    assert [one.made_by for one in answer.entered] == [COLLEAGUE]
    assert entered(cast) == [(NEXT_THURSDAY, FRIDAYS)]
    enter(cast, here, AFTERNOONS, despite=answer.key)
    assert entered(cast) == [(THURSDAY, AFTERNOONS)]


def test_an_old_page_changes_no_week(cast: Cast, here: Clinic) -> None:
    enter(cast, here, FRIDAYS, by=COLLEAGUE)

    assert enter(cast, here, AFTERNOONS, seen="usual") == Stale()
    assert entered(cast) == [(THURSDAY, FRIDAYS)]


def test_days_that_are_over_show_what_held_then(cast: Cast, here: Clinic) -> None:
    enter(cast, here, FRIDAYS, THURSDAY)
    enter(cast, here, AFTERNOONS, NEXT_THURSDAY)

    with cast.store.reading() as unit:
        people = list(here.practitioners.values())
        sheets = days_of_people(unit, here, people, THURSDAY, NEXT_THURSDAY, cast.now)

    assert sheets["ada", THURSDAY].hours == {}
    assert sheets["ada", THURSDAY + timedelta(days=1)].hours == {
        "main": (span("10:00-12:00"),)
    }
    assert sheets["ada", NEXT_THURSDAY].hours == {"main": (span("14:00-15:00"),)}


def test_a_place_that_is_gone_is_left_out(cast: Cast, here: Clinic) -> None:
    enter(cast, here, AFTERNOONS)
    moved = clinic(practitioner("ada", hours={}), places={})

    with cast.store.reading() as unit:
        people = list(moved.practitioners.values())
        sheets = days_of_people(unit, moved, people, THURSDAY, THURSDAY, cast.now)

    assert sheets["ada", THURSDAY].hours == {}


@pytest.mark.parametrize(
    ("week", "since", "refused"),
    [
        ({"main": {2: (span("10:00-10:00"),)}}, THURSDAY, ("off_grid", 2)),
        ({"main": {2: (span("10:01-11:00"),)}}, THURSDAY, ("off_grid", 2)),
        (
            {"main": {6: (span("10:00-12:00"), span("11:00-13:00"))}},
            THURSDAY,
            ("overlap", 6),
        ),
        ({"main": {0: (span("07:00-12:00"),)}}, THURSDAY, ("outside_place", 0)),
        ({"moon": {0: (span("09:00-12:00"),)}}, THURSDAY, ("unknown", 0)),
        (AFTERNOONS, date(2026, 11, 17), ("past", None)),
    ],
)
def test_a_week_that_cannot_be_is_refused(
    cast: Cast, here: Clinic, week: Week, since: date, refused: tuple[str, int | None]
) -> None:
    assert enter(cast, here, week, since) == HoursRefused(*refused)  # type: ignore[arg-type]
    assert entered(cast) == []
