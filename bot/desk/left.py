"""Ends screenings that were left before their end, so that no alarm is lost.

None of these deeds commits: the caller does, so that a verdict and the handoff that it
calls for are written together or not at all.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.clinic.contacts import fill
from bot.clinic.conversation import Said
from bot.clinic.interview import TICKED, UNSURE_ONCE, next_screen
from bot.clinic.questionnaire import DECLINED, UNSURE, ScreeningProtocol
from bot.clinic.screened import LOCKING, Screening
from bot.clinic.screening import Verdict, evaluate
from bot.desk.ports import ScreeningUnit, Talk
from bot.desk.screened import end, unfinished

_MUST_BE_ANSWERED = ("self_harm", "unsafe")
"""Left open means declined: a person from the clinic looks after it."""


def abandon(
    unit: ScreeningUnit,
    conversation_id: str,
    protocol: ScreeningProtocol,
    now: datetime,
) -> Screening | None:
    """End a screening that the visitor does not want to go on with.

    What was answered is judged as complete, so that nothing alarming is lost.

    Returns:
        The screening as kept; None where none was under way or nothing was answered.
    """
    going = unfinished(unit, conversation_id, now)
    return _broken_off(unit, going, protocol, now) if going else None


def leave(
    unit: ScreeningUnit,
    conversation_id: str,
    protocol: ScreeningProtocol,
    now: datetime,
) -> tuple[Screening, Verdict] | None:
    """End a screening that is left with something alarming answered in it.

    Advice does not wait for unfinished questions (protocol, section 1.6).

    Returns:
        What was kept and must be said; None where nothing is alarming, and the
        screening can be taken up again.
    """
    going = unfinished(unit, conversation_id, now)
    if going is None:
        return None
    left = as_left(protocol, going)
    verdict = evaluate(protocol.rules, left.answers, ended=True)
    if verdict.disposition not in LOCKING:
        return None
    return end(unit, left, verdict, "stopped", now)


def tell(
    unit: Talk, protocol: ScreeningProtocol, left: Screening, now: datetime
) -> None:
    """Say what was answered calls for to a visitor who left before the end."""
    for key in left.messages:
        words = fill(protocol.messages[key], protocol.contacts, alert_delivered=False)
        said = Said(words, extras={"urgent": True})
        unit.conversations.say(left.conversation_id, said, now)


def _broken_off(
    unit: ScreeningUnit,
    screening: Screening,
    protocol: ScreeningProtocol,
    now: datetime,
) -> Screening | None:
    """End an unfinished screening; one in which nothing was said is removed."""
    left = as_left(protocol, screening)
    if not left.answers:
        unit.screenings.remove(screening.id)
        return None
    verdict = evaluate(protocol.rules, left.answers, ended=True)
    return end(unit, left, verdict, "stopped", now)[0]


def as_left(protocol: ScreeningProtocol, screening: Screening) -> Screening:
    """Return a screening in which what was left in the middle has an answer.

    What must be answered counts as declined; a sign that the visitor named, or was
    not sure of, counts as not sure.
    """
    answers = dict(screening.answers)
    questions = protocol.questionnaire.questions
    for name, mark in screening.asked.items():
        if mark in (TICKED, UNSURE_ONCE) and name in questions and name not in answers:
            if name in _MUST_BE_ANSWERED:
                answers[name] = DECLINED
            elif questions[name].knows_unsure:
                answers[name] = UNSURE
    open_screen = next_screen(protocol.questionnaire, answers, screening.asked)
    for name in open_screen.questions if open_screen else ():
        if name in _MUST_BE_ANSWERED:
            answers[name] = DECLINED
    return replace(screening, answers=answers)


def close_lapsed(
    unit: ScreeningUnit,
    conversation_id: str,
    protocol: ScreeningProtocol,
    now: datetime,
) -> list[Screening]:
    """Close what this conversation left for too long.

    That is 24 hours, or one where an answer needs a doctor the same day.

    Answers of a screening that was not finished are dropped; one that only a person can
    put right stays, without them: an alarm, or somebody who must be taken over
    (protocol, section 2). Questions that were merely left open are asked anew.

    Returns:
        The closed screenings that staff must hear of: those that bar booking.
    """
    left = [
        one
        for one in unit.screenings.of(conversation_id)
        if one.status == "in-progress" and not one.in_progress(now)
    ]
    closed = [_close(unit, one, protocol, now) for one in left]
    return [one for one in closed if one is not None]


def _close(
    unit: ScreeningUnit,
    screening: Screening,
    protocol: ScreeningProtocol,
    now: datetime,
) -> Screening | None:
    """Close a screening that nobody came back to, without keeping its answers.

    Returns:
        The screening where a person must look after it, else None.
    """
    ended = _broken_off(unit, screening, protocol, now)
    if ended is None:
        return None
    bare = replace(ended, answers={}, asked={})
    if not bare.bars(now):
        unit.screenings.remove(bare.id)
        return None
    unit.screenings.replace(bare)
    return bare
