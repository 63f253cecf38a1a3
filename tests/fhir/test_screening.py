"""The safety questions and their answers as other programs of a clinic read them."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from fhir.resources.bundle import Bundle
from fhir.resources.questionnaire import Questionnaire
from fhir.resources.questionnaireresponse import QuestionnaireResponse
from hypothesis import given, settings

from bot.clinic.errors import NotFound
from bot.clinic.screening import AnyOf, Compare, Disposition, Not
from bot.export import export
from bot.fhir import questionnaire as questions
from bot.fhir.screening import response
from tests.clinic.test_brief import screened
from tests.screening import any_answers, healthy, protocol

ASKED = protocol().questionnaire


def read(resource: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(resource.json())
    return found


def items(resource: dict[str, Any]) -> dict[str, dict[str, Any]]:
    groups = resource.get("item", [])
    return {one["linkId"]: one for group in groups for one in group["item"]}


def told(**answers: Any) -> dict[str, Any]:
    return read(response(ASKED, screened(healthy(**answers))))


def test_the_questionnaire_is_valid_and_whole():
    found = read(questions.questionnaire(ASKED, "Safety questions"))

    assert Questionnaire.parse_obj(found)
    assert items(found).keys() == ASKED.questions.keys()
    assert (found["status"], found["experimental"]) == ("active", True)


def test_a_branch_is_enabled_by_the_answers_that_open_it():
    found = items(read(questions.questionnaire(ASKED, "Safety questions")))

    assert found["guardian"]["enableWhen"] == [
        {"question": "age", "operator": "<", "answerInteger": 18}
    ]
    assert found["trauma_days"]["enableBehavior"] == "any"
    assert len(found["trauma_days"]["enableWhen"]) == 2
    assert found["inflam_pattern"]["enableBehavior"] == "all"


def test_declining_is_no_option_but_a_missing_answer():
    found = items(read(questions.questionnaire(ASKED, "Safety questions")))
    codes = [
        one["valueCoding"]["code"] for one in found["blood_thinner"]["answerOption"]
    ]

    assert "blood_thinner.declined" not in codes
    assert found["blood_thinner"]["repeats"] is True


@pytest.mark.parametrize(
    "condition",
    [
        Not(Compare("age", "lt", 18)),
        Compare("prior_care", "count_gte", 2),
        AnyOf((Not(Compare("age", "lt", 18)), Compare("age", "gt", 3))),
    ],
)
def test_a_condition_that_fhir_cannot_say_is_refused(condition):
    with pytest.raises(ValueError, match="FHIR"):
        questions._enabling(ASKED, condition)


def test_a_response_is_valid_and_answers_by_type():
    found = told(blood_thinner=["warfarin", "aspirin"], nrs=7)

    assert QuestionnaireResponse.parse_obj(found)
    told_items = items(found)
    assert told_items["consent"]["answer"] == [{"valueBoolean": True}]
    assert told_items["nrs"]["answer"] == [{"valueInteger": 7}]
    assert [
        one["valueCoding"]["display"] for one in told_items["blood_thinner"]["answer"]
    ] == ["Warfarin", "Aspirin"]


def test_what_was_declined_has_no_answer_but_a_reason():
    lung = items(told(lung="declined"))["lung"]

    assert "answer" not in lung
    assert lung["extension"][0]["valueCode"] == "asked-declined"


def test_the_result_goes_along_with_its_rules():
    found = told(fever="yes")

    said = {
        (one["url"].rpartition(":")[2], *one.values()) for one in found["extension"]
    }
    assert {one[0] for one in said} == {"disposition", "flag", "rule", "rules-version"}
    assert any("URGENT" in one for one in said)
    assert any("U02" in one for one in said)


def test_a_crisis_is_marked_as_restricted():
    found = told(mood="very_low", self_harm="thoughts")

    assert found["meta"]["security"][0]["code"] == "R"
    assert told()["meta"]["security"][0]["code"] == "N"


def test_answers_for_somebody_else_come_from_them():
    found = told(who_for="adult_with_permission")

    assert found["source"]["type"] == "RelatedPerson"


def test_an_emergency_without_questions_is_valid_too():
    red = screened(
        {},
        status="stopped",
        questions_version="",
        rules_version="",
        disposition=Disposition.EMERGENCY,
        rules=("chest.1",),
        flags=("RED_FLAG",),
    )
    found = read(response(ASKED, red))

    assert QuestionnaireResponse.parse_obj(found)
    assert found["status"] == "stopped"
    assert "item" not in found


@settings(max_examples=60, deadline=None)
@given(any_answers())
def test_any_answers_make_a_valid_response(answers):
    found = read(response(ASKED, screened(answers)))

    assert QuestionnaireResponse.parse_obj(found)
    answered = {name for name, answer in answers.items() if answer not in (None, [])}
    assert items(found).keys() == answered


def test_one_conversation_is_exported_alone(chat):
    chat.screened(Disposition.OK_TO_BOOK)
    other = type(chat)(chat.house, chat.now)
    other.screened(Disposition.URGENT)
    out = io.StringIO()

    export(chat.house, "screenings", chat.id, out)

    bundle = json.loads(out.getvalue())
    assert Bundle.parse_obj(bundle)
    kinds = [one["resource"]["resourceType"] for one in bundle["entry"]]
    assert kinds == ["Questionnaire", "QuestionnaireResponse"]


def test_all_conversations_are_exported_together(chat):
    chat.screened(Disposition.OK_TO_BOOK)
    type(chat)(chat.house, chat.now).screened(Disposition.URGENT)
    out = io.StringIO()

    export(chat.house, "screenings", None, out)

    assert len(json.loads(out.getvalue())["entry"]) == 3


def test_a_conversation_that_does_not_exist_is_named(chat):
    with pytest.raises(NotFound):
        export(chat.house, "screenings", "nobody", io.StringIO())
