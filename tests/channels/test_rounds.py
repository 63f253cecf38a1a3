"""Rounds go on, whatever becomes of one of them."""

import asyncio

import pytest
import sqlalchemy as sa

from bot.channels.rounds import Round, Rounds


@pytest.mark.parametrize(
    "fault", [sa.exc.OperationalError("", {}, Exception()), KeyError("treatment")]
)
def test_a_round_goes_on_after_a_failure_and_says_so(fault):
    seen, failing = [], []

    async def run():
        again, loop = asyncio.Event(), asyncio.get_running_loop()

        def deed(now):
            seen.append(now)
            failing.append(rounds.failures)
            if len(seen) < 3:
                raise fault
            if len(seen) == 4:
                loop.call_soon_threadsafe(again.set)

        rounds = Rounds([Round("test", 0.0, deed), Round("other", 9.0, print)])
        rounds.start()
        await asyncio.wait_for(again.wait(), 10)
        await rounds.stop()

    asyncio.run(run())

    assert failing[:4] == [{}, {"test": 1}, {"test": 2}, {}]
    assert all(now.tzinfo for now in seen)
