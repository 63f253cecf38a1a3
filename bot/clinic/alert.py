"""What staff who are away are told: that somebody waits, never what was said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from bot.clinic.handoff import Priority

Kind = Literal["opened", "raised", "let_go", "reminder", "missed"]


@dataclass(frozen=True)
class Alert:
    """One thing that happened to a handoff and that staff should know.

    Args:
        kind: `let_go` when its holder left it, `reminder` before it is due, `missed`
            when that time has passed.
        at: aware UTC.
    """

    id: str
    conversation_id: str
    kind: Kind
    priority: Priority
    at: datetime
