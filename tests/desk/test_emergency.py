from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.clinic.conversation import Choice, Said
from bot.clinic.screened import May
from bot.content import red_flags
from bot.desk import conversation, emergency
from bot.desk.handoff import take
from bot.desk.screening import may_book
from bot.house import DATA
from tests.people import RECEPTIONIST, begin_conversation
from tests.screening import protocol

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


def press(store, chat, flags, now, *labels):
    """Let a visitor tick lines of a list that was shown to them."""
    lines = tuple(
        Choice(label, f"/answer{number}") for number, label in enumerate(labels)
    )
    with store.unit() as unit:
        seq = unit.conversations.say(chat, Said("Any of these?", checklist=lines), now)
        unit.commit()
    with store.unit() as unit:
        (shown,) = unit.conversations.after(chat, seq - 1)
        ids = [option["id"] for option in shown.extras["checklist"]["options"]]
        conversation.hear_choice(unit, chat, f"p{seq}", ids, now)
        unit.commit()
    with store.unit() as unit:
        emergency.check(unit, chat, flags, lambda key: Said(key), now)


def hold(store, chat, now):
    with store.unit() as unit:
        take(unit, chat, RECEPTIONIST, now)
        unit.commit()


def test_an_emergency_is_heard_when_pressed_while_staff_hold_it(
    store, chat, flags, now
):
    hold(store, chat, now)

    press(store, chat, flags, now, "Sudden trouble breathing")

    with store.reading() as unit:
        assert unit.conversations.after(chat, 0)[-1].text == "em_chest"
        assert unit.handoffs.open_of(chat).priority == "stat"
        assert may_book(unit, chat, now).may is May.LOCKED


def test_what_is_harmless_is_left_to_who_holds_it(store, chat, flags, now):
    hold(store, chat, now)

    press(store, chat, flags, now, "None of these", "No, I don't have this")

    with store.reading() as unit:
        assert unit.conversations.after(chat, 0)[-1].author == "visitor"
        assert unit.conversations.in_state(chat, "queued") == []
        assert unit.handoffs.open_of(chat).priority == "routine"


def test_what_is_pressed_with_the_assistant_is_judged_by_the_screening(
    store, chat, flags, now
):
    press(store, chat, flags, now, "Sudden trouble breathing")

    with store.reading() as unit:
        assert len(unit.conversations.in_state(chat, "queued")) == 1
        assert unit.handoffs.open_of(chat) is None


SIGNS = ["chest_pain", "breathless", "stroke_signs", "sudden_head_neck", "aaa_signs"]
SIGNS += ["cold_limb", "very_unwell", "ces_saddle", "ces_bladder", "ces_bowel"]


@pytest.mark.parametrize("sign", SIGNS)
def test_every_sign_on_the_first_list_is_heard_in_its_own_words(flags, sign):
    questions = protocol().questionnaire.questions

    assert flags.match(questions[sign].label)


@pytest.mark.parametrize(
    ("question", "option"), [("self_harm", "plan_or_now"), ("unsafe", "danger_now")]
)
def test_every_button_of_a_crisis_is_heard_in_its_own_words(flags, question, option):
    labels = protocol().questionnaire.questions[question].labels

    assert flags.match(labels[option]).kind == "CRISIS"
