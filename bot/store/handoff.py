"""Handoffs as rows."""

from __future__ import annotations

from dataclasses import asdict

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.clinic.handoff import PRIORITIES, Handoff
from bot.store.tables import handoffs

_OPEN = ("waiting", "held")


class Handoffs:
    """Reads and writes handoffs inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, handoff: Handoff) -> None:
        """Store a new handoff."""
        self._connection.execute(handoffs.insert().values(**asdict(handoff)))

    def replace(self, handoff: Handoff) -> None:
        """Store the new state of a handoff."""
        self._connection.execute(
            handoffs.update()
            .where(handoffs.c.id == handoff.id)
            .values(**asdict(handoff))
        )

    def open_of(self, conversation_id: str) -> Handoff | None:
        """Return the handoff of a conversation that is waiting or held."""
        row = self._connection.execute(
            handoffs.select().where(
                handoffs.c.conversation_id == conversation_id,
                handoffs.c.state.in_(_OPEN),
            )
        ).one_or_none()
        return Handoff(**row._mapping) if row else None

    def all_open(self) -> list[Handoff]:
        """Return what waits for staff: most pressing first, then oldest first."""
        urgency = sa.case(
            {name: rank for rank, name in enumerate(PRIORITIES)},
            value=handoffs.c.priority,
        )
        rows = self._connection.execute(
            handoffs.select()
            .where(handoffs.c.state.in_(_OPEN))
            .order_by(urgency, handoffs.c.opened_at)
        )
        return [Handoff(**row._mapping) for row in rows]
