"""Where channels find visitors, and what they brought."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from bot.clinic.delivery import Address
from bot.desk.ports.talk import Talk


class Addresses(Protocol):
    """Where channels find visitors, and how far their messages got."""

    def get(self, channel: str, address: str) -> Address | None:
        """Return one address, or None."""

    def locked(self, channel: str, address: str) -> Address | None:
        """Return one address, to be changed by nobody else until this unit is over."""

    def of(self, conversation_id: str) -> list[Address]:
        """Return the addresses of a conversation, one a channel at most."""

    def waiting(self, channel: str, now: datetime) -> list[Address]:
        """Return the open ones with messages to settle now."""

    def add(self, address: Address) -> bool:
        """Store a new address; False where it, or the conversation, has one."""

    def replace(self, address: Address) -> None:
        """Store the new state of an address; who is sending to it goes on."""

    def let_go(self, address: Address) -> None:
        """Store the new state of an address, for whoever sends to it next."""

    def remove(self, channel: str, conversation_id: str) -> None:
        """Forget the address of a conversation."""

    def claim(
        self, channel: str, address: str, by: str, until: datetime, now: datetime
    ) -> Address | None:
        """Take an address to oneself for a while; None while another desk has it."""


class Updates(Protocol):
    """What a channel was sent, until it is handled."""

    def add(
        self,
        channel: str,
        number: int,
        address: str,
        body: Mapping[str, Any],
        at: datetime,
    ) -> bool:
        """Store an update; False where it is known already."""

    def next(self, channel: str, address: str) -> tuple[int, Mapping[str, Any]] | None:
        """Return the lowest update of an address that is not handled, or None."""

    def unhandled(self, channel: str) -> list[tuple[int, str, Mapping[str, Any]]]:
        """Return number, address and body of all not handled, lowest first."""

    def newest(self, channel: str) -> int | None:
        """Return the highest number of all, or None."""

    def take(self, channel: str, number: int) -> bool:
        """Mark an update as handled and forget its words; False where it was."""

    def drop_before(self, at: datetime) -> None:
        """Forget the handled ones from before an instant."""

    def forget_address(self, channel: str, address: str) -> None:
        """Forget whose the handled ones were; their numbers stay, against repeats."""


class Passes(Protocol):
    """Links that let a visitor go on elsewhere, once."""

    def add(
        self, pass_id: str, conversation_id: str, leads_to: str, expires_at: datetime
    ) -> None:
        """Store a new pass."""

    def use(self, pass_id: str, leads_to: str, now: datetime) -> str | None:
        """Use a pass up; return its conversation, None where it opens nothing."""

    def drop_expired(self, now: datetime) -> None:
        """Forget the passes that are too old."""

    def drop_of(self, conversation_id: str) -> None:
        """Forget the passes into a conversation."""


class ChannelUnit(Talk, Protocol):
    """A unit of work over a conversation and the channels that it is held on."""

    @property
    def addresses(self) -> Addresses:
        """Where channels find visitors."""

    @property
    def updates(self) -> Updates:
        """What a channel was sent."""

    @property
    def passes(self) -> Passes:
        """Links that let a visitor go on elsewhere."""
