"""Times that staff will read: what cannot be is said at once, the rest is kept."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from actions import Turn
from actions.appointments import _begin_change
from actions.booking import begin
from actions.booking_form import read_yes
from actions.choosing import read_choice
from actions.replies import Slots, read_number, read_who
from actions.request import _read_reason, _read_times, _read_yes, _request
from bot.clinic.booking import Appointment, Patient
from bot.desk.booking import Booked
from bot.desk.by_hand import book_by_hand
from tests.actions.chat import Chat, said, slots
from tests.letters import FakeLinks


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("31 feb", "There is no such date"),
        ("yesterday", "That day has passed"),
        ("tomorrow at 25:00", "There is no such time"),
    ],
)
def test_times_that_cannot_be_are_asked_for_again(
    chat_by_request: Chat, text: str, why: str
) -> None:
    turn = chat_by_request.turn(text, form="request_form")

    assert _read_times(turn) == {"requested_times": None}
    assert why in said(turn)


def test_staff_read_the_times_as_they_were_typed(chat_by_request: Chat) -> None:
    turn = chat_by_request.turn("book me friday after 5", "book_appointment")

    assert slots(begin(turn))["requested_times"] == "book me friday after 5"


@pytest.mark.parametrize(
    ("text", "times", "reason"),
    [
        (
            "can I see someone about my hip tuesday",
            "can I see someone tuesday",
            "about my hip",
        ),
        ("need an appointment for my sciatica", None, "for my sciatica"),
        ("can I book for my mother", None, None),
        ("sore knee any chance of friday", "sore knee any chance of friday", ""),
    ],
)
def test_a_reason_told_at_once_is_not_asked_again(
    chat_by_request: Chat, text: str, times: str | None, reason: str | None
) -> None:
    known = slots(begin(chat_by_request.turn(text, "book_appointment")))

    assert known["requested_times"] == times
    assert known["requested_reason"] == reason


def test_a_correction_that_cannot_be_leaves_the_times(chat_by_request: Chat) -> None:
    turn = chat_by_request.turn(
        "make it yesterday", form="request_form", requested_times="friday"
    )

    assert _read_yes(turn) == {"booking_confirmed": None, "requested_times": "friday"}
    assert "That day has passed" in said(turn)


@pytest.mark.parametrize(
    ("text", "read"),
    [
        (
            "yes but friday",
            {"booking_confirmed": None, "requested_times": "yes but friday"},
        ),
        ("yes but call me first", {"booking_confirmed": None}),
        ("yes, monday after 4 is right", {"booking_confirmed": True}),
        ("yes please, any time", {"booking_confirmed": True}),
    ],
)
def test_only_a_plain_yes_sends_a_request(
    chat_by_request: Chat, text: str, read: dict[str, object]
) -> None:
    turn = chat_by_request.turn(
        text, "affirm", form="request_form", requested_times="monday after 4"
    )

    assert _read_yes(turn) == read


@pytest.mark.parametrize(
    "text",
    [
        "not yesterday obviously, but thursday after 5",
        "30 feb? or monday morning",
        "whenever you have a gap",
        "after my shift",
    ],
)
def test_times_of_which_one_can_be_stay_as_typed(
    chat_by_request: Chat, text: str
) -> None:
    turn = chat_by_request.turn(text, form="request_form")

    assert _read_times(turn) == {"requested_times": text}
    assert said(turn) == ""


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("how much does it cost?", "faq"),
        ("price list please", "faq"),
        ("how much for two visits a week?", "faq"),
        ("what can you do", "capabilities"),
    ],
)
def test_a_question_is_answered_and_is_no_time(
    chat_by_request: Chat, text: str, intent: str
) -> None:
    turn = chat_by_request.turn(text, intent, form="request_form")

    assert _read_times(turn) == {}


@pytest.mark.parametrize(
    ("text", "intent", "confidence"),
    [
        ("yes", "affirm", 0.99),
        ("no", "deny", 0.99),
        ("where is my appointment", "check_appointment", 0.99),
        ("what times do you have", "book_appointment", 0.99),
        ("?", "nlu_fallback", 0.2),
        ("sorry?", "nlu_fallback", 0.8),
        ("hmm what do you mean", "out_of_scope", 0.2),
    ],
)
def test_what_is_no_time_is_asked_again(
    chat_by_request: Chat, text: str, intent: str, confidence: float
) -> None:
    turn = chat_by_request.turn(
        text, intent, confidence=confidence, form="request_form"
    )

    assert _read_times(turn) == {"requested_times": None}


@pytest.mark.parametrize(
    ("text", "intent", "confidence"),
    [
        ("would wednesday at 10 work?", "faq", 0.7),
        ("yes, tuesday works", "affirm", 0.9),
        ("flexible", "nlu_fallback", 0.9),
        ("when the kids are at school", "nlu_fallback", 0.5),
        ("how about after my shift?", "nlu_fallback", 0.5),
    ],
)
def test_times_are_kept_however_they_are_put(
    chat_by_request: Chat, text: str, intent: str, confidence: float
) -> None:
    turn = chat_by_request.turn(
        text, intent, confidence=confidence, form="request_form"
    )

    assert _read_times(turn) == {"requested_times": text}


@pytest.mark.parametrize(
    ("text", "intent", "reason"),
    [
        ("what should i say?", "out_of_scope", None),
        ("why does my neck hurt so", "start_screening", "why does my neck hurt so"),
        ("pain when i walk", "start_screening", "pain when i walk"),
    ],
)
def test_a_question_of_what_to_say_is_no_reason(
    chat_by_request: Chat, text: str, intent: str, reason: str | None
) -> None:
    turn = chat_by_request.turn(text, intent, form="request_form")

    assert _read_reason(turn) == {"requested_reason": reason}


def test_a_request_keeps_the_address_that_was_given(chat_by_request: Chat) -> None:
    turn = chat_by_request.turn(
        "yes",
        "confirm",
        requested_times="friday",
        visitor_name="Bo Ray",
        visitor_phone="+12125550142",
        visitor_email="bo@example.org",
    )

    _request(turn)

    with chat_by_request.house.store.reading() as unit:
        (asked,) = unit.bookings.requests()
    assert asked.patient_email == "bo@example.org"


@pytest.fixture
def visit(chat_by_request: Chat) -> Appointment:
    """Let staff book a visit for the visitor."""
    chat = chat_by_request
    with chat.house.store.unit() as unit:
        booked = book_by_hand(
            unit,
            chat.house.shelf.clinic,
            FakeLinks(),
            chat.id,
            chat.openings()[0],
            Patient("Sam Lee", "+12125550187"),
            "Mara",
            chat.now,
        )
    assert isinstance(booked, Booked)
    return booked.appointment


@pytest.mark.parametrize(
    ("text", "times"),
    [
        ("can I move my appointment", None),
        ("move it to friday after 3", "move it to friday after 3"),
        ("move it to yesterday", None),
    ],
)
def test_another_time_is_asked_of_staff_and_the_old_one_stands(
    chat_by_request: Chat, visit: Appointment, text: str, times: str | None
) -> None:
    turn = chat_by_request.turn(text, "reschedule_appointment")

    events = _begin_change(turn)

    known = slots(events)
    assert events[-1]["name"] == "request_form"
    assert "this stands: " in said(turn)
    assert known["requested_times"] == times
    assert known["requested_reason"].startswith("Another time for a visit. Now: ")
    assert known["visitor_name"] == "Sam Lee"


def test_who_asks_for_another_time_is_told_that_the_visit_stands(
    chat_by_request: Chat, visit: Appointment
) -> None:
    turn = chat_by_request.turn(
        "yes",
        "confirm",
        requested_times="friday",
        visitor_name="Sam Lee",
        visitor_phone="+12125550187",
    )

    _request(turn)

    assert "What you have booked stands" in said(turn)


@pytest.mark.parametrize("text", ["skip", "Skip it.", "skip this one"])
@pytest.mark.parametrize("read", [_read_times, read_who, read_number, _read_yes])
def test_what_cannot_be_skipped_is_asked_again(
    chat_by_request: Chat, read: Callable[[Turn], Slots], text: str
) -> None:
    turn = chat_by_request.turn(
        text, "stop", form="request_form", requested_times="friday"
    )

    assert set(read(turn).values()) == {None}


@pytest.mark.parametrize("text", ["skip", "Skip it.", "skip this one"])
def test_what_can_be_skipped_is(chat_by_request: Chat, text: str) -> None:
    turn = chat_by_request.turn(text, "stop", form="request_form")

    assert _read_reason(turn) == {"requested_reason": ""}


@pytest.mark.parametrize("read", [read_choice, read_number, read_yes])
@pytest.mark.parametrize(
    "text",
    ["my wife wants to come too", "can you do both of us", "it would be for two"],
)
def test_who_brings_somebody_hears_that_a_visit_is_for_one(
    chat: Chat, read: object, text: str
) -> None:
    turn = chat.turn(text, "nlu_fallback", form="booking_form")

    read(turn)  # type: ignore[operator]

    assert "Each visit is for one person" in said(turn)


@pytest.mark.parametrize("text", ["my wife said so", "for two weeks", "ask my son"])
def test_who_only_speaks_of_somebody_does_not(chat: Chat, text: str) -> None:
    turn = chat.turn(text, "nlu_fallback", form="booking_form")

    read_number(turn)

    assert "Each visit is for one person" not in said(turn)


def test_a_reason_that_begins_with_no_is_kept(chat_by_request):
    turn = chat_by_request.turn("not sure, it's my neck", "deny", form="request_form")

    assert _read_reason(turn) == {"requested_reason": "not sure, it's my neck"}


def test_a_name_and_number_are_no_reason(chat_by_request):
    turn = chat_by_request.turn("Dana Whitfield 212 555 0187", form="request_form")

    assert _read_reason(turn) == {
        "requested_reason": None,
        "visitor_name": "Dana Whitfield",
        "visitor_phone": "+12125550187",
    }


@pytest.mark.parametrize("text", ["yes", "yeah sure", "ok go ahead", "Yes please"])
def test_a_yes_is_no_reason(chat_by_request: Chat, text: str) -> None:
    turn = chat_by_request.turn(text, "nlu_fallback", form="request_form")

    assert _read_reason(turn) == {"requested_reason": None}
