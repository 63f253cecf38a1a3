"""Several visits are booked together, or none of them."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clinic.booking import Opening
from bot.clinic.conversation import Said
from bot.clinic.profile import Clinic, Closure, Plan, Policy
from bot.clinic.screening import Disposition
from bot.clinic.wish import Course, Wish
from bot.desk import booking
from bot.desk.booking import OpeningTaken, Refused
from bot.desk.course_plans import Series, plan_course, plan_together
from bot.desk.courses import SeriesBooked, book_series, hold_series
from bot.desk.handoff import give_back, take
from bot.desk.next_course import next_words, offer_next_courses
from bot.desk.wishes import read_wish
from bot.store.unit import Store, Unit
from tests.clinic.making import clinic, every_day, practitioner, span, treatment
from tests.desk.cast import BO, Cast

WEEKLY = Course(count=6)
POLICY = Policy(notice_hours=2, horizon_days=90, max_upcoming=2)


@pytest.fixture
def here() -> Clinic:
    return clinic(
        practitioner("ada"),
        treatments=(
            treatment(60, id="first", visit="first"),
            treatment(30, id="later", visit="follow_up"),
        ),
        policy=POLICY,
    )


@pytest.fixture
def cast(store: Store, now: datetime) -> Cast:
    return Cast(store, now)


def plan(cast: Cast, here: Clinic, course: Course = WEEKLY) -> Series | None:
    first = cast.offers(here)[0]
    with cast.store.reading() as unit:
        return plan_course(unit, here, first, course, cast.now)


def planned(cast: Cast, here: Clinic, course: Course = WEEKLY) -> Series:
    found = plan(cast, here, course)
    assert found is not None
    return found


def book_all(
    cast: Cast, here: Clinic, visitor: str, series: Series, course: Course = WEEKLY
) -> SeriesBooked | OpeningTaken | Refused:
    with cast.store.unit() as unit:
        return book_series(
            unit, here, visitor, series.openings, BO, cast.now, course=course
        )


def local(openings: tuple[Opening, ...], here: Clinic) -> list[str]:
    return [
        f"{one.starts_at.astimezone(here.zone):%d %b %H:%M} {one.treatment_id}"
        for one in openings
    ]


def test_a_weekly_course_keeps_its_day_and_time(cast: Cast, here: Clinic) -> None:
    assert local(planned(cast, here).openings, here) == [
        "19 Nov 09:00 first",
        "26 Nov 09:00 later",
        "03 Dec 09:00 later",
        "10 Dec 09:00 later",
        "17 Dec 09:00 later",
        "24 Dec 09:00 later",
    ]


def test_the_clock_time_stays_when_clocks_change(store: Store, here: Clinic) -> None:
    """New York goes forward on 14 March 2027."""
    there = replace(here, time_zone="America/New_York")
    march = Cast(store, datetime(2027, 3, 3, 18, tzinfo=there.zone))

    found = planned(march, there, Course(count=3))

    assert local(found.openings, there) == [
        "04 Mar 09:00 first",
        "11 Mar 09:00 later",
        "18 Mar 09:00 later",
    ]
    gaps = {b.starts_at - a.starts_at for a, b in pairwise(found.openings)}
    assert gaps == {timedelta(days=7), timedelta(days=7, hours=-1)}


def test_twice_a_week_is_every_three_or_four_days(cast: Cast, here: Clinic) -> None:
    found = planned(cast, here, Course(count=4, visits=2))

    days = [one.starts_at.astimezone(here.zone).day for one in found.openings]
    assert days == [19, 22, 26, 29]


def test_twice_a_week_gives_way_to_a_day_beside_it(cast: Cast, here: Clinic) -> None:
    """Nobody works on Sundays, when the second visit would be due."""
    weekly = {day: (span("09:00-12:00"),) for day in range(6)}
    ada = replace(here.practitioners["ada"], hours={"main": weekly})

    found = planned(
        cast, replace(here, practitioners={"ada": ada}), Course(count=4, visits=2)
    )

    days = [one.starts_at.astimezone(here.zone).day for one in found.openings]
    assert days == [19, 23, 26, 30]
    assert found.skipped == ()


def test_a_closed_day_is_skipped_and_the_course_gets_longer(
    cast: Cast, here: Clinic
) -> None:
    closed = date(2026, 12, 3)
    closing = replace(here, closures=(Closure(closed, closed),))

    found = planned(cast, closing)

    assert found.skipped == (closed,)
    assert local(found.openings, here)[-1] == "31 Dec 09:00 later"


def test_a_taken_hour_gives_one_nearby(cast: Cast, here: Clinic) -> None:
    first = planned(cast, here)
    cast.booked(here, opening=first.openings[2])

    found = planned(cast, here)

    assert local(found.openings, here)[2] == "03 Dec 09:30 later"


def test_the_whole_course_is_looked_up_at_once(cast: Cast, here: Clinic) -> None:
    asked: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        asked.append(statement)

    first = cast.offers(here)[0]
    sa.event.listen(cast.store.engine, "before_cursor_execute", note)
    with cast.store.reading() as unit:
        plan_course(unit, here, first, Course(count=12), cast.now)
    sa.event.remove(cast.store.engine, "before_cursor_execute", note)

    assert len([one for one in asked if "cells" in one]) == 1


def test_a_course_that_is_longer_than_the_diary_is_not_planned(
    cast: Cast, here: Clinic
) -> None:
    assert plan(cast, here, Course(count=12, weeks=2)) is None


def test_all_visits_are_booked_and_numbered(cast: Cast, here: Clinic) -> None:
    visitor = cast.visitor()

    done = book_all(cast, here, visitor, planned(cast, here))

    assert isinstance(done, SeriesBooked)
    assert [one.course_number for one in done.appointments] == [1, 2, 3, 4, 5, 6]
    assert len({one.course_id for one in done.appointments}) == 1
    assert {one.status for one in done.appointments} == {"booked"}


def test_one_taken_time_books_none_of_them(cast: Cast, here: Clinic) -> None:
    series, visitor = planned(cast, here), cast.visitor()
    cast.booked(here, opening=series.openings[4])
    before = cast.cells()

    done = book_all(cast, here, visitor, series)

    assert isinstance(done, OpeningTaken)
    assert cast.cells() == before
    with cast.store.reading() as unit:
        assert booking.upcoming(unit, visitor, cast.now) == []


def test_one_taken_time_holds_none_of_them(cast: Cast, here: Clinic) -> None:
    series, visitor = planned(cast, here), cast.visitor()
    cast.booked(here, opening=series.openings[5])
    before = cast.cells()

    with cast.store.unit() as unit:
        held = hold_series(unit, here, visitor, series.openings, cast.now)

    assert isinstance(held, OpeningTaken)
    assert cast.cells() == before


def test_of_two_who_race_for_one_course_one_has_all_of_it(
    cast: Cast, here: Clinic
) -> None:
    """One begins with the visit that the other ends with."""
    series, visitors = planned(cast, here), (cast.visitor(), cast.visitor())
    turned = Series(series.openings[::-1], ())
    ready = threading.Barrier(2)

    def book_it(visitor: str, wanted: Series) -> object:
        ready.wait()
        return book_all(cast, here, visitor, wanted)

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(book_it, visitors, (series, turned)))

    assert {type(one) for one in done} == {SeriesBooked, OpeningTaken}
    with cast.store.reading() as unit:
        had = [len(booking.upcoming(unit, one, cast.now)) for one in visitors]
    assert sorted(had) == [0, 6]


def test_who_holds_a_course_books_it(cast: Cast, here: Clinic) -> None:
    series, visitor = planned(cast, here), cast.visitor()
    with cast.store.unit() as unit:
        hold_series(unit, here, visitor, series.openings, cast.now)

    done = book_all(cast, here, visitor, series)

    assert isinstance(done, SeriesBooked)


def test_booking_a_course_twice_gives_the_same_visits(cast: Cast, here: Clinic) -> None:
    series, visitor = planned(cast, here), cast.visitor()

    assert book_all(cast, here, visitor, series) == book_all(
        cast, here, visitor, series
    )


def test_a_plan_counts_with_each_of_its_visits_towards_the_cap(
    cast: Cast, here: Clinic
) -> None:
    visitor, (first, second, third) = cast.visitor(), cast.offers(here)
    cast.book(here, visitor, first)

    with cast.store.unit() as unit:
        done = book_series(unit, here, visitor, [second, third], BO, cast.now)

    assert done == Refused("too_many")


def test_a_course_counts_as_one_towards_the_cap(cast: Cast, here: Clinic) -> None:
    visitor = cast.visitor()
    book_all(cast, here, visitor, planned(cast, here))

    second = cast.book(here, visitor, cast.offers(here)[0])
    third = cast.book(here, visitor, cast.offers(here)[0])

    assert isinstance(second, booking.Booked)
    assert third == Refused("too_many")


@pytest.mark.parametrize(
    ("disposition", "reason"),
    [(None, "screening_needed"), (Disposition.URGENT, "locked")],
)
def test_nobody_books_a_course_without_the_safety_questions(
    cast: Cast, here: Clinic, disposition: Disposition | None, reason: str
) -> None:
    visitor = cast.visitor(disposition)

    done = book_all(cast, here, visitor, planned(cast, here))

    assert isinstance(done, Refused)
    assert done.reason == reason
    assert cast.cells() == 0


# --- a combined plan ---------------------------------------------------------------


def test_a_plan_of_two_therapies_is_found_some_days_apart(
    store: Store, now: datetime
) -> None:
    both = clinic(
        practitioner("ada"),
        practitioner(
            "ben", therapies=("physio",), hours={"main": every_day("14:00-16:00")}
        ),
        treatments=(
            treatment(60, id="needles"),
            treatment(60, id="moves", therapy="physio"),
        ),
        therapies={"acupuncture": "acupuncture", "physio": "physiotherapy"},
        policy=POLICY,
    )
    together = Plan("both", "Both", ("needles", "moves"), (), days_apart=3)
    cast = Cast(store, now)
    first = cast.offers(both, Wish(therapy="acupuncture"))[0]

    with store.reading() as unit:
        found = plan_together(unit, both, first, together, Wish(), now)

    assert found is not None
    assert local(found.openings, both) == ["19 Nov 09:00 needles", "22 Nov 14:00 moves"]


# --- the end of a course -----------------------------------------------------------


def end_of(done: object) -> datetime:
    assert isinstance(done, SeriesBooked)
    return done.appointments[-1].ends_at


def said(cast: Cast, visitor: str) -> list[str]:
    with cast.store.reading() as unit:
        return [one.text for one in unit.conversations.after(visitor, 0)]


def offer_next(cast: Cast, here: Clinic, now: datetime) -> list[str]:
    return offer_next_courses(cast.store.unit, cast.store.reading, here, now)


def test_the_next_course_is_offered_once_after_the_last_visit(
    cast: Cast, here: Clinic
) -> None:
    visitor = cast.visitor()
    end = end_of(book_all(cast, here, visitor, planned(cast, here)))

    before = offer_next(cast, here, end)
    after = offer_next(cast, here, end + timedelta(hours=24))
    again = offer_next(cast, here, end + timedelta(hours=25))

    assert (before, after, again) == ([], [visitor], [])
    assert "last of your 6 visits" in said(cast, visitor)[-1]


def test_two_desks_offer_the_next_course_once(cast: Cast, here: Clinic) -> None:
    visitor = cast.visitor()
    end = end_of(book_all(cast, here, visitor, planned(cast, here)))
    later = end + timedelta(hours=24)

    @contextmanager
    def read_before_a_colleague() -> Iterator[Unit]:
        with cast.store.reading() as unit:
            yield unit
        offer_next(cast, here, later)

    told = offer_next_courses(cast.store.unit, read_before_a_colleague, here, later)

    assert told == []
    assert sum("last of your 6 visits" in one for one in said(cast, visitor)) == 1


def test_the_next_course_is_not_offered_at_night(cast: Cast, here: Clinic) -> None:
    visitor = cast.visitor()
    end = end_of(book_all(cast, here, visitor, planned(cast, here)))
    night = end.astimezone(here.zone).replace(hour=23)

    assert offer_next(cast, here, night) == []


def test_the_next_course_is_not_offered_over_the_head_of_a_person(
    cast: Cast, here: Clinic
) -> None:
    visitor = cast.visitor()
    end = end_of(book_all(cast, here, visitor, planned(cast, here)))
    with cast.store.unit() as unit:
        take(unit, visitor, "Priya", end)
        unit.commit()
    while_held = offer_next(cast, here, end + timedelta(hours=24))
    with cast.store.unit() as unit:
        give_back(unit, visitor, Said("The assistant is here again."), end)

    assert while_held == []
    assert offer_next(cast, here, end + timedelta(hours=25)) == [visitor]


def test_the_next_course_is_wished_like_the_last(cast: Cast, here: Clinic) -> None:
    visitor, stranger = cast.visitor(), cast.visitor()
    done = book_all(cast, here, visitor, planned(cast, here))
    assert isinstance(done, SeriesBooked)
    course_id = str(done.appointments[0].course_id)

    with cast.store.reading() as unit:
        mine = next_words(unit, here, visitor, course_id)
        theirs = next_words(unit, here, stranger, course_id)

    wish = read_wish(mine, here, cast.now)
    assert isinstance(wish, Wish)
    assert wish.course == WEEKLY
    assert (wish.treatment_id, wish.practitioner_id) == ("later", "ada")
    assert theirs == ""
