"""All that is kept about one visitor."""

from __future__ import annotations

from typing import Protocol

from bot.desk.ports.channels import Addresses, Passes, Updates
from bot.desk.ports.console import Audit, Notes
from bot.desk.ports.diary import FrontDesk


class WholeRecord(FrontDesk, Protocol):
    """A unit of work over everything that is kept about one visitor."""

    @property
    def notes(self) -> Notes:
        """What staff noted for each other."""

    @property
    def audit(self) -> Audit:
        """Who did what."""

    @property
    def addresses(self) -> Addresses:
        """Where channels find visitors."""

    @property
    def updates(self) -> Updates:
        """What a channel was sent."""

    @property
    def passes(self) -> Passes:
        """Links that let a visitor go on elsewhere."""
