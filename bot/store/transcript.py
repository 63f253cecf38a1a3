"""Transcripts, read page by page."""

from __future__ import annotations

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.clinic.transcript import Line
from bot.store.tables import messages, misses

_LINES = sa.select(messages, misses.c.seq.label("missed")).outerjoin(
    misses,
    sa.and_(
        misses.c.conversation_id == messages.c.conversation_id,
        misses.c.seq == messages.c.seq,
    ),
)


class Transcripts:
    """Reads what was said, for staff, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def page(self, conversation_id: str, before: int, limit: int) -> list[Line]:
        """Return the last messages before a number, oldest first."""
        rows = self._connection.execute(
            _LINES.where(
                messages.c.conversation_id == conversation_id,
                messages.c.seq < before,
            )
            .order_by(messages.c.seq.desc())
            .limit(limit)
        ).all()
        return [_line(row) for row in reversed(rows)]

    def missed(self, conversation_id: str, limit: int) -> list[Line]:
        """Return the visitor's last messages that were not understood, newest first."""
        rows = self._connection.execute(
            _LINES.where(
                messages.c.conversation_id == conversation_id, misses.c.seq.is_not(None)
            )
            .order_by(messages.c.seq.desc())
            .limit(limit)
        )
        return [_line(row) for row in rows]


def _line(row: Row) -> Line:
    return Line(
        seq=row["seq"],
        author=row.author,
        name=row.name,
        text=row.text,
        extras=row.extras,
        pressed=row.payload is not None,
        answer_version=row.answer_version,
        state=row.state,
        missed=row.missed is not None,
        at=row.at,
    )
