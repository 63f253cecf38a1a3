"""What staff note, look for, count and leave undone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.clinic.audit import Entry
from bot.clinic.insights import Funnel, Wait
from bot.clinic.misses import Miss
from bot.clinic.note import Note
from bot.clinic.search import Find, Wanted
from bot.desk.ports.talk import StaffRecord, Talk


class Notes(Protocol):
    """The notes of staff for each other."""

    def add(self, note: Note) -> None:
        """Store a new note."""

    def of(self, conversation_id: str) -> list[Note]:
        """Return the notes about a conversation, oldest first."""

    def erase(self, conversation_id: str) -> None:
        """Delete the notes about a conversation for good."""


class Audit(Protocol):
    """Who read or did what."""

    def add(self, entry: Entry) -> None:
        """Add one entry."""


class Misses(Protocol):
    """What visitors asked and nobody answered."""

    def add(
        self, conversation_id: str, seq: int, ranking: Sequence[tuple[str, float]]
    ) -> None:
        """Note a visitor's message as missed, once; pass over one that is not there."""

    def before(self, conversation_id: str, seq: int) -> bool:
        """Say whether the visitor's last message before a number was missed."""

    def open(self, limit: int) -> list[Miss]:
        """Return what nobody has dealt with, newest first, with the next step."""

    def get(self, conversation_id: str, seq: int) -> Miss | None:
        """Return one that nobody has dealt with, or None."""

    def handle(self, conversation_id: str, seq: int, name: str, at: datetime) -> bool:
        """Take a miss off the list; False where none waits."""


class MissUnit(Talk, Protocol):
    """A unit of work over a conversation, its handoff and its misses."""

    @property
    def misses(self) -> Misses:
        """What nobody answered."""


class StaffUnit(Protocol):
    """A unit of work over staff, their logins and what they did."""

    @property
    def staff(self) -> StaffRecord:
        """Staff and their logins."""

    @property
    def audit(self) -> Audit:
        """Who read or did what."""

    def commit(self) -> None:
        """Keep what was written; without it everything is rolled back."""


class Search(Protocol):
    """Looks through what was said and who has visits."""

    def patients(self, wanted: Wanted, limit: int) -> list[Find]:
        """Return the last message of each conversation whose patient fits."""

    def messages(self, wanted: Wanted, limit: int) -> list[Find]:
        """Return the newest message that fits from each conversation."""


class SearchUnit(Protocol):
    """A unit of work that can be searched."""

    @property
    def search(self) -> Search:
        """Looks through the record."""


class InsightCounts(Protocol):
    """Counts what happened between two instants, the later one not included."""

    def funnel(self, since: datetime, until: datetime) -> Funnel:
        """Count how far the conversations came that began then."""

    def waits(self, since: datetime, until: datetime) -> list[Wait]:
        """Return the handoffs opened then."""

    def topics(
        self, since: datetime, until: datetime, limit: int
    ) -> list[tuple[str, int]]:
        """Count the written answers given in conversations that began then."""


class InsightUnit(Protocol):
    """A unit of work that can be summed up."""

    @property
    def insights(self) -> InsightCounts:
        """Counts."""
