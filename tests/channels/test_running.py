"""Setting the bot up, whatever answers in Telegram's place."""

import asyncio
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from telegram.error import InvalidToken, NetworkError, RetryAfter

from bot.channels.telegram import running
from bot.channels.telegram.api import Api


@pytest.fixture
def slept(monkeypatch):
    """Return how long was slept, without sleeping."""
    found = list[float]()

    async def sleep(seconds):
        found.append(seconds)

    monkeypatch.setattr("bot.channels.telegram.running.asyncio.sleep", sleep)
    return found


def test_a_step_is_repeated_whatever_it_fails_of(slept, caplog):
    faults = iter([TypeError(), NetworkError("x"), InvalidToken(), RetryAfter(7)])
    done = []

    async def step():
        for fault in faults:
            raise fault
        done.append(True)

    asyncio.run(running._until_done(step))

    assert done == [True]
    assert slept == [5.0, 5.0, 60.0, 7.0]
    assert len([row for row in caplog.records if row.levelname == "ERROR"]) == 2


@pytest.fixture
def odd():
    """Run a server that answers with 200 and whatever it is told to."""
    content: list[bytes] = []

    class Says(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            self.send_response(200)
            self.send_header("Content-Length", str(len(content[0])))
            self.end_headers()
            self.wfile.write(content[0])

        do_GET = do_POST  # noqa: N815

        def log_message(self, *_):
            """Stay quiet."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Says) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server.server_port, content
        server.shutdown()


@pytest.mark.parametrize(
    "content",
    [
        b"<html>please log in</html>",
        b"",
        b"[]",
        b"null",
        b"[" * 100_000,
        b'{"ok":true}',
        b'{"ok":true,"result":false}',
        b'{"ok":true,"result":{}}',
        b"\xff\xfe",
    ],
)
def test_an_odd_answer_is_a_network_that_is_down(odd, content):
    port, answers = odd
    answers.append(content)

    async def ask():
        api = Api("42:fake", f"http://127.0.0.1:{port}")
        try:
            with pytest.raises(NetworkError):
                await api.bot.initialize()
            with pytest.raises(NetworkError):
                await api.bot.send_message(7, "hello")
            with pytest.raises(NetworkError):
                await api.updates(None)
        finally:
            await api.close()

    asyncio.run(ask())
