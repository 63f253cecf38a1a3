"""Booked, held, moved and cancelled visits, and buttons that are old by now."""

import asyncio
import json
import uuid
from datetime import timedelta

import pytest
from rasa_sdk.executor import CollectingDispatcher

from actions.appointments import _ask_which, _change, _read_which
from actions.booking import _book
from actions.booking_form import _ask_confirmed, read_yes
from actions.cancelling import _affirm, _begin_cancel, _cancel_pressed
from actions.choosing import read_choice
from actions.offers import moment
from actions.replies import read_address, read_number, read_who
from actions.small_talk import ActionClosed, _answer_topic, _closed
from actions.terms import LATE
from bot.clinic.conversation import Choice, Said
from bot.clinic.screening import Disposition
from bot.clinic.wish import Wish
from bot.desk.booking import upcoming
from bot.desk.matching import meets
from bot.desk.openings import offer
from bot.desk.wishes import stamped
from tests.actions.chat import DAY, leaves_the_form, payloads, said, slots

FORMS = ["booking_form", "request_form", "screening_form"]


def booked(chat, disposition=Disposition.OK_TO_BOOK, *rules):
    """Book the first opening; return the turn that did it."""
    chat.screened(disposition, *rules)
    turn = chat.press("/confirm", **filled(chat.openings()[0].id))
    _book(turn)
    return turn


def filled(opening_id):
    return {
        "chosen_opening_id": opening_id,
        "visitor_name": "Bo Ray",
        "visitor_phone": "+17805550142",
        "visitor_email": "",
    }


def ask_about_cancelling(chat):
    """Let the assistant ask, and the desk write it down with its buttons."""
    turn = chat.turn("cancel it", "cancel_appointment")
    _begin_cancel(turn)
    (message,) = turn.dispatcher.messages
    choices = tuple(Choice(one["title"], one["payload"]) for one in message["buttons"])
    with chat.house.store.unit() as unit:
        unit.conversations.say(
            chat.id, Said(message["text"], choices=choices), chat.now
        )
        unit.conversations.hear(chat.id, "yes", None, str(uuid.uuid4()), chat.now)
        unit.commit()


def ahead(chat):
    with chat.house.store.reading() as unit:
        return upcoming(unit, chat.id, chat.now)


def test_a_held_visit_is_put_before_a_person(chat):
    turn = booked(chat, Disposition.PRACTITIONER_REVIEW, "R12", "R40")

    handoff = chat.handoff()
    assert "you will hear from us" in said(turn)
    assert (handoff.reason, handoff.priority) == ("review", "routine")
    assert handoff.detail == "R12 R40"


def test_a_booked_visit_needs_nobody(chat):
    turn = booked(chat)

    assert "Your visit is booked" in said(turn)
    assert chat.handoff() is None


def test_a_visit_that_becomes_held_by_moving_is_put_before_a_person(chat):
    booked(chat)
    (visit,) = ahead(chat)
    chat.now = chat.now.replace(minute=5)
    chat.screened(Disposition.PRACTITIONER_REVIEW, "R12")
    other = chat.openings()[-1]

    _change(
        chat.press(
            "/confirm",
            form="change_form",
            entities={"answer": LATE},
            chosen_opening_id=other.id,
            appointment_id=visit.id,
        )
    )

    (moved,) = ahead(chat)
    assert (moved.starts_at, moved.status) == (other.starts_at, "pending")
    assert chat.handoff().detail == "R12"


def test_a_moved_visit_is_said_to_be_moved_from_then_to_then(chat):
    booked(chat)
    (visit,), other = ahead(chat), chat.openings()[-1]
    turn = chat.press(
        "/confirm",
        form="change_form",
        entities={"answer": LATE},
        chosen_opening_id=other.id,
        appointment_id=visit.id,
    )

    _change(turn)

    then, now = moment(turn, visit), moment(turn, other)
    assert f"Your visit is moved from {then} to {now}." in said(turn)
    assert "booked" not in said(turn)
    (shown,) = [one["custom"]["card"] for one in turn.dispatcher.messages]
    assert shown["title"] == "Moved"


def test_a_button_says_by_its_intent_what_it_does(chat):
    booked(chat)
    moving, cancelling = chat.turn(), chat.turn()
    _ask_which(moving)
    _begin_cancel(cancelling)
    (visit,) = ahead(chat)

    assert payloads(moving) == [f'/choose_appointment{{"appointment": "{visit.id}"}}']
    assert payloads(cancelling)[0].startswith(
        f'/cancel_this{{"appointment": "{visit.id}"'
    )


def test_pressing_the_cancel_button_cancels(chat):
    booked(chat)
    (visit,) = ahead(chat)
    turn = chat.press(
        "/cancel_this", entities={"appointment": visit.id, "answer": LATE}
    )

    _cancel_pressed(turn)

    assert "cancelled" in said(turn)
    assert ahead(chat) == []


# --- the terms of late changes -------------------------------------------------------


@pytest.fixture
def visit(chat):
    """Book a visit that is days away."""
    chat.screened(Disposition.OK_TO_BOOK)
    with chat.house.store.reading() as unit:
        wish = Wish(earliest=chat.now + 3 * DAY)
        (opening,) = offer(unit, chat.house.shelf.clinic, wish, chat.now, count=1)
    _book(chat.press("/confirm", **filled(opening.id)))
    (one,) = ahead(chat)
    return one


def hours_before(chat, visit, hours):
    chat.now = visit.starts_at - timedelta(hours=hours)


def pressed(chat, payload, **more):
    intent, _, carried = payload.partition("{")
    return chat.press(intent, entities=json.loads("{" + carried), **more)


def test_a_button_from_before_it_was_late_asks_again(chat, visit):
    hours_before(chat, visit, 24.1)
    asked = chat.turn("cancel it", "cancel_appointment")
    _begin_cancel(asked)
    hours_before(chat, visit, 23)
    early = pressed(chat, payloads(asked)[0])
    _cancel_pressed(early)
    stands = ahead(chat)

    late = pressed(chat, payloads(early)[0])
    _cancel_pressed(late)

    assert "fee" not in said(asked)
    assert "less than 24 hours away, and our terms then say: a fee of $40" in said(
        early
    )
    assert stands == [visit]
    assert "cancelled" in said(late)
    assert ahead(chat) == []


def test_a_yes_to_a_question_from_before_it_was_late_asks_again(chat, visit):
    hours_before(chat, visit, 24.1)
    ask_about_cancelling(chat)
    hours_before(chat, visit, 23)
    turn = chat.turn("yes", "affirm")

    _affirm(turn)

    assert "our terms then say: a fee of $40" in said(turn)
    assert ahead(chat) == [visit]


@pytest.mark.parametrize(("hours", "told"), [(24.1, False), (23, True)])
def test_moving_late_is_told_what_the_terms_say(chat, visit, hours, told):
    hours_before(chat, visit, hours)
    other = chat.openings()[-1]
    moved = {"appointment_id": visit.id, "chosen_opening_id": other.id}
    look = chat.turn(form="change_form", **moved)
    _ask_confirmed(look)
    yes = payloads(look)[0]

    done = pressed(chat, yes, **moved) if told else chat.press(yes, **moved)
    _change(done)

    assert ("Your visit now is less than 24 hours away" in said(look)) is told
    assert [one.starts_at for one in ahead(chat)] == [other.starts_at]


def test_a_move_that_became_late_shows_the_terms_first(chat, visit):
    hours_before(chat, visit, 23)
    moved = {"appointment_id": visit.id, "chosen_opening_id": chat.openings()[-1].id}
    turn = chat.press("/confirm", **moved)

    events = _change(turn)

    assert "look at our terms" in said(turn)
    assert events[-1]["name"] == "change_form"
    assert slots(events) == {"booking_confirmed": None}
    assert ahead(chat) == [visit]


# --- buttons that are old by now -----------------------------------------------------


@pytest.mark.parametrize(
    ("text", "intent", "answer"),
    [
        ("yes", "affirm", _affirm),
        ("yes, cancel it", "cancel_appointment", _begin_cancel),
    ],
)
def test_a_typed_yes_cancels_the_one_visit(chat, text, intent, answer):
    booked(chat)
    ask_about_cancelling(chat)
    turn = chat.turn(text, intent)

    answer(turn)

    assert "cancelled" in said(turn)
    assert ahead(chat) == []


@pytest.mark.parametrize(
    ("text", "intent", "answer"),
    [
        ("ok but could I move it instead", "affirm", _affirm),
        ("yes, unless you can move it", "cancel_appointment", _begin_cancel),
    ],
)
def test_a_yes_with_a_but_cancels_nothing(chat, text, intent, answer):
    booked(chat)
    ask_about_cancelling(chat)
    turn = chat.turn(text, intent)

    answer(turn)

    assert "Shall I cancel your visit" in said(turn)
    assert len(ahead(chat)) == 1


def test_cancelling_is_asked_about_again_without_a_yes(chat):
    booked(chat)
    ask_about_cancelling(chat)

    _begin_cancel(chat.turn("cancel it", "cancel_appointment"))

    assert len(ahead(chat)) == 1


def test_a_yes_to_which_of_two_cancels_neither(chat):
    booked(chat)
    booked(chat)
    ask_about_cancelling(chat)
    turn = chat.turn("yes", "affirm")

    _affirm(turn)

    assert "Which visit shall I cancel" in said(turn)
    assert len(ahead(chat)) == 2


def test_a_yes_to_what_was_said_since_cancels_nothing(chat):
    booked(chat)
    ask_about_cancelling(chat)
    with chat.house.store.unit() as unit:
        unit.conversations.say(chat.id, Said("It is on the ground floor."), chat.now)
        unit.commit()

    _affirm(chat.turn("yes", "affirm"))

    assert len(ahead(chat)) == 1


@pytest.mark.parametrize(
    ("text", "intent", "act"),
    [
        ("yes", "affirm", _affirm),
        ("yes, cancel it", "cancel_appointment", _begin_cancel),
    ],
)
def test_a_yes_that_was_meant_for_something_else_cancels_nothing(
    chat, text, intent, act
):
    booked(chat)
    ask_about_cancelling(chat)

    act(chat.turn(text, intent, seen=False))

    assert len(ahead(chat)) == 1


def test_a_yes_to_nothing_cancels_nothing(chat):
    booked(chat)
    turn = chat.turn("yes", "affirm")

    _affirm(turn)

    assert said(turn) == "utter_affirm"
    assert len(ahead(chat)) == 1


def test_an_old_button_of_moving_changes_nothing(chat):
    booked(chat)
    before = ahead(chat)
    turn = chat.press("/choose_appointment", entities={"appointment": before[0].id})

    _closed(turn)

    assert "closed already" in said(turn)
    assert ahead(chat) == before


def test_a_cancel_button_does_not_choose_what_to_move(chat):
    booked(chat)
    (visit,) = ahead(chat)
    turn = chat.press(
        "/cancel_this", form="change_form", entities={"appointment": visit.id}
    )

    assert _read_which(turn) == {"appointment_id": None}


def test_a_second_yes_is_answered_calmly(chat):
    booked(chat)
    turn = chat.press("/confirm")

    _closed(turn)

    assert "closed already" in said(turn)
    assert "/check_appointment" in payloads(turn)
    assert len(ahead(chat)) == 1


def test_an_old_button_before_any_visit_offers_to_book(chat, monkeypatch):
    turn = chat.press("/skip")
    monkeypatch.setattr("bot.house.opened", lambda: chat.house)

    dispatcher = CollectingDispatcher()
    asyncio.run(ActionClosed().run(dispatcher, turn.tracker, {}))

    (message,) = dispatcher.messages
    assert "/book_appointment" in [one["payload"] for one in message["buttons"]]


@pytest.mark.parametrize("form", FORMS)
def test_cancel_inside_a_form_leaves_the_form(chat, form):
    booked(chat)
    turn = chat.turn("cancel", "cancel_appointment", form=form)

    events = _begin_cancel(turn)

    assert "stopped there" in said(turn)
    assert leaves_the_form(events)
    assert len(ahead(chat)) == 1


def test_cancel_while_moving_asks_which_visit_to_cancel(chat):
    booked(chat)
    turn = chat.turn("cancel my appointment", "cancel_appointment", form="change_form")

    events = _begin_cancel(turn)

    assert "Shall I cancel your visit" in said(turn)
    assert leaves_the_form(events)
    assert slots(events)["appointment_id"] is None


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("cancel my appointment", "cancel_appointment"),
        ("stop", "stop"),
        ("never mind", "stop"),
        ("/ask_topic", "ask_topic"),
    ],
)
@pytest.mark.parametrize(
    "read", [read_choice, read_who, read_number, read_address, read_yes]
)
def test_every_question_of_the_booking_can_be_left(chat, read, text, intent):
    turn = chat.turn(text, intent, form="booking_form")

    assert read(turn) == {}
    assert said(turn) == ""


def test_a_topic_is_answered_with_its_written_answer(chat):
    turn = chat.press("/ask_topic", entities={"topic": "needle_pain"})

    _answer_topic(turn)

    assert said(turn) == "utter_faq/needle_pain"


def test_an_unreadable_time_is_chosen_again_and_nothing_handed_over(chat):
    chat.screened(Disposition.PRACTITIONER_REVIEW)
    turn = chat.press("/confirm", **filled("no-such-opening"))

    events = _book(turn)

    assert slots(events) == {"chosen_opening_id": None}
    assert chat.handoff() is None


# --- the last look -----------------------------------------------------------------


@pytest.fixture
def thursday_at_five(chat):
    """Find an opening on a Thursday at 5 pm."""
    clinic = chat.house.shelf.clinic
    wish = Wish(weekdays=frozenset({3}), near_minute=17 * 60)
    with chat.house.store.reading() as unit:
        found = offer(unit, clinic, wish, chat.now)
    return next(one for one in found if meets(clinic, wish, one))


def last_look(chat, text, intent, opening, form="booking_form"):
    return chat.turn(
        text, intent, form=form, wished_time="thursday", **filled(opening.id)
    )


@pytest.mark.parametrize("form", ["booking_form", "change_form"])
@pytest.mark.parametrize(
    "text",
    [
        "yes but friday instead",
        "yes but at 4pm please",
        "ok friday then",
        "perfect but make it the 24th",
        "yes, any day but with a man",
    ],
)
def test_a_yes_with_another_wish_books_nothing(chat, thursday_at_five, form, text):
    turn = last_look(chat, text, "affirm", thursday_at_five, form)

    read = read_yes(turn)

    assert read["booking_confirmed"] is None
    assert read["chosen_opening_id"] is None
    assert read["wished_time"] == f"thursday\n{stamped(text, chat.now)}"


@pytest.mark.parametrize(
    "text", ["yes but later", "yes but can my wife come", "yes but the 31st of feb"]
)
def test_a_yes_with_a_but_is_asked_about(chat, thursday_at_five, text):
    turn = last_look(chat, text, "affirm", thursday_at_five)

    read = read_yes(turn)

    assert read.get("chosen_opening_id", thursday_at_five.id) == thursday_at_five.id
    assert read["booking_confirmed"] is None
    assert said(turn)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("perfect, thank you, good night", "thanks"),
        ("have a great weekend", "goodbye"),
    ],
)
def test_a_kind_word_is_neither_a_yes_nor_a_wish(chat, thursday_at_five, text, intent):
    turn = last_look(chat, text, intent, thursday_at_five)

    assert read_yes(turn) == {}


@pytest.mark.parametrize("text", ["book it for later", "book a different time"])
def test_to_book_something_else_is_no_yes(chat, thursday_at_five, text):
    turn = last_look(chat, text, "book_appointment", thursday_at_five)

    assert read_yes(turn)["booking_confirmed"] is None


@pytest.mark.parametrize(
    "text",
    [
        "yes",
        "yes, thursday at 5 is right",
        "yes, any time",
        "sounds good, have a nice evening",
        "yes that's the one",
        "Yes, book it please.",
    ],
)
def test_a_yes_that_repeats_what_was_read_back_is_a_yes(chat, thursday_at_five, text):
    intent = "book_appointment" if "book" in text else "affirm"
    turn = last_look(chat, text, intent, thursday_at_five)

    assert read_yes(turn) == {"booking_confirmed": True}
