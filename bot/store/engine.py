"""Opens the database: SQLite in WAL mode by default, PostgreSQL by DATABASE_URL."""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine
from sqlalchemy.pool import QueuePool

LONGEST_WAIT_SECONDS = 60
"""How long a writer waits for others before its deed fails as a whole.

Hundreds that come at once are served within ten seconds or so.
"""

WRITERS_AT_ONCE = {"sqlite": 1, "postgresql": 10}
"""In one process; PostgreSQL's pool has 15 connections, the rest is for readers."""

_KEPT_OPEN, _AT_MOST = 8, 64


def open_engine(url: str) -> Engine:
    """Open a database for reading and writing.

    Args:
        url: `sqlite:////path/to/file.db` or `postgresql://user@host/name`.

    SQLite transactions begin with `BEGIN IMMEDIATE`, so that a unit of work that
    reads before it writes can never lose its place to another writer. Errors do not
    show the values of a statement: they are what visitors wrote.
    """
    if sa.engine.make_url(url).get_backend_name() == "sqlite":
        engine = sa.create_engine(
            url,
            hide_parameters=True,
            # Kept open: the last one to close would write the whole log back.
            poolclass=QueuePool,
            pool_size=_KEPT_OPEN,
            max_overflow=_AT_MOST - _KEPT_OPEN,
            connect_args={"timeout": LONGEST_WAIT_SECONDS, "check_same_thread": False},
        )
        sa.event.listen(engine, "connect", _prepare_sqlite)
        sa.event.listen(engine, "begin", _begin_immediate)
        return engine
    return sa.create_engine(url, hide_parameters=True, pool_pre_ping=True)


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    # pysqlite would begin transactions by itself, and too late.
    connection.isolation_level = None
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    # What a visitor was told is stored must survive a power cut.
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    # Else answers that were deleted stay readable in the file.
    cursor.execute("PRAGMA secure_delete=ON")
    cursor.close()


def _begin_immediate(connection: Connection) -> None:
    reads = connection.get_execution_options().get("reads_only", False)
    connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
