"""What the desk does beside answering: it sweeps, and it tells of failures."""

from datetime import timedelta

import pytest
from sanic.exceptions import ServiceUnavailable

from bot.app import _sweep
from bot.channels.answers import _hung_up
from bot.clock import utc_now
from bot.desk import screening as desk
from bot.desk.screening import Asked
from bot.house import House, load_shelf
from bot.settings import load
from tests.people import begin_conversation
from tests.screening import CALM


@pytest.fixture
def house(store):
    settings = load()
    return House(settings, load_shelf(settings), store)


def leave_at(house, screen_id, reply):
    """Let a visitor answer up to a screen, reply there, and go away for a day."""
    then = utc_now() - timedelta(hours=25)
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

    _sweep(house, utc_now())

    handoff = handoff_of(house, chat)
    assert (handoff.reason, handoff.priority) == ("crisis", "asap")
    assert "U21" in handoff.detail


def test_another_alarm_left_behind_reaches_staff(house):
    chat = leave_at(house, "flags", ["fever"])

    _sweep(house, utc_now())

    handoff = handoff_of(house, chat)
    assert (handoff.reason, handoff.priority) == ("screening", "asap")


def test_calm_answers_left_behind_bother_nobody(house):
    chat = leave_at(house, "site", "low_back")

    _sweep(house, utc_now())

    assert handoff_of(house, chat) is None
    with house.store.reading() as unit:
        assert unit.screenings.of(chat) == []


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
