"""What a screening says, for people: the result and why, then the answers.

Only what was answered is told; what was left open is said to be open.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from bot.clinic.interview import put_screens
from bot.clinic.questionnaire import (
    DECLINED,
    FREE_TO_SKIP,
    UNSURE,
    Question,
    Questionnaire,
    ScreeningProtocol,
)
from bot.clinic.screened import Screening
from bot.clinic.screening import (
    SENSITIVE,
    Answer,
    Answers,
    Criterion,
    Disposition,
    evaluate,
    questions_in,
)

_YES_NO = {True: "Yes", False: "No", "yes": "Yes", "no": "No", UNSURE: "Not sure"}
_LEFT_OUT = "Would rather not say"
_FROM_WORDS = "Heard in what the visitor typed."


@dataclass(frozen=True)
class Reason:
    """One criterion that fired, as staff read it.

    Args:
        severity: of what it calls for; 4 for an emergency down to 0.
        sensitive: it is about a crisis or about safety with somebody.
    """

    rule: str
    why: str
    sources: tuple[str, ...] = ()
    severity: int = Disposition.EMERGENCY.severity
    sensitive: bool = False


@dataclass(frozen=True)
class Line:
    """One answer in words.

    Args:
        matters: a criterion that fired looks at it.
    """

    question: str
    name: str
    said: str
    matters: bool = False


@dataclass(frozen=True)
class Group:
    """The answers under one heading.

    Args:
        lines: what was told.
        denied: what was said not to be so.
        left_open: what was asked of this visitor and not answered.
    """

    title: str
    lines: tuple[Line, ...]
    denied: tuple[str, ...] = ()
    left_open: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pain:
    """Where it hurts, how much, and how long.

    Args:
        site: an answer to the question of that name, "" where it was left open.
        now: 0 to 10.
        week: the average of the past week, 0 to 10.
    """

    site: str
    where: str
    now: int | None
    week: int | None
    duration: str


@dataclass(frozen=True)
class Brief:
    """One visitor's screening, for staff.

    Args:
        disposition: None where nothing was judged yet.
        provisional: the questions are not finished; the result may get worse.
        flags: flag to what it asks of staff.
        answered_at: when the answers below were given; an emergency heard later has
            none of its own.
        released_by: who unlocked booking, "" where nobody did.
    """

    screening_id: str
    disposition: Disposition | None
    provisional: bool
    stopped: bool
    flags: tuple[tuple[str, str], ...]
    reasons: tuple[Reason, ...]
    groups: tuple[Group, ...]
    pain: Pain | None
    channel: str
    started_at: datetime
    answered_at: datetime | None
    expires_at: datetime
    versions: tuple[str, str]
    released_by: str = ""
    release_reason: str = ""


def brief(
    protocol: ScreeningProtocol,
    screenings: Sequence[Screening],
    heard: Mapping[str, str],
) -> Brief | None:
    """Put a visitor's screenings together, as staff need them.

    The result is that of the newest bar to booking that nobody released, else of the
    newest screening; the answers are those that were given last.

    Args:
        screenings: of one conversation, in any order.
        heard: reasons of the rules that listen to free text, by id.

    Returns:
        The brief; None where nothing was asked or heard.
    """
    newest = sorted(screenings, key=lambda one: one.started_at, reverse=True)
    if not newest:
        return None
    barring = (one for one in newest if one.bars(one.started_at))
    result = next(barring, newest[0])
    told = next((one for one in newest if one.answers), result)
    fired = _fired(protocol, result)
    provisional = result.disposition is None
    verdict = evaluate(protocol.rules, result.answers, ended=False)
    flags = verdict.flags if provisional else result.flags
    return Brief(
        screening_id=result.id,
        disposition=result.disposition,
        provisional=provisional,
        stopped=result.status == "stopped",
        flags=tuple((flag, protocol.flags.get(flag, "")) for flag in flags),
        reasons=tuple(
            sorted(
                _reasons(result, fired, heard),
                key=lambda one: one.severity,
                reverse=True,
            )
        ),
        groups=groups(
            protocol.questionnaire, told.answers, told.asked, _fired(protocol, told)
        ),
        pain=pain(protocol.questionnaire, told.answers),
        channel=told.channel,
        started_at=result.started_at,
        answered_at=told.ended_at or told.started_at if told.answers else None,
        expires_at=result.expires_at,
        versions=(told.questions_version, told.rules_version),
        released_by=result.released_by or "",
        release_reason=result.release_reason or "",
    )


def _fired(protocol: ScreeningProtocol, screening: Screening) -> list[Criterion]:
    if screening.disposition is None:
        return list(evaluate(protocol.rules, screening.answers, ended=False).rules)
    return [one for one in protocol.rules.criteria if one.id in screening.rules]


def _reasons(
    screening: Screening, fired: Iterable[Criterion], heard: Mapping[str, str]
) -> Iterator[Reason]:
    known = {one.id: one for one in fired}
    for rule in known if screening.disposition is None else screening.rules:
        if rule in known:
            one = known[rule]
            about = bool(SENSITIVE.intersection(one.flags))
            yield Reason(rule, one.why, one.sources, one.then.severity, about)
        else:
            about = "CRISIS" in screening.flags
            yield Reason(rule, heard.get(rule, _FROM_WORDS), sensitive=about)


def groups(
    questionnaire: Questionnaire,
    answers: Answers,
    asked: Mapping[str, str],
    fired: Iterable[Criterion] = (),
) -> tuple[Group, ...]:
    """Put answers into words, under the headings of the screens that ask for them.

    Args:
        answers: question id to value.
        asked: the marks of the interview; what was never put was not left open.
        fired: criteria whose answers are marked; those that test completeness look
            at every answer and so mark none.
    """
    if not answers:
        return ()
    mattering = {
        name for one in fired if not one.at_end for name in questions_in(one.condition)
    }
    put = {
        name
        for plan in put_screens(questionnaire, answers, asked)
        for name in questionnaire.covered(plan)
        if name != FREE_TO_SKIP
    }
    headings = groupby(questionnaire.screens, key=lambda plan: plan.title)
    found = []
    for title, plans in headings:
        names = [name for plan in plans for name in questionnaire.covered(plan)]
        found.append(_group(questionnaire, title, names, answers, mattering, put))
    raised = [name for name in questionnaire.raised if answers.get(name) is not None]
    last = "Asked because of what was said"
    own = [name for name in raised if name not in questionnaire.plan_of]
    found.append(_group(questionnaire, last, own, answers, mattering, put))
    return tuple(one for one in found if one.lines or one.denied or one.left_open)


def _group(
    questionnaire: Questionnaire,
    title: str,
    names: Sequence[str],
    answers: Answers,
    mattering: set[str],
    put: set[str],
) -> Group:
    lines: list[Line] = []
    denied: list[str] = []
    left_open: list[str] = []
    for name in names:
        question, answer = questionnaire.questions[name], answers.get(name)
        if _is_no(question, answer):
            denied.append(question.name)
        elif answer is not None and answer != question.declined_answer:
            said = say_answer(question, answer)
            lines.append(Line(name, question.name, said, name in mattering))
        elif name in put and question.asked_of(answers):
            left_open.append(question.name)
    return Group(title, tuple(lines), tuple(denied), tuple(left_open))


def _is_no(question: Question, answer: Answer) -> bool:
    """Tell whether a line of a checklist was said not to be so."""
    if not question.label or question.type == "int":
        return False
    return answer == question.none_answer


def pain(questionnaire: Questionnaire, answers: Answers) -> Pain | None:
    """Return the pain picture, or None where nothing was said of pain."""
    asked = ("site", "nrs", "impact_pain", "duration")
    if all(answers.get(name) in (None, DECLINED) for name in asked):
        return None
    words = {
        name: say_answer(questionnaire.questions[name], answers.get(name))
        for name in ("site", "duration")
    }
    site = answers.get("site")
    return Pain(
        site=site if isinstance(site, str) else "",
        where=words["site"],
        now=_whole(answers.get("nrs")),
        week=_whole(answers.get("impact_pain")),
        duration="" if answers.get("duration") == "na" else words["duration"],
    )


def _whole(answer: Answer) -> int | None:
    return answer if isinstance(answer, int) and not isinstance(answer, bool) else None


def say_answer(question: Question, answer: Answer) -> str:
    """Put one answer into the words that the visitor saw; "" where there is none."""
    if answer is None:
        return ""
    if isinstance(answer, (list, tuple, set, frozenset)):
        return ", ".join(_label(question, one) for one in answer)
    if isinstance(answer, (bool, str)):
        return _label(question, answer)
    return str(answer)


def _label(question: Question, value: str | bool) -> str:
    if value == DECLINED:
        return _LEFT_OUT
    if question.type in ("bool", "ynu"):
        return _YES_NO.get(value, str(value))
    return question.labels.get(str(value), str(value))
