"""Many visitors on a bad line, and what the Bot API's own log says of it afterwards."""

from __future__ import annotations

import random
import re
import time
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from tests.channels.fake_telegram import Call, FakeTelegram, message

MOST_IN_A_SECOND = 30


@dataclass(frozen=True)
class Storm:
    """What was sent in, chat by chat, in the order of its numbers."""

    said: dict[int, list[str]]

    @property
    def updates(self) -> int:
        """How many different updates there were."""
        return sum(len(texts) for texts in self.said.values())


def make(
    telegram: FakeTelegram,
    chats: int,
    updates: int,
    seed: int = 1,
    first: int = 500_000,
) -> tuple[Storm, list[dict[str, Any]]]:
    """Write updates of many chats, mixed; return them with some twice, out of order."""
    drawn = random.Random(seed)  # noqa: S311 - not a secret
    said: dict[int, list[str]] = {first + n: [] for n in range(chats)}
    bodies = []
    for number in range(updates):
        chat = first + number % chats
        text = f"m{len(said[chat]):05d}"
        said[chat].append(text)
        bodies.append({"update_id": telegram.number(), **message(chat, text=text)})
    for place in range(0, len(bodies) - 4, 7):
        some = bodies[place : place + 4]
        drawn.shuffle(some)
        bodies[place : place + 4] = some
    for place in range(len(bodies) - 1, 0, -11):
        bodies.insert(place + 1, bodies[max(0, place - drawn.randrange(3))])
    return Storm(said), bodies


def answered(telegram: FakeTelegram, storm: Storm) -> int:
    """Return how many of the messages have an answer in their chat."""
    return sum(
        len({text for text in telegram.texts(chat) if text.startswith("\u00ab")})
        for chat in storm.said
    )


def faults(
    telegram: FakeTelegram, storm: Storm, second: float, retry_after: float = 1.0
) -> list[str]:
    """Judge by the log: nothing lost, nothing twice, in order, within the limits."""
    found: list[str] = []
    for chat, texts in storm.said.items():
        got = [
            text.removeprefix("\u00ab ")
            for text in telegram.texts(chat)
            if re.match(r"\u00ab m\d+$", text)
        ]
        if got != texts:
            lost = len(set(texts) - set(got))
            twice = [text for text, count in Counter(got).items() if count > 1]
            apart = [_apart(telegram, chat, text) for text in twice]
            found.append(f"chat {chat}: {lost} lost, twice {apart}, or out of order")
    return [*found, *too_fast(telegram.sends(), second, retry_after)]


def _apart(telegram: FakeTelegram, chat: int, text: str) -> list[str]:
    """Return when each call with a message came, after the first, and what of it."""
    calls = [
        call
        for call in telegram.sends()
        if (call.chat, call.body.get("text")) == (chat, f"\u00ab {text}")
    ]
    return [f"{call.outcome} {call.at - calls[0].at:.1f} s" for call in calls]


def too_fast(
    calls: Iterable[Call], second: float, retry_after: float = 1.0
) -> list[str]:
    """Return where the log shows more than the limits allow."""
    found: list[str] = []
    ordered = sorted(calls, key=lambda call: call.at)
    begin = 0
    for end, call in enumerate(ordered):
        while call.at - ordered[begin].at >= second:
            begin += 1
        if end - begin + 1 > MOST_IN_A_SECOND:
            found.append(f"{end - begin + 1} in one second")
    last: dict[int, Call] = {}
    for call in ordered:
        if call.method != "sendMessage":
            continue
        before = last.get(call.chat)
        if before and call.at - before.at < second:
            found.append(f"chat {call.chat} after {call.at - before.at:.3f} s")
        waits = before and before.outcome == "429"
        if before and waits and call.at - before.at < retry_after:
            found.append(f"chat {call.chat} did not wait after 429")
        last[call.chat] = call
    return found


def until_answered(
    telegram: FakeTelegram,
    storm: Storm,
    seconds: float,
    meanwhile: Callable[[int], None] = lambda _: None,
) -> float:
    """Wait for every answer; return how long it took."""
    begin = time.monotonic()
    while (done := answered(telegram, storm)) < storm.updates:
        meanwhile(done)
        if time.monotonic() - begin > seconds:
            raise TimeoutError(f"{done} of {storm.updates}")
        time.sleep(0.1)
    time.sleep(0.5)  # whatever comes twice comes soon
    return time.monotonic() - begin


def busiest(calls: Iterable[Call]) -> int:
    """Return the greatest number of calls in any one second."""
    times = sorted(call.at for call in calls)
    begin, most = 0, 0
    for end, at in enumerate(times):
        while at - times[begin] >= 1.0:
            begin += 1
        most = max(most, end - begin + 1)
    return most


def closest(calls: Iterable[Call]) -> float:
    """Return the least number of seconds between two messages to one chat."""
    last: dict[int, float] = {}
    least = float("inf")
    for call in sorted(calls, key=lambda call: call.at):
        if call.method == "sendMessage":
            least = min(least, call.at - last.get(call.chat, float("-inf")))
            last[call.chat] = call.at
    return least
