"""An earlier message that a visitor changed: it fills nothing that is asked for."""

import pytest

from actions.replies import read_changed
from tests.actions.chat import said

NOTHING_NEW = "took nothing new from it"


def changed(chat, text, intent="inform", slot="visitor_name", form="booking_form"):
    turn = chat.turn(text, intent, form=form, changed=True, requested_slot=slot)
    return turn, read_changed(turn, slot)


@pytest.mark.parametrize(
    ("form", "slot", "text"),
    [
        ("booking_form", "visitor_name", "my neck hurts"),
        ("booking_form", "visitor_name", "Thursday after five"),
        ("booking_form", "visitor_email", "no"),
        ("booking_form", "booking_confirmed", "yes please"),
        ("request_form", "requested_reason", "a sore shoulder"),
        ("request_form", "requested_times", "any morning"),
        ("change_form", "appointment_id", "the first one"),
    ],
)
def test_a_changed_message_fills_nothing(chat, form, slot, text):
    turn, read = changed(chat, text, slot=slot, form=form)

    assert read == {slot: None}
    assert NOTHING_NEW in said(turn)


def test_the_same_times_are_offered_again(chat):
    _, read = changed(chat, "the second one", slot="chosen_opening_id")

    assert read["chosen_opening_id"] is None
    assert read["offered_openings"] is None


@pytest.mark.parametrize(
    ("text", "slot", "value"),
    [
        ("780 555 0199", "visitor_phone", "+17805550199"),
        ("noor@example.org", "visitor_email", "noor@example.org"),
        ("my name is Noor Halabi", "visitor_name", "Noor Halabi"),
    ],
)
def test_what_it_plainly_gives_is_put_right(chat, text, slot, value):
    turn, read = changed(chat, text, slot="booking_confirmed")

    assert read == {"booking_confirmed": None, slot: value}
    assert said(turn) == ""


def test_a_changed_question_is_answered(chat):
    turn, read = changed(chat, "how much is it?", "faq")

    assert read == {}
    assert said(turn) == ""
