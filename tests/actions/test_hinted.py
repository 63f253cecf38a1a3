"""Words that only suggest something, in the middle of a form and beside a question."""

from __future__ import annotations

import asyncio

import pytest

from actions import reply_to
from actions.screening import ActionRaiseQuestion, _over, _raise
from actions.screening_replies import OVER, say_result
from bot.desk.screening import Eased, current_screen, start
from tests.actions.chat import leaves_the_form, said, slots


def hinted(chat, text, topic=None, **more):
    entities = {"question": "self_harm"}
    if topic:
        entities["topic"] = topic
    return chat.turn(text, "raise_question", entities=entities, **more)


def waiting(chat):
    protocol = chat.house.shelf.protocol
    with chat.house.store.reading() as unit:
        return current_screen(unit, chat.id, protocol, chat.now)


@pytest.mark.parametrize("form", ["screening_form", "booking_form"])
def test_no_form_reads_a_hint_as_its_reply(chat, form):
    turn = hinted(chat, "this pain is killing me", form=form, requested_slot="reply")

    read = asyncio.run(
        reply_to("reply", lambda _: {"reply": "taken"}, turn.dispatcher, turn.tracker)
    )

    assert read == {}


def test_a_hint_among_the_questions_is_asked_about_next(chat):
    protocol = chat.house.shelf.protocol
    with chat.house.store.unit() as unit:
        start(unit, chat.id, "web", protocol, chat.now)
        unit.commit()

    events = _raise(hinted(chat, "this pain is killing me", form="screening_form"))

    assert leaves_the_form(events)
    assert waiting(chat).questions == ("self_harm",)


def test_a_question_around_a_hint_is_answered_before(chat):
    turn = hinted(chat, "how much is it, this pain is killing me", "cost")

    _raise(turn)

    assert said(turn).splitlines()[0] == "utter_faq/cost"


def test_a_hint_that_asks_nothing_is_not_answered_with_a_topic(chat):
    turn = hinted(chat, "this pain is killing me", "conditions_treated")

    _raise(turn)

    assert "utter_faq" not in said(turn)


def test_who_used_a_figure_of_speech_is_told_why_they_are_asked(chat):
    turn = hinted(chat, "this pain is killing me")

    _raise(turn)

    assert said(turn) == (
        "I may read too much into your words, but I would rather ask."
    )


def test_the_action_has_the_name_that_the_rule_calls():
    assert ActionRaiseQuestion().name() == "action_raise_question"


def test_a_visit_that_is_wished_for_beside_a_hint_is_not_forgotten(chat):
    turn = hinted(chat, "my neck is killing me, any slots on friday?")
    turn.tracker.latest_message["intent_ranking"] = [{"name": "book_appointment"}]
    kept = slots(_raise(turn))

    assert said(turn).endswith("Then we find you a time.")

    answered = chat.turn("no, none of that", **kept)
    went_on = slots(_over(answered, say_result(answered, Eased())))

    assert kept["booking_wanted"]
    assert "Friday" in said(answered)
    assert "safety questions" in said(answered)
    assert "ask me your question again" not in said(answered)
    assert went_on["booking_wanted"]


def test_a_day_beside_a_hint_is_a_wish_whatever_else_was_heard(chat):
    kept = slots(_raise(hinted(chat, "shoulder is killing me, can i come on tuesday")))

    assert kept["booking_wanted"]
    assert kept["wished_time"].endswith("tuesday")


def test_what_asks_for_no_visit_begins_none(chat):
    kept = slots(_raise(hinted(chat, "this pain is killing me")))

    answered = chat.turn("no, none of that", **kept)
    say_result(answered, Eased())

    assert "ask me your question again" in said(answered)
    assert not kept.get("booking_wanted")


def test_who_does_not_agree_to_the_questions_is_not_asked_anew(chat):
    refused = chat.turn("no", booking_wanted=True, screening_reply=OVER)

    after = slots(_over(refused))

    assert said(refused) == ""
    assert after["booking_wanted"] is None
