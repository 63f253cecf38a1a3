"""The keys of practitioners' feeds, as rows."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from bot.store.tables import feeds


class Feeds:
    """Reads and writes the keys inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def key_of(self, practitioner_id: str) -> str | None:
        """Return the key of a practitioner's feed, or None."""
        return self._connection.execute(
            sa.select(feeds.c.key).where(feeds.c.practitioner_id == practitioner_id)
        ).scalar_one_or_none()

    def whose(self, key: str) -> str:
        """Return the practitioner whose feed has this key, "" for nobody's."""
        found = self._connection.execute(
            sa.select(feeds.c.practitioner_id).where(feeds.c.key == key)
        )
        return found.scalar_one_or_none() or ""

    def put(self, practitioner_id: str, key: str, now: datetime) -> None:
        """Give a practitioner's feed a key in place of the one it had."""
        self._connection.execute(
            feeds.delete().where(feeds.c.practitioner_id == practitioner_id)
        )
        self._connection.execute(
            feeds.insert().values(practitioner_id=practitioner_id, key=key, made_at=now)
        )
