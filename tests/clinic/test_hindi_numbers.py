"""Hindi numbers in English letters become figures; English stays as it is."""

import pytest

from bot.clinic.hindi_numbers import in_figures


@pytest.mark.parametrize(
    ("words", "number"),
    [
        *(("ek", 1), ("saat", 7), ("aath", 8), ("gyaarah", 11), ("unnees", 19)),
        *(("bees", 20), ("pachchees", 25), ("teess", 30), ("chhattees", 36)),
        *(("untaalis", 39), ("chaalees", 40), ("chawalis", 44), ("unchaas", 49)),
        *(("pachaas", 50), ("chhappan", 56), ("saath", 60), ("sattar", 70)),
        *(("pachattar", 75), ("assi", 80), ("nabbe", 90), ("sau", 100)),
    ],
)
def test_a_number_is_known_in_its_spellings(words, number):
    assert in_figures(words) == str(number)
    assert in_figures(f"meri umar {words} saal") == f"meri umar {number} saal"


@pytest.mark.parametrize(
    "text",
    [
        "I do",
        "a teen sat there",
        "stung by bees",
        "a char on the grill",
        "tera cotta",
        "",
    ],
)
def test_english_words_are_no_numbers(text):
    assert in_figures(text) == text
