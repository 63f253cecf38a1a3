"""A network with combined plans, and a clinic where staff arrange the visits."""

from dataclasses import replace

import pytest

from bot.clinic.booking import Patient
from bot.clinic.wish import Wish
from bot.clock import utc_now
from bot.desk.by_hand import book_by_hand
from bot.desk.openings import offer
from bot.house import load_shelf
from bot.settings import load
from bot.store.unit import Store
from tests.conversations.journeys import answer_healthily, choose_first_opening
from tests.letters import FakeLinks
from tests.live import Live, Visitor

pytestmark = pytest.mark.model


def running(folder, clinic):
    meridian = Live(folder, clinic)
    meridian.start()
    try:
        meridian.wait_until_ready()
        yield meridian
    finally:
        meridian.stop()


@pytest.fixture(scope="module")
def bangalore(tmp_path_factory):
    yield from running(tmp_path_factory.mktemp("bangalore"), "bangalore")


@pytest.fixture(scope="module")
def new_york(tmp_path_factory):
    yield from running(tmp_path_factory.mktemp("new_york"), "new_york")


def labels(visitor):
    return [one["label"] for one in visitor.heard[-1].get("buttons", [])]


def in_the_diary(live, visitor):
    store: Store = live.store()
    with store.reading() as unit:
        found = unit.bookings.of_conversation(visitor.conversation_id)
        asked = unit.bookings.requests()
    store.close()
    return found, [
        one for one in asked if one.conversation_id == visitor.conversation_id
    ]


def book_for(live, visitor, request_id=None):
    """Let Mara book the first opening for a visitor."""
    clinic = load_shelf(replace(load(), clinic="new_york")).clinic
    store, now = live.store(), utc_now()
    with store.unit() as unit:
        book_by_hand(
            unit,
            clinic,
            FakeLinks(),
            visitor.conversation_id,
            offer(unit, clinic, Wish(), now)[0],
            Patient("Sam Lee", "+12125550187"),
            "Mara",
            now,
            request_id,
        )
    store.close()


def test_a_plan_of_two_therapies_is_proposed_and_booked_as_one(bangalore):
    visitor = Visitor(bangalore.url)
    visitor.says("I'd like to book something for my back pain")
    said = answer_healthily(visitor)
    assert "free" in said
    proposed = labels(visitor)
    said = visitor.presses("Acupuncture and physiotherapy together")
    choose_first_opening(visitor)
    read_back = visitor.says("Asha Rao, 98450 12345, asha@example.net")
    booked = visitor.says("yes")

    assert "Acupuncture and physiotherapy together" in proposed
    assert "Visit 2: " in read_back
    assert "2 visits are booked" in booked
    visits, _ = in_the_diary(bangalore, visitor)
    therapies = {one.treatment_id for one in visits}
    assert therapies == {"first_physiotherapy", "first_acupuncture"}


def test_the_network_says_why_this_person(bangalore):
    visitor = Visitor(bangalore.url)
    visitor.says("with a woman who speaks Kannada")
    said = answer_healthily(visitor)

    assert "speaks Kannada" in said
    assert "as you asked" in said


def test_a_request_reaches_staff_who_make_a_visit_of_it(new_york):
    visitor = Visitor(new_york.url)
    visitor.says("could I book a visit?")
    visitor.says("Tuesday or Thursday after 4")
    asked_for_reason = visitor.heard[-1]["text"]
    visitor.says("my neck is stiff from desk work")
    visitor.says("Sam Lee")
    read_back = visitor.says("212 555 0187")
    said = visitor.says("yes")

    assert "what would you like help with" in asked_for_reason
    assert "Times: Tuesday or Thursday after 4" in read_back
    assert "Nothing is booked yet" in said
    visits, (request,) = in_the_diary(new_york, visitor)
    assert visits == []
    assert request.reason == "my neck is stiff from desk work"
    assert request.patient_phone == "+12125550187"

    book_for(new_york, visitor, request.id)
    told = visitor.all_messages()[-1]
    visits, open_requests = in_the_diary(new_york, visitor)
    assert "Mara has booked a visit for you" in told["text"]
    assert told["card"]["calendar_url"]
    assert [one.status for one in visits] == ["booked"]
    assert open_requests == []


def test_times_named_first_are_not_asked_for_again(new_york):
    visitor = Visitor(new_york.url)

    said = visitor.says("next tuesday after 4 any chance")

    assert "I pass on the times you named" in said
    assert "what would you like help with" in said


def test_questions_on_the_way_are_answered_and_are_no_times(new_york):
    visitor = Visitor(new_york.url)
    visitor.says("could I book a visit?")

    cost = visitor.says("how much does it cost?")
    unclear = visitor.says("hmm what do you mean")
    agreed = visitor.says("yes")
    visitor.says("Friday after 3")
    asked_back = visitor.says("what should i say?")
    visitor.says("skip")
    visitor.says("Sam Lee")
    read_back = visitor.says("212 555 0187")
    skipped = visitor.says("skip")
    corrected = visitor.says("yes but thursday")
    visitor.says("yes")

    assert "full price" in cost
    for said in (cost, unclear, agreed):
        assert "Which days and times would suit you?" in said
    assert "what would you like help with" in asked_back
    assert "Times: Friday after 3" in read_back
    assert "Nothing is sent yet" in skipped
    assert "Times: yes but thursday" in corrected
    _, (request,) = in_the_diary(new_york, visitor)
    assert (request.preferred, request.reason) == ("yes but thursday", "")


def test_another_time_is_asked_of_staff_while_the_old_one_stands(new_york):
    visitor = Visitor(new_york.url)
    visitor.says("hello")
    book_for(new_york, visitor)
    (booked,), _ = in_the_diary(new_york, visitor)

    asked = visitor.says("can I move my appointment to another day?")
    read_back = visitor.says("friday after 3")
    told = visitor.says("yes")

    assert "this stands: " in asked
    assert "Which days and times would suit you?" in asked
    assert "Times: friday after 3" in read_back
    assert "Name: Sam Lee" in read_back
    assert "What you have booked stands" in told
    (stands,), (request,) = in_the_diary(new_york, visitor)
    assert stands == booked
    assert request.reason.startswith("Another time for a visit. Now: ")
