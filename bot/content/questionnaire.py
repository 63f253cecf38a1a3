"""Reads the questions, how they are put on screens, and how people answer them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.clinic.contacts import unknown_placeholders
from bot.clinic.questionnaire import (
    Contradiction,
    Hints,
    Implied,
    Kind,
    Plan,
    Question,
    Questionnaire,
    ReviewWords,
    Shortcut,
    Type,
)
from bot.clinic.screening import Answer
from bot.content.conditions import Known, condition
from bot.content.files import Document, Key, build, plain
from bot.content.shape import mapping, rows, some, text

YES_NO_UNSURE = ("no", "yes", "unsure", "declined")
_HARMLESS = ("no", "none", "usual", "gradual", "ok")
_DERIVED = {"impact_mean": Known("int")}
_ELSEWHERE = ("country",)
"""Known from the clinic's profile and never asked."""


@dataclass(frozen=True)
class _QuestionRow:
    id: str
    type: Type
    text: str
    minimise: str = ""
    options: tuple[str, ...] = ()
    min: int | None = None
    max: int | None = None
    ask_if: Any = None


@dataclass(frozen=True)
class _Wording:
    name: str
    label: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    ask: str = ""
    reask: str = ""
    why: str = ""
    ticked: str | None = None
    before: tuple[str, ...] = ()


@dataclass(frozen=True)
class _ShortcutRow:
    label: str
    answers: dict[str, Any]
    clarify: tuple[str, ...] = ()


@dataclass(frozen=True)
class _ScreenRow:
    id: str
    kind: Literal["yes_no", "choice", "checklist", "scale", "number"]
    questions: tuple[str, ...]
    text: str
    why: str
    title: str
    then: tuple[str, ...] = ()
    only_if: Any = None
    none: str = ""
    again: str = ""
    more: str = ""
    lists: int = 1
    shortcuts: tuple[_ShortcutRow, ...] = ()
    follow_up: Literal["", "too", "only"] = ""
    follow_up_if: Any = None
    recheck: Literal["", "too", "only"] = ""


def known_questions(document: Document) -> dict[str, Known]:
    """Return what conditions may speak of, derived values included."""
    return _DERIVED | {
        row.id: Known(row.type, _options(row)) for _, _, row in _rows(document)
    }


def read_questionnaire(
    questions: Document, screens: Document, words: Document
) -> Questionnaire:
    """Build the questionnaire from questions.yml, screens.yml and words.yml.

    Raises:
        BadContent: a question without a screen, an option without a label, a phrase
            for an answer that does not exist, or anything else that does not fit.
    """
    known = known_questions(questions)
    wordings = _wordings(screens, known)
    phrases = _phrases(words, known)
    by_id = {
        row.id: _question(questions, key, stage, row, wordings, phrases, known)
        for stage, key, row in _rows(questions)
    }
    plans = tuple(
        _plan(screens, ["screens", index], node, by_id, known)
        for index, node in enumerate(some(screens, ["screens"]))
    )
    raised = tuple(map(str, rows(screens, ["raised"])))
    _check_coverage(screens, plans, raised, by_id)
    return Questionnaire(
        version=text(questions, ["version"]),
        questions=by_id,
        screens=plans,
        raised=raised,
        implied=tuple(_implied(screens, known)),
        contradictions=tuple(_contradictions(screens, known)),
        hints=build(Hints, screens, mapping(screens, ["hints"]), ["hints"]),
        triggers=_triggers(words, by_id, raised),
        review=build(ReviewWords, screens, mapping(screens, ["review"]), ["review"]),
    )


def _rows(document: Document) -> Iterable[tuple[str, Key, _QuestionRow]]:
    """Go through the questions with their stage and place in the file."""
    seen: set[str] = set()
    for number, _ in enumerate(some(document, ["stages"])):
        stage = text(document, ["stages", number, "id"])
        for index, node in enumerate(some(document, ["stages", number, "items"])):
            key: Key = ["stages", number, "items", index]
            row = build(_QuestionRow, document, node, key)
            if row.id in seen:
                raise document.bad(key, f"the question {row.id!r} is there twice")
            seen.add(row.id)
            yield stage, key, row


def _options(row: _QuestionRow) -> tuple[str, ...]:
    return YES_NO_UNSURE if row.type == "ynu" else row.options


def _question(
    document: Document,
    key: Key,
    stage: str,
    row: _QuestionRow,
    wordings: Mapping[str, _Wording],
    phrases: Mapping[str, Mapping[str, tuple[str, ...]]],
    known: Mapping[str, Known],
) -> Question:
    if row.type in ("choice", "multi") and not row.options:
        raise document.bad(key, "a choice needs options")
    if row.type == "int" and (row.min is None or row.max is None):
        raise document.bad(key, "a number needs `min` and `max`")
    if row.id not in wordings:
        raise document.bad(key, "screens.yml has no words for this question")
    wording = wordings[row.id]
    return Question(
        id=row.id,
        stage=stage,
        type=row.type,
        text=row.text,
        options=_options(row),
        lowest=row.min,
        highest=row.max,
        ask_if=_maybe(document, [*key, "ask_if"], row.ask_if, known),
        name=wording.name,
        label=wording.label,
        labels=wording.labels,
        ask=wording.ask,
        reask=wording.reask,
        why=wording.why,
        ticked=wording.ticked,
        before=wording.before,
        words=phrases.get(row.id, {}),
    )


def _maybe(document: Document, key: Key, node: Any, known: Mapping[str, Known]) -> Any:
    return None if node is None else condition(document, key, node, known)


def _wordings(document: Document, known: Mapping[str, Known]) -> dict[str, _Wording]:
    wordings = {}
    for name, node in mapping(document, ["items"]).items():
        key: Key = ["items", name]
        if name not in known:
            raise document.bad(key, f"there is no question {name!r}")
        wording = build(_Wording, document, node, key)
        _check_labels(document, key, known[name], wording)
        wordings[name] = wording
    return wordings


def _check_labels(
    document: Document, key: Key, question: Known, wording: _Wording
) -> None:
    for words in (wording.ask, wording.reask):
        _check_placeholders(document, key, words)
    allowed = set(question.options) or {"yes", "no"}
    wrong = sorted(set(wording.labels) - allowed)
    if wrong:
        raise document.bad([*key, "labels", wrong[0]], "there is no such answer")
    if wording.ticked is not None and wording.ticked not in allowed:
        raise document.bad([*key, "ticked"], "there is no such answer")
    if question.type in ("choice", "multi"):
        missing = [
            one
            for one in question.options
            if one not in wording.labels and one != "declined"
        ]
        if missing:
            raise document.bad(key, f"the answer {missing[0]!r} has no label")


def _check_placeholders(document: Document, key: Key, words: str) -> None:
    unknown = unknown_placeholders(words)
    if unknown:
        raise document.bad(key, f"nothing fills {{{unknown[0]}}}")


def _phrases(
    document: Document, known: Mapping[str, Known]
) -> dict[str, dict[str, tuple[str, ...]]]:
    phrases: dict[str, dict[str, tuple[str, ...]]] = {}
    for name in mapping(document, ["words"]):
        if name not in known:
            raise document.bad(["words", name], f"there is no question {name!r}")
        allowed = {"item", "yes", "no", "open"} if not known[name].options else {"item"}
        for value in mapping(document, ["words", name]):
            key: Key = ["words", name, value]
            if value not in allowed.union(known[name].options):
                raise document.bad(key, "there is no such answer")
            phrases.setdefault(name, {})[value] = tuple(map(str, some(document, key)))
    return phrases


def _triggers(
    document: Document, questions: Mapping[str, Question], raised: tuple[str, ...]
) -> dict[str, tuple[str, ...]]:
    """Read what suggests a question at any moment; only alarms are asked like that."""
    triggers: dict[str, tuple[str, ...]] = {}
    for name in mapping(document, ["triggers"]):
        key: Key = ["triggers", name]
        known = questions.get(name)
        if known is None or not (name in raised or known.stage == "emergency_gate"):
            raise document.bad(key, f"{name!r} is not asked because of mere words")
        triggers[name] = tuple(map(str, some(document, key)))
    missing = [name for name in raised if name not in triggers]
    if missing:
        raise document.bad(["triggers"], f"nothing ever raises {missing[0]!r}")
    return triggers


def _plan(
    document: Document,
    key: Key,
    node: Any,
    questions: Mapping[str, Question],
    known: Mapping[str, Known],
) -> Plan:
    row = build(_ScreenRow, document, node, key)
    for name in (*row.questions, *row.then):
        if name not in questions:
            raise document.bad(key, f"there is no question {name!r}")
    for words in (row.text, row.again, row.more):
        _check_placeholders(document, key, words)
    kind: Kind = row.kind
    if not 1 <= row.lists <= len(row.questions):
        raise document.bad([*key, "lists"], "needs at least one question for each list")
    if kind == "checklist" and len(row.questions) > 1:
        _check_lines(document, key, row, questions)
    return Plan(
        id=row.id,
        kind=kind,
        questions=row.questions,
        text=row.text,
        why=row.why,
        title=row.title,
        then=row.then,
        only_if=_maybe(document, [*key, "only_if"], row.only_if, known),
        none=row.none,
        again=row.again,
        more=row.more,
        lists=row.lists,
        follow_up=row.follow_up,
        follow_up_if=_maybe(document, [*key, "follow_up_if"], row.follow_up_if, known),
        recheck=row.recheck,
        shortcuts=tuple(
            _shortcut(document, [*key, "shortcuts", index], one, questions)
            for index, one in enumerate(row.shortcuts)
        ),
    )


def _shortcut(
    document: Document,
    key: Key,
    row: _ShortcutRow,
    questions: Mapping[str, Question],
) -> Shortcut:
    for name in (*row.answers, *row.clarify):
        if name not in questions:
            raise document.bad(key, f"there is no question {name!r}")
    for name, value in row.answers.items():
        if value not in (questions[name].options or (True, False)):
            raise document.bad([*key, "answers", name], "there is no such answer")
    return Shortcut(row.label, row.answers, row.clarify)


def _check_lines(
    document: Document, key: Key, row: _ScreenRow, questions: Mapping[str, Question]
) -> None:
    """A line needs a label, and "none of these" must mean something harmless."""
    if not row.none:
        raise document.bad(key, 'a checklist needs the words for "none of these"')
    for name in row.questions:
        question = questions[name]
        if not question.label:
            raise document.bad(key, f"the question {name!r} has no label for its line")
        if question.type != "bool" and question.options[0] not in _HARMLESS:
            raise document.bad(
                key, f"the first answer of {name!r} is no answer for 'none of these'"
            )


def _check_coverage(
    document: Document,
    plans: tuple[Plan, ...],
    raised: tuple[str, ...],
    questions: Mapping[str, Question],
) -> None:
    """Each question is asked on one screen, or raised, or known already."""
    places: dict[str, int] = dict.fromkeys((*raised, *_ELSEWHERE), 1)
    for plan in plans:
        for name in (*plan.questions, *plan.then):
            for one in (name, *questions[name].before):
                if one not in questions:
                    raise document.bad(["items", name], f"there is no question {one!r}")
                places[one] = places.get(one, 0) + (one not in raised)
    missing = [name for name in questions if name not in places]
    if missing:
        raise document.bad(["screens"], f"no screen asks {missing[0]!r}")
    twice = [name for name, count in places.items() if count > 1]
    if twice:
        raise document.bad(["screens"], f"{twice[0]!r} is asked twice")


def _implied(document: Document, known: Mapping[str, Known]) -> Iterable[Implied]:
    for index, _ in enumerate(rows(document, ["implied"])):
        key: Key = ["implied", index]
        node = mapping(document, key)
        answers: dict[str, Answer] = plain(mapping(document, [*key, "set"]))
        for name, value in answers.items():
            if name not in known or value not in known[name].options:
                raise document.bad([*key, "set", name], "there is no such answer")
        yield Implied(condition(document, [*key, "if"], node.get("if"), known), answers)


def _contradictions(
    document: Document, known: Mapping[str, Known]
) -> Iterable[Contradiction]:
    for index, _ in enumerate(rows(document, ["contradictions"])):
        key: Key = ["contradictions", index]
        node = mapping(document, key)
        again = {
            part: tuple(map(str, rows(document, [*key, part])))
            for part in ("reopen", "ask")
        }
        for part, names in again.items():
            for name in names:
                if name not in known:
                    raise document.bad([*key, part], f"there is no question {name!r}")
        if not any(again.values()):
            raise document.bad([*key], "nothing is asked again")
        yield Contradiction(
            condition(document, [*key, "if"], node.get("if"), known),
            again["reopen"],
            text(document, [*key, "hint"]),
            ask=again["ask"],
            once=text(document, [*key, "once"]) if "once" in node else "",
        )
