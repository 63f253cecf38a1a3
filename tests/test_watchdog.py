"""A process that hangs is ended; one that is slow to start is not."""

import threading

from bot.watchdog import _guard


def signs(*answers):
    """Answer in this order; whoever asks on is asked to stop."""
    left = list(answers)

    class Over(Exception):
        pass

    def answer():
        if not left:
            raise Over
        return left.pop(0)

    return answer, Over


def is_ended(*answers):
    answer, over = signs(*answers)
    ended = threading.Event()
    try:
        _guard(answer, ended.set, 0.0)
    except over:
        return False
    return ended.is_set()


def test_a_process_that_hangs_is_ended():
    assert is_ended(True, True, False, False, False)


def test_a_process_that_stumbles_is_left_alone():
    assert not is_ended(True, False, False, True, False, False)


def test_a_process_may_take_its_time_to_start():
    assert not is_ended(*[False] * 20, True)
