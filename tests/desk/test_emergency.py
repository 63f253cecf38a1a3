import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.clinic.conversation import Choice, Said
from bot.clinic.screened import May
from bot.clinic.screening import Answer
from bot.content import red_flags
from bot.desk import conversation, emergency
from bot.desk.emergency import Ears
from bot.desk.handoff import take
from bot.desk.screened import unfinished
from bot.desk.screening import may_book, start
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


def ears(flags):
    return Ears(flags, protocol(), lambda key: Said(key))


def say(store, chat, text, flags, now, client_id="c1"):
    with store.unit() as unit:
        conversation.hear_text(unit, chat, client_id, text, now)
        unit.commit()
    with store.unit() as unit:
        emergency.check(unit, chat, ears(flags), now)


def test_an_emergency_is_answered_locked_and_handed_over(store, chat, flags, now):
    say(store, chat, ALARM, flags, now)

    with store.reading() as unit:
        assert unit.conversations.after(chat, 1)[0].text == "em_chest"
        assert unit.handoffs.open_of(chat).priority == "stat"
        assert may_book(unit, chat, now).may is May.LOCKED
        assert unit.conversations.in_state(chat, "queued") == []


def hear_in_turn(store, chat, flags, now, *texts):
    """Hear what was typed as a channel does that answers ahead of turns."""
    for number, text in enumerate(texts):
        with store.unit() as unit:
            heard = conversation.hear_text(unit, chat, f"c{number}", text, now)
            emergency.settle_ahead(unit, chat, f"c{number}", heard.seq)
            emergency.check(unit, chat, ears(flags), now)


def answer_ahead(store, chat, flags, now, client_id, text=ALARM):
    with store.unit() as unit:
        return emergency.answer_ahead(
            unit, chat, client_id, flags.match(text), lambda key: Said(key), now
        )


def authors(store, chat):
    with store.reading() as unit:
        return [row.author for row in unit.conversations.after(chat, 0)]


def test_what_was_answered_ahead_is_not_answered_in_its_turn(store, chat, flags, now):
    assert answer_ahead(store, chat, flags, now, "c1")
    assert not answer_ahead(store, chat, flags, now, "c1")
    with store.reading() as unit:
        assert unit.handoffs.open_of(chat).priority == "stat"
        assert may_book(unit, chat, now).may is May.LOCKED

    hear_in_turn(store, chat, flags, now, "how much is it", ALARM, "it is so crushing")

    assert authors(store, chat) == ["assistant", "visitor", "visitor", "visitor"]
    with store.reading() as unit:
        queued = unit.conversations.in_state(chat, "queued")
    assert [row.text for row in queued] == ["it is so crushing"]
    assert not answer_ahead(store, chat, flags, now, "c1")


def test_half_an_alarm_after_one_answered_ahead_is_no_second(store, chat, flags, now):
    assert flags.match_across(["I have chest pain"], "it is crushing")
    assert flags.match("I have chest pain")
    answer_ahead(store, chat, flags, now, "c0")

    hear_in_turn(store, chat, flags, now, "I have chest pain", "it is crushing")

    assert authors(store, chat) == ["assistant", "visitor", "visitor"]


def test_an_emergency_checked_twice_at_once_is_answered_once(store, chat, flags, now):
    with store.unit() as unit:
        conversation.hear_text(unit, chat, "c1", ALARM, now)
        unit.commit()

    def check(_):
        with store.unit() as unit:
            emergency.check(unit, chat, ears(flags), now)

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
        emergency.check(unit, chat, ears(flags), now)


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


def answers(store, chat, flags, now, screen, value, label):
    """Let a visitor press one button of a safety question."""
    payload = "/answer" + json.dumps({"answer": value, "screen": screen})
    with store.unit() as unit:
        seq = unit.conversations.say(
            chat, Said("Which?", choices=(Choice(label, payload),)), now
        )
        (shown,) = unit.conversations.after(chat, seq - 1)
        ids = [one["id"] for one in shown.extras["buttons"]]
        conversation.hear_choice(unit, chat, f"a{seq}", ids, now)
        unit.commit()
    with store.unit() as unit:
        emergency.check(unit, chat, ears(flags), now)


@pytest.mark.parametrize(
    ("screen", "value", "label", "message"),
    [
        ("leg_weakness", "both", "Both legs", "em_spine"),
        ("leg_symptoms", "both_new", "Both", "em_spine"),
        ("ces_saddle", "new", "New, or has changed", "em_spine"),
        ("chest_pain", "yes", "Yes", "em_chest"),
        ("preg_warning", "yes", "Yes", "em_pregnancy"),
        ("self_harm", "plan_or_now", "Yes", "crisis_now"),
        ("unsafe", "danger_now", "No", "crisis_now"),
        ("gate", "breathless", "That", "em_chest"),
    ],
)
def test_a_button_is_heard_with_its_question_while_staff_hold_it(
    store, chat, flags, now, screen, value, label, message
):
    hold(store, chat, now)

    answers(store, chat, flags, now, screen, value, label)

    with store.reading() as unit:
        assert unit.conversations.after(chat, 0)[-1].text == message
        assert unit.handoffs.open_of(chat).priority == "stat"
        assert may_book(unit, chat, now).may is May.LOCKED


@pytest.mark.parametrize(
    ("screen", "value"),
    [
        ("leg_weakness", "one_stable"),
        ("leg_weakness", "unsure"),
        ("ces_saddle", "old_stable"),
        ("chest_pain", "no"),
        ("gate", "none"),
        ("consent", "yes"),
        ("review", "right"),
        ("of another version", "yes"),
    ],
)
def test_other_answers_are_left_to_who_holds_it(store, chat, flags, now, screen, value):
    hold(store, chat, now)

    answers(store, chat, flags, now, screen, value, "Yes")

    with store.reading() as unit:
        assert unit.conversations.after(chat, 0)[-1].author == "visitor"
        assert unit.handoffs.open_of(chat).priority == "routine"


def test_an_answer_is_judged_with_those_before_it(store, chat, flags, now):
    """A pulsing tummy is an emergency only where the pain is new."""
    with store.unit() as unit:
        start(unit, chat, "web", protocol(), now)
        going = unfinished(unit, chat, now)
        assert going
        known: dict[str, Answer] = {"consent": True, "pulsing_tummy": "yes"}
        unit.screenings.replace(replace(going, answers=known))
        unit.commit()
    hold(store, chat, now)

    answers(store, chat, flags, now, "duration", "lt_6w", "3 days to 6 weeks")
    with store.reading() as unit:
        before = unit.handoffs.open_of(chat).priority
    answers(store, chat, flags, now, "duration", "lt_72h", "Less than 3 days")

    with store.reading() as unit:
        after = unit.handoffs.open_of(chat)
        (kept,) = unit.screenings.of(chat)
    assert (before, after.priority, after.detail.split("; ")[-1]) == (
        "routine",
        "stat",
        "E09",
    )
    assert (kept.status, kept.answers["pulsing_tummy"]) == ("stopped", "yes")


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
