"""Counts over the record, for the page of figures."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.clinic.insights import Funnel, Wait
from bot.store.tables import (
    appointment_requests,
    appointments,
    conversations,
    handoffs,
    messages,
    screenings,
)


class InsightCounts:
    """Counts inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def funnel(self, since: datetime, until: datetime) -> Funnel:
        """Count how far the conversations came that began then."""
        here = conversations.c.id
        spoke = sa.exists().where(
            messages.c.conversation_id == here, messages.c.author == "visitor"
        )
        asked = sa.exists().where(screenings.c.conversation_id == here)
        answered = asked.where(screenings.c.status == "completed")
        visit = sa.exists().where(
            appointments.c.conversation_id == here, appointments.c.status != "held"
        )
        wish = sa.exists().where(appointment_requests.c.conversation_id == here)
        steps = (spoke, asked, answered, sa.or_(visit, wish))
        counts = [
            self._connection.execute(
                sa.select(sa.func.count()).where(_begun(since, until), spoke, step)
            ).scalar_one()
            for step in steps
        ]
        return Funnel(*counts)

    def waits(self, since: datetime, until: datetime) -> list[Wait]:
        """Return the handoffs opened then."""
        rows = self._connection.execute(
            sa.select(
                handoffs.c.reason,
                handoffs.c.priority,
                handoffs.c.opened_at,
                handoffs.c.held_at,
                handoffs.c.missed_at,
            ).where(handoffs.c.opened_at >= since, handoffs.c.opened_at < until)
        )
        return [
            Wait(
                reason=row.reason,
                priority=row.priority,
                opened_at=row.opened_at,
                held_at=row.held_at,
                missed=row.missed_at is not None,
            )
            for row in rows
        ]

    def topics(
        self, since: datetime, until: datetime, limit: int
    ) -> list[tuple[str, int]]:
        """Count the written answers given in conversations that began then."""
        topic = messages.c.extras["topic"].as_string()
        times = sa.func.count()
        rows = self._connection.execute(
            sa.select(topic.label("topic"), times.label("times"))
            .select_from(
                conversations.join(
                    messages, messages.c.conversation_id == conversations.c.id
                )
            )
            .where(
                _begun(since, until),
                messages.c.author == "assistant",
                topic.is_not(None),
            )
            .group_by(topic)
            .order_by(times.desc(), topic)
            .limit(limit)
        )
        return [(row.topic, row.times) for row in rows]


def _begun(since: datetime, until: datetime) -> sa.sql.ColumnElement[bool]:
    return sa.and_(
        conversations.c.created_at >= since, conversations.c.created_at < until
    )
