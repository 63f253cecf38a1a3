"""Named staff clear or decline a visit that waits, and answer requests."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest

from bot.clinic.booking import Patient, opening_at
from bot.clinic.profile import Clinic, Policy
from bot.clinic.screening import Disposition
from bot.desk import booking, requests
from bot.desk.booking import (
    Booked,
    Cancelled,
    Held,
    OpeningTaken,
    Refused,
)
from bot.desk.by_hand import (
    book_by_hand,
    clear,
    decline,
    hold_by_hand,
    move_by_hand,
)
from bot.desk.handoff import open_handoff
from bot.desk.outcomes import Requested
from bot.desk.screened import locks, record_red_flag
from bot.store.unit import Store
from tests.clinic.making import clinic
from tests.desk.cast import BO, Cast
from tests.letters import FakeLinks

LINKS = FakeLinks()

REVIEW = Disposition.PRACTITIONER_REVIEW
BY = "Maren Odell"


@pytest.fixture
def here() -> Clinic:
    return clinic(policy=Policy(notice_hours=2, horizon_days=60))


@pytest.fixture
def cast(store: Store, now: datetime) -> Cast:
    return Cast(store, now)


def cleared(unit: Any, here: Clinic, *rest: Any) -> object:
    return clear(unit, here, LINKS, *rest)


def last_words(cast: Cast, conversation_id: str) -> str:
    with cast.store.reading() as unit:
        return unit.conversations.after(conversation_id, 0)[-1].text


def test_a_cleared_visit_is_booked_and_the_visitor_told(
    cast: Cast, here: Clinic
) -> None:
    visit = cast.booked(here, REVIEW)

    with cast.store.unit() as unit:
        cleared = clear(unit, here, LINKS, visit.id, BY, cast.now)

    assert isinstance(cleared, Booked)
    assert cleared.appointment.status == "booked"
    assert (cleared.appointment.decided_by, cleared.appointment.sequence) == (BY, 1)
    assert f"{BY} has looked" in last_words(cast, visit.conversation_id)
    assert cast.cells() == 24


def test_a_cleared_visitor_moves_the_visit_without_another_look(
    cast: Cast, here: Clinic
) -> None:
    visit = cast.booked(here, REVIEW)
    with cast.store.unit() as unit:
        clear(unit, here, LINKS, visit.id, BY, cast.now)
    other = cast.offers(here)[0]

    with cast.store.unit() as unit:
        moved = booking.reschedule(
            unit, here, visit.conversation_id, visit.id, other, cast.now
        )

    assert isinstance(moved, Booked)
    assert moved.appointment.status == "booked"


def test_a_declined_visit_gives_its_time_back(cast: Cast, here: Clinic) -> None:
    visit = cast.booked(here, REVIEW)

    with cast.store.unit() as unit:
        declined = decline(unit, here, visit.id, BY, cast.now)

    assert isinstance(declined, Cancelled)
    assert (declined.appointment.cancelled_by, cast.cells()) == (BY, 0)
    assert "would like to talk" in last_words(cast, visit.conversation_id)


@pytest.mark.parametrize("deed", [cleared, decline])
def test_only_a_waiting_visit_can_be_decided(cast: Cast, here: Clinic, deed) -> None:
    visit = cast.booked(here)

    with cast.store.unit() as unit:
        assert deed(unit, here, visit.id, BY, cast.now) == Refused("unknown")
        assert deed(unit, here, "nothing", BY, cast.now) == Refused("unknown")


@pytest.mark.parametrize("deed", [cleared, decline])
def test_nobody_decides_without_a_name(cast: Cast, here: Clinic, deed) -> None:
    visit = cast.booked(here, REVIEW)

    with cast.store.unit() as unit, pytest.raises(ValueError, match="name"):
        deed(unit, here, visit.id, "  ", cast.now)


def test_a_visit_that_has_begun_is_past_deciding(cast: Cast, here: Clinic) -> None:
    visit = cast.booked(here, REVIEW)

    with cast.store.unit() as unit:
        assert clear(unit, here, LINKS, visit.id, BY, visit.starts_at) == Refused(
            "too_late"
        )


def test_deciding_ends_the_wait_for_a_look(cast: Cast, here: Clinic) -> None:
    visit = cast.booked(here, REVIEW)
    with cast.store.unit() as unit:
        open_handoff(unit, visit.conversation_id, "review", "routine", cast.now)
        unit.commit()

    with cast.store.unit() as unit:
        clear(unit, here, LINKS, visit.id, BY, cast.now)

    with cast.store.reading() as unit:
        assert unit.handoffs.open_of(visit.conversation_id) is None


def test_deciding_leaves_whoever_waits_for_more(cast: Cast, here: Clinic) -> None:
    visit = cast.booked(here, REVIEW)
    with cast.store.unit() as unit:
        open_handoff(unit, visit.conversation_id, "complaint", "urgent", cast.now)
        unit.commit()

    with cast.store.unit() as unit:
        clear(unit, here, LINKS, visit.id, BY, cast.now)

    with cast.store.reading() as unit:
        assert unit.handoffs.open_of(visit.conversation_id) is not None


# --- by hand ---------------------------------------------------------------------


def request_of(cast: Cast, here: Clinic, visitor: str) -> str:
    by_request = replace(here, policy=replace(here.policy, self_booking=False))
    with cast.store.unit() as unit:
        asked = requests.request(unit, by_request, visitor, "mornings", BO, cast.now)
    assert isinstance(asked, Requested)
    return asked.request.id


def test_staff_turn_a_request_into_a_visit(cast: Cast, here: Clinic) -> None:
    visitor = cast.visitor(None)
    request_id, opening = request_of(cast, here, visitor), cast.offers(here)[0]

    with cast.store.unit() as unit:
        booked = book_by_hand(
            unit, here, LINKS, visitor, opening, BO, BY, cast.now, request_id
        )

    assert isinstance(booked, Booked)
    assert booked.appointment.decided_by == BY
    assert "has booked a visit" in last_words(cast, visitor)
    with cast.store.reading() as unit:
        assert unit.bookings.requests() == []


def test_staff_answer_a_request_by_moving_a_visit(cast: Cast, here: Clinic) -> None:
    visit = cast.booked(here)
    chat, there = visit.conversation_id, cast.offers(here)[0]
    request_id = request_of(cast, here, chat)
    with cast.store.unit() as unit:
        open_handoff(unit, chat, "appointment_request", "routine", cast.now)
        unit.commit()
    move = partial(move_by_hand, appointment_id=visit.id, by=BY, now=cast.now)

    with cast.store.unit() as unit:
        moved = move(unit, here, LINKS, chat, opening=there, request_id=request_id)
    with cast.store.unit() as unit:
        again = move(unit, here, LINKS, chat, opening=there, request_id=request_id)

    assert isinstance(moved, Booked)
    assert again == Refused("unknown")
    with cast.store.reading() as unit:
        assert unit.bookings.requests() == []
        assert unit.handoffs.open_of(chat) is None


def test_staff_cannot_book_over_somebody(cast: Cast, here: Clinic) -> None:
    opening = cast.offers(here)[0]
    cast.booked(here, opening=opening)
    visitor = cast.visitor()
    request_id = request_of(cast, here, visitor)

    with cast.store.unit() as unit:
        result = book_by_hand(
            unit,
            here,
            LINKS,
            visitor,
            opening,
            Patient("Al", "+1"),
            BY,
            cast.now,
            request_id,
        )

    assert result == OpeningTaken(opening)
    with cast.store.reading() as unit:
        assert len(unit.bookings.requests()) == 1


def test_staff_do_not_book_the_past(cast: Cast, here: Clinic) -> None:
    visitor, opening = cast.visitor(), cast.offers(here)[0]
    later = opening.starts_at + timedelta(minutes=1)

    with cast.store.unit() as unit:
        result = book_by_hand(unit, here, LINKS, visitor, opening, BO, BY, later)

    assert result == Refused("too_soon")


def test_staff_hold_and_move_where_visitors_cannot(cast: Cast, now: datetime) -> None:
    """At a practice that books by request alone, the front desk still does it all."""
    here = clinic(policy=Policy(self_booking=False, notice_hours=48, horizon_days=2))
    chat = cast.visitor(None)
    soon, later = (
        opening_at(here.treatments["visit_60"], "ada", "main", "r0", at)
        for at in (now + timedelta(hours=1), now + timedelta(days=30))
    )

    with cast.store.unit() as unit:
        held = hold_by_hand(unit, here, chat, soon, BY, now)
    with cast.store.unit() as unit:
        booked = book_by_hand(unit, here, LINKS, chat, soon, BO, BY, now)
    assert isinstance(held, Held)
    assert isinstance(booked, Booked)
    with cast.store.unit() as unit:
        moved = move_by_hand(
            unit, here, LINKS, chat, booked.appointment.id, later, BY, now
        )

    assert isinstance(moved, Booked)
    assert moved.appointment.starts_at == later.starts_at
    assert moved.appointment.status == "booked"
    assert "has moved your visit to" in last_words(cast, chat)
    assert cast.cells() == 24


def test_a_visit_moved_onto_a_taken_time_stays(
    cast: Cast, here: Clinic, now: datetime
) -> None:
    first, second = cast.booked(here), cast.booked(here)
    there = opening_at(
        here.treatments[second.treatment_id],
        second.practitioner_id,
        second.place_id,
        second.room_id,
        second.starts_at,
    )

    with cast.store.unit() as unit:
        answer = move_by_hand(
            unit, here, LINKS, first.conversation_id, first.id, there, BY, now
        )

    assert isinstance(answer, OpeningTaken)
    with cast.store.reading() as unit:
        assert unit.bookings.get(first.id) == first
        assert unit.conversations.after(first.conversation_id, 0) == []


def test_a_pending_visit_that_is_moved_still_waits_for_a_look(
    cast: Cast, here: Clinic, now: datetime
) -> None:
    visit = cast.booked(here, REVIEW)
    other = cast.offers(here)[0]

    with cast.store.unit() as unit:
        moved = move_by_hand(
            unit, here, LINKS, visit.conversation_id, visit.id, other, BY, now
        )

    assert isinstance(moved, Booked)
    assert moved.appointment.status == "pending"


def test_a_visit_of_another_conversation_is_not_moved(
    cast: Cast, here: Clinic, now: datetime
) -> None:
    visit, other = cast.booked(here), cast.visitor()
    there = cast.offers(here)[0]

    with cast.store.unit() as unit:
        answer = move_by_hand(unit, here, LINKS, other, visit.id, there, BY, now)

    assert answer == Refused("unknown")


def test_what_staff_book_or_clear_comes_with_its_calendar_file(
    cast: Cast, here: Clinic
) -> None:
    visit, visitor = cast.booked(here, REVIEW), cast.visitor()
    opening = cast.offers(here)[0]

    with cast.store.unit() as unit:
        clear(unit, here, LINKS, visit.id, BY, cast.now)
    with cast.store.unit() as unit:
        booked = book_by_hand(unit, here, LINKS, visitor, opening, BO, BY, cast.now)

    assert isinstance(booked, Booked)
    for one in (visit, booked.appointment):
        with cast.store.reading() as unit:
            said = unit.conversations.after(one.conversation_id, 0)[-1]
        assert said.extras["card"]["calendar_url"] == LINKS.calendar(one.id)


def lock_heard(cast: Cast, conversation_id: str) -> str:
    """Let an emergency be heard; return the lock that it leaves."""
    with cast.store.unit() as unit:
        kept = record_red_flag(
            unit, conversation_id, "chest_pain", "EMERGENCY", cast.now
        )
        unit.commit()
    return kept.id


@pytest.mark.parametrize("deed", ["clear", "book", "hold", "move"])
def test_a_lock_that_nobody_has_seen_stops_every_deed(
    cast: Cast, here: Clinic, deed: str
) -> None:
    visit = cast.booked(here, REVIEW)
    chat, there = visit.conversation_id, cast.offers(here)[0]
    first = lock_heard(cast, chat)
    later = lock_heard(cast, chat)

    def do(seen: list[str]) -> object:
        common: dict[str, Any] = {"by": BY, "now": cast.now, "seen_locks": seen}
        with cast.store.unit() as unit:
            if deed == "clear":
                return clear(unit, here, LINKS, visit.id, **common)
            if deed == "book":
                return book_by_hand(unit, here, LINKS, chat, there, BO, **common)
            if deed == "hold":
                return hold_by_hand(unit, here, chat, there, **common)
            return move_by_hand(unit, here, LINKS, chat, visit.id, there, **common)

    refused = [do([]), do([first])]
    with cast.store.reading() as unit:
        untouched = unit.bookings.of_conversation(chat)
        said = unit.conversations.after(chat, 0)
    done = do([first, later])

    assert refused == [Refused("locked")] * 2
    assert (untouched, said) == ([visit], [])
    assert isinstance(done, (Booked, Held))
    with cast.store.reading() as unit:
        assert set(locks(unit, chat, cast.now)) == {first, later}
