"""Notices when a reply says something about a question that was not the one asked.

"Wait, I do take aspirin" changes an earlier answer; "I have a pacemaker", typed where
an age was asked, is kept for later; "46, my back, for 3 weeks" answers three at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from bot.clinic import amounts
from bot.clinic.consequences import State
from bot.clinic.figures import numbers
from bot.clinic.interview import DONE, SKIPPED, TICKED, UNSURE_ONCE, Screen
from bot.clinic.mentions import find
from bot.clinic.questionnaire import Question, Questionnaire
from bot.clinic.reading import line_words, meant, named
from bot.clinic.replies import plain
from bot.clinic.screening import Answer

_CORRECTION = re.compile(
    r"\b(wait|actually|sorry|correction|i meant|i forgot|forgot to|forgot|mistake|also"
    r"|one more thing|i do (take|have)|change my|earlier|by the way|btw|not true)\b"
)
_BACK = re.compile(
    r"^(please )?(can (i|we) |i want to |let me )?(go )?(back|a step back|one back|"
    r"change (my|the) last( answer)?|undo|previous( question)?)( please)?$"
)
_EARLY = frozenset({"who_for", "age", "site", "duration", "nrs"})
"""Screens of one plain fact each, which people like to tell all at once."""

_AGED = re.compile(
    r"\b(?:(?:i am|im|aged?|age is|he is|hes|she is|shes) (?:now )?(\d{1,3})"
    r"(?! ?(?:weeks|months|days|%|percent|minutes|hours|kg))"
    r"|(\d{1,3}) ?(?:years? old|yrs? old|yo|y/o))\b"
)
_STRONG = re.compile(
    r"\b(\d{1,2}(?:\.\d)?|[a-z]+) ?(?:/|out of) ?(?:10|ten)\b"
    r"|\bpain(?: now)?(?: is| was| of| at| level| level is| like)*"
    r"(?: a| an| about| around| at)* (\d{1,2}(?:\.\d)?)"
    r"(?! ?[a-z]*(?:day|week|month|year))"
)
_CUES = {
    "age": _AGED,
    "nrs": _STRONG,
    "duration": re.compile(r"\b(for|since|ago|started|been)\b"),
    "site": re.compile(r"\b(pain|hurt|hurts|ache|aches|aching|sore)\b"),
    "who_for": re.compile(r"\b(for my|for me|for an?other|for someone)\b"),
    "prior_care": re.compile(r"\b(tried|saw|seen|been to|had)\b"),
    "mood": re.compile(r"\b(mood|feel|feeling)\b"),
}
"""Words by which a fact says what it is about."""


def wants_back(text: str) -> bool:
    """Tell whether the visitor wants the screen before this one again."""
    return bool(_BACK.match(plain(text)))


@dataclass(frozen=True)
class Correction:
    """What a reply says about questions that were not the one asked."""

    answers: Mapping[str, Answer]
    asked: Mapping[str, str]


def read_correction(
    questionnaire: Questionnaire,
    state: State,
    screen: Screen,
    text: str,
    *,
    unread: bool = False,
    today: date | None = None,
) -> Correction | None:
    """Read what a reply says about other questions than the screen's.

    Args:
        questionnaire: for the lines and the words that tick them.
        state: what was answered so far; nothing is taken before consent.
        screen: the screen shown now; its own questions are no correction.
        text: the reply as typed.
        unread: the screen itself can make nothing of the reply.
        today: the visitor's date, for "since last Tuesday".
    """
    if state.answers.get("consent") is not True or "consent" in screen.questions:
        return None
    corrects = bool(_CORRECTION.search(plain(text)))
    others = [
        question
        for name, question in questionnaire.questions.items()
        if name not in screen.questions and name != "consent"
    ]
    lines = Correction({}, {})
    if corrects or unread:
        lines = _lines(state, [one for one in others if one.label], text)
    answers = dict(lines.answers)
    if corrects or unread or _EARLY.intersection(screen.questions):
        told = dict(_facts(others, text, today, bare=not (answers or lines.asked)))
        if told.get("nrs") and told.get("site") == "no_pain":
            del told["site"]  # "no, the pain is a 6"
        answers |= {
            name: value
            for name, value in told.items()
            if corrects or unread or state.answers.get(name) is None
        }
    changed = {
        name: value
        for name, value in answers.items()
        if value != state.answers.get(name)
    }
    return Correction(changed, lines.asked) if changed or lines.asked else None


def _lines(state: State, questions: Iterable[Question], text: str) -> Correction:
    """Read the lines of checklists: those answered before, and those still to come."""
    lines = {
        one.id: one
        for one in questions
        if one.type != "int"
        and one.asked_of(state.answers)
        and state.asked.get(one.id) not in (SKIPPED, DONE)
    }
    changed: dict[str, Answer] = {}
    marks: dict[str, str] = {}
    for found in find(text, line_words(list(lines.values()))):
        question = lines[found.value]
        values = named(question, text) if question.type == "multi" else []
        if found.said == "open":
            marks[found.value] = UNSURE_ONCE
        elif found.said == "denied":
            changed[found.value] = question.none_answer
        elif values:
            changed[found.value] = _joined(state.answers.get(found.value), values)
        elif question.ticked_answer is not None:
            changed[found.value] = question.ticked_answer
        else:
            marks[found.value] = TICKED
    return Correction(changed, marks)


def _facts(
    questions: Iterable[Question], text: str, today: date | None, *, bare: bool
) -> Iterator[tuple[str, Answer]]:
    """Read plain facts that say themselves what they are about.

    Args:
        bare: the text speaks of nothing else, so that "my neck" alone is a place.
    """
    said = plain(text)
    for question in questions:
        cue = _CUES.get(question.id)
        found = cue.search(said) if cue else None
        if found or (bare and question.id == "site"):
            value = _fact(question, found, text, today)
            if value is not None and _possible(question, value):
                yield question.id, value


def _fact(
    question: Question, found: re.Match[str] | None, text: str, today: date | None
) -> Answer:
    if question.type == "int" and found:
        values = numbers(next(filter(None, found.groups())))
        return int(values[0]) if values and values[0] == int(values[0]) else None
    if question.id == "duration":
        return amounts.choice(question.options, text, today)
    return _only_one(question, text)


def _only_one(question: Question, text: str) -> Answer:
    values = meant(find(text, question.words))
    if len(values) != 1:
        return None
    return values if question.type == "multi" else values[0]


def _possible(question: Question, value: Answer) -> bool:
    if not isinstance(value, int):
        return True
    return (question.lowest or 0) <= value <= (question.highest or 0)


def _joined(before: Answer, values: list[str]) -> list[str]:
    kept = (
        [one for one in before if one not in ("none", "declined")]
        if isinstance(before, (list, tuple))
        else []
    )
    return list(dict.fromkeys([*kept, *values]))
