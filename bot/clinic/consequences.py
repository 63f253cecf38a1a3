"""What follows from an answer in a screening: branches, clashes, and going back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from bot.clinic.interview import (
    AT_ONCE,
    DONE,
    FOLLOW_UP,
    RECHECK,
    TICKED,
    UNSURE_ONCE,
    Asked,
    implied_in,
)
from bot.clinic.questionnaire import DECLINED, UNSURE, Question, Questionnaire
from bot.clinic.screening import Answer, Answers

_TELLS_OF_NEWS = ("yes", UNSURE, DECLINED)
ASK_FOR_NEWS = ("anything_new", "new_worry")
"""The questions whose "yes" is that something is new."""


@dataclass(frozen=True)
class State:
    """Where an interview stands.

    Args:
        hint: a sentence about answers that cannot both be right, or "".
    """

    answers: Mapping[str, Answer]
    asked: Asked
    hint: str = ""


def apply(
    questionnaire: Questionnaire,
    state: State,
    answers: Mapping[str, Answer],
    asked: Asked,
) -> State:
    """Return the state after some answers and marks.

    Adds what they imply, drops the answers of branches that they close, and takes
    back answers that contradict each other, so that both are asked again.
    """
    # A question answered anew moves to the end, so that "go back" finds it.
    kept = {name: one for name, one in state.answers.items() if name not in answers}
    marks = {name: mark for name, mark in state.asked.items() if name not in answers}
    merged = State({**kept, **answers}, {**marks, **asked})
    return _without_contradictions(questionnaire, _settled(questionnaire, merged))


def _settled(questionnaire: Questionnaire, state: State) -> State:
    answers = dict(state.answers)
    for implied in questionnaire.implied:
        holds = implied.condition.holds(answers)
        for name, value in implied.answers.items():
            if holds:
                answers[name] = value
            elif answers.get(name) == value:
                del answers[name]
    for name in [*answers]:
        if _closed(questionnaire, name, answers, state.asked):
            del answers[name]
    return replace(state, answers=answers)


def _closed(
    questionnaire: Questionnaire, name: str, answers: Answers, asked: Asked
) -> bool:
    """Tell whether an answer belongs to a branch that is no longer open."""
    question = questionnaire.questions.get(name)
    if question is None or name in questionnaire.raised or question.asked_of(answers):
        return False
    parents = (
        parent
        for parent, other in questionnaire.questions.items()
        if name in other.before
    )
    return not any(
        asked.get(parent) in (TICKED, UNSURE_ONCE) and answers.get(parent) is None
        for parent in parents
    )


def _without_contradictions(questionnaire: Questionnaire, state: State) -> State:
    for clash in questionnaire.contradictions:
        if clash.once not in state.asked and clash.condition.holds(state.answers):
            again = without(state, (*clash.reopen, *clash.ask))
            marks = {**again.asked, **dict.fromkeys(clash.ask, TICKED)}
            if clash.once:
                marks[clash.once] = DONE
            return replace(again, asked=marks, hint=clash.hint)
    return state


def without(state: State, names: Collection[str]) -> State:
    """Return the state in which some questions were never answered."""
    return State(
        {name: one for name, one in state.answers.items() if name not in names},
        {name: mark for name, mark in state.asked.items() if name not in names},
    )


def asked_again(questionnaire: Questionnaire, answers: Answers) -> State:
    """Return the state in which a later screening begins.

    The emergency signs and the numbers are asked anew, and what was declined; all
    else is known and is shown at the last look.

    Args:
        answers: of a screening that still counts.
    """
    kept = {
        name: answer
        for name, answer in answers.items()
        if (question := questionnaire.questions.get(name)) is None
        or _lasts(questionnaire, question, answer)
    }
    return _settled(questionnaire, State(kept, {}))


def _lasts(questionnaire: Questionnaire, question: Question, answer: Answer) -> bool:
    changes = question.stage == "emergency_gate" or (
        question.type == "int" and question.id != "age"
    )
    raised = question.id in questionnaire.raised
    return not (changes or raised or answer == question.declined_answer)


def facts(questionnaire: Questionnaire, answers: Answers) -> dict[str, Answer]:
    """Return what is settled for good: the agreement, and who the person is."""
    return {
        name: answer
        for name, answer in answers.items()
        if name in questionnaire.questions
        and questionnaire.questions[name].stage == "start"
    }


def news(questionnaire: Questionnaire, known: Answers, answers: Answers) -> bool:
    """Tell whether somebody tells of anything that was not known before.

    Silence and doubt count as news: they are never a "no".

    Args:
        known: the answers that count so far.
        answers: those given now.
    """
    if any(answers.get(name) in _TELLS_OF_NEWS for name in ASK_FOR_NEWS):
        return True
    lines = (
        (questionnaire.questions[name], answer)
        for name, answer in answers.items()
        if name in questionnaire.questions
    )
    return any(
        answer not in (line.none_answer, known.get(line.id))
        for line, answer in lines
        if line.label and line.type != "int"
    )


def raise_question(questionnaire: Questionnaire, state: State, name: str) -> State:
    """Ask a question next that words suggested, whatever was asked before."""
    if name not in questionnaire.triggers:
        raise ValueError(f"{name} is not a question that a visitor's words can raise")
    marks = {**state.asked, name: TICKED, AT_ONCE: name}
    return replace(without(state, (name,)), asked=marks)


def start_over(questionnaire: Questionnaire, state: State) -> State:
    """Return the state in which all is asked again.

    Consent stays, and what words raised: nobody starts over past that.
    """
    settled = {RECHECK, FOLLOW_UP}.intersection(state.asked)
    kept = {"consent", *questionnaire.raised, state.asked.get(AT_ONCE)}
    names = [
        name
        for name, question in questionnaire.questions.items()
        if name not in kept and not (settled and question.stage == "start")
    ]
    return replace(without(state, names), hint=questionnaire.hints.from_the_top)


def go_back(questionnaire: Questionnaire, state: State) -> State:
    """Take back the answers of the screen that was answered last; consent stays."""
    implied = implied_in(questionnaire, state.answers)
    given = {*state.answers, *state.asked} - implied
    for plan in reversed(questionnaire.screens):
        names = tuple(questionnaire.covered(plan))
        if plan.id != "consent" and given.intersection(names):
            return _settled(questionnaire, without(state, names))
    return state
