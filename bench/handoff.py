"""Times the way between a visitor and staff: `python -m bench.handoff`."""

from __future__ import annotations

import argparse
import json
import re
import tempfile
import time
import uuid
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import httpx

from bench.processes import Failed, say
from bench.stats import Times
from bot.clock import utc_now
from bot.desk.staff import add_staff
from tests.live import Live

_NAME, _PASSWORD = "Priya", "five wet umbrellas"
_TIMEOUT_SECONDS = 60
_ASKS = "Can I talk to a person, please?"


class Staff:
    """Somebody at the console, with its stream open."""

    def __init__(self, url: str, opened: ExitStack) -> None:
        self._http = opened.enter_context(
            httpx.Client(base_url=url, timeout=_TIMEOUT_SECONDS)
        )
        self._csrf = self._token("/staff/login")
        self.post("/staff/login", name=_NAME, password=_PASSWORD)
        self._csrf = self._token("/staff/account")
        stream = opened.enter_context(self._http.stream("GET", "/staff/live"))
        self._events = _events(stream)

    def post(self, path: str, **fields: str) -> None:
        """Send a form of the console."""
        answer = self._http.post(path, data={"csrf": self._csrf, **fields})
        if answer.is_error:
            raise Failed(f"{path}: {answer.status_code}")

    def see(self, conversation_id: str) -> None:
        """Read the queue whenever it changes, until a conversation is in it."""
        for _ in self._events:
            if conversation_id in self._http.get("/staff").text:
                return
        raise Failed("the stream of the console ended")

    def _token(self, path: str) -> str:
        found = re.search(r'name="csrf" value="(\w+)"', self._http.get(path).text)
        if found is None:
            raise Failed(f"no form at {path}")
        return found[1]


class Visitor:
    """Somebody in the chat, with its stream open."""

    def __init__(self, url: str, opened: ExitStack) -> None:
        http = httpx.Client(base_url=url, timeout=_TIMEOUT_SECONDS)
        self._http = opened.enter_context(http)
        begun = self._http.post("/chat/conversations").json()
        self.conversation_id: str = begun["conversation"]
        self._http.headers["Authorization"] = f"Bearer {begun['token']}"
        stream = opened.enter_context(self._http.stream("GET", "/chat/events"))
        self._events = _events(stream)

    def say(self, text: str) -> None:
        """Send a message."""
        body = {"client_id": str(uuid.uuid4()), "text": text}
        self._http.post("/chat/messages", json=body).raise_for_status()

    def see(self, text: str) -> None:
        """Read on until a text comes."""
        if not any(message.get("text") == text for message in self._events):
            raise Failed("the stream of the chat ended")


def main() -> None:
    """Let visitors ask for a person, one after the other, and staff reply to each."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.handoff", description=__doc__
    )
    parser.add_argument("--visitors", type=int, default=50)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="meridian-bench-") as folder:
        meridian = Live(Path(folder))
        store = meridian.store()
        with store.unit() as unit:
            add_staff(unit, _NAME, _PASSWORD, "staff", utc_now())
        store.close()
        meridian.start("desk")
        try:
            meridian.wait_until_alive()
            _measure(meridian.url, chosen.visitors)
        finally:
            meridian.stop()


def _measure(url: str, visitors: int) -> None:
    asked: list[float] = []
    replied: list[float] = []
    with ExitStack() as opened:
        staff = Staff(url, opened)
        for number in range(visitors):
            with ExitStack() as talk:
                visitor = Visitor(url, talk)
                start = time.perf_counter()
                visitor.say(_ASKS)
                staff.see(visitor.conversation_id)
                asked.append((time.perf_counter() - start) * 1000)
                here = f"/staff/conversations/{visitor.conversation_id}"
                staff.post(f"{here}/take")
                text = f"Hello, number {number}."
                start = time.perf_counter()
                staff.post(f"{here}/reply", text=text, client_id=str(uuid.uuid4()))
                visitor.see(text)
                replied.append((time.perf_counter() - start) * 1000)
    say("milliseconds on the wall clock")
    say(f"asks for a person, until the queue shows it: {Times.of(asked)}")
    say(f"staff send a reply, until the visitor has it: {Times.of(replied)}")


def _events(stream: httpx.Response) -> Iterator[dict[str, Any]]:
    """Yield what comes with the events of a stream."""
    for line in stream.iter_lines():
        if line.startswith("data: "):
            yield json.loads(line.removeprefix("data: "))


if __name__ == "__main__":
    main()
