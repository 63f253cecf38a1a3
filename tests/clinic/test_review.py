"""The last look before the answers are kept."""

from __future__ import annotations

import pytest

from bot.clinic.consequences import State
from bot.clinic.questionnaire import Plan
from bot.clinic.review import CHANGE, REVIEW, summary
from tests.screening import SCREENS, Talk, healthy, protocol

QUESTIONNAIRE = protocol().questionnaire
CHANGEABLE = [one for one in SCREENS if one != "consent"]


def plan(name: str) -> Plan:
    return next(one for one in QUESTIONNAIRE.screens if one.id == name)


def test_the_summary_is_short_and_has_every_heading():
    rows = dict(
        summary(QUESTIONNAIRE, State(healthy(blood_thinner=["aspirin"], lung=None), {}))
    )

    assert rows["Emergency signs"] == "None"
    assert rows["The pain"] == "Low back; How long this time: 6 to 12 weeks; " + (
        "Pain now: 5 of 10"
    )
    assert "Aspirin" in rows["Health in general"]
    assert "left open: Serious lung disease" in rows["Health in general"]
    assert len(rows) <= 10


def test_nothing_is_over_before_the_visitor_agrees():
    talk = Talk().at(REVIEW)

    assert not talk.over
    assert talk.screen.rows
    assert talk.say(["right"]).over


@pytest.mark.parametrize("text", ["yes", "ok", "looks good", "that's right", "correct"])
def test_agreeing_in_words(text):
    assert Talk().at(REVIEW).say(text).over


@pytest.mark.parametrize("text", ["no", "nope", "that's wrong", "I want to change it"])
def test_disagreeing_leads_to_the_choice_of_what_to_change(text):
    talk = Talk().at(REVIEW).say(text)

    assert talk.screen.id == CHANGE
    assert {value for value, _ in talk.screen.options} == {*CHANGEABLE, "nothing"}


@pytest.mark.parametrize("name", CHANGEABLE)
def test_changing_one_thing_asks_that_and_comes_back(name):
    talk = Talk().at(REVIEW)
    before = dict(talk.state.answers)

    talk.say(["wrong"], [name])

    assert talk.screen.id == name
    talk.at(REVIEW)
    assert talk.state.answers == before


def test_nothing_to_change_after_all_shows_the_summary_again():
    talk = Talk().at(REVIEW).say(["wrong"], ["nothing"])

    assert talk.screen.id == REVIEW
    assert Talk().at(REVIEW).say(["wrong"], "back").screen.id == REVIEW


@pytest.mark.parametrize(
    ("text", "name", "value"),
    [
        ("I'm 47, not 46", "age", 47),
        ("I do take aspirin", "blood_thinner", ["aspirin"]),
        ("it's my neck", "site", "neck"),
        ("the pain is a 6 now", "nrs", 6),
        ("wait, it's been more than a year", "duration", "gt_12w"),
        ("I have a pacemaker", "device", ["pacemaker"]),
        ("I saw a physio too", "prior_care", ["physio"]),
    ],
)
def test_a_typed_correction_is_understood_and_shown_again(text, name, value):
    talk = Talk().at(REVIEW).say(text)

    assert talk.state.answers[name] == value
    assert talk.screen.id == REVIEW
    assert QUESTIONNAIRE.questions[name].name in talk.hint


def test_a_correction_that_needs_more_is_asked_about_first():
    talk = Talk().at(REVIEW).say("my foot drags")

    assert talk.screen.questions == ("leg_weakness",)
    assert talk.say("one, new").screen.id == REVIEW


@pytest.mark.parametrize(
    ("text", "screen"),
    [("my age is wrong", "age"), ("change my mood", "mood"), ("how long", "duration")],
)
def test_what_is_named_is_asked_again(text, screen):
    assert Talk().at(REVIEW).say(text).screen.id == screen


@pytest.mark.parametrize(
    "text",
    [
        *("", "hm", "purple", "42 elephants", "?", "is this right?"),
        *("can i book this time?", "can i book a visit for friday"),
        "this is a disgrace, i want to complain",
    ],
)
def test_what_cannot_be_read_changes_nothing(text):
    talk = Talk().at(REVIEW)
    before = talk.state

    talk.say(text)

    assert talk.hint == QUESTIONNAIRE.hints.unclear
    assert talk.state == before


def test_back_from_the_summary_asks_the_last_question():
    assert Talk().at(REVIEW).say("go back").screen.id == "mood"
