"""Words and cards about a visit, said the same way whoever says them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.clinic.booking import Appointment
from bot.clinic.profile import Clinic
from bot.clinic.when import say_moment


def rows(clinic: Clinic, visit: Appointment, now: datetime) -> list[list[str]]:
    """Describe a visit line by line, as label and value.

    Whatever the clinic's files no longer know is left out.
    """
    treatment = clinic.treatments.get(visit.treatment_id)
    practitioner = clinic.practitioners.get(visit.practitioner_id)
    place = clinic.places.get(visit.place_id)
    told = (
        ("What", treatment.name if treatment else ""),
        ("When", moment(clinic, visit, now)),
        ("With", practitioner.name if practitioner else ""),
        (
            "Where",
            ", ".join(filter(None, (place.name, place.address))) if place else "",
        ),
        ("Name", visit.patient_name),
    )
    return [[label, value] for label, value in told if value]


def moment(clinic: Clinic, visit: Appointment, now: datetime) -> str:
    """Say when a visit begins, in the clinic's own time."""
    return say_moment(visit.starts_at, clinic.zone, now, clinic.locale)


def card(
    clinic: Clinic,
    visit: Appointment,
    title: str,
    now: datetime,
    calendar_url: str = "",
) -> dict[str, Any]:
    """Make the card that shows a visit.

    Args:
        calendar_url: the address of its calendar file, for a visit that stands.
    """
    shown = {"kind": "appointment", "title": title, "rows": rows(clinic, visit, now)}
    return {**shown, "calendar_url": calendar_url} if calendar_url else shown


def card_of_several(
    clinic: Clinic,
    visits: Sequence[Appointment],
    title: str,
    now: datetime,
    calendar_url: str = "",
) -> dict[str, Any]:
    """Make one card that shows visits which were booked together.

    Args:
        calendar_url: the address of one calendar file with all of them.
    """
    shown = []
    course = len({visit.course_id for visit in visits}) == 1
    for order, visit in enumerate(visits, start=1):
        number = (visit.course_number if course else None) or order
        told = {label: value for label, value in rows(clinic, visit, now)}
        place = clinic.places.get(visit.place_id)
        parts = (told["When"], told.get("What"), told.get("With"), place and place.name)
        shown.append([f"Visit {number}", ", ".join(part for part in parts if part)])
    shown.append(["Name", visits[0].patient_name])
    made = {"kind": "appointment", "title": title, "rows": shown}
    return {**made, "calendar_url": calendar_url} if calendar_url else made
