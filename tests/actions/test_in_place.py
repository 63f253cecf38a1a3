"""Words that mean something only beside what is being arranged, and nothing is lost."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from actions.appointments import _begin_change, _check, _read_which
from actions.booking import begin, begin_with_wish
from actions.booking_form import ValidateBookingForm, read_yes
from actions.cancelling import _begin_cancel
from actions.choosing import read_choice
from actions.misses import _suggest_or_go_on
from actions.offers import ask_opening
from actions.replies import read_address, read_number, read_who
from actions.request import ValidateRequestForm, _read_reason, _read_times, _read_yes
from bot.clinic.booking import Patient
from bot.clinic.screening import Disposition
from bot.clinic.when import say_time
from bot.clinic.wish import Wish
from bot.desk.booking import Booked, book, upcoming
from bot.desk.requests import request
from bot.desk.waiting import wait
from bot.desk.wishes import words_of
from tests.actions.chat import Chat, payloads, said, slots
from tests.actions.test_visits import filled

A_WEEK = timedelta(days=7)
HOUR = timedelta(hours=1)


def wished(read):
    """Return the words of what is wished, line by line."""
    return [words_of(line) for line in read["wished_time"].splitlines()]


def at_the_end(chat, text, intent="inform", **more):
    """Reply to "is it right?", with the first opening chosen."""
    return chat.turn(
        text, intent, form="booking_form", **filled(chat.openings()[0].id), **more
    )


@pytest.mark.parametrize("text", ["an hour later", "yes, but an hour later"])
def test_an_hour_later_leans_on_the_time_that_was_chosen(chat, text):
    opening = chat.openings()[0]
    later = opening.starts_at.astimezone(chat.house.shelf.clinic.zone) + HOUR

    read = read_yes(at_the_end(chat, text, "affirm"))

    assert f"{later:%Y-%m-%d} at {say_time(later)}" in wished(read)[-1]
    assert read["booking_confirmed"] is None


def test_a_yes_with_another_time_books_nothing(chat):
    assert read_yes(at_the_end(chat, "yes, the week after", "affirm"))["wished_time"]


def test_anyone_else_is_none_of_those_on_offer(chat):
    opening = chat.openings()[0]
    turn = chat.turn(
        "is there anyone else?",
        "talk_to_human",
        form="booking_form",
        offered_openings=[[opening.id]],
    )
    who = chat.house.shelf.clinic.practitioners[opening.practitioner_id].name

    assert f"not with {who}" in wished(read_choice(turn))[0]


def test_to_talk_to_anyone_else_is_no_wish(chat):
    turn = chat.turn(
        "can i talk to anyone else",
        "talk_to_human",
        form="booking_form",
        offered_openings=[[chat.openings()[0].id]],
    )

    assert read_choice(turn) == {}


@pytest.mark.parametrize("read", [read_number, read_address])
def test_another_day_is_heard_at_any_question(chat, read):
    turn = chat.turn("can we do friday instead", form="booking_form")

    assert wished(read(turn)) == ["can we do friday instead"]


@pytest.mark.parametrize("text", ["38", "5", "555 0142", "780 555 014"])
@pytest.mark.parametrize("read", [read_who, read_number])
def test_a_number_is_no_time_where_none_is_asked_for(chat, read, text):
    assert "wished_time" not in read(chat.turn(text, form="booking_form"))


def test_morning_is_a_wish_among_times_and_no_greeting(chat):
    turn = chat.turn("morning", "greet", form="booking_form")

    assert wished(read_choice(turn)) == ["morning"]
    assert read_choice(chat.turn("good morning", "greet", form="booking_form")) == {}


def test_a_day_of_the_month_answers_which_of_two_days(chat):
    # The chat's day is a Wednesday, so that next Friday may be either.
    turn = chat.turn("the 27th", form="booking_form", wished_time="next friday")
    plain = chat.turn("27", form="booking_form", wished_time="next friday")

    assert wished(read_choice(turn))[-1] == wished(read_choice(plain))[-1] == "#1"


def test_who_comes_is_kept_from_the_first_message(chat):
    turn = chat.turn(
        "Hi, I'm Dana Whitfield, 780 555 0175, dana@example.net, friday please",
        "book_appointment",
    )

    known = slots(begin(turn))

    assert known["visitor_name"] == "Dana Whitfield"
    assert known["visitor_phone"] == "+17805550175"
    assert known["visitor_email"] == "dana@example.net"


@pytest.mark.parametrize("text", ["i'm in pain, book me in", "I'm Sore. Book me"])
def test_how_somebody_is_is_no_name(chat, text):
    assert "visitor_name" not in slots(begin(chat.turn(text, "book_appointment")))


@pytest.fixture
def three_visits(chat: Chat):
    """Book three visits on three days, soonest first."""
    chat.screened(Disposition.OK_TO_BOOK)
    clinic, patient = chat.house.shelf.clinic, Patient("Bo", "+17805550142")
    for one in chat.openings():
        with chat.house.store.unit() as unit:
            book(unit, clinic, chat.id, one, patient, chat.now)
    with chat.house.store.reading() as unit:
        return upcoming(unit, chat.id, chat.now)


@pytest.mark.parametrize(
    ("text", "place"),
    [("the second one", 1), ("my last visit", 2), ("the first one", 0)],
)
def test_a_visit_is_named_by_its_place(chat, three_visits, text, place):
    turn = chat.turn(f"i can't make {text}, can i move it", "reschedule_appointment")
    cancelling = chat.turn(f"cancel {text}", "cancel_appointment")

    _begin_cancel(cancelling)

    meant = three_visits[place].id
    assert slots(_begin_change(turn))["appointment_id"] == meant
    assert _read_which(chat.turn(text, form="change_form"))["appointment_id"] == meant
    assert meant in payloads(cancelling)[0]
    assert "Shall I cancel" in said(cancelling)


def test_a_visit_is_named_by_its_day(chat, three_visits):
    last = three_visits[-1].starts_at.astimezone(chat.house.shelf.clinic.zone)

    part = "morning" if last.hour < 12 else "afternoon"
    text = f"{last:%B} {last.day} in the {part}"

    read = _read_which(chat.turn(text, form="change_form"))

    assert read["appointment_id"] == three_visits[-1].id


def test_the_fourth_of_three_is_asked_for(chat, three_visits):
    turn = chat.turn("move the fourth one", "reschedule_appointment")

    assert slots(_begin_change(turn))["appointment_id"] is None


@pytest.mark.parametrize(
    ("which", "form"),
    [("chat", ValidateBookingForm()), ("chat_by_request", ValidateRequestForm())],
)
def test_where_is_my_appointment_is_answered_in_a_form(
    request, monkeypatch, which, form
):
    one = request.getfixturevalue(which)
    monkeypatch.setattr("bot.house.opened", lambda: one.house)
    turn = one.turn(
        "where is my appointment", "check_appointment", requested_slot="visitor_name"
    )

    read = asyncio.run(form.extract_visitor_name(turn.dispatcher, turn.tracker, {}))

    assert read == {"visitor_name": None}
    assert "no visit booked in this conversation yet" in said(turn)


def test_a_request_keeps_what_was_asked_for_before(chat_by_request):
    more = chat_by_request.turn(
        "and with a woman please", form="request_form", requested_times="friday"
    )
    other = chat_by_request.turn(
        "no wait, monday", form="request_form", requested_times="friday"
    )

    assert _read_yes(more)["requested_times"] == "friday\nand with a woman please"
    assert _read_yes(other)["requested_times"] == "no wait, monday"


@pytest.mark.parametrize("text", ["saturday", "the weekend", "on thanksgiving"])
def test_a_request_for_a_day_that_is_closed_is_told_so(chat_by_request, text):
    turn = chat_by_request.turn(text, form="request_form")

    assert _read_times(turn) == {"requested_times": None}
    assert "We are closed then" in said(turn)


def test_a_clinic_that_gives_no_hours_is_not_said_to_be_closed(chat_by_request):
    shelf = chat_by_request.house.shelf
    silent = replace(shelf.clinic, hours={}, phone_hours={})
    house = replace(chat_by_request.house, shelf=replace(shelf, clinic=silent))
    turn = replace(chat_by_request.turn("saturday", form="request_form"), house=house)

    assert _read_times(turn) == {"requested_times": "saturday"}


def test_yes_is_no_reason(chat_by_request):
    turn = chat_by_request.turn("yes", "affirm", form="request_form")

    assert _read_reason(turn) == {"requested_reason": None}


def test_a_request_that_waits_is_told_of(chat_by_request):
    chat = chat_by_request
    with chat.house.store.unit() as unit:
        clinic, patient = chat.house.shelf.clinic, Patient("Bo", "+12125550142")
        request(unit, clinic, chat.id, "friday\nafter 4", patient, chat.now)
    turn = chat.turn("when is my appointment", "check_appointment")

    _check(turn)

    assert "Our staff have your request (friday; after 4)" in said(turn)


def test_who_waits_is_told_for_what(chat):
    with chat.house.store.unit() as unit:
        wait(
            unit, chat.id, Wish(gender="woman"), Patient("Bo", "+17805550142"), chat.now
        )
    turn = chat.turn("when is my appointment", "check_appointment")

    _check(turn)

    assert "on the waitlist (with a woman)" in said(turn)


def test_what_is_near_a_time_is_not_said_to_be_it(chat):
    turn = chat.turn(
        "friday at 9:10", form="booking_form", wished_time="friday at 9:10"
    )

    ask_opening(turn)

    assert "Nothing is free at 9:10 am. This is what comes nearest." in said(turn)


@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("cupping twice a week for three weeks, under $100, with a woman", True),
        ("would cupping with a woman for $90 on friday help my mum?", False),
        ("my grandmother had a lamp", False),
    ],
)
def test_who_says_much_of_a_visit_wishes_for_one(chat, text, begins):
    begun = begin_with_wish(chat.turn(text, "out_of_scope", confidence=0.4))

    assert (begun is not None) == begins


def visit_of(chat):
    """Book the first opening; return the visit."""
    chat.screened(Disposition.OK_TO_BOOK)
    with chat.house.store.unit() as unit:
        clinic, opening = chat.house.shelf.clinic, chat.openings()[0]
        patient = Patient("Bo Ray", "+17805550142")
        booked = book(unit, clinic, chat.id, opening, patient, chat.now)
    assert isinstance(booked, Booked)
    return booked.appointment


def day_of(chat, visit):
    return visit.starts_at.astimezone(chat.house.shelf.clinic.zone)


@pytest.mark.parametrize("text", ["push it back a week", "move it to the week after"])
def test_a_move_leans_on_the_visit_that_is_there(chat, text):
    visit = visit_of(chat)

    begun = slots(_begin_change(chat.turn(text, "reschedule_appointment")))

    assert f"{day_of(chat, visit) + A_WEEK:%Y-%m-%d}" in wished(begun)[-1]
    assert begun["appointment_id"] == visit.id


@pytest.mark.parametrize("text", ["a bit later that day", "a week later"])
def test_words_that_lean_on_the_visit_alone_begin_to_move_it(chat, text):
    visit = visit_of(chat)

    begun = slots(_suggest_or_go_on(chat.turn(text, "nlu_fallback")))

    assert begun["appointment_id"] == visit.id
    assert wished(begun)[-1].startswith("2026-")


@pytest.mark.parametrize(
    "text", ["and the week after as well", "my back hurt more a day later"]
)
def test_more_than_another_time_moves_nothing(chat, text):
    visit_of(chat)

    begun = slots(_suggest_or_go_on(chat.turn(text, "nlu_fallback")))

    assert not begun.get("appointment_id")


def test_while_a_visit_is_moved_the_first_wish_leans_on_it(chat):
    visit = visit_of(chat)
    moving = {
        "form": "change_form",
        "appointment_id": visit.id,
        "offered_openings": [[chat.openings()[-1].id]],
    }

    first = read_choice(chat.turn("a week later", **moving))
    later = read_choice(chat.turn("a week later", **{**first, **moving}))

    assert f"{day_of(chat, visit) + A_WEEK:%Y-%m-%d}" in wished(first)[-1]
    assert wished(later)[-1] != wished(first)[-1]


def test_of_several_visits_the_chosen_one_is_leant_on(chat):
    first = visit_of(chat)
    second = visit_of(chat)
    turn = chat.turn("push it back a week", "reschedule_appointment")
    begun = slots(_begin_change(turn))

    read = _read_which(chat.turn("the second one", **{**begun, "form": "change_form"}))

    assert begun["appointment_id"] is None
    assert read["appointment_id"] == max(first, second, key=lambda v: v.starts_at).id
    assert "-" in wished(read)[-1]
    assert wished(read) != wished(begun)
