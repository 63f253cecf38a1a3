"""Carrying what is said, while very much comes in."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager

from bot.channels.channel import Sent
from bot.channels.courier import Courier, Post
from bot.clinic.conversation import Said
from bot.clinic.delivery import Address
from bot.clock import utc_now
from bot.desk.bell import Bell
from tests.people import begin_conversation


class Pigeon:
    """A channel that always arrives."""

    name = "pigeon"

    def __init__(self):
        self.sent, self.arrived = [], asyncio.Event()

    def parts(self, message):
        return [message.text]

    @asynccontextmanager
    async def turn(self, _address, _urgent):
        yield

    async def send(self, _address, part):
        self.sent.append(part)
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
