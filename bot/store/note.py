"""Notes of staff as rows."""

from __future__ import annotations

from dataclasses import asdict

from sqlalchemy.engine import Connection

from bot.clinic.note import Note
from bot.store.tables import notes


class Notes:
    """Reads and writes notes inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, note: Note) -> None:
        """Store a new note."""
        self._connection.execute(notes.insert().values(**asdict(note)))

    def of(self, conversation_id: str) -> list[Note]:
        """Return the notes about a conversation, oldest first."""
        rows = self._connection.execute(
            notes.select()
            .where(notes.c.conversation_id == conversation_id)
            .order_by(notes.c.at, notes.c.id)
        )
        return [Note(**row._mapping) for row in rows]

    def erase(self, conversation_id: str) -> None:
        """Delete the notes about a conversation for good."""
        self._connection.execute(
            notes.delete().where(notes.c.conversation_id == conversation_id)
        )
