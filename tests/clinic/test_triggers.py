"""What is merely suggested, and so is asked once."""

import pytest

from bot.clinic.triggers import suggested
from tests.screening import protocol

QUESTIONNAIRE = protocol().questionnaire


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("this pain is killing me", "self_harm"),
        ("I can't take it anymore", "self_harm"),
        ("what's the point anymore", "self_harm"),
        ("can't cope with this hip any longer", "self_harm"),
        ("I can't carry on like this with my knee", "self_harm"),
        ("I can't take much more of this back", "self_harm"),
        ("I'm scared to go home", "unsafe"),
        ("i had a few drinks", "intoxicated"),
        ("I am drunk", "intoxicated"),
        ("it's both legs", "leg_symptoms"),
        ("my legs feel weak, wobbly legs", "leg_weakness"),
        ("I had a mini stroke", "stroke_signs"),
    ],
)
def test_hints_suggest_their_question(text, question):
    assert suggested(QUESTIONNAIRE, text) == question


@pytest.mark.parametrize(
    "text",
    [
        "how much does it cost?",
        "my back hurts",
        "I don't drink",
        "I'm not drunk",
        "one leg",
        "can I have a drink of water",
        "",
        "the point of acupuncture",
    ],
)
def test_plain_talk_suggests_nothing(text):
    assert suggested(QUESTIONNAIRE, text) is None


def test_a_life_goes_before_all_else():
    text = "I'm drunk and I can't take it anymore"

    assert suggested(QUESTIONNAIRE, text) == "self_harm"
