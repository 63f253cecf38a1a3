"""Rounds go on, whatever becomes of one of them."""

import asyncio

import pytest
import sqlalchemy as sa

from bot.channels.rounds import Round, Rounds


@pytest.mark.parametrize(
    "fault", [sa.exc.OperationalError("", {}, Exception()), KeyError("treatment")]
)
def test_a_round_goes_on_after_a_failure(fault):
    seen = []

    async def run():
        again, loop = asyncio.Event(), asyncio.get_running_loop()

        def deed(now):
            seen.append(now)
            if len(seen) == 1:
                raise fault
            loop.call_soon_threadsafe(again.set)

        rounds = Rounds([Round("test", 0.0, deed)])
        rounds.start()
        await asyncio.wait_for(again.wait(), 10)
        await rounds.stop()

    asyncio.run(run())

    assert all(now.tzinfo for now in seen)
