"""Reminders end by a button or a word, and a booked visit brings its calendar file."""

import pytest
from itsdangerous import URLSafeTimedSerializer

from actions.appointments import _check
from actions.booking import _book
from actions.handoff import stop
from actions.letters import _reminders
from bot.clinic.letters import about_reminders
from bot.clinic.screening import Disposition
from bot.desk.letters import reminders_stopped
from tests.actions.chat import payloads, said
from tests.actions.test_visits import ahead, booked, filled


def silent(chat):
    with chat.house.store.reading() as unit:
        return reminders_stopped(unit, chat.id)


def card(turn):
    (message,) = turn.dispatcher.messages
    return message["custom"]["card"]


def test_the_button_ends_reminders_and_offers_the_way_back(chat):
    turn = chat.press("/stop_reminders")
    _reminders(turn)

    assert silent(chat)
    assert "no more reminders" in said(turn)
    assert payloads(turn) == ["/resume_reminders"]
    _reminders(chat.press("/resume_reminders"))
    assert not silent(chat)


@pytest.mark.parametrize(
    "words", ["stop reminding me", "Unsubscribe", "stop messaging me", "no more emails"]
)
def test_words_end_reminders_and_no_visit(chat, words):
    booked(chat)

    stop(chat.turn(words, "stop"))

    assert silent(chat)
    assert len(ahead(chat)) == 1


@pytest.mark.parametrize("words", ["stop", "enough", "start over", "leave me alone"])
def test_stopping_the_questions_is_not_about_reminders(chat, words):
    stop(chat.turn(words, "stop", form="booking_form"))

    assert not silent(chat)
    assert not about_reminders(words)


@pytest.mark.parametrize(
    "disposition", [Disposition.OK_TO_BOOK, Disposition.PRACTITIONER_REVIEW]
)
def test_a_booked_visit_brings_its_calendar_file(chat, disposition):
    turn = booked(chat, disposition)
    (visit,) = ahead(chat)

    url = card(turn)["calendar_url"]

    base = chat.house.settings.public_url
    assert url.startswith(f"{base}/visits/")
    assert url.endswith("/visit.ics")
    token = url.removeprefix(f"{base}/visits/").removesuffix("/visit.ics")
    signer = URLSafeTimedSerializer(chat.house.settings.secret, salt="visit")
    assert signer.loads(token) == visit.id


def test_asking_for_the_visit_brings_it_again(chat):
    booked(chat)
    turn = chat.press("/check_appointment")

    _check(turn)

    assert card(turn)["calendar_url"].endswith("/visit.ics")


def test_without_a_mail_server_no_mail_is_promised(chat):
    chat.screened(Disposition.OK_TO_BOOK)
    given = filled(chat.openings()[0].id) | {"visitor_email": "bo@example.org"}
    turn = chat.press("/confirm", **given)

    _book(turn)

    assert "e-mail" not in said(turn)


def test_nobody_sees_the_visit_of_another_conversation(chat, store):
    booked(chat)
    stranger = type(chat)(chat.house, chat.now)
    turn = stranger.press("/check_appointment")

    _check(turn)

    assert "no visit ahead in this conversation" in said(turn)
