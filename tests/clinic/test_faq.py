from datetime import date

import pytest

from bot.clinic.faq import Answer, ClinicSentence, placeholders, word

REVIEWED = date(2026, 11, 22)


def answer(*sentences: ClinicSentence) -> Answer:
    return Answer(
        "cost", "Cost?", "Ask first.", sentences, (), REVIEWED, date(2027, 11, 22)
    )


PRICE = ClinicSentence("A visit is {price}.", silent="I don't know the price.")


def test_a_known_fact_is_said():
    worded = word(answer(PRICE), {"price": "$95"})

    assert worded.text == "Ask first. A visit is $95."
    assert worded.complete


def test_an_unknown_fact_is_admitted():
    worded = word(answer(PRICE), {})

    assert worded.text == "Ask first. I don't know the price."
    assert not worded.complete


def test_an_unknown_extra_is_left_out():
    worded = word(answer(ClinicSentence("By {bus}.")), {})

    assert worded.text == "Ask first."
    assert worded.complete


def test_the_version_changes_with_the_words():
    cheap, dear = (word(answer(PRICE), {"price": price}) for price in ("$1", "$2"))

    assert cheap.version != dear.version
    assert cheap.version.startswith("cost@2026-11-22")


@pytest.mark.parametrize(
    ("text", "names"), [("a {b} {c}", {"b", "c"}), ("none", set()), ("{a}{a}", {"a"})]
)
def test_placeholders_are_the_names_in_braces(text, names):
    assert placeholders(text) == names
