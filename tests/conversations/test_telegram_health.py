"""What a clinic decides about health on Telegram, with the real assistant."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from unittest import mock

import httpx
import pytest

from tests.channels.conftest import QuickLive
from tests.channels.fake_telegram import TOKEN, FakeTelegram

pytestmark = pytest.mark.model

CHAT = 82_001
ASKED = "Would acupuncture suit me? My back has hurt for two months."
FIRST_SCREEN = "Before we start"

Here = tuple[QuickLive, FakeTelegram]


@pytest.fixture
def asked(tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Here]:
    """Run the real processes; a visitor on Telegram asks to be screened."""
    telegram = FakeTelegram()
    environment = {
        "TELEGRAM_SECOND": "0.05",
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_API_BASE_URL": telegram.url,
        "TELEGRAM_HEALTH": request.param,
    }
    with mock.patch.dict(os.environ, environment):
        live = QuickLive(tmp_path)
    try:
        live.start()
        live.wait_until_ready()
        telegram.says(CHAT, ASKED)
        telegram.wait_for(lambda: len(telegram.texts(CHAT)) >= 2, 60)
        yield live, telegram
    finally:
        live.stop()
        telegram.stop()


def sent(telegram: FakeTelegram) -> str:
    """Return all that Telegram was given for the visitor, buttons too."""
    return json.dumps([call.body for call in telegram.sends()])


@pytest.mark.parametrize("asked", ["allowed"], indirect=True)
def test_allowed_asks_the_first_questions_in_telegram(asked: Here) -> None:
    _, telegram = asked
    shown = telegram.wait_text(CHAT, FIRST_SCREEN)
    yes = next(
        button
        for row in shown.buttons
        for button in row
        if button["text"].startswith("Yes, and the visit is for me")
    )

    telegram.presses(CHAT, shown, yes["callback_data"])

    telegram.wait_text(CHAT, "How old")
    telegram.says(CHAT, "46")
    signs = telegram.wait_text(CHAT, "Do any of these apply")
    four_lines_none_and_done = 6
    assert len(signs.buttons) == four_lines_none_and_done


@pytest.mark.parametrize("asked", ["link"], indirect=True)
def test_link_asks_them_on_the_page_alone(asked: Here) -> None:
    live, telegram = asked
    instead = telegram.wait_text(CHAT, "/c/").text
    found = re.search(r"/c/(\S+)", instead)
    assert found, instead

    answer = httpx.post(f"{live.url}/chat/continue", json={"pass": found[1]})

    assert answer.status_code == httpx.codes.OK, (instead, answer.text)
    headers = {"Authorization": f"Bearer {answer.json()['token']}"}
    page = httpx.get(f"{live.url}/chat/messages", headers=headers).json()
    texts = [one["text"] for one in page["messages"]]
    assert ASKED in texts
    assert any(FIRST_SCREEN in text for text in texts)
    assert FIRST_SCREEN not in sent(telegram)


@pytest.mark.parametrize("asked", ["off"], indirect=True)
def test_off_asks_nothing_and_names_the_telephone(asked: Here) -> None:
    _, telegram = asked

    telegram.wait_for(
        lambda: any("+1 780 555 0142" in text for text in telegram.texts(CHAT)[1:])
    )

    assert FIRST_SCREEN not in sent(telegram)
    assert "/c/" not in sent(telegram)
