"""A visitor who wants to be forgotten is, except where somebody would be harmed."""

import uuid
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from bot.clinic.audit import Entry
from bot.clinic.booking import AppointmentRequest, Patient
from bot.clinic.conversation import Choice, Said
from bot.clinic.errors import NotAllowed
from bot.clinic.note import Note
from bot.clinic.screened import Screening
from bot.clinic.screening import Disposition
from bot.clinic.wish import Wish
from bot.content.profile import load as load_clinic
from bot.content.screening import load
from bot.desk import conversation as conversations
from bot.desk import screening as screenings
from bot.desk.booking import Booked, book, hold
from bot.desk.forgetting import Forgotten, StillNeeded, forget_visitor
from bot.desk.handoff import open_handoff
from bot.desk.openings import offer
from bot.desk.waiting import go_round, wait
from bot.settings import ROOT
from bot.store.tables import metadata
from tests.people import begin_conversation
from tests.screening import CALM, FOLDER

TOLD = Said("Deleted.", "system")
WORDS = "my back hurts since the accident"


@pytest.fixture(scope="module")
def clinic():
    return load_clinic(ROOT / "data" / "clinics" / "edmonton")


@pytest.fixture(scope="module")
def protocol(clinic):
    return load(FOLDER, clinic)


@pytest.fixture
def chat(store, now):
    """A conversation in which something was said and a button shown."""
    begun = begin_conversation(store, now)
    with store.unit() as unit:
        conversations.hear_text(unit, begun, str(uuid.uuid4()), WORDS, now)
        said = Said(WORDS, choices=(Choice(WORDS, "/yes"),))
        unit.misses.add(begun, 1, [("faq", 0.2)])
        unit.notes.add(Note(str(uuid.uuid4()), begun, "Priya", WORDS, now))
        unit.conversations.say(begun, said, now)
        unit.commit()
    return begun


@pytest.fixture
def forget(store, chat, protocol, now):
    def act(at=now):
        with store.unit() as unit:
            return forget_visitor(unit, chat, protocol, TOLD, at)

    return act


def everything(store):
    """Return all that the record holds, as one text."""
    with store.engine.connect() as connection:
        return "\n".join(
            str(row)
            for table in metadata.sorted_tables
            for row in connection.execute(sa.select(table)).all()
        )


def screened(store, chat, now, disposition, **more):
    one = Screening(
        id=str(uuid.uuid4()),
        conversation_id=chat,
        status="completed",
        channel="web",
        rules_version="1",
        questions_version="1",
        started_at=now,
        expires_at=now + timedelta(days=30),
        answers={"consent": True, "site": "low_back"},
        disposition=disposition,
        ended_at=now,
        **more,
    )
    with store.unit() as unit:
        unit.screenings.add(one)
        unit.commit()
    return one


def opening(store, clinic, now):
    with store.reading() as unit:
        return offer(unit, clinic, Wish(), now)[0]


def test_nothing_that_was_said_is_left_anywhere(store, chat, forget):
    assert WORDS in everything(store)

    assert forget() == Forgotten(())
    assert WORDS not in everything(store)


def test_staff_read_that_it_was_deleted(store, chat, forget):
    forget()

    with store.reading() as unit:
        (left,) = unit.conversations.after(chat, 0)
    assert (left.seq, left.author, left.text) == (3, "system", "Deleted.")


def test_the_audit_says_when_and_what_was_kept(store, chat, forget, now):
    screened(store, chat, now, Disposition.URGENT)

    forget()

    with store.reading() as unit:
        ((_, entry),) = unit.audit.newest(1)
    assert entry == Entry(now, "the visitor", "delete chat", chat, "lock")


def test_the_assistant_begins_anew(store, chat, forget):
    with store.reading() as unit:
        before = unit.conversations.get(chat).epoch

    forget()

    with store.reading() as unit:
        assert unit.conversations.get(chat).epoch == before + 1


def test_health_answers_go_with_it(store, chat, forget, now):
    screened(store, chat, now, Disposition.OK_TO_BOOK)

    assert forget() == Forgotten(())
    assert "low_back" not in everything(store)


def test_booked_visit_stays_with_what_it_rests_on(store, chat, forget, clinic, now):
    screening = screened(store, chat, now, Disposition.OK_TO_BOOK)
    chosen = opening(store, clinic, now)
    with store.unit() as unit:
        patient = Patient("Bo Ray", "+17805550142", "")
        assert isinstance(book(unit, clinic, chat, chosen, patient, now), Booked)

    assert forget() == Forgotten(("appointment",))
    with store.reading() as unit:
        (visit,) = unit.bookings.of_conversation(chat)
        assert unit.screenings.get(screening.id).answers["site"] == "low_back"
    assert (visit.status, visit.patient_name) == ("booked", "Bo Ray")


def test_held_time_is_given_back(store, chat, forget, clinic, now):
    screened(store, chat, now, Disposition.OK_TO_BOOK)
    with store.unit() as unit:
        hold(unit, clinic, chat, opening(store, clinic, now), now)

    assert forget() == Forgotten(())
    with store.reading() as unit:
        assert unit.bookings.of_conversation(chat) == []


def test_time_that_the_waitlist_offers_is_given_back(store, chat, forget, clinic, now):
    screened(store, chat, now, Disposition.OK_TO_BOOK)
    with store.unit() as unit:
        wait(unit, chat, Wish(), Patient("Bo Ray", "+17805550142"), now)
    assert go_round(store.unit, store.reading, clinic, now) == [chat]

    assert forget() == Forgotten(())
    with store.reading() as unit:
        assert unit.bookings.of_conversation(chat) == []


def test_request_stays_with_its_handoff(store, chat, forget, now):
    wish = AppointmentRequest(
        id=str(uuid.uuid4()),
        conversation_id=chat,
        preferred="mornings",
        reason="",
        patient_name="Bo Ray",
        patient_phone="+17805550142",
        patient_email="",
        created_at=now,
    )
    with store.unit() as unit:
        unit.bookings.add_request(wish)
        open_handoff(unit, chat, "appointment_request", "routine", now)
        unit.commit()

    assert forget() == Forgotten(("request",))
    with store.reading() as unit:
        assert unit.handoffs.open_of(chat) is not None


def test_waiting_for_a_person_ends_with_it(store, chat, forget, now):
    with store.unit() as unit:
        open_handoff(unit, chat, "asked_for_a_person", "routine", now)
        unit.commit()

    assert forget() == Forgotten(())
    with store.reading() as unit:
        assert unit.handoffs.open_of(chat) is None


@pytest.mark.parametrize("priority", ["stat", "asap"])
def test_emergency_keeps_its_words_until_it_is_over(store, chat, forget, now, priority):
    with store.unit() as unit:
        open_handoff(unit, chat, "emergency", priority, now)
        unit.commit()

    assert forget() == StillNeeded()
    assert WORDS in everything(store)


def test_lock_stays_without_its_answers(store, chat, forget, now):
    lock = screened(store, chat, now, Disposition.URGENT)

    assert forget() == Forgotten(("lock",))
    with store.reading() as unit:
        (kept,) = unit.screenings.of(chat)
    assert kept == replace(lock, answers={}, asked={})


def test_alarming_answers_left_open_reach_a_person_first(
    store, chat, forget, protocol, now
):
    with store.unit() as unit:
        last: Any = screenings.start(unit, chat, "web", protocol, now)
        while last.screen.id != "flags":
            last = screenings.answer(unit, chat, protocol, CALM[last.screen.id], now)
        screenings.answer(unit, chat, protocol, ["fever"], now)
        unit.commit()

    assert forget() == StillNeeded()
    with store.reading() as unit:
        waiting = unit.handoffs.open_of(chat)
    assert (waiting.reason, waiting.priority) == ("screening", "asap")


def test_calm_answers_left_open_go(store, chat, forget, protocol, now):
    with store.unit() as unit:
        screenings.start(unit, chat, "web", protocol, now)
        screenings.answer(unit, chat, protocol, ["yes"], now)
        unit.commit()

    assert forget() == Forgotten(())
    with store.reading() as unit:
        assert unit.screenings.of(chat) == []


def test_other_conversations_are_untouched(store, chat, forget, now):
    other = begin_conversation(store, now)
    with store.unit() as unit:
        conversations.hear_text(unit, other, str(uuid.uuid4()), "another", now)
        unit.commit()

    forget()

    with store.reading() as unit:
        assert [one.text for one in unit.conversations.after(other, 0)] == ["another"]


def test_unknown_conversation_is_refused(store, protocol, now):
    with store.unit() as unit, pytest.raises(NotAllowed):
        forget_visitor(unit, str(uuid.uuid4()), protocol, TOLD, now)
