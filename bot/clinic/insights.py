"""Figures about a stretch of days: who came, who waited how long, what was asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median

from bot.clinic.handoff import PRIORITIES, Priority, Reason


@dataclass(frozen=True)
class Funnel:
    """How far conversations came; each counts in every step that it reached.

    Args:
        begun: conversations in which a visitor said something.
        asked: of those, with safety questions begun.
        answered: with all of them answered.
        booked: with a visit booked, kept for review, or asked for.
    """

    begun: int
    asked: int
    answered: int
    booked: int


@dataclass(frozen=True)
class Wait:
    """One handoff, as far as waiting goes.

    Args:
        opened_at: aware UTC, like the others.
        held_at: when staff took it; None while nobody has.
        missed: it was not taken by the time that the visitor was told.
    """

    reason: Reason
    priority: Priority
    opened_at: datetime
    held_at: datetime | None
    missed: bool


@dataclass(frozen=True)
class Waiting:
    """How long conversations of one priority waited until somebody took them.

    Args:
        median_minutes: None where none was taken.
        longest_minutes: the longest wait that has ended.
    """

    priority: Priority
    handoffs: int
    taken: int
    missed: int
    median_minutes: float | None
    longest_minutes: float | None


@dataclass(frozen=True)
class Insights:
    """Everything on the page, most first."""

    funnel: Funnel
    reasons: Sequence[tuple[Reason, int]]
    waiting: Sequence[Waiting]
    topics: Sequence[tuple[str, int]]


def by_reason(waits: Sequence[Wait]) -> list[tuple[Reason, int]]:
    """Count handoffs by why they were opened, the most frequent first."""
    reasons = sorted({one.reason for one in waits})
    counted = [(one, sum(wait.reason == one for wait in waits)) for one in reasons]
    return sorted(counted, key=lambda pair: -pair[1])


def by_priority(waits: Sequence[Wait]) -> list[Waiting]:
    """Say how long each priority waited, the most pressing first."""
    return [
        _waiting(priority, of)
        for priority in PRIORITIES
        if (of := [wait for wait in waits if wait.priority == priority])
    ]


def _waiting(priority: Priority, waits: Sequence[Wait]) -> Waiting:
    minutes = [
        (wait.held_at - wait.opened_at) / timedelta(minutes=1)
        for wait in waits
        if wait.held_at
    ]
    return Waiting(
        priority=priority,
        handoffs=len(waits),
        taken=len(minutes),
        missed=sum(wait.missed for wait in waits),
        median_minutes=median(minutes) if minutes else None,
        longest_minutes=max(minutes, default=None),
    )
