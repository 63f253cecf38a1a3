"""Figures about waiting."""

from datetime import timedelta

from bot.clinic.insights import Wait, by_priority, by_reason


def wait(now, minutes=None, priority="routine", reason="complaint", missed=False):
    held_at = now + timedelta(minutes=minutes) if minutes is not None else None
    return Wait(reason, priority, now, held_at, missed)


def test_the_most_frequent_reason_comes_first(now):
    waits = [wait(now), wait(now, reason="emergency"), wait(now)]

    assert by_reason(waits) == [("complaint", 2), ("emergency", 1)]


def test_waits_are_summed_up_by_priority_the_most_pressing_first(now):
    waits = [
        wait(now, 5),
        wait(now, 60, missed=True),
        wait(now, 10),
        wait(now),
        wait(now, 1, priority="stat"),
    ]

    stat, routine = by_priority(waits)

    assert (stat.priority, stat.handoffs, stat.taken) == ("stat", 1, 1)
    assert (routine.handoffs, routine.taken, routine.missed) == (4, 3, 1)
    assert (routine.median_minutes, routine.longest_minutes) == (10, 60)


def test_nobody_taken_has_no_median(now):
    (routine,) = by_priority([wait(now)])

    assert routine.median_minutes is None
    assert routine.longest_minutes is None
