"""Ways to say something and to time the answer; one HTTP client for all of them."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPResponse
from typing import Any, Protocol

from bench.messages import parts
from bench.processes import Failed, cpu_seconds
from bench.stats import Times

_TIMEOUT_SECONDS = 60
_OK = (200, 201, 202)


class Talk(Protocol):
    """One conversation."""

    def say(self, text: str) -> float | None:
        """Say something; return milliseconds until the first answer, None without."""

    def close(self) -> None:
        """Let go of the connections."""


class DeskTalk:
    """A conversation over the desk's chat API, watched by server-sent events."""

    def __init__(self, port: int) -> None:
        self._calls = _connection(port)
        begun = _post(self._calls, "/chat/conversations", {}, {})
        self._bearer = {"Authorization": f"Bearer {begun['token']}"}
        self._stream = _connection(port)
        self._stream.request("GET", "/chat/events", headers=self._bearer)
        self._messages = _messages(self._stream.getresponse())

    def say(self, text: str) -> float:
        """Post a message, wait for the first answer to it in the stream."""
        body = {"client_id": str(uuid.uuid4()), "text": text}
        start = time.perf_counter()
        seq = _post(self._calls, "/chat/messages", body, self._bearer)["seq"]
        for message in self._messages:
            if message["seq"] > seq and message["author"] != "visitor":
                return (time.perf_counter() - start) * 1000
        raise Failed(f"the stream ended before the answer to {text!r}")

    def close(self) -> None:
        """Let go of both connections."""
        self._calls.close()
        self._stream.close()


class WebhookTalk:
    """A conversation over Rasa's own REST channel."""

    def __init__(self, port: int) -> None:
        self._calls = _connection(port)
        self._sender = str(uuid.uuid4())

    def say(self, text: str) -> float | None:
        """Post a message; the answers come back with the call, or nothing does."""
        body = {"sender": self._sender, "message": text}
        start = time.perf_counter()
        answers = _post(self._calls, "/webhooks/rest/webhook", body, {})
        passed = (time.perf_counter() - start) * 1000
        return passed if answers else None

    def close(self) -> None:
        """Let go of the connection."""
        self._calls.close()


@dataclass(frozen=True)
class Cost:
    """What answering cost.

    Attributes:
        first_answer_ms: from sending a message to having the first answer, of the
            messages that were answered.
        cpu_ms: processor milliseconds a message, of each process.
        silent: how many messages nothing came back for. Some of our actions have
            nothing to say to who is not in the conversation record, as at Rasa's own
            channel; silence is quick, so it is counted and not timed.
    """

    first_answer_ms: Times
    cpu_ms: dict[str, float]
    silent: int


def measure(
    begin: Callable[[], Talk],
    messages: Sequence[str],
    length: int,
    processes: Mapping[str, int],
) -> Cost:
    """Say all messages, one after the other, a new conversation every so often.

    Args:
        begin: opens a conversation.
        messages: what is said.
        length: messages in one conversation.
        processes: the ids of the processes whose time is counted, by name.
    """
    before = {name: cpu_seconds(pid) for name, pid in processes.items()}
    answered: list[float] = []
    for part in parts(messages, length):
        with closing(begin()) as talk:
            answered += [ms for text in part if (ms := talk.say(text)) is not None]
    if not answered:
        raise Failed("not one message was answered")
    return Cost(
        Times.of(answered),
        {
            name: round((cpu_seconds(pid) - before[name]) * 1000 / len(messages), 1)
            for name, pid in processes.items()
        },
        len(messages) - len(answered),
    )


def _connection(port: int) -> HTTPConnection:
    return HTTPConnection("127.0.0.1", port, timeout=_TIMEOUT_SECONDS)


def _post(
    connection: HTTPConnection, path: str, body: object, headers: Mapping[str, str]
) -> Any:
    sent = {"Content-Type": "application/json", **headers}
    connection.request("POST", path, json.dumps(body).encode(), sent)
    answer = connection.getresponse()
    content = answer.read()
    if answer.status not in _OK:
        raise Failed(f"{path}: {answer.status} {content[:300]!r}")
    return json.loads(content)


def _messages(stream: HTTPResponse) -> Iterator[dict[str, Any]]:
    """Yield what comes with the stream's `message` events."""
    event = b""
    while line := stream.readline():
        field, _, value = line.strip().partition(b": ")
        if field == b"event":
            event = value
        elif field == b"data" and event == b"message":
            yield json.loads(value)
