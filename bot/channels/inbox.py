"""Takes in what a channel sends: stored first, each update once, in order per chat."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.channels.order import InOrder
from bot.store.unit import Store

logger = logging.getLogger(__name__)

_GRACE_SECONDS = 1.0
_MOST_FAILURES = 5
_FAILURE_SECONDS = 0.25
_LONGEST_REST_SECONDS = 10.0
_LARGEST_BODY = 256 * 1024


@dataclass(frozen=True)
class Update:
    """One thing that a channel sent.

    Args:
        number: the channel counts its updates.
        address: the visitor's chat there; "" where it belongs to none.
        body: as it was sent.
    """

    number: int
    address: str
    body: Mapping[str, Any]


class Handler(Protocol):
    """Does what an update asks for.

    Whatever it writes, it marks the update as taken in the same transaction, and
    writes nothing where it was taken before.
    """

    async def handle(self, update: Update) -> None:
        """Handle one update; it may come again after a failure or a restart."""

    async def give_up(self, update: Update) -> None:
        """Leave an update that fails every time to a person, and say so."""


class Inbox:
    """Stores the updates of one channel, and has them handled chat by chat.

    Args:
        clock: aware UTC.
    """

    def __init__(
        self,
        channel: str,
        store: Store,
        handler: Handler,
        clock: Callable[[], datetime],
    ) -> None:
        self._channel = channel
        self._store = store
        self._handler = handler
        self._clock = clock
        self._chats: dict[str, asyncio.Task[None]] = {}
        self._woken: set[str] = set()
        self._order = InOrder(_GRACE_SECONDS, time.monotonic)

    async def receive(self, updates: Sequence[Update]) -> None:
        """Store updates; once this returns, the channel may forget them."""
        for update in updates:
            self._order.coming(update.number)
        fresh: Collection[Update] = ()
        try:
            fresh = await asyncio.to_thread(self._keep, updates)
        finally:
            stored = {update.number for update in fresh}
            for update in updates:
                self._order.arrived(update.number, fresh=update.number in stored)
        for update in fresh:
            self._wake(update.address)

    async def resume(self) -> None:
        """Take up what was left unhandled."""
        unhandled, newest = await asyncio.to_thread(self._left)
        self._order = InOrder(_GRACE_SECONDS, time.monotonic, newest)
        for _, address in unhandled:
            self._wake(address)

    async def stop(self) -> None:
        """Stop handling; what is unhandled stays in the record."""
        tasks = list(self._chats.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _keep(self, updates: Sequence[Update]) -> list[Update]:
        fresh: list[Update] = []
        with self._store.unit() as unit:
            for one in updates:
                if not unit.updates.add(
                    self._channel, one.number, one.address, one.body, self._clock()
                ):
                    continue
                if len(json.dumps(one.body)) > _LARGEST_BODY:
                    # Nobody can type that. It is known now and need not come again.
                    logger.warning("%s %s is too large", self._channel, one.number)
                    unit.updates.take(self._channel, one.number)
                else:
                    fresh.append(one)
            unit.commit()
        return fresh

    def _left(self) -> tuple[list[tuple[int, str]], int | None]:
        with self._store.reading() as unit:
            return (
                unit.updates.unhandled(self._channel),
                unit.updates.newest(self._channel),
            )

    def _wake(self, address: str) -> None:
        self._woken.add(address)
        if address not in self._chats:
            self._chats[address] = asyncio.create_task(self._handle_all(address))

    async def _handle_all(self, address: str) -> None:
        try:
            while address in self._woken:
                self._woken.discard(address)
                await self._handle_waiting(address)
        finally:
            # No await between the last look and this line: a wake is never lost.
            del self._chats[address]

    async def _handle_waiting(self, address: str) -> None:
        failures = 0
        while True:
            try:
                update = await asyncio.to_thread(self._next, address)
                if update is None:
                    return
                if wait := self._order.wait_seconds(update.number):
                    await asyncio.sleep(wait)
                    continue
                if failures < _MOST_FAILURES:
                    await self._handler.handle(update)
                else:
                    await self._handler.give_up(update)
                failures = 0
            except Exception:
                # The edge: one update that fails must not stop those behind it.
                failures += 1
                logger.exception("%s: an update failed", self._channel)
                rest = min(failures * _FAILURE_SECONDS, _LONGEST_REST_SECONDS)
                await asyncio.sleep(rest)

    def _next(self, address: str) -> Update | None:
        with self._store.reading() as unit:
            found = unit.updates.next(self._channel, address)
        return Update(found[0], address, found[1]) if found else None
