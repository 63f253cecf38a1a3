"""The unit of work: one transaction over everything the desk records."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.engine import Connection, Engine

from bot.store.audit import Audit
from bot.store.booking import Bookings
from bot.store.conversation import Conversations
from bot.store.delivery import Addresses, Passes, Updates
from bot.store.engine import LONGEST_WAIT_SECONDS, WRITERS_AT_ONCE, open_engine
from bot.store.feeds import Feeds
from bot.store.handoff import Handoffs
from bot.store.hours import HoursChanges
from bot.store.insights import InsightCounts
from bot.store.letters import Letters
from bot.store.misses import Misses
from bot.store.note import Notes
from bot.store.queue import Queue
from bot.store.screening import Screenings
from bot.store.search import Search
from bot.store.staff import StaffRecord
from bot.store.transcript import Transcripts
from bot.store.turn import Turns
from bot.store.waiting import Waitlist


class Unit:
    """What one deed reads and writes; nothing is kept without `commit()`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self.conversations = Conversations(connection)
        self.handoffs = Handoffs(connection)
        self.notes = Notes(connection)
        self.staff = StaffRecord(connection)
        self.audit = Audit(connection)
        self.queue = Queue(connection)
        self.transcripts = Transcripts(connection)
        self.addresses = Addresses(connection)
        self.updates = Updates(connection)
        self.passes = Passes(connection)
        self.screenings = Screenings(connection)
        self.bookings = Bookings(connection)
        self.misses = Misses(connection)
        self.search = Search(connection)
        self.insights = InsightCounts(connection)
        self.hours = HoursChanges(connection)
        self.waitlist = Waitlist(connection)
        self.letters = Letters(connection)
        self.feeds = Feeds(connection)

    def commit(self) -> None:
        """Keep what was written; the unit is over after that."""
        self._connection.get_transaction().commit()


class Store:
    """The clinic's record in one database."""

    def __init__(self, url: str) -> None:
        self.engine: Engine = open_engine(url)
        writers = WRITERS_AT_ONCE[self.engine.dialect.name]
        self._turns = Turns(writers, LONGEST_WAIT_SECONDS)

    @contextmanager
    def unit(self) -> Iterator[Unit]:
        """Open a unit of work; whatever was not committed is rolled back.

        It waits for its turn, on SQLite until every other unit is over: never open
        one inside another.
        """
        with self._turns.one(), self.engine.connect() as connection:
            transaction = connection.begin()
            try:
                yield Unit(connection)
            finally:
                if transaction.is_active:
                    transaction.rollback()

    @contextmanager
    def reading(self) -> Iterator[Unit]:
        """Open a unit that only reads, and so never waits for a writer."""
        with self.engine.connect() as connection:
            reader = connection.execution_options(reads_only=True)
            with reader.begin():
                yield Unit(reader)

    def close(self) -> None:
        """Let go of all connections."""
        self.engine.dispose()
