"""What a channel on other people's servers has to do; docs/channels.md explains it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from bot.clinic.conversation import Message
from bot.clinic.delivery import Address

P = TypeVar("P")


@dataclass(frozen=True)
class Sent:
    """The channel has taken it.

    Args:
        kept: what the channel wants to remember at this address from now on.
    """

    kept: Mapping[str, Any] | None = None


@dataclass(frozen=True)
class TryAgain:
    """It failed in a way that will pass.

    Args:
        seconds: how long the channel wants to be left alone; None: it did not say.
    """

    reason: str
    seconds: float | None = None


@dataclass(frozen=True)
class Refused:
    """The channel will never take this message; the next one may go."""

    reason: str


@dataclass(frozen=True)
class Blocked:
    """The visitor, or the channel, wants nothing more from us at this address."""

    reason: str


Outcome = Sent | TryAgain | Refused | Blocked


class Channel(Protocol[P]):
    """Carries what the desk says; `Courier` decides what, when and how often."""

    @property
    def name(self) -> str:
        """Its name in the record."""

    def parts(self, message: Message) -> Sequence[P]:
        """Word one message in one or several parts of the channel's own shape.

        The same message is always cut in the same way.
        """

    def turn(self, address: str, urgent: bool) -> AbstractAsyncContextManager[None]:
        """Wait until the channel's limits allow a call, and make it in the block."""

    async def send(self, address: Address, part: P) -> Outcome:
        """Send one part; every failure is an outcome, never an exception."""
