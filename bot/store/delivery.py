"""Addresses, updates and passes of the channels, as rows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.clinic.delivery import Address
from bot.store.tables import addresses, messages, passes, updates

_MANY = 500
_KEY = sa.and_(
    addresses.c.channel == sa.bindparam("on"),
    addresses.c.address == sa.bindparam("at_address"),
)
_GET = addresses.select().where(_KEY)
_OF = addresses.select().where(addresses.c.conversation_id == sa.bindparam("of"))
_CLAIM = (
    addresses.update()
    .where(
        _KEY,
        addresses.c.state == "open",
        sa.or_(
            addresses.c.claimed_until.is_(None),
            addresses.c.claimed_until < sa.bindparam("now"),
            addresses.c.claimed_by == sa.bindparam("by"),
        ),
    )
    .values(claimed_by=sa.bindparam("by"), claimed_until=sa.bindparam("until"))
)
_UPDATE = sa.and_(
    updates.c.channel == sa.bindparam("on"), updates.c.number == sa.bindparam("which")
)
_NEXT = (
    updates.select()
    .where(
        updates.c.channel == sa.bindparam("on"),
        updates.c.address == sa.bindparam("at_address"),
        updates.c.handled.is_(False),
    )
    .order_by(updates.c.number)
    .limit(1)
)
_TAKE = (
    updates.update()
    .where(_UPDATE, updates.c.handled.is_(False))
    .values(handled=True, body=None)
)


class Addresses:
    """Reads and writes addresses inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def get(self, channel: str, address: str) -> Address | None:
        """Return one address, or None."""
        row = self._connection.execute(
            _GET, {"on": channel, "at_address": address}
        ).one_or_none()
        return _address(row) if row else None

    def locked(self, channel: str, address: str) -> Address | None:
        """Return one address, to be changed by nobody else until this unit is over."""
        row = self._connection.execute(
            _GET.with_for_update(), {"on": channel, "at_address": address}
        ).one_or_none()
        return _address(row) if row else None

    def of(self, conversation_id: str) -> list[Address]:
        """Return the addresses of a conversation, one a channel at most."""
        rows = self._connection.execute(_OF, {"of": conversation_id})
        return [_address(row) for row in rows]

    def waiting(self, channel: str, now: datetime) -> list[Address]:
        """Return the open ones with messages to settle now."""
        said = sa.exists().where(
            messages.c.conversation_id == addresses.c.conversation_id,
            messages.c.seq > addresses.c.delivered_seq,
            messages.c.author != "visitor",
            sa.or_(
                addresses.c.due_at.is_(None),
                addresses.c.due_at <= now,
                messages.c.extras["urgent"].as_boolean(),
            ),
        )
        rows = self._connection.execute(
            addresses.select()
            .where(
                addresses.c.channel == channel,
                addresses.c.state == "open",
                said,
            )
            .limit(_MANY)
        )
        return [_address(row) for row in rows]

    def add(self, address: Address) -> bool:
        """Store a new address; False where it, or the conversation, has one."""
        known = self._connection.execute(
            sa.select(addresses.c.address).where(
                addresses.c.channel == address.channel,
                sa.or_(
                    addresses.c.address == address.address,
                    addresses.c.conversation_id == address.conversation_id,
                ),
            )
        )
        if known.first():
            return False
        try:
            with self._connection.begin_nested():
                self._connection.execute(
                    addresses.insert().values(
                        channel=address.channel,
                        address=address.address,
                        **_changing(address),
                    )
                )
        except sa.exc.IntegrityError:
            return False
        return True

    def replace(self, address: Address) -> None:
        """Store the new state of an address; who is sending to it goes on."""
        self._store(address)

    def let_go(self, address: Address) -> None:
        """Store the new state of an address, for whoever sends to it next."""
        self._store(address, claimed_until=None)

    def _store(self, address: Address, **more: Any) -> None:
        self._connection.execute(
            addresses.update()
            .where(
                addresses.c.channel == address.channel,
                addresses.c.address == address.address,
            )
            .values(**_changing(address), **more)
        )

    def remove(self, channel: str, conversation_id: str) -> None:
        """Forget the address of a conversation."""
        self._connection.execute(
            addresses.delete().where(
                addresses.c.channel == channel,
                addresses.c.conversation_id == conversation_id,
            )
        )

    def claim(
        self, channel: str, address: str, by: str, until: datetime, now: datetime
    ) -> Address | None:
        """Take an address to oneself for a while; None while another desk has it."""
        taken = self._connection.execute(
            _CLAIM,
            {
                "on": channel,
                "at_address": address,
                "by": by,
                "until": until,
                "now": now,
            },
        )
        return self.get(channel, address) if taken.rowcount else None


class Updates:
    """Reads and writes what channels were sent, inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self,
        channel: str,
        number: int,
        address: str,
        body: Mapping[str, Any],
        at: datetime,
    ) -> bool:
        """Store an update; False where it is known already."""
        known = sa.select(updates.c.number).where(_UPDATE)
        if self._connection.execute(known, {"on": channel, "which": number}).first():
            return False
        try:
            with self._connection.begin_nested():
                self._connection.execute(
                    updates.insert(),
                    {
                        "channel": channel,
                        "number": number,
                        "address": address,
                        "body": dict(body),
                        "handled": False,
                        "at": at,
                    },
                )
        except sa.exc.IntegrityError:
            return False
        return True

    def next(self, channel: str, address: str) -> tuple[int, Mapping[str, Any]] | None:
        """Return the lowest update of an address that is not handled, or None."""
        row = self._connection.execute(
            _NEXT, {"on": channel, "at_address": address}
        ).first()
        return (row.number, row.body) if row else None

    def unhandled(self, channel: str) -> list[tuple[int, str, Mapping[str, Any]]]:
        """Return number, address and body of all not handled, lowest first."""
        rows = self._connection.execute(
            sa.select(updates.c.number, updates.c.address, updates.c.body)
            .where(updates.c.channel == channel, updates.c.handled.is_(False))
            .order_by(updates.c.number)
        )
        return [(row.number, row.address, row.body) for row in rows]

    def waiting_since(self, channel: str, at: datetime) -> list[str]:
        """Return the addresses with updates from before an instant, not handled."""
        found = self._connection.execute(
            sa.select(updates.c.address)
            .where(
                updates.c.channel == channel,
                updates.c.handled.is_(False),
                updates.c.at < at,
            )
            .distinct()
            .limit(_MANY)
        )
        return list(found.scalars())

    def newest(self, channel: str) -> int | None:
        """Return the highest number of all, or None."""
        found: int | None = self._connection.execute(
            sa.select(sa.func.max(updates.c.number)).where(updates.c.channel == channel)
        ).scalar_one()
        return found

    def take(self, channel: str, number: int) -> bool:
        """Mark an update as handled and forget its words; False where it was."""
        taken = self._connection.execute(_TAKE, {"on": channel, "which": number})
        return bool(taken.rowcount)

    def drop_before(self, at: datetime) -> None:
        """Forget the handled ones from before an instant."""
        self._connection.execute(
            updates.delete().where(updates.c.at < at, updates.c.handled.is_(True))
        )

    def forget_address(self, channel: str, address: str) -> None:
        """Forget whose the handled ones were; their numbers stay, against repeats."""
        self._connection.execute(
            updates.update()
            .where(
                updates.c.channel == channel,
                updates.c.handled.is_(True),
                updates.c.address == address,
            )
            .values(address="")
        )


class Passes:
    """Reads and writes passes inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(
        self, pass_id: str, conversation_id: str, leads_to: str, expires_at: datetime
    ) -> None:
        """Store a new pass."""
        self._connection.execute(
            passes.insert().values(
                id=pass_id,
                conversation_id=conversation_id,
                leads_to=leads_to,
                expires_at=expires_at,
            )
        )

    def use(self, pass_id: str, leads_to: str, now: datetime) -> str | None:
        """Use a pass up; return its conversation, None where it opens nothing."""
        used = self._connection.execute(
            passes.update()
            .where(
                passes.c.id == pass_id,
                passes.c.leads_to == leads_to,
                passes.c.used_at.is_(None),
                passes.c.expires_at > now,
            )
            .values(used_at=now)
        )
        if not used.rowcount:
            return None
        found: str = self._connection.execute(
            sa.select(passes.c.conversation_id).where(passes.c.id == pass_id)
        ).scalar_one()
        return found

    def drop_expired(self, now: datetime) -> None:
        """Forget the passes that are too old."""
        self._connection.execute(passes.delete().where(passes.c.expires_at <= now))

    def drop_of(self, conversation_id: str) -> None:
        """Forget the passes into a conversation."""
        self._connection.execute(
            passes.delete().where(passes.c.conversation_id == conversation_id)
        )


def _changing(address: Address) -> dict[str, Any]:
    return {
        "conversation_id": address.conversation_id,
        "delivered_seq": address.delivered_seq,
        "delivered_parts": address.delivered_parts,
        "apart": dict(address.apart),
        "attempts": address.attempts,
        "due_at": address.due_at,
        "state": address.state,
        "kept": dict(address.kept),
    }


def _address(row: Row[Any]) -> Address:
    return Address(
        channel=row.channel,
        address=row.address,
        conversation_id=row.conversation_id,
        delivered_seq=row.delivered_seq,
        delivered_parts=row.delivered_parts,
        apart=row.apart,
        attempts=row.attempts,
        due_at=row.due_at,
        state=row.state,
        kept=row.kept,
    )
