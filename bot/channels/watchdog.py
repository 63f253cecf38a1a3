"""Ends a desk that hangs, so that supervisor starts it again."""

from __future__ import annotations

import asyncio
import faulthandler
import os
import threading
import time
from collections.abc import Callable

_EVERY_SECONDS = 15.0
_MISSES = 3


def _end() -> None:
    # The frames of all threads, without their variables.
    faulthandler.dump_traceback(all_threads=True)
    os._exit(1)


def watch(
    loop: asyncio.AbstractEventLoop,
    end: Callable[[], None] = _end,
    every_seconds: float = _EVERY_SECONDS,
) -> threading.Thread:
    """Ask the event loop for a sign of life from a thread of its own.

    A loop that stays silent three times in a row serves nobody and hears no emergency.
    What was accepted is in the record; the next desk takes it up.

    Args:
        end: called once, in the thread, when the loop hangs.
        every_seconds: how long to wait for a sign, and between two questions.
    """

    def ask() -> None:
        missed = 0
        while missed < _MISSES:
            alive = threading.Event()
            try:
                loop.call_soon_threadsafe(alive.set)
            except RuntimeError:
                return  # the loop is closed: this desk has stopped
            if alive.wait(every_seconds):
                missed = 0
                time.sleep(every_seconds)
            else:
                missed += 1
        end()

    thread = threading.Thread(target=ask, name="watchdog", daemon=True)
    thread.start()
    return thread
