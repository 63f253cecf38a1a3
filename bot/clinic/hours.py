"""The hours of single days: the usual ones, and what staff changed about them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Literal

from bot.clinic.profile import Clinic, DayPlan, Practitioner, Span, clash

GRID_MINUTES = 5
Slip = Literal["unknown", "overlap", "off_grid"]


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


def _on_grid(span: Span) -> bool:
    return all(_is_full(at) for at in (span.opens, span.closes))


def _is_full(at: time) -> bool:
    return not (at.minute % GRID_MINUTES or at.second or at.microsecond)
