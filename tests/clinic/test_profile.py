"""Hours, closures and what may happen where."""

from datetime import date, timedelta

import pytest

from bot.clinic.profile import Closure, DayHours, clash
from bot.clinic.wish import Wish
from tests.clinic.making import clinic, every_day, practitioner, span, treatment

MONDAY = date(2026, 11, 23)


@pytest.mark.parametrize(
    ("spans", "clashing"),
    [
        (["09:00-12:00", "12:00-13:00"], False),
        (["13:00-15:00", "09:00-12:00"], False),
        (["09:00-12:00", "11:55-13:00"], True),
        (["09:00-17:00", "10:00-11:00"], True),
        ([], False),
    ],
)
def test_hours_clash_only_where_they_overlap(spans: list[str], clashing: bool) -> None:
    assert (clash(map(span, spans)) is not None) is clashing


def test_closure_covers_its_first_and_last_day() -> None:
    closure = Closure(MONDAY, MONDAY + timedelta(days=2))

    covered = [closure.covers(MONDAY + timedelta(days=shift)) for shift in range(-1, 4)]

    assert covered == [False, True, True, True, False]


def test_days_off_outdo_other_hours() -> None:
    ada = practitioner(
        exceptions=(DayHours(MONDAY, {"main": (span("14:00-15:00"),)}),),
        away=(Closure(MONDAY, MONDAY),),
    )

    assert ada.hours_on(MONDAY) == {}
    assert ada.hours_on(MONDAY + timedelta(days=1)) == {"main": (span("09:00-12:00"),)}


def test_closing_one_place_leaves_the_others_open() -> None:
    here = clinic(closures=(Closure(MONDAY, MONDAY, place="main"),))

    assert here.closed(MONDAY, "main")
    assert not here.closed(MONDAY, "online")
    assert not here.closed(MONDAY)


def test_treatments_happen_only_where_they_can() -> None:
    here = clinic()
    talk = treatment(30, in_person=False, online=True)

    assert here.takes_place(treatment(60), "main")
    assert not here.takes_place(treatment(60), "online")
    assert here.takes_place(talk, "online")
    assert not here.takes_place(talk, "main")


def test_new_patients_get_the_first_visit() -> None:
    later = treatment(50, id="later", visit="follow_up")
    first = treatment(75, id="first", visit="first")
    talk = treatment(30, id="talk", in_person=False, online=True)
    here = clinic(treatments=(later, first, talk))

    assert Wish().treatment(here) == first
    assert Wish(online=True).treatment(here) == talk
    assert Wish(treatment_id="later").treatment(here) == later
    assert Wish(therapy="cupping").treatment(here) is None


def test_wish_suits_people_by_gender_language_and_name() -> None:
    ada = practitioner(languages=("English", "Kannada"))

    assert Wish(gender="woman", language="Kannada").suits(ada)
    assert not Wish(gender="man").suits(ada)
    assert not Wish(language="Tamil").suits(ada)
    assert not Wish(practitioner_id="ben").suits(ada)


def test_places_are_those_with_hours() -> None:
    both = practitioner(
        hours={"main": every_day("09:00-10:00"), "online": every_day("11:00-12:00")}
    )

    assert both.places == ("main", "online")
