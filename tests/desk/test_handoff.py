from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.clinic.conversation import Said
from bot.clinic.errors import NotFound
from bot.desk import conversation
from bot.desk.handoff import give_back, open_handoff, reply
from tests.people import RECEPTIONIST, begin_conversation


@pytest.fixture
def chat(store, now):
    return begin_conversation(store, now)


def opened(store, chat, reason, priority, now):
    with store.unit() as unit:
        handoff = open_handoff(unit, chat, reason, priority, now)
        unit.commit()
    return handoff


def test_a_second_reason_raises_the_priority_of_the_first(store, chat, now):
    first = opened(store, chat, "asked_for_a_person", "routine", now)
    second = opened(store, chat, "emergency", "stat", now)

    assert second.id == first.id
    assert second.priority == "stat"


def test_a_lesser_reason_is_noted_and_lowers_nothing(store, chat, now):
    first = opened(store, chat, "emergency", "stat", now)
    second = opened(store, chat, "complaint", "urgent", now)

    assert (second.id, second.priority, second.reason) == (
        first.id,
        "stat",
        "emergency",
    )
    assert "complaint" in second.detail


def test_only_one_handoff_is_open_whoever_races(store, chat, now):
    def race(number):
        with store.unit() as unit:
            open_handoff(unit, chat, "emergency", "stat", now, detail=f"r{number}")
            unit.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(race, range(16)))

    with store.reading() as unit:
        (handoff,) = unit.handoffs.all_open()
    assert set(handoff.detail.split("; ")) == {f"r{number}" for number in range(16)}


def test_the_queue_is_most_pressing_first(store, now):
    calm, pressing = begin_conversation(store, now), begin_conversation(store, now)
    opened(store, calm, "asked_for_a_person", "routine", now)
    opened(store, pressing, "emergency", "stat", now)

    with store.reading() as unit:
        queue = [handoff.conversation_id for handoff in unit.handoffs.all_open()]
    assert queue == [pressing, calm]


def test_a_staff_reply_holds_the_conversation_under_a_name(store, chat, now):
    with store.unit() as unit:
        reply(unit, chat, RECEPTIONIST, "Hello, how can I help?", now)

    with store.reading() as unit:
        held = unit.handoffs.open_of(chat)
        (said,) = unit.conversations.after(chat, 0)
    assert (held.state, held.held_by) == ("held", RECEPTIONIST)
    assert (said.author, said.name) == ("staff", RECEPTIONIST)


def test_a_staff_reply_makes_the_assistant_forget(store, chat, now):
    with store.unit() as unit:
        conversation.hear_text(unit, chat, "c1", "hi", now)
        unit.commit()
    with store.unit() as unit:
        unit.conversations.set_state(chat, 1, "queued")
        unit.commit()
    with store.unit() as unit:
        reply(unit, chat, RECEPTIONIST, "I am here now.", now)

    with store.reading() as unit:
        assert unit.conversations.get(chat).epoch == 1
        assert unit.conversations.in_state(chat, "queued") == []


def test_given_back_is_said_and_no_longer_waits(store, chat, now):
    opened(store, chat, "complaint", "urgent", now)
    with store.unit() as unit:
        give_back(unit, chat, Said("Back with me.", "system"), now)

    with store.reading() as unit:
        assert unit.handoffs.open_of(chat) is None
        assert unit.conversations.after(chat, 0)[-1].text == "Back with me."


def test_nothing_to_give_back_is_an_error(store, chat, now):
    with store.unit() as unit, pytest.raises(NotFound):
        give_back(unit, chat, Said("x"), now)


@pytest.mark.parametrize(("name", "text"), [("", "hi"), ("Priya", "  ")])
def test_a_reply_needs_a_name_and_a_text(store, chat, now, name, text):
    with store.unit() as unit, pytest.raises(ValueError, match="needs"):
        reply(unit, chat, name, text, now)


def test_a_reply_to_nobody_is_an_error(store, now):
    with store.unit() as unit, pytest.raises(NotFound):
        reply(unit, "no-such-conversation", RECEPTIONIST, "hi", now)
