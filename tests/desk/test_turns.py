"""Turns with a hand-written assistant and the real record."""

import asyncio
from dataclasses import replace

import pytest

from bot.clinic.conversation import Choice, Said
from bot.content import red_flags
from bot.desk.answering import AssistantAway, DeskWords
from bot.desk.bell import Bell
from bot.desk.emergency import Ears
from bot.desk.handoff import open_handoff, take
from bot.desk.turns import Turns
from bot.house import DATA
from tests.people import begin_conversation
from tests.screening import protocol

WORDS = DeskWords(
    assistant_away=Said("A moment, please.", "system"),
    something_went_wrong=Said("That went wrong."),
    past_review=Said("Staff look at that too."),
    forgotten=Said("Deleted.", "system"),
)


class FakeAssistant:
    """Does what `plan` says, one entry a call; afterwards it echoes."""

    def __init__(self, *plan):
        self.plan, self.asked = list(plan), []

    async def reply(self, asked):
        self.asked.append(asked)
        step = self.plan.pop(0) if self.plan else None
        if callable(step):
            await step()
            step = None
        if isinstance(step, Exception):
            raise step
        return [Said(f"« {asked.text}")] if step is None else step

    async def ready(self):
        return True


@pytest.fixture(scope="module")
def flags():
    return red_flags.load(DATA / "red_flags")


@pytest.fixture
def chat(store, now):
    return begin_conversation(store, now)


@pytest.fixture
def turns_with(store, flags, now):
    def call(unit, chat):
        open_handoff(unit, chat, "asked_for_a_person", "routine", now)
        return Said("Staff know.", "system")

    def build(assistant):
        return Turns(
            store.unit,
            store.reading,
            assistant,
            Bell(),
            Ears(flags, protocol(), lambda key: Said(key, extras={"urgent": True})),
            WORDS,
            lambda: now,
            lambda _unit, _chat, message: (
                "/raise" if message.text == "between the lines" else None
            ),
            call,
        )

    return build


@pytest.fixture(autouse=True)
def no_waiting(monkeypatch):
    monkeypatch.setattr("bot.desk.turns._FIRST_WAIT_SECONDS", 0.01)
    monkeypatch.setattr("bot.desk.turns._LONGEST_WAIT_SECONDS", 0.02)


@pytest.mark.parametrize("fault", [AssistantAway("x"), KeyError("x")])
def test_who_is_given_up_hears_of_it_at_once(store, chat, turns_with, fault):
    rings = []
    turns = turns_with(FakeAssistant(*[fault] * 9))

    async def talk():
        turns._bell.listen(
            lambda _, what: rings.append((what, len(texts(store, chat))))
        )
        await turns.hear_text(chat, "c1", "hello")
        await settled(turns)

    asyncio.run(talk())

    assert texts(store, chat)[-1] == "That went wrong."
    assert ("said", len(texts(store, chat))) in rings


async def settled(turns):
    while turns._tasks:
        await asyncio.wait(list(turns._tasks.values()))


def texts(store, chat):
    with store.reading() as unit:
        return [m.text for m in unit.conversations.after(chat, 0) if m.seq]


def said_after(store, chat, turns, *heard):
    async def talk():
        for number, text in enumerate(heard):
            await turns.hear_text(chat, f"c{number}", text)
        await settled(turns)

    asyncio.run(talk())
    return texts(store, chat)


def test_a_message_is_answered(store, chat, turns_with):
    said = said_after(store, chat, turns_with(FakeAssistant()), "hello")

    assert said == ["hello", "« hello"]


def test_while_away_it_is_said_once_and_answered_later(store, chat, turns_with):
    away = FakeAssistant(*[AssistantAway("x")] * 3)

    said = said_after(store, chat, turns_with(away), "hello")

    assert said == ["hello", "A moment, please.", "« hello"]


def reason(store, chat):
    with store.reading() as unit:
        handoff = unit.handoffs.open_of(chat)
    return handoff and handoff.reason


def test_who_asks_for_a_person_while_it_is_away_gets_one(store, chat, turns_with):
    away = FakeAssistant(*[AssistantAway("x")] * 3)

    said = said_after(store, chat, turns_with(away), "can I talk to a person")

    assert said[:2] == ["can I talk to a person", "Staff know."]
    assert reason(store, chat) == "asked_for_a_person"
    # It is answered all the same: perhaps something else was meant.
    assert said[2:] == ["« can I talk to a person"]


def test_who_asks_for_a_person_behind_a_question_gets_one(store, chat, turns_with):
    turns = turns_with(None)

    async def ask_too():
        await turns.hear_text(chat, "c9", "a real person please")
        raise AssistantAway("x")

    turns._assistant = FakeAssistant(ask_too, AssistantAway("x"), AssistantAway("x"))
    said = said_after(store, chat, turns, "hello")

    assert said.count("Staff know.") == 1
    assert reason(store, chat) == "asked_for_a_person"
    assert said[-2:] == ["« hello", "« a real person please"]


BOTH = '/answer{"answer": "both", "screen": "leg_weakness"}'


@pytest.mark.parametrize(
    ("label", "payload", "advice"),
    [("Sudden trouble breathing", "/answer1", "em_chest"), ("Both", BOTH, "em_spine")],
)
def test_an_emergency_pressed_while_it_is_away_is_answered_at_once(
    store, chat, turns_with, now, label, payload, advice
):
    signs = (Choice(label, payload),)
    with store.unit() as unit:
        unit.conversations.say(chat, Said("Any of these?", checklist=signs), now)
        unit.commit()
        (shown,) = unit.conversations.after(chat, 0)
    (option,) = shown.extras["checklist"]["options"]
    away = FakeAssistant(*[AssistantAway("x")] * 3)
    turns = turns_with(away)

    async def press():
        await turns.hear_choice(chat, "c1", [option["id"]])
        await settled(turns)

    asyncio.run(press())

    assert texts(store, chat)[1:] == [label, advice]
    assert reason(store, chat) == "emergency"
    assert len(away.asked) == 1


def test_a_question_while_it_is_away_calls_nobody(store, chat, turns_with):
    away = FakeAssistant(*[AssistantAway("x")] * 3)

    said_after(store, chat, turns_with(away), "are you a real person?")

    assert reason(store, chat) is None


def test_a_message_that_never_works_is_given_up_and_handed_over(
    store, chat, turns_with
):
    stuck = FakeAssistant(*[AssistantAway("500")] * 5)

    said = said_after(store, chat, turns_with(stuck), "poison", "hello")

    assert "That went wrong." in said
    assert said[-1] == "« hello"
    with store.reading() as unit:
        assert unit.handoffs.open_of(chat).reason == "something_went_wrong"


def test_an_unexpected_fault_does_not_block_the_conversation(store, chat, turns_with):
    broken = FakeAssistant(*[KeyError("text")] * 5)

    said = said_after(store, chat, turns_with(broken), "odd", "hello")

    assert said.count("That went wrong.") == 1
    assert said[-1] == "« hello"


def test_an_assistant_without_words_is_no_silence(store, chat, turns_with):
    said = said_after(store, chat, turns_with(FakeAssistant([])), "hello")

    assert said == ["hello", "That went wrong."]


def test_a_cancelled_caller_is_answered_all_the_same(store, chat, turns_with):
    turns = turns_with(FakeAssistant())

    async def hang_up():
        call = asyncio.create_task(turns.hear_text(chat, "c1", "hello"))
        await asyncio.sleep(0)
        call.cancel()
        await asyncio.sleep(0.3)
        await settled(turns)

    asyncio.run(hang_up())

    assert texts(store, chat) == ["hello", "« hello"]


def test_what_was_left_is_taken_up_after_a_restart(store, chat, turns_with, now):
    with store.unit() as unit:
        unit.conversations.hear(chat, "left behind", None, "c1", now)
        unit.commit()
    turns = turns_with(FakeAssistant())

    async def restart():
        await turns.resume()
        await settled(turns)

    asyncio.run(restart())

    assert texts(store, chat) == ["left behind", "« left behind"]


def test_an_emergency_left_unchecked_is_heard_after_a_restart(
    store, chat, turns_with, now
):
    with store.unit() as unit:
        unit.conversations.hear(chat, "crushing chest pain", None, "c1", now)
        unit.commit()
    assistant = FakeAssistant()
    turns = turns_with(assistant)

    async def restart():
        await turns.resume()
        await settled(turns)

    asyncio.run(restart())

    assert texts(store, chat)[-1] == "em_chest"
    assert assistant.asked == []


@pytest.mark.parametrize(
    ("meanwhile", "told"), [("a person", ["Call 911."]), ("an emergency", ["em_chest"])]
)
def test_late_advice_is_told_once_whatever_came_in_between(
    store, chat, turns_with, now, meanwhile, told
):
    turns = turns_with(None)

    class Overtaken(FakeAssistant):
        async def reply(self, asked):
            if meanwhile == "a person":
                with store.unit() as unit:
                    take(unit, chat, "Priya", now)
                    unit.commit()
            else:
                await turns.hear_text(chat, "c9", "I have crushing chest pain")
            return [
                Said("Call 911.", extras={"urgent": {"call": "911"}}),
                Said("Shall we find a time?"),
            ]

    turns._assistant = Overtaken()

    said = said_after(store, chat, turns, "both of my legs")

    with store.reading() as unit:
        heard = unit.conversations.after(chat, 0)
    assert said[0] == "both of my legs"
    assert [one.text for one in heard if one.author != "visitor"] == told


@pytest.mark.parametrize(
    ("card", "told"), [(None, []), ("answers", []), ("appointment", ["Done."])]
)
def test_only_a_deed_is_told_once_an_emergency_has_overtaken_it(
    store, chat, turns_with, card, told
):
    extras = {"card": {"kind": card}} if card else {}
    turns = turns_with(None)

    class Overtaken(FakeAssistant):
        async def reply(self, asked):
            await turns.hear_text(chat, "c9", "I have crushing chest pain")
            return [Said("Done.", extras=extras)]

    turns._assistant = Overtaken()

    said = said_after(store, chat, turns, "the last answer")

    asked = ["the last answer", "I have crushing chest pain", "em_chest"]
    assert said == [*asked, *told]


def test_a_message_whose_check_fails_is_kept_and_handed_over(store, chat, turns_with):
    class Broken:
        def match(self, text):
            raise KeyError(text)

    turns = turns_with(FakeAssistant())
    turns._ears = replace(turns._ears, red_flags=Broken())

    said = said_after(store, chat, turns, "hello")

    assert said == ["hello", "That went wrong."]
    with store.reading() as unit:
        assert unit.handoffs.open_of(chat).reason == "something_went_wrong"


def test_a_long_talk_begins_anew_while_nothing_is_going_on(
    store, chat, turns_with, monkeypatch
):
    monkeypatch.setattr("bot.desk.answering._LONG_EPOCH_MESSAGES", 8)

    class AtRest(FakeAssistant):
        async def reply(self, asked):
            self.asked.append(asked)
            return [Said("An answer.", at_rest=True)]

    assistant = AtRest()
    said_after(store, chat, turns_with(assistant), *[f"q{n}" for n in range(20)])

    senders = [asked.sender.partition(":")[2] for asked in assistant.asked]
    assert senders[0] == "0"
    assert "1" in senders
    assert [asked.text for asked in assistant.asked] == [f"q{n}" for n in range(20)]


def test_the_assistant_knows_what_was_typed_too_early(store, chat, turns_with):
    turns = turns_with(None)

    async def second_comes():
        await turns.hear_text(chat, "c9", "none")

    assistant = turns._assistant = FakeAssistant(second_comes)
    said_after(store, chat, turns, "none")

    assert [(asked.seq, asked.seen) for asked in assistant.asked] == [
        (1, True),
        (2, False),
    ]


def test_an_answer_past_its_review_goes_to_staff_as_well(store, chat, turns_with):
    old = Said("Little pain.", extras={"topic": "needle_pain"}, past_review=True)
    turns = turns_with(FakeAssistant([old]))

    async def go():
        await turns.hear_text(chat, "c1", "does it hurt?")
        await settled(turns)

    asyncio.run(go())

    with store.reading() as unit:
        handoff = unit.handoffs.open_of(chat)
    assert (handoff.reason, handoff.detail) == ("answer_expired", "needle_pain")
    assert texts(store, chat)[1:] == ["Little pain.", "Staff look at that too."]
