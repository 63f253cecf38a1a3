"""What a visit is about is told from when it should be, and nothing is lost."""

from datetime import datetime, timezone

import pytest

from bot.desk.wish_reason import told_apart
from tests.desk.wishing import wishing_well

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
    assert told_apart(text, wishing_well(), WEDNESDAY) == (times, reason)


@pytest.mark.parametrize(
    "text",
    [
        "book me friday after 5",
        "tuesday, thursday or friday, after 4 please",
        "Hi there. Tomorrow at noon or saturday morning would be great. Thank you!",
        "frozen shoulder - thursdays work best",
        "my shoulder is frozen, I want to come in",
    ],
)
def test_what_cannot_be_told_apart_stays_whole(text):
    assert told_apart(text, wishing_well(), WEDNESDAY) == (text, "")
