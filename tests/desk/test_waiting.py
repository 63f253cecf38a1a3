"""A time that becomes free is offered to one person after another."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from bot.clinic.profile import Clinic, Policy
from bot.clinic.screening import Disposition
from bot.clinic.waiting import OFFER, Waiting
from bot.clinic.wish import Course, Wish
from bot.desk import booking
from bot.desk.booking import Booked, Held, Refused
from bot.desk.handoff import take as hand_over_to
from bot.desk.openings import offer
from bot.desk.waiting import go_round, let_pass, offer_to, stop_waiting, take, wait
from bot.store.unit import Store
from tests.clinic.making import clinic, every_day, practitioner, treatment
from tests.desk.cast import ANN, BO, Cast


@pytest.fixture
def here() -> Clinic:
    """One visit fits into a day."""
    return clinic(
        practitioner("ada", {"main": every_day("13:00-14:00")}),
        treatments=(treatment(60),),
        policy=Policy(notice_hours=1, horizon_days=2),
    )


@pytest.fixture
def cast(store: Store, now: datetime) -> Cast:
    return Cast(store, now)


@pytest.fixture
def full(cast: Cast, here: Clinic) -> list[str]:
    """Book whatever there is; return the visits' ids."""
    return [cast.booked(here, opening=one).id for one in cast.offers(here)]


def waits(cast: Cast, wish: Wish | None = None, later: int = 0) -> Waiting:
    visitor = cast.visitor()
    with cast.store.unit() as unit:
        line = wait(
            unit, visitor, wish or Wish(), ANN, cast.now + timedelta(seconds=later)
        )
    assert isinstance(line, Waiting)
    return line


def free_up(cast: Cast, here: Clinic, visit_id: str) -> None:
    with cast.store.unit() as unit:
        visit = unit.bookings.get(visit_id)
        assert visit is not None
        booking.cancel(unit, here, visit.conversation_id, visit_id, cast.now)


def rounds(cast: Cast, here: Clinic, minutes: int = 0) -> list[str]:
    now = cast.now + timedelta(minutes=minutes)
    return go_round(cast.store.unit, cast.store.reading, here, now)


def state(cast: Cast, line: Waiting) -> str:
    with cast.store.reading() as unit:
        found = unit.waitlist.get(line.id)
    assert found is not None
    return found.state


def last_words(cast: Cast, line: Waiting) -> str:
    with cast.store.reading() as unit:
        return unit.conversations.after(line.conversation_id, 0)[-1].text


def test_a_wish_comes_back_as_it_was(cast: Cast, now: datetime) -> None:
    wish = Wish(
        earliest=now,
        latest=now + timedelta(days=2),
        weekdays=frozenset({1, 3}),
        places=frozenset({"main"}),
        gender="woman",
    )

    line = waits(cast, wish)

    with cast.store.reading() as unit:
        assert unit.waitlist.get(line.id) == line


def test_nothing_is_offered_while_nothing_is_free(
    cast: Cast, here: Clinic, full: list[str]
) -> None:
    waits(cast)

    assert rounds(cast, here) == []


def test_freed_time_goes_to_who_came_first(
    cast: Cast, here: Clinic, full: list[str]
) -> None:
    second, first = waits(cast, later=5), waits(cast, later=1)
    free_up(cast, here, full[0])

    told = rounds(cast, here)

    assert told == [first.conversation_id]
    assert (state(cast, first), state(cast, second)) == ("offered", "waiting")
    assert "A time became free" in last_words(cast, first)


def test_no_time_is_offered_over_the_head_of_a_person(
    cast: Cast, here: Clinic, full: list[str]
) -> None:
    talking, other = waits(cast, later=1), waits(cast, later=5)
    with cast.store.unit() as unit:
        hand_over_to(unit, talking.conversation_id, "Priya", cast.now)
        unit.commit()
    free_up(cast, here, full[0])

    told = rounds(cast, here)

    assert told == [other.conversation_id]
    assert state(cast, talking) == "waiting"


def test_freed_time_goes_only_to_whom_it_suits(
    cast: Cast, here: Clinic, full: list[str]
) -> None:
    waits(cast, Wish(gender="man"), later=1)
    fits = waits(cast, Wish(gender="woman"), later=5)
    free_up(cast, here, full[0])

    assert rounds(cast, here) == [fits.conversation_id]


def test_who_asked_for_most_of_it_comes_before_who_takes_anything(
    cast: Cast, here: Clinic, full: list[str]
) -> None:
    anything = waits(cast, later=1)
    some = waits(cast, Wish(practitioner_id="ada"), later=2)
    much = waits(cast, Wish(practitioner_id="ada", from_minute=12 * 60), later=3)
    as_much = waits(cast, Wish(practitioner_id="ada", from_minute=13 * 60), later=4)
    free_up(cast, here, full[0])

    told = [rounds(cast, here, minutes=15 * number) for number in range(4)]

    asked = [conversations[-1] for conversations in told]
    assert asked == [one.conversation_id for one in (much, as_much, some, anything)]


def test_who_is_in_strong_pain_comes_before_whom_it_fits_better(
    cast: Cast, here: Clinic, full: list[str]
) -> None:
    waits(cast, Wish(practitioner_id="ada"), later=1)
    in_pain = waits(cast, later=2)
    screening = cast.screening(in_pain.conversation_id, Disposition.OK_TO_BOOK)
    with cast.store.unit() as unit:
        later = cast.now + timedelta(seconds=1)
        unit.screenings.add(
            replace(screening, flags=("HIGH_IMPACT",), started_at=later)
        )
        unit.commit()
    free_up(cast, here, full[0])

    assert rounds(cast, here) == [in_pain.conversation_id]


def test_who_has_waited_a_week_waits_behind_nobody_who_came_later(
    store: Store, now: datetime
) -> None:
    far = clinic(
        practitioner("ada", {"main": every_day("13:00-14:00")}),
        treatments=(treatment(60),),
        policy=Policy(notice_hours=1, horizon_days=20, max_upcoming=99),
    )
    then = Cast(store, now)
    long_ago = waits(then)
    later = Cast(store, now + timedelta(days=7))
    waits(later, Wish(practitioner_id="ada"))
    with store.reading() as unit:
        wanted = len(offer(unit, far, Wish(), later.now, count=99))
    for _ in range(wanted - 1):
        later.booked(far)

    assert rounds(later, far) == [long_ago.conversation_id]


def test_an_offer_never_ends_in_the_night(
    cast: Cast, here: Clinic, full: list[str]
) -> None:
    line = waits(cast)
    free_up(cast, here, full[1])  # of the day after

    almost_night = rounds(cast, here, minutes=9 * 60 + 50)  # 20:50
    morning = rounds(cast, here, minutes=21 * 60)  # 8:00

    assert almost_night == []
    assert morning == [line.conversation_id]


def test_an_offer_to_nobody_awake_is_taken_back_in_the_morning(
    cast: Cast, here: Clinic, full: list[str]
) -> None:
    """The desk was down when the offer ended, and comes back in the night."""
    line = waits(cast)
    free_up(cast, here, full[1])
    rounds(cast, here, minutes=9 * 60 + 40)  # 20:40

    night = rounds(cast, here, minutes=12 * 60)

    assert night == []
    with cast.store.reading() as unit:
        assert offer(unit, here, Wish(), cast.now + timedelta(hours=12)) != []
    assert set(rounds(cast, here, minutes=21 * 60)) == {line.conversation_id}


def test_two_rounds_at_once_offer_a_time_to_one_person(
    cast: Cast, here: Clinic, full: list[str]
) -> None:
    """Several desks may run beside each other."""
    waits(cast, later=1)
    waits(cast, later=2)
    free_up(cast, here, full[0])
    told: list[str] = []
    together = threading.Barrier(2)

    def go() -> None:
        together.wait()
        told.extend(rounds(cast, here))

    desks = [threading.Thread(target=go) for _ in range(2)]
    for desk in desks:
        desk.start()
    for desk in desks:
        desk.join()

    assert len(told) == 1
    with cast.store.reading() as unit:
        assert len(unit.waitlist.in_state("offered")) == 1


@pytest.mark.services
@pytest.mark.parametrize("store", ["postgresql"], indirect=True)
def test_who_leaves_while_a_time_is_found_is_offered_none(
    cast: Cast, here: Clinic, full: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """SQLite lets in one writer at a time."""
    line = waits(cast)
    free_up(cast, here, full[0])
    (opening,) = cast.offers(here)

    with cast.store.unit() as unit:
        lock = unit.conversations.lock

        def lock_too_late(conversation_id: str) -> bool:
            with cast.store.unit() as quicker:
                stop_waiting(quicker, conversation_id)
            return lock(conversation_id)

        monkeypatch.setattr(unit.conversations, "lock", lock_too_late)
        offered = offer_to(unit, here, line.id, opening, cast.now)

    assert not offered
    assert state(cast, line) == "over"


def test_who_leaves_while_a_time_is_offered_frees_it(
    cast: Cast, here: Clinic, full: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    line = waits(cast)
    free_up(cast, here, full[0])
    (opening,) = cast.offers(here)

    def leave() -> None:
        with cast.store.unit() as other:
            stop_waiting(other, line.conversation_id)

    leaving = threading.Thread(target=leave)
    with cast.store.unit() as unit:
        commit = unit.commit

        def commit_late() -> None:
            leaving.start()
            leaving.join(timeout=0.5)
            commit()

        monkeypatch.setattr(unit, "commit", commit_late)
        offer_to(unit, here, line.id, opening, cast.now)
    leaving.join()

    assert state(cast, line) == "over"
    assert cast.offers(here) == [opening]


def test_what_becomes_free_is_one_visit(cast: Cast) -> None:
    line = waits(cast, Wish(gender="woman", course=Course(6), together=True))

    assert line.wish == Wish(gender="woman")


def test_one_tap_books_it(cast: Cast, here: Clinic, full: list[str]) -> None:
    line = waits(cast)
    free_up(cast, here, full[0])
    rounds(cast, here)

    with cast.store.unit() as unit:
        taken = take(unit, here, line.conversation_id, line.id, cast.now)

    assert isinstance(taken, Booked)
    assert taken.appointment.patient_name == ANN.name
    assert state(cast, line) == "taken"
    assert rounds(cast, here) == []


def test_others_cannot_have_what_is_kept(
    cast: Cast, here: Clinic, full: list[str]
) -> None:
    waits(cast)
    free_up(cast, here, full[0])
    rounds(cast, here)

    assert cast.offers(here) == []


def test_what_is_kept_outlasts_a_look_at_other_times(
    cast: Cast, here: Clinic, full: list[str]
) -> None:
    line = waits(cast)
    for visit in full[:2]:
        free_up(cast, here, visit)
    rounds(cast, here)
    (other,) = cast.offers(here)

    assert isinstance(cast.hold(here, line.conversation_id, other), Held)
    with cast.store.unit() as unit:
        unit.bookings.drop_holds(line.conversation_id)
        unit.commit()

    assert cast.offers(here) == [other]
    with cast.store.unit() as unit:
        taken = take(unit, here, line.conversation_id, line.id, cast.now)
    assert isinstance(taken, Booked)


def test_nobody_takes_another_ones_offer(
    cast: Cast, here: Clinic, full: list[str]
) -> None:
    line, stranger = waits(cast), cast.visitor()
    free_up(cast, here, full[0])
    rounds(cast, here)

    with cast.store.unit() as unit:
        assert take(unit, here, stranger, line.id, cast.now) == Refused("unknown")
        assert not let_pass(unit, here, stranger, line.id, cast.now)


def test_an_offer_that_lapses_goes_to_the_next(
    cast: Cast, here: Clinic, full: list[str]
) -> None:
    first, second = waits(cast, later=1), waits(cast, later=5)
    free_up(cast, here, full[0])
    rounds(cast, here)

    told = rounds(cast, here, minutes=OFFER.seconds // 60)

    assert told == [first.conversation_id, second.conversation_id]
    assert (state(cast, first), state(cast, second)) == ("waiting", "offered")
    assert "the next person may have it" in last_words(cast, first)


def test_a_late_tap_is_told_so(cast: Cast, here: Clinic, full: list[str]) -> None:
    line = waits(cast)
    free_up(cast, here, full[0])
    rounds(cast, here)

    with cast.store.unit() as unit:
        late = take(unit, here, line.conversation_id, line.id, cast.now + OFFER)

    assert late == Refused("unknown")


def test_who_passes_is_not_offered_the_same_again(
    cast: Cast, here: Clinic, full: list[str]
) -> None:
    line = waits(cast)
    free_up(cast, here, full[0])
    rounds(cast, here)
    with cast.store.unit() as unit:
        assert let_pass(unit, here, line.conversation_id, line.id, cast.now)

    assert rounds(cast, here) == []
    assert len(cast.offers(here)) == 1


def test_nobody_is_asked_at_night(cast: Cast, here: Clinic, full: list[str]) -> None:
    waits(cast)
    free_up(cast, here, full[1])  # of the day after

    assert rounds(cast, here, minutes=12 * 60) == []  # 23:00
    assert len(rounds(cast, here, minutes=21 * 60 + 1)) == 1  # 8:01


def test_a_wish_that_is_past_is_closed_and_said_so(cast: Cast, here: Clinic) -> None:
    line = waits(cast, Wish(latest=cast.now + timedelta(minutes=5)))

    assert rounds(cast, here, minutes=5) == [line.conversation_id]
    assert state(cast, line) == "over"
    assert rounds(cast, here, minutes=6) == []


def test_a_locked_visitor_is_offered_nothing(
    cast: Cast, here: Clinic, full: list[str]
) -> None:
    line = waits(cast)
    with cast.store.unit() as unit:
        unit.screenings.add(cast.screening(line.conversation_id, Disposition.URGENT))
        unit.commit()
    free_up(cast, here, full[0])

    assert rounds(cast, here) == []


def test_who_stops_waiting_gives_the_time_back(
    cast: Cast, here: Clinic, full: list[str]
) -> None:
    line = waits(cast)
    free_up(cast, here, full[0])
    rounds(cast, here)

    with cast.store.unit() as unit:
        assert stop_waiting(unit, line.conversation_id) == 1

    assert len(cast.offers(here)) == 1
    assert rounds(cast, here) == []


def test_the_same_wish_is_waited_for_once(cast: Cast) -> None:
    line = waits(cast)

    with cast.store.unit() as unit:
        again = wait(unit, line.conversation_id, Wish(), BO, cast.now)

    assert again == line


def test_nobody_waits_for_everything(cast: Cast) -> None:
    visitor = cast.visitor()
    for day in range(4):
        with cast.store.unit() as unit:
            last = wait(unit, visitor, Wish(weekdays=frozenset({day})), BO, cast.now)

    assert last == Refused("too_many")
