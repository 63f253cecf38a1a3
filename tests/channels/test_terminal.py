"""`python -m bot chat` at a real terminal: history, arrow keys, colours, the end."""

import json
import os
import pty
import re
import select
import signal
import sys
import time

import httpx
import pytest

import bot.chat
from bot.chat import Line, Unreachable, worded, wrapped
from bot.settings import ROOT

_PATIENCE_SECONDS = 60.0


class Terminal:
    """Somebody at a terminal."""

    def __init__(self, desk, *words):
        self.seen = ""
        environment = {
            **os.environ,
            "MERIDIAN_DATA_DIR": str(desk.live.data_dir),
            "MERIDIAN_PORT": str(desk.live.ports["desk"]),
            "TERM": "xterm-256color",
        }
        environment.pop("NO_COLOR", None)
        command = [sys.executable, "-m", "bot", "chat", *words]
        self._pid, self._end = pty.fork()
        if not self._pid:
            os.chdir(ROOT)
            os.execve(command[0], command, environment)  # noqa: S606 - our own

    def reads(self, pattern):
        """Come back when something new that fits stands there."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while not (found := re.search(pattern, self.seen)):
            if time.monotonic() > end:
                raise TimeoutError(self.seen)
            self._look()
        self.seen = self.seen[found.end() :]

    def types(self, keys):
        """Press keys."""
        os.write(self._end, keys.encode())

    def leaves(self, key="\x04"):
        """Press Ctrl-D, or Ctrl-C, at the prompt.

        Between two prompts the terminal swallows the one, and Python's readline now
        and then the other until it has begun to wait for keys.
        """
        self.reads("\r\n> ")
        time.sleep(0.5)
        self.types(key)

    def ends(self):
        """Return how the program ended, with all that it still said."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while self._look():
            if time.monotonic() > end:
                os.kill(self._pid, signal.SIGKILL)
        os.close(self._end)
        return os.waitstatus_to_exitcode(os.waitpid(self._pid, 0)[1])

    def _look(self):
        if select.select([self._end], [], [], 0.2)[0]:
            try:
                found = os.read(self._end, 65536)
            except OSError:  # a terminal whose program has ended
                return False
            self.seen += found.decode("utf-8", "replace")
        return True


@pytest.fixture
def begun(desk):
    desk.rasa.away = False
    terminal = Terminal(desk, "--new")
    terminal.reads("> ")
    return terminal


def test_a_terminal_has_colours_buttons_and_arrow_keys(begun):
    begun.types("hello there\r")
    begun.reads("\x1b\\[36m\u00ab hello there\x1b\\[0m\r\n  1. Yes\r\n> ")
    begun.types("1\r")
    begun.reads("\u00ab /yes.*\r\n  1. Yes\r\n> ")
    begun.types("\x1b[A\x1b[A\r")  # what was typed before
    begun.reads("\u00ab hello there")
    begun.types("I have crushing chest pain\r")
    begun.reads("\x1b\\[1;31m.*911")
    begun.leaves()

    assert begun.ends() == 0


def test_a_terminal_goes_on_where_it_was(begun, desk):
    begun.types("remember me\r")
    begun.reads("\u00ab remember me")
    begun.leaves()
    begun.ends()
    again = Terminal(desk)
    again.reads("> remember me\r\n\x1b\\[36m\u00ab remember me")
    again.leaves("\x03")

    assert again.ends() == 0


def test_a_visit_goes_into_the_calendar():
    address = "https://clinic.example.org/visits/1.ics"
    card = {"title": "Booked", "rows": [["When", "Thu 10:00"]], "calendar_url": address}
    shown = worded({"author": "assistant", "text": "Done.", "card": card}, False)

    assert shown.splitlines()[1:] == [
        "  Booked",
        "  When: Thu 10:00",
        f"  Add to your calendar: {address}",
    ]


def test_narrow_terminal_breaks_no_word():
    address = "https://clinic.example.org/visits/a-long-one.ics"
    options = [{"id": "1", "label": "Blood thinners, such as warfarin"}]
    asked = "Do any of these apply to you at the moment?"
    message = {"author": "staff", "text": f"{asked}\n\n{address}", "buttons": options}
    shown = wrapped(worded(message, True), 24)

    assert re.sub("\x1b\\[\\d*m", "", shown).splitlines() == [
        "Do any of these",
        "apply to you at the",
        "moment?",
        "",
        address,
        "  1. Blood thinners,",
        "     such as warfarin",
    ]


def test_what_the_desk_asks_to_hold_back_is_sent_later(tmp_path):
    answers = [
        httpx.Response(429, headers={"Retry-After": "0"}),
        httpx.Response(502, headers={"Retry-After": "0"}, text="<html>bad gateway"),
        httpx.Response(202, json={"seq": 7}),
    ]
    sent = []

    def answer(request):
        sent.append(json.loads(request.content))
        return answers.pop(0)

    line = Line("http://desk", tmp_path / "key", httpx.MockTransport(answer))

    assert line.say({"text": "in a hurry"}) == 7
    assert len({one["client_id"] for one in sent}) == 1


def test_what_is_typed_without_a_desk_is_said_to_wait(tmp_path, monkeypatch):
    monkeypatch.setattr(bot.chat, "_RETRY_SECONDS", 0)
    answers = [None, None, httpx.Response(202, json={"seq": 7})]
    told = []

    def answer(request):
        if (found := answers.pop(0)) is None:
            raise httpx.ConnectError("refused", request=request)
        return found

    line = Line("http://desk", tmp_path / "key", httpx.MockTransport(answer))

    assert line.say({"text": "anybody?"}, away=lambda: told.append("once")) == 7
    assert told == ["once"]


def test_a_desk_in_trouble_costs_no_conversation(tmp_path):
    kept = tmp_path / "key"
    kept.write_text("mine")
    trouble = httpx.MockTransport(lambda _: httpx.Response(503))

    with pytest.raises(Unreachable):
        Line("http://desk", kept, trouble).open(new=False)

    assert kept.read_text() == "mine"
