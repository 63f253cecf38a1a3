"""A request that staff have not answered can be taken back."""

import pytest

from actions.appointments import none_here
from actions.cancelling import _begin_cancel, _cancel_pressed
from actions.handoff import stop
from bot.clinic.booking import Patient
from bot.desk.booking import Booked
from bot.desk.by_hand import book_by_hand
from tests.actions.chat import Chat, payloads, said
from tests.letters import FakeLinks


@pytest.mark.parametrize(
    "text",
    [
        "cancel my request",
        "please withdraw the appointment request",
        "scrap that enquiry, i found someone",
    ],
)
def test_a_request_that_is_named_is_taken_back(asked: Chat, text: str) -> None:
    turn = asked.turn(text, "cancel_appointment")

    _begin_cancel(turn)

    assert "taken your request back (mondays after 4)" in said(turn)
    assert len(asked.requests()) == 0
    assert asked.handoff() is None


def test_to_drop_the_request_is_more_than_to_stop(asked: Chat) -> None:
    turn = asked.turn("never mind that request", "stop")

    stop(turn)

    assert "taken your request back" in said(turn)
    assert len(asked.requests()) == 0


def test_a_cancelling_that_names_nothing_is_asked_about(asked: Chat) -> None:
    turn = asked.turn("i want to cancel", "cancel_appointment")
    _begin_cancel(turn)
    (press, keep) = payloads(turn)

    assert "Shall I take it back?" in said(turn)
    assert keep == "/deny"
    assert len(asked.requests()) == 1

    pressed = asked.turn(
        press, "cancel_this", entities={"appointment": press.split('"')[3]}
    )
    _cancel_pressed(pressed)

    assert "taken your request back" in said(pressed)
    assert len(asked.requests()) == 0


def test_a_visit_that_stands_is_said_to_stand(asked: Chat) -> None:
    clinic = asked.house.shelf.clinic
    with asked.house.store.unit() as unit:
        done = book_by_hand(
            unit,
            clinic,
            FakeLinks(),
            asked.id,
            asked.openings()[0],
            Patient("Bo Ray", "+12125550142"),
            "Mara",
            asked.now,
        )
    assert isinstance(done, Booked)
    turn = asked.turn("cancel my request", "cancel_appointment")

    _begin_cancel(turn)

    assert "Your visit stands as it is." in said(turn)
    with asked.house.store.reading() as unit:
        assert unit.bookings.get(done.appointment.id) == done.appointment


def test_i_request_you_to_cancel_names_no_request(chat: Chat) -> None:
    turn = chat.turn("i request you to cancel it", "cancel_appointment")

    _begin_cancel(turn)

    assert "I see no visit ahead" in said(turn)


def test_what_waits_is_still_told(asked: Chat) -> None:
    turn = asked.turn("do i have something", "check_appointment")

    none_here(turn)

    assert "have your request (mondays after 4)" in said(turn)
