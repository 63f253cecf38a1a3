"""Each disposition, from the greeting to the verdict and what it does to a booking."""

from __future__ import annotations

import pytest

from bot.clinic.screened import May
from bot.clock import utc_now
from bot.desk.screening import may_book
from tests.conversations.journeys import answer, book_first_opening
from tests.conversations.test_booking import rows_of
from tests.live import Live, Visitor

pytestmark = pytest.mark.model


@pytest.fixture
def visitor(live: Live) -> Visitor:
    """Somebody who was greeted and wants a visit."""
    begun = Visitor(live.url)
    assert "automated assistant" in begun.says("hello")
    assert "safety questions" in begun.says("I'd like to book a visit")
    return begun


def kept(live: Live, visitor: Visitor):
    """What the record says of this visitor: screening, handoff, may book or not."""
    store = live.store()
    with store.reading() as unit:
        newest = unit.screenings.of(visitor.conversation_id)[0]
        handoff = unit.handoffs.open_of(visitor.conversation_id)
        may = may_book(unit, visitor.conversation_id, utc_now()).may
    store.close()
    return newest, handoff, may


def test_an_emergency_locks_booking_and_calls_staff_at_once(live, visitor):
    said = answer(visitor, Do_any_of_these_apply_now=["Chest pain"])

    screening, handoff, may = kept(live, visitor)
    assert said.startswith("Please call 911 now. Chest pain")
    assert visitor.heard[-1]["urgent"] is True
    assert (screening.disposition, screening.status) == ("EMERGENCY", "stopped")
    assert "CARDIAC" in screening.flags
    assert (handoff.priority, may) == ("stat", May.LOCKED)
    assert "can't book" in visitor.says("book a visit then")
    assert rows_of(live, visitor) == []


def test_an_urgent_result_locks_booking_until_staff_release_it(live, visitor):
    said = answer(visitor, Do_any_of_these_go_with_it=["Fever"])

    screening, handoff, may = kept(live, visitor)
    assert "need a doctor to look at them today" in said
    assert (screening.disposition, screening.status) == ("URGENT", "completed")
    assert (handoff.priority, may) == ("asap", May.LOCKED)
    assert "can't book" in visitor.says("book a visit then")
    assert rows_of(live, visitor) == []


def test_who_cannot_go_on_online_is_given_to_a_person(live, visitor):
    said = answer(visitor, How_old_is="15", Will_a_parent="no")

    screening, handoff, may = kept(live, visitor)
    assert "a parent or guardian needs to be with you" in said
    assert screening.disposition == "NOT_SUITABLE_ONLINE"
    assert (handoff.priority, may) == ("urgent", May.LOCKED)
    assert "can't book" in visitor.says("book a visit then")
    assert rows_of(live, visitor) == []


def test_a_review_holds_a_time_that_a_practitioner_must_clear(live, visitor):
    said = answer(
        visitor,
        Now_your_health_in_general=["blood thinner"],
        Which_one_do_you_take=["Warfarin"],
    )
    booked = book_first_opening(visitor, "Rhea Vale")

    screening, handoff, may = kept(live, visitor)
    assert "keep taking your medicine just as prescribed" in said
    assert screening.disposition == "PRACTITIONER_REVIEW"
    assert may is May.PENDING
    assert "A practitioner looks at your answers first" in booked
    (visit,) = rows_of(live, visitor)
    assert (visit.status, visit.screening_id) == ("pending", screening.id)
    assert (handoff.reason, handoff.priority) == ("review", "routine")


def test_a_calm_result_books(live, visitor):
    said = answer(visitor)
    booked = book_first_opening(visitor, "Olga Kay")

    screening, handoff, may = kept(live, visitor)
    assert "This is not a medical check" in said
    assert screening.disposition == "OK_TO_BOOK"
    assert (handoff, may) == (None, May.OK)
    assert "Your visit is booked" in booked
    (visit,) = rows_of(live, visitor)
    assert (visit.status, visit.screening_id) == ("booked", screening.id)


def test_a_later_booking_asks_two_questions_and_then_books(live, visitor):
    answer(visitor)
    book_first_opening(visitor, "Tess Moor")
    first = visitor.says("I'd like to book another visit")
    assert "Before another visit" in first
    assert "Do any of these apply now" in first

    second = visitor.ticks("None of these")
    assert "Is anything new since you answered" in second
    said = visitor.presses("No, nothing new")

    assert "still counts" in said
    assert "These times are free" in said


def test_something_new_before_a_later_booking_asks_everything_again(live, visitor):
    answer(visitor)
    book_first_opening(visitor, "Lena Orr")
    visitor.says("I'd like to book another visit")
    visitor.ticks("None of these")

    said = visitor.presses("Yes, something is new")

    _, _, may = kept(live, visitor)
    assert "no longer counts" in said
    assert "Where is the main pain" in said
    assert may is May.SCREENING_NEEDED
    assert [one.status for one in rows_of(live, visitor)] == ["booked"]


@pytest.mark.parametrize(
    "text",
    ["i cant cope with my hip any longer", "I can't go on like this with my knee"],
)
def test_despair_of_a_pain_is_asked_about_and_locks_nothing(live, visitor, text):
    said = visitor.says(text)

    assert "thoughts of ending your life" in said
    visitor.presses("No, none of that")
    assert "These questions come first" in visitor.says("can i come thursday")


def test_a_hint_among_the_questions_is_asked_about_and_the_price_is_told(visitor):
    answer(visitor, until="How old is")

    said = visitor.says("this pain is killing me. how much is a visit?")

    assert "First visit: $125" in said
    assert "thoughts of ending your life" in said
    assert "How old is" in visitor.presses("No, none of that")
