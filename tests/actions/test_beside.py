"""A question that comes with a reply, or with a deed: neither of them is lost."""

from __future__ import annotations

import pytest

from actions.screening_replies import read
from bot.desk.screening import answer, current_screen, start
from tests.actions.chat import said
from tests.screening import CALM


def now_shown(unit, chat):
    screen = current_screen(unit, chat.id, chat.house.shelf.protocol, chat.now)
    assert screen is not None
    return screen


def at(chat, screen_id):
    protocol = chat.house.shelf.protocol
    with chat.house.store.unit() as unit:
        start(unit, chat.id, "web", protocol, chat.now)
        while (screen := now_shown(unit, chat)).id != screen_id:
            answer(unit, chat.id, protocol, CALM[screen.id], chat.now)
        unit.commit()


def waiting(chat):
    with chat.house.store.reading() as unit:
        return now_shown(unit, chat).id


def asks(chat, text, asked, told, topic, intent="faq"):
    return chat.turn(
        text,
        intent,
        form="screening_form",
        requested_slot="screening_reply",
        beside={"topics": [topic], "asked": asked, "told": told},
    )


@pytest.mark.parametrize("intent", ["faq", "inform"])
def test_a_reply_is_taken_and_the_question_with_it_answered(chat, intent):
    at(chat, "age")
    turn = asks(chat, "46. does it hurt?", "does it hurt", "46", "needle_pain", intent)

    taken = read(turn)

    assert taken == {"screening_reply": None}
    assert waiting(chat) != "age"
    assert said(turn) == "utter_faq/needle_pain"


def test_a_question_that_may_be_an_answer_is_not_cut_off(chat):
    at(chat, "flags")
    turn = asks(
        chat,
        "none of these, is it safe with a fever?",
        "is it safe with a fever",
        "none of these",
        "safety",
    )

    assert read(turn) == {}
    assert waiting(chat) == "flags"


def test_what_is_no_reply_leaves_the_question_to_the_rules(chat):
    at(chat, "age")
    turn = asks(
        chat, "oh well. does it hurt?", "does it hurt", "oh well", "needle_pain"
    )

    assert read(turn) == {}
    assert waiting(chat) == "age"
    assert said(turn) == ""


def test_nothing_is_said_beside_an_emergency(chat):
    at(chat, "gate")
    asked = "how much is it"
    turn = asks(chat, f"chest pain now. {asked}", asked, "chest pain now", "cost")

    taken = read(turn)

    assert taken == {"screening_reply": "over"}
    assert "utter_faq/cost" not in said(turn)


def test_how_somebody_feels_is_no_complaint(chat):
    at(chat, "mood")
    turn = chat.turn(
        "awful, really", "complaint", form="screening_form", requested_slot="reply"
    )

    assert read(turn) == {"screening_reply": None}
    assert waiting(chat) == "self_harm"
