"""Visitors get openings, and only one of them gets each."""

from __future__ import annotations

import contextlib
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from functools import partial
from itertools import pairwise
from typing import Any

import pytest

from bot.clinic.booking import HOLD, Opening, Patient, read_opening
from bot.clinic.profile import Clinic, Policy
from bot.clinic.screening import Disposition
from bot.clinic.wish import Wish
from bot.desk import booking, requests
from bot.desk.booking import (
    Booked,
    Cancelled,
    Held,
    OpeningTaken,
    Refused,
)
from bot.desk.openings import offer
from bot.desk.outcomes import Requested
from bot.store.booking import Bookings
from bot.store.unit import Store
from tests.clinic.making import clinic, every_day, practitioner, treatment
from tests.desk.cast import BO, Cast

ANN = Patient("Ann Li", "+17805550143")
POLICY = Policy(notice_hours=2, horizon_days=60, cancel_hours=24, max_upcoming=2)


@pytest.fixture
def here() -> Clinic:
    return clinic(policy=POLICY)


@pytest.fixture
def cast(store: Store, now: datetime) -> Cast:
    return Cast(store, now)


def local(opening: Opening, here: Clinic) -> str:
    return f"{opening.starts_at.astimezone(here.zone):%a %H:%M}"


# --- offering --------------------------------------------------------------------


def test_three_offers_are_soonest_and_spread(cast: Cast, here: Clinic) -> None:
    """It is Wednesday, 11:00: only mornings are left to choose from."""
    assert [local(one, here) for one in cast.offers(here)] == [
        "Thu 09:00",
        "Fri 09:00",
        "Sat 09:00",
    ]


def test_offers_keep_to_the_wish(cast: Cast, here: Clinic) -> None:
    wish = Wish(weekdays=frozenset({0}), from_minute=600, gender="man")

    found = cast.offers(here, wish)

    assert {local(one, here)[:3] for one in found} == {"Mon"}
    assert {one.practitioner_id for one in found} == {"ben"}
    assert min(local(one, here)[4:] for one in found) >= "10:00"


def test_named_time_gets_the_nearest_ones(cast: Cast, here: Clinic) -> None:
    wish = Wish(
        weekdays=frozenset({4}), from_minute=540, until_minute=661, near_minute=600
    )

    found = cast.offers(here, wish)

    assert [local(one, here) for one in found] == [
        "Fri 09:45",
        "Fri 10:00",
        "Fri 10:15",
    ]


def test_impossible_wish_gets_no_offers(cast: Cast, here: Clinic) -> None:
    assert cast.offers(here, Wish(language="Greek")) == []
    assert cast.offers(here, Wish(online=True)) == []
    assert cast.offers(here, Wish(from_minute=22 * 60)) == []


def test_more_passes_over_what_was_shown(
    cast: Cast, here: Clinic, store: Store, now: datetime
) -> None:
    shown = cast.offers(here)

    with store.unit() as unit:
        more = offer(unit, here, Wish(), now, seen=[one.id for one in shown])

    assert len(more) == 3
    assert {one.id for one in more}.isdisjoint(one.id for one in shown)


def test_held_time_is_not_offered_to_others(
    cast: Cast, here: Clinic, now: datetime
) -> None:
    only_ada = replace(here, practitioners={"ada": here.practitioners["ada"]})
    opening = cast.offers(only_ada)[0]
    cast.hold(only_ada, cast.visitor(), opening)

    assert opening.id not in {one.id for one in cast.offers(only_ada)}


# --- holding and booking ---------------------------------------------------------


def test_booking_writes_the_visit_and_its_cells(
    cast: Cast, here: Clinic, store: Store, now: datetime
) -> None:
    visitor, opening = cast.visitor(), cast.offers(here)[0]

    booked = cast.book(here, visitor, opening)

    assert isinstance(booked, Booked)
    assert booked.appointment.status == "booked"
    assert booked.appointment.screening_id is not None
    assert booked.appointment.patient_name == "Bo Ray"
    assert cast.cells() == 24  # 60 minutes of a practitioner and a room
    with store.unit() as unit:
        assert booking.upcoming(unit, visitor, now) == [booked.appointment]


def test_second_visitor_loses_the_opening(cast: Cast, here: Clinic) -> None:
    opening = cast.offers(here)[0]
    cast.book(here, cast.visitor(), opening)

    assert cast.book(here, cast.visitor(), opening, ANN) == OpeningTaken(opening)
    assert cast.cells() == 24


def test_pressing_book_twice_books_once(cast: Cast, here: Clinic) -> None:
    visitor, opening = cast.visitor(), cast.offers(here)[0]

    first, second = (cast.book(here, visitor, opening) for _ in range(2))

    assert first == second
    assert cast.cells() == 24


def test_a_longer_visit_at_the_same_time_is_another_one(
    cast: Cast, here: Clinic
) -> None:
    """Half an hour before closing fits; an hour does not, whoever holds the half."""
    visitor = cast.visitor()
    half = next(
        one
        for one in cast.offers(here, Wish(treatment_id="visit_30", near_minute=690))
        if local(one, here).endswith("11:30")
    )
    hour = replace(
        half, treatment_id="visit_60", ends_at=half.starts_at + timedelta(hours=1)
    )
    cast.hold(here, visitor, half)

    assert cast.book(here, visitor, hour) == Refused("outside_hours")
    assert isinstance(cast.book(here, visitor, half), Booked)
    assert cast.book(here, visitor, hour) == Refused("outside_hours")


def test_opening_from_its_id_gets_a_free_room(cast: Cast, here: Clinic) -> None:
    first, second = (
        cast.offers(here, Wish(practitioner_id=name))[0] for name in ("ada", "ben")
    )
    cast.book(here, cast.visitor(), first)
    rebuilt = read_opening(here, second.id)
    assert rebuilt

    booked = cast.book(here, cast.visitor(), rebuilt, ANN)

    assert isinstance(booked, Booked)
    assert (first.room_id, booked.appointment.room_id) == ("r0", "r1")


@pytest.mark.parametrize(
    ("disposition", "reason"),
    [
        (None, "screening_needed"),
        (Disposition.EMERGENCY, "locked"),
        (Disposition.URGENT, "locked"),
        (Disposition.NOT_SUITABLE_ONLINE, "locked"),
    ],
)
def test_nothing_is_booked_without_clearance(
    cast: Cast, here: Clinic, disposition: Disposition | None, reason: str
) -> None:
    opening = cast.offers(here)[0]

    assert cast.book(here, cast.visitor(disposition), opening) == Refused(reason)  # type: ignore[arg-type]
    assert cast.cells() == 0


def test_practitioner_review_gives_a_pending_visit(cast: Cast, here: Clinic) -> None:
    visitor = cast.visitor(Disposition.PRACTITIONER_REVIEW)

    booked = cast.book(here, visitor, cast.offers(here)[0])

    assert isinstance(booked, Booked)
    assert booked.appointment.status == "pending"
    assert cast.cells() == 24


def test_expired_screening_books_nothing(
    cast: Cast, here: Clinic, now: datetime
) -> None:
    visitor, later = cast.visitor(), now + timedelta(days=31)
    opening = cast.offers(here)[0]
    late = read_opening(
        here, opening.id.rsplit(".", 1)[0] + f".{_minutes(opening, 40)}"
    )
    assert late

    assert cast.book(here, visitor, late, now=later) == Refused("screening_needed")


def test_hold_turns_into_a_booking_after_the_notice_ran_out(
    cast: Cast, here: Clinic, now: datetime
) -> None:
    strict = replace(here, policy=replace(POLICY, notice_hours=22))
    visitor, opening = cast.visitor(), cast.offers(strict)[0]
    cast.hold(strict, visitor, opening)
    soon = now + timedelta(minutes=5)

    assert isinstance(cast.book(strict, visitor, opening, now=soon), Booked)
    assert cast.book(strict, cast.visitor(), opening, now=soon) == Refused("too_soon")


def test_new_hold_lets_the_old_one_go(cast: Cast, here: Clinic) -> None:
    visitor = cast.visitor()
    first, second, _ = cast.offers(here)
    cast.hold(here, visitor, first)
    cast.hold(here, visitor, second)

    assert cast.cells() == 24
    assert isinstance(cast.hold(here, cast.visitor(), first), Held)


def test_failed_hold_keeps_the_old_one(cast: Cast, here: Clinic) -> None:
    mine, yours = cast.visitor(), cast.visitor()
    first, second, _ = cast.offers(here)
    cast.hold(here, mine, first)
    cast.hold(here, yours, second)

    assert cast.hold(here, mine, second) == OpeningTaken(second)
    assert cast.hold(here, yours, first) == OpeningTaken(first)


def test_lapsed_hold_frees_the_time(cast: Cast, here: Clinic, now: datetime) -> None:
    opening = cast.offers(here)[0]
    cast.hold(here, cast.visitor(), opening)
    other = cast.visitor()

    assert cast.book(here, other, opening, ANN) == OpeningTaken(opening)
    assert isinstance(cast.book(here, other, opening, ANN, now + HOLD), Booked)
    assert cast.cells() == 24


@pytest.mark.parametrize(
    ("minutes", "reason"),
    [(-1440, "too_soon"), (60 * 24 * 90, "too_far"), (60 * 12, "outside_hours")],
)
def test_stale_buttons_book_nothing(
    cast: Cast, here: Clinic, minutes: int, reason: str
) -> None:
    opening = cast.offers(here)[0]
    stale = replace(opening, starts_at=opening.starts_at + timedelta(minutes=minutes))

    assert cast.book(here, cast.visitor(), stale) == Refused(reason)  # type: ignore[arg-type]
    assert cast.hold(here, cast.visitor(), stale) == Refused(reason)  # type: ignore[arg-type]
    assert cast.cells() == 0


def test_cap_of_visits_ahead_holds_across_conversations(
    cast: Cast, here: Clinic
) -> None:
    first, second, third = cast.offers(here)
    cast.book(here, cast.visitor(), first)
    cast.book(here, cast.visitor(), second)

    assert cast.book(here, cast.visitor(), third) == Refused("too_many")
    assert isinstance(cast.book(here, cast.visitor(), third, ANN), Booked)


def test_two_who_book_at_once_for_one_person_keep_the_cap(
    cast: Cast, here: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Neither may count before the other has written."""
    alone = replace(here, policy=replace(POLICY, max_upcoming=1))
    both_have_counted, count = threading.Barrier(2), Bookings.count_ahead

    def count_and_wait(*about: Any) -> int:
        ahead = count(*about)
        with contextlib.suppress(threading.BrokenBarrierError):
            both_have_counted.wait(timeout=1)
        return ahead

    monkeypatch.setattr(Bookings, "count_ahead", count_and_wait)
    visitors, openings = (cast.visitor(), cast.visitor()), cast.offers(alone)[:2]

    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(partial(cast.book, alone), visitors, openings))

    assert {type(one) for one in done} == {Booked, Refused}


def test_racing_visitors_book_one_morning_without_overlap(
    cast: Cast, store: Store, now: datetime
) -> None:
    visits = (treatment(30), treatment(45), treatment(60))
    here = clinic(
        practitioner(hours={"main": every_day("09:00-12:00")}),
        treatments=visits,
        policy=POLICY,
    )
    day = Wish(latest=now + timedelta(days=1))
    menus = [cast.offers(here, replace(day, treatment_id=one.id)) for one in visits]
    visitors = [cast.visitor() for _ in range(24)]
    results: list[Booked] = []

    def go(number: int) -> None:
        patient = Patient(f"Visitor {number}", f"+178055501{number:02d}")
        for opening in menus[number % 3]:
            done = cast.book(here, visitors[number], opening, patient)
            if isinstance(done, Booked):
                results.append(done)
                return

    threads = [threading.Thread(target=go, args=(number,)) for number in range(24)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    won = sorted((one.appointment for one in results), key=lambda one: one.starts_at)
    assert won
    assert all(a.ends_at <= b.starts_at for a, b in pairwise(won))
    lengths = sum((one.ends_at - one.starts_at).seconds // 300 for one in won)
    assert cast.cells() == 2 * lengths


# --- changing and cancelling -----------------------------------------------------


def test_cancelling_frees_the_time_at_once(
    cast: Cast, here: Clinic, store: Store, now: datetime
) -> None:
    visitor, opening = cast.visitor(), cast.offers(here)[0]
    booked = cast.book(here, visitor, opening)
    assert isinstance(booked, Booked)

    with store.unit() as unit:
        done = booking.cancel(unit, here, visitor, booked.appointment.id, now)

    assert isinstance(done, Cancelled)
    assert (done.appointment.status, done.appointment.sequence) == ("cancelled", 1)
    assert cast.cells() == 0
    assert isinstance(cast.book(here, cast.visitor(), opening, ANN), Booked)


@pytest.mark.parametrize(
    ("hours", "known", "done"),
    [(25, False, True), (23, False, False), (23, True, True)],
)
def test_a_late_change_is_for_who_knows_the_terms(
    cast: Cast, here: Clinic, store: Store, hours: int, known: bool, done: bool
) -> None:
    here = replace(here, policy=replace(POLICY, late_fee=Decimal(40)))
    first, other = cast.offers(here)[:2]
    to_move = cast.booked(here, opening=first)
    to_cancel = cast.booked(here, patient=ANN)
    at = first.starts_at - timedelta(hours=hours)

    with store.unit() as unit:
        moved = booking.reschedule(
            unit,
            here,
            to_move.conversation_id,
            to_move.id,
            other,
            at,
            knows_terms=known,
        )
    with store.unit() as unit:
        cancelled = booking.cancel(
            unit, here, to_cancel.conversation_id, to_cancel.id, at, knows_terms=known
        )

    assert (moved != Refused("late"), cancelled != Refused("late")) == (done, done)
    assert (isinstance(moved, Booked), isinstance(cancelled, Cancelled)) == (done, done)


def test_stranger_cannot_touch_a_visit(
    cast: Cast, here: Clinic, store: Store, now: datetime
) -> None:
    opening, other = cast.offers(here)[:2]
    booked = cast.book(here, cast.visitor(), opening)
    assert isinstance(booked, Booked)
    stranger, visit_id = cast.visitor(), booked.appointment.id

    with store.unit() as unit:
        cancelled = booking.cancel(unit, here, stranger, visit_id, now)
        moved = booking.reschedule(unit, here, stranger, visit_id, other, now)
        seen = booking.upcoming(unit, stranger, now)

    assert cancelled == moved == Refused("unknown")
    assert seen == []
    assert cast.cells() == 24


def test_begun_visit_cannot_be_cancelled(
    cast: Cast, here: Clinic, store: Store
) -> None:
    visitor, opening = cast.visitor(), cast.offers(here)[0]
    booked = cast.book(here, visitor, opening)
    assert isinstance(booked, Booked)
    begun = opening.starts_at

    with store.unit() as unit:
        done = booking.cancel(unit, here, visitor, booked.appointment.id, begun)

    assert done == Refused("too_late")


def test_moving_swaps_the_cells(
    cast: Cast, here: Clinic, store: Store, now: datetime
) -> None:
    visitor = cast.visitor()
    first, second, _ = cast.offers(here)
    booked = cast.book(here, visitor, first)
    assert isinstance(booked, Booked)

    with store.unit() as unit:
        visit_id = booked.appointment.id
        moved = booking.reschedule(unit, here, visitor, visit_id, second, now)

    assert isinstance(moved, Booked)
    assert moved.appointment.id == booked.appointment.id
    assert moved.appointment.starts_at == second.starts_at
    assert moved.appointment.sequence == 1
    assert cast.cells() == 24
    assert isinstance(cast.book(here, cast.visitor(), first, ANN), Booked)


def test_failed_move_keeps_the_old_time(
    cast: Cast, here: Clinic, store: Store, now: datetime
) -> None:
    visitor = cast.visitor()
    first, second, _ = cast.offers(here)
    booked = cast.book(here, visitor, first)
    cast.book(here, cast.visitor(), second, ANN)
    assert isinstance(booked, Booked)

    with store.unit() as unit:
        visit_id = booked.appointment.id
        moved = booking.reschedule(unit, here, visitor, visit_id, second, now)

    assert moved == OpeningTaken(second)
    with store.unit() as unit:
        assert booking.upcoming(unit, visitor, now) == [booked.appointment]
    assert cast.cells() == 48


# --- asking for an appointment ---------------------------------------------------


def test_request_clinic_books_nothing_and_keeps_the_wish(
    cast: Cast, here: Clinic, store: Store, now: datetime
) -> None:
    asking = replace(here, policy=replace(POLICY, self_booking=False))
    visitor, opening = cast.visitor(None), cast.offers(here)[0]

    refused = cast.book(asking, visitor, opening)
    with store.unit() as unit:
        asked = requests.request(unit, asking, visitor, " mornings ", BO, now, "back")

    assert refused == Refused("no_self_booking")
    assert isinstance(asked, Requested)
    with store.unit() as unit:
        assert unit.bookings.requests() == [asked.request]
    assert asked.request.preferred == "mornings"


def test_request_needs_words_and_a_clinic_that_takes_them(
    cast: Cast, here: Clinic, store: Store, now: datetime
) -> None:
    asking = replace(here, policy=replace(POLICY, self_booking=False))
    visitor = cast.visitor(None)

    with store.unit() as unit:
        empty = requests.request(unit, asking, visitor, "  ", BO, now)
        wrong = requests.request(unit, here, visitor, "mornings", BO, now)

    assert (empty, wrong) == (Refused("empty"), Refused("self_booking"))


def _minutes(opening: Opening, days: int) -> int:
    later = opening.starts_at + timedelta(days=days)
    return int(later.timestamp()) // 60
