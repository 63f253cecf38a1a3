"""A visit's own page, behind its signed link: see it, move it, cancel it.

The link is the only key: there is no cookie that another site could misuse. Looking
(GET) changes nothing, because mail programs open links by themselves; deeds are forms
(POST), and one that was made before the visit changed is not done.
"""

from __future__ import annotations

from datetime import date, time, timedelta
from itertools import groupby

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw

from bot.channels.served import Served
from bot.channels.visit_door import HEADERS, HERE, Caller, Door, Page, VisitPages
from bot.clinic.booking import Opening, read_opening
from bot.clinic.profile import Clinic
from bot.clinic.screened import May
from bot.clinic.when import instant, say_day, say_moment, say_time, today
from bot.clinic.wish import Wish
from bot.desk import booking, letters
from bot.desk.openings import offer
from bot.desk.outcomes import Booked, Cancelled, OpeningTaken, Refused
from bot.desk.screened import may_book
from bot.ics import visit_file
from bot.store.unit import Unit

_PATH = "/visits/<token:str>"
_NAMES = str.maketrans("/.", "__")
_OFFERED = 40
_WEEK = timedelta(days=7)
_NO_TIME_AT_ALL = ("no_self_booking", "locked", "screening_needed", "too_late")


def blueprint(here: VisitPages) -> Blueprint:
    """Build the routes under /visits."""
    routes, desk = Blueprint("visits"), Door(here)
    style = Served((HERE / "visits.css").read_bytes(), "text/css; charset=utf-8")

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


def _see(unit: Unit, caller: Caller) -> HTTPResponse:
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


def _file(_unit: Unit, caller: Caller) -> HTTPResponse:
    content = visit_file(caller.desk.here.paper, [caller.visit], caller.now)
    return raw(
        content,
        content_type="text/calendar; charset=utf-8",
        headers={
            **HEADERS,
            "Content-Disposition": 'attachment; filename="visit.ics"',
        },
    )


def _choose(unit: Unit, caller: Caller) -> HTTPResponse:
    if caller.stage not in ("ahead", "pending"):
        return caller.back()
    return _times(unit, caller, refused=_obstacle(unit, caller))


def _obstacle(unit: Unit, caller: Caller) -> str:
    """Say beforehand what the desk would refuse any other time for."""
    if not caller.desk.here.paper.clinic.policy.self_booking:
        return "no_self_booking"
    may = may_book(unit, caller.visit.conversation_id, caller.now).may
    return "" if may in (May.OK, May.PENDING) else may.value


def _times(
    unit: Unit, caller: Caller, status: int = 200, refused: str = ""
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


def _move(unit: Unit, caller: Caller) -> HTTPResponse:
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
        knows_terms=caller.knows_terms,
    )
    if isinstance(result, Booked):
        return caller.back("moved")
    if isinstance(result, OpeningTaken):
        return _times(unit, caller, 409, "taken")
    return _times(unit, caller, 409, result.reason)


def _ask(_unit: Unit, caller: Caller, status: int = 200) -> HTTPResponse:
    if caller.stage not in ("ahead", "pending"):
        return caller.back()
    paper, visit = caller.desk.here.paper, caller.visit
    free_until = visit.starts_at - timedelta(
        hours=paper.clinic.policy.cancel_hours or 0
    )
    return caller.show(
        "cancel.html",
        status,
        free_until=say_moment(
            free_until, paper.clinic.zone, caller.now, paper.clinic.locale
        ),
    )


def _cancel(unit: Unit, caller: Caller) -> HTTPResponse:
    if caller.outdated:
        return caller.back("changed")
    result: Cancelled | Refused = booking.cancel(
        unit,
        caller.desk.here.paper.clinic,
        caller.visit.conversation_id,
        caller.visit.id,
        caller.now,
        outside_chat=True,
        knows_terms=caller.knows_terms,
    )
    if result == Refused("late"):
        return _ask(unit, caller, 409)
    return caller.back("cancelled" if isinstance(result, Cancelled) else "changed")


def _reminders(unit: Unit, caller: Caller) -> HTTPResponse:
    stopped = letters.reminders_stopped(unit, caller.visit.conversation_id)
    return caller.show("reminders.html", stopped=stopped)


def _remind(unit: Unit, caller: Caller) -> HTTPResponse:
    """Take the page's own form, or the one click of a mail program (RFC 8058)."""
    if caller.field("reminders") == "on":
        letters.resume_reminders(unit, caller.visit.conversation_id)
        return caller.back("reminded")
    letters.stop_reminders(unit, caller.visit.conversation_id, caller.now)
    return caller.back("silent")
