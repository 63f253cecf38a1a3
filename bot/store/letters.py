"""Letters as rows: written, claimed by one sender at a time, and ended once."""

from __future__ import annotations

from collections.abc import Collection
from contextlib import suppress
from dataclasses import asdict
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.clinic.letters import OF_A_COURSE, Letter, State, Way
from bot.store.tables import letters, unreminded

_WAITING = letters.c.state == "waiting"


class Letters:
    """Reads and writes letters inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, letter: Letter) -> None:
        """Write a letter; the same about the same visit is written once."""
        same = sa.select(letters.c.id).where(
            # Unlike `== None`, this finds nothing where there is no visit.
            letters.c.appointment_id == sa.bindparam("visit", letter.appointment_id),
            letters.c.sequence == letter.sequence,
            letters.c.kind == letter.kind,
            letters.c.way == letter.way,
        )
        if not self._connection.execute(same).first():
            self._connection.execute(letters.insert().values(**asdict(letter)))

    def any_due(self, now: datetime) -> bool:
        """Tell whether there is anything to send; holds up nobody."""
        due = sa.select(letters.c.id).where(_is_due(now)).limit(1)
        return self._connection.execute(due).first() is not None

    def take(self, now: datetime, until: datetime) -> Letter | None:
        """Claim the next letter that is due, alerts to staff first.

        Two senders never get the same one: on PostgreSQL a row that another one is
        about to claim is passed over, on SQLite only one writer is let in.
        """
        row = self._connection.execute(
            letters.select()
            .where(_is_due(now))
            .order_by(letters.c.kind != "alert", letters.c.due_at)
            .limit(1)
            .with_for_update(skip_locked=True)
        ).one_or_none()
        if row is None:
            return None
        self._connection.execute(
            letters.update()
            .where(letters.c.id == row.id)
            .values(claimed_until=until, tries=letters.c.tries + 1)
        )
        return Letter(
            **{**row._mapping, "claimed_until": until, "tries": row.tries + 1}
        )

    def end(self, letter_id: str, state: State, reason: str, at: datetime) -> None:
        """Note that a letter is done with."""
        self._connection.execute(
            letters.update()
            .where(letters.c.id == letter_id)
            .values(state=state, reason=reason, ended_at=at, claimed_until=None)
        )

    def put_off(self, letter_id: str, due_at: datetime, reason: str) -> None:
        """Let a letter that still waits be sent at another time."""
        self._connection.execute(
            letters.update()
            .where(letters.c.id == letter_id, _WAITING)
            .values(due_at=due_at, reason=reason, claimed_until=None)
        )

    def withdraw(self, appointment_id: str, at: datetime) -> None:
        """Take back whatever still waits about a visit alone.

        What tells of a whole course stays, although it hangs on the first visit.
        """
        self._connection.execute(
            letters.update()
            .where(
                letters.c.appointment_id == appointment_id,
                letters.c.kind.not_in(("transcript", *OF_A_COURSE)),
                _WAITING,
            )
            .values(state="withdrawn", reason="changed", ended_at=at)
        )

    def waiting_alert(self, conversation_id: str, way: Way = "mail") -> Letter | None:
        """Return the alert about a conversation that nobody has begun to send."""
        row = self._connection.execute(
            letters.select()
            .where(
                letters.c.conversation_id == conversation_id,
                letters.c.kind == "alert",
                letters.c.way == way,
                letters.c.claimed_until.is_(None),
                _WAITING,
            )
            .with_for_update()
        ).first()
        return Letter(**row._mapping) if row else None

    def set_detail(self, letter_id: str, detail: str) -> None:
        """Change what a letter says besides its kind."""
        self._connection.execute(
            letters.update().where(letters.c.id == letter_id).values(detail=detail)
        )

    def of_conversation(self, conversation_id: str) -> list[Letter]:
        """Return a conversation's letters, in the order in which they are due."""
        rows = self._connection.execute(
            letters.select()
            .where(letters.c.conversation_id == conversation_id)
            .order_by(letters.c.due_at, letters.c.id)
        )
        return [Letter(**row._mapping) for row in rows]

    def troubled(self, limit: int) -> list[Letter]:
        """Return what failed, or waits for another try; the newest first."""
        rows = self._connection.execute(
            letters.select()
            .where(
                sa.or_(
                    letters.c.state == "failed",
                    sa.and_(_WAITING, letters.c.reason != ""),
                )
            )
            .order_by(letters.c.written_at.desc())
            .limit(limit)
        )
        return [Letter(**row._mapping) for row in rows]

    def drop_ended(self, before: datetime) -> int:
        """Forget the letters that ended before an instant; return how many."""
        dropped = self._connection.execute(
            letters.delete().where(letters.c.ended_at < before)
        )
        return int(dropped.rowcount)

    def silence(self, addresses: Collection[str], at: datetime) -> None:
        """Note that nobody wants reminders at these addresses."""
        for address in sorted(addresses):
            silence = unreminded.insert().values(address=address, since=at)
            # The key: it is known already, or somebody else notes it right now.
            with suppress(sa.exc.IntegrityError), self._connection.begin_nested():
                self._connection.execute(silence)

    def unsilence(self, addresses: Collection[str]) -> None:
        """Let reminders go to these addresses again."""
        self._connection.execute(
            unreminded.delete().where(unreminded.c.address.in_(addresses))
        )

    def silenced(self, addresses: Collection[str]) -> bool:
        """Tell whether reminders are unwanted at any of these addresses."""
        found = self._connection.execute(
            sa.select(unreminded.c.address).where(unreminded.c.address.in_(addresses))
        )
        return found.first() is not None


def _is_due(now: datetime) -> sa.sql.ColumnElement[bool]:
    return sa.and_(
        _WAITING,
        letters.c.due_at <= now,
        sa.or_(letters.c.claimed_until.is_(None), letters.c.claimed_until <= now),
    )
