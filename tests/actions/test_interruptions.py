"""Every interruption at every question of the screening, on the actions' real code."""

from __future__ import annotations

from dataclasses import replace

import pytest

from actions import OF_ITS_OWN_ACCORD
from actions.cancelling import _affirm, _begin_cancel
from actions.handoff import _complaint, _hand_over, stop
from actions.misses import _out_of_scope, _suggest_or_go_on
from actions.screening_replies import read
from bot.desk.screened import unfinished
from bot.desk.screening import answer, current_screen, start
from tests.actions.chat import leaves_the_form, said
from tests.screening import CALM, alone

LEFT_TO_THE_RULES = [
    ("does it hurt?", "faq"),
    ("how much is it?", "faq"),
    ("stop", "stop"),
    ("I want to talk to a person", "talk_to_human"),
    ("I want to complain", "complaint"),
]
KEPT_IN_PLACE = [
    ("why do you ask?", "faq"),
    ("why?", "inform"),
    ("asdf qwer", "inform"),
    ("thanks", "thanks"),
    ("hello", "greet"),
]
GOING_ON = [
    ("go on", "nlu_fallback", _suggest_or_go_on),
    ("Go on with the questions", "stop", stop),
    ("continue", "stop", stop),
    ("ok let's continue", "stop", stop),
    ("resume the screening please", "out_of_scope", _out_of_scope),
    ("carry on please", "affirm", _affirm),
    ("back to the questions", "stop", stop),
]
LEAVING = [stop, _hand_over, _complaint, _begin_cancel]
AFTER_CONSENT = [*CALM][1:]
AFTER_ANOTHER = list(zip([*CALM][1:-1], [*CALM][2:], strict=True))


def at(chat, screen_id):
    protocol = chat.house.shelf.protocol
    with chat.house.store.unit() as unit:
        start(unit, chat.id, "web", protocol, chat.now)
        while waiting(chat, unit) != screen_id:
            reply = CALM[waiting(chat, unit)]
            answer(unit, chat.id, protocol, reply, chat.now)
        unit.commit()


def waiting(chat, unit=None):
    protocol = chat.house.shelf.protocol
    if unit:
        screen = current_screen(unit, chat.id, protocol, chat.now)
    else:
        with chat.house.store.reading() as reading:
            screen = current_screen(reading, chat.id, protocol, chat.now)
    return screen.id if screen else None


def going(chat):
    with chat.house.store.reading() as unit:
        return unfinished(unit, chat.id, chat.now)


def put(chat, name):
    """Let one question be the only one that waits."""
    answers, marks = alone(name)
    with chat.house.store.unit() as unit:
        screening = unfinished(unit, chat.id, chat.now)
        assert screening
        one = replace(screening, answers=answers, asked=marks, heard_seq=0)
        unit.screenings.replace(one)
        unit.commit()
        screen = current_screen(unit, chat.id, chat.house.shelf.protocol, chat.now)
    assert screen
    assert screen.questions == (name,)
    return one


def typed(chat, text, intent="inform"):
    return chat.turn(
        text, intent, form="screening_form", requested_slot="screening_reply"
    )


@pytest.mark.parametrize("screen_id", list(CALM))
def test_no_interruption_loses_or_answers_the_question(chat, screen_id):
    at(chat, screen_id)

    for text, intent in LEFT_TO_THE_RULES:
        assert read(typed(chat, text, intent)) == {}, text
        assert waiting(chat) == screen_id, text
    for text, intent in KEPT_IN_PLACE:
        taken = read(typed(chat, text, intent))
        assert taken in ({}, {"screening_reply": None}), text
        assert waiting(chat) == screen_id, text


@pytest.mark.parametrize(("text", "intent"), [*LEFT_TO_THE_RULES, *KEPT_IN_PLACE])
def test_each_question_of_the_protocol_outlives_it(chat, text, intent):
    """Also those that only some are asked, each as if it had just been ticked."""
    at(chat, "consent")
    questionnaire = chat.house.shelf.protocol.questionnaire
    names = {*questionnaire.plan_of, *questionnaire.raised} - {"anything_new"}
    for name in names:
        kept = put(chat, name)

        read(typed(chat, text, intent))

        assert going(chat) == kept, name


@pytest.mark.parametrize("screen_id", AFTER_CONSENT)
def test_a_medicine_is_noted_at_any_question_and_answers_no_other(chat, screen_id):
    at(chat, screen_id)
    before, waits = going(chat).answers, waiting(chat)

    turn = typed(chat, "wait, I do take aspirin")
    read(turn)

    assert going(chat).answers == {**before, "blood_thinner": ["aspirin"]}
    assert waiting(chat) == waits


@pytest.mark.parametrize("screen_id", list(CALM))
def test_why_is_answered_in_plain_words(chat, screen_id):
    at(chat, screen_id)
    turn = typed(chat, "why do you ask?", "faq")

    read(turn)

    assert len(said(turn)) > 20


@pytest.mark.parametrize("intent", ["stop", "inform"])
@pytest.mark.parametrize(("before", "screen_id"), AFTER_ANOTHER)
def test_go_back_is_never_taken_for_leaving(chat, before, screen_id, intent):
    at(chat, screen_id)

    taken = read(typed(chat, "go back", intent))

    assert taken == {"screening_reply": None}
    assert waiting(chat) == before


@pytest.mark.parametrize("leave", LEAVING)
@pytest.mark.parametrize("screen_id", list(CALM))
def test_leaving_at_any_question_keeps_the_answers_for_a_day(chat, screen_id, leave):
    at(chat, screen_id)

    events = leave(typed(chat, "stop", "stop"))

    assert leaves_the_form(events)
    assert waiting(chat) == screen_id


@pytest.mark.parametrize("leave", LEAVING)
def test_leaving_with_a_fever_says_so_and_calls_staff(chat, leave):
    at(chat, "flags")
    with chat.house.store.unit() as unit:
        answer(unit, chat.id, chat.house.shelf.protocol, ["fever"], chat.now)
        unit.commit()
    turn = typed(chat, "stop", "stop")

    leave(turn)

    assert "need a doctor to look at them today" in said(turn)
    assert chat.handoff().priority == "asap"


@pytest.mark.parametrize("intent", sorted(OF_ITS_OWN_ACCORD))
def test_a_button_of_the_clinics_own_works_in_the_middle_of_the_questions(chat, intent):
    at(chat, "age")

    assert read(typed(chat, f"/{intent}", intent)) == {}
    assert waiting(chat) == "age"


@pytest.mark.parametrize(
    ("text", "before", "cares"),
    [
        ("my lower bak", [], True),
        ("my lower bak", ["utter_faq/cost"], True),
        ("my lower bak", ["utter_if_urgent"], False),
        ("nothing", [], False),
    ],
)
def test_the_number_to_call_is_said_once_and_not_to_a_plain_no(
    chat, text, before, cares
):
    turn = typed(chat, text)
    turn.tracker.latest_message["worrying"] = True
    said_before = [
        {"event": "bot", "metadata": {"utter_action": name}} for name in before
    ]
    turn.tracker.events = [
        {"event": "user", "text": "k"},
        *said_before,
        *turn.tracker.events,
    ]

    assert turn.asks_for_care is cares


@pytest.mark.parametrize(("text", "intent", "answer_to"), GOING_ON)
def test_typed_words_take_up_what_was_stopped(chat, text, intent, answer_to):
    at(chat, "site")
    stop(chat.turn("stop", "stop", form="screening_form"))

    turn = chat.turn(text, intent)
    events = answer_to(turn)

    assert "where we were" in said(turn)
    assert any(one.get("name") == "screening_form" for one in events)


@pytest.mark.parametrize("text", ["stop", "go back", "continue without me", "bye"])
def test_other_words_do_not_take_the_questions_up(chat, text):
    at(chat, "site")
    stop(chat.turn("stop", "stop", form="screening_form"))

    turn = chat.turn(text, "stop")
    stop(turn)

    assert "where we were" not in said(turn)


@pytest.mark.parametrize("text", ["yes but only when I cough", "only when it is cold"])
def test_a_qualified_yes_is_a_reply_and_no_question(chat, text):
    at(chat, "flags")
    protocol = chat.house.shelf.protocol
    with chat.house.store.unit() as unit:
        answer(unit, chat.id, protocol, "not sure about the fever", chat.now)
        unit.commit()

    found = read(chat.turn(text, "faq", requested_slot="screening_reply"))

    assert found
    assert going(chat).answers["fever"] == "yes"


def test_a_yes_to_a_list_is_asked_about_and_no_question(chat):
    at(chat, "flags")

    turn = chat.turn("yes but only when I cough", "faq")
    found = read(turn)

    assert found == {"screening_reply": None}
    assert "Which ones" in said(turn)
