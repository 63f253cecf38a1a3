"""Notices when a visitor takes something back or adds to an earlier answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from bot.clinic.interview import TICKED, UNSURE_ONCE, Screen
from bot.clinic.questionnaire import Questionnaire
from bot.clinic.reading import line_words, named
from bot.clinic.replies import find, plain
from bot.clinic.screening import Answer

_CORRECTION = re.compile(
    r"\b(wait|actually|sorry|correction|i meant|i forgot|forgot to|forgot|mistake|also"
    r"|one more thing|i do (take|have)|change my|earlier)\b"
)
_BACK = re.compile(
    r"^(please )?(can (i|we) |i want to |let me )?(go )?(back|a step back|one back|"
    r"change (my|the) last( answer)?|undo|previous( question)?)( please)?$"
)


def wants_back(text: str) -> bool:
    """Tell whether the visitor wants the screen before this one again."""
    return bool(_BACK.match(plain(text)))


@dataclass(frozen=True)
class Correction:
    """What a reply changes about answers that were given before."""

    answers: Mapping[str, Answer]
    asked: Mapping[str, str]


def read_correction(
    questionnaire: Questionnaire,
    answers: Mapping[str, Answer],
    screen: Screen,
    text: str,
) -> Correction | None:
    """Read "wait, I do take aspirin": a change to the line of an earlier checklist.

    Args:
        questionnaire: for the lines and the words that tick them.
        answers: what was answered so far; only those questions can be corrected.
        screen: the screen shown now; its own questions are no correction.
        text: the reply as typed.
    """
    if not _CORRECTION.search(plain(text)):
        return None
    earlier = [
        question
        for name, question in questionnaire.questions.items()
        if name in answers and name not in screen.questions and question.label
    ]
    changed: dict[str, Answer] = {}
    marks: dict[str, str] = {}
    for one in find(text, line_words(earlier)):
        question = questionnaire.questions[one.value]
        values = named(question, text) if question.type == "multi" else []
        if one.unsure:
            marks[one.value] = UNSURE_ONCE
        elif one.negated:
            changed[one.value] = question.none_answer
        elif values:
            changed[one.value] = _joined(answers[one.value], values)
        elif question.ticked_answer is not None:
            changed[one.value] = question.ticked_answer
        else:
            marks[one.value] = TICKED
    return Correction(changed, marks) if changed or marks else None


def _joined(before: Answer, values: list[str]) -> list[str]:
    kept = (
        [one for one in before if one not in ("none", "declined")]
        if isinstance(before, (list, tuple))
        else []
    )
    return list(dict.fromkeys([*kept, *values]))
