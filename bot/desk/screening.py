"""Screens a visitor: starts, asks, judges after every answer, and keeps the result.

None of these deeds commits: the caller does, so that a verdict and the handoff that it
calls for are written together or not at all.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.clinic.contacts import fill
from bot.clinic.errors import NotFound
from bot.clinic.interview import (
    AT_ONCE,
    DONE,
    FOLLOW_UP,
    Screen,
    State,
    asked_again,
    next_screen,
    raise_question,
)
from bot.clinic.progress import grown_worse
from bot.clinic.questionnaire import FREE_TO_SKIP, ScreeningProtocol
from bot.clinic.review import review_screen
from bot.clinic.screened import RESUMABLE, May, Permission, Screening
from bot.clinic.screening import (
    SENSITIVE,
    Answer,
    Disposition,
    Verdict,
    evaluate,
)
from bot.clinic.understanding import pressed_before, understand
from bot.desk import screened
from bot.desk.ports import ScreeningUnit
from bot.desk.screened import (
    abandon,
    barred,
    close_lapsed,
    end,
    latest_valid,
    may_book,
    record_red_flag,
    refuse,
    release,
    sweep,
    texts,
    unfinished,
)

__all__ = [
    "Asked",
    "Eased",
    "Ended",
    "May",
    "Permission",
    "Result",
    "ScreeningUnit",
    "Unclear",
    "abandon",
    "answer",
    "barred",
    "current_screen",
    "latest_valid",
    "leave",
    "may_book",
    "raised",
    "record_red_flag",
    "release",
    "start",
    "sweep",
    "texts",
]

ALONE = "alone"
"""Beside the marks: nothing was being asked when words raised a question."""
_POSITIVE = ("new", "old_stable")
_STOPS_AFTER_START = frozenset({"N02", "N03"})
"""A minor without a guardian, an adult who cannot consent: ask nothing more."""
_STOPS_AT_ONCE = frozenset({"N06"})
"""Alcohol or drugs: neither consent nor answers can be relied on."""

_DENIALS: tuple[Answer, ...] = ("no", "none", ["none"], ("none",))


@dataclass(frozen=True)
class Asked:
    """The next screen.

    Args:
        note: something to say before it, or "".
    """

    screen: Screen
    note: str = ""


@dataclass(frozen=True)
class Unclear:
    """The same screen again, because the reply could not be read."""

    screen: Screen
    hint: str


@dataclass(frozen=True)
class Ended:
    """The screening is over.

    Args:
        screening: as kept; without consent nothing is kept.
        texts: what to say, in this order.
    """

    screening: Screening
    verdict: Verdict
    texts: tuple[str, ...]


@dataclass(frozen=True)
class Eased:
    """What words had suggested is not so; nothing else was being asked."""


Result = Asked | Unclear | Ended | Eased
"""What may come of a reply."""


def start(
    unit: ScreeningUnit,
    conversation_id: str,
    channel: str,
    protocol: ScreeningProtocol,
    now: datetime,
    *,
    after_visit: bool = False,
) -> Asked:
    """Begin a screening, or go on with one that was left within 24 hours.

    After a result that still counts only what may have changed is asked, and what was
    left open; the rest is shown at the last look (protocol, section 1.8).

    Args:
        unit: not committed here.
        conversation_id: whose screening.
        channel: `web`, `telegram` ...
        protocol: questions, criteria, words and numbers.
        now: aware UTC.
        after_visit: ask no more than how it went. The answers are judged together
            with those that still count; alone they never unlock a booking.
    """
    going = unfinished(unit, conversation_id, now)
    note = ""
    if going is None:
        close_lapsed(unit, conversation_id, protocol, now)
        going = _new(conversation_id, channel, protocol, now)
        known = _known(unit, conversation_id, protocol, now)
        if after_visit:
            agreed = {"consent": True} if known.get("consent") is True else {}
            going = replace(going, answers=agreed, asked={FOLLOW_UP: DONE})
        elif known:
            note = protocol.questionnaire.hints.again
            going = replace(going, answers=known)
        unit.screenings.add(going)
    elif ALONE in going.asked:
        asked = {name: one for name, one in going.asked.items() if name != ALONE}
        going = replace(going, asked=asked)
        unit.screenings.replace(going)
    return Asked(_waiting(protocol, going), note)


def _known(
    unit: ScreeningUnit,
    conversation_id: str,
    protocol: ScreeningProtocol,
    now: datetime,
) -> Mapping[str, Answer]:
    """Return the answers that still count and do not change from visit to visit."""
    before = latest_valid(unit, conversation_id, now)
    if before is None or before.released_at is not None or before.bars(now):
        return {}
    return asked_again(protocol.questionnaire, before.answers).answers


def _new(
    conversation_id: str, channel: str, protocol: ScreeningProtocol, now: datetime
) -> Screening:
    return Screening(
        id=str(uuid.uuid4()),
        conversation_id=conversation_id,
        status="in-progress",
        channel=channel,
        rules_version=protocol.rules.version,
        questions_version=protocol.questionnaire.version,
        started_at=now,
        expires_at=now + RESUMABLE,
    )


def current_screen(
    unit: ScreeningUnit,
    conversation_id: str,
    protocol: ScreeningProtocol,
    now: datetime,
) -> Screen | None:
    """Return the screen that waits for an answer, or None where none does."""
    going = unfinished(unit, conversation_id, now)
    return _screen(protocol, going) if going else None


def answer(
    unit: ScreeningUnit,
    conversation_id: str,
    protocol: ScreeningProtocol,
    reply: str | Sequence[str],
    now: datetime,
    *,
    screen_id: str | None = None,
    seq: int = 0,
    seen: bool = True,
    today: date | None = None,
    alert_delivered: bool = False,
    on_duty: bool = False,
) -> Result:
    """Take a reply to the screen that waits, and judge all answers so far.

    An emergency ends the screening with that very answer; anything else is kept once
    the visitor has agreed to what was understood.

    Args:
        unit: not committed here.
        conversation_id: whose screening.
        protocol: questions, criteria, words and numbers.
        reply: typed text, or a list of the values of chosen buttons (also of one).
        now: aware UTC.
        screen_id: the screen that a pressed button belonged to; one of an earlier
            screen that says something new makes that screen be asked again.
        seq: the number of the message; one that was taken before changes nothing.
        seen: whether the screen had been shown when this was typed; if not, it was
            meant for an earlier one and changes nothing.
        today: the visitor's own date, for "since Tuesday"; by default that of `now`.
        alert_delivered: whether staff will really have been told.
        on_duty: whether somebody can call back today.

    Raises:
        NotFound: no screening waits for an answer.
    """
    screening = unfinished(unit, conversation_id, now)
    screen = _screen(protocol, screening) if screening else None
    if screening is None or screen is None:
        raise NotFound("no screening waits for an answer")
    questionnaire = protocol.questionnaire
    if 0 < seq <= screening.heard_seq or not seen:
        return Unclear(screen, questionnaire.hints.earlier)
    if screen_id and isinstance(reply, str):
        reply = [reply]  # a button's value is exact; typed words are interpreted
    screening = replace(screening, heard_seq=max(seq, screening.heard_seq))
    if screen_id not in (None, screen.id):
        again = pressed_before(questionnaire, _state(screening), screen_id, reply)
        state = again or questionnaire.hints.earlier
    else:
        state = understand(
            questionnaire, _state(screening), screen, reply, today or now.date()
        )
    if isinstance(state, str):
        return Unclear(screen, fill(state, protocol.contacts))
    asked = _go_on(unit, protocol, screening, state, now)
    if not isinstance(asked, tuple):
        return asked
    ended, verdict = asked
    said = texts(protocol, verdict, alert_delivered=alert_delivered, on_duty=on_duty)
    if FOLLOW_UP in ended.asked and verdict.disposition is Disposition.OK_TO_BOOK:
        words = questionnaire.review
        thanks = words.worse if grown_worse(ended.answers) else words.followed_up
        said = (thanks, said[-1])
    return Ended(ended, verdict, said)


def leave(
    unit: ScreeningUnit,
    conversation_id: str,
    protocol: ScreeningProtocol,
    now: datetime,
) -> Ended | None:
    """Say what cannot wait when a visitor leaves the questions before their end.

    Returns:
        The end, with what to say; None where nothing is alarming, so that the
        screening can be taken up again within 24 hours.
    """
    left = screened.leave(unit, conversation_id, protocol, now)
    if left is None:
        return None
    screening, verdict = left
    return Ended(screening, verdict, texts(protocol, verdict, alert_delivered=False))


def raised(
    unit: ScreeningUnit,
    conversation_id: str,
    channel: str,
    protocol: ScreeningProtocol,
    question: str,
    now: datetime,
) -> Asked:
    """Ask at once what the visitor's own words suggest (self_harm, unsafe, ...).

    Where no screening was under way this one question is all that is asked.
    """
    going = unfinished(unit, conversation_id, now)
    if going is None:
        close_lapsed(unit, conversation_id, protocol, now)
        new = _new(conversation_id, channel, protocol, now)
        going = replace(new, asked={ALONE: DONE})
        unit.screenings.add(going)
    state = raise_question(protocol.questionnaire, _state(going), question)
    kept = replace(going, answers=state.answers, asked=state.asked)
    unit.screenings.replace(kept)
    return Asked(_waiting(protocol, kept))


def _state(screening: Screening) -> State:
    return State(screening.answers, screening.asked)


def _screen(protocol: ScreeningProtocol, screening: Screening) -> Screen | None:
    """Return the screen of an unfinished screening, with its numbers filled in."""
    state = _state(screening)
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


def _waiting(protocol: ScreeningProtocol, screening: Screening) -> Screen:
    """Return the screen of an unfinished screening.

    Raises:
        NotFound: everything was asked already.
    """
    screen = _screen(protocol, screening)
    if screen is None:
        raise NotFound("an unfinished screening with nothing left to ask")
    return screen


def _go_on(
    unit: ScreeningUnit,
    protocol: ScreeningProtocol,
    screening: Screening,
    state: State,
    now: datetime,
) -> Asked | Eased | tuple[Screening, Verdict]:
    """Keep the new state; ask the next screen or end the screening."""
    known: Mapping[str, Answer] = {}
    if FOLLOW_UP in state.asked:
        known = _known(unit, screening.conversation_id, protocol, now)
    # Judged before anything is dropped: what is not kept may still be an alarm.
    verdict = evaluate(protocol.rules, _with(known, state.answers), ended=False)
    answers, marks = _kept(state.answers, state.asked, protocol.contacts.country)
    going = replace(screening, answers=answers, asked=marks, expires_at=now + RESUMABLE)
    screen = _screen(protocol, going)
    if answers.get("consent") is False:
        return refuse(unit, protocol, going, now)
    if _must_stop(protocol, verdict, screen):
        return end(unit, going, verdict, "stopped", now)
    if ALONE in marks and (not screen or screen.questions != (marks.get(AT_ONCE),)):
        unit.screenings.remove(going.id)
        return Eased()
    if screen is None and FOLLOW_UP in marks and not known:
        return end(unit, going, verdict, "stopped", now)
    if screen is None:
        answers = _with(known, answers)
        verdict = evaluate(protocol.rules, answers, ended=True)
        return end(unit, replace(going, answers=answers), verdict, "completed", now)
    unit.screenings.replace(going)
    return Asked(screen, fill(state.hint, protocol.contacts))


def _with(
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
    protocol: ScreeningProtocol, verdict: Verdict, screen: Screen | None
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
    return begun and bool(fired & _STOPS_AFTER_START)


def _kept(
    answers: Mapping[str, Answer], marks: Mapping[str, str], country: str
) -> tuple[dict[str, Answer], dict[str, str]]:
    """Leave out what is not kept, and mark it as done.

    That is anything before consent, and the one answer kept only where positive.
    """
    agreed = answers.get("consent") is True
    free = answers.get(FREE_TO_SKIP, "new") not in _POSITIVE
    dropped = {
        name
        for name in answers
        if (not agreed and name != "consent") or (free and name == FREE_TO_SKIP)
    }
    kept = {name: one for name, one in answers.items() if name not in dropped}
    if agreed:
        kept.setdefault("country", country)
    return kept, {**marks, **dict.fromkeys(dropped, DONE)}
