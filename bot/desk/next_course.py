"""Offers another course to whoever has had the last visit of one."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime, timedelta

from bot.clinic.conversation import Choice, Said
from bot.clinic.letters import quiet
from bot.clinic.profile import Clinic
from bot.clinic.wish import Course
from bot.desk.handoff import is_held
from bot.desk.ports import Diary, FrontDesk

_AFTER_VISIT, _TOO_LATE = timedelta(hours=24), timedelta(days=14)
"""Who has told how the last visit went is asked at once, all others a day later."""


def offer_next_courses(
    writing: Callable[[], AbstractContextManager[FrontDesk]],
    reading: Callable[[], AbstractContextManager[FrontDesk]],
    clinic: Clinic,
    now: datetime,
) -> list[str]:
    """Ask whoever had the last visit of a course whether there shall be another one.

    Each is asked once, a day after the visit, not in the quiet hours, and not while
    staff hold the conversation. Each in a transaction of its own: who is slow to be
    asked keeps nobody else waiting.

    Returns:
        The conversations in which something was said.
    """
    if quiet(now, clinic.policy, clinic.zone) is not None:
        return []
    with reading() as unit:
        ended = unit.bookings.finished_courses(now - _AFTER_VISIT, now - _TOO_LATE)
    told = []
    for course in ended:
        with writing() as unit:
            unit.conversations.lock(course.conversation_id)
            if is_held(unit, course.conversation_id):
                continue
            offer = _offer(unit, course.id, now)
            if offer is None:
                continue
            unit.conversations.say(course.conversation_id, offer, now)
            unit.commit()
        told.append(course.conversation_id)
    return told


def offer_next(unit: Diary, conversation_id: str, now: datetime) -> Said | None:
    """Offer the next course to whoever has just told how the last visit went.

    The caller says it and commits.

    Returns:
        None where no course has ended, or its next one was offered before.
    """
    unit.conversations.lock(conversation_id)
    for course in unit.bookings.finished_courses(now, now - _TOO_LATE):
        if course.conversation_id == conversation_id:
            return _offer(unit, course.id, now)
    return None


def _offer(unit: Diary, course_id: str, now: datetime) -> Said | None:
    """Note that the next course is offered; None where that was done meanwhile.

    The conversation is locked, so that of two who offer it one does.
    """
    course = unit.bookings.course(course_id)
    if course is None or course.offered_at is not None:
        return None
    unit.bookings.offered_next(course.id, now)
    return Said(
        f"That was the last of your {course.visits} visits. Would you like to plan "
        "the next ones in the same way? You need not decide now.",
        choices=(
            Choice("Plan the next ones", f'/next_course{{"course": "{course.id}"}}'),
            Choice("Not now", "/deny"),
        ),
    )


def next_words(
    unit: Diary, clinic: Clinic, conversation_id: str, course_id: str
) -> str:
    """Say in a visitor's words what a course like their last one would be.

    Returns:
        "" where this conversation had no such course, or the clinic's files no longer
        know what it was.
    """
    course = unit.bookings.course(course_id)
    visits = unit.bookings.of_course(course_id)
    if course is None or course.conversation_id != conversation_id or not visits:
        return ""
    treatment = clinic.treatments.get(visits[-1].treatment_id)
    person = clinic.practitioners.get(visits[-1].practitioner_id)
    if treatment is None or person is None:
        return ""
    rhythm = Course(course.visits, course.weeks, course.per).rhythm
    therapy = clinic.therapies[treatment.therapy]
    again = "follow-up" if treatment.visit == "follow_up" else ""
    return f"{course.visits} visits {rhythm}, {therapy} {again} with {person.name}"
