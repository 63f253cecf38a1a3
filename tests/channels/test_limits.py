import contextlib
from functools import partial

from bot.channels.limits import Allowance, Places


class HandClock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_burst_is_allowed_and_the_next_call_waits():
    allowance = Allowance(burst=2, per_second=0.5, monotonic=HandClock())

    assert [allowance.wait_seconds("a") for _ in range(3)] == [0, 0, 2]


def test_the_allowance_grows_again():
    clock = HandClock()
    allowance = Allowance(burst=1, per_second=1.0, monotonic=clock)
    allowance.wait_seconds("a")
    clock.seconds = 1.0

    assert allowance.wait_seconds("a") == 0


def test_callers_do_not_share_an_allowance():
    allowance = Allowance(burst=1, per_second=1.0, monotonic=HandClock())
    allowance.wait_seconds("a")

    assert allowance.wait_seconds("b") == 0


def test_the_newest_takes_the_oldest_place_of_the_same_caller():
    places, left = Places(2), list[int]()
    with contextlib.ExitStack() as held:
        for caller, name in (("a", 1), ("b", 2), ("a", 3), ("a", 4), ("a", 5)):
            held.enter_context(places.take(caller, partial(left.append, name)))

        assert left == [1, 3]


def test_a_place_that_was_given_back_is_free():
    places, left = Places(1), list[int]()
    for name in range(3):
        with places.take("a", partial(left.append, name)):
            pass

    assert left == []


def test_whoever_lost_a_place_gives_back_nobody_elses():
    places, left = Places(1), list[int]()
    first = places.take("a", partial(left.append, 1))
    second = places.take("a", partial(left.append, 2))
    first.__enter__()
    second.__enter__()
    first.__exit__(None, None, None)
    with places.take("a", partial(left.append, 3)):
        assert left == [1, 2]
    second.__exit__(None, None, None)
