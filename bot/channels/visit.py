"""A visit's own page, behind its signed link: see it, move it, cancel it.

The link is the only key: there is no cookie that another site could misuse. Looking
(GET) changes nothing, because mail programs open links by themselves; deeds are forms
(POST), and one that was made before the visit changed is not done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any, Literal

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import html, raw, redirect

from bot.channels.served import Served
from bot.clinic.booking import AHEAD, Appointment, Opening, read_opening
from bot.clinic.errors import NotAllowed
from bot.clinic.profile import Clinic
from bot.clinic.screened import May
from bot.clinic.when import instant, say_day, say_moment, say_time, today
from bot.clinic.wish import Wish
from bot.clock import utc_now
from bot.desk import booking, letters
from bot.desk.letter_words import Stationery
from bot.desk.openings import offer
from bot.desk.outcomes import Booked, Cancelled, OpeningTaken, Refused
from bot.desk.screened import may_book
from bot.desk.telling import rows
from bot.ics import visit_file
from bot.look import pages
from bot.store.unit import Store, Unit
from bot.tokens import Tokens

_HERE = Path(__file__).parent / "visits"
_PATH = "/visits/<token:str>"
_NAMES = str.maketrans("/.", "__")
_OFFERED = 40
_WEEK = timedelta(days=7)
_HEADERS = {
    "Content-Security-Policy": pages.POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}

_NO_TIME_AT_ALL = ("no_self_booking", "locked", "screening_needed", "too_late")

Stage = Literal["ahead", "pending", "cancelled", "begun"]


@dataclass(frozen=True)
class VisitPages:
    """What the pages work with."""

    store: Store
    paper: Stationery
    tokens: Tokens


def blueprint(here: VisitPages) -> Blueprint:
    """Build the routes under /visits."""
    routes, desk = Blueprint("visits"), _Desk(here)
    style = Served((_HERE / "visits.css").read_bytes(), "text/css; charset=utf-8")

    @routes.get("/visits.css")
    async def show_style(request: Request) -> HTTPResponse:
        return style.answer(request)

    def add(method: str, path: str, page: Page) -> None:
        async def handle(request: Request, token: str) -> HTTPResponse:
            return await desk.answer(token, page, request)

        name = f"{method}{path}".lower().translate(_NAMES)
        routes.add_route(handle, f"{_PATH}{path}", methods=[method], name=name)

    add("GET", "", _see)
    add("GET", "/visit.ics", _file)
    add("GET", "/move", _choose)
    add("POST", "/move", _move)
    add("GET", "/cancel", _ask)
    add("POST", "/cancel", _cancel)
    add("GET", "/reminders", _reminders)
    add("POST", "/reminders", _remind)
    return routes


@dataclass(frozen=True)
class _Caller:
    """Who holds the link, and what is behind it."""

    desk: _Desk
    visit: Appointment
    token: str
    request: Request
    now: datetime

    @property
    def stage(self) -> Stage:
        """Say what can still be done with the visit."""
        if self.visit.status == "cancelled":
            return "cancelled"
        if self.visit.status not in AHEAD or self.visit.starts_at <= self.now:
            return "begun"
        return "pending" if self.visit.status == "pending" else "ahead"

    def field(self, name: str) -> str:
        """Return one field of the sent form, "" where it was left out."""
        return str((self.request.form or {}).get(name) or "")

    @property
    def outdated(self) -> bool:
        """Tell whether the visit has changed since the form was made."""
        return self.field("sequence") != str(self.visit.sequence)

    def show(self, template: str, status: int = 200, **values: Any) -> HTTPResponse:
        """Render a page about the visit."""
        return self.desk.show(
            template,
            status,
            visit=self.visit,
            stage=self.stage,
            here=f"/visits/{self.token}",
            rows=rows(self.desk.here.paper.clinic, self.visit, self.now),
            **{"told": "", "refused": "", **values},
        )

    def back(self, told: str = "") -> HTTPResponse:
        """Send the browser to the visit's page, so that a reload repeats no deed."""
        query = f"?told={told}" if told else ""
        return redirect(f"/visits/{self.token}{query}", headers=_HEADERS, status=303)


Page = Callable[[Unit, _Caller], HTTPResponse]


class _Desk:
    """Lets the holder of a link in, and renders what they see."""

    def __init__(self, here: VisitPages) -> None:
        self.here = here
        self._templates = pages.environment(_HERE)
        self._templates.globals.update(clinic=here.paper.clinic, paper=here.paper)

    async def answer(self, token: str, page: Page, request: Request) -> HTTPResponse:
        """Answer a request; a link that is none gets a page that helps on."""
        response = await asyncio.to_thread(self._answer, token, page, request)
        return response or self.show("unknown.html", 404)

    def show(self, template: str, status: int, **values: Any) -> HTTPResponse:
        text = self._templates.get_template(template).render(values)
        return html(text, status=status, headers=dict(_HEADERS))

    def _answer(self, token: str, page: Page, request: Request) -> HTTPResponse | None:
        try:
            visit_id = self.here.tokens.read(token)
        except NotAllowed:
            return None
        looking = request.method == "GET"
        unit_of = self.here.store.reading if looking else self.here.store.unit
        with unit_of() as unit:
            visit = unit.bookings.get(visit_id)
            if visit is None or visit.status == "held":
                return None
            if not looking and unit.conversations.lock(visit.conversation_id):
                visit = unit.bookings.get(visit_id) or visit
            caller = _Caller(self, visit, token, request, utc_now())
            return page(unit, caller)


def _see(unit: Unit, caller: _Caller) -> HTTPResponse:
    told = caller.request.args.get("told", "")
    stopped = letters.reminders_stopped(unit, caller.visit.conversation_id)
    clinic = caller.desk.here.paper.clinic
    treatment = clinic.treatments.get(caller.visit.treatment_id)
    return caller.show(
        "visit.html",
        told=told,
        stopped=stopped,
        preparation=treatment.preparation if treatment else "",
    )


def _file(_unit: Unit, caller: _Caller) -> HTTPResponse:
    content = visit_file(caller.desk.here.paper, [caller.visit], caller.now)
    return raw(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={
            **_HEADERS,
            "Content-Disposition": 'attachment; filename="visit.ics"',
        },
    )


def _choose(unit: Unit, caller: _Caller) -> HTTPResponse:
    if caller.stage not in ("ahead", "pending"):
        return caller.back()
    return _times(unit, caller, refused=_obstacle(unit, caller))


def _obstacle(unit: Unit, caller: _Caller) -> str:
    """Say beforehand what the desk would refuse any other time for."""
    if not caller.desk.here.paper.clinic.policy.self_booking:
        return "no_self_booking"
    may = may_book(unit, caller.visit.conversation_id, caller.now).may
    return "" if may in (May.OK, May.PENDING) else may.value


def _times(
    unit: Unit, caller: _Caller, status: int = 200, refused: str = ""
) -> HTTPResponse:
    """Show a week of openings for the same treatment."""
    clinic, visit = caller.desk.here.paper.clinic, caller.visit
    if refused in _NO_TIME_AT_ALL:
        return caller.show("refused.html", status, refused=refused)
    here = clinic.zone
    this_day = today(caller.now, here)
    first = _day(caller.request.args.get("from", ""), this_day)
    anybody = caller.request.args.get("with", "") == "anybody"
    found = offer(
        unit,
        clinic,
        Wish(
            earliest=instant(first, time(), here),
            latest=instant(first + _WEEK, time(), here),
            treatment_id=visit.treatment_id,
            practitioner_id=None if anybody else visit.practitioner_id,
            places=frozenset() if anybody else frozenset({visit.place_id}),
            near_minute=0,
        ),
        caller.now,
        count=_OFFERED,
    )
    days = [
        (day, [_time(clinic, one) for one in openings])
        for day, openings in groupby(found, lambda one: today(one.starts_at, here))
    ]
    return caller.show(
        "move.html",
        status,
        refused=refused,
        days=[(say_day(day, this_day, clinic.locale), times) for day, times in days],
        anybody=anybody,
        first=first,
        this_day=this_day,
        last_day=this_day + timedelta(days=clinic.policy.horizon_days),
        later=_later(first, [day for day, _ in days], len(found)),
    )


def _time(clinic: Clinic, opening: Opening) -> dict[str, str]:
    return {
        "id": opening.id,
        "time": say_time(opening.starts_at.astimezone(clinic.zone)),
        "practitioner": clinic.practitioners[opening.practitioner_id].name,
        "place": clinic.places[opening.place_id].name,
    }


def _later(first: date, shown: list[date], count: int) -> date:
    """Return the day to go on from, so that no opening is passed over.

    A list that was cut short goes on with its last day, which may be incomplete.
    """
    if count < _OFFERED or not shown:
        return first + _WEEK
    return shown[-1] if shown[-1] > first else first + timedelta(days=1)


def _day(text: str, this_day: date) -> date:
    """Read the first day to look at; nonsense and the past mean today."""
    try:
        return min(max(date.fromisoformat(text), this_day), date(9000, 1, 1))
    except ValueError:
        return this_day


def _move(unit: Unit, caller: _Caller) -> HTTPResponse:
    clinic, visit = caller.desk.here.paper.clinic, caller.visit
    if caller.outdated:
        return caller.back("changed")
    opening = read_opening(clinic, caller.field("opening"))
    if opening is None or opening.treatment_id != visit.treatment_id:
        return _times(unit, caller, 422, "none")
    result = booking.reschedule(
        unit,
        clinic,
        visit.conversation_id,
        visit.id,
        opening,
        caller.now,
        outside_chat=True,
    )
    if isinstance(result, Booked):
        return caller.back("moved")
    if isinstance(result, OpeningTaken):
        return _times(unit, caller, 409, "taken")
    return _times(unit, caller, 409, result.reason)


def _ask(_unit: Unit, caller: _Caller) -> HTTPResponse:
    if caller.stage not in ("ahead", "pending"):
        return caller.back()
    paper, visit = caller.desk.here.paper, caller.visit
    free_until = visit.starts_at - timedelta(
        hours=paper.clinic.policy.cancel_hours or 0
    )
    return caller.show(
        "cancel.html",
        late=visit.late_to_cancel(paper.clinic.policy, caller.now),
        free_until=say_moment(
            free_until, paper.clinic.zone, caller.now, paper.clinic.locale
        ),
    )


def _cancel(unit: Unit, caller: _Caller) -> HTTPResponse:
    if caller.outdated:
        return caller.back("changed")
    result: Cancelled | Refused = booking.cancel(
        unit,
        caller.desk.here.paper.clinic,
        caller.visit.conversation_id,
        caller.visit.id,
        caller.now,
        outside_chat=True,
    )
    return caller.back("cancelled" if isinstance(result, Cancelled) else "changed")


def _reminders(unit: Unit, caller: _Caller) -> HTTPResponse:
    stopped = letters.reminders_stopped(unit, caller.visit.conversation_id)
    return caller.show("reminders.html", stopped=stopped)


def _remind(unit: Unit, caller: _Caller) -> HTTPResponse:
    """Take the page's own form, or the one click of a mail program (RFC 8058)."""
    if caller.field("reminders") == "on":
        letters.resume_reminders(unit, caller.visit.conversation_id)
        return caller.back("reminded")
    letters.stop_reminders(unit, caller.visit.conversation_id, caller.now)
    return caller.back("silent")
