"""Search over real rows, on either database."""

from datetime import timedelta

import pytest

from bot.clinic.conversation import Said
from bot.clinic.search import Wanted
from bot.desk.search import search
from bot.store.tables import appointment_requests, appointments, messages, screenings
from tests.people import begin_conversation

NASTY = ('" OR 1=1 --', "NEAR", "AND", "' ; drop table messages", "a* OR b", "(", "\\")


@pytest.fixture
def say(store, now):
    def said(text, at=now, chat=None):
        chat = chat or begin_conversation(store, now)
        with store.unit() as unit:
            unit.conversations.say(chat, Said(text), at)
            unit.commit()
        return chat

    return said


@pytest.fixture
def book(store, now):
    def booked(
        chat, name="Ana O'Neil", phone="+17805550199", practitioner="mei-lin", at=now
    ):
        with store.engine.begin() as connection:
            connection.execute(
                appointments.insert().values(
                    id=chat,
                    conversation_id=chat,
                    practitioner_id=practitioner,
                    treatment_id="t",
                    place_id="p",
                    starts_at=now,
                    ends_at=now,
                    status="booked",
                    created_at=at,
                    patient_name=name,
                    patient_phone=phone,
                )
            )

    return booked


def found(store, *args, **wanted):
    with store.reading() as unit:
        return [find.conversation_id for find in search(unit, Wanted(*args, **wanted))]


def test_words_are_found_in_any_order_and_begun_only(store, say):
    chat = say("The needles are thinner than you think")
    say("Something else")

    assert found(store, "thin need") == [chat]


def test_one_letter_is_a_whole_word(store, say):
    chat = say("Can I come")
    say("It is")

    assert found(store, "i") == [chat]


def test_accents_do_not_matter_where_the_database_can(store, say):
    chat = say("Où est la clinique à Montréal")

    assert found(store, "Montréal") == [chat]


def test_the_newest_conversation_comes_first_and_each_once(store, say, now):
    old = say("needle", now - timedelta(days=2))
    new = say("needle", now - timedelta(days=1))
    say("a needle again", now, chat=old)

    assert found(store, "needle") == [old, new]


@pytest.mark.parametrize("finds", [1, 3])
def test_what_lies_behind_the_newest_is_found_too(store, say, now, monkeypatch, finds):
    monkeypatch.setattr("bot.store.search._NEWEST", 2)
    monkeypatch.setattr("bot.desk.search.MOST_FINDS", finds)
    days = (now - timedelta(days=9), now - timedelta(days=1), now)
    older, old, new = (say("needle", day) for day in days)
    say("something else", now)

    assert found(store, "needle") == [new, old, older][:finds]


def test_a_date_narrows_it_down(store, say, now):
    say("needle", now - timedelta(days=3))
    chat = say("needle", now - timedelta(days=1))
    say("needle", now)

    since, until = now - timedelta(days=2), now - timedelta(hours=1)
    assert found(store, "needle", since, until) == [chat]
    assert found(store, "", since, until) == [chat]


def test_a_patient_is_found_by_name_and_by_number(store, say, book):
    chat = say("Booked.")
    book(chat)

    assert found(store, "o'neil") == [chat]
    assert found(store, "555-0199") == [chat]
    assert found(store, "(780) 555 0199") == [chat]
    assert found(store, "555 0198") == []


@pytest.fixture
def ask(store, now):
    def asked(chat, name="Bo Lund", phone="+17805550142"):
        with store.engine.begin() as connection:
            connection.execute(
                appointment_requests.insert().values(
                    id=chat,
                    conversation_id=chat,
                    preferred="Mondays",
                    patient_name=name,
                    patient_phone=phone,
                    created_at=now,
                )
            )

    return asked


def test_who_asked_for_a_visit_is_found_by_name_and_by_number(store, say, ask, now):
    chat = say("Our staff will look for a time.")
    ask(chat)

    assert found(store, "lund") == [chat]
    assert found(store, "+1 780 555 0142") == [chat]
    assert found(store, "lund", since=now + timedelta(days=1)) == []
    with store.reading() as unit:
        (find,) = search(unit, Wanted("staff"))
    assert find.patient == "Bo Lund"


def test_many_of_the_same_name_hide_nobody_who_fits(store, say, book, now, monkeypatch):
    monkeypatch.setattr("bot.store.search._HITS_A_FIND", 1)
    monkeypatch.setattr("bot.desk.search.MOST_FINDS", 2)
    then = now - timedelta(days=9)
    chat = say("Booked.", then)
    book(chat, practitioner="mei-lin", at=then)
    for _ in range(4):
        book(say("Booked."), practitioner="tom")

    until = now - timedelta(days=8)
    assert found(store, "ana", until=until) == [chat]
    assert found(store, "ana", practitioner_id="mei-lin") == [chat]


def test_a_flag_or_a_disposition_is_found(store, say, now):
    chat = say("Done.")
    say("Done.")
    with store.engine.begin() as connection:
        connection.execute(
            screenings.insert().values(
                id="s",
                conversation_id=chat,
                status="completed",
                channel="web",
                disposition="URGENT",
                flags=["CES_RISK"],
                rules_version="1",
                questions_version="1",
                started_at=now,
                expires_at=now,
            )
        )

    assert found(store, flag="CES_RISK") == [chat]
    assert found(store, flag="URGENT") == [chat]
    assert found(store, flag="CES%") == []
    assert found(store, "done", flag="CES_RISK") == [chat]
    assert found(store, "gone", flag="CES_RISK") == []
    assert found(store, "done", flag="CES%") == []


def test_a_flag_that_most_have_is_found_with_words(store, say, now, monkeypatch):
    monkeypatch.setattr("bot.store.search._FEW", 0)
    test_a_flag_or_a_disposition_is_found(store, say, now)


def test_practitioners_find_their_own_patients_only(store, say, book):
    chat, other = say("needle"), say("needle")
    book(chat, practitioner="mei-lin")
    book(other, practitioner="tom")

    assert found(store, "needle", practitioner_id="mei-lin") == [chat]
    assert found(store, "ana", practitioner_id="mei-lin") == [chat]


@pytest.mark.parametrize("text", NASTY)
def test_no_word_is_an_operator(store, say, text):
    say("nothing of the sort")

    assert found(store, text) == []


def test_a_name_that_is_an_operator_is_found(store, say):
    chat = say("Dr. Near Not Or")

    assert found(store, "near NOT or") == [chat]


def test_what_was_deleted_or_changed_is_not_found_any_more(store, say):
    gone, changed = say("secret one"), say("secret two")
    with store.engine.begin() as connection:
        connection.execute(messages.delete().where(messages.c.conversation_id == gone))
        connection.execute(
            messages.update()
            .where(messages.c.conversation_id == changed)
            .values(text="public")
        )

    assert found(store, "secret") == []
    assert found(store, "public") == [changed]
