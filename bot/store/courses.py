"""Courses of treatment as rows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.clinic.booking import Appointment, CourseOfVisits
from bot.store.tables import appointments, courses


class Courses:
    """Reads and writes courses inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add_course(self, course: CourseOfVisits) -> None:
        """Store a course; its visits name it."""
        self._connection.execute(courses.insert().values(**asdict(course)))

    def course(self, course_id: str) -> CourseOfVisits | None:
        """Return one course, or None."""
        row = self._connection.execute(
            courses.select().where(courses.c.id == course_id)
        ).one_or_none()
        return CourseOfVisits(**row._mapping) if row else None

    def of_course(self, course_id: str) -> list[Appointment]:
        """Return the visits of a course, in order, cancelled ones too."""
        rows = self._connection.execute(
            appointments.select()
            .where(appointments.c.course_id == course_id)
            .order_by(appointments.c.course_number)
        )
        return [Appointment(**row._mapping) for row in rows]

    def finished_courses(self, now: datetime, since: datetime) -> list[CourseOfVisits]:
        """Return the courses whose last visit ended after one instant, before now.

        Those to which the next course was offered are left out.
        """
        last = (
            sa.select(appointments.c.course_id)
            .where(
                appointments.c.course_id.is_not(None),
                appointments.c.status.not_in(("cancelled", "held")),
            )
            .group_by(appointments.c.course_id)
            .having(sa.func.max(appointments.c.ends_at).between(since, now))
        )
        rows = self._connection.execute(
            courses.select().where(
                courses.c.offered_at.is_(None), courses.c.id.in_(last)
            )
        )
        return [CourseOfVisits(**row._mapping) for row in rows]

    def offered_next(self, course_id: str, now: datetime) -> None:
        """Note that the course after this one was offered."""
        self._connection.execute(
            courses.update().where(courses.c.id == course_id).values(offered_at=now)
        )
