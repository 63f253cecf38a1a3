"""Screenings as rows."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.clinic.interview import FOLLOW_UP
from bot.clinic.screened import LOCKING, Screening
from bot.clinic.screening import Disposition
from bot.store.tables import appointments, screenings

_LISTS = ("flags", "rules", "messages")
_LOCKS = sa.and_(
    screenings.c.disposition.in_([one.value for one in LOCKING]),
    screenings.c.released_at.is_(None),
)
# The pain over a course of visits is read long after each answer has ceased to count.
_TOLD_AFTER_A_VISIT = sa.and_(
    screenings.c.asked[FOLLOW_UP].as_string().isnot(None),
    sa.exists().where(
        appointments.c.conversation_id == screenings.c.conversation_id,
        appointments.c.status.in_(("booked", "fulfilled")),
    ),
)


class Screenings:
    """Reads and writes screenings inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, screening: Screening) -> None:
        """Store a new screening."""
        self._connection.execute(screenings.insert().values(**_columns(screening)))

    def replace(self, screening: Screening) -> None:
        """Store the new state of a screening."""
        self._connection.execute(
            screenings.update()
            .where(screenings.c.id == screening.id)
            .values(**_columns(screening))
        )

    def remove(self, screening_id: str) -> None:
        """Forget a screening altogether."""
        self._connection.execute(
            screenings.delete().where(screenings.c.id == screening_id)
        )

    def get(self, screening_id: str) -> Screening | None:
        """Return one screening, or None."""
        found = self._found(screenings.c.id == screening_id)
        return found[0] if found else None

    def of(self, conversation_id: str) -> list[Screening]:
        """Return the screenings of a conversation, newest first."""
        return self._found(screenings.c.conversation_id == conversation_id)

    def all(self) -> list[Screening]:
        """Return every screening, newest first."""
        return self._found()

    def lapsed(self, now: datetime) -> list[Screening]:
        """Return those left unfinished for longer than they can be resumed."""
        return self._found(
            screenings.c.status == "in-progress", screenings.c.expires_at <= now
        )

    def drop_expired(self, now: datetime) -> int:
        """Remove ended screenings past their time; return how many.

        Those that a visit rests on stay, and what was told after a visit; a lock that
        staff have not released stays without its answers.
        """
        return self._drop(
            sa.and_(
                screenings.c.status != "in-progress",
                screenings.c.expires_at <= now,
                ~_TOLD_AFTER_A_VISIT,
            )
        )

    def erase(self, conversation_id: str) -> bool:
        """Remove a conversation's screenings, all but those that a visit rests on.

        Returns:
            Whether a lock that staff have not released stays, without its answers.
        """
        whose = screenings.c.conversation_id == conversation_id
        self._drop(whose)
        kept = self._connection.execute(sa.select(screenings.c.id).where(whose, _LOCKS))
        return kept.first() is not None

    def _drop(self, which: sa.sql.ColumnElement[bool]) -> int:
        """Remove some; bare locks stay, and whatever a visit rests on."""
        needed = sa.exists().where(appointments.c.screening_id == screenings.c.id)
        self._connection.execute(
            screenings.update()
            .where(which, _LOCKS, ~needed)
            .values(answers={}, asked={})
        )
        dropped = self._connection.execute(
            screenings.delete().where(
                which,
                ~needed,
                sa.or_(screenings.c.disposition.is_(None), ~_LOCKS),
            )
        )
        return int(dropped.rowcount)

    def _found(self, *conditions: Any) -> list[Screening]:
        rows = self._connection.execute(
            screenings.select()
            .where(*conditions)
            .order_by(screenings.c.started_at.desc())
        )
        return [_screening(row) for row in rows]


def _columns(screening: Screening) -> dict[str, Any]:
    """Return the columns of a row."""
    # Not asdict(): it would look for dataclasses inside the answers.
    columns = {one.name: getattr(screening, one.name) for one in fields(screening)}
    columns |= {name: list(columns[name]) for name in _LISTS}
    columns |= {name: dict(columns[name]) for name in ("answers", "asked")}
    disposition = screening.disposition
    return columns | {"disposition": disposition.value if disposition else None}


def _screening(row: Row) -> Screening:
    columns = dict(row._mapping)
    columns |= {name: tuple(columns[name]) for name in _LISTS}
    disposition = columns["disposition"]
    columns["disposition"] = Disposition(disposition) if disposition else None
    return Screening(**columns)
