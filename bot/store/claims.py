"""The diary's cells, claimed and given back together with their appointments."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection
from sqlalchemy.exc import IntegrityError

from bot.clinic.booking import CELL, Appointment, Cell
from bot.clinic.diary import Busy
from bot.clinic.when import UTC
from bot.store.tables import appointments, cells, waitlist

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_DIARY_LOCK = sa.text("SELECT pg_advisory_xact_lock(4158)")
_BITS = 60
"""Cells that the database puts into one number of 63 bits: five hours."""


class Claims:
    """Takes time in the diary and gives it back inside one unit of work."""

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
        """Remove what a conversation holds but has not booked.

        What the waitlist offers to it is kept: that was promised for some minutes.
        """
        self._alone()
        on_offer = sa.select(waitlist.c.appointment_id).where(
            waitlist.c.conversation_id == conversation_id,
            waitlist.c.state == "offered",
            waitlist.c.appointment_id.is_not(None),
        )
        ids = (
            self._connection.execute(
                sa.select(appointments.c.id).where(
                    appointments.c.conversation_id == conversation_id,
                    appointments.c.status == "held",
                    appointments.c.id.not_in(on_offer),
                )
            )
            .scalars()
            .all()
        )
        if ids:
            self._drop(ids)

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
