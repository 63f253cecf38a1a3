"""What staff type into the search field."""

import pytest

from bot.clinic.search import MOST_WORDS, Wanted, excerpt


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("780 555 0199", "7805550199"),
        ("+1 (780) 555-0199", "17805550199"),
        ("0199", None),
        ("room 780 555", None),
        ("", None),
    ],
)
def test_a_telephone_number_is_known_as_one(text, digits):
    assert Wanted(text).digits == digits


def test_marks_alone_are_no_word():
    assert Wanted('OR " * ana -- NEAR(').words == ("OR", "ana", "NEAR(")


def test_only_so_many_words_are_looked_for():
    assert len(Wanted("a " * 100).words) == MOST_WORDS


def test_an_excerpt_shows_the_word_that_was_looked_for():
    text = "before " * 60 + "needle " + "after " * 60

    shown = excerpt(text, ("Needle",))

    assert "needle" in shown
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert len(shown) <= 162


def test_a_short_message_is_shown_whole():
    assert excerpt("does it\nhurt?", ("hurt",)) == "does it hurt?"
