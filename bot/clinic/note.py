"""Notes of staff for each other; no visitor ever reads them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

LONGEST_NOTE_CHARACTERS = 4000


@dataclass(frozen=True)
class Note:
    """One note about a conversation.

    Args:
        name: who wrote it.
        at: aware UTC.
    """

    id: str
    conversation_id: str
    name: str
    text: str
    at: datetime
