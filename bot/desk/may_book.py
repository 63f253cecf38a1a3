"""Says whether somebody may have a time at all, leaving aside whether it is taken."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.clinic.booking import AHEAD, Appointment, Opening, Patient, Status
from bot.clinic.diary import misfit
from bot.clinic.profile import Clinic
from bot.clinic.screened import May
from bot.desk.handoff import open_handoff
from bot.desk.hours import in_force
from bot.desk.outcomes import Refused
from bot.desk.ports import Diary
from bot.desk.screened import latest_valid, may_book

_RESTING = (*AHEAD, "fulfilled", "noshow")


@dataclass(frozen=True)
class Allowed:
    """What the screening allows, and which one said so."""

    status: Status
    screening_id: str | None


def unbookable(
    unit: Diary,
    clinic: Clinic,
    opening: Opening,
    now: datetime,
    mine: Appointment | None = None,
) -> Refused | None:
    """Say why a time cannot be booked, leaving aside whether it is taken.

    Args:
        mine: what this conversation holds or has booked at that time.
    """
    if not clinic.policy.self_booking:
        return Refused("no_self_booking")
    # Who holds an opening may book it although its notice ran out meanwhile.
    if mine is not None and not mine.lapsed(now):
        return None
    reason = misfit(in_force(unit, clinic, now), opening, now)
    return Refused(reason) if reason else None


def too_many(
    unit: Diary,
    clinic: Clinic,
    conversation_id: str,
    patient: Patient,
    now: datetime,
    adding: int = 1,
) -> Refused | None:
    """Refuse more visits ahead than one person may have; a course counts as one.

    Sweep the diary first: that keeps others from booking for the same person until
    this unit is over.
    """
    ahead = unit.bookings.count_ahead(conversation_id, patient.phone, now)
    most = clinic.policy.max_upcoming
    return Refused("too_many") if ahead + adding > most else None


def allowed_by_screening(
    unit: Diary, conversation_id: str, now: datetime, *, new_visit: bool = False
) -> Allowed | Refused:
    """Look the safety screening up: booked, pending, or not at all.

    Args:
        new_visit: the emergency signs must have been asked about within a day; a
            visit that is only moved keeps its own.
    """
    permission = may_book(unit, conversation_id, now)
    result = unit.screenings.get(permission.screening_id or "")
    lets = permission.may in (May.OK, May.PENDING)
    if new_visit and lets and result and not result.gate_holds(now):
        return Refused("screening_needed")
    if permission.may is May.OK:
        return Allowed("booked", permission.screening_id)
    if permission.may is May.PENDING:
        return Allowed("pending", permission.screening_id)
    needed = permission.may is May.SCREENING_NEEDED
    return Refused("screening_needed" if needed else "locked")


def gate_due(unit: Diary, conversation_id: str, now: datetime) -> bool:
    """Say whether the emergency signs come first, as this is a later visit.

    That is where a visit rests on the result already, and where it is older than a
    day (protocol, section 1.8). False where there is no result that still counts.
    """
    result = latest_valid(unit, conversation_id, now)
    if result is None:
        return False
    visits = unit.bookings.of_conversation(conversation_id)
    return not result.gate_holds(now) or any(
        one.screening_id == result.id and one.status in _RESTING for one in visits
    )


def call_for_review(unit: Diary, visit: Appointment, now: datetime) -> None:
    """Put a visit that is only held before a practitioner, with what calls for it."""
    if visit.status != "pending":
        return
    screening = unit.screenings.get(visit.screening_id or "")
    open_handoff(
        unit,
        visit.conversation_id,
        "review",
        "routine",
        now,
        detail=" ".join(screening.rules) if screening else None,
    )
