"""What a visit is about is told from when it should be, and nothing is lost."""

from datetime import datetime, timezone

import pytest

from bot.desk.wish_reason import reason_in, told_apart
from tests.desk.wishing import wishing_well

COMPLAINTS = {
    "hip": ["hip", "buttock*"],
    "leg": ["leg", "sciatic*"],
    "low_back": ["back", "lower back"],
    "shoulder": ["shoulder"],
    "knee": ["knee"],
    "treated": ["migraine", "stress"],
}
WEDNESDAY = datetime(2026, 11, 18, 18, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("text", "times", "reason"),
    [
        (
            "hi, my lower back has been killing me since the move, could someone see "
            "me tuesday or thursday after 4?",
            "could someone see me tuesday or thursday after 4?",
            "my lower back has been killing me since the move",
        ),
        (
            "I'd like an appointment next week in the afternoon, I've had neck pain "
            "for three months, mornings are bad because of work",
            "I'd like an appointment next week in the afternoon, mornings are bad "
            "because of work",
            "I've had neck pain for three months",
        ),
        (
            "Hello, a visit for my sciatica please. It began in June. I could do "
            "Monday after 3. Please call me on 780 555 0148.",
            "I could do Monday after 3",
            "a visit for my sciatica please, It began in June",
        ),
        (
            "my knee has been bad for weeks and i can come any morning",
            "i can come any morning",
            "my knee has been bad for weeks",
        ),
        (
            "need an appointment for my mum, she has arthritis, any day but friday",
            "any day but friday",
            "need an appointment for my mum, she has arthritis",
        ),
    ],
)
def test_the_reason_stands_apart_from_the_times(text, times, reason):
    assert told_apart(text, wishing_well(), WEDNESDAY, COMPLAINTS) == (times, reason)


@pytest.mark.parametrize(
    ("text", "times", "reason"),
    [
        (
            "can I see someone about my hip tuesday",
            "can I see someone tuesday",
            "about my hip",
        ),
        (
            "appointment thursday for the pain in my shoulder please",
            "appointment thursday please",
            "for the pain in my shoulder",
        ),
        ("book me friday for my IVF", "book me friday", "for my IVF"),
        (
            "monday after 3 with sciatica, it began in June",
            "monday after 3",
            "with sciatica, it began in June",
        ),
    ],
)
def test_a_reason_among_the_times_is_taken_out(text, times, reason):
    assert told_apart(text, wishing_well(), WEDNESDAY, COMPLAINTS) == (times, reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("book me friday after 5", None),
        ("tuesday, thursday or friday, after 4 please", None),
        (
            "Hi there. Tomorrow at noon or saturday morning would be great. Thank you!",
            None,
        ),
        ("can you fit me back in on tuesday", None),
        ("friday with my wife", None),
        ("an appointment for my mum tuesday", None),
        ("for an hour on monday with Ada", None),
        ("my knee hurts can you see me tuesday", ""),
        ("frozen shoulder - thursdays work best", ""),
    ],
)
def test_what_cannot_be_told_apart_stays_whole(text, reason):
    assert told_apart(text, wishing_well(), WEDNESDAY, COMPLAINTS) == (text, reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("need an appointment for my sciatica", "for my sciatica"),
        ("my shoulder is frozen, I want to come in", "my shoulder is frozen"),
        ("can I see somebody about migraines please", "about migraines"),
        ("I'd like an appointment", ""),
        ("when can I come back", ""),
        ("an appointment for my son", ""),
        ("call my mobile and book me in", ""),
    ],
)
def test_a_reason_is_heard_where_no_time_is_named(text, reason):
    assert reason_in(text, COMPLAINTS) == reason
