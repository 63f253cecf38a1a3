"""A wish to see more of what is on offer is told from everything else."""

import pytest

from bot.clinic.more_words import asks_for_more


@pytest.mark.parametrize(
    "text",
    [
        "more",
        "More please",
        "show me more",
        "any more?",
        "other times",
        "any other times?",
        "ok, any others?",
        "do you have other options",
        "more times pls",
        "got any more openings",
    ],
)
def test_more_of_the_same_is_asked_for(text):
    assert asks_for_more(text)


@pytest.mark.parametrize(
    "text",
    [
        "no more",
        "more pain today",
        "tell me more about cupping",
        "other than friday",
        "Thomas More",
        "it hurts more",
        "stop",
        "",
    ],
)
def test_what_says_more_than_more_is_something_else(text):
    assert not asks_for_more(text)
