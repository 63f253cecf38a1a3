"""Nobody is left in silence: reminders, misses, holders who are gone, a dead brain."""

from datetime import timedelta

import pytest

from bot.content import handoff as handoff_file
from bot.content import profile
from bot.content.facts import facts
from bot.desk import conversation
from bot.desk.handoff import open_handoff, reply, take
from bot.desk.staff import add_staff
from bot.desk.watch import look_after, needing
from bot.house import DATA
from tests.people import RECEPTIONIST, begin_conversation

CLINIC = profile.load(DATA / "clinics" / "edmonton")
WORDS = handoff_file.load(DATA / "handoff.yml", CLINIC, facts(CLINIC))


@pytest.fixture
def chat(store, now):
    return begin_conversation(store, now)


@pytest.fixture
def staffed(store, now):
    with store.unit() as unit:
        add_staff(unit, RECEPTIONIST, "a long enough password", "staff", now)


def go_round(store, now):
    with store.reading() as unit:
        found = list(needing(unit, CLINIC, now))
    for conversation_id in found:
        with store.unit() as unit:
            look_after(unit, CLINIC, WORDS, conversation_id, now)


def open_one(store, chat, now, priority="routine"):
    with store.unit() as unit:
        open_handoff(unit, chat, "asked_for_a_person", priority, now)
        unit.commit()


def write(store, chat, now, state="done"):
    with store.unit() as unit:
        seq = conversation.hear_text(unit, chat, f"c{now}", "hello", now).seq
        unit.conversations.set_state(chat, seq, state)
        unit.commit()


def hold(store, chat, now, here=True):
    with store.unit() as unit:
        take(unit, chat, RECEPTIONIST, now, here=here)
        unit.commit()


def told(store, chat):
    with store.reading() as unit:
        rows = unit.conversations.after(chat, 0)
    return [row.text for row in rows if row.author == "system"]


def alerted(store, chat):
    """Say whether an alert to staff waits, and send it."""
    with store.unit() as unit:
        letter = unit.letters.waiting_alert(chat)
        if letter is None:
            return False
        unit.letters.end(letter.id, "sent", "", letter.written_at)
        unit.commit()
        return True


def handoff_of(store, chat):
    with store.reading() as unit:
        return unit.handoffs.open_of(chat)


def test_staff_are_reminded_once_and_then_told_of_a_miss(store, chat, now, staffed):
    open_one(store, chat, now)

    told_at = [0] if alerted(store, chat) else []
    for minutes in (5, 21, 25, 31, 35, 90):
        go_round(store, now + timedelta(minutes=minutes))
        told_at += [minutes] if alerted(store, chat) else []

    assert told_at == [0, 21, 31]
    (sorry,) = told(store, chat)
    assert "nobody from our staff has answered here yet" in sorry
    assert "call +1 780 555 0142" in sorry


def test_after_emergency_advice_no_word_about_waiting_is_said(
    store, chat, now, staffed
):
    open_one(store, chat, now, "stat")
    alerted(store, chat)

    go_round(store, now + timedelta(minutes=6))

    assert alerted(store, chat)
    assert told(store, chat) == []


def test_where_nothing_was_promised_nothing_is_missed_aloud(store, chat, now):
    open_one(store, chat, now)

    go_round(store, now + timedelta(minutes=31))

    assert told(store, chat) == []


def test_a_holder_who_is_gone_lets_go_and_the_visitor_knows(store, chat, now, staffed):
    open_one(store, chat, now)
    alerted(store, chat)
    hold(store, chat, now)

    go_round(store, now + timedelta(minutes=11))

    handoff = handoff_of(store, chat)
    assert (handoff.state, handoff.held_by) == ("waiting", None)
    (said,) = told(store, chat)
    assert said.startswith("Priya had to leave.")
    assert "Someone will reply here by today" in said
    assert alerted(store, chat)


@pytest.mark.parametrize(("hours", "promised"), [(0, True), (10, False)])
def test_in_an_emergency_a_reply_is_promised_only_while_somebody_is_there(
    store, chat, now, staffed, hours, promised
):
    then = now + timedelta(hours=hours)  # 11:00 and 21:00 at the clinic
    open_one(store, chat, then, "stat")
    hold(store, chat, then)

    go_round(store, then + timedelta(minutes=11))

    (said,) = told(store, chat)
    assert ("Someone will reply here by" in said) is promised
    assert "If you feel very unwell, call 911." in said


def test_a_visitor_who_waits_for_a_word_too_long_goes_back(store, chat, now):
    hold(store, chat, now, here=False)
    with store.unit() as unit:
        reply(unit, chat, RECEPTIONIST, "Hello", now)
        unit.commit()
    asked = now + timedelta(hours=1)
    write(store, chat, asked)

    go_round(store, asked + timedelta(minutes=9))
    before = handoff_of(store, chat).state
    go_round(store, asked + timedelta(minutes=11))

    assert (before, handoff_of(store, chat).state) == ("held", "waiting")


def test_a_dead_assistant_brings_staff_in_after_two_minutes(store, chat, now, staffed):
    write(store, chat, now, "queued")

    go_round(store, now + timedelta(seconds=90))
    before = handoff_of(store, chat)
    go_round(store, now + timedelta(seconds=150))
    go_round(store, now + timedelta(seconds=180))

    handoff = handoff_of(store, chat)
    assert before is None
    assert (handoff.reason, handoff.priority) == ("assistant_away", "urgent")
    (said,) = told(store, chat)
    assert "I have put your message in front of our staff" in said
    with store.reading() as unit:
        assert unit.conversations.in_state(chat, "queued")  # still to be answered


def test_every_text_is_short_enough_to_read():
    longest = " ".join([WORDS.let_go, WORDS.promise, WORDS.reach])

    assert len(longest.split()) <= 60
