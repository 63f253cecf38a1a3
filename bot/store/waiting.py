"""The waitlist, as rows."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy.engine import Connection

from bot.clinic.booking import Patient
from bot.clinic.waiting import Waiting, WaitState
from bot.clinic.wish import Course, Wish
from bot.store.tables import waitlist


class Waitlist:
    """Reads and writes who waits for a time to become free."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, waiting: Waiting) -> None:
        """Put somebody into the line."""
        self._connection.execute(waitlist.insert().values(_row(waiting)))

    def replace(self, waiting: Waiting) -> None:
        """Store the new state of somebody in the line."""
        self._connection.execute(
            waitlist.update().where(waitlist.c.id == waiting.id).values(_row(waiting))
        )

    def get(self, waiting_id: str) -> Waiting | None:
        """Return one entry, or None."""
        row = self._connection.execute(
            waitlist.select().where(waitlist.c.id == waiting_id)
        ).one_or_none()
        return _read(row) if row else None

    def in_state(self, *states: WaitState) -> list[Waiting]:
        """Return the entries in some states, who came first in front."""
        rows = self._connection.execute(
            waitlist.select()
            .where(waitlist.c.state.in_(states))
            .order_by(waitlist.c.queued_at, waitlist.c.id)
        )
        return [_read(row) for row in rows]

    def forget(self, conversation_id: str) -> None:
        """Delete whatever a conversation ever waited for."""
        self._connection.execute(
            waitlist.delete().where(waitlist.c.conversation_id == conversation_id)
        )

    def of(self, conversation_id: str) -> list[Waiting]:
        """Return what a conversation waits for or is offered."""
        rows = self._connection.execute(
            waitlist.select()
            .where(
                waitlist.c.conversation_id == conversation_id,
                waitlist.c.state.in_(("waiting", "offered")),
            )
            .order_by(waitlist.c.queued_at)
        )
        return [_read(row) for row in rows]


def _row(waiting: Waiting) -> dict[str, Any]:
    patient = waiting.patient
    return {
        "id": waiting.id,
        "conversation_id": waiting.conversation_id,
        "wish": _write_wish(waiting.wish),
        "patient_name": patient.name,
        "patient_phone": patient.phone,
        "patient_email": patient.email,
        "queued_at": waiting.queued_at,
        "state": waiting.state,
        "appointment_id": waiting.appointment_id,
        "offered_until": waiting.offered_until,
        "passed": list(waiting.passed),
    }


def _read(row: Any) -> Waiting:
    return Waiting(
        id=row.id,
        conversation_id=row.conversation_id,
        wish=_read_wish(row.wish),
        patient=Patient(row.patient_name, row.patient_phone, row.patient_email),
        queued_at=row.queued_at,
        state=row.state,
        appointment_id=row.appointment_id,
        offered_until=row.offered_until,
        passed=tuple(row.passed),
    )


def _write_wish(wish: Wish) -> dict[str, Any]:
    return {name: _plain(value) for name, value in asdict(wish).items()}


def _plain(value: Any) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset):
        return [_plain(one) for one in sorted(value)]
    return str(value) if isinstance(value, Decimal) else value


def _read_wish(kept: dict[str, Any]) -> Wish:
    made: dict[str, Callable[[Any], Any]] = {
        "earliest": datetime.fromisoformat,
        "latest": datetime.fromisoformat,
        "weekdays": frozenset,
        "not_on": lambda days: frozenset(map(date.fromisoformat, days)),
        "not_with": frozenset,
        "places": frozenset,
        "most": Decimal,
        "course": lambda parts: Course(**parts),
    }
    return Wish(
        **{
            name: made[name](value) if name in made and value is not None else value
            for name, value in kept.items()
        }
    )
