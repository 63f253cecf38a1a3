"""A desk that keeps the chat contract and answers from a script."""

from __future__ import annotations

import json
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import parse_qs, urlsplit

from bot.channels.widget_files import widget_files
from bot.content import profile
from bot.content.facts import facts
from bot.look import pages

ROOT = Path(__file__).parents[2]
CHANNELS = ROOT / "bot" / "channels"
CLINIC = ROOT / "data" / "clinics" / "edmonton"
STRICT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src data:; base-uri 'none'; form-action 'none'; "
    "require-trusted-types-for 'script'; trusted-types 'none'"
)
_AT = "2026-11-18T17:00:00Z"

Row = dict[str, Any]


def _buttons(*labels: str) -> list[Row]:
    return [{"id": uuid.uuid4().hex, "label": label} for label in labels]


def _checklist() -> Row:
    options = _buttons("A pacemaker", "Blood thinners", "Pregnancy", "None of these")
    return {"options": options, "none_id": options[-1]["id"]}


def _gate(_text: str) -> list[Row]:
    options = _buttons(*(f"Sign number {n} of an emergency" for n in range(1, 15)))
    checklist = {"options": options, "none_id": "none"}
    words = "Do any of these apply now?"
    return [{"text": "Thank you."}, {"text": words, "checklist": checklist}]


def _consent(_text: str) -> list[Row]:
    words = "Staff can read them." + "\nNobody else can." * 9
    notice = {"label": "How your answers are used", "text": words}
    asked = {"progress": [3, 13], "more": notice, "buttons": _buttons("Yes", "No")}
    return [{"text": "May I ask some safety questions?", **asked}]


def _scale(_text: str) -> list[Row]:
    labels = [str(number) for number in range(11)]
    hint = {"kind": "scale"}
    words = "How strong is it today?"
    return [{"text": words, "hint": hint, "buttons": _buttons(*labels)}]


def _scales(_text: str) -> list[Row]:
    lines = ["How strong on average?", "How much in the way?"]
    words = "\n".join(["Two numbers, please.", *lines])
    return [{"text": words, "hint": {"kind": "scale", "lines": lines}}]


def _body(_text: str) -> list[Row]:
    hint = {"kind": "body_map", "parts": ["low_back", "neck", "knee", "no_pain"]}
    buttons = _buttons("Low back", "Neck", "Knee", "No pain")
    return [{"text": "Where is the main pain?", "hint": hint, "buttons": buttons}]


def _openings(_text: str) -> list[Row]:
    parts = [
        ["Thursday, November 26", "9 am", "Mina Oyelaran"],
        ["Thursday, November 26", "5:30 pm", "Jo Tam"],
        ["Friday, November 27", "12 noon", "Mina Oyelaran"],
    ]
    labels = [f"{day} at {time}, {who}" for day, time, who in parts]
    buttons = _buttons(*labels, "Other times", "Another day")
    hint = {"kind": "openings", "parts": parts}
    return [{"text": "These times are free.", "hint": hint, "buttons": buttons}]


def _emergency(_text: str) -> list[Row]:
    card = {
        "kind": "emergency",
        "title": "Get help now",
        "rows": [],
        "links": [{"label": "Call 911", "href": "tel:911"}],
    }
    words = "Chest pain can be serious. Please call 911 now. Do not drive yourself."
    return [{"text": words, "urgent": True, "card": card}]


def _sources(_text: str) -> list[Row]:
    words = "Most people feel little. Some feel a dull ache or warmth for a moment."
    sources = [{"title": "A review of acupuncture sensation", "year": 2019}]
    return [{"text": words, "sources": sources, "reviewed_on": "2026-10-02"}]


def _appointment(_text: str) -> list[Row]:
    card = {
        "kind": "appointment",
        "title": "Your visit is booked",
        "rows": [["When", "Friday 20 November, 2:30 pm"], ["With", "Mina Oyelaran"]],
        "calendar_url": "/visits/made-up.ics",
    }
    return [{"text": "Done. You can change it until 24 hours before.", "card": card}]


SCRIPT: dict[str, Callable[[str], list[Row]]] = {
    "buttons": lambda _text: [
        {"text": "Have you had it before?", "buttons": _buttons("Yes", "No")}
    ],
    "scale": _scale,
    "scales": _scales,
    "body": _body,
    "openings": _openings,
    "gate": _gate,
    "consent": _consent,
    "checklist": lambda _text: [
        {"text": "Do any of these apply to you?", "checklist": _checklist()}
    ],
    "emergency": _emergency,
    "sources": _sources,
    "appointment": _appointment,
    "I'd like to talk to a person": lambda _text: [
        {"author": "system", "text": "Our staff have been told."},
        {"author": "staff", "name": "Priya", "text": "Hello, this is Priya."},
    ],
}


@dataclass
class StubDesk:
    """What the desk knows, and how a test wants it to behave.

    Args:
        fail_with: answer every message with this status instead of storing it.
        retry_after: seconds sent along with `fail_with`.
        loses_answers: with `fail_with`, store the message all the same.
        next_free: when the next free visit begins; None answers with an error.
        streams: False answers the stream with 503, as a proxy that cannot stream.
        silent: give no answer at all, and keep the line open.
    """

    fail_with: int | None = None
    retry_after: int | None = None
    loses_answers: bool = False
    streams: bool = True
    silent: bool = False
    next_free: str | None = None
    rows: dict[str, list[Row]] = field(default_factory=dict)
    stored: dict[str, int] = field(default_factory=dict)
    posts: list[Row] = field(default_factory=list)
    ended: set[str] = field(default_factory=set)
    changed: threading.Condition = field(default_factory=threading.Condition)
    stopping: bool = False
    url: str = ""

    def begin(self) -> str:
        """Open a conversation; its token is its id."""
        conversation = uuid.uuid4().hex
        self.rows[conversation] = []
        return conversation

    def hear(self, conversation: str, body: Row) -> int:
        """Store a visitor's message once and answer it from the script."""
        with self.changed:
            self.posts.append(body)
            if body["client_id"] not in self.stored:
                text = self._words(conversation, body)
                seq = self._say(conversation, {"author": "visitor", "text": text})
                self.stored[body["client_id"]] = seq
                for reply in SCRIPT.get(text, _echo)(text):
                    self._say(conversation, {"author": "assistant", **reply})
            self.changed.notify_all()
            return self.stored[body["client_id"]]

    def say(self, **row: Any) -> None:
        """Say something in every conversation, as staff would."""
        with self.changed:
            for conversation in self.rows:
                self._say(conversation, row)
            self.changed.notify_all()

    def visitor_texts(self) -> list[str]:
        """Return what visitors' stored messages say, in order."""
        return [
            row["text"]
            for rows in self.rows.values()
            for row in rows
            if row["author"] == "visitor"
        ]

    def end_conversations(self) -> None:
        """Forget every conversation, as a desk does with expired tokens."""
        with self.changed:
            self.ended |= set(self.rows)
            self.rows.clear()
            self.changed.notify_all()

    def _say(self, conversation: str, row: Row) -> int:
        rows = self.rows[conversation]
        rows.append({"seq": len(rows) + 1, "at": _AT, **row})
        return len(rows)

    def _words(self, conversation: str, body: Row) -> str:
        if "text" in body:
            return str(body["text"])
        chosen = body.get("choices") or [body["choice"]]
        labels = {
            option["id"]: option["label"]
            for row in self.rows[conversation]
            for option in [
                *row.get("buttons", []),
                *row.get("checklist", {}).get("options", []),
            ]
        }
        return ", ".join(labels[one] for one in chosen)


def _echo(text: str) -> list[Row]:
    return [{"text": f"You said: {text}"}]


class _Handler(BaseHTTPRequestHandler):
    desk: ClassVar[StubDesk]
    page: ClassVar[str]
    files: ClassVar[dict[str, tuple[bytes, str]]]

    def do_GET(self) -> None:
        path = urlsplit(self.path)
        if path.path == "/":
            self._send(200, self.page.encode(), "text/html; charset=utf-8")
        elif path.path == "/chat/next" and self.desk.next_free is not None:
            self._json(200, {"at": self.desk.next_free})
        elif path.path in self.files:
            self._send(200, *self.files[path.path])
        elif conversation := self._enter():
            self._get_chat(path.path, parse_qs(path.query), conversation)

    def do_POST(self) -> None:
        content = self.rfile.read(int(self.headers["Content-Length"]))
        body = json.loads(content or b"{}")
        if self.path == "/chat/conversations":
            self._keep_silent()
            conversation = self.desk.begin()
            self._json(201, {"conversation": conversation, "token": conversation})
        elif conversation := self._enter():
            if self.path == "/chat/telegram":
                self._json(200, {"link": f"https://t.me/a_bot?start={conversation}"})
            elif self.desk.fail_with:
                if self.desk.loses_answers:
                    self.desk.hear(conversation, body)
                self._error(self.desk.fail_with, "Please keep it shorter.")
            else:
                self._hear(conversation, body)

    def _hear(self, conversation: str, body: Row) -> None:
        try:
            seq = self.desk.hear(conversation, body)
        except KeyError:
            self._error(422, "That button is not known here.")
        else:
            self._json(202, {"seq": seq})

    def do_DELETE(self) -> None:
        if conversation := self._enter():
            if self.desk.fail_with:
                self._error(self.desk.fail_with, "Staff are reading it.")
                return
            with self.desk.changed:
                del self.desk.rows[conversation]
                self.desk.changed.notify_all()
            self._json(200, {"kept": ["appointment"]})

    def log_message(self, format: str, *args: Any) -> None:
        """Keep the test run quiet."""

    def _keep_silent(self) -> None:
        while self.desk.silent and not self.desk.stopping:
            time.sleep(0.05)

    def _enter(self) -> str:
        token = (self.headers["Authorization"] or "").removeprefix("Bearer ")
        if token in self.desk.rows:
            return token
        self._error(401, "This conversation is not known here any more.")
        return ""

    def _get_chat(
        self, path: str, query: dict[str, list[str]], conversation: str
    ) -> None:
        if path == "/chat/messages":
            self._keep_silent()
            after = int(query["after"][0])
            rows = [r for r in self.desk.rows[conversation] if r["seq"] > after]
            self._json(200, {"messages": rows})
        elif not self.desk.streams:
            self._error(503, "No streams here.")
        else:
            self._stream(conversation, int(self.headers["Last-Event-ID"] or 0))

    def _stream(self, conversation: str, seen: int) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.end_headers()
        try:
            while not self.desk.stopping and conversation in self.desk.rows:
                with self.desk.changed:
                    new = self.desk.rows.get(conversation, [])[seen:]
                    if not new:
                        self.desk.changed.wait(0.5)
                for row in new:
                    self._event("typing", {"on": row["author"] == "visitor"})
                    self._event("message", row, row["seq"])
                seen += len(new)
                self.wfile.write(b": still here\n\n")
        except OSError:
            return  # the page is gone

    def _event(self, name: str, data: Row, seq: int | None = None) -> None:
        number = f"id: {seq}\n" if seq else ""
        body = json.dumps(data, ensure_ascii=False)  # as another desk may send it
        self.wfile.write(f"event: {name}\n{number}data: {body}\n\n".encode())

    def _error(self, status: int, message: str) -> None:
        self._json(status, {"error": {"code": "refused", "message": message}})

    def _json(self, status: int, body: Row) -> None:
        self._send(status, json.dumps(body).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Content-Security-Policy", STRICT_POLICY)
        if self.desk.retry_after is not None and status == self.desk.fail_with:
            self.send_header("Retry-After", str(self.desk.retry_after))
        self.end_headers()
        self.wfile.write(body)


@cache
def _files() -> dict[str, tuple[bytes, str]]:
    """Return what the real desk serves beside the page, by address."""
    style = CHANNELS / "page" / "style.css"
    files = widget_files(profile.load(CLINIC), CLINIC, telegram=True)
    return {
        "/look.css": (pages.STYLE.read_bytes(), "text/css; charset=utf-8"),
        "/page/style.css": (style.read_bytes(), "text/css; charset=utf-8"),
        **{f"/widget/{name}": (one.content, one.kind) for name, one in files.items()},
    }


@cache
def _page() -> str:
    clinic = profile.load(CLINIC)
    page = pages.environment(CHANNELS / "page").get_template("index.html")
    return page.render(clinic=clinic, facts=facts(clinic))


def start(port: int = 0) -> tuple[StubDesk, Callable[[], None]]:
    """Serve a stub desk from a thread.

    Returns:
        The desk and the deed that stops it.
    """
    desk = StubDesk()
    own = {"desk": desk, "page": _page(), "files": _files()}
    handler = type("Handler", (_Handler,), own)
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    desk.url = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()

    def stop() -> None:
        desk.stopping = True
        with desk.changed:
            desk.changed.notify_all()
        server.shutdown()
        thread.join()
        server.server_close()

    return desk, stop
