"""Alerts in the staff's own Telegram chat, over a Bot API on loopback."""

from __future__ import annotations

import logging
import socket
from collections.abc import Iterator

import pytest

from bot import settings
from bot.channels.telegram.staff_room import StaffRoom
from bot.clinic.letters import Hopeless, Mail, PutOff, Sent
from tests.channels.fake_telegram import TOKEN, FakeTelegram

ROOM = -1004455
ALERT = Mail(
    "a1", "alert", "", "waiting", "A conversation is waiting.\nhttps://x.example/c"
)


@pytest.fixture
def telegram() -> Iterator[FakeTelegram]:
    fake = FakeTelegram()
    yield fake
    fake.stop()


def room(telegram: FakeTelegram, token: str = TOKEN) -> StaffRoom:
    return StaffRoom(token, telegram.url, str(ROOM))


def test_an_alert_stands_in_the_room(telegram):
    outcome = room(telegram).send(ALERT)

    assert outcome == Sent()
    assert telegram.texts(ROOM) == [ALERT.text]


@pytest.mark.parametrize("trouble", ["too_many", "bad_gateway", "closed"])
def test_what_passes_is_tried_again(telegram, trouble):
    setattr(telegram.trouble, trouble, 1.0)
    first = room(telegram).send(ALERT)
    setattr(telegram.trouble, trouble, 0.0)
    second = room(telegram).send(ALERT)

    assert isinstance(first, PutOff)
    assert not first.stop
    assert second == Sent()
    assert telegram.texts(ROOM) == [ALERT.text]


def test_a_room_without_the_bot_is_hopeless_and_logged_without_words(telegram, caplog):
    telegram.blocked.add(ROOM)

    with caplog.at_level(logging.WARNING):
        outcome = room(telegram).send(ALERT)

    assert isinstance(outcome, Hopeless)
    assert "staff's chat" in caplog.text
    assert "waiting" not in caplog.text


def test_a_token_that_is_none_is_tried_again(telegram):
    assert isinstance(room(telegram, "7:wrong").send(ALERT), PutOff)


def test_a_server_that_is_not_there_is_tried_again():
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{nobody.getsockname()[1]}"

        outcome = StaffRoom(TOKEN, url, str(ROOM)).send(ALERT)

    assert isinstance(outcome, PutOff)


@pytest.mark.parametrize("chat", ["@ours", "12 3", "--1", "9" * 30])
def test_a_chat_that_is_no_number_stops_the_start(monkeypatch, tmp_path, chat):
    monkeypatch.setenv("MERIDIAN_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", TOKEN)
    monkeypatch.setenv("MERIDIAN_STAFF_TELEGRAM_CHAT", chat)

    with pytest.raises(ValueError, match="MERIDIAN_STAFF_TELEGRAM_CHAT"):
        settings.load()


def test_a_chat_without_a_bot_stops_the_start(monkeypatch, tmp_path):
    monkeypatch.setenv("MERIDIAN_DATA_DIR", str(tmp_path))
    monkeypatch.delenv("TELEGRAM_BOT_TOKEN", raising=False)
    monkeypatch.setenv("MERIDIAN_STAFF_TELEGRAM_CHAT", str(ROOM))

    with pytest.raises(ValueError, match="TELEGRAM_BOT_TOKEN"):
        settings.load()
