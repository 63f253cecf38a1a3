"""Appointments and the cells they claim, as rows."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Literal

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.clinic.booking import (
    AHEAD,
    CELL,
    TAKING_TIME,
    Appointment,
    AppointmentRequest,
    Cell,
    CourseOfVisits,
)
from bot.clinic.diary import Busy
from bot.clinic.when import UTC
from bot.store.tables import appointment_requests, appointments, cells, courses

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DIARY_LOCK = sa.text("SELECT pg_advisory_xact_lock(4158)")
_BITS = 60
"""Cells that the database puts into one number of 63 bits: five hours."""


class Bookings:
    """Reads and writes the diary inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def busy(
        self,
        resources: Collection[str],
        begin: datetime,
        end: datetime,
        now: datetime,
    ) -> Busy:
        """Return the taken cells of some resources; lapsed holds take nothing.

        Args:
            resources: such as `practitioner:mara`, `room:blue`.
            begin: start of the first cell looked at.
            end: cells that start then or later are left out.
        """
        # Seldom any: asking first spares every cell of the search a comparison.
        lapsed = self._lapsed(now)
        standing = [cells.c.appointment_id.not_in(lapsed)] if lapsed else []
        number = sa.type_coerce(cells.c.starts_at, sa.Integer)
        block, bit = number / _BITS, number % _BITS
        rows = self._connection.execute(
            sa.select(
                cells.c.resource,
                block,
                # The key lets no cell count twice: the sum of the bits is their union.
                sa.func.sum(sa.cast(1, sa.BigInteger).op("<<")(bit)),
            )
            .where(
                cells.c.resource.in_(resources),
                cells.c.starts_at >= begin,
                cells.c.starts_at < end,
                *standing,
            )
            .group_by(cells.c.resource, block)
        ).all()
        first = (begin - _EPOCH) // CELL
        taken: dict[str, int] = {}
        for resource, where, bits in rows:
            shift = where * _BITS - first
            row = int(bits) << shift if shift >= 0 else int(bits) >> -shift
            taken[resource] = taken.get(resource, 0) | row
        return Busy(begin, taken)

    def claim(self, appointment: Appointment, wanted: Sequence[Cell]) -> bool:
        """Store a new appointment with its cells, all or nothing.

        Returns:
            False where one of the cells is taken; nothing was written then.
        """
        self._alone()
        with self._connection.begin_nested() as savepoint:
            self._connection.execute(
                appointments.insert().values(**asdict(appointment))
            )
            if self._take(appointment.id, wanted):
                return True
            savepoint.rollback()
            return False

    def move(self, appointment: Appointment, wanted: Sequence[Cell]) -> bool:
        """Store an appointment's new time and swap its cells, all or nothing.

        Returns:
            False where one of the new cells is taken; the old ones are kept then.
        """
        self._alone()
        with self._connection.begin_nested() as savepoint:
            self.free(appointment.id)
            if self._take(appointment.id, wanted):
                self.replace(appointment)
                return True
            savepoint.rollback()
            return False

    def replace(self, appointment: Appointment) -> None:
        """Store the new state of an appointment; its cells stay as they are."""
        self._connection.execute(
            appointments.update()
            .where(appointments.c.id == appointment.id)
            .values(**asdict(appointment))
        )

    def free(self, appointment_id: str) -> None:
        """Give back every cell of an appointment."""
        self._alone()
        self._connection.execute(
            cells.delete().where(cells.c.appointment_id == appointment_id)
        )

    def remove(self, appointment_id: str) -> None:
        """Remove what was only held, cells and all."""
        self._alone()
        self._drop([appointment_id])

    def sweep(self, now: datetime) -> int:
        """Remove the holds that have lapsed, cells and all; return how many."""
        self._alone()
        ids = self._lapsed(now)
        if ids:
            self._drop(ids)
        return len(ids)

    def drop_holds(self, conversation_id: str) -> None:
        """Remove what a conversation holds but has not booked."""
        self._alone()
        ids = (
            self._connection.execute(
                sa.select(appointments.c.id).where(
                    appointments.c.conversation_id == conversation_id,
                    appointments.c.status == "held",
                )
            )
            .scalars()
            .all()
        )
        if ids:
            self._drop(ids)

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

    def add_request(self, request: AppointmentRequest) -> None:
        """Store a wish for an appointment that staff will answer."""
        self._connection.execute(
            appointment_requests.insert().values(**asdict(request))
        )

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

    def request(self, request_id: str) -> AppointmentRequest | None:
        """Return one wish, or None."""
        row = self._connection.execute(
            appointment_requests.select().where(appointment_requests.c.id == request_id)
        ).one_or_none()
        return AppointmentRequest(**row._mapping) if row else None

    def settle_request(self, request_id: str, state: str) -> None:
        """Move a wish on to done or declined."""
        self._connection.execute(
            appointment_requests.update()
            .where(appointment_requests.c.id == request_id)
            .values(state=state)
        )

    def requests(self, state: str = "new") -> list[AppointmentRequest]:
        """Return the wishes in a state, oldest first."""
        rows = self._connection.execute(
            appointment_requests.select()
            .where(appointment_requests.c.state == state)
            .order_by(appointment_requests.c.created_at)
        )
        return [AppointmentRequest(**row._mapping) for row in rows]

    def _alone(self) -> None:
        """Let no other deed write cells until this unit is over.

        The key alone would keep two from having one cell; but two that give time
        back, and each want the other's, would wait for each other for ever. SQLite
        has let in only one writer already.
        """
        if self._connection.dialect.name == "postgresql":
            self._connection.execute(_DIARY_LOCK)

    def _lapsed(self, now: datetime) -> list[str]:
        """Return the ids of the holds that nobody turned into a visit in time."""
        query = sa.select(appointments.c.id).where(_has_lapsed(now))
        return list(self._connection.execute(query).scalars())

    def _take(self, appointment_id: str, wanted: Sequence[Cell]) -> bool:
        try:
            self._connection.execute(
                cells.insert(),
                [
                    {
                        "resource": resource,
                        "starts_at": starts_at,
                        "appointment_id": appointment_id,
                    }
                    for resource, starts_at in wanted
                ],
            )
        except IntegrityError:  # the key: somebody has one of them
            return False
        return True

    def _drop(self, ids: Sequence[str]) -> None:
        self._connection.execute(cells.delete().where(cells.c.appointment_id.in_(ids)))
        self._connection.execute(
            appointments.delete().where(appointments.c.id.in_(ids))
        )


def _has_lapsed(now: datetime) -> sa.sql.ColumnElement[bool]:
    return sa.and_(appointments.c.status == "held", appointments.c.held_until <= now)
