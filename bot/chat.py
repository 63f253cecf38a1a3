"""The terminal as a channel: a visitor's chat over the desk's own chat API."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import textwrap
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, TextIO

import httpx

from bot.clinic.conversation import tidy

Message = Mapping[str, Any]

_PATIENCE_SECONDS = 30.0
_SILENCE_SECONDS = 1.0  # so long nobody begins to answer: a person may have the chat
_RETRY_SECONDS = 1.0
_COLOURS = {"assistant": "36", "staff": "35", "system": "33", "urgent": "1;31"}
_DIM = "2"
_NO_DESK = "No desk answers just now. What you wrote is sent when it is back."


class Unreachable(Exception):
    """No desk answers at the address."""


class Line:
    """One conversation over the chat API; nothing typed is lost or said twice.

    Args:
        url: of the desk.
        kept: the file that holds the conversation's key between two visits.
        transport: another wire, for tests.
    """

    def __init__(
        self, url: str, kept: Path, transport: httpx.BaseTransport | None = None
    ) -> None:
        self._client = httpx.Client(base_url=url, transport=transport)
        self._kept = kept
        self._headers: dict[str, str] = {}

    def open(self, new: bool) -> list[Message]:
        """Go on with the kept conversation, or begin one; return what was said.

        Raises:
            Unreachable: there is no desk.
        """
        try:
            if not new and self._kept.exists():
                self._hold(self._kept.read_text())
                answer = self._client.get("/chat/messages", headers=self._headers)
                # Anything else will pass, and must not cost the conversation.
                if answer.status_code != httpx.codes.UNAUTHORIZED:
                    return list(answer.raise_for_status().json()["messages"])
            begun = self._client.post("/chat/conversations").raise_for_status().json()
        except (httpx.HTTPError, ValueError) as fault:
            raise Unreachable(
                f"no desk answers at {self._client.base_url}; start one with make run"
            ) from fault
        self._hold(begun["token"])
        self._kept.parent.mkdir(parents=True, exist_ok=True)
        self._kept.touch(mode=0o600)
        self._kept.write_text(begun["token"])
        return []

    def say(
        self, body: Mapping[str, Any], away: Callable[[], None] = lambda: None
    ) -> int | str:
        """Send one message until the desk has it; return its number, or why not.

        Args:
            away: called once where no desk answers.
        """
        sent = {"client_id": str(uuid.uuid4()), **body}
        told = False
        while True:
            try:
                answer = self._client.post(
                    "/chat/messages", json=sent, headers=self._headers
                )
            except httpx.TransportError:
                if not told:
                    away()
                told = True
                time.sleep(_RETRY_SECONDS)  # the same client_id is stored once
                continue
            if answer.is_success:
                return int(answer.json()["seq"])
            too_many = answer.status_code == httpx.codes.TOO_MANY_REQUESTS
            if not (too_many or answer.is_server_error):
                return str(answer.json()["error"]["message"])
            time.sleep(float(answer.headers.get("Retry-After", _RETRY_SECONDS)))

    def watch(self, after: int) -> Iterator[tuple[str, Any]]:
        """Yield `message` and `typing` events for ever, through any interruption."""
        while not self._client.is_closed:
            # A stream that was closed in the middle raises the second one.
            with contextlib.suppress(httpx.HTTPError, httpx.StreamError):
                for event, data in self._stream(after):
                    if event == "message":
                        after = data["seq"]
                    yield event, data
            if not self._client.is_closed:
                time.sleep(_RETRY_SECONDS)

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def _hold(self, token: str) -> None:
        self._headers = {"Authorization": f"Bearer {token}"}

    def _stream(self, after: int) -> Iterator[tuple[str, Any]]:
        headers = {**self._headers, "Last-Event-ID": str(after)}
        with self._client.stream(
            "GET", "/chat/events", headers=headers, timeout=_PATIENCE_SECONDS
        ) as answer:
            answer.raise_for_status()
            event = ""
            for line in answer.iter_lines():
                name, _, value = line.partition(": ")
                if name == "event":
                    event = value
                elif name == "data":
                    yield event, json.loads(value)


class Talk:
    """Shows what is said as it comes, and knows which buttons are open.

    Args:
        colours: whether the output understands them.
    """

    def __init__(self, line: Line, out: TextIO, colours: bool) -> None:
        self._line = line
        self._out = out
        self._colours = colours
        self._changed = threading.Condition()
        self._watcher = threading.Thread(target=self._watch, daemon=True)
        self._seen = 0
        self._typing = False
        self._said = 0
        self._shown: Message = {}

    def begin(self, new: bool) -> None:
        """Show what was said before, and whatever comes from now on."""
        for message in self._line.open(new):
            if message["author"] == "visitor":
                self._write(f"> {tidy(message['text'])}")
            self._note(message)
            self._seen = message["seq"]
        self._watcher.start()

    def end(self) -> None:
        """Hang up."""
        self._line.close()
        if self._watcher.is_alive():
            self._watcher.join(_SILENCE_SECONDS)

    def say(self, typed: str) -> None:
        """Send a line, and come back when it is answered or nobody is answering."""
        said = self._line.say(
            body_of(typed, self._shown), lambda: self._write(_NO_DESK)
        )
        if isinstance(said, str):
            self._write(said)
            return
        begin = time.monotonic()
        with self._changed:
            while (past := time.monotonic() - begin) < _PATIENCE_SECONDS:
                waits = self._typing or self._said <= said
                if not waits or (not self._typing and past > _SILENCE_SECONDS):
                    return
                self._changed.wait(0.05)

    def _watch(self) -> None:
        for event, data in self._line.watch(self._seen):
            with self._changed:
                if event == "typing":
                    self._typing = bool(data["on"])
                else:
                    self._note(data)
                self._changed.notify_all()

    def _note(self, message: Message) -> None:
        if message["author"] == "visitor":
            self._shown = {}
            return
        self._said = max(self._said, message["seq"])
        if options_of(message):
            self._shown = message
        self._write(worded(message, self._colours))

    def _write(self, text: str) -> None:
        columns = shutil.get_terminal_size().columns if self._out.isatty() else 0
        if columns:  # some terminals do not say
            text = wrapped(text, columns)
        self._out.write(f"{text}\n")
        self._out.flush()


def options_of(message: Message) -> list[Mapping[str, str]]:
    """Return the buttons or boxes of a message."""
    checklist = message.get("checklist") or {}
    return [*(message.get("buttons") or ()), *(checklist.get("options") or ())]


def body_of(typed: str, shown: Message) -> dict[str, Any]:
    """Return what a typed line means: words, a button, or some boxes.

    A label stands for itself, also one that is a number; else a number is a place
    in the list.
    """
    options = options_of(shown)
    by_label = {option["label"].casefold(): option["id"] for option in options}
    line = typed.strip()
    if line.casefold() in by_label:
        return {"choice": by_label[line.casefold()]}
    places = line.replace(",", " ").split()
    numbers = [int(one) for one in places if one.isascii() and one.isdecimal()]
    within = all(0 < number <= len(options) for number in numbers)
    if not numbers or len(numbers) < len(places) or not within:
        return {"text": typed}
    ids = [options[number - 1]["id"] for number in numbers]
    if shown.get("checklist"):
        return {"choices": list(dict.fromkeys(ids))}
    return {"choice": ids[0]} if len(ids) == 1 else {"text": typed}


def worded(message: Message, colours: bool) -> str:
    """Word a message for a terminal, with its buttons numbered."""
    urgent = bool(message.get("urgent"))
    lines = [
        _coloured(_said(message), "urgent" if urgent else message["author"], colours)
    ]
    card = message.get("card")
    if card and not urgent:
        lines += [f"  {tidy(card['title'])}"]
        rows = [*card["rows"]]
        if address := card.get("calendar_url"):
            rows.append(["Add to your calendar", address])
        lines += [f"  {tidy(name)}: {tidy(value)}" for name, value in rows]
    sources = "; ".join(tidy(one["title"]) for one in message.get("sources") or ())
    if sources:
        lines.append(_painted(f"  From: {sources}", _DIM, colours))
    lines += _numbered([tidy(option["label"]) for option in options_of(message)])
    if message.get("checklist"):
        lines.append(_painted("  (several: 1 3)", _DIM, colours))
    return "\n".join(lines)


def wrapped(text: str, columns: int) -> str:
    """Break lines between words; addresses stay whole, to be clicked or copied."""
    return "\n".join(
        textwrap.fill(
            line,
            columns,
            # Under a button's label, not under its number.
            subsequent_indent="     " if line.startswith("  ") else "",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in text.split("\n")
    )


def _numbered(labels: Sequence[str]) -> list[str]:
    if labels and all(label.isdecimal() for label in labels):
        return [f"  {' '.join(labels)}"]  # a scale is its own numbers
    return [f"  {number}. {label}" for number, label in enumerate(labels, 1)]


def _said(message: Message) -> str:
    text = tidy(message["text"])
    name = message.get("name")
    return f"{tidy(name)}: {text}" if name else text


def _coloured(text: str, kind: str, colours: bool) -> str:
    return _painted(text, _COLOURS.get(kind, ""), colours)


def _painted(text: str, colour: str, colours: bool) -> str:
    return f"\x1b[{colour}m{text}\x1b[0m" if colours and colour else text


def run(url: str, kept: Path, new: bool, source: TextIO, out: TextIO) -> int:
    """Talk until the end of the input.

    Args:
        url: of the desk.
        kept: the file that holds the conversation's key.
        new: begin a conversation even if one is kept.
        source: a terminal, or lines from a file.
    """
    colours = out.isatty() and "NO_COLOR" not in os.environ
    talk = Talk(Line(url, kept), out, colours)
    try:
        talk.begin(new)
        for typed in _typed(source, out):
            if typed.strip():
                talk.say(typed)
    except Unreachable as away:
        out.write(f"meridian: {away}\n")
        return 1
    except KeyboardInterrupt:
        out.write("\n")
    finally:
        talk.end()
    return 0


def _typed(source: TextIO, out: TextIO) -> Iterator[str]:
    """Yield lines; at a terminal with a prompt, and the arrow keys for earlier ones."""
    if not source.isatty():
        for typed in source:
            out.write(f"> {typed.rstrip()}\n")
            yield typed.rstrip("\n")
        return
    with contextlib.suppress(ImportError):
        import readline  # noqa: F401 - input() uses it once it is there
    while True:
        try:
            yield input("> ")
        except EOFError:
            out.write("\n")
            return
