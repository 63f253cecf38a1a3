"""Who read or did what: one entry for every look and every deed of staff."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Entry:
    """One line of the audit; none is ever changed.

    Args:
        at: aware UTC.
        name: who; `command line` where it was done there without a name.
        deed: what, as a short phrase: `read transcript`, `reply`, `release lock`.
        conversation_id: whose; None where it is about no conversation.
        about: numbers and ids that say more exactly what; never a visitor's words.
    """

    at: datetime
    name: str
    deed: str
    conversation_id: str | None = None
    about: str = ""
