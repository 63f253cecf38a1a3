"""What named staff do in the diary: clear or decline a visit, answer a request.

Each tells the visitor in the same transaction; whoever calls rings the bell.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.clinic.booking import Appointment, Opening, Patient
from bot.clinic.conversation import Choice, Said
from bot.clinic.profile import Clinic
from bot.desk import letters
from bot.desk.booking import claim_time, new_appointment
from bot.desk.outcomes import Booked, Cancelled, OpeningTaken, Refused
from bot.desk.ports import FrontDesk
from bot.desk.screened import release
from bot.desk.telling import card, moment

_PERSON = Choice("Talk to a person", "/talk_to_human")


def clear(
    unit: FrontDesk, clinic: Clinic, appointment_id: str, by: str, now: datetime
) -> Booked | Refused:
    """Turn a pending visit into a booked one: a practitioner has seen the answers.

    The screening is released with it, so that moving this visit, or the next one of
    a course, does not wait for the same look again.

    Args:
        by: the practitioner's name; the visitor reads it.
        now: aware UTC.

    Raises:
        ValueError: nobody is named.
    """
    visit = _pending(unit, appointment_id, by, now)
    if isinstance(visit, Refused):
        return visit
    booked = replace(
        visit,
        status="booked",
        decided_by=by.strip(),
        decided_at=now,
        sequence=visit.sequence + 1,
    )
    unit.bookings.replace(booked)
    if booked.screening_id and unit.screenings.get(booked.screening_id):
        release(unit, booked.screening_id, by.strip(), "cleared for a visit", now)
    said = f"{by.strip()} has looked at your answers, and your visit is booked."
    _tell(unit, visit, Said(said, extras=_card(clinic, booked, "Booked", now)), now)
    letters.write(unit, clinic, "confirmation", booked, now)
    unit.commit()
    return Booked(booked)


def decline(
    unit: FrontDesk, clinic: Clinic, appointment_id: str, by: str, now: datetime
) -> Cancelled | Refused:
    """Give the time of a pending visit back, and ask the visitor to talk first.

    Raises:
        ValueError: nobody is named.
    """
    visit = _pending(unit, appointment_id, by, now)
    if isinstance(visit, Refused):
        return visit
    off = replace(
        visit,
        status="cancelled",
        cancelled_at=now,
        cancelled_by=by.strip(),
        decided_by=by.strip(),
        decided_at=now,
        sequence=visit.sequence + 1,
    )
    unit.bookings.free(visit.id)
    unit.bookings.replace(off)
    said = (
        f"{by.strip()} has looked at your answers and would like to talk with you "
        f"before a visit. The time {moment(clinic, visit, now)} is no longer held. "
        f"Please write to us here, or call {clinic.phone}."
    )
    extras = _card(clinic, off, "Not booked", now)
    _tell(unit, visit, Said(said, choices=(_PERSON,), extras=extras), now)
    letters.write(unit, clinic, "cancellation", off, now)
    unit.commit()
    return Cancelled(off, late=False)


def book_by_hand(
    unit: FrontDesk,
    clinic: Clinic,
    conversation_id: str,
    opening: Opening,
    patient: Patient,
    by: str,
    now: datetime,
    request_id: str | None = None,
) -> Booked | OpeningTaken | Refused:
    """Book for a visitor on a member of staff's own word.

    It passes over notice, horizon, hours, cap and screening, and writes down who did
    so; only the cells cannot be argued with.

    Args:
        request_id: the appointment request that is answered by it, if one is.

    Raises:
        ValueError: nobody is named.
    """
    _named(by)
    if opening.starts_at <= now:
        return Refused("too_soon")
    unit.bookings.sweep(now)
    # The time may be held for this very visitor; another hold of theirs is needless.
    unit.bookings.drop_holds(conversation_id)
    wanted = replace(
        new_appointment(conversation_id, opening, "booked", now),
        patient_name=patient.name,
        patient_phone=patient.phone,
        patient_email=patient.email,
        decided_by=by.strip(),
        decided_at=now,
    )
    booked = claim_time(unit, clinic, wanted, opening)
    if booked is None:
        return OpeningTaken(opening)
    if request_id is not None:
        unit.bookings.settle_request(request_id, "done")
    said = f"{by.strip()} has booked a visit for you."
    _tell(unit, booked, Said(said, extras=_card(clinic, booked, "Booked", now)), now)
    letters.write(unit, clinic, "confirmation", booked, now)
    unit.commit()
    return Booked(booked)


def decline_request(
    unit: FrontDesk, clinic: Clinic, request_id: str, by: str, now: datetime
) -> Refused | None:
    """Answer an appointment request with no; the visitor is told how to go on.

    Returns:
        `Refused("unknown")` where it is not waiting any more, else None.

    Raises:
        ValueError: nobody is named.
    """
    _named(by)
    asked = unit.bookings.request(request_id)
    if asked is None or asked.state != "new":
        return Refused("unknown")
    unit.bookings.settle_request(request_id, "declined")
    said = (
        "Our staff could not find a time for your request. You can write here which "
        f"other times would suit you, or call {clinic.phone}."
    )
    unit.conversations.say(asked.conversation_id, Said(said, choices=(_PERSON,)), now)
    unit.commit()
    return None


def _named(by: str) -> None:
    if not by.strip():
        raise ValueError("a decision needs the name of who made it")


def _pending(
    unit: FrontDesk, appointment_id: str, by: str, now: datetime
) -> Appointment | Refused:
    _named(by)
    visit = unit.bookings.get(appointment_id)
    if visit is not None and unit.conversations.lock(visit.conversation_id):
        visit = unit.bookings.get(appointment_id)  # as whoever was quicker left it
    if visit is None or visit.status != "pending":
        return Refused("unknown")
    return Refused("too_late") if visit.starts_at <= now else visit


def _card(
    clinic: Clinic, visit: Appointment, title: str, now: datetime
) -> dict[str, object]:
    return {"card": card(clinic, visit, title, now)}


def _tell(unit: FrontDesk, visit: Appointment, said: Said, now: datetime) -> None:
    """Say it, and close what waited for staff because of the visit alone."""
    unit.conversations.lock(visit.conversation_id)
    unit.conversations.say(visit.conversation_id, said, now)
    waiting = unit.handoffs.open_of(visit.conversation_id)
    if (
        waiting is not None
        and waiting.state == "waiting"
        and waiting.reason in ("review", "appointment_request")
        and waiting.priority == "routine"
    ):
        unit.handoffs.replace(replace(waiting, state="closed", ended_at=now))
