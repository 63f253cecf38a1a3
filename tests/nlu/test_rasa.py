"""The model inside Rasa, lean and stock: same answers, no form above an emergency."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.settings import ROOT
from tests.nlu.conftest import Trained, environment

pytestmark = pytest.mark.model

TALK = [
    "hello",
    "do the needles hurt?",
    "book me in please",
    "I cannot feel anything when I wipe",
    "what is the capital of France",
    "book me in please",
    "/crisis",
    "book me in please",
    "Ada Lovelace",
    '/greet{"visitor_name": "x"}',
]


def converse(trained: Trained, way: str, model: Path) -> dict[str, Any]:
    script = str(Path(__file__).with_name("agent_answers.py"))
    result = subprocess.run(  # noqa: S603 (our own script)
        [sys.executable, script, way, str(model), *TALK],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
        env={**environment(trained), "PYTHONPATH": str(ROOT)},
    )
    answer: dict[str, Any] = json.loads(result.stdout.splitlines()[-1])
    return answer


@pytest.fixture(scope="module")
def lean(trained: Trained) -> dict[str, Any]:
    return converse(trained, "lean", trained.serving)


def parse(answer: dict[str, Any], text: str) -> dict[str, Any]:
    found: dict[str, Any] = answer["parses"][TALK.index(text)]
    return found


def test_serving_imports_no_tensorflow(lean: dict[str, Any]):
    assert lean["tensorflow"] is False


def test_stock_rasa_says_exactly_the_same(lean: dict[str, Any], trained: Trained):
    stock = converse(trained, "stock", trained.model)

    assert stock["tensorflow"] is True
    assert {**stock, "tensorflow": False} == lean


def test_question_selects_its_answer(lean: dict[str, Any]):
    parsed = parse(lean, "do the needles hurt?")

    assert parsed["intent"]["name"] == "faq"
    assert parsed["similarity"] > 0.5
    selected = parsed["response_selector"]["faq"]["response"]
    assert selected["utter_action"] == "utter_faq/needle_pain"
    assert selected["intent_response_key"] == "faq/needle_pain"
    assert selected["responses"] == [{"text": "Most people feel little."}]


def test_pressed_button_keeps_its_own_intent(lean: dict[str, Any]):
    parsed = parse(lean, "/crisis")

    assert parsed["intent"] == {"name": "crisis", "confidence": 1.0}


def test_emergency_leaves_the_form_at_once(lean: dict[str, Any]):
    actions = lean["actions"]

    start = actions.index("action_emergency")
    assert actions[start - 2] == "booking_form"
    assert actions[start : start + 3] == [
        "action_emergency",
        "action_deactivate_loop",
        "action_listen",
    ]


def test_typed_and_pressed_crises_are_the_same(lean: dict[str, Any]):
    actions = lean["actions"]

    start = actions.index("action_crisis")
    assert actions[start : start + 3] == [
        "action_crisis",
        "action_deactivate_loop",
        "action_listen",
    ]


def test_booking_works_again_after_an_emergency(lean: dict[str, Any]):
    assert lean["actions"].count("utter_booked") == 1
    assert lean["name"] == "Ada Lovelace"
    assert lean["form"] is None
