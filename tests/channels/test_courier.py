"""Carrying what is said, while very much comes in."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from datetime import timedelta

import sqlalchemy as sa

from bot.channels.channel import Sent, TryAgain
from bot.channels.courier import Courier, Post
from bot.clinic.conversation import Said
from bot.clinic.delivery import Address, put_off
from bot.clock import utc_now
from bot.desk import delivery
from bot.desk.bell import Bell
from tests.people import begin_conversation


class Pigeon:
    """A channel that always arrives."""

    name = "pigeon"

    def __init__(self, wanted=1):
        self.sent, self.arrived = [], asyncio.Event()
        self.wanted = wanted

    def parts(self, message):
        return message.text.split("|")

    @asynccontextmanager
    async def turn(self, _address, _urgent):
        yield

    async def send(self, _address, part):
        self.sent.append(part)
        if len(self.sent) == self.wanted:
            self.arrived.set()
        return Sent()


def post(store, bell):
    return Post(
        store=store,
        bell=bell,
        desk="one",
        health="link",
        stand_in=lambda _, row: row,
        clock=utc_now,
    )


def test_a_flood_that_comes_in_does_not_hold_up_what_goes_out(store, now):
    conversation_id = begin_conversation(store, now)
    with store.unit() as unit:
        unit.addresses.add(Address("pigeon", "7", conversation_id))
        unit.conversations.say(conversation_id, Said("Call 911."), now)
        unit.commit()
    let_go = threading.Event()

    async def flooded():
        loop = asyncio.get_running_loop()
        loop.set_default_executor(ThreadPoolExecutor(1))
        stuck = loop.run_in_executor(None, let_go.wait)
        pigeon, bell = Pigeon(), Bell()
        courier = Courier(pigeon, post(store, bell))
        courier.start()
        await pigeon.arrived.wait()
        still_stuck = not stuck.done()
        let_go.set()
        await courier.stop()
        return pigeon.sent, still_stuck

    assert asyncio.run(flooded()) == (["Call 911."], True)


class BusyOnce:
    """A record that is busy the one time when a message that is out is noted."""

    def __init__(self, store):
        self._store, self._opened = store, 0
        self.reading = store.reading

    def unit(self):
        self._opened += 1
        if self._opened == 2:
            raise sa.exc.OperationalError("UPDATE", None, Exception("locked"))
        return self._store.unit()


def test_what_is_out_does_not_go_out_again_for_a_busy_record(store, now):
    conversation_id = begin_conversation(store, now)
    with store.unit() as unit:
        unit.addresses.add(Address("pigeon", "7", conversation_id))
        for text in ("one", "two"):
            unit.conversations.say(conversation_id, Said(text), now)
        unit.commit()

    async def carried():
        pigeon, bell = Pigeon(wanted=2), Bell()
        courier = Courier(pigeon, post(BusyOnce(store), bell))
        courier.start()
        await pigeon.arrived.wait()
        await courier.stop()
        return pigeon.sent

    assert asyncio.run(carried()) == ["one", "two"]


def test_what_was_answered_is_out_though_the_line_broke(store, now):
    conversation_id = begin_conversation(store, now)
    with store.unit() as unit:
        unit.addresses.add(Address("pigeon", "7", conversation_id))
        seq = unit.conversations.say(conversation_id, Said("Thursday?"), now)
        unit.commit()

    class Answered(Pigeon):
        async def send(self, address, part):
            await super().send(address, part)
            with store.unit() as unit:
                at = unit.addresses.locked("pigeon", "7")
                unit.addresses.replace(delivery.pressed(unit, at, seq, "link"))
                unit.commit()
            return TryAgain("broken off")

    assert carry(store, Answered(wanted=2), seconds=3.0) == ["Thursday?"]


def test_a_button_under_what_is_not_next_proves_nothing(store, now):
    conversation_id = begin_conversation(store, now)
    with store.unit() as unit:
        at = Address("pigeon", "7", conversation_id)
        unit.addresses.add(at)
        for text in ("one", "two"):
            seq = unit.conversations.say(conversation_id, Said(text), now)

        assert delivery.pressed(unit, at, seq, "link") == at


def test_a_visitor_who_writes_meanwhile_lets_no_other_desk_send_it_too(store, now):
    conversation_id = begin_conversation(store, now)
    with store.unit() as unit:
        unit.addresses.add(Address("pigeon", "7", conversation_id))
        seq = unit.conversations.say(conversation_id, Said("Thursday?"), now)
        unit.commit()

    def claim(desk):
        with store.unit() as unit:
            return delivery.claim_next(unit, "pigeon", "7", desk, "link", utc_now())

    at, _ = claim("one")
    with store.unit() as unit:
        here = unit.addresses.locked("pigeon", "7")
        unit.addresses.replace(replace(here, kept={"keyboard": None}))
        unit.commit()
    while_one_sends = claim("two")
    with store.unit() as unit:
        delivery.settle(unit, at, seq, lambda known: replace(known, attempts=1))

    assert while_one_sends is None
    assert claim("two") is not None


URGENT = Said("Call 911.", extras={"urgent": True})


def put_off_for_a_minute(store, now, *said, parts=0):
    """Let what is said wait at an address where something failed."""
    conversation_id = begin_conversation(store, now)
    with store.unit() as unit:
        failed = Address("pigeon", "7", conversation_id, delivered_parts=parts)
        unit.addresses.add(put_off(failed, utc_now() + timedelta(minutes=1)))
        for one in said:
            unit.conversations.say(conversation_id, one, now)
        unit.commit()


def carry(store, pigeon, seconds=5.0):
    """Let a courier work until what is wanted has arrived, or so long."""

    async def carried():
        courier = Courier(pigeon, post(store, Bell()))
        courier.start()
        with suppress(asyncio.TimeoutError):
            await asyncio.wait_for(pigeon.arrived.wait(), seconds)
        await courier.stop()
        return pigeon.sent

    return asyncio.run(carried())


def test_urgent_advice_does_not_wait_for_what_failed_before_it(store, now):
    put_off_for_a_minute(store, now, Said("How are you?"), URGENT)

    assert carry(store, Pigeon()) == ["Call 911."]


def test_urgent_advice_is_found_behind_a_flood(store, now):
    put_off_for_a_minute(store, now, *[Said("How are you?")] * 600, URGENT)

    assert carry(store, Pigeon()) == ["Call 911."]


def test_rings_that_come_together_are_one_look(store, now):
    conversation_id = begin_conversation(store, now)
    looks, bell = [], Bell()

    class Watched(Courier[str]):
        def _of(self, of):
            looks.append(of)
            return super()._of(of)

    async def ring():
        courier = Watched(Pigeon(), post(store, bell))
        courier.start()
        for _ in range(100):
            bell.ring(conversation_id)
        await asyncio.sleep(0)
        bell.ring(conversation_id)
        await courier.stop()

    asyncio.run(ring())

    assert len(looks) < 5


def test_what_failed_waits_its_time(store, now):
    put_off_for_a_minute(store, now, Said("How are you?"))

    with store.unit() as unit:
        taken = delivery.claim_next(unit, "pigeon", "7", "one", "link", utc_now())

    assert taken is None


def test_urgent_advice_goes_out_in_the_middle_of_a_long_message(store, now):
    put_off_for_a_minute(store, now, Said("one|two"), URGENT, parts=1)

    assert carry(store, Pigeon(wanted=2)) == ["Call 911.", "two"]


def test_urgent_advice_is_tried_again_but_not_in_a_rush(store, now):
    class Lame(Pigeon):
        async def send(self, address, part):
            await super().send(address, part)
            return TryAgain("tired")

    put_off_for_a_minute(store, now, URGENT)

    assert 2 <= len(carry(store, Lame(wanted=9), seconds=2.5)) <= 4
