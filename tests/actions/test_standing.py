"""A request that waits for staff: what stands, and what is added to it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions import Events, Turn
from actions.appointments import _begin_change, _check
from actions.booking import _begin_or_add
from actions.handoff import _hand_over
from actions.misses import _out_of_scope, _suggest_or_go_on
from tests.actions.chat import Chat, payloads, said, slots

DEEDS: dict[str, Callable[[Turn], Events]] = {
    "check_appointment": _check,
    "reschedule_appointment": _begin_change,
    "book_appointment": _begin_or_add,
    "talk_to_human": _hand_over,
    "out_of_scope": _out_of_scope,
    "nlu_fallback": _suggest_or_go_on,
}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("when is it again?", "check_appointment"),
        ("so am i coming on monday at 5?", "check_appointment"),
        ("any news?", "nlu_fallback"),
        ("has anyone looked at it yet?", "out_of_scope"),
        ("did you get my request?", "nlu_fallback"),
        ("haven't heard back from you", "nlu_fallback"),
        ("when will you call me?", "book_appointment"),
    ],
)
def test_who_asks_is_told_that_the_request_waits(
    asked: Chat, text: str, intent: str
) -> None:
    turn = asked.turn(text, intent)

    DEEDS[intent](turn)

    assert "Our staff have your request (mondays after 4)" in said(turn)
    assert [one.preferred for one in asked.requests()] == ["mondays after 4"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("can I add that mornings are better?", "check_appointment"),
        ("actually make that tuesdays", "nlu_fallback"),
        ("friday would work too", "out_of_scope"),
        ("can i also book fridays", "book_appointment"),
        ("move it to the week after", "reschedule_appointment"),
        ("a bit later in the day", "reschedule_appointment"),
        ("call me after 6 please", "talk_to_human"),
        ("any news? i can't do mondays any more", "nlu_fallback"),
    ],
)
def test_what_is_added_reaches_staff_and_is_no_second_request(
    asked: Chat, text: str, intent: str
) -> None:
    turn = asked.turn(text, intent)

    events = DEEDS[intent](turn)

    (request,) = asked.requests()
    assert request.preferred == f"mondays after 4\n{text.rstrip('?')}"
    assert "added that to your request" in said(turn)
    assert slots(events).get("requested_times") is None


def test_times_that_cannot_be_are_not_added(asked: Chat) -> None:
    turn = asked.turn("make it 31 february", "reschedule_appointment")

    _begin_change(turn)

    assert "There is no such date" in said(turn)
    assert [one.preferred for one in asked.requests()] == ["mondays after 4"]


def test_what_is_not_understood_is_left_with_the_request(asked: Chat) -> None:
    turn = asked.turn("my cousin parks a van", "nlu_fallback")

    _suggest_or_go_on(turn)

    assert "with your request (mondays after 4)" in said(turn)
    assert "did not understand" not in said(turn)


@pytest.mark.parametrize(
    "text", ["i'd like another appointment", "a visit for my wife please"]
)
def test_another_visit_is_asked_for_by_itself(asked: Chat, text: str) -> None:
    events = _begin_or_add(asked.turn(text, "book_appointment"))

    assert [one["name"] for one in events if one["event"] == "followup"] == [
        "request_form"
    ]


def test_who_would_like_a_visit_is_asked_whether_it_is_another(asked: Chat) -> None:
    turn = asked.turn("i want an appointment", "book_appointment")

    _begin_or_add(turn)

    assert "Shall I ask for another one" in said(turn)
    assert payloads(turn) == ["/book_appointment"]


def test_other_times_are_asked_for_where_none_are_named(asked: Chat) -> None:
    turn = asked.turn("can i change it", "reschedule_appointment")

    _begin_change(turn)

    assert "Which days and times would suit you instead?" in said(turn)


def test_news_of_a_conversation_that_waits_is_that_it_waits(chat: Chat) -> None:
    _hand_over(chat.turn("a person please", "talk_to_human"))
    turn = chat.turn("any news?", "nlu_fallback")

    _suggest_or_go_on(turn)

    assert "waits for our staff" in said(turn)


def test_without_anything_that_stands_news_are_no_answer(chat: Chat) -> None:
    turn = chat.turn("any news?", "nlu_fallback")

    _suggest_or_go_on(turn)

    assert "did not understand" in said(turn)
