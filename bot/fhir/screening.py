"""Screenings as FHIR R4 `QuestionnaireResponse` resources."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fhir.resources.questionnaireresponse import QuestionnaireResponse

from bot.clinic.questionnaire import DECLINED, Question, Questionnaire
from bot.clinic.screened import Screening
from bot.clinic.screening import SENSITIVE, Answer
from bot.fhir.questionnaire import URL, by_stage, coding

_OURS = "urn:meridian:screening"
_ABSENT = "http://hl7.org/fhir/StructureDefinition/data-absent-reason"
_CONFIDENTIALITY = "http://terminology.hl7.org/CodeSystem/v3-Confidentiality"


def response(asked: Questionnaire, screening: Screening) -> QuestionnaireResponse:
    """Return one screening.

    The visitor is named by the conversation only. What they would rather not say
    has no answer and FHIR's reason `asked-declined`; what was never asked is not
    there. The disposition, the flags and the rules stand in extensions.

    Args:
        asked: the questions; answers to a question that is no longer there are left
            out, because nobody could say what they mean.
        screening: in any state.
    """
    visitor = {
        "type": "Patient",
        "identifier": {
            "system": "urn:meridian:conversation",
            "value": screening.conversation_id,
        },
    }
    version = screening.questions_version
    code, display = (
        ("R", "restricted")
        if SENSITIVE.intersection(screening.flags)
        else ("N", "normal")
    )
    return QuestionnaireResponse.parse_obj(
        {
            "id": screening.id,
            "meta": {
                "security": [
                    {"system": _CONFIDENTIALITY, "code": code, "display": display}
                ]
            },
            "questionnaire": f"{URL}|{version}" if version else URL,
            "status": screening.status,
            "subject": visitor,
            "source": _source(screening, visitor),
            "author": {"type": "Device", "display": "Meridian, an automated assistant"},
            "authored": screening.ended_at or screening.started_at,
            "extension": list(_result(screening)),
            "item": list(_groups(asked, screening)),
        }
    )


def _source(screening: Screening, visitor: dict[str, Any]) -> dict[str, Any]:
    if screening.answers.get("who_for", "self") == "self":
        return visitor
    return {"type": "RelatedPerson", "display": "Somebody who answered for the patient"}


def _result(screening: Screening) -> Iterable[dict[str, str]]:
    if screening.disposition:
        yield {
            "url": f"{_OURS}:disposition",
            "valueCode": screening.disposition.value,
        }
    for flag in screening.flags:
        yield {"url": f"{_OURS}:flag", "valueCode": flag}
    for rule in screening.rules:
        yield {"url": f"{_OURS}:rule", "valueString": rule}
    if screening.rules_version:
        yield {"url": f"{_OURS}:rules-version", "valueString": screening.rules_version}
    if screening.released_by:
        yield {"url": f"{_OURS}:released-by", "valueString": screening.released_by}


def _groups(asked: Questionnaire, screening: Screening) -> Iterable[dict[str, Any]]:
    for stage, questions in by_stage(asked):
        items = [
            _item(question, answer)
            for question in questions
            if (answer := screening.answers.get(question.id)) not in (None, [])
        ]
        if items:
            yield {"linkId": stage, "item": items}


def _item(question: Question, answer: Answer) -> dict[str, Any]:
    item: dict[str, Any] = {"linkId": question.id, "text": question.text}
    values = answer if isinstance(answer, (list, tuple)) else (answer,)
    if DECLINED in values:
        declined = {"url": _ABSENT, "valueCode": "asked-declined"}
        return item | {"extension": [declined]}
    return item | {"answer": [_answer(question, one) for one in values]}


def _answer(question: Question, value: Answer) -> dict[str, Any]:
    if isinstance(value, bool):
        return {"valueBoolean": value}
    if isinstance(value, int):
        return {"valueInteger": value}
    return {"valueCoding": coding(question, str(value))}
