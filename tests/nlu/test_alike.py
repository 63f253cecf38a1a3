"""Which texts are put together."""

from bot.nlu.alike import groups
from bot.nlu.encoder import Encoder


def together(texts: list[str], encoder: Encoder) -> list[list[str]]:
    numbers = groups(texts, encoder)
    return [
        [text for text, number in zip(texts, numbers, strict=True) if number == one]
        for one in sorted(set(numbers))
    ]


def test_what_says_much_the_same_is_together(encoder: Encoder):
    parking = ["is there parking", "where can i park my car", "is there a parking lot"]
    dogs = ["are dogs allowed", "can i bring my dog"]

    found = together([*parking, *dogs, "glorp"], encoder)

    assert sorted(found, key=len) == [["glorp"], dogs, parking]


def test_few_texts_and_odd_ones_are_no_trouble(encoder: Encoder):
    assert groups([], encoder) == []
    assert groups(["one"], encoder) == [1]
    assert len(groups(["", "", "🙂", "\ud83d"], encoder)) == 4
