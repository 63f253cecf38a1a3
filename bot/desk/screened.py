"""Ends and keeps screenings, and says what they allow.

None of these deeds commits: the caller does, so that a verdict and the handoff that it
calls for are written together or not at all.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from bot.clinic.contacts import fill
from bot.clinic.errors import NotFound
from bot.clinic.interview import TICKED, UNSURE_ONCE, next_screen
from bot.clinic.questionnaire import DECLINED, UNSURE, ScreeningProtocol
from bot.clinic.screened import (
    LOCKING,
    VALID,
    Permission,
    Screening,
    Status,
    permission,
)
from bot.clinic.screening import Answer, Disposition, Verdict, evaluate
from bot.desk.ports import ScreeningUnit

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
    left = _as_left(protocol, going)
    verdict = evaluate(protocol.rules, left.answers, ended=True)
    if verdict.disposition not in LOCKING:
        return None
    return end(unit, left, verdict, "stopped", now)


def latest_valid(
    unit: ScreeningUnit, conversation_id: str, now: datetime
) -> Screening | None:
    """Return the newest finished screening that has not expired, or None."""
    valid = [one for one in unit.screenings.of(conversation_id) if one.counts(now)]
    return max(valid, key=lambda one: one.started_at, default=None)


def barred(unit: ScreeningUnit, conversation_id: str, now: datetime) -> bool:
    """Say whether only staff can let this conversation book."""
    return any(one.bars(now) for one in unit.screenings.of(conversation_id))


def may_book(unit: ScreeningUnit, conversation_id: str, now: datetime) -> Permission:
    """Say whether this conversation may book, hold a time, or neither."""
    return permission(unit.screenings.of(conversation_id), now)


def release(
    unit: ScreeningUnit, screening_id: str, name: str, reason: str, now: datetime
) -> Screening:
    """Let a visitor book again after an emergency or urgent result.

    Args:
        unit: not committed here.
        screening_id: the screening that locks booking.
        name: the staff member who decided.
        reason: why, in their words.
        now: aware UTC.

    Raises:
        NotFound: there is no such screening.
        ValueError: no name or no reason was given.
    """
    screening = unit.screenings.get(screening_id)
    if screening is None:
        raise NotFound("no such screening")
    if not name.strip() or not reason.strip():
        raise ValueError("a release needs a name and a reason")
    freed = replace(screening, released_by=name, released_at=now, release_reason=reason)
    unit.screenings.replace(freed)
    return freed


def record_red_flag(
    unit: ScreeningUnit, conversation_id: str, rule: str, kind: str, now: datetime
) -> Screening:
    """Keep an emergency heard in free text as a stopped screening.

    Whatever screening is under way ends with it; self-booking is locked until staff
    release it.

    Args:
        unit: not committed here.
        conversation_id: whose words they were.
        rule: id of the rule that heard it; never the words themselves.
        kind: EMERGENCY or CRISIS.
        now: aware UTC.
    """
    stopped = unfinished(unit, conversation_id, now)
    red = Screening(
        id=str(uuid.uuid4()),
        conversation_id=conversation_id,
        status="stopped",
        channel="",
        rules_version="",
        questions_version="",
        started_at=now,
        expires_at=now + VALID,
    )
    base = stopped or red
    kept = replace(
        base,
        status="stopped",
        answers=_agreed(base),
        disposition=Disposition.EMERGENCY,
        flags=tuple(dict.fromkeys((*base.flags, "RED_FLAG", kind))),
        rules=(*base.rules, rule),
        ended_at=now,
        expires_at=now + VALID,
    )
    if stopped:
        unit.screenings.replace(kept)
    else:
        unit.screenings.add(kept)
    return kept


def sweep(
    unit: ScreeningUnit, protocol: ScreeningProtocol, now: datetime
) -> list[Screening]:
    """Close what was left for more than 24 hours, drop what nobody needs any more.

    Call it from time to time. Answers of a screening that was not finished are
    dropped; one that only a person can put right stays, without them: an alarm, or
    somebody who must be taken over (protocol, section 2). Questions that were merely
    left open are asked anew.

    Returns:
        The closed screenings that staff must hear of: those that bar booking.
    """
    closed = [_close(unit, one, protocol, now) for one in unit.screenings.lapsed(now)]
    unit.screenings.drop_expired(now)
    return [one for one in closed if one is not None]


def texts(
    protocol: ScreeningProtocol,
    verdict: Verdict,
    *,
    alert_delivered: bool,
    on_duty: bool = False,
) -> tuple[str, ...]:
    """Return what to say for a verdict, with the clinic's and country's numbers.

    Args:
        protocol: messages and numbers.
        verdict: which messages.
        alert_delivered: False leaves out every "I've told the clinic team".
        on_duty: False leaves out the offer of a call on the same day.
    """
    return tuple(
        fill(
            protocol.messages[name],
            protocol.contacts,
            alert_delivered=alert_delivered,
            on_duty=on_duty,
        )
        for name in verdict.messages
    )


def unfinished(
    unit: ScreeningUnit, conversation_id: str, now: datetime
) -> Screening | None:
    """Return the screening that waits for an answer, or None."""
    going = [one for one in unit.screenings.of(conversation_id) if one.in_progress(now)]
    return max(going, key=lambda one: one.started_at, default=None)


def end(
    unit: ScreeningUnit,
    screening: Screening,
    verdict: Verdict,
    status: Status,
    now: datetime,
) -> tuple[Screening, Verdict]:
    """Keep an ended screening; its answers only where the visitor agreed."""
    kept = replace(
        screening,
        status=status,
        answers=_agreed(screening),
        disposition=verdict.disposition,
        flags=verdict.flags,
        rules=tuple(criterion.id for criterion in verdict.rules),
        messages=verdict.messages,
        ended_at=now,
        expires_at=now + VALID,
    )
    unit.screenings.replace(kept)
    return kept, verdict


def _agreed(screening: Screening) -> Mapping[str, Answer]:
    """Return the answers that may be kept: those of somebody who agreed."""
    return screening.answers if screening.answers.get("consent") is True else {}


def confirm(
    unit: ScreeningUnit, screening: Screening, before: Screening, now: datetime
) -> Screening:
    """Keep that nothing is new: the earlier result counts, no longer than before.

    What staff released stays released.
    """
    kept = replace(
        before,
        id=screening.id,
        channel=screening.channel,
        answers=screening.answers,
        asked=screening.asked,
        heard_seq=screening.heard_seq,
        started_at=screening.started_at,
        ended_at=now,
    )
    unit.screenings.replace(kept)
    return kept


def expire(unit: ScreeningUnit, conversation_id: str, now: datetime) -> None:
    """Let no earlier result count any more; locks stay."""
    for one in unit.screenings.of(conversation_id):
        if one.counts(now):
            unit.screenings.replace(replace(one, expires_at=now))


def refuse(
    unit: ScreeningUnit,
    protocol: ScreeningProtocol,
    screening: Screening,
    now: datetime,
) -> tuple[Screening, Verdict]:
    """Keep nothing at all of somebody who does not agree."""
    unit.screenings.remove(screening.id)
    verdict = evaluate(protocol.rules, {"consent": False}, ended=True)
    return replace(screening, status="stopped", answers={}, ended_at=now), verdict


def _broken_off(
    unit: ScreeningUnit,
    screening: Screening,
    protocol: ScreeningProtocol,
    now: datetime,
) -> Screening | None:
    """End an unfinished screening; one in which nothing was said is removed."""
    left = _as_left(protocol, screening)
    if not left.answers:
        unit.screenings.remove(screening.id)
        return None
    verdict = evaluate(protocol.rules, left.answers, ended=True)
    return end(unit, left, verdict, "stopped", now)[0]


def _as_left(protocol: ScreeningProtocol, screening: Screening) -> Screening:
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
    """Close what this conversation left for more than 24 hours; see `sweep`."""
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
