"""The kit for each channel: the web chat, Telegram, the terminal."""

from __future__ import annotations

import io
import itertools
import threading
import time
import uuid
from typing import Any

import httpx
import pytest

from bot.chat import Line, Talk, options_of
from tests.channels.fake_telegram import FakeTelegram, Trouble, message, pressed
from tests.channels.kit import ChannelKit

_PEOPLE = itertools.count(90_001)


class Breakable(httpx.HTTPTransport):
    """A wire that can be cut."""

    def __init__(self) -> None:
        super().__init__()
        self.cut = False

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.cut:
            raise httpx.ConnectError("cut", request=request)
        return super().handle_request(request)


class WebLine:
    """A visitor whose page repeats, as the widget does, what may not be stored."""

    def __init__(self, url: str) -> None:
        self._wire = Breakable()
        self._client = httpx.Client(base_url=url, transport=self._wire)
        begun = self._client.post("/chat/conversations").json()
        self._client.headers["Authorization"] = f"Bearer {begun['token']}"
        self._outbox: list[dict[str, Any]] = []
        self._pressed = ""

    def says(self, text: str) -> None:
        self._send(text=text)

    def says_twice(self, text: str) -> None:
        body = {"client_id": str(uuid.uuid4()), "text": text}
        self._outbox += [body, body]
        self._empty()

    def texts(self) -> list[str]:
        return [one["text"] for one in self._said()]

    def presses(self, label: str) -> None:
        buttons = [one for said in self._said() for one in options_of(said)]
        self._pressed = [one["id"] for one in buttons if one["label"] == label][-1]
        self.presses_again()

    def presses_again(self) -> None:
        self._send(choice=self._pressed)

    def forges(self) -> None:
        self._send(choice="forged")

    def goes_down(self) -> None:
        self._wire.cut = True

    def comes_up(self) -> None:
        self._wire.cut = False
        self._empty()

    def close(self) -> None:
        self._client.close()

    def _said(self) -> list[dict[str, Any]]:
        found = self._client.get("/chat/messages").json()["messages"]
        return [one for one in found if one["author"] != "visitor"]

    def _send(self, **body: str) -> None:
        self._outbox.append({"client_id": str(uuid.uuid4()), **body})
        self._empty()

    def _empty(self) -> None:
        while self._outbox:
            try:
                self._client.post("/chat/messages", json=self._outbox[0])
            except httpx.ConnectError:
                return
            del self._outbox[0]


class TelegramLine:
    """A visitor on Telegram."""

    def __init__(self, telegram: FakeTelegram) -> None:
        self._telegram, self._chat = telegram, next(_PEOPLE)
        self._again: dict[str, Any] = {}

    def says(self, text: str) -> None:
        self._telegram.says(self._chat, text)

    def says_twice(self, text: str) -> None:
        body = message(self._chat, text=text)
        number = self._telegram.push(body)
        self._telegram.push(body, number)

    def texts(self) -> list[str]:
        return [
            text.partition("\n\nYour answer")[0]
            for text in self._telegram.texts(self._chat)
        ]

    def presses(self, label: str) -> None:
        shown, data = [
            (shown, button["callback_data"])
            for shown in self._telegram.chats[self._chat]
            for row in shown.buttons
            for button in row
            if button["text"] == label
        ][-1]
        self._again = pressed(self._chat, shown, data)
        self.presses_again()

    def presses_again(self) -> None:
        self._telegram.push(self._again)

    def forges(self) -> None:
        shown = self._telegram.chats[self._chat][-1]
        self._telegram.push(pressed(self._chat, shown, "forged"))

    def goes_down(self) -> None:
        self._telegram.trouble = Trouble(bad_gateway=0.5, closed=0.5)

    def comes_up(self) -> None:
        self._telegram.trouble = Trouble()


class TerminalLine:
    """A visitor at a terminal."""

    def __init__(self, url: str, folder: Any) -> None:
        self._wire, self._out = Breakable(), io.StringIO()
        self._line = Line(url, folder / f"{uuid.uuid4()}.key", self._wire)
        self._talk = Talk(self._line, self._out, colours=False)
        self._talk.begin(new=True)
        self._typed: list[threading.Thread] = []
        self._last = ""

    def says(self, text: str) -> None:
        # A terminal waits for the answer; a broken line must not stop the typing.
        before = self._typed[-1] if self._typed else None
        thread = threading.Thread(target=self._in_turn, args=(before, text))
        self._typed.append(thread)
        thread.start()

    def _in_turn(self, before: threading.Thread | None, text: str) -> None:
        if before:
            before.join()
        self._talk.say(text)

    def says_twice(self, text: str) -> None:
        for thread in self._typed:
            thread.join()
        body = {"client_id": str(uuid.uuid4()), "text": text}
        self._line.say(body)
        self._line.say(body)

    def texts(self) -> list[str]:
        lines = self._out.getvalue().splitlines()
        return [line for line in lines if not line.startswith("  ")]

    def presses(self, label: str) -> None:
        shown = options_of(self._talk._shown)
        (self._last,) = [one["id"] for one in shown if one["label"] == label]
        self.says("1")

    def presses_again(self) -> None:
        self._sends(self._last)

    def forges(self) -> None:
        self._sends("forged")

    def _sends(self, button: str) -> None:
        for thread in self._typed:
            thread.join()
        self._line.say({"choice": button})

    def goes_down(self) -> None:
        self._wire.cut = True

    def comes_up(self) -> None:
        self._wire.cut = False

    def close(self) -> None:
        for thread in self._typed:
            thread.join()
        self._talk.end()


class TestWeb(ChannelKit):
    @pytest.fixture
    def line(self, desk):
        desk.rasa.away = False
        line = WebLine(desk.url)
        yield line
        line.close()


class TestTelegram(ChannelKit):
    @pytest.fixture
    def desk(self, on_telegram):
        return on_telegram[0]

    @pytest.fixture
    def line(self, on_telegram):
        on_telegram[0].rasa.away = False
        return TelegramLine(on_telegram[1])

    def test_a_button_works_once(self, line, desk):
        line.says("hello")
        while not line.texts()[1:]:
            time.sleep(0.02)
        line.presses("Yes")
        line.presses_again()
        line.says("and on")
        while "« and on" not in line.texts():
            time.sleep(0.02)

        assert line.texts().count("« /yes") == 1


class TestTerminal(ChannelKit):
    @pytest.fixture
    def line(self, desk, tmp_path):
        desk.rasa.away = False
        line = TerminalLine(desk.url, tmp_path)
        yield line
        line.close()
