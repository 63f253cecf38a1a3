"""The screenings."""

from __future__ import annotations

from typing import Protocol

from bot.clinic.screened import Screening


class Screenings(Protocol):
    """The screenings."""

    def add(self, screening: Screening) -> None:
        """Store a new screening."""

    def replace(self, screening: Screening) -> None:
        """Store the new state of a screening."""

    def remove(self, screening_id: str) -> None:
        """Forget a screening altogether."""

    def erase(self, conversation_id: str) -> bool:
        """Remove a conversation's screenings, all but those that a visit rests on.

        Returns:
            Whether a lock that staff have not released stays, without its answers.
        """

    def get(self, screening_id: str) -> Screening | None:
        """Return one screening, or None."""

    def of(self, conversation_id: str) -> list[Screening]:
        """Return the screenings of a conversation, newest first."""


class ScreeningUnit(Protocol):
    """A unit of work over the screenings."""

    @property
    def screenings(self) -> Screenings:
        """The screenings."""

    def commit(self) -> None:
        """Keep what was written; without it everything is rolled back."""
