"""A number or an address that is typed unasked is kept, and its visitor told so."""

import pytest

from actions.handoff import _hand_over
from actions.misses import _suggest_or_go_on
from bot.desk.misses import open_misses
from tests.actions.chat import said, slots


def kept(events):
    return {
        event["name"]: event["value"]
        for event in events
        if event["event"] == "slot" and str(event["name"]).startswith("visitor_")
    }


@pytest.mark.parametrize(
    ("text", "slot", "value", "read"),
    [
        ("780 555 0123", "visitor_phone", "+17805550123", "+1 780-555-0123"),
        (
            "my number is 780-555-0123 thanks",
            "visitor_phone",
            "+17805550123",
            "+1 780-555-0123",
        ),
        ("bo@example.net", "visitor_email", "bo@example.net", "bo@example.net"),
    ],
)
def test_a_number_for_staff_who_were_asked_for_is_theirs(chat, text, slot, value, read):
    _hand_over(chat.turn("just call me", "talk_to_human"))
    turn = chat.turn(text, "inform")

    assert kept(_suggest_or_go_on(turn)) == {slot: value}
    assert read in said(turn)
    assert "staff" in said(turn)
    with chat.house.store.reading() as unit:
        assert open_misses(unit) == []


def test_who_wants_to_be_called_is_asked_for_the_number_once(chat):
    asked = chat.turn("can somebody ring me please", "talk_to_human")
    _hand_over(asked)
    told = chat.turn("call me back on 780 555 0123", "talk_to_human")

    assert "Which number" in said(asked)
    assert kept(_hand_over(told)) == {"visitor_phone": "+17805550123"}
    assert "Which number" not in said(told)


def test_a_number_out_of_the_blue_is_asked_about(chat):
    turn = chat.turn("780 555 0123", "inform")

    assert kept(_suggest_or_go_on(turn)) == {"visitor_phone": "+17805550123"}
    assert "What shall it be for?" in said(turn)


def test_a_number_beside_a_wish_for_a_day_begins_the_booking(chat):
    turn = chat.turn(
        "Hi I'm Lena Moss, 780 555 0149, lena@example.net, need something next thursday"
        " afternoon"
    )

    told = slots(_suggest_or_go_on(turn))

    assert told["visitor_name"] == "Lena Moss"
    assert told["visitor_phone"] == "+17805550149"
    assert "next thursday afternoon" in told["wished_time"]
    assert "safety questions" in said(turn)


@pytest.mark.parametrize(
    "text",
    ["780 555 0149, free to talk after 5", "you can call me tomorrow on 780 555 0149"],
)
def test_a_number_for_a_call_begins_none(chat, text):
    turn = chat.turn(text)

    assert "wished_time" not in slots(_suggest_or_go_on(turn))
