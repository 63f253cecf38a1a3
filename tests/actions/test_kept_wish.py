"""A wish for a visit that is typed in place of a reply to a safety question."""

from __future__ import annotations

import pytest

from actions.screening import _begin
from actions.screening_replies import read
from tests.actions.chat import said, slots
from tests.actions.test_interruptions import at, typed, waiting
from tests.screening import CALM

WISH = "could you squeeze me in on thursday afternoon"


@pytest.mark.parametrize("screen_id", [*CALM])
def test_it_is_kept_and_answers_nothing(chat, screen_id):
    at(chat, screen_id)

    turn = typed(chat, WISH, "book_appointment")

    kept = read(turn)

    assert "Thursday" in said(turn)
    assert waiting(chat) == screen_id
    assert kept["booking_wanted"] is True
    assert kept["wished_time"].endswith(WISH)


def test_to_want_a_visit_again_keeps_the_day(chat):
    at(chat, "mood")

    kept = read(typed(chat, "so can i book or not", "book_appointment"))

    assert "wished_time" not in kept


def test_how_long_it_hurts_is_no_wish(chat):
    at(chat, "duration")
    turn = chat.turn(
        "since thursday",
        "book_appointment",
        confidence=0.4,
        form="screening_form",
        requested_slot="screening_reply",
    )

    kept = read(turn)

    assert waiting(chat) != "duration"
    assert "wished_time" not in kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("need a lady for my knee pain, monday after 5", True),
        ("is a lady free for my knee pain monday after 5?", False),
        ("would it suit my knee pain", False),
    ],
)
def test_much_that_is_wished_outlasts_the_questions(chat, text, kept):
    begun = slots(_begin(chat.turn(text, "start_screening")))

    assert bool(begun.get("booking_wanted")) == kept
    assert str(begun.get("wished_time") or "").endswith(text) == kept
