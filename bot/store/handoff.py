"""Handoffs as rows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.clinic.handoff import PRIORITIES, Handoff
from bot.store.tables import handoffs, messages

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

    def latest_of(self, conversation_id: str) -> Handoff | None:
        """Return the newest handoff of a conversation, also when it is over."""
        row = self._connection.execute(
            handoffs.select()
            .where(handoffs.c.conversation_id == conversation_id)
            .order_by(handoffs.c.opened_at.desc(), handoffs.c.id)
            .limit(1)
        ).one_or_none()
        return Handoff(**row._mapping) if row else None

    def unread(self) -> dict[str, int]:
        """Count, for each open handoff, what the visitor wrote and nobody has seen."""
        rows = self._connection.execute(
            sa.select(handoffs.c.conversation_id, sa.func.count())
            .join(messages, messages.c.conversation_id == handoffs.c.conversation_id)
            .where(
                handoffs.c.state.in_(_OPEN),
                messages.c.seq > handoffs.c.seen_seq,
                messages.c.author == "visitor",
            )
            .group_by(handoffs.c.conversation_id)
        )
        return {conversation_id: count for conversation_id, count in rows}

    def seen(self, conversation_id: str, seq: int) -> None:
        """Note that staff have had everything up to a message on the screen."""
        self._connection.execute(
            handoffs.update()
            .where(
                handoffs.c.conversation_id == conversation_id,
                handoffs.c.state.in_(_OPEN),
                handoffs.c.seen_seq < seq,
            )
            .values(seen_seq=seq)
        )

    def here(self, name: str, now: datetime) -> None:
        """Note a sign of life of somebody, in all that they hold."""
        self._connection.execute(
            handoffs.update()
            .where(handoffs.c.state == "held", handoffs.c.held_by == name)
            .values(here_at=now)
        )

    def unanswered_since(self, conversation_id: str) -> datetime | None:
        """Return when the visitor wrote what no member of staff has replied to."""
        replied = (
            sa.select(sa.func.coalesce(sa.func.max(messages.c.seq), 0))
            .where(
                messages.c.conversation_id == conversation_id,
                messages.c.author == "staff",
            )
            .scalar_subquery()
        )
        row = self._connection.execute(
            sa.select(messages.c.at)
            .where(
                messages.c.conversation_id == conversation_id,
                messages.c.author == "visitor",
                messages.c.seq > replied,
            )
            .order_by(messages.c.seq)
            .limit(1)
        ).one_or_none()
        return row.at if row else None

    def unanswered_by_assistant(self, before: datetime) -> list[str]:
        """Return the conversations that staff do not know of and the assistant left.

        That is: a message was checked for the assistant before an instant, and waits.
        """
        known = sa.select(handoffs.c.conversation_id).where(handoffs.c.state.in_(_OPEN))
        rows = self._connection.execute(
            sa.select(messages.c.conversation_id)
            .where(
                messages.c.state == "queued",
                messages.c.at < before,
                messages.c.conversation_id.not_in(known),
            )
            .distinct()
        )
        return [row.conversation_id for row in rows]
