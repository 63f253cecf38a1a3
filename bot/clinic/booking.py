"""Openings, appointments, and the 5-minute cells that keep them from overlapping."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from bot.clinic.profile import Clinic, Policy, Treatment
from bot.clinic.when import UTC

CELL_MINUTES = 5
CELL = timedelta(minutes=CELL_MINUTES)
HOLD = timedelta(minutes=10)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

Status = Literal["held", "pending", "booked", "cancelled", "fulfilled", "noshow"]
TAKING_TIME: tuple[Status, ...] = ("held", "pending", "booked")
AHEAD: tuple[Status, ...] = ("pending", "booked")

Cell = tuple[str, datetime]
"""A resource such as `practitioner:mara` and the UTC start of 5 minutes of it."""


@dataclass(frozen=True)
class Opening:
    """A stretch of a practitioner's time in which a treatment can be booked.

    Args:
        id: built from the other fields, so that it can be read back; it leaves out
            the room, which may change until the time is claimed.
        room_id: the room that was free when it was computed; None where the place
            has no rooms to give out.
        starts_at: aware UTC.
        ends_at: aware UTC.
    """

    id: str
    practitioner_id: str
    room_id: str | None
    treatment_id: str
    place_id: str
    starts_at: datetime
    ends_at: datetime


@dataclass(frozen=True)
class Patient:
    """Who comes: already checked text.

    Args:
        phone: E.164, e.g. `+17805550142`.
        email: "" where none was given.
    """

    name: str
    phone: str
    email: str = ""


@dataclass(frozen=True)
class Appointment:
    """A visit that takes time in the diary, or did.

    Args:
        held_until: when a hold lapses; None for everything else.
        decided_by: who at the clinic cleared or declined it, or booked it by hand.
        course_id: the course of visits that it belongs to, if any.
        course_number: 1 for the first of the course.
        sequence: raised by every change, for calendars that follow it.
    """

    id: str
    conversation_id: str
    practitioner_id: str
    room_id: str | None
    treatment_id: str
    place_id: str
    starts_at: datetime
    ends_at: datetime
    status: Status
    created_at: datetime
    held_until: datetime | None = None
    patient_name: str = ""
    patient_phone: str = ""
    patient_email: str = ""
    screening_id: str | None = None
    cancelled_at: datetime | None = None
    cancelled_by: str | None = None
    decided_by: str | None = None
    decided_at: datetime | None = None
    course_id: str | None = None
    course_number: int | None = None
    sequence: int = 0

    def lapsed(self, now: datetime) -> bool:
        """Tell whether this is a hold that nobody turned into a visit in time."""
        return (
            self.status == "held"
            and self.held_until is not None
            and self.held_until <= now
        )

    def late_to_cancel(self, policy: Policy, now: datetime) -> bool:
        """Tell whether the clinic's terms call cancelling now late."""
        return policy.cancel_hours is not None and self.starts_at - now < timedelta(
            hours=policy.cancel_hours
        )

    def late_terms_count(self, policy: Policy, now: datetime) -> bool:
        """Tell whether cancelling or moving it now is late, and the terms say of it."""
        return policy.late_fee is not None and self.late_to_cancel(policy, now)


@dataclass(frozen=True)
class CourseOfVisits:
    """Visits that were booked together in one rhythm.

    Args:
        visits: how many.
        weeks: the rhythm repeats every so many weeks ...
        per: ... and has so many visits in it.
        offered_at: when the next course was offered; None until then.
    """

    id: str
    conversation_id: str
    visits: int
    weeks: int
    per: int
    created_at: datetime
    offered_at: datetime | None = None


@dataclass(frozen=True)
class AppointmentRequest:
    """A visitor's wish that staff turn into an appointment.

    Args:
        preferred: the times that would suit, in the visitor's words.
        reason: what it is about, in the visitor's words; "" if not said.
        state: new, done, declined or withdrawn.
    """

    id: str
    conversation_id: str
    preferred: str
    reason: str
    patient_name: str
    patient_phone: str
    patient_email: str
    created_at: datetime
    state: str = "new"


def opening_at(
    treatment: Treatment,
    practitioner_id: str,
    place_id: str,
    room_id: str | None,
    starts_at: datetime,
) -> Opening:
    """Make the opening of a treatment that begins at an instant."""
    minutes = (starts_at - _EPOCH) // timedelta(minutes=1)
    return Opening(
        id=f"{practitioner_id}.{treatment.id}.{place_id}.{minutes}",
        practitioner_id=practitioner_id,
        room_id=room_id,
        treatment_id=treatment.id,
        place_id=place_id,
        starts_at=starts_at,
        ends_at=starts_at + timedelta(minutes=treatment.minutes),
    )


def read_opening(clinic: Clinic, opening_id: str) -> Opening | None:
    """Rebuild an opening from its id, without a room.

    Returns:
        None where the clinic has no such practitioner, treatment or place. Whether
        it is still free, and within hours, is for the diary to say.
    """
    parts = opening_id.split(".")
    if len(parts) != 4 or not _is_minutes(parts[3]):
        return None
    practitioner_id, treatment_id, place_id, minutes = parts
    treatment = clinic.treatments.get(treatment_id)
    if (
        treatment is None
        or practitioner_id not in clinic.practitioners
        or place_id not in clinic.places
    ):
        return None
    starts_at = _EPOCH + timedelta(minutes=int(minutes))
    return opening_at(treatment, practitioner_id, place_id, None, starts_at)


def _is_minutes(text: str) -> bool:
    # Nine digits end in the year 3871; more would overflow a date.
    return text.isascii() and text.isdecimal() and len(text) <= 9


def cells_of(
    treatment: Treatment,
    policy: Policy,
    practitioner_id: str,
    room_id: str | None,
    starts_at: datetime,
) -> list[Cell]:
    """Return every cell that a visit claims, in the order of the table's key.

    One order for everybody: two writers that want the same cells wait for each
    other instead of blocking each other for ever.
    """
    needed = {f"practitioner:{practitioner_id}": practitioner_parts(treatment, policy)}
    if room_id is not None:
        needed[f"room:{room_id}"] = room_parts(treatment, policy)
    return sorted(
        (resource, starts_at + number * CELL)
        for resource, parts in needed.items()
        for first, last in parts
        for number in range(first, last)
    )


Parts = tuple[tuple[int, int], ...]
"""Stretches of a visit, `(from, until)` in cells from its beginning."""


def practitioner_parts(treatment: Treatment, policy: Policy) -> Parts:
    """Return when a visit needs its practitioner, buffer included."""
    parts = treatment.hands_on or ((0, treatment.minutes),)
    first, last = parts[-1]
    return _in_cells((*parts[:-1], (first, last + policy.buffer_minutes)))


def room_parts(treatment: Treatment, policy: Policy) -> Parts:
    """Return when a visit needs its room, buffer included."""
    return _in_cells(((0, treatment.minutes + policy.buffer_minutes),))


def _in_cells(minutes: Parts) -> Parts:
    return tuple(
        (first // CELL_MINUTES, -(-last // CELL_MINUTES)) for first, last in minutes
    )
