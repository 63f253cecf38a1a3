"""Staff and their logins as rows."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.clinic.staff import IDLE, LONGEST_LOGIN, Login, Staff, name_key
from bot.store.tables import appointments, logins, staff


class StaffRecord:
    """Reads and writes staff and logins inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, person: Staff) -> bool:
        """Store a new person; False where the name is taken."""
        if self.named(person.name):
            return False
        self._connection.execute(staff.insert().values(**_values(person)))
        return True

    def replace(self, person: Staff) -> None:
        """Store the new state of a person."""
        self._connection.execute(
            staff.update().where(staff.c.id == person.id).values(**_values(person))
        )

    def get(self, staff_id: str) -> Staff | None:
        """Return one person, or None."""
        return self._one(staff.c.id == staff_id)

    def named(self, name: str) -> Staff | None:
        """Return the person of a name, or None; other writers of it wait."""
        return self._one(staff.c.name_key == name_key(name), for_update=True)

    def all(self) -> list[Staff]:
        """Return everybody, by name."""
        rows = self._connection.execute(staff.select().order_by(staff.c.name_key))
        return [_staff(row) for row in rows]

    def anyone(self) -> bool:
        """Say whether somebody can log in at all."""
        found = self._connection.execute(
            sa.select(staff.c.id).where(staff.c.disabled_at.is_(None)).limit(1)
        )
        return found.first() is not None

    def begin_login(self, login: Login) -> None:
        """Store a new login."""
        self._connection.execute(logins.insert().values(**asdict(login)))

    def login(self, key: str) -> tuple[Login, Staff] | None:
        """Return a login and its person, or None."""
        row = self._connection.execute(
            logins.select().where(logins.c.key == key)
        ).one_or_none()
        person = self.get(row.staff_id) if row else None
        return (Login(**row._mapping), person) if row and person else None

    def touch(self, key: str, at: datetime) -> None:
        """Note that somebody did something in a login; what is older says nothing."""
        self._connection.execute(
            logins.update()
            .where(logins.c.key == key, logins.c.seen_at < at)
            .values(seen_at=at)
        )

    def end_login(self, key: str) -> None:
        """Forget one login."""
        self._connection.execute(logins.delete().where(logins.c.key == key))

    def end_logins(self, staff_id: str) -> int:
        """Forget every login of one person; return how many."""
        gone = self._connection.execute(
            logins.delete().where(logins.c.staff_id == staff_id)
        )
        return int(gone.rowcount)

    def someone_since(self, moment: datetime, conversation_id: str) -> bool:
        """Say whether somebody has done something in a login since an instant.

        Only those count who find the conversation in their queue.
        """
        is_patient = sa.exists().where(
            appointments.c.conversation_id == conversation_id,
            appointments.c.status != "held",
            appointments.c.practitioner_id == staff.c.practitioner_id,
        )
        found = self._connection.execute(
            sa.select(logins.c.key)
            .join(staff, staff.c.id == logins.c.staff_id)
            .where(
                logins.c.seen_at >= moment,
                sa.or_(staff.c.role != "practitioner", is_patient),
            )
            .limit(1)
        )
        return found.first() is not None

    def sweep_logins(self, now: datetime) -> int:
        """Forget the logins that are over; return how many."""
        gone = self._connection.execute(
            logins.delete().where(
                sa.or_(
                    logins.c.seen_at < now - IDLE,
                    logins.c.begun_at < now - LONGEST_LOGIN,
                )
            )
        )
        return int(gone.rowcount)

    def _one(self, where: Any, for_update: bool = False) -> Staff | None:
        found = staff.select().where(where)
        row = self._connection.execute(
            found.with_for_update() if for_update else found
        ).one_or_none()
        return _staff(row) if row else None


def _values(person: Staff) -> dict[str, Any]:
    return {**asdict(person), "name_key": name_key(person.name)}


def _staff(row: Row) -> Staff:
    known = dict(row._mapping)
    del known["name_key"]
    return Staff(**known)
