"""What staff read of a screening."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings

from bot.clinic.brief import Brief, brief, groups, pain, say_answer
from bot.clinic.screened import VALID, Screening
from bot.clinic.screening import Answers, Disposition, evaluate
from tests.conftest import NOW
from tests.screening import any_answers, healthy, protocol

PROTOCOL = protocol()
QUESTIONNAIRE = PROTOCOL.questionnaire


def screened(answers: Answers, **changes: Any) -> Screening:
    verdict = evaluate(PROTOCOL.rules, answers, ended=True)
    one = Screening(
        id="s-1",
        conversation_id="c-1",
        status="completed",
        channel="web",
        rules_version="0.1.0",
        questions_version="0.1.0",
        started_at=NOW,
        expires_at=NOW + VALID,
        answers=answers,
        disposition=verdict.disposition,
        flags=verdict.flags,
        rules=tuple(criterion.id for criterion in verdict.rules),
        ended_at=NOW + timedelta(minutes=4),
    )
    return replace(one, **changes)


def the_brief(*screenings: Screening, **heard: str) -> Brief:
    found = brief(PROTOCOL, screenings, heard)
    assert found
    return found


def lines(answers: Answers) -> dict[str, str]:
    told = groups(QUESTIONNAIRE, answers, {})
    return {line.question: line.said for group in told for line in group.lines}


def test_without_a_screening_there_is_nothing_to_tell():
    assert brief(PROTOCOL, [], {}) is None


def test_the_most_severe_reason_comes_first():
    found = the_brief(screened(healthy(blood_thinner=["warfarin"], fever="yes")))

    assert [one.rule for one in found.reasons] == ["U02", "R04"]
    assert found.disposition is Disposition.URGENT
    assert all(one.why and one.sources for one in found.reasons)


def test_every_flag_says_what_it_asks_of_staff():
    found = the_brief(screened(healthy(device=["pacemaker"])))

    assert dict(found.flags)["NO_ELECTRO"] == "No electroacupuncture"


def test_every_answer_is_told_in_words():
    said = lines(healthy(blood_thinner=["warfarin", "aspirin"], lung="unsure"))

    assert said["blood_thinner"] == "Warfarin, Aspirin"
    assert said["lung"] == "Not sure"
    assert said["consent"] == "Yes"
    assert said["age"] == "40"
    assert said["duration"] == "6 to 12 weeks"


def test_what_was_denied_stands_together():
    gate = next(
        one
        for one in groups(QUESTIONNAIRE, healthy(), {})
        if one.title == "Emergency signs"
    )

    assert not gate.lines
    assert "Chest pain or tightness" in gate.denied


@pytest.mark.parametrize("answer", [None, "declined"])
def test_what_was_left_open_is_said_to_be_open(answer):
    found = groups(QUESTIONNAIRE, healthy(lung=answer), {})

    (health,) = [one for one in found if one.title == "Health in general"]
    assert health.left_open == ("Serious lung disease",)
    assert "Serious lung disease" not in health.denied


def test_answers_that_made_a_rule_fire_are_marked():
    found = the_brief(screened(healthy(heart_valve="yes", lung="declined")))

    marked = {
        line.question for group in found.groups for line in group.lines if line.matters
    }
    assert marked == {"heart_valve"}


def test_the_pain_picture_has_place_numbers_and_time():
    found = pain(QUESTIONNAIRE, healthy(nrs=7, impact_pain=5))

    assert found
    assert (found.site, found.where) == ("low_back", "Low back")
    assert (found.now, found.week, found.duration) == (7, 5, "6 to 12 weeks")


def test_no_answer_about_pain_makes_no_picture():
    assert pain(QUESTIONNAIRE, {"consent": True, "age": 40}) is None


def test_a_lock_that_nobody_released_outweighs_a_newer_calm_result():
    urgent = screened(healthy(fever="yes"), id="old")
    calm = screened(healthy(), id="new", started_at=NOW + timedelta(days=1))

    found = the_brief(calm, urgent)
    assert found.screening_id == "old"
    assert found.disposition is Disposition.URGENT


def test_an_emergency_in_free_text_keeps_the_answers_given_before():
    red = screened(
        {},
        id="red",
        started_at=NOW + timedelta(hours=1),
        disposition=Disposition.EMERGENCY,
        rules=("chest.1", "elsewhere"),
        flags=("RED_FLAG", "EMERGENCY"),
    )

    found = the_brief(screened(healthy()), red, **{"chest.1": "Possible heart attack."})
    assert [one.why for one in found.reasons] == [
        "Possible heart attack.",
        "Heard in what the visitor typed.",
    ]
    assert found.groups
    assert found.answered_at == NOW + timedelta(minutes=4)


def test_an_unfinished_screening_shows_what_is_known_so_far():
    open_one = screened(
        healthy(fever="yes", mood=None),
        status="in-progress",
        disposition=None,
        flags=(),
        rules=(),
        ended_at=None,
    )

    found = the_brief(open_one)
    assert found.provisional
    assert found.disposition is None
    assert [one.rule for one in found.reasons] == ["U02"]
    assert dict(found.flags).keys() == {"INFECTION"}


def test_every_possible_answer_has_words():
    for question in QUESTIONNAIRE.questions.values():
        for value in question.options:
            answer = [value] if question.type == "multi" else value
            assert say_answer(question, answer) != value, (question.id, value)


@settings(max_examples=200, deadline=None)
@given(any_answers())
def test_no_answers_can_upset_the_brief(answers):
    told = {
        line.question
        for group in groups(QUESTIONNAIRE, answers, {})
        for line in group.lines
    }

    assert all(answers.get(name) is not None for name in told)
