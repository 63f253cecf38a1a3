"""What a visitor is told about being handed over: by whom, until when, what else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.clinic.conversation import Said
from bot.clinic.handoff import Handoff, due_at, is_open
from bot.clinic.profile import Clinic
from bot.clinic.when import say_moment


@dataclass(frozen=True)
class HandoffWords:
    """Texts of `data/handoff.yml`; `{name}` and `{due}` are filled in when spoken.

    Args:
        promise: said where somebody can log in and the clinic gives its hours.
        no_promise: said otherwise.
        reach: how else to reach the clinic, and help; ends every message about waiting.
    """

    taken: str
    returned: str
    closed: str
    let_go: str
    missed: str
    released: str
    assistant_away: str
    asked_while_away: str
    promise: str
    no_promise: str
    reach: str


def named(text: str, name: str = "") -> Said:
    """Say a text about a member of staff as the desk itself."""
    return Said(text.replace("{name}", name), "system")


def waiting(
    words: HandoffWords,
    clinic: Clinic,
    handoff: Handoff,
    now: datetime,
    *,
    staffed: bool,
) -> str:
    """Say by when somebody will reply, and what to do if that is too long.

    An emergency is due within minutes also at night, which is for staff to know: a
    visitor who is told so would wait for it in place of calling for help.

    Args:
        staffed: somebody can log in at all; else nothing is promised.
    """
    due = due_at(clinic, handoff.priority, handoff.waiting_since)
    by_night = handoff.priority == "stat" and not is_open(clinic, now)
    if due is None or due <= now or by_night or not staffed:
        return f"{words.no_promise} {words.reach}"
    moment = say_moment(due, clinic.zone, now, clinic.locale)
    return f"{words.promise.replace('{due}', moment)} {words.reach}"
