from bot.channels.limits import Allowance


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
