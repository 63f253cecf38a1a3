"""The staff's queue, read in one go."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.clinic.queue import Waiting
from bot.store.tables import (
    appointment_requests,
    appointments,
    conversations,
    handoffs,
    messages,
)

_OPEN = handoffs.c.state.in_(("waiting", "held"))
# Looking at a time of a practitioner's makes nobody a patient of theirs.
_THEIRS = appointments.c.status != "held"
# Most have nothing new; only for the others are the messages looked at.
_UNREAD = sa.case(
    (
        conversations.c.last_seq > handoffs.c.seen_seq,
        sa.select(sa.func.count())
        .where(
            messages.c.conversation_id == handoffs.c.conversation_id,
            messages.c.seq > handoffs.c.seen_seq,
            messages.c.author == "visitor",
        )
        .scalar_subquery(),
    ),
    else_=0,
)


def _name_in(table: sa.Table, of: Any) -> Any:
    return (
        sa.select(table.c.patient_name)
        .where(
            table.c.conversation_id == of,
            table.c.patient_name != "",
        )
        .order_by(table.c.created_at.desc())
        .limit(1)
        .scalar_subquery()
    )


def _name(of: Any) -> Any:
    """Return under which name somebody booked or asked last, "" where none is known."""
    booked, asked = _name_in(appointments, of), _name_in(appointment_requests, of)
    return sa.func.coalesce(booked, asked, "")


_ROWS = (
    sa.select(
        handoffs.c.conversation_id,
        handoffs.c.state,
        handoffs.c.priority,
        handoffs.c.reason,
        handoffs.c.waiting_since,
        handoffs.c.held_by,
        conversations.c.channel,
        _name(handoffs.c.conversation_id).label("patient_name"),
        _UNREAD.label("unread"),
    )
    .join(conversations, conversations.c.id == handoffs.c.conversation_id)
    .where(_OPEN)
)


class Queue:
    """Reads what waits for staff inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def waiting(self, practitioner_id: str | None = None) -> list[Waiting]:
        """Return what is open, in no order.

        Args:
            practitioner_id: only those who have, or had, a visit with this one.
        """
        found = _ROWS
        if practitioner_id is not None:
            theirs = sa.select(appointments.c.conversation_id).where(
                _THEIRS, appointments.c.practitioner_id == practitioner_id
            )
            found = found.where(handoffs.c.conversation_id.in_(theirs))
        return [Waiting(*row) for row in self._connection.execute(found).all()]

    def name_of(self, conversation_id: str) -> str:
        """Return the name of who is in a conversation, as the queue shows it."""
        name = self._connection.execute(sa.select(_name(conversation_id))).scalar_one()
        return str(name)

    def has_visit_with(self, conversation_id: str, practitioner_id: str) -> bool:
        """Say whether a conversation has, or had, a visit with a practitioner."""
        found = self._connection.execute(
            sa.select(appointments.c.id)
            .where(
                appointments.c.conversation_id == conversation_id,
                _THEIRS,
                appointments.c.practitioner_id == practitioner_id,
            )
            .limit(1)
        )
        return found.first() is not None

    def mark(self) -> str:
        """Return something short that changes whenever the queue does.

        It costs far less than reading the queue, and is for those who watch it.
        """
        rows = self._connection.execute(
            sa.select(
                handoffs.c.state,
                handoffs.c.priority,
                sa.func.count(),
                sa.func.sum(conversations.c.last_seq),
                sa.func.sum(handoffs.c.seen_seq),
                sa.func.max(handoffs.c.waiting_since),
                sa.func.max(handoffs.c.held_at),
            )
            .join(conversations, conversations.c.id == handoffs.c.conversation_id)
            .where(_OPEN)
            .group_by(handoffs.c.state, handoffs.c.priority)
            .order_by(handoffs.c.state, handoffs.c.priority)
        )
        return repr([tuple(row) for row in rows])
