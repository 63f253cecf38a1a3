import pytest

from bot.store.unit import Unit
from tests.live import Live, Visitor

pytestmark = pytest.mark.model


@pytest.fixture
def visitor(live: Live) -> Visitor:
    return Visitor(live.url)


def open_handoff(live: Live, visitor: Visitor):
    store = live.store()
    with store.reading() as unit:
        assert isinstance(unit, Unit)
        found = unit.handoffs.open_of(visitor.conversation_id)
    store.close()
    return found


@pytest.mark.parametrize(
    "text",
    ["i have crushing chest pain", "I want to end my life tonight"],
)
def test_an_emergency_is_answered_and_goes_to_staff_at_once(live, visitor, text):
    said = visitor.says(text)

    assert "911" in said
    assert visitor.heard[-1]["urgent"] is True
    handoff = open_handoff(live, visitor)
    assert handoff.priority == "stat"


@pytest.mark.parametrize(
    ("alarming", "word", "number"),
    [
        ("i have crushing chest pain", "ok", "911"),
        ("I want to end my life tonight", "yes", "988"),
    ],
)
def test_a_word_after_the_advice_is_told_it_again(
    live, visitor, alarming, word, number
):
    visitor.says(alarming)

    said = visitor.says(word)

    assert number in said
    assert "What would you like to do" not in said


def test_an_emergency_ticked_in_the_gate_ends_the_screening(live, visitor):
    visitor.says("would acupuncture suit me?")
    visitor.presses("Yes, and the visit is for me")
    visitor.says("46")
    said = visitor.ticks("Chest pain")

    assert "911" in said
    assert open_handoff(live, visitor).priority == "stat"


@pytest.mark.parametrize(
    ("so_far", "text"),
    [
        ([], "my ex is outside the house and wont leave"),
        (["46"], "dont bother ringing me back i wont be around"),
    ],
)
def test_what_only_the_second_net_hears_is_no_answer_to_a_question(
    visitor, so_far, text
):
    visitor.says("would acupuncture suit me?")
    visitor.presses("Yes, and the visit is for me")
    for reply in so_far:
        visitor.says(reply)

    said = visitor.says(text)

    assert "911" in said
    assert visitor.heard[-1]["urgent"] is True


def test_asking_for_a_person_opens_a_handoff(live, visitor):
    said = visitor.says("I want to talk to a real person please")

    assert "staff" in said
    assert open_handoff(live, visitor).reason == "asked_for_a_person"


def test_a_visitor_who_says_no_to_the_questions_keeps_nothing(live, visitor):
    visitor.says("would acupuncture suit me?")
    said = visitor.presses("No")

    store = live.store()
    with store.reading() as unit:
        kept = unit.screenings.of(visitor.conversation_id)
    store.close()
    assert "person at the clinic" in said
    assert all(not screening.answers for screening in kept)


def test_one_question_can_be_skipped_without_leaving_all(visitor):
    visitor.says("would acupuncture suit me?")
    visitor.presses("Yes")
    said = visitor.says("skip this question")

    assert "Do any of these apply" in said
