"""Other people: those who could give a visit, and those who would like one too."""

import pytest

from actions.booking import begin
from actions.choosing import read_choice
from actions.handoff import _hand_over
from actions.misses import _out_of_scope, _suggest_or_go_on
from bot.desk.wishes import words_of
from tests.actions.chat import Chat, payloads, said, slots
from tests.actions.test_visits import booked


def offering(chat: Chat, text: str, intent: str = "inform"):
    opening = chat.openings()[0]
    turn = chat.turn(text, intent, form="booking_form", offered_openings=[[opening.id]])
    who = chat.house.shelf.clinic.practitioners[opening.practitioner_id].name
    return turn, who.lower()


@pytest.mark.parametrize(
    "text",
    [
        "any one else?",
        "who else is there",
        "could it be somebody else",
        "other people?",
    ],
)
def test_others_are_looked_for_beside_who_is_on_offer(chat: Chat, text: str) -> None:
    turn, who = offering(chat, text)

    assert f"not with {who}" in words_of(read_choice(turn)["wished_time"]).lower()


def test_anyone_else_beside_offers_asks_for_no_staff(chat: Chat) -> None:
    turn, who = offering(chat, "someone else?", "talk_to_human")

    events = _hand_over(turn)

    assert f"not with {who}" in slots(events)["wished_time"].lower()
    assert events[-1]["name"] == "booking_form"
    assert chat.handoff() is None


@pytest.mark.parametrize("text", ["let me talk to someone else", "a human please"])
def test_a_person_of_the_staff_is_still_called(chat: Chat, text: str) -> None:
    turn, _ = offering(chat, text, "talk_to_human")

    _hand_over(turn)

    assert chat.handoff() is not None


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("and one for my husband", _suggest_or_go_on),
        ("my daughter needs a visit as well", _out_of_scope),
        ("can you fit in my dad on friday", begin),
        ("me and my wife would like to come", begin),
    ],
)
def test_a_chat_that_is_one_persons_books_for_no_other(chat: Chat, text, act) -> None:
    booked(chat)
    turn = chat.turn(text, "nlu_fallback", confidence=0.2, visitor_name="Bo Ray")

    events = act(turn)

    assert "our staff book it for you" in said(turn)
    assert payloads(turn) == ["/talk_to_human"]
    assert not [one for one in events if one["event"] == "followup"]


def test_the_first_visit_may_be_for_somebody_else(chat: Chat) -> None:
    turn = chat.turn("i want to book for my mother", "book_appointment")

    assert begin(turn)[-1]["name"] == "screening_form"
    assert "books for one person" not in said(turn)


def test_a_request_for_somebody_else_asks_who_comes(chat_by_request: Chat) -> None:
    turn = chat_by_request.turn(
        "another one for my son, fridays", "book_appointment", visitor_name="Bo Ray"
    )

    assert slots(begin(turn))["visitor_name"] is None
    assert "the name of whoever comes" in said(turn)


@pytest.mark.parametrize("text", ["same time as last time", "my usual please"])
def test_the_time_of_the_visit_before_is_wished_for(chat: Chat, text: str) -> None:
    booked(chat)
    with chat.house.store.reading() as unit:
        (before,) = unit.bookings.of_conversation(chat.id)
    zone = chat.house.shelf.clinic.zone
    turn = chat.turn(text, "book_appointment")

    wish = slots(begin(turn))["wished_time"]

    assert f"{before.starts_at.astimezone(zone):%A}s".lower() in wish
    who = chat.house.shelf.clinic.practitioners[before.practitioner_id].name
    assert f"with {who}" in wish


def test_a_time_before_that_nobody_knows_is_asked_for(chat: Chat) -> None:
    turn, _ = offering(chat, "the usual time")

    assert "wished_time" not in read_choice(turn)
    assert "no earlier visit" in said(turn)
