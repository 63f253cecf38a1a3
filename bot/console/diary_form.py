"""The form in which staff enter hours, as it comes back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta

from sanic import Request

from bot.clinic.profile import DayPlan, Span
from bot.clinic.when import days
from bot.console.days import read_day
from bot.console.door import field
from bot.desk.hours_by_hand import MOST_DAYS

WHAT = {"off": "no hours", "set": "other hours", "usual": "the usual hours"}
_ROWS = 4
_FURTHEST = timedelta(days=366)

Row = tuple[str, str, str]
"""Place, beginning and end as they stand in the form."""


@dataclass(frozen=True)
class Entered:
    """A form as it was sent.

    Args:
        what: `off`, `set` or `usual`.
        repeat: `once`, `daily` or `weekly`.
    """

    what: str
    rows: Sequence[Row]
    repeat: str
    until: str
    seen: str
    despite: str


def read_form(request: Request) -> Entered:
    """Read the form.

    Raises:
        ValueError: it is none of ours.
    """
    rows = [
        (
            field(request, f"place{n}"),
            field(request, f"from{n}"),
            field(request, f"to{n}"),
        )
        for n in range(_ROWS)
    ]
    what = field(request, "what")
    if what not in WHAT:
        raise ValueError("This page is too old. Please load it again.")
    return Entered(
        what,
        rows,
        field(request, "repeat"),
        field(request, "until"),
        field(request, "seen"),
        field(request, "despite"),
    )


def days_of(first: date, sent: Entered) -> list[date]:
    """Return the days that a form is about, the one on the page first.

    Raises:
        ValueError: they end before they begin, or are too many.
    """
    if sent.repeat not in ("daily", "weekly"):
        return [first]
    if not sent.until:
        raise ValueError("Please say until when it repeats.")
    last = read_day(sent.until)
    if last < first:
        raise ValueError("The last day comes before the first.")
    step = 7 if sent.repeat == "weekly" else 1
    found = list(days(first, min(last, first + _FURTHEST)))[::step]
    if len(found) > MOST_DAYS or last > first + _FURTHEST:
        raise ValueError(f"That is too far: {MOST_DAYS} days and a year at most.")
    return found


def plan_of(sent: Entered) -> DayPlan | None:
    """Return the hours of a form, None for the usual ones.

    Raises:
        ValueError: a stretch has no beginning or no end, or there is none at all.
    """
    if sent.what == "usual":
        return None
    if sent.what == "off":
        return {}
    plan: dict[str, tuple[Span, ...]] = {}
    for place, begin, end in sent.rows:
        if begin or end:
            plan[place] = tuple(sorted((*plan.get(place, ()), span_of(begin, end))))
    if not plan:
        raise ValueError(
            "No hours are entered. To keep the day free, use the other button."
        )
    return plan


def span_of(begin: str, end: str) -> Span:
    """Read a stretch of a day.

    Raises:
        ValueError: it has no beginning or no end.
    """
    try:
        return Span(time.fromisoformat(begin), time.fromisoformat(end))
    except ValueError:
        raise ValueError(
            "Each stretch needs a beginning and an end, like 09:00."
        ) from None


def rows_of(plan: DayPlan, sent: Entered | None) -> Sequence[Row]:
    """Return what the form shows: what was sent, or what stands."""
    if sent is not None:
        return sent.rows
    stand = sorted(
        (f"{span.opens:%H:%M}", f"{span.closes:%H:%M}", place)
        for place, spans in plan.items()
        for span in spans
    )
    rows = [(place, begin, end) for begin, end, place in stand[:_ROWS]]
    return rows + [("", "", "")] * (_ROWS - len(rows))
