"""What visitors ask in passing, in short, twice in one message, or in vain."""

import pytest

from tests.live import Live, Visitor

pytestmark = pytest.mark.model


@pytest.fixture
def visitor(live: Live) -> Visitor:
    return Visitor(live.url)


def topics(visitor: Visitor) -> list[str]:
    """Return the topics of the last two messages that answered anything."""
    said = visitor.all_messages()
    return [one["topic"] for one in said if one.get("topic")][-2:]


def test_two_questions_in_one_message_get_two_answers(visitor):
    visitor.says("does it hurt and how much is it")

    assert topics(visitor) == ["needle_pain", "cost"]


@pytest.mark.parametrize(
    ("text", "topic", "next_step"),
    [
        ("can I come thursday and what does it cost", "cost", "some safety questions"),
        ("I want to book but does it hurt?", "needle_pain", "some safety questions"),
        ("need to cancel, is there a fee?", "cancellation_policy", "no visit ahead"),
        ("move my visit to friday please. where are you?", "location", "no visit"),
        ("I need to talk to someone. do you take insurance?", "insurance", "queue"),
    ],
)
def test_a_question_is_answered_and_the_deed_beside_it_begun(
    visitor, text, topic, next_step
):
    visitor.says(text)

    order = [one.get("topic") for one in visitor.heard]
    after = visitor.heard[order.index(topic) + 1 :]
    assert next_step in " ".join(one["text"] for one in after)


def test_a_long_conversation_forgets_no_deed_begun_after_an_answer(live, visitor):
    for _ in range(30):
        visitor.says("how long does a session take")
    visitor.says("can I come thursday and what does it cost")
    visitor.presses("Yes, and the visit is for me")
    said = visitor.says("46")

    assert "did not understand" not in said
    assert visitor.heard[-1].get("checklist")


def test_a_reply_to_a_safety_question_and_a_question_with_it_both_count(visitor):
    visitor.says("would acupuncture suit me?")
    visitor.presses("Yes, and the visit is for me")
    visitor.says("46. does it hurt?")

    *answers, following = visitor.heard
    assert answers[-1]["topic"] == "needle_pain"
    assert following["checklist"]


def test_a_question_that_names_a_caution_stays_with_the_safety_question(visitor):
    visitor.says("would acupuncture suit me?")
    visitor.presses("Yes, and the visit is for me")
    visitor.says("46")
    shown = visitor.heard[-1]["text"]
    visitor.says("no. is it ok to come with a fever?")

    assert visitor.heard[-1]["text"] == shown


def test_no_is_not_all_that_was_said(visitor):
    visitor.says("no thanks, but how much is it?")

    assert topics(visitor) == ["cost"]


def test_a_bare_question_leans_on_the_one_before(visitor):
    visitor.says("how long does the relief last")
    visitor.says("how much?")

    assert topics(visitor) == ["effect_duration", "cost"]


def test_the_price_of_a_treatment_is_its_own(visitor):
    said = visitor.says("how much is cupping")

    assert "Cupping (30 minutes): $65." in said


def test_the_hours_of_a_day_are_its_own(visitor):
    visitor.says("what are your opening hours")
    said = visitor.says("and on sunday?")

    assert "closed." in said
    assert topics(visitor)[-1] == "hours"


def test_what_is_not_understood_twice_goes_to_staff(live, visitor):
    visitor.says("blorp the fandangle quoxly")
    said = visitor.says("zibble frumptious narg plomp")

    store = live.store()
    with store.reading() as unit:
        handoff = unit.handoffs.open_of(visitor.conversation_id)
        noted = [one.text for one in unit.misses.open(10)]
    store.close()
    assert "our staff's queue" in said
    assert handoff.reason == "not_understood"
    assert "blorp the fandangle quoxly" in noted
