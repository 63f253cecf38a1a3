"""Takes in what a channel sends: stored first, each update once, in order per chat."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

import sqlalchemy as sa

from bot.channels.order import InOrder
from bot.logs import told
from bot.store.unit import Store, Unit

logger = logging.getLogger(__name__)

_GRACE_SECONDS = 1.0
_MOST_FAILURES = 5
_FAILURE_SECONDS = 0.25
_LONGEST_REST_SECONDS = 10.0
_SCAN_SECONDS = 5.0
_LEFT_AFTER = timedelta(seconds=30)
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

    async def look(self, update: Update) -> None:
        """Look, before its turn, whether an update tells of what cannot wait.

        It may come again, and its turn may come meanwhile.
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
        self._looks: set[asyncio.Task[None]] = set()
        self._scan: asyncio.Task[None] | None = None
        self._order = InOrder(_GRACE_SECONDS, time.monotonic)

    async def receive(self, updates: Sequence[Update]) -> None:
        """Store updates; once this returns, the channel may forget them."""
        for update in updates:
            self._order.coming(update.number)
        fresh: Collection[Update] = ()
        behind: Collection[Update] = ()
        try:
            fresh, behind = await asyncio.to_thread(self._keep, updates)
        finally:
            stored = {update.number for update in fresh}
            for update in updates:
                self._order.arrived(update.number, fresh=update.number in stored)
        # Also for one that came again: the desk that stored it may be gone.
        for update in updates:
            self._wake(update.address)
        self._look_at(behind)

    async def resume(self) -> None:
        """Take up what was left unhandled, now and whenever another desk dies."""
        unhandled, behind, newest = await asyncio.to_thread(self._left)
        self._order = InOrder(_GRACE_SECONDS, time.monotonic, newest)
        for address in unhandled:
            self._wake(address)
        self._look_at(behind)
        self._scan = asyncio.create_task(self._adopt())

    async def _adopt(self) -> None:
        """Take up what waits for so long that the desk that stored it must be gone.

        Where that one is only slow both handle it: whatever is taken is taken once,
        and the lowest number first.
        """
        while True:
            await asyncio.sleep(_SCAN_SECONDS)
            try:
                await self._adopt_left()
            except sa.exc.SQLAlchemyError as fault:
                # The next look may find the database free again.
                logger.error("no look at the updates: %s", told(fault))  # noqa: TRY400

    async def _adopt_left(self) -> None:
        alone = await asyncio.to_thread(self._left_alone) - self._chats.keys()
        if not alone:
            return
        _, behind, _ = await asyncio.to_thread(self._left)
        for address in alone:
            self._wake(address)
        self._look_at([one for one in behind if one.address in alone])

    def _left_alone(self) -> set[str]:
        with self._store.reading() as unit:
            return set(
                unit.updates.waiting_since(self._channel, self._clock() - _LEFT_AFTER)
            )

    async def stop(self) -> None:
        """Stop handling; what is unhandled stays in the record."""
        tasks = [*self._chats.values(), *self._looks]
        if self._scan:
            tasks.append(self._scan)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _keep(self, updates: Sequence[Update]) -> tuple[list[Update], list[Update]]:
        """Store updates; return the new ones, and which of these are not next."""
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
            behind = self._behind(unit, fresh)
            unit.commit()
        return fresh, behind

    def _left(self) -> tuple[set[str], list[Update], int | None]:
        with self._store.reading() as unit:
            left = [
                Update(number, address, body)
                for number, address, body in unit.updates.unhandled(self._channel)
            ]
            return (
                {one.address for one in left},
                self._behind(unit, left),
                unit.updates.newest(self._channel),
            )

    def _behind(self, unit: Unit, updates: Sequence[Update]) -> list[Update]:
        """Return the updates whose turn is not next in their chat."""
        return [
            one
            for one in updates
            if (first := unit.updates.next(self._channel, one.address))
            and first[0] != one.number
        ]

    def _look_at(self, updates: Collection[Update]) -> None:
        if updates:
            task = asyncio.create_task(self._look_at_each(updates))
            self._looks.add(task)
            task.add_done_callback(self._looks.discard)

    async def _look_at_each(self, updates: Collection[Update]) -> None:
        for update in updates:
            try:
                await self._handler.look(update)
            except Exception:
                # The edge: its turn will come all the same.
                logger.exception("%s: a look ahead failed", self._channel)

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
