"""Which screen comes next in a screening, and what follows from an answer.

The state of an interview is two plain mappings: `answers` (question id to value) and
`asked` (question id to one of the marks below), both in the order in which they came.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from bot.clinic.questionnaire import (
    DECLINED,
    Kind,
    Plan,
    Question,
    Questionnaire,
    Shortcut,
)
from bot.clinic.screening import Answers

TICKED = "ticked"
"""On a checklist, or raised by something the visitor wrote: still to be asked."""
UNSURE_ONCE = "unsure"
"""To be asked once more, in other words."""
SKIPPED = "skipped"
"""The visitor would rather not answer."""
DONE = "done"
"""Answered, but the answer is not kept."""
FOLLOW_UP = "follow_up"
"""Beside the marks: these are the few questions after a visit."""
RECHECK = "recheck"
"""Beside the marks: these are the two questions before a later visit."""
AT_ONCE = "at_once"
"""Beside the marks: the question that the visitor's words raised last."""

Asked = Mapping[str, str]
_HIDDEN = (DECLINED,)
_NOT_SURE = ("unsure", "Not sure")


@dataclass(frozen=True)
class Screen:
    """What a visitor sees at one point of the interview.

    Args:
        id: the screen's id in screens.yml, or the question's where it follows up.
        options: value and label of each button; empty where a number is typed.
        none_value: the button of a checklist that says "none of these".
        progress: this screen's number and how many there are.
        why: the reason for asking, in plain words.
        questions: the questions that an answer settles.
        more: a longer notice that belongs to the question.
        again: the words for somebody who read the text a moment ago, or "".
        reask: it is asked once more after "not sure".
        skippable: "skip" is a fair answer.
        shortcuts: option value to the button that answers more.
        rows: heading and words of a summary that is shown with it.
    """

    id: str
    kind: Kind
    text: str
    options: tuple[tuple[str, str], ...]
    none_value: str | None
    progress: tuple[int, int]
    why: str
    questions: tuple[str, ...]
    more: str = ""
    again: str = ""
    none_label: str = ""
    reask: bool = False
    skippable: bool = True
    shortcuts: Mapping[str, Shortcut] = field(default_factory=dict)
    rows: tuple[tuple[str, str], ...] = ()


def next_screen(
    questionnaire: Questionnaire, answers: Answers, asked: Asked
) -> Screen | None:
    """Return the screen to show now, or None when everything has been asked.

    Follow-ups of ticked lines come before anything new; a question that the visitor's
    own words raised (`questionnaire.raised`) comes before everything. What was told of
    a list that is not put on this occasion comes last.
    """
    for name in (*questionnaire.raised, *questionnaire.triggers):
        at_once = name in questionnaire.raised or asked.get(AT_ONCE) == name
        pending = asked.get(name) in (TICKED, UNSURE_ONCE) and answers.get(name) is None
        if at_once and pending:
            return _single(questionnaire, name, None, asked, (1, 1))
    plans = put_screens(questionnaire, answers, asked)
    last = length(questionnaire, answers, asked)
    for number, plan in enumerate(plans, start=1):
        screen = _screen_of(questionnaire, plan, answers, asked, (number, last))
        if screen:
            return screen
    told = _told_beside(questionnaire, answers, asked)
    return _single(questionnaire, told, None, asked, (1, 1)) if told else None


def _told_beside(
    questionnaire: Questionnaire, answers: Answers, asked: Asked
) -> str | None:
    """Return what a visitor named of a list that is not put on this occasion."""
    others = (
        plan for plan in questionnaire.screens if not _belongs(plan, answers, asked)
    )
    named = (
        name
        for plan in others
        for name in _follow_ups(questionnaire, plan, answers, asked)
    )
    return next(named, None)


def length(questionnaire: Questionnaire, answers: Answers, asked: Asked) -> int:
    """Return how many screens there are for somebody.

    The last look is one of them; before a later visit there is none.
    """
    last_look = 0 if RECHECK in asked else 1
    return len(put_screens(questionnaire, answers, asked)) + last_look


def put_screens(
    questionnaire: Questionnaire, answers: Answers, asked: Asked
) -> list[Plan]:
    """Return the screens that somebody is put, answered or not."""
    return [
        plan
        for plan in questionnaire.screens
        if (plan.only_if is None or plan.only_if.holds(answers))
        and _belongs(plan, answers, asked)
    ]


def _belongs(plan: Plan, answers: Answers, asked: Asked) -> bool:
    """Tell whether a screen belongs to the questions of this occasion."""
    if RECHECK in asked:
        return bool(plan.recheck)
    if FOLLOW_UP in asked:
        wanted = plan.follow_up_if is None or plan.follow_up_if.holds(answers)
        return bool(plan.follow_up) and wanted
    return "only" not in (plan.follow_up, plan.recheck)


def _screen_of(
    questionnaire: Questionnaire,
    plan: Plan,
    answers: Answers,
    asked: Asked,
    progress: tuple[int, int],
) -> Screen | None:
    follow_up = next(_follow_ups(questionnaire, plan, answers, asked), None)
    if follow_up:
        return _single(questionnaire, follow_up, plan, asked, progress)
    waiting = [
        name
        for name in plan.questions
        if _open(name, answers, asked)
        and questionnaire.questions[name].asked_of(answers)
    ]
    if not waiting:
        return None
    if len(plan.questions) == 1 or (plan.kind == "scale" and len(waiting) == 1):
        return _single(questionnaire, waiting[0], plan, asked, progress)
    implied = implied_in(questionnaire, answers)
    begun = any(
        name in asked or (name in answers and name not in implied)
        for name in plan.questions
    )
    return _several(questionnaire, plan, waiting, progress, begun=begun)


def implied_in(questionnaire: Questionnaire, answers: Answers) -> set[str]:
    """Return the questions whose answers follow from others and were never given."""
    return {
        name
        for one in questionnaire.implied
        if one.condition.holds(answers)
        for name in one.answers
    }


def _follow_ups(
    questionnaire: Questionnaire, plan: Plan, answers: Answers, asked: Asked
) -> Iterator[str]:
    """Go through what must be asked on its own before the screen goes on."""
    for name in (*plan.questions, *plan.then):
        question = questionnaire.questions[name]
        if not _open(name, answers, asked):
            continue
        if asked.get(name) in (TICKED, UNSURE_ONCE):
            yield from (one for one in question.before if _open(one, answers, asked))
            yield name
        elif name in plan.then and question.asked_of(answers):
            yield name


def _open(name: str, answers: Answers, asked: Asked) -> bool:
    return answers.get(name) is None and asked.get(name) not in (SKIPPED, DONE)


def _several(
    questionnaire: Questionnaire,
    plan: Plan,
    waiting: list[str],
    progress: tuple[int, int],
    *,
    begun: bool,
) -> Screen:
    """Make one screen of several questions: a checklist, or several scales.

    Args:
        begun: part of it has been answered.
    """
    lines = tuple((name, questionnaire.questions[name].label) for name in waiting)
    is_list = plan.kind == "checklist"
    return Screen(
        id=plan.id,
        kind=plan.kind,
        text=plan.again if begun and plan.again else plan.text,
        options=lines,
        none_value="none" if is_list else None,
        progress=progress,
        why=plan.why,
        questions=tuple(waiting),
        more=plan.more,
        none_label=plan.none,
    )


def _single(
    questionnaire: Questionnaire,
    name: str,
    plan: Plan | None,
    asked: Asked,
    progress: tuple[int, int],
) -> Screen:
    """Make the screen of one question."""
    question = questionnaire.questions[name]
    alone = plan if plan and plan.questions == (name,) else None
    again = asked.get(name) == UNSURE_ONCE
    text = question.ask or (alone.text if alone else question.text)
    is_list = question.type == "multi"
    shortcuts = {
        f"{name}.{number}": one
        for number, one in enumerate(alone.shortcuts if alone and not again else ())
    }
    buttons = _options(question, follow_up=alone is None)
    if shortcuts:
        instead = tuple((value, one.label) for value, one in shortcuts.items())
        buttons = (*instead, *(one for one in buttons if one[0] != "yes"))
    return Screen(
        id=alone.id if alone else name,
        kind=_kind(question),
        text=question.reask if again and question.reask else text,
        options=buttons,
        none_value="none" if is_list else None,
        progress=progress,
        why=question.why or (plan.why if plan else ""),
        questions=(name,),
        more=alone.more if alone else "",
        again=alone.again if alone else "",
        none_label=(alone.none if alone else question.labels["none"])
        if is_list
        else "",
        reask=again,
        skippable=name != "consent",
        shortcuts=shortcuts,
    )


def _kind(question: Question) -> Kind:
    if question.type in ("bool", "ynu"):
        return "yes_no"
    if question.type == "int":
        return "scale" if question.highest == 10 else "number"
    return "checklist" if question.type == "multi" else "choice"


def _options(question: Question, *, follow_up: bool) -> tuple[tuple[str, str], ...]:
    """Return the buttons; after a tick, "I don't have this" comes last."""
    if question.type == "int":
        low, high = question.lowest or 0, question.highest or 0
        return tuple((str(n), str(n)) for n in range(low, high + 1) if high == 10)
    labels = question.labels
    if question.type in ("bool", "ynu"):
        pair = (("yes", labels.get("yes", "Yes")), ("no", labels.get("no", "No")))
        return (*pair, _NOT_SURE) if question.type == "ynu" else pair
    shown = [
        (value, labels[value])
        for value in question.options
        if value not in _HIDDEN and not (question.type == "multi" and value == "none")
    ]
    if follow_up and question.type == "choice":
        shown = [*shown[1:], shown[0]]
    return tuple(shown)
