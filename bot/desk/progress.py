"""Tells how a patient's pain goes over visits."""

from __future__ import annotations

from datetime import datetime

from bot.clinic.progress import Told, over_visits
from bot.desk.ports import Diary

_HELD = ("booked", "fulfilled")


def pain_over_visits(
    unit: Diary, conversation_id: str, now: datetime
) -> tuple[Told, ...]:
    """Return what one conversation told of the pain, oldest first.

    Args:
        unit: one that only reads is enough.
        now: aware UTC; visits still ahead do not count.
    """
    visits = [
        one.ends_at
        for one in unit.bookings.of_conversation(conversation_id)
        if one.status in _HELD and one.ends_at <= now
    ]
    return over_visits(unit.screenings.of(conversation_id), visits)
