"""Rounds go on, whatever becomes of one of them."""

import asyncio

import sqlalchemy as sa

from bot.channels.rounds import Round, Rounds


def test_a_round_goes_on_after_the_database_was_away():
    seen = []

    async def run():
        again, loop = asyncio.Event(), asyncio.get_running_loop()

        def deed(now):
            seen.append(now)
            if len(seen) == 1:
                raise sa.exc.OperationalError("", {}, Exception())
            loop.call_soon_threadsafe(again.set)

        rounds = Rounds([Round("test", 0.0, deed)])
        rounds.start()
        await asyncio.wait_for(again.wait(), 10)
        await rounds.stop()

    asyncio.run(run())

    assert all(now.tzinfo for now in seen)
