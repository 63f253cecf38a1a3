"""What one desk stored and another handles."""

import asyncio
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.channels import inbox as inboxes
from bot.channels.inbox import Inbox, Update

CHANNEL = "pigeon"


class Desk:
    """Handles updates as a channel does: taken in the record, each of them once."""

    def __init__(self, store, clock, heard, stuck=False):
        self.store, self.heard, self.stuck = store, heard, stuck
        self.looked = []
        self.inbox = Inbox(CHANNEL, store, self, clock)

    async def look(self, update):
        self.looked.append(update.number)

    async def handle(self, update):
        if self.stuck:
            await asyncio.Event().wait()
        with self.store.unit() as unit:
            if unit.updates.take(CHANNEL, update.number):
                self.heard.append((update.address, update.number))
            unit.commit()

    async def give_up(self, update):
        raise AssertionError(update)


def updates(*numbers, address="7"):
    return [Update(number, address, {"n": number}) for number in numbers]


async def until(heard, count):
    async def look():
        while len(heard) < count:  # noqa: ASYNC110
            await asyncio.sleep(0.01)

    await asyncio.wait_for(look(), 30)


@pytest.fixture(autouse=True)
def _often(monkeypatch):
    monkeypatch.setattr(inboxes, "_SCAN_SECONDS", 0.02)


@pytest.fixture
def clock(now):
    class Hand:
        at = now

        def __call__(self):
            return self.at

    return Hand()


def test_a_living_desk_handles_what_a_dead_one_stored(store, clock):
    heard, looked = list[tuple[str, int]](), list[int]()

    async def lived():
        dying = Desk(store, clock, heard, stuck=True)
        living = Desk(store, clock, heard)
        living.looked = looked
        await living.inbox.resume()
        await dying.inbox.receive([*updates(3, 1, 2), *updates(4, address="8")])
        await dying.inbox.stop()
        clock.at += timedelta(minutes=1)
        await until(heard, 4)
        await living.inbox.stop()

    asyncio.run(lived())

    assert [number for address, number in heard if address == "7"] == [1, 2, 3]
    assert sorted(heard)[3:] == [("8", 4)]
    assert looked == [2, 3]


def test_what_is_fresh_is_left_to_the_desk_that_stored_it(store, clock):
    heard = list[tuple[str, int]]()

    async def lived():
        slow = Desk(store, clock, heard, stuck=True)
        other = Desk(store, clock, heard)
        await other.inbox.resume()
        await slow.inbox.receive(updates(1))
        await asyncio.sleep(0.2)
        await slow.inbox.stop()
        await other.inbox.stop()

    asyncio.run(lived())

    assert heard == []


def test_what_comes_again_is_handled_where_it_comes(store, clock):
    heard = list[tuple[str, int]]()

    async def lived():
        dying = Desk(store, clock, heard, stuck=True)
        living = Desk(store, clock, heard)
        await dying.inbox.receive(updates(1, 2))
        await dying.inbox.stop()
        await living.inbox.receive(updates(2))
        await until(heard, 2)
        await living.inbox.stop()

    asyncio.run(lived())

    assert heard == [("7", 1), ("7", 2)]


def test_two_living_desks_hear_each_update_once_and_in_order(store, clock):
    heard = list[tuple[str, int]]()

    async def lived():
        both = [Desk(store, clock, heard) for _ in range(2)]
        clock.at -= timedelta(minutes=1)
        for one in both:
            await one.inbox.resume()
            await one.inbox.receive(updates(*range(1, 30)))
        clock.at += timedelta(minutes=1)
        await until(heard, 29)
        for one in both:
            await one.inbox.stop()

    asyncio.run(lived())

    assert heard == [("7", number) for number in range(1, 30)]


def test_a_busy_record_does_not_end_the_look_for_what_was_left(
    store, clock, monkeypatch
):
    heard, faults = (
        list[tuple[str, int]](),
        iter([sa.exc.OperationalError("x", None, Exception())] * 2),
    )

    async def lived():
        living = Desk(store, clock, heard)
        look = living.inbox._left_alone

        def busy():
            for fault in faults:
                raise fault
            return look()

        monkeypatch.setattr(living.inbox, "_left_alone", busy)
        await living.inbox.resume()
        with store.unit() as unit:
            unit.updates.add(CHANNEL, 1, "7", {}, clock() - timedelta(minutes=1))
            unit.commit()
        await until(heard, 1)
        await living.inbox.stop()

    asyncio.run(lived())

    assert heard == [("7", 1)]
