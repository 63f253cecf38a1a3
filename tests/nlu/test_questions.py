"""Messages that ask more than one thing."""

import pytest

from bot.nlu.clauses import clauses, questions


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
        (
            "does it help neck and shoulder pain",
            ["does it help neck and shoulder pain"],
        ),
        ("my back hurts, what now", ["what now"]),
        ("can't come on friday, where are you", ["where are you"]),
        ("why?", []),
        ("", []),
    ],
)
def test_questions_are_told_apart(text, parts):
    assert questions(text) == parts


def test_a_page_of_text_is_read_no_further_than_needed():
    assert len(questions("is it safe? " * 5000)) < 200


@pytest.mark.parametrize(
    ("text", "telling"),
    [
        ("need to cancel, is there a fee?", "need to cancel"),
        ("No, none of those. Does it hurt?", "No, none of those"),
        ("how much is it and i want to come thursday", "i want to come thursday"),
        ("46 and healthy, but does it hurt. my back", "46 and healthy, my back"),
        ("is it ok with asthma, epilepsy", ""),
        ("does it hurt and how much is it", ""),
    ],
)
def test_what_is_said_beside_a_question_stays_as_typed(text, telling):
    assert clauses(text).telling == telling


def test_what_might_be_is_no_wish():
    assert clauses("if i cancel, is there a fee").supposes
    assert not clauses("cancel please, is there a fee").supposes
