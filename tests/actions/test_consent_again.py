"""What is said where the safety questions begin, and where they are asked again."""

from __future__ import annotations

import pytest

from actions.screening import _ask, _follow_up
from actions.screening_replies import read
from bot.clinic.conversation import Said
from bot.desk.screening import start
from tests.actions.chat import payloads, said

LONG = "I'm an automated assistant, not a doctor"
SHORT = "Shall I go on?"


def begin(chat):
    """Show the agreement, and write down that it was shown."""
    with chat.house.store.unit() as unit:
        asked = start(unit, chat.id, "web", chat.house.shelf.protocol, chat.now)
        unit.commit()
    return asked.screen


def hear(chat, text, **heard):
    form = {"form": "screening_form", "requested_slot": "screening_reply"}
    return chat.turn(text, **heard, **form)


def test_the_long_agreement_is_said_once(chat):
    screen = begin(chat)
    first = chat.turn("book")
    _ask(first)
    assert LONG in said(first)
    with chat.house.store.unit() as unit:
        unit.conversations.say(chat.id, Said(screen.text), chat.now)
        unit.commit()

    again = chat.turn("does it hurt?", seq=9)
    _ask(again)

    assert SHORT in said(again)
    assert LONG not in said(again)
    assert len(payloads(again)) == 3


@pytest.mark.parametrize("intent", ["out_of_scope", "nlu_fallback"])
def test_a_question_for_staff_is_named_as_one(chat, intent):
    begin(chat)

    turn = hear(chat, "do you have a lift?", intent=intent)
    read(turn)

    assert "our staff can" in said(turn)
    assert "clear yes or no" not in said(turn)


def test_a_doubtful_stop_leaves_no_question(chat):
    begin(chat)

    turn = hear(chat, "stp thes", intent="stop", confidence=0.25)

    assert read(turn) == {"screening_reply": None}


@pytest.mark.parametrize("text", ["it got worse", "the pain is a 6 now"])
def test_who_was_never_here_is_asked_before_their_last_visit_is(chat, text):
    turn = chat.turn(text, "progress_update")

    assert _follow_up(turn) == []

    assert "here for a visit already" in said(turn)
    assert payloads(turn) == ["/tell_progress", "/start_screening"]


@pytest.mark.parametrize("text", ["worse since my last visit", "the needles helped"])
def test_who_speaks_of_a_visit_is_asked_how_it_went(chat, text):
    turn = chat.turn(text, "progress_update")

    assert _follow_up(turn)

    assert "already" not in said(turn)


def test_when_is_my_visit_is_answered_among_the_questions(chat):
    begin(chat)

    turn = hear(chat, "when is my appointment?", intent="check_appointment")

    assert read(turn) == {"screening_reply": None}
    assert "no visit booked" in said(turn)
