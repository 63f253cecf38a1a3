"""Staff change the hours of single days; the diary follows, nothing is deleted."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest

from bot.clinic.profile import Clinic, Closure, DayPlan, Policy
from bot.clinic.when import today
from bot.clinic.wish import Wish
from bot.desk.booking import Refused
from bot.desk.hours import HoursChanged, HoursRefused, diary_days
from bot.desk.hours_by_hand import InTheWay, Stale, enter_hours, state_of
from bot.desk.openings import offer
from bot.store.unit import Store
from tests.clinic.making import clinic, practitioner, span
from tests.desk.cast import Cast
from tests.people import RECEPTIONIST

THURSDAY = date(2026, 11, 19)
ADA = "practitioner:ada"
TOMORROW = Policy(notice_hours=12, horizon_days=60)


@pytest.fixture
def here() -> Clinic:
    return clinic(practitioner("ada"), policy=TOMORROW)


@pytest.fixture
def cast(store: Store, now: datetime) -> Cast:
    return Cast(store, now)


def change(
    cast: Cast,
    here: Clinic,
    hours: DayPlan | None,
    whose: str = ADA,
    day: date = THURSDAY,
    by: str = RECEPTIONIST,
) -> HoursChanged | HoursRefused | InTheWay | Stale:
    """Enter hours, whatever visits they push out."""
    with cast.store.unit() as unit:
        seen, now = state_of(unit, whose, day), cast.now
        done = enter_hours(unit, here, whose, [day], hours, by, now, seen)
        if not isinstance(done, InTheWay):
            return done
        return enter_hours(unit, here, whose, [day], hours, by, now, seen, done.key)


def thursday(cast: Cast, here: Clinic) -> list[str]:
    """Return when visits can begin on Thursday, as far as three offers show it."""
    with cast.store.reading() as unit:
        found = offer(unit, here, Wish(), cast.now)
    local = [one.starts_at.astimezone(here.zone) for one in found]
    return [f"{at:%H:%M}" for at in local if at.date() == THURSDAY]


def test_other_hours_of_a_day_are_offered(cast: Cast, here: Clinic) -> None:
    changed = change(cast, here, {"main": (span("14:00-15:00"),)})

    assert changed == HoursChanged([])
    assert thursday(cast, here) == ["14:00"]


def test_a_day_off_offers_nothing_and_can_be_taken_back(
    cast: Cast, here: Clinic
) -> None:
    change(cast, here, {})
    assert thursday(cast, here) == []

    change(cast, here, None)

    assert thursday(cast, here) == ["09:00"]


def test_a_closed_place_sends_everybody_home(cast: Cast, here: Clinic) -> None:
    change(cast, here, {}, whose="place:main")

    assert thursday(cast, here) == []


def test_a_place_that_opens_late_cuts_the_morning(cast: Cast, here: Clinic) -> None:
    change(cast, here, {"main": (span("10:30-20:00"),)}, whose="place:main")

    assert thursday(cast, here) == ["10:30"]


def test_a_place_may_open_on_a_holiday(cast: Cast) -> None:
    here = clinic(
        practitioner("ada"),
        closures=(Closure(THURSDAY, THURSDAY),),
        policy=TOMORROW,
    )
    assert thursday(cast, here) == []

    change(cast, here, {"main": (span("09:00-12:00"),)}, whose="place:main")

    assert thursday(cast, here) == ["09:00"]


def test_a_practitioner_may_come_on_a_holiday(cast: Cast) -> None:
    here = clinic(
        practitioner("ada"),
        closures=(Closure(THURSDAY, THURSDAY),),
        policy=TOMORROW,
    )

    change(cast, here, {"main": (span("16:00-17:00"),)})

    assert thursday(cast, here) == ["16:00"]


def test_visits_outside_the_new_hours_are_listed_and_stay(
    cast: Cast, here: Clinic
) -> None:
    visit = cast.booked(here)

    changed = change(cast, here, {"main": (span("14:00-15:00"),)})

    assert changed == HoursChanged([visit])
    with cast.store.reading() as unit:
        assert unit.bookings.get(visit.id) == visit


def test_an_old_button_does_not_book_a_day_that_closed(
    cast: Cast, here: Clinic
) -> None:
    opening = cast.offers(here)[0]
    change(cast, here, {})

    assert cast.book(here, cast.visitor(), opening) == Refused("outside_hours")


@pytest.mark.parametrize(
    ("whose", "hours", "reason"),
    [
        ("practitioner:eve", {}, "unknown"),
        ("room:r0", {}, "unknown"),
        (ADA, {"moon": (span("09:00-10:00"),)}, "unknown"),
        ("place:main", {"online": (span("09:00-10:00"),)}, "unknown"),
        (ADA, {"main": (span("09:02-10:00"),)}, "off_grid"),
        (ADA, {"main": (span("10:00-09:00"),)}, "off_grid"),
        (
            ADA,
            {"main": (span("09:00-10:00"),), "online": (span("09:30-11:00"),)},
            "overlap",
        ),
    ],
)
def test_impossible_hours_are_refused(
    cast: Cast, here: Clinic, whose: str, hours: DayPlan, reason: str
) -> None:
    assert change(cast, here, hours, whose) == HoursRefused(reason)  # type: ignore[arg-type]
    with cast.store.reading() as unit:
        assert unit.hours.between(THURSDAY, THURSDAY) == []


def test_yesterday_cannot_be_changed(cast: Cast, here: Clinic) -> None:
    yesterday = today(cast.now, here.zone) - timedelta(days=1)

    assert change(cast, here, {}, day=yesterday) == HoursRefused("past")


def test_a_change_without_a_name_is_refused(cast: Cast, here: Clinic) -> None:
    with pytest.raises(ValueError, match="name"):
        change(cast, here, {}, by=" ")


def test_staff_see_days_with_hours_and_visits(cast: Cast, here: Clinic) -> None:
    visit = cast.booked(here)
    change(cast, here, {"main": (span("08:00-12:00"),)})

    with cast.store.reading() as unit:
        first, second = diary_days(
            unit, here, THURSDAY, THURSDAY + timedelta(days=1), cast.now
        )

    assert (first.day, first.changed, first.visits) == (THURSDAY, True, [visit])
    assert first.hours == {"main": (span("08:00-12:00"),)}
    assert (second.changed, second.visits) == (False, [])
