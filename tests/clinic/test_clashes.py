"""Answers that can hardly both be right: asked once more, kindly, then believed."""

from __future__ import annotations

import pytest

from tests.screening import Talk, protocol


def test_pain_in_a_leg_after_none_asks_about_the_legs():
    talk = Talk().at("site").say("my leg")

    assert "Let me ask about the legs once more" in talk.hint
    assert talk.screen.id == "leg_symptoms"

    talk.say("one leg")
    assert talk.state.answers["leg_symptoms"] == "one_leg"
    assert talk.state.answers["site"] == "leg"
    assert talk.screen.id == "duration"


def test_who_says_the_same_again_is_believed():
    talk = Talk().at("site").say("my leg").say("neither leg")

    assert talk.hint == ""
    assert talk.screen.id == "duration"
    assert talk.state.answers["leg_symptoms"] == "none"


def test_a_leg_named_before_the_list_is_asked_about_after_it():
    talk = Talk().at("age").say("46, my leg hurts").say(["none"])

    assert talk.screen.id == "leg_symptoms"


def test_pain_in_the_chest_after_none_asks_about_it_at_once():
    talk = Talk().at("site").say("chest")

    assert talk.screen.id == "chest_pain"
    assert talk.say("yes").state.answers["chest_pain"] == "yes"


def test_chemo_without_cancer_asks_about_cancer():
    talk = Talk().at("health").say(["immune"], "chemo now")

    assert "about cancer once more" in talk.hint
    assert talk.screen.id == "cancer"


def test_an_insulin_pump_without_diabetes_asks_about_diabetes():
    talk = Talk().at("body").say(["device"], ["insulin_pump_or_sensor"])

    assert "about diabetes once more" in talk.hint
    assert talk.screen.id == "diabetes"


@pytest.mark.parametrize("line", ["constant_night", "trauma"])
def test_no_pain_with_a_pain_that_was_told_asks_for_the_place(line):
    talk = Talk(site="no_pain", consent=True, who_for="self", age=46)
    talk.at("gate" if line == "trauma" else "flags").say([line])
    while talk.screen.id not in ("site", "gate", "flags", "health"):
        talk.say({"trauma_days": "10", "trauma_checked": "yes"}.get(talk.screen.id, ""))
        if talk.screen.id in ("trauma", "constant_night"):
            talk.say("a small knock" if line == "trauma" else "settles when i move")

    assert "Let me ask about the place once more" in talk.hint


def test_an_unlikely_pregnancy_asks_for_both_once():
    talk = Talk(consent=True, who_for="self", age=72).at("health")
    talk.say(["pregnancy"], "t1")

    assert "Let me ask both once more" in talk.hint
    assert talk.screen.id in ("age", "pregnancy")

    talk.say("27") if talk.screen.id == "age" else talk.say("by mistake")
    assert talk.hint == ""


def test_every_clash_says_so_and_leaves_something_to_answer():
    for clash in protocol().questionnaire.contradictions:
        assert "once more" in clash.hint
        assert clash.reopen or clash.ask
