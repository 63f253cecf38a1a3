"""Storms the Telegram channel through a bad Bot API: `python -m bench.telegram`.

The desk is the real one, as its own process, with Telegram's own limits in real
seconds; the Bot API is a server on loopback, and its log is what is judged.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from bench.processes import cpu_seconds, memory_mb, own_children, say
from tests.channels import storm as storms
from tests.channels.conftest import Desk, telegram_desk
from tests.channels.fake_telegram import FakeTelegram, Trouble, unblocked
from tests.channels.storm import Storm

_SECOND = 1.0  # Telegram's own, nothing is made faster
_BAD = Trouble(
    too_many=0.003,
    bad_gateway=0.02,
    closed=0.02,
    silent=0.002,
    slow=0.03,
    again=0.3,
    slow_seconds=1.5,
    retry_after=3,
)
_BLOCKED_CHATS = 5
_RECEIVERS = 8
_NEWS_SECONDS = 30.0
_ANSWERS_A_SECOND = 3  # slower than that, something hangs
_WEBHOOK = "https://clinic.example.org/telegram"


def main() -> int:
    """Storm the desk; 1 where the log shows anything lost, twice, late or too fast."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.telegram", description=__doc__.partition("\n")[0]
    )
    parser.add_argument("--updates", type=int, default=10_000)
    parser.add_argument("--chats", type=int, default=250)
    parser.add_argument("--door", choices=["polling", "webhook"], default="polling")
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    more = {}
    if chosen.door == "webhook":
        more["MERIDIAN_TELEGRAM_WEBHOOK_URL"] = _WEBHOOK
    with (
        tempfile.TemporaryDirectory(prefix="meridian-bench-") as folder,
        telegram_desk(Path(folder), _SECOND, **more) as (desk, telegram),
    ):
        storm, bodies = storms.make(telegram, chosen.chats, chosen.updates, chosen.seed)
        say(f"{storm.updates:,} updates, {len(bodies):,} with repeats, {chosen.door}")
        telegram.trouble = _BAD
        with _brought(desk, telegram, bodies, chosen.door):
            seconds = _until_over(telegram, storm)
        found = storms.faults(telegram, storm, _SECOND, _BAD.retry_after)
        _tell(telegram, seconds)
        for fault in found[:20]:
            say(f"FAULT {fault}")
        say(f"{len(found)} faults")
    return int(bool(found))


@contextmanager
def _brought(
    desk: Desk, telegram: FakeTelegram, bodies: list[dict[str, Any]], door: str
) -> Iterator[None]:
    """Let the updates happen; where they are brought, until each was taken."""
    if door == "polling":
        telegram.push_all(bodies)
        yield
        return
    telegram.wait_for(lambda: telegram.webhook)
    # What a person does meanwhile comes by the same door.
    telegram.push = lambda body, number=None: _bring(  # type: ignore[method-assign]
        desk, telegram, {"update_id": number or telegram.number(), **body}
    )
    with ThreadPoolExecutor(_RECEIVERS) as connections:
        done = threading.Thread(
            target=lambda: list(
                connections.map(lambda body: _bring(desk, telegram, body), bodies)
            )
        )
        done.start()
        yield
        done.join()


def _bring(desk: Desk, telegram: FakeTelegram, body: dict[str, Any]) -> int:
    """Bring one update until the desk has taken it, as Telegram does."""
    headers = {"X-Telegram-Bot-Api-Secret-Token": telegram.webhook["secret_token"]}
    while True:
        try:
            answer = httpx.post(
                f"{desk.url}/telegram", json=body, headers=headers, timeout=60
            )
        except httpx.TransportError:
            time.sleep(1.0)
            continue
        if answer.is_success:
            return int(body["update_id"])
        time.sleep(1.0)


def _until_over(telegram: FakeTelegram, storm: Storm) -> float:
    """Wait for every answer; a few chats block the bot until half of it is over."""
    telegram.blocked |= set(list(storm.said)[:_BLOCKED_CHATS])
    news = time.monotonic()

    def meanwhile(done: int) -> None:
        nonlocal news
        if telegram.blocked and done > storm.updates // 2:
            back = set(telegram.blocked)
            telegram.blocked.clear()
            for chat in back:
                telegram.push(unblocked(chat))
        if time.monotonic() - news > _NEWS_SECONDS:
            news = time.monotonic()
            say(f"  {done:,} of {storm.updates:,} answered")

    most = 120 + storm.updates / _ANSWERS_A_SECOND
    return storms.until_answered(telegram, storm, most, meanwhile)


def _tell(telegram: FakeTelegram, seconds: float) -> None:
    sends = telegram.sends()
    outcomes = Counter(call.outcome for call in sends)
    say(f"took {seconds:.0f} s")
    say(f"messages and edits asked of the Bot API: {len(sends):,}")
    say(", ".join(f"{name} {count:,}" for name, count in outcomes.most_common()))
    say(f"most in any one second: {storms.busiest(sends)}")
    say(f"two messages to one chat never closer than {storms.closest(sends):.3f} s")
    for name, pid in own_children().items():
        say(f"{name}: {cpu_seconds(pid):.0f} s of processor, {memory_mb(pid)} MB")


if __name__ == "__main__":
    sys.exit(main())
