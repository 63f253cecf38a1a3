"""The one place where the real clock is read; everything else is told the time."""

from datetime import datetime, timezone


def utc_now() -> datetime:
    """Return this instant, aware, in UTC."""
    return datetime.now(timezone.utc)
