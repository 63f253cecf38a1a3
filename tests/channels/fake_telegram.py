"""A Bot API on loopback that keeps a log, and misbehaves as the real one may.

What it answered with success has happened; what it refused, broke off or left without
an answer has not. Its own log is what the tests judge by.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import random
import threading
import time
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

TOKEN = "42:fake"  # noqa: S105 - of nothing
USERNAME = "meridian_test_bot"
_SENDS = ("sendMessage", "editMessageText", "editMessageReplyMarkup")


@dataclass(frozen=True)
class Call:
    """One request, and what became of it: `ok`, `429`, `502`, `403`, `closed` ..."""

    at: float
    method: str
    chat: int
    body: dict[str, str]
    outcome: str


@dataclass
class Trouble:
    """How often something goes wrong, in shares of one.

    Args:
        silent: nothing is done, and the client gives up before an answer comes.
        slow: the answer comes later, and nothing stands in the chat before it.
        late: a message stands in the chat at once, and the answer comes later.
        again: acknowledged updates come once more, behind new ones.
    """

    too_many: float = 0.0
    bad_gateway: float = 0.0
    closed: float = 0.0
    silent: float = 0.0
    slow: float = 0.0
    late: float = 0.0
    again: float = 0.0
    slow_seconds: float = 0.2
    late_seconds: float = 3.0
    silent_seconds: float = 25.0
    retry_after: int = 1


@dataclass
class Shown:
    """One message as it stands in a chat now."""

    id: int
    text: str
    buttons: list[list[dict[str, str]]] = field(default_factory=list)
    edits: int = 0


class FakeTelegram:
    """Runs in a thread of its own; `url` is where it answers."""

    def __init__(self, seed: int = 1) -> None:
        self.trouble = Trouble()
        self.calls: list[Call] = []
        self.chats: defaultdict[int, list[Shown]] = defaultdict(list)
        self.blocked: set[int] = set()
        self.answers: dict[str, str] = {}
        self.webhook: dict[str, str] = {}
        self.commands: list[dict[str, str]] = []
        self.polls = 0
        self._random = random.Random(seed)  # noqa: S311 - not a secret
        self._ids = itertools.count(1000)
        self._updates: list[dict[str, Any]] = []
        self._numbers = itertools.count(500)
        self._newest = 499
        self._lock = threading.Lock()
        self._loop = asyncio.new_event_loop()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()
        assert self._started.wait(10)

    @property
    def url(self) -> str:
        """Where the Bot API is."""
        return f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Let go of the port."""
        self._loop.call_soon_threadsafe(self._done.set)
        self._thread.join(10)

    # What visitors do ---------------------------------------------------------------

    def number(self) -> int:
        """Return the next update's number."""
        self._newest = next(self._numbers)
        return self._newest

    def begin_anew(self, number: int) -> None:
        """Count from another number, as Telegram does after a quiet week."""
        self._numbers, self._newest = itertools.count(number), number - 1

    def push(self, body: dict[str, Any], number: int | None = None) -> int:
        """Let something happen; polling fetches it."""
        number = self.number() if number is None else number
        with self._lock:
            self._updates.append({"update_id": number, **body})
        return number

    def push_all(self, bodies: list[dict[str, Any]]) -> None:
        """Let many things happen at the same time."""
        with self._lock:
            self._updates += bodies

    def says(self, chat: int, text: str) -> int:
        """Let somebody write something."""
        return self.push(message(chat, text=text))

    def presses(self, chat: int, shown: Shown, data: str) -> int:
        """Let somebody press a button."""
        return self.push(pressed(chat, shown, data))

    # What they see ------------------------------------------------------------------

    def texts(self, chat: int) -> list[str]:
        """Return what stands in a chat from the bot."""
        return [shown.text for shown in self.chats[chat]]

    def wait_for(self, seen: Callable[[], Any], seconds: float = 60.0) -> Any:
        """Come back with the first thing seen that is true."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if found := seen():
                return found
            time.sleep(0.02)
        raise TimeoutError(
            [call.outcome + " " + call.method for call in self.calls[-9:]]
        )

    def wait_text(self, chat: int, part: str, seconds: float = 60.0) -> Shown:
        """Come back when a text with this part stands in a chat."""
        return self.wait_for(
            lambda: next((one for one in self.chats[chat] if part in one.text), None),
            seconds,
        )

    def sends(self) -> list[Call]:
        """Return the requests that count among the messages."""
        return [call for call in self.calls if call.method in _SENDS]

    # The server ---------------------------------------------------------------------

    def _run(self) -> None:
        asyncio.set_event_loop(self._loop)
        self._loop.run_until_complete(self._serve())
        self._loop.close()

    async def _serve(self) -> None:
        self._done = asyncio.Event()
        app = web.Application(client_max_size=2**26)
        app.router.add_route("*", f"/bot{TOKEN}/{{method}}", self._answer)
        app.router.add_route("*", "/{other:.*}", self._nobody)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        self.port = runner.addresses[0][1]
        self._started.set()
        await self._done.wait()
        await runner.cleanup()

    async def _nobody(self, _: web.Request) -> web.Response:
        return _error(401, "Unauthorized")

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        form = await request.post()
        body = {**request.query, **{key: str(value) for key, value in form.items()}}
        chat = int(body.get("chat_id") or 0)
        if method in _SENDS:
            return await self._send(request, method, chat, body)
        self.calls.append(Call(time.monotonic(), method, chat, body, "ok"))
        if method == "getUpdates":
            return _ok(await self._poll(body))
        if method == "getMe":
            me = {"id": 42, "is_bot": True, "first_name": "M", "username": USERNAME}
            return _ok(me)
        if method == "setWebhook":
            self.webhook = body
        if method == "setMyCommands":
            self.commands = json.loads(body["commands"])
        if method == "answerCallbackQuery":
            self.answers[body["callback_query_id"]] = body.get("text", "")
        return _ok(True)

    async def _send(
        self, request: web.Request, method: str, chat: int, body: dict[str, str]
    ) -> web.StreamResponse:
        at, outcome = time.monotonic(), self._outcome(chat)
        if outcome == "slow":
            await asyncio.sleep(self.trouble.slow_seconds)
        self.calls.append(Call(at, method, chat, body, outcome))
        if outcome == "silent":
            await asyncio.sleep(self.trouble.silent_seconds)
        if outcome in ("closed", "silent"):
            if request.transport:  # unless the client was quicker
                request.transport.abort()
            return web.Response()
        failed = self._failed(outcome)
        done = self._do(method, chat, body) if failed is None else failed
        if outcome == "late" and method == "sendMessage":
            await asyncio.sleep(self.trouble.late_seconds)
        return done

    def _failed(self, outcome: str) -> web.Response | None:
        if outcome == "429":
            wait = self.trouble.retry_after
            return _error(429, "Too Many Requests", {"retry_after": wait})
        if outcome == "502":
            return web.Response(status=502, text="<html>bad gateway</html>")
        if outcome == "403":
            return _error(403, "Forbidden: bot was blocked by the user")
        return None

    def _outcome(self, chat: int) -> str:
        if chat in self.blocked:
            return "403"
        drawn, trouble = self._random.random(), self.trouble
        for share, outcome in (
            (trouble.too_many, "429"),
            (trouble.bad_gateway, "502"),
            (trouble.closed, "closed"),
            (trouble.silent, "silent"),
            (trouble.slow, "slow"),
            (trouble.late, "late"),
        ):
            if drawn < share:
                return outcome
            drawn -= share
        return "ok"

    def _do(self, method: str, chat: int, body: dict[str, str]) -> web.Response:
        markup = json.loads(body.get("reply_markup") or "{}")
        buttons = markup.get("inline_keyboard", [])
        if not body.get("text") and method != "editMessageReplyMarkup":
            return _error(400, "Bad Request: message text is empty")
        if method == "sendMessage":
            if len(body["text"].encode("utf-16-le")) // 2 > 4096:
                return _error(400, "Bad Request: message is too long")
            shown = Shown(next(self._ids), body["text"], buttons)
            self.chats[chat].append(shown)
            return _ok(_as_message(chat, shown))
        message_id = int(body["message_id"])
        shown = next(one for one in self.chats[chat] if one.id == message_id)
        shown.text = body.get("text", shown.text)
        shown.buttons = buttons
        shown.edits += 1
        return _ok(_as_message(chat, shown))

    async def _poll(self, body: dict[str, str]) -> list[dict[str, Any]]:
        """Answer as Telegram does: the same again until it is acknowledged.

        A number that lies ahead of all that were given acknowledges nothing.
        """
        self.polls += 1
        offset, most = int(body.get("offset") or 0), int(body.get("limit") or 100)
        if offset > self._newest + 1:
            offset = 0
        end = time.monotonic() + min(float(body.get("timeout") or 0), 2.0)
        with self._lock:
            known = [one for one in self._updates if one["update_id"] < offset]
            self._updates = [one for one in self._updates if one["update_id"] >= offset]
        while True:
            with self._lock:
                if self._updates or time.monotonic() > end:
                    new = sorted(self._updates, key=lambda one: one["update_id"])[:most]
                    again = self._random.random() < self.trouble.again
                    return [*new, *known] if again else new
            await asyncio.sleep(0.01)


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})


def _error(
    status: int, words: str, parameters: dict[str, Any] | None = None
) -> web.Response:
    body: dict[str, Any] = {"ok": False, "error_code": status, "description": words}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=status)


def _as_message(chat: int, shown: Shown) -> dict[str, Any]:
    return {
        "message_id": shown.id,
        "date": 1_700_000_000,
        "chat": {"id": chat, "type": "private"},
        "text": shown.text,
    }


_ASKED = itertools.count(1)


def message(chat: int, **content: Any) -> dict[str, Any]:
    """Return what a message is in an update."""
    return {
        "message": {
            "message_id": next(_ASKED),
            "date": 1_700_000_000,
            "chat": {"id": chat, "type": "private", "first_name": "\u202eRTL 🙂"},
            "from": {"id": chat, "is_bot": False, "first_name": "\u202eRTL 🙂"},
            **content,
        }
    }


def unblocked(chat: int) -> dict[str, Any]:
    """Return what Telegram tells a bot whom a visitor lets write again."""
    user = {"id": 42, "is_bot": True, "first_name": "M"}
    return {
        "my_chat_member": {
            "chat": {"id": chat, "type": "private"},
            "from": {"id": chat, "is_bot": False, "first_name": "A"},
            "date": 1_700_000_000,
            "old_chat_member": {"status": "kicked", "user": user, "until_date": 0},
            "new_chat_member": {"status": "member", "user": user},
        }
    }


def pressed(chat: int, shown: Shown, data: str) -> dict[str, Any]:
    """Return what a pressed button is in an update."""
    return {
        "callback_query": {
            "id": str(next(_ASKED)),
            "from": {"id": chat, "is_bot": False, "first_name": "A"},
            "chat_instance": "1",
            "message": _as_message(chat, shown),
            "data": data,
        }
    }
