"""Writers of one process take turns, and none waits for ever."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from bot.store.turn import Turns


def waiting(turn: Turns, many: int) -> None:
    while len(turn._waiting) < many:
        time.sleep(0.001)


def test_whoever_came_first_goes_first() -> None:
    turn, went = Turns(1, 10), []

    def write(number: int) -> None:
        with turn.one():
            went.append(number)

    with ThreadPoolExecutor(8) as threads, turn.one():
        for number in range(8):
            threads.submit(write, number)
            waiting(turn, number + 1)

    assert went == list(range(8))


def test_a_deed_that_fails_hands_its_turn_on() -> None:
    turn = Turns(1, 10)
    with pytest.raises(ValueError, match="bad"), turn.one():
        raise ValueError("bad")

    with turn.one():
        pass


def test_a_turn_that_never_comes_is_an_error_in_time() -> None:
    turn, done = Turns(1, 0.05), threading.Event()

    def keep() -> None:
        with turn.one():
            done.wait()

    with ThreadPoolExecutor(1) as threads:
        threads.submit(keep)
        while turn._free:
            time.sleep(0.001)
        with pytest.raises(sa.exc.TimeoutError, match="no turn to write"), turn.one():
            pass
        done.set()

    with turn.one():
        pass
