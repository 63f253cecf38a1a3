"""Wishes on two sides of an "or", each with hours of its own, and the weeks of both."""

from datetime import datetime

import pytest

from bot.desk.wishes import Ambiguous, read_wish
from tests.desk.wishing import said, wishing_well

HERE = wishing_well()


def sides(text: str, now: datetime) -> list[str]:
    read = read_wish(text, HERE, now)
    assert isinstance(read, Ambiguous)
    return [said(wish, HERE) for _, wish in read.options]


@pytest.mark.parametrize(
    "text",
    [
        "thursday after 5 or friday morning next week",
        "thursday after 5 next week or friday morning",
        "next week thursday after 5 or friday morning",
        "next week, thursday after 5 or friday morning",
        "thursday after 5 or friday morning, next week",
        "thursday after 5 or, if not, friday morning next week",
        "thursday after 5 next week, or failing that friday morning",
    ],
)
def test_a_week_that_one_side_names_holds_for_both(now: datetime, text: str) -> None:
    assert sides(text, now) == ["Thu 26 Nov 17:00-24:00", "Fri 27 Nov 0:00-12:00"]


@pytest.mark.parametrize(
    ("text", "first", "second"),
    [
        (
            "monday 9am or wednesday 2pm the week of the 7th",
            "Mon 07 Dec 8:00-10:01 ~9:00",
            "Wed 09 Dec 13:00-15:01 ~14:00",
        ),
        (
            "in december, mondays before 10 or the second tuesday after 4",
            "Mon 07 Dec, Mon 14 Dec, Mon 21 Dec, Mon 28 Dec 0:00-10:00",
            "Tue 08 Dec 16:00-24:00",
        ),
        (
            "thursday after 5 or monday morning after the 7th",
            "from Thu 10 Dec Thu 17:00-24:00",
            "from Mon 14 Dec Mon 0:00-12:00",
        ),
        (
            "thursday after 5 this week or friday morning next week",
            "Thu 19 Nov 17:00-24:00",
            "Fri 27 Nov 0:00-12:00",
        ),
        (
            "this thursday after 5 or friday morning next week",
            "Thu 19 Nov 17:00-24:00",
            "Fri 27 Nov 0:00-12:00",
        ),
        (
            "tomorrow after 5 or friday morning next week",
            "Thu 19 Nov 17:00-24:00",
            "Fri 27 Nov 0:00-12:00",
        ),
        (
            "thursday after 5 or next week in the morning",
            "Thu 19 Nov 17:00-24:00",
            "Mon 23 Nov +6 0:00-12:00",
        ),
    ],
)
def test_a_side_with_days_of_its_own_keeps_them(
    now: datetime, text: str, first: str, second: str
) -> None:
    assert sides(text, now) == [first, second]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("friday morning starting next week", "from Fri 27 Nov Fri 0:00-12:00"),
        ("monday evening, not before december", "from Mon 07 Dec Mon 17:00-24:00"),
    ],
)
def test_a_weekday_counts_from_where_the_days_begin(
    now: datetime, text: str, expected: str
) -> None:
    assert said(read_wish(text, HERE, now), HERE) == expected


def test_three_sides_share_the_week_behind_them(now: datetime) -> None:
    text = "mon after 5, tue morning or friday at noon, next week"

    assert sides(text, now) == [
        "Mon 23 Nov 17:00-24:00",
        "Tue 24 Nov 0:00-12:00",
        "Fri 27 Nov 11:00-13:01 ~12:00",
    ]
