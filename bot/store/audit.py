"""The audit as rows, which are only ever added."""

from __future__ import annotations

from dataclasses import asdict

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
        self, limit: int, conversation_id: str | None = None, before: int | None = None
    ) -> list[tuple[int, Entry]]:
        """Return entries with their numbers, newest first.

        Args:
            before: only those with a smaller number, for the next page.
        """
        found = audit.select().order_by(audit.c.id.desc()).limit(limit)
        if conversation_id is not None:
            found = found.where(audit.c.conversation_id == conversation_id)
        if before is not None:
            found = found.where(audit.c.id < before)
        return [
            (row.id, Entry(row.at, row.name, row.deed, row.conversation_id, row.about))
            for row in self._connection.execute(found)
        ]
