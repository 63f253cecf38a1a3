"""Rounds: what the desk looks after again and again while it runs."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from prometheus_client import Gauge

from bot.clock import utc_now

logger = logging.getLogger(__name__)

_FAILURES = Gauge(
    "meridian_round_failures",
    "How often in a row a round of the desk has failed",
    ["round"],
)


@dataclass(frozen=True)
class Round:
    """One deed and how long to rest after it.

    Args:
        name: for the log.
        deed: is given the present instant, aware UTC; runs in a thread, so it may
            wait for the database.
    """

    name: str
    every_seconds: float
    deed: Callable[[datetime], None]


class Rounds:
    """Runs rounds beside each other until it is stopped."""

    def __init__(self, rounds: Iterable[Round]) -> None:
        self._rounds = tuple(rounds)
        self._tasks: list[asyncio.Task[None]] = []
        self._failures = {one.name: 0 for one in self._rounds}

    @property
    def failures(self) -> Mapping[str, int]:
        """Return how often in a row each round that fails now has failed."""
        return {name: count for name, count in self._failures.items() if count}

    def start(self) -> None:
        """Begin every round now; must be called inside the running loop."""
        self._tasks = [asyncio.create_task(self._go(one)) for one in self._rounds]

    async def stop(self) -> None:
        """End them; a deed that is being done is a transaction, whole or not at all."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _go(self, one: Round) -> None:
        while True:
            try:
                await asyncio.to_thread(one.deed, utc_now())
            except Exception:
                # The edge: whatever one round fails of, the next may well do.
                logger.exception("round %s failed", one.name)
                self._failures[one.name] += 1
            else:
                self._failures[one.name] = 0
            _FAILURES.labels(one.name).set(self._failures[one.name])
            await asyncio.sleep(one.every_seconds)
