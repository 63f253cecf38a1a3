"""Notices when a reply says something about a question that was not the one asked.

"Wait, I do take aspirin" changes an earlier answer; "I have a pacemaker", typed where
an age was asked, is kept for later; "46, my back, for 3 weeks" answers three at once.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from bot.clinic import amounts
from bot.clinic.consequences import State
from bot.clinic.figures import in_digits, numbers
from bot.clinic.hindi_numbers import in_figures
from bot.clinic.interview import (
    DONE,
    SKIPPED,
    TICKED,
    UNSURE_ONCE,
    Screen,
    implied_in,
)
from bot.clinic.mentions import Mention, bare, find, leftover
from bot.clinic.questionnaire import Question, Questionnaire
from bot.clinic.reading import line_words, meant, named, not_so, own_words
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
_ALSO = re.compile(r"\b(also|too|as well)\b")
_PARTS = re.compile(r"[,;.]+(?!\d)|\band\b")
_OWN = "own"
_EARLY = frozenset({"consent", "who_for", "age", "site", "duration", "nrs"})
"""Screens of one plain fact each, which people like to tell all at once."""

_AGED = re.compile(
    r"\b(?:(?:i am|im|i turned|just turned|aged?|age is|he is|hes|she is|shes|umr|umar)"
    r" (?:now )?(\d{1,3})"
    r"(?! ?(?:weeks|months|days|%|percent|minutes|hours|kg))"
    r"|(\d{1,3}) ?(?:years? old|yrs? old|yo|y/o|saal k[aei]))\b"
)
_STRONG = re.compile(
    r"\b(\d{1,2}(?:\.\d)?|[a-z]+) ?(?:/|out of) ?(?:10|ten)\b"
    r"|\bpain(?: (?:now|is|was|of|at|level|like|actually|really|an?|about|around))*"
    r" (\d{1,2}(?:\.\d)?)"
    r"(?! ?[a-z]*(?:day|week|month|year))"
)
_AROUND_A_NUMBER = re.compile(
    r"wait|actually|sorry|correction|no|oh|i|meant|mistake|its?|is|an?|am|im|should|be"
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


_OVER = re.compile(
    r"^(?:please |ok |can (?:i|we) |i want to |lets |let me )*"
    r"(?:start|begin|do (?:it|this|them)) (?:all )?(?:over|again|afresh|anew"
    r"|from the (?:start|top|beginning))(?: again| please)*$|^restart(?: please)?$"
)


def wants_to_start_over(text: str) -> bool:
    """Tell whether the visitor wants to be asked all of it again."""
    return bool(_OVER.match(plain(text)))


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
        state: what was answered so far, also by this reply; nothing is taken before
            consent.
        screen: the screen shown now; its own questions are no correction.
        text: the reply as typed.
        unread: the screen itself can make nothing of the reply.
        today: the visitor's date, for "since last Tuesday".
    """
    if state.answers.get("consent") is not True:
        return None
    corrects = bool(_CORRECTION.search(plain(text))) or not screen.questions
    others = [
        question
        for name, question in questionnaire.questions.items()
        if name not in screen.questions and name != "consent"
    ]
    own = [one for all_ in own_words(questionnaire, screen).values() for one in all_]
    lines = [one for one in others if one.label and _may_be_told(state, one)]
    told = (_corrected if corrects else _in_passing)(state, lines, text, own)
    answers = dict(told.answers)
    if corrects or (questionnaire.asks_first(screen.id) and _may_tell(screen, unread)):
        found = dict(_facts(others, lines, text, today))
        if _ALSO.search(plain(text)) and (answers or told.asked):
            found.pop("site", None)
        answers |= {
            name: value
            for name, value in found.items()
            if corrects or state.answers.get(name) is None
        }
    if corrects and not (answers or told.asked):
        answers = _number_just_given(questionnaire, state, screen, text)
    changed = {
        name: value
        for name, value in answers.items()
        if value != state.answers.get(name)
    }
    return Correction(changed, told.asked) if changed or told.asked else None


def _number_just_given(
    questionnaire: Questionnaire, state: State, screen: Screen, text: str
) -> dict[str, Answer]:
    """Read "sorry, I meant 9", which corrects the number of the screen before."""
    implied = implied_in(questionnaire, state.answers)
    given = ["", *(name for name in state.answers if name not in implied)][-1]
    if given == "site" and implied:
        given = "nrs"  # "no pain" left that question out
    last = questionnaire.questions.get(given)
    if last is None or last.id not in _EARLY or last.id in screen.questions:
        return {}
    rest = [one for one in plain(text).split() if not _AROUND_A_NUMBER.fullmatch(one)]
    values = numbers(" ".join(rest))
    whole = len(values) == 1 and values[0] == int(values[0]) and all(map(numbers, rest))
    fits = whole and last.type == "int" and _possible(last, int(values[0]))
    return {last.id: int(values[0])} if fits else {}


def _may_be_told(state: State, line: Question) -> bool:
    """Tell whether words beside the point may be about a line of a checklist."""
    skipped = state.asked.get(line.id) in (SKIPPED, DONE)
    return line.type != "int" and line.asked_of(state.answers) and not skipped


def _may_tell(screen: Screen, unread: bool) -> bool:
    """Tell whether plain facts may stand in a reply to a screen."""
    return unread or bool(_EARLY.intersection(screen.questions))


def _corrected(
    state: State, lines: Sequence[Question], text: str, own: list[str]
) -> Correction:
    """Read lines that the visitor means to change, or forgot."""
    changed: dict[str, Answer] = {}
    marks: dict[str, str] = {}
    for found, question, values in _named_lines(lines, text, own, whole=True):
        name, said = found.value, found.said
        before = state.answers.get(name)
        if said == "asserted" and values:
            changed[name] = _joined(before, values)
        elif said == "asserted" and question.ticked_answer is not None:
            changed[name] = question.ticked_answer
        elif said == "denied" and not found.whole:
            told = before not in (None, question.none_answer)
            marks |= {name: TICKED} if told else {}
        elif said == "denied":
            kept = _without_denied(question, before, text)
            changed |= {name: kept} if kept else {}
            marks |= {} if kept else {name: TICKED}
        else:
            marks[name] = TICKED if said == "asserted" else UNSURE_ONCE
    return Correction(changed, marks)


def _in_passing(
    state: State, lines: Sequence[Question], text: str, own: list[str]
) -> Correction:
    """Read lines that a reply to something else names; a denial changes nothing.

    A medicine or an implant with a name is noted. Any other sign is asked about by
    itself, but not one that was told before.
    """
    changed: dict[str, Answer] = {}
    marks: dict[str, str] = {}
    for found, question, values in _named_lines(lines, text, own, whole=False):
        name, said = found.value, found.said
        before = state.answers.get(name)
        if said == "asserted" and values:
            changed[name] = _joined(before, values)
        elif said != "denied" and before in (None, question.none_answer):
            marks[name] = TICKED if said == "asserted" else UNSURE_ONCE
    return Correction(changed, marks)


def _named_lines(
    lines: Sequence[Question], text: str, own: list[str], *, whole: bool
) -> Iterator[tuple[Mention, Question, list[str]]]:
    """Go through the lines that a text names, with the values that it names.

    Args:
        own: phrases with which it speaks of what was asked; their words name no line.
        whole: a denial counts only where the whole text was understood.
    """
    by_name = {one.id: one for one in lines}
    asked = {bare(one) for one in own}
    phrases: dict[str, Sequence[str]] = {_OWN: own}
    for name, all_ in line_words(lines).items():
        phrases[name] = [one for one in all_ if bare(one) not in asked]
    rest = leftover(text, {_OWN: own})
    for found in find(text, phrases, whole=whole):
        if found.value != _OWN:
            question = by_name[found.value]
            values = named(question, rest) if question.type == "multi" else []
            yield found, question, values


def _without_denied(question: Question, before: Answer, text: str) -> Answer:
    """Return what stays of an answer after a denial; None where it must be asked.

    "I don't take warfarin" takes back that one, and says nothing of the others.
    """
    gone = not_so(question, text)
    if not gone or before == question.none_answer:
        return question.none_answer
    kept = before if isinstance(before, (list, tuple)) else []
    return [one for one in kept if one not in (*gone, "none", "declined")] or None


def _facts(
    questions: Iterable[Question],
    lines: Sequence[Question],
    text: str,
    today: date | None,
) -> Iterator[tuple[str, Answer]]:
    """Read plain facts that say themselves what they are about.

    The time of a sign ("I fell 2 weeks ago") is not the time of the pain. "My neck"
    alone is a place where the text speaks of no sign.
    """
    signs = line_words(lines)
    parts = [part for part in _PARTS.split(text) if not find(part, signs)]
    bare = len(parts) == len(_PARTS.split(text))
    for question in questions:
        said = text if question.id == "site" else ", ".join(parts)
        cue = _CUES.get(question.id)
        told = in_digits(in_figures(said)) if question.id == "age" else plain(said)
        found = cue.search(told) if cue else None
        if found or (bare and question.id == "site"):
            value = _fact(question, found, said, today)
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
