"""The safety questions as a FHIR R4 `Questionnaire`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from fhir.resources.questionnaire import Questionnaire as Resource

from bot.clinic.questionnaire import DECLINED, Question, Questionnaire
from bot.clinic.screening import All, AnyOf, Compare, Condition

URL = "urn:meridian:screening:questionnaire"
ANSWERS = "urn:meridian:screening:answers"
"""The code system of every answer that is chosen from a list."""

_TYPES: Mapping[str, str] = {"bool": "boolean", "int": "integer"}
_OPERATORS: Mapping[str, str] = {
    "eq": "=",
    "has": "=",
    "lt": "<",
    "lte": "<=",
    "gt": ">",
    "gte": ">=",
}
_LIMIT = "http://hl7.org/fhir/StructureDefinition/"


def questionnaire(asked: Questionnaire, title: str) -> Resource:
    """Return the questions of one version.

    It is `experimental`, FHIR's word for what must not guide care yet, because no
    clinician has signed it.

    Args:
        title: what it is called in a list.
    """
    return Resource.parse_obj(
        {
            "id": "screening",
            "url": URL,
            "version": asked.version,
            "name": "MeridianScreening",
            "title": title,
            "status": "active",
            "experimental": True,
            "subjectType": ["Patient"],
            "item": [
                {
                    "linkId": stage,
                    "text": stage.replace("_", " ").capitalize(),
                    "type": "group",
                    "item": [_item(asked, question) for question in questions],
                }
                for stage, questions in by_stage(asked)
            ],
        }
    )


def by_stage(asked: Questionnaire) -> Iterable[tuple[str, list[Question]]]:
    """Return the questions in the groups of questions.yml, in its order."""
    found = groupby(asked.questions.values(), key=lambda question: question.stage)
    return [(stage, list(questions)) for stage, questions in found]


def coding(question: Question, value: str) -> dict[str, str]:
    """Return one chosen answer as a FHIR `Coding`."""
    words = {"yes": "Yes", "no": "No", "unsure": "Not sure"} | dict(question.labels)
    return {
        "system": ANSWERS,
        "code": f"{question.id}.{value}",
        "display": words.get(value, value),
    }


def _item(asked: Questionnaire, question: Question) -> dict[str, Any]:
    item: dict[str, Any] = {
        "linkId": question.id,
        "text": question.text,
        "type": _TYPES.get(question.type, "choice"),
        "required": False,  # every question may be left out; the rules look after it
        "repeats": question.type == "multi",
    }
    if question.options:
        item["answerOption"] = [
            {"valueCoding": coding(question, value)}
            for value in question.options
            if value != DECLINED
        ]
    if question.type == "int":
        item["extension"] = [
            {"url": f"{_LIMIT}minValue", "valueInteger": question.lowest},
            {"url": f"{_LIMIT}maxValue", "valueInteger": question.highest},
        ]
    if question.ask_if:
        behavior, conditions = _enabling(asked, question.ask_if)
        item["enableWhen"] = conditions
        if len(conditions) > 1:
            item["enableBehavior"] = behavior
    return item


def _enabling(
    asked: Questionnaire, condition: Condition
) -> tuple[str, list[dict[str, Any]]]:
    """Put the condition of a question into FHIR's words.

    Raises:
        ValueError: FHIR has no words for it.
    """
    if isinstance(condition, Compare) and condition.operator == "in":
        values = condition.value if isinstance(condition.value, tuple) else ()
        parts = tuple(Compare(condition.question, "eq", one) for one in values)
        return "any", [_when(asked, part) for part in parts]
    if isinstance(condition, Compare):
        return "all", [_when(asked, condition)]
    if isinstance(condition, (All, AnyOf)):
        plain = [part for part in condition.parts if isinstance(part, Compare)]
        if len(plain) == len(condition.parts):
            behavior = "all" if isinstance(condition, All) else "any"
            return behavior, [_when(asked, part) for part in plain]
    raise ValueError("this condition cannot be said in FHIR")


def _when(asked: Questionnaire, compare: Compare) -> dict[str, Any]:
    if compare.operator not in _OPERATORS:
        raise ValueError(f"FHIR has no operator for {compare.operator!r}")
    when: dict[str, Any] = {
        "question": compare.question,
        "operator": _OPERATORS[compare.operator],
    }
    value = compare.value
    if isinstance(value, bool):
        return when | {"answerBoolean": value}
    if isinstance(value, int):
        return when | {"answerInteger": value}
    return when | {
        "answerCoding": coding(asked.questions[compare.question], str(value))
    }
