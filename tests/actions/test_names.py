"""What is taken for the name, what is not, and how it is put right."""

import pytest

from actions.booking_form import read_yes
from actions.replies import read_who
from actions.request import _read_yes as read_yes_to_request
from bot.desk.wishes import stamped
from tests.actions.chat import said


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("Will May", "out_of_scope"),
        ("An Wei", "inform"),
        ("Yu", "affirm"),
        ("Mai Me", "out_of_scope"),
        ("Ian", "nlu_fallback"),
        ("O'Neil", "greet"),
        ("Anna-Maria van der Berg", "nlu_fallback"),
        ("Dr. Priya Nair", "inform"),
        ("No Hyun-ju", "out_of_scope"),
        ("Ann Human", "talk_to_human"),
        ("bob ray", "nlu_fallback"),
    ],
)
def test_names_are_taken_whatever_they_sound_like(chat, text, intent):
    turn = chat.turn(text, intent, form="booking_form")

    assert read_who(turn) == {"visitor_name": text}
    assert said(turn) == ""


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("no", "deny"),
        ("yes", "affirm"),
        ("Yes please", "affirm"),
        ("wait", "nlu_fallback"),
        ("my back hurts a lot", "start_screening"),
        ("i do not like to say it", "inform"),
        ("would it suit folks like mother", "start_screening"),
        ("book", "book_appointment"),
        ("CANCEL IT", "nlu_fallback"),
    ],
)
def test_what_is_no_name_is_asked_again_kindly(chat, text, intent):
    turn = chat.turn(text, intent, form="booking_form")

    assert read_who(turn) == {"visitor_name": None}
    assert "just the name" in said(turn)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("cancel my appointment", "cancel_appointment"),
        ("never mind", "stop"),
        ("thank you so much", "thanks"),
        ("what should I wear?", "faq"),
        ("can i speak to somebody", "talk_to_human"),
    ],
)
def test_something_else_is_left_to_the_rules(chat, text, intent):
    turn = chat.turn(text, intent, form="booking_form")

    assert read_who(turn) == {}
    assert said(turn) == ""


def test_an_unsure_intent_does_not_refuse_a_name(chat):
    turn = chat.turn("mai linh", "thanks", confidence=0.3, form="booking_form")

    assert read_who(turn) == {"visitor_name": "mai linh"}


def test_a_guess_at_a_question_is_not_answered(chat):
    turn = chat.turn("my back hurts a lot", "faq", confidence=0.3, form="booking_form")

    assert read_who(turn) == {"visitor_name": None}
    assert "just the name" in said(turn)


def test_a_number_beside_the_name_outweighs_the_intent(chat):
    turn = chat.turn("yu, 780 555 0142", "affirm", form="booking_form")

    assert read_who(turn) == {"visitor_name": "yu", "visitor_phone": "+17805550142"}


def test_another_day_instead_of_the_name_is_a_new_wish(chat):
    text = "i changed my mind, friday instead"
    turn = chat.turn(text, "reschedule_appointment", form="booking_form")

    assert read_who(turn) == {
        "visitor_name": None,
        "chosen_opening_id": None,
        "series_openings": None,
        "offered_openings": None,
        "wished_time": stamped(text, chat.now),
    }


def test_another_day_changes_a_request(chat_by_request):
    turn = chat_by_request.turn("friday instead", form="request_form")

    read = read_who(turn)

    assert read == {"visitor_name": None, "requested_times": "friday instead"}


@pytest.mark.parametrize(
    ("text", "intent", "name"),
    [
        ("my name is Bob Ray", "nlu_fallback", "Bob Ray"),
        ("the name is wrong, it's Bob", "nlu_fallback", "Bob"),
        ("it's Bob Ray, not Bob May", "nlu_fallback", "Bob Ray"),
        ("yes but my name is bob", "affirm", "bob"),
        ("change the name to Will May please", "inform", "Will May"),
        ("it's O'Neil-Smith, Jo", "nlu_fallback", "O'Neil-Smith, Jo"),
        ("the name is Bob, thanks", "affirm", "Bob"),
        ("the name is Bob, Thanks", "affirm", "Bob"),
        ("the name is wrong", "deny", None),
    ],
)
@pytest.mark.parametrize("read", [read_yes, read_yes_to_request])
def test_the_name_is_corrected_at_the_last_look(chat, read, text, intent, name):
    turn = chat.turn(text, intent, form="booking_form", visitor_name="Rob Ray")

    assert read(turn) == {"booking_confirmed": None, "visitor_name": name}


@pytest.mark.parametrize("text", ["it's fine", "yes that's my name", "it's right"])
def test_a_plain_yes_is_no_correction(chat, text):
    turn = chat.turn(text, "affirm", form="booking_form", visitor_name="Rob Ray")

    assert read_yes(turn) == {"booking_confirmed": True}


@pytest.mark.parametrize(("text", "intent"), [("yes", "affirm"), ("", "confirm")])
@pytest.mark.parametrize("read", [read_yes, read_yes_to_request])
def test_a_yes_that_was_meant_for_something_else_books_nothing(
    chat, read, text, intent
):
    turn = chat.turn(text or f"/{intent}", intent, form="booking_form", seen=False)

    assert read(turn) == {"booking_confirmed": None}
    assert "lease say yes" in said(turn)


def test_moving_a_visit_leaves_the_name_alone(chat):
    turn = chat.turn("my name is Bob Ray", "nlu_fallback", form="change_form")

    assert read_yes(turn) == {"booking_confirmed": None}
    assert "Nothing is booked yet" in said(turn)


def test_other_times_are_taken_at_the_last_look_at_a_request(chat_by_request):
    turn = chat_by_request.turn("thursday after 5", form="request_form")

    assert read_yes_to_request(turn) == {
        "booking_confirmed": None,
        "requested_times": "thursday after 5",
    }


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("no email", None),
        ("i don't have an email", None),
        ("Rosa Quill, no e-mail", "Rosa Quill"),
        ("Rosa Quill without email address", "Rosa Quill"),
    ],
)
def test_who_has_no_address_says_so_once(chat, text, name):
    turn = chat.turn(text, "inform", form="booking_form")

    assert read_who(turn) == {"visitor_name": name, "visitor_email": ""}


def test_an_address_can_be_taken_back_at_the_end(chat):
    turn = chat.turn(
        "no email please", form="booking_form", visitor_email="r@example.net"
    )

    assert read_yes(turn) == {"booking_confirmed": None, "visitor_email": ""}
