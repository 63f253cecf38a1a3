"""What is offered for a wish, what is proposed beside it, and the waitlist."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from actions.appointments import _check
from actions.booking import _book
from actions.booking_form import _ask_confirmed
from actions.choosing import read_choice
from actions.misses import _out_of_scope, _suggest_or_go_on
from actions.offers import WAITLIST, ask_opening, wished
from actions.replies import read_address, read_number, read_who
from actions.waiting import _leave, _next_course, _pass, _take
from bot.clinic.booking import Opening, read_opening
from bot.clinic.screening import Disposition
from bot.clinic.wish import Wish
from bot.desk.booking import upcoming
from bot.desk.matching import in_words
from bot.desk.waiting import go_round
from bot.desk.wishes import stamped
from tests.actions.chat import Chat, payloads, said, slots
from tests.actions.conftest import chat_at

FORM = "booking_form"
WHO: dict[str, Any] = {
    "visitor_name": "Bo Ray",
    "visitor_phone": "+17805550142",
    "visitor_email": "",
}


@pytest.fixture
def network(tmp_path: Path, now: datetime) -> Iterator[Chat]:
    """Let a visitor begin at a network of many practitioners."""
    yield from chat_at("bangalore", tmp_path, now)


def offered(chat: Chat, *lines: str, intent: str = "inform", **more: Any):
    """Let a visitor wish for something; return the turn that answers, and its slots."""
    turn = chat.turn(intent=intent, form=FORM, wished_time="\n".join(lines), **more)
    return turn, slots(ask_opening(turn))


def chosen(chat: Chat, opening_id: str, *lines: str) -> dict[str, Any]:
    turn = chat.turn(
        '/choose_opening{"opening": ""}',
        "choose_opening",
        form=FORM,
        entities={"opening": opening_id},
        wished_time="\n".join(lines),
    )
    return read_choice(turn)


def hour_of(chat: Chat, opening: Opening) -> int:
    return opening.starts_at.astimezone(chat.house.shelf.clinic.zone).hour


def book(chat: Chat, *lines: str, **found: Any):
    turn = chat.press("/confirm", **{**WHO, "wished_time": "\n".join(lines), **found})
    return turn, slots(_book(turn))


def ahead(chat: Chat):
    with chat.house.store.reading() as unit:
        return upcoming(unit, chat.id, chat.now)


# --- offers ------------------------------------------------------------------------


def test_the_network_says_what_it_is_and_why_this_one(network: Chat) -> None:
    turn, _ = offered(network, "physio with a woman who speaks Kannada")

    assert "First physiotherapy visit, 60 minutes, \u20b91,400." in said(turn)
    assert "gives physiotherapy, speaks Kannada and is a woman" in said(turn)


def test_a_complaint_is_told_what_is_offered_first(network: Chat) -> None:
    turn, _ = offered(network, "stiff neck, anything on tuesday")

    assert "we offer physiotherapy first; you can ask for acupuncture" in said(turn)
    assert "as you asked" not in said(turn)


def test_nothing_is_claimed_that_is_not_so(network: Chat) -> None:
    turn, _ = offered(network, "someone who speaks Urdu", "with Asha Verrin")

    assert "Urdu" not in said(turn)


def test_wishes_that_exclude_each_other_give_way_to_the_last(network: Chat) -> None:
    turn, after = offered(network, "online", "physio")

    assert "can't match all of that" in said(turn)
    assert after["wished_time"] == "physio"


def test_two_meanings_are_asked_with_buttons(chat: Chat) -> None:
    turn, after = offered(chat, "next friday after 4")

    assert payloads(turn) == [
        '/choose_wish{"wish": "#0"}',
        '/choose_wish{"wish": "#1"}',
    ]
    assert after == {}


def test_the_meaning_can_be_chosen_in_words(chat: Chat) -> None:
    turn = chat.turn("the second one", form=FORM, wished_time="next friday")

    assert read_choice(turn)["wished_time"].splitlines() == [
        "next friday",
        stamped("#1", chat.now),
    ]


@pytest.mark.parametrize(
    ("text", "which"),
    [
        ("hmm ok the first one", 0),
        ("I'll take the second one please", 1),
        ("Yes, let's go with the last", -1),
        ("third", 2),
    ],
)
def test_an_offered_time_is_chosen_as_people_say_it(
    chat: Chat, text: str, which: int
) -> None:
    shown = [one.id for one in chat.openings()[:3]]
    turn = chat.turn(text, form=FORM, offered_openings=[shown])

    assert read_choice(turn)["chosen_opening_id"] == shown[which]


@pytest.mark.parametrize(
    ("text", "means_nine"),
    [("9", True), ("9 am please", True), ("9pm", False), ("21:00", False)],
)
def test_morning_and_evening_are_not_taken_for_each_other(
    chat: Chat, text: str, means_nine: bool
) -> None:
    nine = next(one for one in chat.openings() if hour_of(chat, one) == 9)
    turn = chat.turn(text, form=FORM, offered_openings=[[nine.id]])

    held = read_choice(turn).get("chosen_opening_id")

    assert held == (nine.id if means_nine else None)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("anything later?", "from 9:05 am"),
        ("have you got a later one", "from 9:05 am"),
        ("something a bit earlier please", "before 9 am"),
    ],
)
def test_later_means_later_than_the_times_on_offer(
    chat: Chat, text: str, line: str
) -> None:
    nine = next(one for one in chat.openings() if hour_of(chat, one) == 9)
    turn = chat.turn(text, form=FORM, offered_openings=[[nine.id]])

    assert read_choice(turn)["wished_time"] == stamped(line, chat.now)


def test_later_with_nothing_on_offer_is_no_wish(chat: Chat) -> None:
    turn = chat.turn("anything later?", form=FORM)

    assert not read_choice(turn).get("wished_time")


def test_a_day_that_is_over_gets_a_question_and_no_times(chat: Chat) -> None:
    reading = chat.turn("yesterday", form=FORM)
    read_choice(reading)
    asking = chat.turn("yesterday", form=FORM, answered=said(reading))

    ask_opening(asking)

    assert said(reading) == "That day has passed. Which day would suit you?"
    assert said(asking) == ""


@pytest.mark.parametrize(
    "last_answer", ["7/10", "since 31/10", "no, nothing since 1 november", "yesterday"]
)
def test_times_follow_the_last_safety_answer_whatever_it_was(
    chat: Chat, last_answer: str
) -> None:
    turn = chat.turn(last_answer, form=FORM, answered="You can book a visit.")

    ask_opening(turn)

    assert "These times are free" in said(turn)


def test_a_bad_date_later_on_keeps_the_time_that_was_chosen(chat: Chat) -> None:
    opening = chat.openings()[0]
    turn = chat.turn("31 february", form=FORM, chosen_opening_id=opening.id)

    assert read_who(turn) == {"visitor_name": None, "chosen_opening_id": opening.id}


def test_more_than_one_thing_told_early_is_kept(chat: Chat) -> None:
    phone = chat.turn("my number is 780 555 0144", form=FORM)
    name = chat.turn("my name is Max O'Brian", form=FORM, visitor_name="Max O'Brien")

    assert read_who(phone) == {"visitor_name": None, "visitor_phone": "+17805550144"}
    assert read_number(name)["visitor_name"] == "Max O'Brian"
    assert read_address(name)["visitor_name"] == "Max O'Brian"


def test_a_visit_is_moved_alone(chat: Chat) -> None:
    chat.screened(Disposition.OK_TO_BOOK)
    book(chat, chosen_opening_id=chat.openings()[0].id)
    (visit,) = ahead(chat)
    turn = chat.turn(
        form="change_form",
        appointment_id=visit.id,
        wished_time="once a week for six weeks",
    )

    ask_opening(turn)

    assert "These times are free" in said(turn)


def test_the_day_stands_where_the_same_person_has_no_time(chat: Chat) -> None:
    chat.screened(Disposition.OK_TO_BOOK)
    book(chat, chosen_opening_id=chat.openings()[0].id)
    (visit,) = ahead(chat)
    shelf = chat.house.shelf
    people = dict(shelf.clinic.practitioners)
    people[visit.practitioner_id] = replace(
        people[visit.practitioner_id], hours={}, exceptions=()
    )
    clinic = replace(shelf.clinic, practitioners=people)
    chat.house = replace(chat.house, shelf=replace(shelf, clinic=clinic))
    turn = chat.turn(
        form="change_form", appointment_id=visit.id, wished_time="on a friday"
    )

    (shown,) = slots(ask_opening(turn))["offered_openings"]

    assert "These are with others" in said(turn)
    found = [read_opening(clinic, one) for one in shown]
    days = {one.starts_at.astimezone(clinic.zone).weekday() for one in found if one}
    assert days == {4}


# --- a course and a plan -----------------------------------------------------------


def test_a_course_is_read_back_and_booked_as_a_whole(chat: Chat) -> None:
    chat.screened(Disposition.OK_TO_BOOK)
    wish = "once a week for three weeks"
    _, shown = offered(chat, wish)
    held = chosen(chat, shown["offered_openings"][0][0], wish)
    assert len(held["series_openings"]) == 3

    read_back = chat.turn(form=FORM, wished_time=wish, **{**WHO, **held})
    _ask_confirmed(read_back)
    turn, after = book(chat, wish, **held)

    assert "Visit 3: " in said(read_back)
    assert "Your 3 visits are booked" in said(turn)
    assert [one.course_number for one in ahead(chat)] == [1, 2, 3]
    assert after["series_openings"] is None


def test_a_course_that_does_not_fit_holds_nothing(chat: Chat) -> None:
    chat.screened(Disposition.OK_TO_BOOK)
    wish = "every two weeks, 12 visits"
    _, shown = offered(chat, wish)

    held = chosen(chat, shown["offered_openings"][0][0], wish)

    assert held == {"chosen_opening_id": None}


def test_a_plan_is_proposed_and_booked_together(network: Chat) -> None:
    network.screened(Disposition.OK_TO_BOOK)
    turn, shown = offered(network, "someone for sciatica")
    assert '/choose_wish{"wish": "together"}' in payloads(turn)

    lines = ("someone for sciatica", "together")
    held = chosen(network, shown["offered_openings"][0][0], *lines)
    turn, _ = book(network, *lines, **held)

    assert "Your 2 visits are booked" in said(turn)
    assert [one.treatment_id for one in ahead(network)] == [
        "first_physiotherapy",
        "first_acupuncture",
    ]
    assert [one.course_number for one in ahead(network)] == [None, None]


def test_the_next_course_starts_from_the_last_one(chat: Chat) -> None:
    chat.screened(Disposition.OK_TO_BOOK)
    wish = "once a week for three weeks"
    _, shown = offered(chat, wish)
    book(chat, wish, **chosen(chat, shown["offered_openings"][0][0], wish))
    course_id = ahead(chat)[0].course_id
    turn = chat.press("/next_course", entities={"course": course_id})

    wished = slots(_next_course(turn))["wished_time"]

    assert wished.startswith("3 visits once a week, acupuncture follow-up with ")


# --- the waitlist ------------------------------------------------------------------


def test_the_waitlist_is_read_back_in_plain_words(chat: Chat) -> None:
    turn = chat.turn(
        form=FORM, wished_time="friday at 3am", chosen_opening_id=WAITLIST, **WHO
    )
    _ask_confirmed(turn)

    assert "Waitlist: Friday, November 20, around 3 am" in said(turn)


def test_a_course_waits_for_one_visit_and_says_so(chat: Chat) -> None:
    turn = chat.turn(
        form=FORM,
        wished_time="once a week for six weeks",
        chosen_opening_id=WAITLIST,
        **WHO,
    )
    _ask_confirmed(turn)

    assert "Waitlist: one visit, any time" in said(turn)


def test_who_waits_books_a_freed_time_with_one_tap(chat: Chat) -> None:
    line = is_offered(chat)

    tapped = chat.press("/take_freed", entities={"waiting": line})
    _take(tapped)
    again = chat.press("/take_freed", entities={"waiting": line})
    _take(again)

    assert "Your visit is booked" in said(tapped)
    assert "no longer kept" in said(again)
    assert len(ahead(chat)) == 1


def test_who_passes_stays_on_the_list_until_they_leave_it(chat: Chat) -> None:
    line = is_offered(chat)

    passed = chat.press("/pass_freed", entities={"waiting": line})
    _pass(passed)
    left = chat.press("/leave_waitlist")
    _leave(left)

    assert "You stay on the waitlist" in said(passed)
    assert "off the waitlist" in said(left)
    with chat.house.store.reading() as unit:
        assert unit.waitlist.of(chat.id) == []


def test_a_waitlist_is_offered_only_where_the_wish_cannot_be_met(chat: Chat) -> None:
    met, _ = offered(chat, "friday")
    not_met, _ = offered(chat, "friday at 3am")

    assert "/join_waitlist" not in payloads(met)
    assert "/join_waitlist" in payloads(not_met)


def is_offered(chat: Chat) -> str:
    """Let a visitor join the waitlist and be offered a time; return the offer's id."""
    chat.screened(Disposition.OK_TO_BOOK)
    pressed = chat.press("/join_waitlist", form=FORM)
    assert read_choice(pressed) == {"chosen_opening_id": WAITLIST}
    joined, _ = book(chat, "friday", chosen_opening_id=WAITLIST)
    assert "You are on the waitlist" in said(joined)
    store, clinic = chat.house.store, chat.house.shelf.clinic
    assert go_round(store.unit, store.reading, clinic, chat.now) == [chat.id]
    with store.reading() as unit:
        (line,) = unit.waitlist.of(chat.id)
    return line.id


# --- a wish that nobody asked for ----------------------------------------------------


@pytest.mark.parametrize("answer", [_suggest_or_go_on, _out_of_scope, _check])
def test_a_time_out_of_the_blue_begins_a_booking(chat: Chat, answer: Any) -> None:
    turn = chat.turn("friday the 4th of december")

    found = answer(turn)

    assert "Gladly: Friday, December 4. First I ask" in said(turn)
    assert slots(found)["wished_time"] == stamped(turn.typed, chat.now)
    assert found[-1]["name"] == "screening_form"


def test_after_the_questions_the_wish_is_still_known(chat: Chat) -> None:
    chat.screened(Disposition.OK_TO_BOOK)
    turn = chat.turn("thursday after 5 any chance")

    found = _suggest_or_go_on(turn)

    assert slots(found)["wished_time"] == stamped(turn.typed, chat.now)
    assert found[-1]["name"] == "booking_form"


def test_tomorrow_is_the_day_after_it_was_said(chat: Chat) -> None:
    line = stamped("tomorrow morning", chat.now)
    chat.now += timedelta(hours=23)

    wish = wished(chat.turn(form=FORM, wished_time=line))

    assert isinstance(wish, Wish)
    assert in_words(chat.house.shelf.clinic, wish, chat.now) == (
        "today, Thursday, November 19, before 12 noon"
    )


def test_a_day_that_cannot_be_begins_nothing(chat: Chat) -> None:
    turn = chat.turn("31 february")

    assert _suggest_or_go_on(turn) == []
    assert "There is no such date" in said(turn)


def test_where_staff_arrange_visits_the_times_are_passed_on(
    chat_by_request: Chat,
) -> None:
    turn = chat_by_request.turn("tuesday or thursday after 4")

    found = _suggest_or_go_on(turn)

    assert slots(found)["requested_times"] == "tuesday or thursday after 4"
    assert found[-1]["name"] == "request_form"


@pytest.mark.parametrize(
    "text",
    [
        "tell me if one frees up",
        "can you let me know when something opens up?",
        "put me on the waiting list",
        "text me as soon as somebody cancels please",
    ],
)
def test_the_waitlist_is_joined_in_words(chat, text):
    turn = chat.turn(text, "faq", form="booking_form")

    assert read_choice(turn) == {"chosen_opening_id": WAITLIST}


@pytest.mark.parametrize("text", ["let me know if it hurts", "tell me the price"])
def test_other_words_join_no_waitlist(chat, text):
    turn = chat.turn(text, "faq", form="booking_form")

    assert read_choice(turn) == {}
