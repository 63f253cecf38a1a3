"""Alerts to staff as rows: what waits to be sent, and what has been."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.clinic.alert import Alert
from bot.store.tables import alerts


class Alerts:
    """Reads and writes alerts inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, alert: Alert) -> None:
        """Store a new alert."""
        self._connection.execute(alerts.insert().values(**asdict(alert)))

    def waiting(self, limit: int = 100) -> list[Alert]:
        """Return what nobody has been told of yet, oldest first."""
        rows = self._connection.execute(
            alerts.select()
            .where(alerts.c.done_at.is_(None))
            .order_by(alerts.c.at)
            .limit(limit)
            .with_for_update(skip_locked=True)
        )
        return [
            Alert(row.id, row.conversation_id, row.kind, row.priority, row.at)
            for row in rows
        ]

    def done(self, alert_id: str, at: datetime) -> None:
        """Note that an alert was sent, or is needless."""
        self._connection.execute(
            alerts.update().where(alerts.c.id == alert_id).values(done_at=at)
        )

    def drop_older(self, than: datetime) -> int:
        """Remove those done before an instant; return how many."""
        gone = self._connection.execute(
            alerts.delete().where(sa.and_(alerts.c.done_at < than))
        )
        return int(gone.rowcount)
