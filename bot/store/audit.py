"""The audit as rows, which are only ever added."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.clinic.audit import Entry
from bot.store.tables import audit


class Audit:
    """Writes and reads the audit inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, entry: Entry) -> None:
        """Add one entry."""
        self._connection.execute(audit.insert().values(**asdict(entry)))

    def newest(
        self,
        limit: int,
        before: int | None = None,
        name: str | None = None,
        conversation_id: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
    ) -> list[tuple[int, Entry]]:
        """Return entries with their numbers, newest first.

        Args:
            before: only those with a smaller number, for the next page.
            name: only what this person did.
            conversation_id: only what was done about this conversation.
            since: not before this instant, aware UTC.
            until: before this instant, aware UTC.
        """
        found = audit.select().order_by(audit.c.id.desc()).limit(limit)
        if before is not None:
            found = found.where(audit.c.id < before)
        if name is not None:
            found = found.where(audit.c.name == name)
        if conversation_id is not None:
            found = found.where(audit.c.conversation_id == conversation_id)
        if since is not None:
            found = found.where(audit.c.at >= since)
        if until is not None:
            found = found.where(audit.c.at < until)
        rows = self._connection.execute(found)
        return [
            (row.id, Entry(row.at, row.name, row.deed, row.conversation_id, row.about))
            for row in rows
        ]

    def names(self) -> list[str]:
        """Return everybody who stands in it, in the order of the alphabet."""
        rows = self._connection.execute(
            sa.select(audit.c.name).distinct().order_by(audit.c.name)
        )
        return [row.name for row in rows]
