"""How fast a channel may be written to, as it counts on the other side."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

_MANY = 10_000


class Pace:
    """Lets so many calls begin in any stretch of time, wherever it is measured.

    A place is given back that long after a call is over, not after it began: whatever
    the network does to the calls, the other side never sees more of them in such a
    stretch.

    Args:
        most: calls in one stretch.
        seconds: how long the stretch is.
    """

    def __init__(self, most: int, seconds: float) -> None:
        self._places = asyncio.Semaphore(most)
        self._seconds = seconds

    @asynccontextmanager
    async def turn(self) -> AsyncIterator[None]:
        """Wait for a place, and keep it while the block runs and a stretch longer."""
        await self._places.acquire()
        try:
            yield
        finally:
            asyncio.get_running_loop().call_later(self._seconds, self._places.release)


class Rests:
    """How long each address is left alone after it was written to."""

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._until: dict[str, float] = {}

    async def wait(self, address: str) -> None:
        """Come back when the address may be written to again."""
        left = self._until.get(address, 0.0) - time.monotonic()
        if left > 0:
            await asyncio.sleep(left)

    def begin(self, address: str, seconds: float | None = None) -> None:
        """Leave an address alone from now on, for so long or the usual time."""
        now = time.monotonic()
        rest = self._seconds if seconds is None else seconds
        self._until[address] = max(self._until.get(address, 0.0), now + rest)
        if len(self._until) > _MANY:
            self._until = {
                key: until for key, until in self._until.items() if until > now
            }
