import asyncio
import threading
import time

from bot.channels.watchdog import watch

QUICK_SECONDS = 0.02


def test_a_desk_that_hangs_is_ended():
    ended = threading.Event()

    async def hang() -> None:
        watch(asyncio.get_running_loop(), ended.set, QUICK_SECONDS)
        time.sleep(30 * QUICK_SECONDS)  # noqa: ASYNC251 - the fault itself

    asyncio.run(hang())

    assert ended.wait(1)


def test_a_desk_that_works_is_left_alone_and_may_stop():
    ended = threading.Event()

    async def work() -> threading.Thread:
        watching = watch(asyncio.get_running_loop(), ended.set, 5 * QUICK_SECONDS)
        await asyncio.sleep(30 * QUICK_SECONDS)
        return watching

    asyncio.run(work()).join(1)

    assert not ended.is_set()
