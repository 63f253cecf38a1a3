"""Questions that lean on the one before them."""

import pytest

from bot.content.follow_ups import follow_up, topic_of


@pytest.mark.parametrize(
    ("before", "text", "topic"),
    [
        ("session_length", "how much?", "cost"),
        ("needle_pain", "and how long?", "session_length"),
        ("effect_duration", "For how long", "effect_duration"),
        ("effectiveness", "how long does it take", "session_count"),
        ("needle_details", "how many?", "needle_details"),
        ("cost", "ok and how often", "session_frequency"),
        ("pregnancy", "is it safe?", "pregnancy"),
        ("supportive_techniques", "does it hurt?", "supportive_techniques"),
        ("hours", "so does that hurt", "needle_pain"),
    ],
)
def test_a_short_question_leans_on_the_topic_before(before, text, topic):
    assert follow_up(text, before) == topic


@pytest.mark.parametrize(
    ("before", "text"),
    [
        (None, "how much?"),
        ("cost", "how long have you been a clinic"),
        ("hours", "and where are you"),
        ("cost", ""),
        ("cost", "???"),
        ("cost", "can you tell me how much it is if i come twice"),
    ],
)
def test_a_question_that_stands_alone_is_left_alone(before, text):
    assert follow_up(text, before) is None


def test_the_same_question_about_another_thing_needs_its_name():
    assert follow_up("and on sunday?", "hours", names_one=True) == "hours"
    assert follow_up("what about cupping", "cost", names_one=True) == "cost"
    assert follow_up("cupping?", "cost", names_one=True) is None
    assert follow_up("and the parking?", "hours") is None


def test_the_topic_of_two_answers_is_that_of_the_last():
    assert topic_of({"topic": "cost"}) == "cost"
    assert topic_of({"several": [{"topic": "cost"}, {"topic": "hours"}]}) == "hours"
    assert topic_of({"text": "Hello"}) is None
