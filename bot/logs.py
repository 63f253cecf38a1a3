"""How a failure is told in a log: where it happened, never what was said."""

from __future__ import annotations

import logging
import traceback
from typing import Any


class WordlessFormatter(logging.Formatter):
    """Prints failures as `told` does."""

    def formatException(self, ei: Any) -> str:  # noqa: N802 - logging's own name
        """Return the frames of a failure without its messages."""
        return told(ei[1]) if ei[1] else ""


def told(fault: BaseException) -> str:
    """Return the frames and names of a failure and its causes, newest first.

    The message of an exception may hold what a visitor wrote (PostgreSQL prints the
    whole row that it refused), so messages are left out.
    """
    parts: list[str] = []
    seen: set[int] = set()
    cause: BaseException | None = fault
    while cause is not None and id(cause) not in seen:
        seen.add(id(cause))
        parts.append(type(cause).__name__)
        parts.extend(line.rstrip() for line in traceback.format_tb(cause.__traceback__))
        cause = cause.__cause__ or cause.__context__
    return "\n".join(parts)
