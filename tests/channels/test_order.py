"""Updates in their order, whatever the network does to it, and after a quiet week."""

import pytest

from bot.channels.order import InOrder

GRACE = 1.0


class HandClock:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


@pytest.fixture
def clock():
    return HandClock()


def arrive(order, *numbers):
    for number in numbers:
        order.coming(number)
        order.arrived(number, fresh=True)


# Telegram chooses another number after a week without updates, a lower one perhaps.
@pytest.mark.parametrize("newest", [None, 100, 50, 500_000_000])
def test_a_later_update_waits_for_an_earlier_one(clock, newest):
    order = InOrder(GRACE, clock, newest)
    arrive(order, 102)
    held = order.wait_seconds(102)
    arrive(order, 101)
    clock.seconds += GRACE

    assert held > 0
    assert (order.wait_seconds(101), order.wait_seconds(102)) == (0.0, 0.0)


def test_an_update_that_never_comes_is_waited_for_no_longer_than_the_grace(clock):
    order = InOrder(GRACE, clock, 100)
    arrive(order, 102)
    held = order.wait_seconds(102)
    clock.seconds += GRACE

    assert 0 < held <= GRACE
    assert order.wait_seconds(102) == 0.0


def test_one_that_comes_far_too_late_stops_nobody(clock):
    order = InOrder(GRACE, clock, 100)
    arrive(order, 102)
    clock.seconds += GRACE
    assert order.wait_seconds(102) == 0.0

    arrive(order, 101)

    assert order.wait_seconds(101) == 0.0


def test_after_a_lower_number_the_next_ones_go_at_once(clock):
    order = InOrder(GRACE, clock, 500_000_000)
    arrive(order, 7)
    clock.seconds += GRACE
    assert order.wait_seconds(7) == 0.0

    arrive(order, 8)

    assert order.wait_seconds(8) == 0.0
