"""The last look: what was understood, before it is kept, and a way to change it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from bot.clinic.brief import Group, groups
from bot.clinic.consequences import State, without
from bot.clinic.interview import DONE, FOLLOW_UP, RECHECK, Screen, length
from bot.clinic.mentions import find
from bot.clinic.questionnaire import Plan, Questionnaire
from bot.clinic.replies import plain, yes_or_no
from bot.clinic.typed_labels import begun, misspelt

REVIEW = "review"
"""The screen with the summary, and the mark in `asked` that it was looked at."""
CHANGE = "change"
"""The screen on which one chooses what to change."""
_RIGHT, _WRONG, _NOTHING = "right", "wrong", "nothing"
_OF_TEN = ", 0 to 10"
_SHORTEST_WORD = 3
"""Shorter words of a heading ("how", "the") name nothing."""
_NAME_NOTHING = frozenset({"this", "time"})
_FEW_WORDS = 3
"""Longer replies may hold a word of a heading ("can I book a visit") by chance."""


def review_screen(questionnaire: Questionnaire, state: State) -> Screen | None:
    """Return the screen that follows the last question; None once it is confirmed."""
    mark = state.asked.get(REVIEW)
    if mark == DONE or RECHECK in state.asked:
        return None
    words = questionnaire.review
    if mark == CHANGE:
        changes = tuple(
            (plan.id, _heading(questionnaire, plan))
            for plan in _answered(questionnaire, state)
        )
        return Screen(
            id=CHANGE,
            kind="choice",
            text=words.which,
            options=(*changes, (_NOTHING, words.nothing)),
            none_value=None,
            progress=(1, 1),
            why=words.why,
            questions=(),
        )
    last = length(questionnaire, state.answers, state.asked)
    return Screen(
        id=REVIEW,
        kind="choice",
        text=words.text,
        options=((_RIGHT, words.right), (_WRONG, words.wrong)),
        none_value=None,
        progress=(last, last),
        why=words.why,
        questions=(),
        rows=summary(questionnaire, state),
    )


def read_review(
    questionnaire: Questionnaire, state: State, screen: Screen, reply: str | list[str]
) -> State | None:
    """Return the state after a reply to the last look; None where it is unclear.

    Args:
        reply: typed words, or the values of pressed buttons. Words that correct an
            answer are read before, by `corrections`.
    """
    value = _pressed(screen, reply)
    if value in (_RIGHT, _NOTHING):
        marks = {**state.asked, REVIEW: DONE}
        if value == _NOTHING:
            del marks[REVIEW]
        return State(state.answers, marks)
    if value == _WRONG:
        return State(state.answers, {**state.asked, REVIEW: CHANGE})
    said = plain(reply).split() if isinstance(reply, str) else []
    amiss = _AMISS.intersection(said) or _NOT_ALL_WELL.search(" ".join(said))
    names_one = screen.id == CHANGE or amiss or len(said) <= _FEW_WORDS
    plan = _named(questionnaire, state, value, reply) if names_one else None
    if plan:
        return reopened(questionnaire, state, plan)
    return State(state.answers, {**state.asked, REVIEW: CHANGE}) if amiss else None


def reopened(questionnaire: Questionnaire, state: State, plan: Plan) -> State:
    """Return the state in which one screen is asked again; all else stays."""
    names = (*questionnaire.covered(plan), REVIEW)
    return without(state, names)


def summary(questionnaire: Questionnaire, state: State) -> tuple[tuple[str, str], ...]:
    """Put all answers into one short line for each heading; consent goes unsaid."""
    told = groups(questionnaire, state.answers, state.asked)
    unsaid = {
        plan.title
        for plan in questionnaire.screens
        if plan.id == "consent" or _settled_before(questionnaire, state, plan)
    }
    return tuple(
        (one.title, "; ".join(_said(one))) for one in told if one.title not in unsaid
    )


def _settled_before(questionnaire: Questionnaire, state: State, plan: Plan) -> bool:
    """Tell whether it is about who somebody is, which no visit changes."""
    settled = questionnaire.questions[plan.questions[0]].stage == "start"
    return settled and FOLLOW_UP in state.asked


def _said(group: Group) -> Iterator[str]:
    for line in group.lines:
        if line.said == "Yes":
            yield line.name
        elif line.name in (group.title, "Main pain", "Who the visit is for"):
            yield line.said
        elif line.name.endswith(_OF_TEN):
            yield f"{line.name.removesuffix(_OF_TEN)}: {line.said} of 10"
        else:
            yield f"{line.name}: {line.said}"
    if group.denied:
        yield "None of the others" if group.lines or group.left_open else "None"
    if group.left_open:
        yield f"left open: {', '.join(group.left_open)}"


def _answered(questionnaire: Questionnaire, state: State) -> Iterator[Plan]:
    for plan in questionnaire.screens:
        given = {*state.answers, *state.asked}
        told = plan.id != "consent" and given.intersection(questionnaire.covered(plan))
        if told and not _settled_before(questionnaire, state, plan):
            yield plan


def _heading(questionnaire: Questionnaire, plan: Plan) -> str:
    one = questionnaire.questions[plan.questions[0]]
    if len(plan.questions) == 1:
        return one.name
    alike = [each for each in questionnaire.screens if each.title == plan.title]
    return f"{plan.title}: {one.name} ..." if len(alike) > 1 else plan.title


def _pressed(screen: Screen, reply: str | list[str]) -> str | None:
    """Return the value of the button that was pressed or, in other words, typed."""
    if not isinstance(reply, str):
        known = {value for value, _ in screen.options}
        return reply[0] if len(reply) == 1 and reply[0] in known else None
    said = plain(reply)
    if (value := misspelt(screen.options, reply)) is not None:
        return value
    if screen.id == CHANGE:
        return _NOTHING if yes_or_no(reply) == "no" else None
    if _ALL_WELL.match(said) and "?" not in reply:
        return _RIGHT
    if _AMISS.intersection(said.split()):
        return None  # what is amiss may be named
    if yes_or_no(reply) in ("yes", "no"):
        return _WRONG
    return begun(screen.options, reply)


# "Yes, and I had covid" is no agreement: somebody has something to add.
_AGREES = (
    r"yes|yeah|yea|yep|yup|ya|y|aye|haan|haanji|k|sure|ok|okay|right|correct|true"
    r"|fine|good|great"
)
_AGREES += (
    r"|perfect|alright|exactly|absolutely|definitely|agreed?|done|continue|send|go"
)
_AGREES += r"|next|no changes?|nothing to change"
_ALL_WELL = re.compile(
    rf"^(?!is |are )(?=.*\b(?:{_AGREES})\b)(?:(?:{_AGREES}|thats?|this|it|its|is|are"
    r"|all|so|the|looks?|sounds?|seems?|everything|of|course|i|to|for|me|thanks?|you"
    r"|please|on|ahead|now|book|my|a|visit|appointment|in|and|confirm(?:ed)?|proceed|lets"
    r"|think|believe|about|can|see|far|tell|much|very|pretty|well|oh|dear|love|ji|hai|sahi)"
    r"(?: |$))+$"
)
_NOT_ALL_WELL = re.compile(
    r"\b(?:not|isnt|arent|doesnt|dont|mostly|almost|nearly|partly)\b"
    r".*\b(?:right|correct|true)\b"
)
_AMISS = frozenset({"wrong", "change", "mistake", "incorrect", "edit"})


def _named(
    questionnaire: Questionnaire,
    state: State,
    value: str | None,
    reply: str | Sequence[str],
) -> Plan | None:
    """Return the screen that was chosen, or that the words name."""
    plans = {plan.id: plan for plan in _answered(questionnaire, state)}
    if value in plans:
        return plans[value]
    if not isinstance(reply, str):
        return None
    phrases = {
        name: [
            word
            for word in plain(_heading(questionnaire, plan)).split()
            if (len(word) > _SHORTEST_WORD or word == "age")
            and word not in _NAME_NOTHING
        ]
        for name, plan in plans.items()
    }
    found = find(reply, phrases)
    return plans[found[0].value] if len({one.value for one in found}) == 1 else None
