"""Tells how a patient's pain goes over visits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.clinic.booking import Appointment
from bot.clinic.progress import Told, over_visits
from bot.desk.ports import Diary

_HELD = ("booked", "fulfilled")


def pain_over_visits(
    unit: Diary, conversation_id: str, now: datetime
) -> tuple[Told, ...]:
    """Return what one conversation told of the pain, oldest first.

    What was told after a visit of a course has that visit's number in the course.

    Args:
        unit: one that only reads is enough.
        now: aware UTC; visits still ahead do not count.
    """
    visits = sorted(
        (
            one
            for one in unit.bookings.of_conversation(conversation_id)
            if one.status in _HELD and one.ends_at <= now
        ),
        key=lambda one: one.ends_at,
    )
    told = over_visits(
        unit.screenings.of(conversation_id), [one.ends_at for one in visits]
    )
    courses = {one.course_id for one in visits if one.course_id}
    counts = {
        course.id: course.visits
        for course_id in courses
        if (course := unit.bookings.course(course_id))
    }
    return tuple(_in_course(one, visits, counts) for one in told)


def _in_course(
    told: Told, visits: Sequence[Appointment], counts: dict[str, int]
) -> Told:
    last = visits[told.visit - 1] if told.visit else None
    if last is None or last.course_id not in counts or last.course_number is None:
        return told
    return replace(told, visit=last.course_number, of=counts[last.course_id])
