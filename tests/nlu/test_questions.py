"""Messages that ask more than one thing."""

import pytest

from bot.nlu.understand import questions


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("does it hurt and how much is it", ["does it hurt", "how much is it"]),
        ("Hi! How long is it? And does it hurt", ["How long is it", "does it hurt"]),
        (
            "where are you, is there parking & when are you open",
            ["where are you", "is there parking", "when are you open"],
        ),
        ("how much and how long", ["how much", "how long"]),
        ("does it help neck and shoulder pain", ["does it help neck"]),
        ("my back hurts, what now", ["what now"]),
        ("why?", []),
        ("", []),
    ],
)
def test_questions_are_told_apart(text, parts):
    assert questions(text) == parts


def test_a_page_of_text_is_read_no_further_than_needed():
    assert len(questions("is it safe? " * 5000)) < 200
