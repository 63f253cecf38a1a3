"""What Telegram shows while an answer is made."""

import asyncio
from typing import Any, cast

import pytest

from bot.channels.pace import Pace
from bot.channels.telegram import touch as shown
from bot.channels.telegram.touch import Touch
from bot.clinic.delivery import Address


class Shows:
    """A bot that counts how often it was seen typing."""

    def __init__(self) -> None:
        self.typing = 0

    async def send_chat_action(self, *_: object) -> None:
        self.typing += 1


@pytest.fixture(autouse=True)
def soon(monkeypatch):
    monkeypatch.setattr(shown, "_TYPING_AFTER_SECONDS", 0.01)
    monkeypatch.setattr(shown, "_TYPING_AGAIN_SECONDS", 0.05)


async def seen_typing(rings, seconds: float) -> list[int]:
    """Return how often it was shown after each ring, and some time."""
    bot = Shows()
    touch = Touch(cast(Any, bot), Pace(30, 1), cast(Any, None))
    touch.writes_from(Address("telegram", "7", "c-1"))
    counts = []
    for ring in rings:
        touch.hear("c-1", ring)
        await asyncio.sleep(seconds)
        counts.append(bot.typing)
    await touch.stop()
    return counts


def test_typing_is_shown_again_until_the_answer_is_there():
    while_made, after = asyncio.run(seen_typing(["typing", "idle"], 1.0))

    assert while_made > 1
    assert after <= while_made + 1  # one was on its way


def test_nobody_is_seen_typing_for_ever(monkeypatch):
    monkeypatch.setattr(shown, "_MOST_TYPING", 3)

    (count,) = asyncio.run(seen_typing(["typing"], 2.0))

    assert count == 3


def test_a_storm_of_typing_does_not_stand_in_the_way():
    """Hundreds of waiting calls once kept a desk from everything else."""

    class Slow:
        def __init__(self) -> None:
            self.waiting = 0
            self.most = 0

        async def send_chat_action(self, *_: object) -> None:
            self.waiting += 1
            self.most = max(self.most, self.waiting)
            await asyncio.sleep(0.3)
            self.waiting -= 1

    async def storm() -> int:
        bot = Slow()
        touch = Touch(cast(Any, bot), Pace(30, 1), cast(Any, None))
        for chat in range(200):
            touch.writes_from(Address("telegram", str(chat), f"c-{chat}"))
            touch.hear(f"c-{chat}", "typing")
        await asyncio.sleep(0.5)
        await touch.stop()
        return bot.most

    assert 0 < asyncio.run(storm()) <= 8
