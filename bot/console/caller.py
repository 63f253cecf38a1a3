"""Who asks for a page of the console."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.clinic.staff import Staff


@dataclass(frozen=True)
class Caller:
    """Who asks for a page.

    Args:
        browser: what the browser keeps; its hash is the login's key.
        csrf: what every form of the page sends along.
        now: aware UTC.
    """

    person: Staff
    browser: str
    csrf: str
    now: datetime
