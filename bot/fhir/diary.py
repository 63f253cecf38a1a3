"""Practitioners, hours, free time and visits as FHIR R4 resources.

Instants carry the offset of the clinic's own clock at that moment.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from fhir.resources.appointment import Appointment as FhirAppointment
from fhir.resources.practitioner import Practitioner as FhirPractitioner
from fhir.resources.schedule import Schedule
from fhir.resources.slot import Slot

from bot.clinic.booking import Appointment
from bot.clinic.profile import Clinic, Practitioner
from bot.clinic.when import instant, today
from bot.desk.hours import DiaryDay, diary_days, in_force
from bot.desk.ports import Diary

_PRACTITIONERS = "urn:meridian:practitioner"
_CONVERSATION = "urn:meridian:conversation"
_GENDERS = {"woman": "female", "man": "male", "non_binary": "other"}
_LONGEST_ID = 64
_MARK = 8
_AT_ONCE = timedelta(days=6)
_TAKEN = {"held": "busy-tentative", "pending": "busy-tentative", "booked": "busy"}


def who_and_when(unit: Diary, clinic: Clinic, now: datetime) -> Iterator[Any]:
    """Go through the practitioners, their hours and the time in them to the horizon."""
    first = today(now, clinic.zone)
    last = first + timedelta(days=clinic.policy.horizon_days)
    for one in in_force(unit, clinic, now).practitioners.values():
        yield _practitioner(one)
        for place_id in one.places:
            yield _schedule(clinic, one, place_id, first, last)
    while first <= last:
        until = min(first + _AT_ONCE, last)
        for day in diary_days(unit, clinic, first, until, now):
            yield from _stretches(clinic, day)
        first = until + timedelta(days=1)


def appointment(clinic: Clinic, visit: Appointment) -> FhirAppointment:
    """Return one visit with its patient, as far as the desk knows them.

    Nothing of the safety questions stands in it.
    """
    here = clinic.zone
    treatment = clinic.treatments.get(visit.treatment_id)
    place = clinic.places.get(visit.place_id)
    practitioner = clinic.practitioners.get(visit.practitioner_id)
    found: dict[str, Any] = {
        "id": visit.id,
        "contained": [_patient(visit)],
        # Ours are named like FHIR's.
        "status": visit.status,
        "description": treatment.name if treatment else visit.treatment_id,
        "start": visit.starts_at.astimezone(here),
        "end": visit.ends_at.astimezone(here),
        "minutesDuration": (visit.ends_at - visit.starts_at) // timedelta(minutes=1),
        "created": visit.created_at.astimezone(here),
        "participant": [
            {
                "actor": {
                    "reference": f"Practitioner/{fhir_id(visit.practitioner_id)}",
                    "display": practitioner.name if practitioner else None,
                },
                "status": "needs-action" if visit.status == "pending" else "accepted",
            },
            {"actor": {"reference": "#patient"}, "status": "accepted"},
            {
                "actor": {
                    "type": "Location",
                    "display": place.name if place else visit.place_id,
                },
                "status": "accepted",
            },
        ],
    }
    if visit.status in _TAKEN:
        found["slot"] = [{"reference": f"Slot/{_stretch_id(visit)}"}]
    return FhirAppointment.parse_obj(found)


def fhir_id(*parts: str) -> str:
    """Make an id of FHIR's letters; what had to be changed is told apart by a hash."""
    told = ".".join(parts)
    plain = re.sub(r"[^A-Za-z0-9.-]", "-", told)
    if plain == told and len(told) <= _LONGEST_ID:
        return told
    mark = hashlib.sha256(told.encode()).hexdigest()[:_MARK]
    return f"{plain[: _LONGEST_ID - _MARK - 1]}-{mark}"


def _practitioner(one: Practitioner) -> FhirPractitioner:
    registered = [{"value": one.register_number}] if one.register_number else None
    return FhirPractitioner.parse_obj(
        {
            "id": fhir_id(one.id),
            "identifier": [{"system": _PRACTITIONERS, "value": one.id}],
            "active": True,
            "name": [{"text": one.name}],
            "gender": _GENDERS[one.gender],
            "qualification": [
                {
                    "code": {"text": one.qualification},
                    "identifier": registered,
                    "issuer": {"display": one.register} if one.register else None,
                }
            ],
            "communication": [{"text": language} for language in one.languages],
        }
    )


def _schedule(
    clinic: Clinic, one: Practitioner, place_id: str, first: date, last: date
) -> Schedule:
    end = instant(last + timedelta(days=1), time(), clinic.zone)
    return Schedule.parse_obj(
        {
            "id": fhir_id(one.id, place_id),
            "active": True,
            "actor": [
                {
                    "reference": f"Practitioner/{fhir_id(one.id)}",
                    "display": one.name,
                },
                {"type": "Location", "display": clinic.places[place_id].name},
            ],
            "planningHorizon": {
                "start": instant(first, time(), clinic.zone).astimezone(clinic.zone),
                "end": end.astimezone(clinic.zone),
            },
        }
    )


def _stretches(clinic: Clinic, day: DiaryDay) -> Iterator[Slot]:
    """Go through one practitioner's day: what is taken, and what is free between.

    A visit outside hours is there as well: it takes time all the same.
    """
    for visit in day.visits:
        yield _stretch(
            clinic,
            _stretch_id(visit),
            (visit.practitioner_id, visit.place_id),
            _TAKEN[visit.status],
            (visit.starts_at, visit.ends_at),
        )
    for place_id, spans in day.hours.items():
        for span in spans:
            begin = instant(day.day, span.opens, clinic.zone)
            end = instant(day.day, span.closes, clinic.zone)
            for free in _free(begin, end, day.visits):
                yield _stretch(
                    clinic,
                    _free_id(day.practitioner.id, free[0]),
                    (day.practitioner.id, place_id),
                    "free",
                    free,
                )


def _free(
    begin: datetime, end: datetime, visits: Iterable[Appointment]
) -> Iterator[tuple[datetime, datetime]]:
    """Return what no visit takes, in order; visits come in order, too."""
    for visit in visits:
        if visit.starts_at > begin:
            yield begin, min(visit.starts_at, end)
        begin = max(begin, visit.ends_at)
        if begin >= end:
            return
    yield begin, end


def _stretch(
    clinic: Clinic,
    stretch_id: str,
    whose: tuple[str, str],
    status: str,
    when: tuple[datetime, datetime],
) -> Slot:
    return Slot.parse_obj(
        {
            "id": stretch_id,
            "schedule": {"reference": f"Schedule/{fhir_id(*whose)}"},
            "status": status,
            "start": when[0].astimezone(clinic.zone),
            "end": when[1].astimezone(clinic.zone),
        }
    )


def _stretch_id(visit: Appointment) -> str:
    return f"visit-{visit.id}"


def _free_id(practitioner_id: str, begin: datetime) -> str:
    return fhir_id("free", practitioner_id, f"{begin:%Y%m%dT%H%MZ}")


def _patient(visit: Appointment) -> dict[str, Any]:
    told = (("phone", visit.patient_phone), ("email", visit.patient_email))
    return {
        "resourceType": "Patient",
        "id": "patient",
        "identifier": [{"system": _CONVERSATION, "value": visit.conversation_id}],
        "name": [{"text": visit.patient_name}] if visit.patient_name else None,
        "telecom": [
            {"system": system, "value": value} for system, value in told if value
        ],
    }
