"""What the assistant remembers between two messages: the state, not the words."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy.orm import sessionmaker
from sqlalchemy.pool import QueuePool

from bot.content.follow_ups import topic_of

_KEPT = ("intent", "metadata", "message_id")


class DiscreetTrackerStore(SQLTrackerStore):
    """Rasa's SQL store without what was said; named in endpoints.yml.

    The desk keeps the transcript, under its own rules. Rasa needs the intents, the
    slots and the topics of earlier turns, never their words, and answers about health
    do not belong into its tables (the screening protocol, section 7).
    `bot.nlu.discretion` drops what is left after a day.
    """

    engine: sa.engine.Engine

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        if self.engine.dialect.name == "sqlite":
            self.engine = _quick(self.engine.url)
            self.sessionmaker = sessionmaker(bind=self.engine)
        # A failed statement would print the slots: names, telephones, wishes.
        self.engine.hide_parameters = True

    def _additional_events(
        self, session: Any, tracker: DialogueStateTracker
    ) -> Iterator[Event]:
        """Return the events to store, without their words."""
        for event in super()._additional_events(session, tracker):
            yield _without_words(event)


def _quick(url: sa.engine.URL) -> sa.engine.Engine:
    """Open SQLite so that a turn does not wait for the disk.

    A power cut may cost the state of a form, never a message: those the desk keeps.
    """
    engine = sa.create_engine(
        url, poolclass=QueuePool, connect_args={"check_same_thread": False}
    )

    @sa.event.listens_for(engine, "connect")
    def prepare(connection: Any, _record: Any) -> None:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=NORMAL")

    return engine


def _without_words(event: Event) -> Event:
    if isinstance(event, UserUttered):
        silent = copy.copy(event)
        silent.text, silent.entities = "", []
        parsed = {name: event.parse_data.get(name) for name in _KEPT}
        silent.parse_data = {**parsed, "text": "", "entities": []}
        return silent
    if isinstance(event, BotUttered):
        silent = copy.copy(event)
        topic = topic_of(event.data.get("custom") or {})
        # What a next "and how long?" leans on.
        silent.text, silent.data = "", {"custom": {"topic": topic}} if topic else {}
        return silent
    return event
