"""What leans on a time is put into words that say which time it is."""

from datetime import date, datetime

import pytest

from bot.clinic.plain_words import plain_words
from bot.clinic.when import zone
from bot.desk.wish_beside import beside, beside_visit

TUESDAY = datetime(2026, 12, 1, 16, 0, tzinfo=zone("America/Edmonton"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("an hour later", "2026-12-01 at 5 pm"),
        ("can it be half an hour earlier", "can it be 2026-12-01 at 3:30 pm"),
        ("20 minutes later", "2026-12-01 at 4:20 pm"),
        ("two and a half hours later", "2026-12-01 at 6:30 pm"),
        ("an hour and a half later", "2026-12-01 at 5:30 pm"),
        ("2.5 hrs later", "2026-12-01 at 6:30 pm"),
        ("the week after instead", "2026-12-08 around 4 pm instead"),
        ("the week after, mornings", "2026-12-08 , mornings"),
        ("a day earlier please", "2026-11-30 please"),
        ("the next day", "2026-12-02"),
        ("thursday of that week", "thursday of week of 2026-12-01"),
        ("same time next week", "around 4 pm next week"),
        ("same day but later", "2026-12-01 after 4 pm"),
        ("is there anyone else at 5", "is there , not with Ada Moro , at 5"),
    ],
)
def test_what_leans_on_a_time_is_said_in_full(text: str, expected: str) -> None:
    assert beside(text, TUESDAY, ["Ada Moro"]) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("push it back a week", "it 2026-12-08 around 4 pm"),
        ("postpone by 2 weeks", "2026-12-15 around 4 pm"),
        ("bring it forward a day", "it 2026-11-30 around 4 pm"),
        ("move me up half an hour", "me 2026-12-01 at 3:30 pm"),
        ("three days later please", "2026-12-04 around 4 pm please"),
        ("a fortnight later at 5", "2026-12-15 at 5"),
        ("move it to the week after", "move it to 2026-12-08 around 4 pm"),
        ("the following week", "2026-12-08 around 4 pm"),
        ("a bit later that day", "2026-12-01 after 4 pm"),
        ("slightly earlier", "2026-12-01 before 4 pm"),
        ("same day but later", "2026-12-01 after 4 pm"),
        ("can it be earlier?", "by 2026-12-01"),
        ("move it to something later please", "from 2026-12-01"),
        ("I have an hour on friday", "I have an hour on friday"),
        ("move it to thursday", "move it to thursday"),
        ("I come in a week", "I come in a week"),
    ],
)
def test_what_leans_on_a_visit_says_when_instead(text: str, expected: str) -> None:
    said = beside_visit(text, TUESDAY, date(2026, 11, 20))

    assert " ".join(said.split()) == expected


@pytest.mark.parametrize(
    ("text", "today", "expected"),
    [
        ("sorry i meant the 22nd", date(2026, 12, 1), "sorry i meant 2027-01-22"),
        ("no, the 14th", date(2026, 12, 1), "no , 2027-01-14"),
        ("the 14th", date(2027, 1, 18), "the 14th"),
        ("the 22nd of february", date(2026, 12, 1), "the 22nd of february"),
        ("the 31st", date(2026, 12, 1), "2027-01-31"),
    ],
)
def test_a_number_is_a_day_of_the_month_at_hand(text, today, expected):
    at = datetime(2027, 1, 21, 9, 0, tzinfo=zone("America/Edmonton"))

    assert plain_words(beside(text, at, this_day=today)) == plain_words(expected)


@pytest.mark.parametrize(
    "text",
    [
        "tomorrow or the day after",
        "The day after tomorrow",
        "a week after christmas",
        "the week after next",
        "after an hour of traffic",
        "Friday, please.",
    ],
)
def test_what_stands_on_its_own_is_left_as_it_is(text: str) -> None:
    assert beside(text, TUESDAY) == text
