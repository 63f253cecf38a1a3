"""Screens a visitor: starts, asks, judges after every answer, and keeps the result.

None of these deeds commits: the caller does, so that a verdict and the handoff that it
calls for are written together or not at all.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from bot.clinic.consequences import asked_again, facts, raise_question
from bot.clinic.contacts import fill
from bot.clinic.errors import NotFound
from bot.clinic.interview import DONE, FOLLOW_UP, RECHECK, Screen
from bot.clinic.progress import grown_worse
from bot.clinic.questionnaire import ScreeningProtocol
from bot.clinic.screened import RESUMABLE, May, Permission, Screening
from bot.clinic.screening import Answer, Disposition, Verdict
from bot.clinic.understanding import pressed_before, understand
from bot.desk import left as left_open
from bot.desk.judging import (
    ALONE,
    Confirmed,
    Eased,
    Goes,
    counting,
    go_on,
    screen_of,
    state_of,
)
from bot.desk.left import abandon, close_lapsed
from bot.desk.ports import ScreeningUnit
from bot.desk.screened import (
    barred,
    latest_valid,
    locks,
    may_book,
    record_red_flag,
    release,
    texts,
    unfinished,
)

__all__ = [
    "Asked",
    "Confirmed",
    "Eased",
    "Ended",
    "May",
    "Permission",
    "Result",
    "ScreeningUnit",
    "Unclear",
    "abandon",
    "answer",
    "as_said",
    "barred",
    "close_lapsed",
    "current_screen",
    "latest_valid",
    "leave",
    "locks",
    "may_book",
    "raised",
    "record_red_flag",
    "release",
    "start",
    "texts",
]


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


Result = Asked | Unclear | Ended | Eased | Confirmed
"""What may come of a reply."""


def start(
    unit: ScreeningUnit,
    conversation_id: str,
    channel: str,
    protocol: ScreeningProtocol,
    now: datetime,
    *,
    before_visit: bool = False,
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
        before_visit: where a result still counts, ask no more than the emergency
            signs and whether anything is new.
        after_visit: ask no more than how it went. The answers are judged together
            with those that still count; alone they never unlock a booking.
    """
    going = unfinished(unit, conversation_id, now)
    note = ""
    if going is None:
        close_lapsed(unit, conversation_id, protocol, now)
        going = _new(conversation_id, channel, protocol, now)
        known = _known(unit, conversation_id, protocol, now)
        result = counting(unit, conversation_id, now)
        if before_visit and result:
            settled = facts(protocol.questionnaire, result.answers)
            going = replace(going, answers=settled, asked={RECHECK: DONE})
        elif after_visit:
            settled = facts(protocol.questionnaire, known)
            going = replace(going, answers=settled, asked={FOLLOW_UP: DONE})
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
    before = counting(unit, conversation_id, now)
    if before is None or before.released_at is not None:
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
    return screen_of(protocol, going) if going else None


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
    screen = screen_of(protocol, screening) if screening else None
    if screening is None or screen is None:
        raise NotFound("no screening waits for an answer")
    questionnaire = protocol.questionnaire
    if 0 < seq <= screening.heard_seq or not seen:
        return Unclear(screen, questionnaire.hints.earlier)
    if screen_id and isinstance(reply, str):
        reply = [reply]  # a button's value is exact; typed words are interpreted
    screening = replace(screening, heard_seq=max(seq, screening.heard_seq))
    if screen_id not in (None, screen.id):
        again = pressed_before(questionnaire, state_of(screening), screen_id, reply)
        state = again or questionnaire.hints.earlier
    else:
        state = understand(
            questionnaire, state_of(screening), screen, reply, today or now.date()
        )
    if isinstance(state, str):
        return Unclear(screen, fill(state, protocol.contacts))
    result = go_on(unit, protocol, screening, state, now)
    if isinstance(result, Goes):
        return Asked(result.screen, result.note)
    if isinstance(result, (Eased, Confirmed)):
        return result
    said = texts(
        protocol, result.verdict, alert_delivered=alert_delivered, on_duty=on_duty
    )
    said = as_said(protocol, result.screening, said)
    return Ended(result.screening, result.verdict, said)


def as_said(
    protocol: ScreeningProtocol, screening: Screening, said: Sequence[str]
) -> tuple[str, ...]:
    """Return thanks in place of "you can book" after a visit, as nobody asked that.

    Args:
        screening: one that has ended.
        said: the words of its messages.
    """
    calm = screening.disposition is Disposition.OK_TO_BOOK
    if not (calm and said) or FOLLOW_UP not in screening.asked:
        return tuple(said)
    words = protocol.questionnaire.review
    worse = grown_worse(screening.answers)
    return (words.worse if worse else words.followed_up, said[-1])


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
    left = left_open.leave(unit, conversation_id, protocol, now)
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
    state = raise_question(protocol.questionnaire, state_of(going), question)
    kept = replace(going, answers=state.answers, asked=state.asked)
    unit.screenings.replace(kept)
    return Asked(_waiting(protocol, kept))


def _waiting(protocol: ScreeningProtocol, screening: Screening) -> Screen:
    """Return the screen of an unfinished screening.

    Raises:
        NotFound: everything was asked already.
    """
    screen = screen_of(protocol, screening)
    if screen is None:
        raise NotFound("an unfinished screening with nothing left to ask")
    return screen
