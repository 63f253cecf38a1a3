"""What leans on an earlier visit is read as its weekday, time and person."""

from datetime import datetime

import pytest

from bot.clinic.booking import Appointment, opening_at
from bot.clinic.earlier_words import earlier_time_alone, leans_on_earlier
from bot.clinic.when import zone
from bot.desk.claims import new_appointment
from bot.desk.wish_again import as_before
from bot.desk.wishes import Unworkable, read_wish
from tests.desk.wishing import said, wishing_well

HERE = wishing_well()


@pytest.fixture
def visit(now: datetime) -> Appointment:
    """A visit with Ada on Tuesday the 10th at 4 pm."""
    at = datetime(2026, 11, 10, 16, 0, tzinfo=zone("America/Edmonton"))
    opening = opening_at(HERE.treatments["later"], "ada", "main", None, at)
    return new_appointment("c", opening, "fulfilled", now)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("same time as last time", "Tue 15:00-17:01 ~16:00, ada"),
        ("my usual time please", "Tue 15:00-17:01 ~16:00, ada"),
        ("can i have my usual", "Tue 15:00-17:01 ~16:00, ada"),
        ("the same slot i had before", "Tue 15:00-17:01 ~16:00, ada"),
        ("same again please", "Tue 15:00-17:01 ~16:00, ada"),
        ("same time next week", "Tue 24 Nov 15:00-17:01 ~16:00, ada"),
        ("usual time but on friday", "Fri 20 Nov 15:00-17:01 ~16:00, ada"),
        ("with the same lady as last time", "ada"),
        ("the same practitioner, thursday morning", "Thu 19 Nov 0:00-12:00, ada"),
    ],
)
def test_what_was_before_is_said_in_full(
    now: datetime, visit: Appointment, text: str, expected: str
) -> None:
    assert said(read_wish(as_before(text, visit, HERE), HERE, now), HERE) == expected


@pytest.mark.parametrize("text", ["the usual time", "same day and time as before"])
def test_without_an_earlier_visit_the_time_is_asked_for(
    now: datetime, text: str
) -> None:
    read = read_wish(text, HERE, now)

    assert isinstance(read, Unworkable)
    assert "Which day and time" in read.reason


@pytest.mark.parametrize(
    "text",
    [
        "my back hurts more than usual, can i come tomorrow",
        "the pain is the same as last week",
        "the usual pain in my neck",
        "same day if possible",
        "at the same time i have numb toes",
    ],
)
def test_a_symptom_as_before_is_no_time(text: str) -> None:
    assert not leans_on_earlier(text)


@pytest.mark.parametrize(
    ("text", "alone"),
    [
        ("same time as last time", True),
        ("same day and time as before please", True),
        ("can i have the same time as last time?", True),
        ("the same slot as before", True),
        ("same time as before but with a woman", True),
        ("same time the day after", True),
        ("the same time the following week please", True),
        ("is it at the same time as last time?", False),
        ("same as last time", False),
        ("cancel the same time as before", False),
        ("it hurts at the same time as before", False),
    ],
)
def test_the_time_as_before_is_a_wish_of_its_own(text: str, alone: bool) -> None:
    assert earlier_time_alone(text) == alone
