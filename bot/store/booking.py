"""Appointments as rows, with the cells they claim."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import datetime
from typing import Literal

import sqlalchemy as sa

from bot.clinic.booking import AHEAD, TAKING_TIME, Appointment
from bot.store.claims import Claims
from bot.store.courses import Courses
from bot.store.requests import Requests
from bot.store.tables import appointment_requests, appointments, cells


class Bookings(Claims, Courses, Requests):
    """Reads and writes the diary inside one unit of work."""

    def left_of(
        self, conversation_id: str
    ) -> tuple[Literal["appointment", "request"], ...]:
        """Say what stands in the diary for a conversation, past or ahead."""
        kinds: tuple[tuple[Literal["appointment", "request"], sa.Table], ...] = (
            ("appointment", appointments),
            ("request", appointment_requests),
        )
        return tuple(
            kind
            for kind, table in kinds
            if self._connection.execute(
                sa.select(table.c.id)
                .where(table.c.conversation_id == conversation_id)
                .limit(1)
            ).first()
        )

    def get(self, appointment_id: str) -> Appointment | None:
        """Return one appointment, or None."""
        row = self._connection.execute(
            appointments.select().where(appointments.c.id == appointment_id)
        ).one_or_none()
        return Appointment(**row._mapping) if row else None

    def of_conversation(self, conversation_id: str) -> list[Appointment]:
        """Return what a conversation holds or has booked, soonest first."""
        rows = self._connection.execute(
            appointments.select()
            .where(
                appointments.c.conversation_id == conversation_id,
                appointments.c.status.in_(TAKING_TIME),
            )
            .order_by(appointments.c.starts_at)
        )
        return [Appointment(**row._mapping) for row in rows]

    def history_of(self, conversation_id: str) -> list[Appointment]:
        """Return all that a conversation holds or ever booked, soonest first."""
        rows = self._connection.execute(
            appointments.select()
            .where(appointments.c.conversation_id == conversation_id)
            .order_by(appointments.c.starts_at, appointments.c.created_at)
        )
        return [Appointment(**row._mapping) for row in rows]

    def between(self, earliest: datetime, latest: datetime) -> list[Appointment]:
        """Return what takes time between two instants, soonest first."""
        rows = self._connection.execute(
            appointments.select()
            .where(
                appointments.c.status.in_(TAKING_TIME),
                appointments.c.ends_at > earliest,
                appointments.c.starts_at < latest,
            )
            .order_by(appointments.c.starts_at, appointments.c.practitioner_id)
        )
        return [Appointment(**row._mapping) for row in rows]

    def of_people(
        self, practitioner_ids: Collection[str], earliest: datetime, latest: datetime
    ) -> list[Appointment]:
        """Return what begins between two instants with some people, soonest first."""
        return self._taking(
            appointments.c.practitioner_id.in_(practitioner_ids), earliest, latest
        )

    def in_rooms(
        self, room_ids: Collection[str], earliest: datetime, latest: datetime
    ) -> list[Appointment]:
        """Return what begins between two instants in some rooms, soonest first.

        The cells know which visits these are; no index leads from a room to them.
        """
        there = sa.select(cells.c.appointment_id).where(
            cells.c.resource.in_([f"room:{one}" for one in room_ids]),
            cells.c.starts_at >= earliest,
            cells.c.starts_at < latest,
        )
        return self._taking(appointments.c.id.in_(there), earliest, latest)

    def _taking(
        self, which: sa.sql.ColumnElement[bool], earliest: datetime, latest: datetime
    ) -> list[Appointment]:
        rows = self._connection.execute(
            appointments.select()
            .where(
                which,
                appointments.c.starts_at >= earliest,
                appointments.c.starts_at < latest,
                appointments.c.status.in_(TAKING_TIME),
            )
            .order_by(appointments.c.starts_at)
        )
        return [Appointment(**row._mapping) for row in rows]

    def of_practitioner(
        self, practitioner_id: str, earliest: datetime, latest: datetime
    ) -> list[Appointment]:
        """Return somebody's visits that begin between two instants, soonest first.

        What is only held, or is off, is left out.
        """
        rows = self._connection.execute(
            appointments.select()
            .where(
                appointments.c.practitioner_id == practitioner_id,
                appointments.c.starts_at >= earliest,
                appointments.c.starts_at < latest,
                appointments.c.status.not_in(("held", "cancelled")),
            )
            .order_by(appointments.c.starts_at)
        )
        return [Appointment(**row._mapping) for row in rows]

    def every(self, conversation_id: str | None) -> Iterator[Appointment]:
        """Go through all visits there ever were, or one conversation's, by time."""
        query = appointments.select().where(appointments.c.status != "held")
        if conversation_id is not None:
            query = query.where(appointments.c.conversation_id == conversation_id)
        rows = self._connection.execute(query.order_by(appointments.c.starts_at))
        for row in rows:
            yield Appointment(**row._mapping)

    def pending(self, now: datetime) -> list[Appointment]:
        """Return the visits ahead that a practitioner must clear, soonest first."""
        rows = self._connection.execute(
            appointments.select()
            .where(appointments.c.status == "pending", appointments.c.starts_at > now)
            .order_by(appointments.c.starts_at)
        )
        return [Appointment(**row._mapping) for row in rows]

    def count_ahead(self, conversation_id: str, phone: str, now: datetime) -> int:
        """Count the visits ahead of one person, known by conversation or phone.

        A course counts as one.
        """
        count: int = self._connection.execute(
            sa.select(
                sa.func.count(
                    sa.distinct(
                        sa.func.coalesce(appointments.c.course_id, appointments.c.id)
                    )
                )
            ).where(
                appointments.c.status.in_(AHEAD),
                appointments.c.ends_at > now,
                sa.or_(
                    appointments.c.conversation_id == conversation_id,
                    appointments.c.patient_phone == phone,
                ),
            )
        ).scalar_one()
        return count
