"""Misses as rows; the visitor's words stay in the messages and nowhere else."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.clinic.misses import Miss, NextStep
from bot.store.tables import messages, misses

_LATER = messages.alias("later")


class Misses:
    """Reads and writes misses inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, conversation_id: str, seq: int, ranking: Sequence[tuple[str, float]]
    ) -> None:
        """Note a visitor's message as missed, once; pass over one that is not there."""
        message = sa.and_(
            messages.c.conversation_id == conversation_id,
            messages.c.seq == seq,
            messages.c.author == "visitor",
        )
        noted = sa.and_(
            misses.c.conversation_id == conversation_id, misses.c.seq == seq
        )
        there = self._connection.execute(sa.select(messages.c.seq).where(message))
        if (
            there.first()
            and not self._connection.execute(
                sa.select(misses.c.seq).where(noted)
            ).first()
        ):
            self._connection.execute(
                misses.insert().values(
                    conversation_id=conversation_id,
                    seq=seq,
                    ranking=[list(pair) for pair in ranking],
                )
            )

    def before(self, conversation_id: str, seq: int) -> bool:
        """Say whether the visitor's last message before a number was missed."""
        last = (
            sa.select(sa.func.max(messages.c.seq))
            .where(
                messages.c.conversation_id == conversation_id,
                messages.c.seq < seq,
                messages.c.author == "visitor",
            )
            .scalar_subquery()
        )
        found = self._connection.execute(
            sa.select(misses.c.seq).where(
                misses.c.conversation_id == conversation_id, misses.c.seq == last
            )
        )
        return found.first() is not None

    def open(self, limit: int) -> list[Miss]:
        """Return what nobody has dealt with, newest first, with the next step."""
        newest = (messages.c.at.desc(), misses.c.seq.desc())
        rows = self._connection.execute(_waiting().order_by(*newest).limit(limit))
        return [_miss(row) for row in rows]

    def get(self, conversation_id: str, seq: int) -> Miss | None:
        """Return one that nobody has dealt with, or None."""
        row = self._connection.execute(
            _waiting().where(
                misses.c.conversation_id == conversation_id, misses.c.seq == seq
            )
        ).one_or_none()
        return _miss(row) if row else None

    def handle(self, conversation_id: str, seq: int, name: str, at: datetime) -> bool:
        """Take a miss off the list; False where none waits."""
        changed = self._connection.execute(
            misses.update()
            .where(
                misses.c.conversation_id == conversation_id,
                misses.c.seq == seq,
                misses.c.handled_at.is_(None),
            )
            .values(handled_by=name, handled_at=at)
        )
        return bool(changed.rowcount)


def _waiting() -> sa.sql.Select:
    """Select what nobody has dealt with, with the visitor's next message."""
    following = (
        sa.select(sa.func.min(_LATER.c.seq))
        .where(
            _LATER.c.conversation_id == misses.c.conversation_id,
            _LATER.c.seq > misses.c.seq,
            _LATER.c.author == "visitor",
        )
        .scalar_subquery()
    )
    after = messages.alias("after")
    return (
        sa.select(
            misses,
            messages.c.text,
            messages.c.at,
            after.c.text.label("next_text"),
            after.c.payload.label("next_payload"),
        )
        .join(
            messages,
            sa.and_(
                messages.c.conversation_id == misses.c.conversation_id,
                messages.c.seq == misses.c.seq,
            ),
        )
        .outerjoin(
            after,
            sa.and_(
                after.c.conversation_id == misses.c.conversation_id,
                after.c.seq == following,
            ),
        )
        .where(misses.c.handled_at.is_(None))
    )


def _miss(row: Row[Any]) -> Miss:
    step = (
        None
        if row.next_text is None
        else NextStep(row.next_text, pressed=row.next_payload is not None)
    )
    return Miss(
        conversation_id=row.conversation_id,
        seq=row.seq,
        text=row.text,
        ranking=tuple((label, chance) for label, chance in row.ranking),
        at=row.at,
        next_step=step,
        handled_by=row.handled_by,
        handled_at=row.handled_at,
    )
