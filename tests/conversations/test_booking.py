from datetime import datetime

import pytest
import sqlalchemy as sa

from bot.clinic.booking import CELL
from bot.clinic.when import zone
from bot.store.tables import appointments, cells
from tests.conversations.journeys import answer_healthily, choose_first_opening
from tests.live import Live, Visitor

pytestmark = pytest.mark.model


@pytest.fixture
def visitor(live: Live) -> Visitor:
    return Visitor(live.url)


@pytest.fixture
def screened(visitor: Visitor) -> Visitor:
    visitor.says("I'd like to book an appointment")
    answer_healthily(visitor)
    return visitor


def rows_of(live: Live, visitor: Visitor) -> list[sa.engine.Row]:
    store = live.store()
    with store.engine.connect() as connection:
        found = connection.execute(
            appointments.select().where(
                appointments.c.conversation_id == visitor.conversation_id
            )
        ).all()
    store.close()
    return found


def cells_of(live: Live, appointment_id: str) -> list[sa.engine.Row]:
    store = live.store()
    with store.engine.connect() as connection:
        found = connection.execute(
            cells.select().where(cells.c.appointment_id == appointment_id)
        ).all()
    store.close()
    return found


def test_a_screened_visitor_books_and_the_cells_stand(live, screened):
    choose_first_opening(screened)
    screened.says("Ana O'Neil, 780 555 0199, ana@example.net")
    said = screened.says("yes")

    assert "booked" in said
    (booked,) = rows_of(live, screened)
    assert booked.status == "booked"
    assert booked.patient_name == "Ana O'Neil"
    claimed = {
        cell.starts_at
        for cell in cells_of(live, booked.id)
        if cell.resource == f"practitioner:{booked.practitioner_id}"
    }
    length = (booked.ends_at - booked.starts_at) // CELL
    assert {booked.starts_at + CELL * n for n in range(length)} <= claimed


def test_an_emergency_typed_as_the_name_books_nothing(live, screened):
    choose_first_opening(screened)
    said = screened.says("i cant feel anything when i wipe")

    assert "911" in said
    assert [row.status for row in rows_of(live, screened)] in ([], ["held"])
    assert "can't book" in screened.says("book a visit please")


def test_a_question_in_the_middle_is_answered_and_the_form_goes_on(screened):
    choose_first_opening(screened)
    said = screened.says("what should I wear?")

    assert "loose clothes" in said
    assert "What name" in said


def test_another_day_is_offered_on_request(screened):
    said = screened.says("friday morning")

    labels = [button["label"] for button in screened.heard[-1]["buttons"]]
    assert "free" in said
    assert all("Friday" in label for label in labels[:-2])


def test_more_shows_other_times_and_ends_nothing(screened):
    before = set(screened.labels[:3])

    said = screened.says("more")

    assert "free" in said
    assert not before & set(screened.labels)


def test_a_booked_visit_can_be_cancelled_and_its_time_is_free(live, screened):
    choose_first_opening(screened)
    screened.says("Ana O'Neil, 780 555 0199, ana@example.net")
    screened.says("yes")
    screened.says("please cancel my appointment")
    said = screened.presses(screened.heard[-1]["buttons"][0]["label"])

    assert "cancelled" in said
    (row,) = rows_of(live, screened)
    assert row.status == "cancelled"
    assert cells_of(live, row.id) == []


def test_a_typed_yes_cancels_the_only_visit(live, screened):
    choose_first_opening(screened)
    screened.says("Ana O'Neil, 780 555 0199, ana@example.net")
    screened.says("yes")

    asked = screened.says("please cancel my appointment")
    said = screened.says("yes")

    assert "Shall I cancel your visit" in asked
    assert "cancelled" in said
    (row,) = rows_of(live, screened)
    assert row.status == "cancelled"


def test_stop_leaves_the_form_and_books_nothing(live, screened):
    choose_first_opening(screened)
    said = screened.says("stop")

    assert "booked nothing" in said
    assert rows_of(live, screened) == []


def test_nobody_books_without_the_safety_questions(live, visitor):
    said = visitor.says("I'd like to book an appointment")

    assert "safety questions" in said
    assert rows_of(live, visitor) == []


def test_an_offered_time_can_be_chosen_in_words(screened):
    said = screened.says("the second one")

    assert "What name" in said


def test_a_course_is_booked_as_a_whole(live, screened):
    screened.says("once a week for three weeks")
    choose_first_opening(screened)
    read_back = screened.says("Ana O'Neil, 780 555 0199, ana@example.net")
    said = screened.says("yes")

    assert "Visit 3: " in read_back
    assert "3 visits are booked" in said
    booked = rows_of(live, screened)
    assert sorted(one.course_number for one in booked) == [1, 2, 3]
    assert len({one.course_id for one in booked}) == 1


def test_two_meanings_get_one_question_and_the_hours_are_kept(screened):
    today = datetime.now(zone("America/Edmonton")).strftime("%A")
    if today in ("Friday", "Saturday", "Sunday"):
        pytest.skip("from Friday on, next Friday means one day only")
    asked = screened.says("next friday after 2")
    said = screened.says("the second one")

    assert asked.startswith("Do you mean Friday")
    labels = [button["label"] for button in screened.heard[-1]["buttons"]]
    assert all("pm" in label for label in labels[:3])
    assert "free" in said


def test_any_part_is_corrected_before_it_is_booked(live, screened):
    choose_first_opening(screened)
    screened.says("Ana O'Neil, 780 555 0199")
    screened.says("ana@example.net")
    screened.says("no wait, thursday")
    choose_first_opening(screened)
    screened.says("my number is 780 555 0144")
    screened.says("yes")

    (booked,) = rows_of(live, screened)
    assert booked.patient_phone == "+17805550144"
    assert booked.starts_at.astimezone(zone("America/Edmonton")).strftime("%a") == "Thu"


@pytest.mark.parametrize("text", ["yesterday", "31 february", "tomorrow at 25:00"])
def test_impossible_times_get_a_plain_answer(live, screened, text):
    said = screened.says(text)

    assert "suit you?" in said or "do you mean?" in said
    assert rows_of(live, screened) == []


def test_who_cannot_be_met_may_wait(live, screened):
    screened.says("friday at 3am")
    screened.presses("Tell me if one frees up")
    screened.says("Ana O'Neil, 780 555 0199")
    read_back = screened.presses("Skip")
    said = screened.says("yes")

    assert "Waitlist: Friday" in read_back
    assert "on the waitlist" in said
    assert rows_of(live, screened) == []
