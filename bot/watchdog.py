"""Ends a process that hangs, so that supervisor starts it again."""

from __future__ import annotations

import faulthandler
import os
import threading
import time
from collections.abc import Callable
from http.client import HTTPConnection, HTTPException

_EVERY_SECONDS = 15.0
_MISSES = 3


def watch(host: str, port: int, path: str) -> None:
    """Let a thread of this process ask its own web server for a sign of life.

    Args:
        host: the address that it listens on.
        port: the port that it listens on.
        path: a page that asks no other process for anything.
    """
    here = "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - not bound here

    def answers() -> bool:
        call = HTTPConnection(here, port, timeout=_EVERY_SECONDS)
        try:
            call.request("GET", path)
            return call.getresponse().status < 500
        except (OSError, HTTPException):
            return False
        finally:
            call.close()

    threading.Thread(
        target=_guard, args=(answers, _end, _EVERY_SECONDS), daemon=True
    ).start()


def _end() -> None:
    # The frames of all threads, without their variables.
    faulthandler.dump_traceback(all_threads=True)
    os._exit(1)


def _guard(
    answers: Callable[[], bool], end: Callable[[], None], every_seconds: float
) -> None:
    """Call `end` once the answers have stayed away three times in a row.

    A server that has never answered is still starting, however long that takes.
    """
    while not answers():
        time.sleep(every_seconds)
    missed = 0
    while missed < _MISSES:
        time.sleep(every_seconds)
        missed = 0 if answers() else missed + 1
    end()
