"""How the pain goes over visits."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.clinic.interview import DONE, FOLLOW_UP
from bot.clinic.progress import Told, grown_worse, in_words, over_visits
from tests.clinic.test_brief import screened
from tests.conftest import NOW
from tests.screening import healthy

DAY = timedelta(days=1)


def at(days: int, **answers):
    return screened(healthy(**answers), id=f"s-{days}", ended_at=NOW + days * DAY)


def test_what_was_told_comes_oldest_first_with_its_visit():
    told = over_visits(
        [at(10, nrs=3, since_visit="better"), at(0, nrs=7)], [NOW + 5 * DAY]
    )

    assert [(one.visit, one.pain, one.change) for one in told] == [
        (0, 7, ""),
        (1, 3, "better"),
    ]


def test_no_pain_counts_as_zero_and_silence_as_nothing():
    told = over_visits([at(0, site="no_pain", nrs=None), at(1, nrs=None)], [])

    assert [one.pain for one in told] == [0]


def test_the_week_of_an_earlier_time_is_not_told_again():
    after = replace(at(10, impact_pain=6), asked={FOLLOW_UP: DONE})

    told = over_visits([at(0, impact_pain=6), after], [NOW + 5 * DAY])

    assert [one.week for one in told] == [6, None]


def test_what_was_not_finished_tells_nothing():
    open_one = screened(healthy(), ended_at=None, status="in-progress")

    assert over_visits([open_one], []) == ()


def told(*numbers: tuple[int, int | None, int]) -> list[Told]:
    return [
        Told(NOW + n * DAY, visit, pain, None, "", of)
        for n, (visit, of, pain) in enumerate(numbers)
    ]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([], ""),
        ([(0, None, 7)], ""),
        ([(0, None, 7), (1, None, 6)], ""),
        (
            [(0, None, 7), (1, 6, 5), (2, 6, 4)],
            "7 before the first, 5 after visit 1, 4 after visit 2 of 6",
        ),
        ([(0, None, 7), (1, 6, 5), (1, 6, 3)], "7 before the first, 3 after visit 1"),
        ([(2, 6, 5), (3, 6, 3)], "10: 5 after visit 2, 3 after visit 3 of 6"),
        ([(5, 6, 9), (6, 6, 8), (1, 4, 3)], "10: 3 after visit 1 of 4"),
        ([(3, None, 6), (1, 6, 5)], "10: 6 before the first, 5 after visit 1"),
    ],
)
def test_a_course_is_summed_up_visit_by_visit(numbers, said):
    words = in_words(told(*numbers))

    assert said in words if said else words == ""


@pytest.mark.parametrize(
    ("answers", "worse"),
    [
        ({"since_visit": "worse"}, True),
        ({"since_visit": "better", "new_worry": "yes"}, True),
        ({"new_worry": "unsure"}, True),
        ({"since_visit": "better", "new_worry": "no"}, False),
        ({}, False),
    ],
)
def test_worse_or_new_is_noticed(answers, worse):
    assert grown_worse(answers) is worse
