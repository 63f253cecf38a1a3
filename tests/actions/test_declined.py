"""Nobody is made to give an address, and nobody without a number is left standing."""

import pytest

from actions.choosing import read_choice
from actions.replies import read_address, read_number
from tests.actions.chat import Chat, said


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("skip email", "stop"),
        ("skip the e-mail please", "stop"),
        ("i'd rather not say", "deny"),
        ("no email sorry", "faq"),
        ("i dont have one", "nlu_fallback"),
        ("haven't got an email", "faq"),
        ("never use email", "stop"),
        ("nah i'm good", "deny"),
        ("-", "nlu_fallback"),
    ],
)
def test_an_email_address_can_be_left_out_in_any_words(chat, text, intent):
    turn = chat.turn(text, intent, form="booking_form")

    assert read_address(turn) == {"visitor_email": ""}


@pytest.mark.parametrize("text", ["no wait, friday", "no not thursday, friday please"])
def test_another_day_is_no_missing_address(chat, text):
    read = read_address(chat.turn(text, "deny", form="booking_form"))

    assert read["visitor_email"] is None
    assert "friday" in read["wished_time"]


def test_an_address_in_a_refusal_is_an_address(chat):
    turn = chat.turn("no phone, use bo@example.net", "deny", form="booking_form")

    assert read_address(turn) == {"visitor_email": "bo@example.net"}


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("no phone sorry", "faq"),
        ("i don't have a mobile", "nlu_fallback"),
        ("no", "deny"),
        ("skip", "stop"),
        ("without a number please", "talk_to_human"),
    ],
)
def test_who_has_no_number_hears_why_it_is_asked_for(
    chat: Chat, text: str, intent: str
) -> None:
    turn = chat.turn(text, intent, form="booking_form")

    assert read_number(turn) == {"visitor_phone": None}
    assert "talk to a person" in said(turn)


def test_a_place_for_two_is_no_question_about_our_terms(chat):
    turn = chat.turn(
        "can i get back to back for me and my wife", "faq", form="booking_form"
    )

    assert read_choice(turn)["chosen_opening_id"] is None
    assert "for one person" in said(turn)


@pytest.mark.parametrize("text", ["more", "any other times?", "show me more please"])
def test_more_is_no_stop(chat, text):
    turn = chat.turn(text, "stop", form="booking_form")

    assert read_choice(turn) == {"chosen_opening_id": None}
