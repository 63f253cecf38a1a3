"""Misspelt words are put right, and nothing else is touched."""

from __future__ import annotations

import pytest

from bot.nlu.spelling import Speller

EXAMPLES = [
    "does acupuncture hurt when the needle goes in",
    "can you treat sciatica with moxibustion moxibustion moxibustion",
    "book an appointment for tomorrow",
    "wanna come accross",
]


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller.of(EXAMPLES)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("does acupunture hurt", "does acupuncture hurt"),
        ("the needel goes in", "the needle goes in"),
        ("an apointmnt please", "an appointment please"),
        ("do you treat siatica", "do you treat sciatica"),
        ("what about moxibusion", "what about moxibustion"),
        ("BOOK TOMOROW", "BOOK tomorrow"),
        ("Tomorow is good.", "tomorrow is good."),
    ],
)
def test_misspelt_word_is_put_right(speller: Speller, typed: str, meant: str):
    assert speller.repair(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("can i eat b4", "can i eat before"),
        ("r u open 2moro?", "are you open tomorrow?"),
        ("Thx, c u", "thanks, c you"),
        ("pls, 2 wks", "please, 2 weeks"),
        (
            "id rather be seen, do you need my id",
            "I'd rather be seen, do you need my id",
        ),
    ],
)
def test_shorthand_is_written_out(speller: Speller, typed: str, meant: str):
    assert speller.repair(typed) == meant


@pytest.mark.parametrize(
    "text",
    [
        "R-12 and u@example.org",
        "wanna come accross",  # a word of the examples, right or wrong
        "the curtain is purple",  # English that no example has
        "my name is Jhon Smyht",
        "I take eliquis, xarelto and plavix",
        "write to jhon@exmaple.com or www.exmaple.com",
        "07700 900321 at 10:30",
        "it dosen't matter",
        "who shouldnt have it, it isnt for me and i havent asked",
        "hrt",
        "",
        "😀 \u200b \x00 你好",
    ],
)
def test_text_is_left_as_it_is(speller: Speller, text: str):
    assert speller.repair(text) == text


def test_our_word_wins_over_a_common_one(speller: Speller):
    # "hurs" is one letter from "hurt" (ours) and from "hours" (more frequent).
    assert speller.repair("it hurs") == "it hurt"


def test_rare_word_is_a_slip_of_a_frequent_one():
    speller = Speller.of(["would you please see my lower back, please"] * 10)

    assert speller.repair("i wold come, pleas") == "i would come, please"
    assert speller.repair("my lower bak") == "my lower back"


def test_misspelling_in_the_examples_is_no_word():
    speller = Speller.of(["an appointment"] * 10 + ["my apointment", "my desjardins"])

    assert speller.repair("an apointment") == "an appointment"
    assert speller.repair("by desjardins") == "by desjardins"


def test_word_is_found_by_its_sound(speller: Speller):
    assert speller.repair("akupunkture") == "acupuncture"


def test_hindi_is_read_by_its_english(speller: Speller):
    assert speller.repair("dard kitna hai") == "pain how much is"


def test_short_word_is_changed_by_one_letter_or_by_its_sound(speller: Speller):
    assert speller.repair("the neddel") == "the needle"  # sounds alike
    assert speller.repair("the neetbe") == "the neetbe"
