from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.clinic.conversation import Said
from bot.clinic.screened import May
from bot.content import red_flags
from bot.desk import conversation, emergency
from bot.desk.handoff import take
from bot.desk.screening import may_book
from bot.house import DATA
from tests.people import RECEPTIONIST, begin_conversation

ALARM = "I have crushing chest pain and my left arm hurts"


@pytest.fixture(scope="module")
def flags():
    return red_flags.load(DATA / "red_flags")


@pytest.fixture
def chat(store, now):
    return begin_conversation(store, now)


def say(store, chat, text, flags, now, client_id="c1"):
    with store.unit() as unit:
        conversation.hear_text(unit, chat, client_id, text, now)
        unit.commit()
    with store.unit() as unit:
        emergency.check(unit, chat, flags, lambda key: Said(key), now)


def test_an_emergency_is_answered_locked_and_handed_over(store, chat, flags, now):
    say(store, chat, ALARM, flags, now)

    with store.reading() as unit:
        assert unit.conversations.after(chat, 1)[0].text == "em_chest"
        assert unit.handoffs.open_of(chat).priority == "stat"
        assert may_book(unit, chat, now).may is May.LOCKED
        assert unit.conversations.in_state(chat, "queued") == []


def test_an_emergency_checked_twice_at_once_is_answered_once(store, chat, flags, now):
    with store.unit() as unit:
        conversation.hear_text(unit, chat, "c1", ALARM, now)
        unit.commit()

    def check(_):
        with store.unit() as unit:
            emergency.check(unit, chat, flags, lambda key: Said(key), now)

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(check, range(8)))

    with store.reading() as unit:
        said = [m for m in unit.conversations.after(chat, 0) if m.author != "visitor"]
        assert unit.handoffs.open_of(chat).priority == "stat"
    assert len(said) == 1


def test_one_client_id_at_once_is_stored_once(store, chat, now):
    def hear(_):
        with store.unit() as unit:
            received = conversation.hear_text(unit, chat, "c1", "hi", now)
            unit.commit()
            return received.seq

    with ThreadPoolExecutor(4) as pool:
        seqs = set(pool.map(hear, range(8)))

    assert seqs == {1}


def test_anything_else_is_queued_for_the_assistant(store, chat, flags, now):
    say(store, chat, "does it hurt?", flags, now)

    with store.reading() as unit:
        (queued,) = unit.conversations.in_state(chat, "queued")
    assert queued.text == "does it hurt?"


def test_while_staff_hold_it_nothing_is_queued(store, chat, flags, now):
    with store.unit() as unit:
        take(unit, chat, RECEPTIONIST, now)
        unit.commit()
    say(store, chat, "thank you", flags, now)

    with store.reading() as unit:
        assert unit.conversations.in_state(chat, "queued") == []
        assert unit.conversations.in_state(chat, "new") == []


def test_an_emergency_is_heard_while_staff_hold_it(store, chat, flags, now):
    with store.unit() as unit:
        take(unit, chat, RECEPTIONIST, now)
        unit.commit()
    say(store, chat, ALARM, flags, now)

    with store.reading() as unit:
        assert unit.conversations.after(chat, 0)[-1].text == "em_chest"
        assert unit.handoffs.open_of(chat).priority == "stat"


def test_an_emergency_drops_what_was_queued_before(store, chat, flags, now):
    say(store, chat, "does it hurt?", flags, now, "c1")
    say(store, chat, ALARM, flags, now, "c2")

    with store.reading() as unit:
        assert unit.conversations.in_state(chat, "queued") == []
        assert unit.conversations.get(chat).epoch == 1
