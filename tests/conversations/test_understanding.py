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
