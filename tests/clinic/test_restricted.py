"""What was told of a crisis is for named staff; everything else is for all."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.clinic.brief import brief
from bot.clinic.restricted import (
    HELD_BACK,
    discreet,
    is_restricted,
    may_read,
    without,
)
from bot.clinic.screened import Screening
from bot.clinic.screening import evaluate
from bot.clinic.staff import Staff
from bot.clinic.transcript import Line
from bot.content.red_flags import load
from tests.conftest import NOW
from tests.screening import FOLDER, healthy, protocol

RED_FLAGS = load(FOLDER.parent / "red_flags")


def staff(name: str, role: str) -> Staff:
    return Staff("1", name, role, "", NOW)  # type: ignore[arg-type]


def screening(**answers: object) -> Screening:
    told = healthy(**answers)  # type: ignore[arg-type]
    verdict = evaluate(protocol().rules, told, ended=True)
    return Screening(
        id="s",
        conversation_id="c",
        status="completed",
        channel="web",
        rules_version="1",
        questions_version="1",
        started_at=NOW,
        expires_at=NOW,
        answers=told,
        disposition=verdict.disposition,
        flags=verdict.flags,
        rules=tuple(rule.id for rule in verdict.rules),
        ended_at=NOW,
    )


CRISIS = screening(mood="very_low", self_harm="thoughts", fever="yes")


def said(*lines: tuple[str, str], urgent: bool = False) -> list[Line]:
    return [
        Line(
            seq,
            author,  # type: ignore[arg-type]
            None,
            text,
            {"urgent": True} if urgent and author == "assistant" else {},
            False,
            None,
            "done",
            False,
            NOW,
        )
        for seq, (author, text) in enumerate(lines, start=1)
    ]


@pytest.mark.parametrize(
    ("name", "role", "named", "may"),
    [
        ("Sam", "staff", (), False),
        ("Maren", "practitioner", (), True),
        ("Priya", "admin", (), True),
        ("sam ", "staff", ("Sam",), True),
        ("Maren", "practitioner", ("Sam",), False),
        ("Priya", "admin", ("Sam",), False),
    ],
)
def test_who_is_named_may_read_and_nobody_else(name, role, named, may):
    assert may_read(staff(name, role), named) is may


@pytest.mark.parametrize(
    ("kept", "restricted"),
    [
        (screening(), False),
        (screening(mood="low"), False),
        (screening(mood="very_low", self_harm="none"), False),
        (CRISIS, True),
        (screening(unsafe="at_risk"), True),
        (replace(screening(), asked={"unsafe": "ticked"}), True),
    ],
)
def test_a_crisis_asked_or_told_makes_a_conversation_restricted(kept, restricted):
    assert is_restricted([kept]) is restricted


def test_the_brief_keeps_its_result_and_loses_what_was_told():
    whole = brief(protocol(), [CRISIS], {})
    assert whole

    shown = without(whole, protocol())

    text = str(shown)
    assert "Thoughts, but no plan" in str(whole)
    assert "Thoughts" not in text
    assert "CRISIS" not in dict(shown.flags)
    assert shown.disposition is whole.disposition
    assert shown.reasons[0].rule == "U02"
    assert not any(one.sensitive for one in shown.reasons)
    assert "Fever" in text


@pytest.mark.parametrize(
    "text",
    ["I want to end my life tonight", "my husband gets angry, scared to go home"],
)
def test_words_that_sound_like_it_are_held_back(text):
    lines = said(("visitor", "hello"), ("assistant", "Hello."), ("visitor", text))

    shown = discreet(lines, protocol(), RED_FLAGS)

    assert [line.text for line in shown] == ["hello", "Hello.", HELD_BACK]


def test_the_answer_to_the_question_is_held_back_and_the_next_is_not():
    question = protocol().questionnaire.questions["self_harm"].ask
    lines = said(
        ("visitor", "very low"),
        ("assistant", question),
        ("visitor", "sometimes, yes"),
        ("assistant", "Thank you for telling me."),
        ("visitor", "when do you open?"),
    )

    shown = discreet(lines, protocol(), RED_FLAGS)

    assert [line.text for line in shown if line.author == "visitor"] == [
        "very low",
        HELD_BACK,
        "when do you open?",
    ]


def test_what_was_answered_with_urgent_advice_is_held_back():
    lines = said(("visitor", "i have a plan"), ("assistant", "Call."), urgent=True)

    assert discreet(lines, protocol(), RED_FLAGS)[0].text == HELD_BACK
