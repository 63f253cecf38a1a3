"""Offers another course to whoever has had the last visit of one."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.clinic.booking import CourseOfVisits
from bot.clinic.conversation import Choice, Said
from bot.clinic.letters import quiet
from bot.clinic.profile import Clinic
from bot.clinic.wish import Course
from bot.desk.handoff import is_held
from bot.desk.ports import Diary, FrontDesk

_AFTER_VISIT, _TOO_LATE = timedelta(hours=24), timedelta(days=14)
"""Who has told how the last visit went is asked at once, all others a day later."""


def offer_next_courses(unit: FrontDesk, clinic: Clinic, now: datetime) -> list[str]:
    """Ask whoever had the last visit of a course whether there shall be another one.

    Each is asked once, a day after the visit, not in the quiet hours, and not while
    staff hold the conversation.

    Returns:
        The conversations in which something was said.
    """
    if quiet(now, clinic.policy, clinic.zone) is not None:
        return []
    told = []
    for course in unit.bookings.finished_courses(now - _AFTER_VISIT, now - _TOO_LATE):
        unit.conversations.lock(course.conversation_id)
        if is_held(unit, course.conversation_id):
            continue
        unit.conversations.say(course.conversation_id, _offer(unit, course, now), now)
        told.append(course.conversation_id)
    unit.commit()
    return told


def offer_next(unit: Diary, conversation_id: str, now: datetime) -> Said | None:
    """Offer the next course to whoever has just told how the last visit went.

    The caller says it and commits.

    Returns:
        None where no course has ended, or its next one was offered before.
    """
    for course in unit.bookings.finished_courses(now, now - _TOO_LATE):
        if course.conversation_id == conversation_id:
            return _offer(unit, course, now)
    return None


def _offer(unit: Diary, course: CourseOfVisits, now: datetime) -> Said:
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
