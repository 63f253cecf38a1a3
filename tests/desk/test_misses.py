import uuid
from datetime import timedelta

import pytest

from bot.clinic.conversation import Choice, Said
from bot.clinic.errors import NotFound
from bot.clinic.misses import NextStep
from bot.desk.misses import mark_handled, miss, open_misses
from tests.people import RECEPTIONIST, begin_conversation

RANKING = [("faq/cost", 0.4), ("book_appointment", 0.2)]


@pytest.fixture
def chat(store, now):
    return begin_conversation(store, now)


def heard(store, chat, text, now, payload=None):
    with store.unit() as unit:
        seq = unit.conversations.hear(chat, text, payload, str(uuid.uuid4()), now)
        unit.commit()
    return seq


def missed(store, chat, text, now):
    seq = heard(store, chat, text, now)
    with store.unit() as unit:
        return seq, miss(unit, chat, seq, RANKING, now)


def listed(store):
    with store.reading() as unit:
        return open_misses(unit)


def test_a_miss_keeps_the_words_and_what_they_might_have_meant(store, chat, now):
    seq, _ = missed(store, chat, "wots the damage", now)

    (one,) = listed(store)
    assert (one.conversation_id, one.seq, one.text) == (chat, seq, "wots the damage")
    assert one.ranking == tuple(RANKING)
    assert (one.at, one.next_step) == (now, None)


def test_a_miss_shows_what_was_typed_next(store, chat, now):
    missed(store, chat, "wots the damage", now)
    heard(store, chat, "price?", now)

    assert listed(store)[0].next_step == NextStep("price?", pressed=False)


def test_a_miss_shows_which_button_was_pressed_next(store, chat, now):
    missed(store, chat, "wots the damage", now)
    with store.unit() as unit:
        choice = Choice("Prices", '/ask_topic{"topic": "cost"}')
        unit.conversations.say(chat, Said("Did you mean:", choices=(choice,)), now)
        unit.commit()
    heard(store, chat, "Prices", now, choice.payload)

    assert listed(store)[0].next_step == NextStep("Prices", pressed=True)


def test_the_second_miss_in_a_row_goes_to_staff(store, chat, now):
    _, first = missed(store, chat, "wots the damage", now)
    _, second = missed(store, chat, "damage innit", now)

    assert first is None
    assert (second.reason, second.priority) == ("not_understood", "routine")


def test_misses_with_something_understood_between_them_are_not_in_a_row(
    store, chat, now
):
    missed(store, chat, "wots the damage", now)
    heard(store, chat, "does it hurt", now)
    _, second = missed(store, chat, "glorp", now)

    assert second is None


def test_a_turn_that_runs_twice_notes_one_miss(store, chat, now):
    seq, _ = missed(store, chat, "wots the damage", now)
    with store.unit() as unit:
        again = miss(unit, chat, seq, RANKING, now)

    assert again is None
    assert len(listed(store)) == 1


def test_a_message_that_is_not_in_the_record_is_passed_over(store, chat, now):
    with store.unit() as unit:
        miss(unit, chat, 0, RANKING, now)

    assert listed(store) == []


def test_the_list_is_newest_first_and_shows_what_is_not_handled(store, chat, now):
    first, _ = missed(store, chat, "wots the damage", now)
    later = now + timedelta(minutes=1)
    missed(store, begin_conversation(store, now), "glorp", later)

    assert [one.text for one in listed(store)] == ["glorp", "wots the damage"]

    with store.unit() as unit:
        mark_handled(unit, chat, first, RECEPTIONIST, later)

    assert [one.text for one in listed(store)] == ["glorp"]


def test_a_miss_is_handled_once(store, chat, now):
    seq, _ = missed(store, chat, "wots the damage", now)
    with store.unit() as unit:
        mark_handled(unit, chat, seq, RECEPTIONIST, now)

    with store.unit() as unit, pytest.raises(NotFound):
        mark_handled(unit, chat, seq, "Sam", now)
