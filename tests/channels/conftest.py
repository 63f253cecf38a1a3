"""A real desk process, with a few lines in place of Rasa."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from unittest import mock

import pytest

from bot.store.unit import Store
from tests.channels.fake_telegram import TOKEN, FakeTelegram
from tests.live import Live

SCRIPT: dict[str, dict[str, object]] = {
    "is it right for me": {
        "text": "Is your leg numb?",
        "buttons": [{"title": "Not numb", "payload": "/not_numb"}],
        "custom": {"health": True},
    },
    "/not_numb": {
        "text": "Your visit is booked.",
        "custom": {
            "card": {
                "kind": "appointment",
                "title": "Booked",
                "rows": [["When", "Thu 10:00"]],
            }
        },
    },
}
"""What is not merely repeated: a question on health, and a visit."""


class FakeRasa(ThreadingHTTPServer):
    """Repeats what it is told, with one button; can be away.

    `answers` is what was meant for the newest question, among all that was `heard`, and
    `changed` what was an earlier message.
    """

    daemon_threads = True

    def __init__(self, port: int) -> None:
        self.away = False
        self.heard: list[str] = []
        self.seen: dict[str, bool] = {}
        self.answers: list[str] = []
        self.changed: list[str] = []
        super().__init__(("127.0.0.1", port), _Answers)


class _Answers(BaseHTTPRequestHandler):
    server: FakeRasa

    def do_GET(self) -> None:
        self._answer(200, [])

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        asked = json.loads(self.rfile.read(length))
        message = asked["message"]
        if self.server.away:
            self._answer(503, [])
            return
        self.server.heard.append(message)
        self.server.seen[message] = asked["metadata"]["seen"]
        if asked["metadata"]["seen"]:
            self.server.answers.append(message)
        if asked["metadata"].get("changed"):
            self.server.changed.append(message)
        button = {"title": "Yes", "payload": "/yes"}
        said: dict[str, object] = {"text": f"« {message}", "buttons": [button]}
        said = SCRIPT.get(message, said)
        self._answer(200, [] if message == "nothing" else [said])

    def log_message(self, *_: object) -> None:
        """Stay quiet."""

    def _answer(self, status: int, body: list[dict[str, object]]) -> None:
        content = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


class Desk:
    """The desk and the stand-in that it asks."""

    def __init__(self, live: Live, rasa: FakeRasa) -> None:
        self.url, self.rasa, self.live = live.url, rasa, live


@contextmanager
def desk_with(
    folder: Path, kind: type[Live] = Live, **environment: str
) -> Iterator[Desk]:
    """Run the desk alone, with a stand-in for what it asks."""
    with mock.patch.dict(os.environ, environment):
        live = kind(folder)
    rasa = FakeRasa(live.ports["assistant"])
    others = [rasa, FakeRasa(live.ports["actions"])]
    threads = [threading.Thread(target=one.serve_forever) for one in others]
    for thread in threads:
        thread.start()
    try:
        live.start("desk")
        live.wait_until_alive()
        yield Desk(live, rasa)
    finally:
        live.stop()
        for one, thread in zip(others, threads, strict=True):
            one.shutdown()
            one.server_close()
            thread.join()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Run the desk alone, with small allowances."""
    with desk_with(
        tmp_path_factory.mktemp("desk"),
        MERIDIAN_CONVERSATION_BURST="10000",
        MERIDIAN_MESSAGE_BURST="100",
        MERIDIAN_MESSAGES_PER_SECOND="0.5",
    ) as running:
        yield running


class QuickLive(Live):
    """A desk to whose Telegram a second is a short time."""

    module = "tests.channels.quick_desk"


@contextmanager
def telegram_desk(
    folder: Path, second: float = 0.05, **environment: str
) -> Iterator[tuple[Desk, FakeTelegram]]:
    """Run a desk with a bot, beside a Bot API on loopback."""
    telegram = FakeTelegram()
    try:
        with desk_with(
            folder,
            QuickLive,
            TELEGRAM_SECOND=str(second),
            TELEGRAM_BOT_TOKEN=TOKEN,
            TELEGRAM_API_BASE_URL=telegram.url,
            **environment,
        ) as running:
            yield running, telegram
    finally:
        telegram.stop()


@pytest.fixture(scope="module")
def on_telegram(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Desk, FakeTelegram]]:
    """Run a desk that polls a Bot API on loopback."""
    with telegram_desk(tmp_path_factory.mktemp("telegram")) as running:
        yield running


@pytest.fixture
def telegram(on_telegram: tuple[Desk, FakeTelegram]) -> FakeTelegram:
    """Return that Bot API, with the assistant at hand."""
    desk, telegram = on_telegram
    desk.rasa.away = False
    return telegram


@pytest.fixture
def record(desk: Desk) -> Iterator[Store]:
    """Open the record of the desk beside it."""
    store = desk.live.store()
    yield store
    store.close()
