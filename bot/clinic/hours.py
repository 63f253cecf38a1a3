"""The hours of days: the usual ones, and what staff changed about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Literal

from bot.clinic.profile import (
    Clinic,
    DayPlan,
    Practitioner,
    Span,
    Week,
    clash,
    on_weekday,
)

GRID_MINUTES = 5
Slip = Literal["unknown", "overlap", "off_grid", "outside_place"]


@dataclass(frozen=True)
class HoursException:
    """What the hours are on one day instead of the usual ones.

    Args:
        whose: `practitioner:mara`, or `place:main` for everybody there.
        hours: those of a place name only itself; nothing means away, or closed.
        made_by: the member of staff.
        made_at: aware UTC.
    """

    whose: str
    day: date
    hours: DayPlan
    made_by: str
    made_at: datetime


@dataclass(frozen=True)
class UsualWeek:
    """Somebody's usual hours from a day on, in place of those in the files.

    Args:
        since: the first day on which they hold, in the clinic's calendar.
        hours: place to its weekly hours; None lets those of the files stand again.
        made_by: the member of staff.
        made_at: aware UTC.
    """

    practitioner_id: str
    since: date
    hours: Week | None
    made_by: str
    made_at: datetime


def of_practitioner(practitioner_id: str) -> str:
    """Name the hours of a practitioner."""
    return f"practitioner:{practitioner_id}"


def of_place(place_id: str) -> str:
    """Name the hours of a place."""
    return f"place:{place_id}"


def with_exceptions(clinic: Clinic, exceptions: Iterable[HoursException]) -> Clinic:
    """Return the clinic with these exceptions in force, and no others."""
    return replace(
        clinic, exceptions={(one.whose, one.day): one.hours for one in exceptions}
    )


def with_weeks(clinic: Clinic, weeks: Iterable[UsualWeek], first: date) -> Clinic:
    """Return the clinic with these usual weeks in force.

    Args:
        clinic: as its files describe it.
        weeks: in the order in which they begin.
        first: no day before it is looked at. What holds then becomes the ordinary
            week, which a search works out once.
    """
    people = dict(clinic.practitioners)
    for week in weeks:
        one = people.get(week.practitioner_id)
        if one is None:
            continue
        entered = (
            clinic.practitioners[one.id].hours if week.hours is None else week.hours
        )
        hours = {at: entered[at] for at in entered if at in clinic.places}
        people[one.id] = (
            replace(one, hours=hours)
            if week.since <= first
            else replace(one, later=(*one.later, (week.since, hours)))
        )
    return replace(clinic, practitioners=people)


def hours_of(clinic: Clinic, practitioner: Practitioner, day: date) -> DayPlan:
    """Return where and when somebody works on a day, closures and all.

    What staff entered for the practitioner stands above the clinic's closures and
    holidays: it says that this person comes. What they entered for a place stands
    above everything: nobody works beyond it, and a place that opens on a holiday
    gets the usual hours of that weekday inside it.
    """
    own = clinic.exceptions.get((of_practitioner(practitioner.id), day))
    usual = practitioner.hours_on(day) if own is None else own
    plan = {}
    for place_id, spans in usual.items():
        place = clinic.exceptions.get((of_place(place_id), day))
        if place is not None:
            plan[place_id] = common(spans, place.get(place_id, ()))
        elif own is not None or not clinic.closed(day, place_id):
            plan[place_id] = spans
    return plan


def place_hours(clinic: Clinic, place_id: str, day: date) -> tuple[Span, ...]:
    """Return when a place is open on a day, closures and all."""
    entered = clinic.exceptions.get((of_place(place_id), day))
    if entered is not None:
        return entered.get(place_id, ())
    if clinic.closed(day, place_id):
        return ()
    return clinic.places[place_id].hours.get(day.weekday(), ())


def common(some: Sequence[Span], others: Sequence[Span]) -> tuple[Span, ...]:
    """Return the stretches that lie in a span of both, in order."""
    shared = (
        (max(one.opens, other.opens), min(one.closes, other.closes))
        for one in some
        for other in others
    )
    return tuple(
        sorted(Span(opens, closes) for opens, closes in shared if opens < closes)
    )


def slip(clinic: Clinic, whose: str, hours: DayPlan) -> Slip | None:
    """Say what is wrong with hours that somebody wants to enter.

    Returns:
        `unknown` for a person or place that the clinic does not have, `overlap` for
        two stretches at once, `off_grid` for a stretch that is empty or not on full
        5 minutes; None where they can be entered.
    """
    kind, _, name = whose.partition(":")
    known = {"practitioner": clinic.practitioners, "place": clinic.places}.get(kind, {})
    if name not in known or not hours.keys() <= clinic.places.keys():
        return "unknown"
    if kind == "place" and not hours.keys() <= {name}:
        return "unknown"
    spans = [span for stretch in hours.values() for span in stretch]
    if any(span.closes <= span.opens or not _on_grid(span) for span in spans):
        return "off_grid"
    return "overlap" if clash(spans) else None


def slip_of_week(
    clinic: Clinic, practitioner_id: str, week: Week
) -> tuple[Slip, int] | None:
    """Say what is wrong with a usual week, and on which weekday; None if nothing is.

    As in the files, it must lie within the usual hours of its places.
    """
    for weekday in range(7):
        plan = on_weekday(week, weekday)
        wrong = slip(clinic, of_practitioner(practitioner_id), plan)
        if wrong is None and not all(
            any(whole.holds(span) for whole in clinic.places[at].hours.get(weekday, ()))
            for at, spans in plan.items()
            for span in spans
        ):
            wrong = "outside_place"
        if wrong is not None:
            return wrong, weekday
    return None


def _on_grid(span: Span) -> bool:
    return all(_is_full(at) for at in (span.opens, span.closes))


def _is_full(at: time) -> bool:
    return not (at.minute % GRID_MINUTES or at.second or at.microsecond)
