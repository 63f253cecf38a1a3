"""What the page parts `brief.html` and `answers.html` are given."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.clinic.brief import Brief
from bot.clinic.profile import Clinic
from bot.clinic.screening import Disposition
from bot.clinic.when import say_moment

_TONES = {
    Disposition.EMERGENCY: "emergency-note",
    Disposition.OK_TO_BOOK: "plain-note",
}
_RESULTS = {
    Disposition.EMERGENCY: "Emergency: the visitor was told to get help now",
    Disposition.URGENT: "Doctor today, before any acupuncture",
    Disposition.NOT_SUITABLE_ONLINE: "A person must take over",
    Disposition.PRACTITIONER_REVIEW: "A practitioner looks first",
    Disposition.OK_TO_BOOK: "Nothing in the answers stops a booking",
}
_WARNING = "M10 2 19 18H1Zm0 5v6m0 2v1"
_TICK = "M3 11l5 5 9-11"


def values(
    brief: Brief, clinic: Clinic, now: datetime, held_back: str = ""
) -> dict[str, Any]:
    """Return what `brief.html` needs, in the clinic's own time.

    Args:
        now: aware UTC.
        held_back: who may read what is left out of this brief; "" where it is whole.
    """
    calm = brief.disposition is Disposition.OK_TO_BOOK
    return {
        "brief": brief,
        "tone": _TONES.get(brief.disposition, "caution")
        if brief.disposition
        else "plain-note",
        "sign": _TICK if calm else _WARNING,
        "result": _result(brief),
        "held_back": held_back,
        "answered": say_moment(brief.answered_at, clinic.zone, now, clinic.locale)
        if brief.answered_at
        else "",
    }


def _result(brief: Brief) -> str:
    if brief.disposition is None:
        return "The questions are not finished"
    released = " (released)" if brief.released_by else ""
    return _RESULTS[brief.disposition] + released
