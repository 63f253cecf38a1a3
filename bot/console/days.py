"""Days as forms and addresses of the console write them."""

from __future__ import annotations

from datetime import date

EARLIEST, LATEST = date(2000, 1, 10), date(2100, 12, 20)


def read_day(text: str) -> date:
    """Read a day as forms and addresses write it.

    Raises:
        ValueError: it is none, or one of another century.
    """
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise ValueError("A date is written like 2026-11-25.") from None
    if not EARLIEST <= day <= LATEST:
        raise ValueError("That date is too far away.")
    return day
