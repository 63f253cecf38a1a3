"""Bookings from the first word to the last, as picky patients have them."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clinic.booking import Patient, read_opening
from bot.clinic.screening import Disposition
from bot.clock import utc_now
from bot.desk import booking
from bot.house import load_shelf
from bot.settings import load
from bot.store.tables import appointments
from tests.conversations.journeys import answer_healthily, choose_first_opening
from tests.desk.cast import Cast
from tests.live import Live, Visitor

pytestmark = pytest.mark.model


@pytest.fixture
def screened(live: Live) -> Visitor:
    visitor = Visitor(live.url)
    visitor.says("I'd like to book an appointment")
    answer_healthily(visitor)
    return visitor


def give(visitor: Visitor, number: int) -> str:
    """Tell who comes; return what is read back."""
    return visitor.says(f"Ana Lind, 780 555 0{number}, ana{number}@example.net")


def visits_of(live: Live, visitor: Visitor) -> list[sa.engine.Row]:
    store = live.store()
    with store.engine.connect() as connection:
        found = connection.execute(
            appointments.select()
            .where(appointments.c.conversation_id == visitor.conversation_id)
            .order_by(appointments.c.starts_at)
        ).all()
    store.close()
    return found


def labels(visitor: Visitor) -> list[str]:
    return [one["label"] for one in visitor.heard[-1].get("buttons", [])]


@pytest.mark.parametrize(
    ("text", "noted"),
    [
        ("friday the 4th of december", "December 4"),
        ("tomorrow morning?", "tomorrow"),
        ("thursday after 5 any chance", "Thursday"),
    ],
)
def test_a_day_out_of_the_blue_begins_a_booking_with_that_day(live, text, noted):
    visitor = Visitor(live.url)

    begun = visitor.says(text)

    assert "safety questions" in begun
    # A day that has two meanings today is asked about after the questions.
    assert noted in begun or "Gladly." in begun


def test_the_day_that_was_named_first_is_offered_in_the_end(live):
    visitor = Visitor(live.url)
    visitor.says("friday the 11th of december")

    said = answer_healthily(visitor)

    assert "free" in said
    assert all("December 11" in label for label in labels(visitor)[:-2])


def test_a_taken_time_gives_the_next_best_ones(live, screened):
    payload_of_first = labels(screened)[0]
    store, clinic, now = live.store(), load_shelf(load()).clinic, utc_now()
    cast = Cast(store, now)
    with store.reading() as unit:
        shown = [screened.heard[-1]["buttons"][0]["id"]]
        found = unit.conversations.choices(screened.conversation_id, shown)
    ((_, choice),) = found.values()
    opening_id = choice.payload.split('"')[3]
    opening = read_opening(clinic, opening_id)
    assert opening is not None
    rival = cast.visitor(None)
    with store.unit() as unit:
        unit.screenings.add(cast.screening(rival, Disposition.OK_TO_BOOK))
        unit.commit()
    with store.unit() as unit:
        patient = Patient("Rival", "+17805550271")
        done = booking.book(unit, clinic, rival, opening, patient, now)
    store.close()
    assert isinstance(done, booking.Booked)

    said = screened.presses(payload_of_first)

    assert "in the meantime" in said
    assert payload_of_first not in labels(screened)
    choose_first_opening(screened)
    give(screened, 272)
    assert "booked" in screened.says("yes")


def test_no_wait_another_day_and_a_question_between_lose_nothing(live, screened):
    choose_first_opening(screened)
    screened.says("Ana Lind")
    answered = screened.says("does it hurt?")
    screened.says("780 555 0273")
    read_back = screened.presses("Skip")
    again = screened.says("no wait, friday")
    choose_first_opening(screened)
    booked = screened.says("yes")

    assert "phone" in answered.lower()
    assert "Is it right?" in read_back
    assert "free" in again
    assert "booked" in booked
    (visit,) = visits_of(live, screened)
    assert visit.patient_name == "Ana Lind"
    assert visit.patient_phone == "+17805550273"


def test_cancelling_in_the_middle_books_nothing_and_frees_the_time(live, screened):
    first = labels(screened)[0]
    choose_first_opening(screened)
    said = screened.says("cancel that please")
    other = Visitor(live.url)
    other.says("book a visit")
    answer_healthily(other)

    assert "booked nothing" in said
    assert visits_of(live, screened) == []
    assert first in labels(other)


def test_a_visit_is_moved_and_its_old_time_is_free(live, screened):
    choose_first_opening(screened)
    give(screened, 274)
    screened.says("yes")
    (before,) = visits_of(live, screened)

    screened.says("can I move it to next week?")
    choose_first_opening(screened)
    said = screened.says("yes")

    (after,) = visits_of(live, screened)
    assert "Your visit is moved" in said
    assert (after.id, after.sequence) == (before.id, before.sequence + 1)
    assert after.starts_at > before.starts_at


def test_cancelling_late_says_what_the_terms_are_first(live, screened):
    choose_first_opening(screened)
    give(screened, 275)
    screened.says("yes")
    (visit,) = visits_of(live, screened)
    store, soon = live.store(), utc_now() + timedelta(hours=5)
    with store.engine.begin() as connection:
        connection.execute(
            appointments.update()
            .where(appointments.c.id == visit.id)
            .values(starts_at=soon, ends_at=soon + timedelta(hours=1))
        )
    store.close()

    asked = screened.says("i need to cancel my appointment")
    done = screened.presses(labels(screened)[0])

    assert "less than 24 hours away" in asked
    assert "$40" in asked
    assert "cancelled" in done
    (row,) = visits_of(live, screened)
    assert row.status == "cancelled"


def test_only_its_own_conversation_reads_of_a_visit(live, screened):
    choose_first_opening(screened)
    give(screened, 276)
    screened.says("yes")
    stranger = Visitor(live.url)

    mine = screened.says("when is my appointment?")
    theirs = stranger.says("when is my appointment? my number is 780 555 0276")
    moved = stranger.says("please cancel Ana Lind's appointment")

    (visit,) = visits_of(live, screened)
    assert "booked" in mine
    assert screened.heard[-1]["card"]["calendar_url"]
    for said in (theirs, moved):
        assert "no visit ahead in this conversation" in said
    assert "Ana" not in str(stranger.all_messages()[1]["text"])
    assert not any("card" in one for one in stranger.all_messages())
    assert visit.status == "booked"


def test_a_course_is_shown_in_one_message_with_one_file(live, screened):
    screened.says("once a week for three weeks")
    choose_first_opening(screened)
    give(screened, 277)
    screened.says("yes")

    said = screened.says("when is my appointment?")

    assert "3 visits ahead" in said
    assert len(screened.heard) == 1
    card = screened.heard[0]["card"]
    assert [label for label, _ in card["rows"]][:3] == ["Visit 1", "Visit 2", "Visit 3"]
    assert "/courses/" in card["calendar_url"]


def test_after_each_visit_of_a_course_the_pain_is_told_and_shown(live, screened):
    screened.says("once a week for two weeks")
    choose_first_opening(screened)
    give(screened, 278)
    screened.says("yes")
    store, now = live.store(), utc_now()
    first, last = visits_of(live, screened)
    # A day after the last visit the desk would offer the next course by itself.
    for visit, ago in ((first, timedelta(days=8)), (last, timedelta(hours=20))):
        ended = now - ago
        with store.engine.begin() as connection:
            connection.execute(
                appointments.update()
                .where(appointments.c.id == visit.id)
                .values(starts_at=ended - timedelta(hours=1), ends_at=ended)
            )
    store.close()

    screened.says("i feel better after the last visit")
    said = ""
    for _ in range(9):
        if "pain so far" in said:
            break
        said = _answer(screened)

    assert "2 after visit 2 of 2" in said
    assert "That was the last of your 2 visits" in said
    assert "Plan the next ones" in labels(screened)


def _answer(visitor: Visitor) -> str:
    """Answer one screen of the questions after a visit."""
    text, ticked = visitor.heard[-1]["text"], "checklist" in visitor.heard[-1]
    if ticked:
        return visitor.presses("None of these")
    if "right now" in text:
        return visitor.says("2")
    if "better, the same or worse" in text:
        return visitor.presses("Better")
    if "new or worrying" in text:
        return visitor.presses("No")
    return visitor.presses(labels(visitor)[0])
