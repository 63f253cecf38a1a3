"""What "ok" and "bye" are told soon after an emergency or a crisis."""

from dataclasses import replace
from datetime import timedelta

import pytest

from actions.cancelling import _affirm
from actions.misses import _out_of_scope, _suggest_or_go_on
from actions.small_talk import _small_talk
from bot.desk.emergency import alarm
from bot.desk.handoff import open_handoff
from tests.actions.chat import said
from tests.actions.test_misses import heard, misses

EMPTY = [
    (_affirm, "ok calling", "affirm"),
    (_small_talk, "no", "deny"),
    (_small_talk, "thanks", "thanks"),
    (_small_talk, "bye", "goodbye"),
    (_small_talk, "hello?", "greet"),
    (_suggest_or_go_on, "he's 71", "inform"),
    (_suggest_or_go_on, "its just him and me", "nlu_fallback"),
    (_out_of_scope, "the door is locked", "out_of_scope"),
]


def alarmed(chat, kind):
    with chat.house.store.unit() as unit:
        alarm(unit, chat.id, kind, "test", chat.now)
        unit.commit()


@pytest.mark.parametrize(("act", "text", "intent"), EMPTY)
@pytest.mark.parametrize(("kind", "number"), [("EMERGENCY", "911"), ("CRISIS", "988")])
def test_advice_is_kept_to(chat, kind, number, act, text, intent):
    alarmed(chat, kind)
    turn = heard(chat, text, intent)
    act(turn)

    (message,) = turn.dispatcher.messages
    assert number in message["text"]
    assert message["buttons"] == []
    assert misses(chat) == []
    assert chat.handoff().detail == "test"


@pytest.mark.parametrize(("act", "text", "intent"), EMPTY)
def test_an_hour_later_talk_is_small_again(chat, act, text, intent):
    alarmed(chat, "EMERGENCY")
    later = chat.now + timedelta(hours=1, seconds=1)
    turn = replace(heard(chat, text, intent), now=later)
    act(turn)

    assert "make the call first" not in said(turn)


def test_asking_for_a_person_is_no_alarm(chat):
    with chat.house.store.unit() as unit:
        open_handoff(unit, chat.id, "asked_for_a_person", "routine", chat.now)
        unit.commit()
    turn = heard(chat, "thanks", "thanks")
    _small_talk(turn)

    assert said(turn) == "utter_thanks"


def test_what_the_assistant_is_may_still_be_asked(chat):
    alarmed(chat, "CRISIS")
    turn = heard(chat, "are you real", "bot_challenge")
    _small_talk(turn)

    assert said(turn) == "utter_bot_challenge"
