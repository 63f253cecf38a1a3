"""Carries what is said to the visitors of one channel, from the record, in order.

The record is the queue: what a desk that died had not delivered goes out when it is
back. A message whose part was on the way at that very moment may go out again; no
other does.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Generic, TypeVar
from weakref import WeakValueDictionary

import sqlalchemy as sa

from bot.channels.channel import Blocked, Channel, Outcome, P, Refused, Sent, TryAgain
from bot.clinic import delivery as positions
from bot.clinic.conversation import Message
from bot.clinic.delivery import Address, Parcel
from bot.clinic.profile import HealthByTelegram
from bot.desk import delivery
from bot.desk.bell import Bell, Ring
from bot.logs import told
from bot.store.unit import Store, Unit

logger = logging.getLogger(__name__)

_SCAN_SECONDS = 2.0
_FIRST_WAIT_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 60.0
_URGENT_WAIT_SECONDS = 1.0
_A_LITTLE = 0.05
_THREADS = 4

R = TypeVar("R")

Change = Callable[[Address], Address]


@dataclass(frozen=True)
class Post:
    """What a courier works with.

    Args:
        desk: this desk's own name, the same after a restart.
        health: whether what is about a visitor's own health is carried.
        stand_in: makes, and commits, what goes out in place of a message that travels
            by link.
        clock: aware UTC.
    """

    store: Store
    bell: Bell
    desk: str
    health: HealthByTelegram
    stand_in: Callable[[str, Message], Message]
    clock: Callable[[], datetime]


class Courier(Generic[P]):
    """Delivers to one channel until it is stopped."""

    def __init__(self, channel: Channel[P], post: Post) -> None:
        self._channel = channel
        self._post = post
        self._going: dict[tuple[str, bool], asyncio.Task[None]] = {}
        self._others: set[asyncio.Task[None]] = set()
        self._to_look: set[str] = set()
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        # Of its own: a thousand messages that come in must not hold up what goes out.
        self._threads = ThreadPoolExecutor(_THREADS, f"{channel.name}-courier")

    def start(self) -> None:
        """Take up what is not delivered; must be called inside the running loop."""
        self._post.bell.listen(self._hear)
        self._begin(self._scan())

    async def stop(self) -> None:
        """Stop delivering; what did not go out stays in the record."""
        tasks = [*self._going.values(), *self._others]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await asyncio.to_thread(self._threads.shutdown)

    async def _thread(self, deed: Callable[..., R], *given: Any) -> R:
        """Read or write the record, without standing in a line with what comes in."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self._threads, partial(deed, *given))

    def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._others.add(task)
        task.add_done_callback(self._others.discard)

    def _hear(self, conversation_id: str, ring: Ring) -> None:
        # One look sees to all that was said before it began.
        if ring == "said" and conversation_id not in self._to_look:
            self._to_look.add(conversation_id)
            self._begin(self._look(conversation_id))

    async def _look(self, conversation_id: str) -> None:
        """Find out whether a ring was about something to deliver here."""
        for address, parcel in await self._thread(self._of, conversation_id):
            self._go(address.address, parcel.urgent)

    async def _scan(self) -> None:
        """Look for what other processes said, and for what is to be tried again."""
        while True:
            try:
                for address in await self._thread(self._waiting):
                    self._go(address.address, urgent=False)
            except sa.exc.SQLAlchemyError as fault:
                # The next look may find the database free again.
                logger.error("no look at the addresses: %s", told(fault))  # noqa: TRY400
            await asyncio.sleep(_SCAN_SECONDS)

    def _go(self, address: str, urgent: bool) -> None:
        key = (address, urgent)
        if key not in self._going:
            self._going[key] = asyncio.create_task(self._serve(key))

    async def _serve(self, key: tuple[str, bool]) -> None:
        address, _ = key
        lock = self._locks.setdefault(address, asyncio.Lock())
        try:
            parcel = await self._thread(self._peek, address)
            if parcel is None:
                # What stands on the clinic's page alone is settled without sending.
                await self._thread(self._claim, address)
            while parcel:
                async with self._channel.turn(address, parcel.urgent), lock:
                    out = await self._deliver_next(address)
                if not out and parcel.urgent:
                    await asyncio.sleep(_URGENT_WAIT_SECONDS)
                parcel = await self._thread(self._peek, address)
        except sa.exc.SQLAlchemyError as fault:
            logger.error("delivery put off: %s", told(fault))  # noqa: TRY400
        finally:
            del self._going[key]

    async def _deliver_next(self, address: str) -> bool:
        """Send what is next; False where nothing is settled by that."""
        claimed = await self._thread(self._claim, address)
        if claimed is None:
            return False
        at, parcel = claimed
        message = parcel.row
        if parcel.by_link:
            message = await self._thread(
                self._post.stand_in, at.conversation_id, message
            )
        parts = self._channel.parts(message)
        done = min(at.delivered_parts, len(parts) - 1)
        # What goes out before its turn goes out whole: the position is another's.
        until = len(parts) if parcel.ahead else done + 1
        outcome: Outcome = Refused("nothing to send")
        for part in parts[0 if parcel.ahead else done : until]:
            outcome = await self._channel.send(at, part)
            if not isinstance(outcome, Sent):
                break
        change = self._change(at, parcel, outcome, last=until == len(parts))
        await self._keep(at, parcel, outcome, change)
        return not isinstance(outcome, TryAgain)

    async def _keep(
        self, at: Address, parcel: Parcel, outcome: Outcome, change: Change
    ) -> None:
        """Note what came of a call: what is out must not go out again."""
        while True:
            try:
                await self._thread(self._settle, at, parcel, outcome, change)
            except sa.exc.SQLAlchemyError as fault:
                logger.error("not noted yet: %s", told(fault))  # noqa: TRY400
                await asyncio.sleep(_FIRST_WAIT_SECONDS)
            else:
                return

    def _settle(
        self, at: Address, parcel: Parcel, outcome: Outcome, change: Change
    ) -> None:
        where = f"{at.conversation_id} {parcel.row.seq}"
        if isinstance(outcome, Refused):
            logger.error("%s refused %s: %s", at.channel, where, outcome.reason)
        elif not isinstance(outcome, Sent):
            logger.warning("%s not sent %s: %s", at.channel, where, outcome.reason)
        with self._post.store.unit() as unit:
            delivery.settle(unit, at, parcel.row.seq, change)

    def _change(
        self, at: Address, parcel: Parcel, outcome: Outcome, last: bool
    ) -> Change:
        """Return what an outcome makes of the address as it will be then."""
        if isinstance(outcome, Sent):
            kept = outcome.kept or {}
            return lambda now: replace(
                positions.part_sent(now, parcel, last), kept={**now.kept, **kept}
            )
        if isinstance(outcome, Refused):
            return lambda now: positions.refused(now, parcel)
        if isinstance(outcome, Blocked):
            return lambda now: replace(now, state="blocked", due_at=None)
        seconds = outcome.seconds
        if seconds is None:
            doubled = _FIRST_WAIT_SECONDS * 2 ** min(at.attempts, 10)
            seconds = min(doubled, _LONGEST_WAIT_SECONDS)
        until = self._post.clock() + timedelta(seconds=seconds)
        # The scan would see to it too, but later.
        loop = asyncio.get_running_loop()
        loop.call_later(seconds + _A_LITTLE, self._go, at.address, False)
        return lambda now: positions.put_off(now, until)

    def _of(self, conversation_id: str) -> list[tuple[Address, Parcel]]:
        self._to_look.discard(conversation_id)
        with self._post.store.reading() as unit:
            found = [
                (address, self._parcel(unit, address))
                for address in unit.addresses.of(conversation_id)
                if address.channel == self._channel.name
            ]
        return [(address, parcel) for address, parcel in found if parcel]

    def _peek(self, address: str) -> Parcel | None:
        with self._post.store.reading() as unit:
            known = unit.addresses.get(self._channel.name, address)
            return self._parcel(unit, known) if known else None

    def _parcel(self, unit: Unit, address: Address) -> Parcel | None:
        if address.state != "open":
            return None
        parcel = delivery.peek(unit, address, self._post.health)
        held = positions.held_back(address, parcel, self._post.clock())
        return None if held else parcel

    def _waiting(self) -> list[Address]:
        with self._post.store.reading() as unit:
            return unit.addresses.waiting(self._channel.name, self._post.clock())

    def _claim(self, address: str) -> tuple[Address, Parcel] | None:
        with self._post.store.unit() as unit:
            return delivery.claim_next(
                unit,
                self._channel.name,
                address,
                self._post.desk,
                self._post.health,
                self._post.clock(),
            )
