"""Who asks for a person is heard without the assistant."""

import pytest

from bot.clinic.asking import wants_a_person
from bot.nlu.examples import examples
from bot.settings import ROOT


@pytest.mark.parametrize(
    "text",
    [
        "I'd like to talk to a person",
        "can I speak to someone please",
        "human",
        "Receptionist, please.",
        "get me a real human",
        "please call me back",
        "is anyone there",
        "I don't want to talk to a robot",
        "put me through",
        "could someone phone me",
    ],
)
def test_a_wish_for_a_person_is_heard(text):
    assert wants_a_person(text, None)


@pytest.mark.parametrize(
    "text",
    [
        "are you a real person?",
        "do I need a doctor's letter",
        "I don't want to talk to anyone about it",
        "do the needles hurt",
        "my hands are personal",
        "call me Vik",
        "",
    ],
)
def test_anything_else_is_no_wish_for_a_person(text):
    assert not wants_a_person(text, None)


def test_the_button_for_a_person_is_heard_and_no_other():
    assert wants_a_person("Talk to a person", "/talk_to_human")
    assert not wants_a_person("Talk to a person", "/affirm")


def test_most_ways_to_ask_are_heard_and_hardly_anything_else():
    told = list(examples(ROOT / "data"))
    wishes = [text for text, label in told if label == "talk_to_human"]
    others = [text for text, label in told if label != "talk_to_human"]

    heard = sum(wants_a_person(text, None) for text in wishes)
    mistaken = sum(wants_a_person(text, None) for text in others)

    assert heard / len(wishes) > 0.75
    assert mistaken / len(others) < 0.01
