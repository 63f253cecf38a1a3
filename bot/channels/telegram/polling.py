"""Asks Telegram for updates: the way that works behind any router, with no address."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from typing import Any

from telegram.error import Conflict, InvalidToken, TelegramError

from bot.channels.inbox import Inbox, Update
from bot.channels.telegram.api import Api
from bot.channels.telegram.reading import address_of

logger = logging.getLogger(__name__)

_FIRST_WAIT_SECONDS = 0.5
_LONGEST_WAIT_SECONDS = 30.0
_LARGEST_NUMBER = 2**63


def as_updates(bodies: Sequence[Any]) -> list[Update]:
    """Return what Telegram sent, without what has not even a number."""
    found: list[Update] = []
    for body in bodies:
        number = body.get("update_id") if isinstance(body, dict) else None
        if isinstance(number, int) and 0 <= number < _LARGEST_NUMBER:
            found.append(Update(number, address_of(body), body))
        else:
            logger.warning("something without a number was passed over")
    return found


async def poll(api: Api, inbox: Inbox) -> None:
    """Ask for updates for ever; each is stored before it is acknowledged.

    After a week in which nothing came Telegram counts from another number, perhaps a
    lower one. So what came last is acknowledged, and nothing from before it.
    """
    offset: int | None = None
    failures = 0
    while True:
        try:
            updates = as_updates(await api.updates(offset))
            await inbox.receive(sorted(updates, key=lambda one: one.number))
        except TelegramError as fault:
            failures += 1
            await asyncio.sleep(_after(fault, failures))
        except Exception:
            # The edge: whatever the record has, what is not stored comes again.
            failures += 1
            logger.exception("updates could not be stored")
            await asyncio.sleep(_wait_seconds(failures))
        else:
            failures = 0
            offset = max((one.number + 1 for one in updates), default=None)


def _after(fault: TelegramError, failures: int) -> float:
    """Return how long to wait after an error; say it the first time."""
    log = logger.warning if failures == 1 else logger.debug
    if isinstance(fault, Conflict):
        log("another program asks for this bot's updates, or it has a webhook")
    elif isinstance(fault, InvalidToken):
        log("Telegram does not know TELEGRAM_BOT_TOKEN")
        return _LONGEST_WAIT_SECONDS
    else:
        log("Telegram cannot be reached (%s)", type(fault).__name__)
    return _wait_seconds(failures)


def _wait_seconds(failures: int) -> float:
    return min(_FIRST_WAIT_SECONDS * 2 ** min(failures - 1, 10), _LONGEST_WAIT_SECONDS)
