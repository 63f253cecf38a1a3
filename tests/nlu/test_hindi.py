"""Hindi in Latin letters is read by its English; English is left alone."""

from __future__ import annotations

import pytest

from bot.nlu.hindi import LEXICON, in_english

ENGLISH = frozenset("do main par to is fees the doctor has my back hurts".split())  # noqa: SIM905


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("Kitna paisa lagega", "how much money take"),
        ("fees kitni lagti hai", "fees how much take is"),
        ("shukriya", "thanks"),
        ("do mahine se ghutne mein dard", "two month from knee in pain"),
    ],
)
def test_hindi_is_put_in_english(typed: str, meant: str):
    assert in_english(typed, ENGLISH) == meant


@pytest.mark.parametrize(
    "text",
    [
        "do is the main thing to do",  # each a Hindi word too
        "the doctor has a dard of a back",
        "dr pita has my notes",
        "",
        "😀",
    ],
)
def test_english_is_no_hindi(text: str):
    assert in_english(text, ENGLISH) is None


def test_each_hindi_spelling_has_one_meaning():
    spellings = [
        spelling
        for line in LEXICON.splitlines()
        for spelling in line.partition(": ")[2].split(", ")
    ]

    assert sorted(spellings) == sorted(set(spellings))
