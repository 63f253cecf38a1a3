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
from bot.clinic.questionnaire import ScreeningProtocol
from bot.clinic.screened import (
    VALID,
    Permission,
    Screening,
    Status,
    permission,
)
from bot.clinic.screening import Answer, Disposition, Verdict, evaluate
from bot.desk.ports import ScreeningUnit


def latest_valid(
    unit: ScreeningUnit, conversation_id: str, now: datetime
) -> Screening | None:
    """Return the newest finished screening that has not expired, or None."""
    valid = [one for one in unit.screenings.of(conversation_id) if one.counts(now)]
    return max(valid, key=lambda one: one.started_at, default=None)


def locks(unit: ScreeningUnit, conversation_id: str, now: datetime) -> list[str]:
    """Return the ids of the screenings that bar booking until staff release them."""
    return [one.id for one in unit.screenings.of(conversation_id) if one.bars(now)]


def barred(unit: ScreeningUnit, conversation_id: str, now: datetime) -> bool:
    """Say whether only staff can let this conversation book."""
    return bool(locks(unit, conversation_id, now))


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
    until: datetime | None = None,
) -> tuple[Screening, Verdict]:
    """Keep an ended screening; its answers only where the visitor agreed.

    Args:
        until: how long it counts; None is the whole time from now.
    """
    kept = replace(
        screening,
        status=status,
        answers=_agreed(screening),
        disposition=verdict.disposition,
        flags=verdict.flags,
        rules=tuple(criterion.id for criterion in verdict.rules),
        messages=verdict.messages,
        ended_at=now,
        expires_at=until or now + VALID,
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
