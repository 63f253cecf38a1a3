"""A reply counts once, and only for a screen that was seen."""

import pytest

from bot import house, settings
from bot.desk.screening import Asked, Unclear, answer, current_screen, start
from tests.people import begin_conversation


@pytest.fixture(scope="module")
def protocol():
    return house.load_shelf(settings.load()).protocol


@pytest.fixture
def chat(store, now, protocol):
    conversation_id = begin_conversation(store, now)
    with store.unit() as unit:
        start(unit, conversation_id, "web", protocol, now)
        answer(unit, conversation_id, protocol, ["yes"], now, seq=1)
        unit.commit()
    return conversation_id


def replied(store, chat, protocol, now, text, **about):
    with store.unit() as unit:
        result = answer(unit, chat, protocol, text, now, **about)
        unit.commit()
    return result


def shown(store, chat, protocol, now):
    with store.reading() as unit:
        screen = current_screen(unit, chat, protocol, now)
    assert screen
    return screen.id


def test_a_message_that_comes_twice_is_taken_once(store, chat, protocol, now):
    first = replied(store, chat, protocol, now, "for me", seq=3)
    again = replied(store, chat, protocol, now, "for me", seq=3)

    assert isinstance(first, Asked)
    assert isinstance(again, Unclear)
    assert shown(store, chat, protocol, now) == "age"


def test_what_was_typed_before_the_question_answers_nothing(store, chat, protocol, now):
    early = replied(store, chat, protocol, now, "for me", seq=3, seen=False)

    assert isinstance(early, Unclear)
    assert shown(store, chat, protocol, now) == "who_for"


def test_a_later_message_goes_on(store, chat, protocol, now):
    replied(store, chat, protocol, now, "for me", seq=3)
    later = replied(store, chat, protocol, now, "46", seq=5)

    assert isinstance(later, Asked)
    assert shown(store, chat, protocol, now) == "gate"
