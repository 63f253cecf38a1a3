from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from bot.clinic.conversation import Said
from bot.clinic.errors import NotFound
from bot.clinic.handoff import Handoff
from bot.desk import conversation
from bot.desk.handoff import (
    Overtaken,
    Shown,
    end,
    give_back,
    let_go,
    open_handoff,
    reply,
    take,
)
from bot.desk.staff import add_staff, enter
from tests.clinic.making import clinic
from tests.desk.cast import Cast
from tests.people import COLLEAGUE, RECEPTIONIST, begin_conversation


@pytest.fixture
def chat(store, now):
    return begin_conversation(store, now)


def opened(store, chat, reason, priority, now):
    with store.unit() as unit:
        handoff = open_handoff(unit, chat, reason, priority, now)
        unit.commit()
    return handoff


def test_a_second_reason_raises_the_priority_of_the_first(store, chat, now):
    first = opened(store, chat, "asked_for_a_person", "routine", now)
    second = opened(store, chat, "emergency", "stat", now)

    assert second.id == first.id
    assert second.priority == "stat"


def test_a_lesser_reason_is_noted_and_lowers_nothing(store, chat, now):
    first = opened(store, chat, "emergency", "stat", now)
    second = opened(store, chat, "complaint", "urgent", now)

    assert (second.id, second.priority, second.reason) == (
        first.id,
        "stat",
        "emergency",
    )
    assert "complaint" in second.detail


def test_only_one_handoff_is_open_whoever_races(store, chat, now):
    def race(number):
        with store.unit() as unit:
            open_handoff(unit, chat, "emergency", "stat", now, detail=f"r{number}")
            unit.commit()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(race, range(16)))

    with store.reading() as unit:
        (handoff,) = unit.handoffs.all_open()
    assert set(handoff.detail.split("; ")) == {f"r{number}" for number in range(16)}


def test_the_queue_is_most_pressing_first(store, now):
    calm, pressing = begin_conversation(store, now), begin_conversation(store, now)
    opened(store, calm, "asked_for_a_person", "routine", now)
    opened(store, pressing, "emergency", "stat", now)

    with store.reading() as unit:
        queue = [handoff.conversation_id for handoff in unit.handoffs.all_open()]
    assert queue == [pressing, calm]


def taken(store, chat, name, now, said=None):
    with store.unit() as unit:
        held = take(unit, chat, name, now, said=said)
        unit.commit()
    return held


def replied(store, chat, name, text, now, client_id=None):
    with store.unit() as unit:
        outcome = reply(unit, chat, name, text, now, client_id)
        unit.commit()
    return outcome


def said_in(store, chat):
    with store.reading() as unit:
        return unit.conversations.after(chat, 0)


def test_a_staff_reply_stands_under_a_name(store, chat, now):
    taken(store, chat, RECEPTIONIST, now)

    replied(store, chat, RECEPTIONIST, "Hello, how can I help?", now)

    (said,) = said_in(store, chat)
    assert (said.author, said.name) == ("staff", RECEPTIONIST)


def test_the_visitor_is_told_who_took_over(store, chat, now):
    taken(store, chat, RECEPTIONIST, now, Said("Priya is here.", "system"))

    assert [said.text for said in said_in(store, chat)] == ["Priya is here."]


def test_taking_a_conversation_makes_the_assistant_forget(store, chat, now):
    with store.unit() as unit:
        conversation.hear_text(unit, chat, "c1", "hi", now)
        unit.commit()
    with store.unit() as unit:
        unit.conversations.set_state(chat, 1, "queued")
        unit.commit()

    taken(store, chat, RECEPTIONIST, now)

    with store.reading() as unit:
        assert unit.conversations.get(chat).epoch == 1
        assert unit.conversations.in_state(chat, "queued") == []


def test_of_two_who_take_it_one_holds_it(store, chat, now):
    opened(store, chat, "complaint", "urgent", now)

    with ThreadPoolExecutor(2) as pool:
        outcomes = list(
            pool.map(
                lambda name: taken(store, chat, name, now, Said(name)),
                [RECEPTIONIST, COLLEAGUE],
            )
        )

    (late,) = [one for one in outcomes if isinstance(one, Overtaken)]
    (held,) = [one for one in outcomes if not isinstance(one, Overtaken)]
    assert late.handoff
    assert late.handoff.held_by == held.held_by
    assert [said.text for said in said_in(store, chat)] == [held.held_by]


def test_taking_it_again_says_nothing_twice(store, chat, now):
    taken(store, chat, RECEPTIONIST, now, Said("Priya is here."))

    taken(store, chat, RECEPTIONIST, now, Said("Priya is here."))

    assert len(said_in(store, chat)) == 1


def test_nobody_replies_in_what_somebody_else_holds(store, chat, now):
    taken(store, chat, RECEPTIONIST, now)

    outcome = replied(store, chat, COLLEAGUE, "hi", now)

    assert outcome.handoff.held_by == RECEPTIONIST
    assert said_in(store, chat) == []


def test_a_reply_to_a_closed_conversation_is_not_said(store, chat, now):
    taken(store, chat, RECEPTIONIST, now)
    with store.unit() as unit:
        end(unit, chat, "closed", Said("Closed.", "system"), now, RECEPTIONIST)
        unit.commit()

    assert replied(store, chat, RECEPTIONIST, "one more thing", now) == Overtaken(None)
    assert [said.text for said in said_in(store, chat)] == ["Closed."]


def test_a_reply_sent_twice_is_said_once(store, chat, now):
    taken(store, chat, RECEPTIONIST, now)
    for _ in range(2):
        replied(store, chat, RECEPTIONIST, "Hello", now, client_id="c-7")

    assert len(said_in(store, chat)) == 1


def test_nobody_closes_what_somebody_else_holds(store, chat, now):
    taken(store, chat, RECEPTIONIST, now)
    with store.unit() as unit:
        outcome = end(unit, chat, "closed", Said("Closed."), now, COLLEAGUE)
        unit.commit()

    assert isinstance(outcome, Overtaken)
    assert said_in(store, chat) == []


def ended(store, chat, state, now, name, shown=None):
    with store.unit() as unit:
        outcome = end(unit, chat, state, Said("Over."), now, name, shown)
        unit.commit()
    return outcome


def as_shown(handoff):
    return Shown(handoff.id, handoff.priority)


def is_open(store, chat):
    with store.reading() as unit:
        return unit.handoffs.open_of(chat) is not None


def test_an_old_page_closes_no_later_handoff(store, chat, now):
    first = opened(store, chat, "asked_for_a_person", "routine", now)
    ended(store, chat, "closed", now, COLLEAGUE, as_shown(first))
    opened(store, chat, "emergency", "stat", now)

    outcome = ended(store, chat, "closed", now, RECEPTIONIST, as_shown(first))

    assert isinstance(outcome, Overtaken)
    assert is_open(store, chat)


@pytest.mark.parametrize("state", ["closed", "returned"])
def test_what_became_more_pressing_is_not_ended_unseen(store, chat, now, state):
    held = taken(store, chat, RECEPTIONIST, now)
    worse = opened(store, chat, "emergency", "stat", now)

    unseen = ended(store, chat, state, now, RECEPTIONIST, as_shown(held))
    seen = ended(store, chat, state, now, RECEPTIONIST, as_shown(worse))

    assert unseen == Overtaken(worse)
    assert seen.state == state


def test_what_became_more_pressing_is_not_put_back_unseen(store, chat, now):
    held = taken(store, chat, RECEPTIONIST, now)
    worse = opened(store, chat, "emergency", "stat", now)

    with store.unit() as unit:
        outcome = let_go(
            unit, chat, now, lambda _: Said("x"), RECEPTIONIST, as_shown(held)
        )
        unit.commit()

    assert outcome == Overtaken(worse)


def test_who_was_let_go_of_gives_nothing_back(store, chat, now):
    held = taken(store, chat, RECEPTIONIST, now)
    with store.unit() as unit:
        let_go(unit, chat, now, lambda _: Said("x"))
        unit.commit()

    outcome = ended(store, chat, "returned", now, RECEPTIONIST, as_shown(held))

    assert isinstance(outcome, Overtaken)
    assert is_open(store, chat)


def test_what_nobody_holds_can_be_closed(store, chat, now):
    waiting = opened(store, chat, "complaint", "urgent", now)

    outcome = ended(store, chat, "closed", now, RECEPTIONIST, as_shown(waiting))

    assert outcome.state == "closed"


def test_closing_what_nobody_held_drops_no_question(store, chat, now):
    """The assistant answers while a conversation waits, and goes on doing so."""
    waiting = opened(store, chat, "answer_expired", "routine", now)
    with store.unit() as unit:
        conversation.hear_text(unit, chat, "c1", "does it hurt?", now)
        unit.conversations.set_state(chat, 1, "queued")
        unit.commit()

    ended(store, chat, "closed", now, RECEPTIONIST, as_shown(waiting))

    with store.reading() as unit:
        assert len(unit.conversations.in_state(chat, "queued")) == 1
        assert unit.conversations.get(chat).epoch == 0


def test_an_old_page_takes_nothing_that_is_over(store, chat, now):
    first = opened(store, chat, "complaint", "urgent", now)
    ended(store, chat, "closed", now, COLLEAGUE, as_shown(first))

    with store.unit() as unit:
        outcome = take(unit, chat, RECEPTIONIST, now, shown=as_shown(first))
        unit.commit()

    assert outcome == Overtaken(None)
    assert not is_open(store, chat)


def test_what_became_more_pressing_is_taken_at_once(store, chat, now):
    first = opened(store, chat, "complaint", "urgent", now)
    opened(store, chat, "emergency", "stat", now)

    with store.unit() as unit:
        outcome = take(unit, chat, RECEPTIONIST, now, shown=as_shown(first))

    assert isinstance(outcome, Handoff)
    assert outcome.held_by == RECEPTIONIST


def test_let_go_it_waits_anew_and_the_visitor_knows(store, chat, now):
    opened(store, chat, "complaint", "urgent", now)
    taken(store, chat, RECEPTIONIST, now)
    later = now + timedelta(minutes=20)

    with store.unit() as unit:
        let_go(unit, chat, later, lambda again: Said(f"back {again.waiting_since}"))
        unit.commit()

    with store.reading() as unit:
        waiting = unit.handoffs.open_of(chat)
    assert (waiting.state, waiting.held_by, waiting.waiting_since) == (
        "waiting",
        None,
        later,
    )
    assert [said.text for said in said_in(store, chat)] == [f"back {later}"]


def test_staff_who_are_away_are_told_of_the_worst(store, chat, now):
    opened(store, chat, "complaint", "urgent", now)
    opened(store, chat, "emergency", "stat", now)

    with store.reading() as unit:
        assert unit.letters.waiting_alert(chat).detail == "stat"


@pytest.mark.parametrize(("priority", "told"), [("urgent", False), ("stat", True)])
def test_who_is_at_the_console_is_written_to_in_an_emergency_only(
    store, chat, now, priority, told
):
    with store.unit() as unit:
        priya = add_staff(unit, RECEPTIONIST, "a long password", "staff", now)
    with store.unit() as unit:
        enter(unit, priya, "", None, now - timedelta(minutes=1))

    opened(store, chat, "complaint", priority, now)

    with store.reading() as unit:
        assert (unit.letters.waiting_alert(chat) is not None) is told


def at_the_console(store, name, role, practitioner_id, now):
    with store.unit() as unit:
        person = add_staff(unit, name, "a long password", role, now, practitioner_id)
    with store.unit() as unit:
        enter(unit, person, "", None, now)


@pytest.mark.parametrize(("patient", "told"), [(False, True), (True, False)])
def test_a_practitioner_at_the_console_counts_for_her_own_patients(
    store, now, patient, told
):
    here, cast = clinic(), Cast(store, now)
    chat = cast.visitor()
    if patient:
        (opening,) = cast.offers(here)[:1]
        cast.book(here, chat, opening)
        at_the_console(store, "Ada", "practitioner", opening.practitioner_id, now)
    else:
        at_the_console(store, "Ada", "practitioner", "somebody_else", now)

    opened(store, chat, "complaint", "urgent", now)

    with store.reading() as unit:
        assert (unit.letters.waiting_alert(chat) is not None) is told


def test_given_back_is_said_and_no_longer_waits(store, chat, now):
    opened(store, chat, "complaint", "urgent", now)
    with store.unit() as unit:
        give_back(unit, chat, Said("Back with me.", "system"), now)

    with store.reading() as unit:
        assert unit.handoffs.open_of(chat) is None
        assert unit.conversations.after(chat, 0)[-1].text == "Back with me."


def test_nothing_to_give_back_is_an_error(store, chat, now):
    with store.unit() as unit, pytest.raises(NotFound):
        give_back(unit, chat, Said("x"), now)


def test_a_reply_needs_a_text(store, chat, now):
    taken(store, chat, RECEPTIONIST, now)

    with store.unit() as unit, pytest.raises(ValueError, match="needs"):
        reply(unit, chat, RECEPTIONIST, "  ", now)


def test_nobody_takes_a_conversation_that_is_not_there(store, now):
    with store.unit() as unit, pytest.raises(NotFound):
        take(unit, "no-such-conversation", RECEPTIONIST, now)
