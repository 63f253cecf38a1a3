"""Judges a pressed button of the safety questions where nobody goes on asking."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import cast

from bot.clinic.consequences import State
from bot.clinic.interview import UNSURE_ONCE
from bot.clinic.questionnaire import (
    UNSURE,
    Plan,
    Question,
    Questionnaire,
    ScreeningProtocol,
)
from bot.clinic.red_flags import MessageKey, RedFlag
from bot.clinic.screening import SENSITIVE, Answer, Disposition, evaluate

_ANSWER = "/answer"


def pressed_alarm(
    protocol: ScreeningProtocol, state: State, payload: str
) -> RedFlag | None:
    """Return the emergency that pressed buttons tell of, or None.

    "Both legs" and "Yes" say nothing by themselves; with their question they do.

    Args:
        state: where the interview stands.
        payload: what the buttons mean to the assistant, one a line.
    """
    said = {
        name: value
        for name, value in _answers(protocol.questionnaire, payload)
        # Who is not sure is asked once more before it counts.
        if value != UNSURE or state.asked.get(name) == UNSURE_ONCE
    }
    if not said:
        return None
    verdict = evaluate(protocol.rules, {**state.answers, **said}, ended=False)
    for one in verdict.rules:
        if one.then is Disposition.EMERGENCY:
            return RedFlag(
                kind="CRISIS" if SENSITIVE.intersection(one.flags) else "EMERGENCY",
                rule=one.id,
                group=one.flags[0] if one.flags else "",
                message=cast(MessageKey, one.message),
                sources=one.sources,
            )
    return None


def _answers(
    questionnaire: Questionnaire, payload: str
) -> Iterator[tuple[str, Answer]]:
    """Read what each pressed button answers; other buttons answer nothing."""
    for line in payload.split("\n"):
        if not line.startswith(f"{_ANSWER}{{"):
            continue
        given = json.loads(line.removeprefix(_ANSWER))
        value = given["answer"]
        question, ticked = _question(questionnaire, given.get("screen", ""), value)
        if question is not None:
            answer = question.ticked_answer if ticked else _value(question, value)
            yield question.id, answer


def _question(
    questionnaire: Questionnaire, screen_id: str, value: str
) -> tuple[Question | None, bool]:
    """Return the question that a button belongs to, and whether it ticks a line."""
    plan = _plan(questionnaire, screen_id)
    if plan is not None and value in plan.questions:
        return questionnaire.questions[value], True
    if plan is not None and len(plan.questions) == 1:
        return questionnaire.questions[plan.questions[0]], False
    return questionnaire.questions.get(screen_id), False


def _plan(questionnaire: Questionnaire, screen_id: str) -> Plan | None:
    """Return the screen of that name; Telegram cuts long lists into several."""
    shown = (*questionnaire.screens, *questionnaire.in_short_lists().screens)
    return next((one for one in shown if one.id == screen_id), None)


def _value(question: Question, value: str) -> Answer:
    if question.type == "bool":
        return value == "yes"
    return [value] if question.type == "multi" else value
