"""What words suggest is asked at once, once, and only where nobody asks already."""

from __future__ import annotations

import uuid
from datetime import datetime

import pytest

from bot.clinic.conversation import Message
from bot.desk import screening as desk
from bot.desk.conversation import hear_text
from bot.desk.suggesting import question_raised
from bot.store.unit import Store
from tests.people import begin_conversation
from tests.screening import protocol

PROTOCOL = protocol()


@pytest.fixture
def chat(store: Store, now: datetime) -> str:
    return begin_conversation(store, now)


def said(store: Store, chat: str, text: str, now: datetime) -> Message:
    with store.unit() as unit:
        seq = hear_text(unit, chat, str(uuid.uuid4()), text, now).seq
        unit.commit()
    with store.reading() as unit:
        return unit.conversations.after(chat, seq - 1)[0]


def raised(store: Store, chat: str, message: Message, now: datetime) -> str | None:
    with store.reading() as unit:
        return question_raised(unit, chat, message, PROTOCOL, now)


def test_a_hint_in_passing_raises_its_question(store, chat, now):
    message = said(store, chat, "what does it cost? this pain is killing me", now)

    assert raised(store, chat, message, now) == "self_harm"


def test_the_same_hint_again_raises_nothing(store, chat, now):
    said(store, chat, "this pain is killing me", now)
    again = said(store, chat, "really, it's killing me", now)

    assert raised(store, chat, again, now) is None


def test_an_answer_to_that_very_question_raises_nothing(store, chat, now):
    with store.unit() as unit:
        desk.raised(unit, chat, "web", PROTOCOL, "leg_symptoms", now)
        unit.commit()
    message = said(store, chat, "both legs", now)

    assert raised(store, chat, message, now) is None


def test_where_a_person_has_to_look_nothing_more_is_asked(store, chat, now):
    with store.unit() as unit:
        desk.record_red_flag(unit, chat, "chest_pain", "EMERGENCY", now)
        unit.commit()
    message = said(store, chat, "this pain is killing me", now)

    assert raised(store, chat, message, now) is None


def test_plain_words_raise_nothing(store, chat, now):
    message = said(store, chat, "what does it cost?", now)

    assert raised(store, chat, message, now) is None
