"""What the assistant remembers between two messages: the state, not the words."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import BotUttered, Event, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

_KEPT = ("intent", "metadata", "message_id")


class DiscreetTrackerStore(SQLTrackerStore):
    """Rasa's SQL store without what was said; named in endpoints.yml.

    The desk keeps the transcript, under its own rules. Rasa needs the intents and the
    slots of earlier turns, never their words, and answers about health do not belong
    into its tables (the screening protocol, section 7). `bot.nlu.discretion` drops
    what is left after a day.
    """

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        # A failed statement would print the slots: names, telephones, wishes.
        self.engine.hide_parameters = True

    def _additional_events(
        self, session: Any, tracker: DialogueStateTracker
    ) -> Iterator[Event]:
        """Return the events to store, without their words."""
        for event in super()._additional_events(session, tracker):
            yield _without_words(event)


def _without_words(event: Event) -> Event:
    if isinstance(event, UserUttered):
        silent = copy.copy(event)
        silent.text, silent.entities = "", []
        parsed = {name: event.parse_data.get(name) for name in _KEPT}
        silent.parse_data = {**parsed, "text": "", "entities": []}
        return silent
    if isinstance(event, BotUttered):
        silent = copy.copy(event)
        silent.text, silent.data = "", {}
        return silent
    return event
