"""A practitioner's usual week, changed by a plain form from a day on."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sanic import HTTPResponse, Request
from sanic.response import redirect

from bot.clinic.hours import UsualWeek, of_practitioner, with_weeks
from bot.clinic.profile import Clinic, Span, Week, on_weekday
from bot.clinic.when import WEEKDAYS, say_day, today
from bot.console.caller import Caller
from bot.console.days import read_day
from bot.console.diary import DIARY
from bot.console.diary_form import Row, span_of
from bot.console.diary_hours import REFUSALS, lines_of, name_of
from bot.console.diary_view import say_plan
from bot.console.door import Console, Door, field, note
from bot.desk.hours import HoursChanged, HoursRefused
from bot.desk.hours_by_hand import InTheWay, Stale, enter_week, state_of_week

_MOST_ROWS = 8
"""So many stretches of one weekday are read."""

_WHAT = {"set": "usual week", "files": "usual week as in the files"}
_STALE = (
    "A colleague has changed this week meanwhile. What stands now is shown above; "
    "what you entered is kept below. Look again, then send it once more."
)


@dataclass(frozen=True)
class Entered:
    """A form as it was sent.

    Args:
        what: `set` or `files`.
        rows: of Monday, of Tuesday and so on.
    """

    what: str
    since: str
    rows: Sequence[Sequence[Row]]
    seen: str
    despite: str


def add(door: Door) -> None:
    """Register the form."""
    path = "/diary/weeks/<practitioner_id>"
    door.get(path, _week)
    door.post(path, _change)


async def _week(
    console: Console, _request: Request, caller: Caller, practitioner_id: str
) -> HTTPResponse:
    return await _show(console, caller, practitioner_id)


async def _show(
    console: Console,
    caller: Caller,
    who: str,
    status: int = 200,
    sent: Entered | None = None,
    **told: Any,
) -> HTTPResponse:
    values = await asyncio.to_thread(_read, console, caller, who, sent)
    values |= {"problem": "", "in_the_way": None, "left": [], **told}
    return console.pages.show("diary_week.html", caller, status, **values)


async def _change(
    console: Console, request: Request, caller: Caller, practitioner_id: str
) -> HTTPResponse:
    name_of(console.clinic, of_practitioner(practitioner_id))
    sent = _form(request)
    try:
        week = UsualWeek(
            practitioner_id,
            read_day(sent.since),
            _hours(sent),
            caller.person.name,
            caller.now,
        )
    except ValueError as slip:
        return await _show(
            console, caller, practitioner_id, 422, sent, problem=str(slip)
        )

    def done() -> HoursChanged | HoursRefused | InTheWay | Stale:
        with console.house.store.unit() as unit:
            # The deed commits. One that is refused leaves nothing, no line either.
            about = f"{_WHAT[sent.what]} of {of_practitioner(practitioner_id)}"
            note(unit, caller, "change hours", about=f"{about} from {week.since}")
            return enter_week(unit, console.clinic, week, sent.seen, sent.despite)

    outcome = await asyncio.to_thread(done)
    if isinstance(outcome, HoursChanged) and not outcome.outside:
        there = f"{DIARY}?view=week&day={week.since}&who={practitioner_id}"
        return redirect(there, status=303)
    if isinstance(outcome, HoursChanged):
        left = lines_of(console, outcome.outside, caller)
        return await _show(console, caller, practitioner_id, left=left)
    told: dict[str, Any] = {"problem": _STALE}
    if isinstance(outcome, InTheWay):
        visits = lines_of(console, outcome.visits, caller)
        told = {"in_the_way": outcome, "visits": visits}
    elif isinstance(outcome, HoursRefused):
        told = {"problem": _say(outcome)}
    return await _show(console, caller, practitioner_id, 409, sent, **told)


def _say(refused: HoursRefused) -> str:
    said = REFUSALS[refused.reason]
    return said if refused.weekday is None else f"{WEEKDAYS[refused.weekday]}: {said}"


def _form(request: Request) -> Entered:
    """Read the form.

    Raises:
        ValueError: it is none of ours.
    """
    what = field(request, "what")
    if what not in _WHAT:
        raise ValueError("This page is too old. Please load it again.")
    rows = [
        [
            (
                field(request, f"place{day}-{n}"),
                field(request, f"from{day}-{n}"),
                field(request, f"to{day}-{n}"),
            )
            for n in range(_MOST_ROWS)
        ]
        for day in range(7)
    ]
    return Entered(
        what,
        field(request, "since"),
        rows,
        field(request, "seen"),
        field(request, "despite"),
    )


def _hours(sent: Entered) -> Week | None:
    """Return the week of a form, None for the one in the files.

    Raises:
        ValueError: a stretch has no beginning or no end.
    """
    if sent.what == "files":
        return None
    week: dict[str, dict[int, tuple[Span, ...]]] = {}
    for day, rows in enumerate(sent.rows):
        for place, begin, end in rows:
            if begin or end:
                weekly = week.setdefault(place, {})
                try:
                    span = span_of(begin, end)
                except ValueError as slip:
                    raise ValueError(f"{WEEKDAYS[day]}: {slip}") from None
                weekly[day] = tuple(sorted((*weekly.get(day, ()), span)))
    return week


def _read(
    console: Console, caller: Caller, who: str, sent: Entered | None
) -> dict[str, Any]:
    clinic = console.clinic
    name = name_of(clinic, of_practitioner(who))
    now_day = today(caller.now, clinic.zone)
    with console.house.store.unit() as unit:
        weeks = unit.hours.weeks(who)
        state = state_of_week(unit, who)
        note(unit, caller, "read diary", about=f"usual week of {of_practitioner(who)}")
        unit.commit()
    begun = [one for one in weeks if one.since <= now_day]
    stands = _at(clinic, begun, who, now_day)
    here = clinic.practitioners[who].places
    return {
        "title": f"Usual week of {name}",
        "name": name,
        "who": who,
        "min": now_day.isoformat(),
        "since": sent.since if sent else now_day.isoformat(),
        "weekdays": WEEKDAYS,
        "stands": _said(clinic, stands),
        "entered": begun[-1] if begun else None,
        "later": [
            (
                say_day(one.since, now_day, clinic.locale),
                one.made_by,
                _said(clinic, _at(clinic, [one], who, one.since)),
            )
            for one in weeks
            if one.since > now_day
        ],
        "sent": sent,
        "rows": [
            _rows(sent.rows[day] if sent else _stretches(stands, day))
            for day in range(7)
        ],
        "places": [
            (one.id, one.name)
            for one in sorted(
                clinic.places.values(), key=lambda one: one.id not in here
            )
        ],
        "state": state,
        "visits": [],
    }


def _at(clinic: Clinic, weeks: Sequence[UsualWeek], who: str, day: date) -> Week:
    return with_weeks(clinic, weeks, day).practitioners[who].hours


def _said(clinic: Clinic, week: Week) -> list[tuple[str, str]]:
    """Return each weekday with its hours, "" where there are none."""
    return [
        (name, say_plan(clinic, on_weekday(week, day)))
        for day, name in enumerate(WEEKDAYS)
    ]


def _stretches(week: Week, day: int) -> list[Row]:
    found = sorted(
        (f"{span.opens:%H:%M}", f"{span.closes:%H:%M}", place)
        for place, spans in on_weekday(week, day).items()
        for span in spans
    )
    return [(place, begin, end) for begin, end, place in found]


def _rows(rows: Sequence[Row]) -> list[Row]:
    """Return the lines of a weekday, and an empty one for one stretch more."""
    filled = [row for row in rows if row[1] or row[2]]
    return [*filled, ("", "", "")][:_MOST_ROWS]
