"""What the desk does beside answering: it sweeps, and it tells of failures."""

import asyncio
import logging
from dataclasses import replace
from datetime import timedelta

import pytest
from sanic.exceptions import ServiceUnavailable

from bot.app import _sweep, _watch, build
from bot.assistant import RasaAssistant
from bot.channels.answers import _hung_up
from bot.clock import utc_now
from bot.desk import screening as desk
from bot.desk.bell import Bell
from bot.desk.handoff import hand_over, open_handoff
from bot.desk.screening import Asked
from bot.desk.watch import look_after
from bot.house import House, load_shelf
from bot.settings import load
from tests.people import begin_conversation
from tests.screening import CALM


@pytest.fixture
def house(store):
    settings = load()
    return House(settings, load_shelf(settings), store)


def leave_at(house, screen_id, reply, hours=25):
    """Let a visitor answer up to a screen, reply there, and go away for hours."""
    then = utc_now() - timedelta(hours=hours)
    chat, protocol = begin_conversation(house.store, then), house.shelf.protocol
    with house.store.unit() as unit:
        last: desk.Result = desk.start(unit, chat, "web", protocol, then)
        while isinstance(last, Asked) and last.screen.id != screen_id:
            last = desk.answer(unit, chat, protocol, CALM[last.screen.id], then)
        desk.answer(unit, chat, protocol, reply, then)
        unit.commit()
    return chat


def handoff_of(house, chat):
    with house.store.reading() as unit:
        return unit.handoffs.open_of(chat)


def test_a_crisis_question_left_open_reaches_staff(house):
    chat = leave_at(house, "mood", ["very_low"])

    _sweep(house, Bell(), utc_now())

    handoff = handoff_of(house, chat)
    assert (handoff.reason, handoff.priority) == ("crisis", "asap")
    assert "U21" in handoff.detail


def test_another_alarm_left_behind_reaches_staff(house):
    chat = leave_at(house, "flags", ["fever"])

    _sweep(house, Bell(), utc_now())

    handoff = handoff_of(house, chat)
    assert (handoff.reason, handoff.priority) == ("screening", "asap")


def test_what_needs_a_doctor_today_waits_for_an_hour_and_not_a_day(house):
    chat = leave_at(house, "flags", ["fever"], hours=1.1)

    _sweep(house, Bell(), utc_now())

    assert handoff_of(house, chat).priority == "asap"
    with house.store.reading() as unit:
        told = [one.text for one in unit.conversations.after(chat, 0)]
    assert "need a doctor to look at them today" in " ".join(told)


def test_calm_answers_left_behind_bother_nobody(house):
    chat = leave_at(house, "site", "low_back")

    _sweep(house, Bell(), utc_now())

    assert handoff_of(house, chat) is None
    with house.store.reading() as unit:
        assert unit.screenings.of(chat) == []


def test_one_that_cannot_be_closed_keeps_no_other_waiting(house, monkeypatch):
    broken, other = (leave_at(house, "flags", ["fever"]) for _ in range(2))
    really = hand_over

    def fails_once(unit, left, now):
        if left.conversation_id == broken:
            raise KeyError("a question of last year")
        really(unit, left, now)

    monkeypatch.setattr("bot.app.hand_over", fails_once)

    with pytest.raises(RuntimeError, match="1 of 2"):
        _sweep(house, Bell(), utc_now())

    assert handoff_of(house, other).priority == "asap"
    with house.store.reading() as unit:
        assert [one.status for one in unit.screenings.of(broken)] == ["in-progress"]


@pytest.fixture
def late(house):
    """Return two conversations in which staff should have replied long ago."""
    then = utc_now() - timedelta(days=9)
    chats = [begin_conversation(house.store, then) for _ in range(2)]
    for chat in chats:
        with house.store.unit() as unit:
            open_handoff(unit, chat, "complaint", "urgent", then)
            unit.commit()
    return chats


def missed(house, chats):
    return [bool(handoff_of(house, chat).missed_at) for chat in chats]


def test_a_conversation_that_fails_keeps_no_other_waiting(
    house, late, monkeypatch, caplog
):
    broken, other = late
    really = look_after

    def fails_once(unit, clinic, words, conversation_id, now):
        if conversation_id == broken:
            raise KeyError("what a visitor wrote")
        really(unit, clinic, words, conversation_id, now)

    monkeypatch.setattr("bot.app.look_after", fails_once)

    # The round has failed, for /readyz to tell of, but only when it has seen to all.
    with caplog.at_level(logging.ERROR), pytest.raises(RuntimeError, match="1 of 2"):
        _watch(house, Bell(), utc_now())

    assert missed(house, [broken, other]) == [False, True]
    assert broken in caplog.messages[0]


def test_who_watches_hears_of_what_the_desk_did_by_itself(house, late):
    async def watch():
        bell = Bell()
        with bell.watch_all() as rings:
            await asyncio.to_thread(_watch, house, bell, utc_now())
            return {await asyncio.wait_for(rings.get(), 10) for _ in late}

    assert asyncio.run(watch()) == set(late)


@pytest.mark.parametrize(
    ("fault", "hung_up"),
    [
        (ServiceUnavailable("Cancelled"), True),
        (ConnectionResetError(), True),
        (BrokenPipeError(), True),
        (ServiceUnavailable("Response Timeout"), False),
        (OSError("disk full"), False),
    ],
)
def test_a_caller_who_hangs_up_is_no_failure(fault, hung_up):
    assert _hung_up(fault) is hung_up


def test_whoever_waits_is_taken_up_before_the_rounds_begin(house, monkeypatch):
    begun = list[str]()

    def note(name):
        async def resume(_self):
            begun.append(name)

        return resume

    monkeypatch.setattr("bot.app.Turns.resume", note("turns"))
    monkeypatch.setattr(
        "bot.channels.telegram.running.Telegram.start", note("telegram")
    )
    monkeypatch.setattr("bot.app.Rounds.start", lambda _: begun.append("rounds"))
    monkeypatch.setattr("bot.app.gc.freeze", lambda: None)
    monkeypatch.setattr("bot.app.Sanic._app_registry", {})
    settings = replace(house.settings, telegram_token="42:fake")  # noqa: S106

    async def start():
        assistant = RasaAssistant(settings.assistant_url, settings.actions_url)
        app = build(replace(house, settings=settings), assistant)
        for one in app._future_listeners:
            if one.event == "after_server_start":
                await one.listener(app, asyncio.get_running_loop())
        await assistant.close()

    asyncio.run(start())

    assert begun == ["turns", "telegram", "rounds"]
