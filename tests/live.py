"""Meridian as a visitor meets it: the real processes, on ports of their own."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import uuid
from pathlib import Path
from typing import Any

import httpx

from bot.settings import ROOT, load
from bot.store.migrate import migrate
from bot.store.unit import Store

_PATIENCE_SECONDS = 240
_BUILT = ("encoder", "model")
_WIRE = httpx.Client(timeout=30)
"""One for all: to make a client is slower than to be answered."""


class Live:
    """Desk, assistant and actions of one test run, with a record of their own.

    Args:
        folder: takes all that is written.
        root: the project that runs.
    """

    module = "bot"

    def __init__(
        self, folder: Path, clinic: str = "edmonton", root: Path = ROOT
    ) -> None:
        self.data_dir, self._root = folder, root
        for name in _BUILT:
            (folder / name).symlink_to(load().data_dir / name)
        self.ports = {name: free_port() for name in ("desk", "assistant", "actions")}
        self.url = f"http://127.0.0.1:{self.ports['desk']}"
        self.database_url = f"sqlite:///{folder / 'meridian.db'}"
        self._environment = {
            **os.environ,
            "MERIDIAN_DATA_DIR": str(folder),
            "MERIDIAN_LEARNED_DIR": str(folder / "learned"),
            "MERIDIAN_CLINIC": clinic,
            "MERIDIAN_PORT": str(self.ports["desk"]),
            "MERIDIAN_ASSISTANT_PORT": str(self.ports["assistant"]),
            "MERIDIAN_ACTIONS_PORT": str(self.ports["actions"]),
            "DATABASE_URL": self.database_url,
            "PYTHONWARNINGS": "ignore",
        }
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        migrate(self.database_url)

    def start(self, *names: str) -> None:
        """Start some of the processes, or all; come back at once."""
        for name in names or ("actions", "assistant", "desk"):
            with (self.data_dir / f"{name}.log").open("ab") as log:
                self._processes[name] = subprocess.Popen(  # noqa: S603 - our own
                    [sys.executable, "-m", self.module, name],
                    cwd=self._root,
                    env=self._environment,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                )

    def wait_until_alive(self) -> None:
        """Come back when the desk answers at all."""
        self._wait_for("/healthz")

    def wait_until_ready(self) -> None:
        """Come back when every part answers."""
        self._wait_for("/readyz")

    def kill(self, name: str) -> None:
        """End a process the hard way, as `kill -9` does."""
        self._processes[name].send_signal(signal.SIGKILL)
        self._processes[name].wait()

    def stop(self) -> None:
        """End whatever still runs."""
        for process in self._processes.values():
            process.terminate()
        for process in self._processes.values():
            try:
                process.wait(10)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    def store(self) -> Store:
        """Open the record that the processes write."""
        return Store(self.database_url)

    def logs(self) -> str:
        """Return the end of every process's log."""
        return "\n".join(
            f"== {path.name}\n{path.read_text()[-3000:]}"
            for path in sorted(self.data_dir.glob("*.log"))
        )

    def _wait_for(self, path: str) -> None:
        end = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < end:
            if self._answers(path):
                return
            time.sleep(0.2)
        raise TimeoutError(self.logs())

    def _answers(self, path: str) -> bool:
        try:
            return _WIRE.get(f"{self.url}{path}").status_code == httpx.codes.OK
        except httpx.HTTPError:
            return False


class Visitor:
    """Somebody who writes through the chat API."""

    def __init__(self, url: str) -> None:
        self._url = url
        begun = _WIRE.post(f"{url}/chat/conversations").json()
        self.conversation_id: str = begun["conversation"]
        self.headers = {"Authorization": f"Bearer {begun['token']}"}
        self.heard: list[dict[str, Any]] = []

    @property
    def last(self) -> str:
        """Return the texts of the last answer."""
        return "\n".join(message["text"] for message in self.heard)

    @property
    def labels(self) -> list[str]:
        """Return what the newest buttons and boxes are called."""
        return [shown["label"] for shown in self._shown()]

    def post(self, **body: Any) -> httpx.Response:
        """Send one message as it is."""
        sent = {"client_id": str(uuid.uuid4()), **body}
        return _WIRE.post(f"{self._url}/chat/messages", json=sent, headers=self.headers)

    def says(self, text: str) -> str:
        """Type something; return the texts of the answer."""
        return self._answered(text=text)

    def presses(self, label: str) -> str:
        """Press the newest button or tick the one box with this label."""
        (chosen,) = [
            shown["id"]
            for shown in self._shown()
            if shown["label"].lower().startswith(label.lower())
        ][:1]
        return self._answered(choice=chosen)

    def ticks(self, *labels: str) -> str:
        """Tick some boxes of the newest checklist and send them."""
        return self._answered(
            choices=[
                next(
                    shown["id"]
                    for shown in self._shown()
                    if label.lower() in shown["label"].lower()
                )
                for label in labels
            ]
        )

    def all_messages(self, after: int = 0) -> list[dict[str, Any]]:
        """Read the conversation again, from some number on."""
        while True:
            answer = _WIRE.get(
                f"{self._url}/chat/messages",
                params={"after": after},
                headers=self.headers,
            )
            if answer.status_code != httpx.codes.TOO_MANY_REQUESTS:
                break
            time.sleep(float(answer.headers["Retry-After"]))
        found: list[dict[str, Any]] = answer.json()["messages"]
        return found

    def wait_for(self, part: str) -> str:
        """Come back when a text with this part was said."""
        end = time.monotonic() + _PATIENCE_SECONDS
        while time.monotonic() < end:
            for message in self.all_messages():
                if message["author"] != "visitor" and part in message["text"]:
                    return str(message["text"])
            time.sleep(0.1)
        raise TimeoutError(part)

    def _shown(self) -> list[dict[str, str]]:
        for message in reversed(self.heard):
            options = message.get("checklist", {}).get("options", [])
            if shown := [*message.get("buttons", []), *options]:
                return shown
        return []

    def _answered(self, **body: Any) -> str:
        sent = self.post(**body)
        assert sent.status_code == httpx.codes.ACCEPTED, sent.text
        end = time.monotonic() + 60
        while time.monotonic() < end:
            self.heard = self._new_since(sent.json()["seq"])
            if self.heard:
                return "\n".join(message["text"] for message in self.heard)
            time.sleep(0.02)
        raise TimeoutError(str(body))

    def _new_since(self, seq: int) -> list[dict[str, Any]]:
        # All replies to one turn are written in one transaction: one is all.
        return [
            message
            for message in self.all_messages(seq)
            if message["author"] != "visitor"
        ]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
