"""One visitor's screening as it is kept, and what it allows the diary to do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from typing import Literal

from bot.clinic.screening import Answer, Disposition

Status = Literal["in-progress", "completed", "stopped"]
"""FHIR's words: `stopped` ended early, by an emergency, a refusal or the visitor."""

RESUMABLE = timedelta(hours=24)
VALID = timedelta(days=30)
"""Both from the screening protocol, sections 1.8 and 7."""
SOON = timedelta(hours=1)
"""How long questions may stand open once an answer needs a doctor the same day.
Meridian's own choice: the protocol (1.6) lets no advice wait for unfinished questions.
"""

GATE_HOLDS = timedelta(hours=24)
"""How long after the emergency signs were asked a visit is still booked on them.
Meridian's own choice: the protocol (1.8) says before every later visit, not when.
"""

LOCKING = frozenset({Disposition.EMERGENCY, Disposition.URGENT})
"""Locked until staff release it, however long that takes."""
ANSWERED_ANEW = frozenset({"N01", "N05", "N08"})
"""No agreement, or questions left open: the visitor can put that right alone. After
any other reason for NOT_SUITABLE_ONLINE a person must take over (protocol, section 2).
"""
RED_FLAGS = ("RED_FLAG", "EMERGENCY", "CRISIS")
"""What a screening is flagged with that an emergency in free text made."""


@dataclass(frozen=True)
class Screening:
    """The answers of one visitor and what came of them.

    Args:
        id: a UUID.
        answers: question id to value; empty without consent.
        asked: question id to a mark of the interview.
        disposition: None while in progress.
        rules: ids of the criteria that fired.
        messages: keys of what the visitor was told.
        expires_at: until when it can be resumed, or once ended, until when it counts.
        heard_seq: the number of the visitor's message that was taken last.
        released_by: the staff member who unlocked booking after an urgent result.
    """

    id: str
    conversation_id: str
    status: Status
    channel: str
    rules_version: str
    questions_version: str
    started_at: datetime
    expires_at: datetime
    answers: Mapping[str, Answer] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    disposition: Disposition | None = None
    flags: tuple[str, ...] = ()
    rules: tuple[str, ...] = ()
    messages: tuple[str, ...] = ()
    ended_at: datetime | None = None
    heard_seq: int = 0
    released_by: str | None = None
    released_at: datetime | None = None
    release_reason: str | None = None

    def in_progress(self, now: datetime) -> bool:
        """Tell whether the visitor can go on with it."""
        return self.status == "in-progress" and now < self.expires_at

    def counts(self, now: datetime) -> bool:
        """Tell whether its result still says something about the visitor."""
        return self.status == "completed" and now < self.expires_at

    def gate_holds(self, now: datetime) -> bool:
        """Tell whether the emergency signs were asked about only just now."""
        return self.ended_at is not None and now < self.ended_at + GATE_HOLDS

    @property
    def locks(self) -> bool:
        """Whether no visit may be booked until staff release it; never lapses."""
        return self.disposition in LOCKING and self.released_at is None

    def bars(self, now: datetime) -> bool:
        """Tell whether booking is barred until staff release it.

        A lock bars for good; where a person must take over it is for as long as a
        result counts.
        """
        if self.disposition is not Disposition.NOT_SUITABLE_ONLINE:
            return self.locks
        reasons = {rule for rule in self.rules if rule.startswith("N")}
        open_only = bool(reasons) and reasons <= ANSWERED_ANEW
        return not open_only and self.released_at is None and now < self.expires_at


class May(str, Enum):
    """What a visitor may do in the diary."""

    OK = "ok"
    PENDING = "pending"
    LOCKED = "locked"
    SCREENING_NEEDED = "screening_needed"


@dataclass(frozen=True)
class Permission:
    """Whether a visitor may book, and by which screening.

    Args:
        may: `PENDING` holds a time that a practitioner must clear first.
        reason: the disposition that decided, or "" where there is no screening.
        screening_id: the screening that decided.
    """

    may: May
    reason: str = ""
    screening_id: str | None = None


_BY_DISPOSITION = {
    Disposition.OK_TO_BOOK: May.OK,
    Disposition.PRACTITIONER_REVIEW: May.PENDING,
    # Only for questions left open: any other reason bars booking, see `bars`.
    Disposition.NOT_SUITABLE_ONLINE: May.SCREENING_NEEDED,
}


def permission(screenings: Iterable[Screening], now: datetime) -> Permission:
    """Say what all the screenings of one conversation together allow.

    An emergency or urgent result, and one that asks for a person, bars booking until
    staff release it, whatever was answered later. Otherwise the newest screening
    decides; one that is unfinished, expired or was broken off allows nothing.

    Args:
        screenings: in any order.
        now: aware UTC.
    """
    newest_first = sorted(screenings, key=lambda one: one.started_at, reverse=True)
    for one in newest_first:
        if one.bars(now) and one.disposition:
            return Permission(May.LOCKED, one.disposition.value, one.id)
    if not newest_first:
        return Permission(May.SCREENING_NEEDED)
    return _of_one(newest_first[0], now)


def _of_one(newest: Screening, now: datetime) -> Permission:
    disposition = newest.disposition
    if disposition is None or newest.expires_at <= now:
        return Permission(May.SCREENING_NEEDED)
    if newest.status == "stopped":
        may = May.SCREENING_NEEDED  # broken off, or released with answers missing
    elif newest.released_at is not None:
        # A bar is lifted; a practitioner still looks at the rest, or did just that.
        looked = disposition is Disposition.PRACTITIONER_REVIEW
        review = any(rule.startswith("R") for rule in newest.rules)
        may = May.PENDING if review and not looked else May.OK
    else:
        may = _BY_DISPOSITION.get(disposition, May.LOCKED)
    return Permission(may, disposition.value, newest.id)
