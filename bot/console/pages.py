"""Renders the console's pages."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

from babel import Locale, UnknownLocaleError
from sanic import HTTPResponse
from sanic.response import html

from bot.clinic.handoff import Reason
from bot.clinic.profile import Clinic
from bot.clinic.when import MONTHS, WEEKDAYS, say_moment, say_time
from bot.clock import utc_now
from bot.console.caller import Caller
from bot.look import pages as look

_HERE = Path(__file__).parent
_HEADERS = {
    "Content-Security-Policy": f"{look.POLICY}; trusted-types 'none'",
    "Cache-Control": "no-store",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_MINUTE, _HOUR, _DAY = 60, 3600, 86_400

NAVIGATION: list[tuple[str, str, tuple[str, ...]]] = [
    ("/staff", "Queue", ("staff", "practitioner", "admin")),
    ("/staff/diary", "Diary", ("staff", "practitioner", "admin")),
    ("/staff/pending", "To decide", ("staff", "practitioner", "admin")),
    ("/staff/search", "Search", ("staff", "practitioner", "admin")),
    ("/staff/insights", "Figures", ("staff", "admin")),
    ("/staff/misses", "Misses", ("staff", "admin")),
    ("/staff/reviews", "Reviews", ("staff", "admin")),
    ("/staff/audit", "Audit", ("admin",)),
]
"""Address, name, and the roles that see it, in the order of the bar."""


REASONS: Mapping[Reason, str] = {
    "asked_for_a_person": "Asked for a person",
    "emergency": "Emergency",
    "crisis": "Crisis",
    "screening": "Safety screening",
    "review": "A practitioner looks first",
    "progress": "Worse or new after a visit",
    "complaint": "Complaint",
    "not_understood": "Not understood twice",
    "appointment_request": "Asks for an appointment",
    "something_went_wrong": "Something went wrong",
    "assistant_away": "The assistant was away",
    "answer_expired": "An answer is past its review",
    "staff_began": "Begun by staff",
}


class Pages:
    """The templates of the console, filled in for one clinic."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic
        self._templates = look.environment(_HERE / "templates")
        self._templates.globals.update(
            clinic=clinic,
            navigation=NAVIGATION,
            moment=self._moment,
            clock=self._clock,
            language_name=language_name,
            exact=self.exact,
            stamp=self._stamp,
            written=written,
            ago=ago,
            reasons=REASONS,
        )

    def show(
        self, template: str, caller: Caller | None, status: int = 200, **values: Any
    ) -> HTTPResponse:
        """Render one page; what is in `values` is escaped."""
        now = caller.now if caller else utc_now()
        text = self._templates.get_template(template).render(
            {"me": caller, "now": now, "locale": self._clinic.locale, **values}
        )
        return html(text, status=status, headers=dict(_HEADERS))

    def exact(self, at: datetime) -> str:
        """Say an instant briefly, in the clinic's time: "Wed Nov 25, 4:36 am"."""
        local = at.astimezone(self._clinic.zone)
        day, month = WEEKDAYS[local.weekday()][:3], MONTHS[local.month - 1][:3]
        return f"{day} {month} {local.day}, {say_time(local)}"

    def _stamp(self, at: datetime) -> str:
        local = at.astimezone(self._clinic.zone)
        return (
            f"{local.day} {MONTHS[local.month - 1][:3]} {local.year}, {self._clock(at)}"
        )

    def _moment(self, at: datetime, now: datetime) -> str:
        return say_moment(at, self._clinic.zone, now, self._clinic.locale)

    def _clock(self, at: datetime) -> str:
        return say_time(at.astimezone(self._clinic.zone))


def written(day: date) -> str:
    """Write a day out in full, in an order that nobody takes for another."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def language_name(tag: str) -> str:
    """Return the English name of a language: "hi-IN" is "Hindi (India)"."""
    try:
        return Locale.parse(tag, sep="-").get_display_name("en") or tag
    except (ValueError, UnknownLocaleError):
        return tag


def ago(span: timedelta) -> str:
    """Say how long something lasts: "under 1 min", "4 min", "2 h", "3 d"."""
    seconds = abs(span.total_seconds())
    if seconds < _MINUTE:
        return "under 1 min"
    if seconds < _HOUR:
        return f"{int(seconds // _MINUTE)} min"
    if seconds < 2 * _DAY:
        return f"{int(seconds // _HOUR)} h"
    return f"{int(seconds // _DAY)} d"


def static_headers() -> Mapping[str, str]:
    """Return the headers of a script or a style sheet."""
    return {"Cache-Control": "no-cache", "X-Content-Type-Options": "nosniff"}
