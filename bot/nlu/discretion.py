"""Keeps visitors' words out of the assistant's logs, and old rows out of its memory."""

from __future__ import annotations

import sqlite3
import sys
import threading
import time
from collections.abc import Callable, MutableMapping
from contextlib import closing
from pathlib import Path
from types import TracebackType
from typing import Any

from bot.logs import told

KEPT_SECONDS = 24 * 3600
"""As long as an unfinished screening can be resumed; a dialogue is far shorter."""

_EVERY_SECONDS = 3600
_LOCKED_SECONDS = 30
_HARMLESS = ("event", "level")


def without_words(
    _logger: object, _method: str, event: MutableMapping[str, Any]
) -> MutableMapping[str, Any]:
    """Keep the name of a Rasa log event and where it failed; a structlog processor.

    Rasa adds texts, entities, slots and trackers under many names, and its stock
    tracebacks print every local variable. So this lists what may stay, not what goes.
    """
    kept = {name: event[name] for name in _HARMLESS if name in event}
    fault = _fault(event.get("exc_info"))
    return {**kept, "exception": told(fault)} if fault else kept


def _fault(
    told_by: BaseException
    | tuple[type[BaseException], BaseException, TracebackType]
    | bool
    | None,
) -> BaseException | None:
    """Return the exception behind any of the shapes that logging takes."""
    if isinstance(told_by, BaseException):
        return told_by
    if isinstance(told_by, tuple):
        return told_by[1]
    return sys.exc_info()[1] if told_by else None


def forget_old(memory: Path, now: float) -> int:
    """Delete what Rasa's memory has held for longer than a day; return how many rows.

    Args:
        memory: Rasa's SQLite file; it may not be there yet.
        now: seconds since 1970.
    """
    if not memory.exists():
        return 0
    with closing(sqlite3.connect(memory, timeout=_LOCKED_SECONDS)) as rows, rows:
        # Else SQLite leaves what it deletes readable in the file.
        rows.execute("PRAGMA secure_delete=ON")
        if not rows.execute(
            "SELECT 1 FROM sqlite_master WHERE name = 'events'"
        ).fetchone():
            return 0
        gone = rows.execute(
            "DELETE FROM events WHERE timestamp < ?", (now - KEPT_SECONDS,)
        )
        return gone.rowcount


def keep_forgetting(memory: Path, complain: Callable[[str], None]) -> None:
    """Forget at once and every hour, beside the assistant, until it ends."""

    def for_ever() -> None:
        while True:
            try:
                forget_old(memory, time.time())
            except sqlite3.Error as fault:
                complain(f"the memory was not swept: {told(fault)}")
            time.sleep(_EVERY_SECONDS)

    threading.Thread(target=for_ever, daemon=True).start()
