"""Lets the writers of one process in as they come, and never too many at once."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa


class Turns:
    """A number of places, each handed to whoever has waited longest.

    SQLite lets one writer in and makes the others ask again and again, and a pool of
    connections gives the next one to whoever asks at the right moment: with many at
    once somebody is never served. A queue forgets nobody.
    """

    def __init__(self, places: int, longest_wait_seconds: float) -> None:
        self._free = places
        self._longest = longest_wait_seconds
        self._guard = threading.Lock()
        self._waiting: deque[threading.Event] = deque()

    @contextmanager
    def one(self) -> Iterator[None]:
        """Wait for a turn, keep it, and hand it on.

        Raises:
            sqlalchemy.exc.TimeoutError: where the turn did not come in time, as when
                a pool has no connection: who tries again after a fault of the
                database does so after this one too.
        """
        self._wait()
        try:
            yield
        finally:
            self._hand_on()

    def _wait(self) -> None:
        mine = threading.Event()
        with self._guard:
            if self._free:
                self._free -= 1
                return
            self._waiting.append(mine)
        if mine.wait(self._longest):
            return
        with self._guard:
            if mine.is_set():  # handed over at the last moment
                return
            self._waiting.remove(mine)
        raise sa.exc.TimeoutError(f"no turn to write within {self._longest:g} seconds")

    def _hand_on(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().set()
            else:
                self._free += 1
