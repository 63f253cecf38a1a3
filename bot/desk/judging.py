"""What becomes of a screening once a reply has changed its answers.

None of these deeds commits.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from bot.clinic.consequences import State, news
from bot.clinic.contacts import fill
from bot.clinic.interview import AT_ONCE, DONE, FOLLOW_UP, RECHECK, Screen, next_screen
from bot.clinic.questionnaire import FREE_TO_SKIP, ScreeningProtocol
from bot.clinic.review import review_screen
from bot.clinic.screened import RESUMABLE, SOON, Screening, Status
from bot.clinic.screening import SENSITIVE, Answer, Disposition, Verdict, evaluate
from bot.desk.ports import ScreeningUnit
from bot.desk.screened import confirm, end, expire, latest_valid, refuse

ALONE = "alone"
"""Beside the marks: nothing was being asked when words raised a question."""
_POSITIVE = ("new", "old_stable")
_STOPS_AFTER_START = frozenset({"N02", "N03"})
"""A minor without a guardian, an adult who cannot consent: ask nothing more."""
_STOPS_AT_ONCE = frozenset({"N06"})
"""Alcohol or drugs: neither consent nor answers can be relied on."""

_BOOKS = frozenset({Disposition.PRACTITIONER_REVIEW, Disposition.OK_TO_BOOK})

_DENIALS: tuple[Answer, ...] = ("no", "none", ["none"], ("none",))


@dataclass(frozen=True)
class Goes:
    """It goes on with a screen.

    Args:
        note: something to say before it, or "".
    """

    screen: Screen
    note: str = ""


@dataclass(frozen=True)
class Judged:
    """It is over, with a verdict."""

    screening: Screening
    verdict: Verdict


@dataclass(frozen=True)
class Eased:
    """What words had suggested is not so; nothing else was being asked."""


@dataclass(frozen=True)
class Confirmed:
    """Nothing is new, and what was told before still counts."""

    screening: Screening


def counting(
    unit: ScreeningUnit, conversation_id: str, now: datetime
) -> Screening | None:
    """Return the result that still counts and that nothing bars, or None."""
    before = latest_valid(unit, conversation_id, now)
    return None if before is None or before.bars(now) else before


def screen_of(protocol: ScreeningProtocol, screening: Screening) -> Screen | None:
    """Return the screen of an unfinished screening, with its numbers filled in."""
    state = state_of(screening)
    screen = next_screen(
        protocol.questionnaire, state.answers, state.asked
    ) or review_screen(protocol.questionnaire, state)
    if screen is None:
        return None
    return replace(
        screen,
        text=fill(screen.text, protocol.contacts),
        more=fill(screen.more, protocol.contacts),
    )


def state_of(screening: Screening) -> State:
    """Return where the interview of a screening stands."""
    return State(screening.answers, screening.asked)


def go_on(
    unit: ScreeningUnit,
    protocol: ScreeningProtocol,
    screening: Screening,
    state: State,
    now: datetime,
) -> Goes | Judged | Eased | Confirmed:
    """Keep the new state; ask the next screen or end the screening."""
    before = counting(unit, screening.conversation_id, now)
    known = _beside(protocol, state, before)
    state = _told_anew(unit, protocol, screening, state, before, now)
    # Judged before anything is dropped: what is not kept may still be an alarm.
    verdict = evaluate(protocol.rules, joined(known, state.answers), ended=False)
    answers, marks = _kept(state.answers, state.asked, protocol.contacts.country)
    urgent = verdict.disposition is Disposition.URGENT
    until = now + (SOON if urgent else RESUMABLE)
    going = replace(screening, answers=answers, asked=marks, expires_at=until)
    screen = screen_of(protocol, going)
    if answers.get("consent") is False:
        return Judged(*refuse(unit, protocol, going, now))
    if _must_stop(protocol, verdict, marks, screen):
        return Judged(*end(unit, going, verdict, "stopped", now))
    if ALONE in marks and (not screen or screen.questions != (marks.get(AT_ONCE),)):
        unit.screenings.remove(going.id)
        return Eased()
    if screen is not None:
        unit.screenings.replace(going)
        return Goes(screen, fill(state.hint, protocol.contacts))
    if RECHECK in marks and before:
        answers = joined(before.answers, answers)
        return Confirmed(confirm(unit, replace(going, answers=answers), before, now))
    return Judged(*_ended(unit, protocol, going, before, known, now))


def _ended(
    unit: ScreeningUnit,
    protocol: ScreeningProtocol,
    going: Screening,
    before: Screening | None,
    known: Mapping[str, Answer],
    now: datetime,
) -> tuple[Screening, Verdict]:
    """End a screening in which everything was asked.

    After a visit it unlocks a booking only together with answers that still count,
    where nothing is new, and for no longer than those: few questions were asked.
    """
    after_visit = FOLLOW_UP in going.asked
    something_new = after_visit and news(protocol.questionnaire, known, going.answers)
    whole = replace(going, answers=joined(known, going.answers))
    complete = bool(known) or not after_visit
    verdict = evaluate(protocol.rules, whole.answers, ended=complete)
    if something_new:
        expire(unit, going.conversation_id, now)
    status: Status = "completed" if complete and not something_new else "stopped"
    books = verdict.disposition in _BOOKS
    until = before.expires_at if before and after_visit and books else None
    return end(unit, whole, verdict, status, now, until)


def _told_anew(
    unit: ScreeningUnit,
    protocol: ScreeningProtocol,
    screening: Screening,
    state: State,
    before: Screening | None,
    now: datetime,
) -> State:
    """Let a check before a visit become a whole screening where something is new.

    A new sign makes every earlier result expire (protocol, section 1.8), also where
    the visitor answers nothing more.
    """
    if RECHECK not in state.asked:
        return state
    known = before.answers if before else {}
    if before and not news(protocol.questionnaire, known, state.answers):
        return state
    expire(unit, screening.conversation_id, now)
    marks = {name: mark for name, mark in state.asked.items() if name != RECHECK}
    said = " ".join(filter(None, (state.hint, protocol.questionnaire.hints.anew)))
    return State(state.answers, marks, said)


def _beside(
    protocol: ScreeningProtocol, state: State, before: Screening | None
) -> Mapping[str, Answer]:
    """Return the earlier answers with which the new ones are judged.

    What words raised then, and staff have looked at since, is not an alarm again.
    """
    if before is None or not {FOLLOW_UP, RECHECK}.intersection(state.asked):
        return {}
    if RECHECK not in state.asked:
        return before.answers if before.released_at is None else {}
    raised = protocol.questionnaire.raised
    return {name: one for name, one in before.answers.items() if name not in raised}


def joined(
    known: Mapping[str, Answer], answers: Mapping[str, Answer]
) -> dict[str, Answer]:
    """Put the answers after a visit over those before it.

    "None of these" of a short list takes nothing back that was said when each was
    asked about by itself: past cancer stays past cancer.
    """
    told = {
        name: one
        for name, one in answers.items()
        if name not in known or one not in _DENIALS
    }
    return {**known, **told}


def _must_stop(
    protocol: ScreeningProtocol,
    verdict: Verdict,
    marks: Collection[str],
    screen: Screen | None,
) -> bool:
    """Tell whether to ask nothing more: somebody needs help, or a person, now."""
    fired = {criterion.id for criterion in verdict.rules}
    if verdict.disposition is Disposition.EMERGENCY or fired & _STOPS_AT_ONCE:
        return True
    if SENSITIVE.intersection(verdict.flags):
        return True
    questions = protocol.questionnaire.questions
    asks = screen.questions if screen else ()
    begun = not asks or questions[asks[0]].stage != "start"
    # Before a later visit these were settled at the first one.
    return begun and RECHECK not in marks and bool(fired & _STOPS_AFTER_START)


def _kept(
    answers: Mapping[str, Answer], marks: Mapping[str, str], country: str
) -> tuple[dict[str, Answer], dict[str, str]]:
    """Leave out what is not kept: anything before consent, to be asked after it.

    One answer is kept only where positive; it is marked as done, as it was asked.
    """
    if answers.get("consent") is not True:
        said = {"consent": answers["consent"]} if "consent" in answers else {}
        return said, dict(marks)
    kept = dict(answers)
    kept.setdefault("country", country)
    if kept.get(FREE_TO_SKIP, "new") in _POSITIVE:
        return kept, dict(marks)
    del kept[FREE_TO_SKIP]
    return kept, {**marks, FREE_TO_SKIP: DONE}
