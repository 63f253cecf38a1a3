"""What named staff do in the diary: clear or decline a visit, hold, book, move.

Each tells the visitor in the same transaction; whoever calls rings the bell.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime

from bot.clinic.booking import HOLD, Appointment, Opening, Patient
from bot.clinic.conversation import Said
from bot.clinic.profile import Clinic
from bot.desk import letters
from bot.desk.booking import own_visit
from bot.desk.claims import claim_time, move_time, new_appointment
from bot.desk.letter_words import Links
from bot.desk.outcomes import Booked, Cancelled, Held, OpeningTaken, Refused
from bot.desk.ports import FrontDesk
from bot.desk.requests import PERSON, end_of_waiting, waits
from bot.desk.screened import locks, release
from bot.desk.telling import card, card_of_several, moment


def clear(
    unit: FrontDesk,
    clinic: Clinic,
    links: Links,
    appointment_id: str,
    by: str,
    now: datetime,
    seen_locks: Collection[str] = (),
) -> Booked | Refused:
    """Turn a pending visit into a booked one: a practitioner has seen the answers.

    The whole course that it belongs to is cleared with it: it stands on the same
    answers. The screening is released, so that moving a visit does not wait for the
    same look again.

    Args:
        by: the practitioner's name; the visitor reads it.
        now: aware UTC.
        seen_locks: ids of the screenings that lock booking and that `by` knows of; with
            any other one nothing is cleared. The lock stays.

    Raises:
        ValueError: nobody is named.
    """
    waiting = _pending(unit, appointment_id, by, now)
    if isinstance(waiting, Refused):
        return waiting
    if _locked(unit, waiting[0].conversation_id, seen_locks, now):
        return Refused("locked")
    booked = [
        replace(
            visit,
            status="booked",
            decided_by=by.strip(),
            decided_at=now,
            sequence=visit.sequence + 1,
        )
        for visit in waiting
    ]
    for visit in booked:
        unit.bookings.replace(visit)
    first, many = booked[0], len(booked) > 1
    if first.screening_id and unit.screenings.get(first.screening_id):
        release(unit, first.screening_id, by.strip(), "cleared for a visit", now)
    what = f"your {len(booked)} visits are" if many else "your visit is"
    said = f"{by.strip()} has looked at your answers, and {what} booked."
    extras = _card(clinic, booked, "Booked", now, links)
    _tell(unit, first, Said(said, "system", extras=extras), now)
    if many:
        letters.write_course(unit, clinic, booked, now)
    else:
        letters.write(unit, clinic, "confirmation", first, now)
    unit.commit()
    return Booked(next(one for one in booked if one.id == appointment_id))


def decline(
    unit: FrontDesk, clinic: Clinic, appointment_id: str, by: str, now: datetime
) -> Cancelled | Refused:
    """Give the time of a pending visit back, and ask the visitor to talk first.

    The whole course that it belongs to goes with it.

    Raises:
        ValueError: nobody is named.
    """
    waiting = _pending(unit, appointment_id, by, now)
    if isinstance(waiting, Refused):
        return waiting
    off = [
        replace(
            visit,
            status="cancelled",
            cancelled_at=now,
            cancelled_by=by.strip(),
            decided_by=by.strip(),
            decided_at=now,
            sequence=visit.sequence + 1,
        )
        for visit in waiting
    ]
    for visit in off:
        unit.bookings.free(visit.id)
        unit.bookings.replace(visit)
    if len(off) > 1:
        letters.write_course(unit, clinic, off, now)
    else:
        letters.write(unit, clinic, "cancellation", off[0], now)
    what = f"The time {moment(clinic, off[0], now)} is"
    if len(off) > 1:
        what = f"The {len(off)} times are"
    said = (
        f"{by.strip()} has looked at your answers and would like to talk with you "
        f"before a visit. {what} no longer held. "
        f"Please write to us here, or call {clinic.phone}."
    )
    extras = _card(clinic, off, "Not booked", now)
    _tell(unit, off[0], Said(said, "system", choices=(PERSON,), extras=extras), now)
    unit.commit()
    return Cancelled(next(one for one in off if one.id == appointment_id))


def book_by_hand(
    unit: FrontDesk,
    clinic: Clinic,
    links: Links,
    conversation_id: str,
    opening: Opening,
    patient: Patient,
    by: str,
    now: datetime,
    request_id: str | None = None,
    seen_locks: Collection[str] = (),
) -> Booked | OpeningTaken | Refused:
    """Book for a visitor on a member of staff's own word.

    It passes over notice, horizon, hours, cap and screening, and writes down who did
    so; only the cells cannot be argued with. A lock of the screening stays.

    Args:
        request_id: the appointment request that is answered by it, if one is; one that
            a colleague has answered is refused.
        seen_locks: as for `clear`.

    Raises:
        ValueError: nobody is named.
    """
    _named(by)
    if opening.starts_at <= now:
        return Refused("too_soon")
    unit.conversations.lock(conversation_id)
    if request_id is not None and not waits(unit, conversation_id, request_id):
        return Refused("unknown")
    if _locked(unit, conversation_id, seen_locks, now):
        return Refused("locked")
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
    extras = _card(clinic, [booked], "Booked", now, links)
    _tell(unit, booked, Said(said, "system", extras=extras), now)
    letters.write(unit, clinic, "confirmation", booked, now)
    unit.commit()
    return Booked(booked)


def hold_by_hand(
    unit: FrontDesk,
    clinic: Clinic,
    conversation_id: str,
    opening: Opening,
    by: str,
    now: datetime,
    seen_locks: Collection[str] = (),
) -> Held | OpeningTaken | Refused:
    """Keep an opening for ten minutes while staff talk with the visitor about it.

    It passes over notice, horizon and whether visitors book by themselves here; what
    was held before is let go.

    Args:
        seen_locks: as for `clear`.

    Raises:
        ValueError: nobody is named.
    """
    _named(by)
    if opening.starts_at <= now:
        return Refused("too_soon")
    unit.conversations.lock(conversation_id)
    if _locked(unit, conversation_id, seen_locks, now):
        return Refused("locked")
    unit.bookings.sweep(now)
    unit.bookings.drop_holds(conversation_id)
    wanted = new_appointment(conversation_id, opening, "held", now)
    held = claim_time(unit, clinic, replace(wanted, held_until=now + HOLD), opening)
    if held is None:  # nothing is committed, so the earlier hold stays
        return OpeningTaken(opening)
    said = f"{by.strip()} is holding {moment(clinic, held, now)} for you."
    unit.conversations.say(conversation_id, Said(said, "system"), now)
    unit.commit()
    return Held(held)


def move_by_hand(
    unit: FrontDesk,
    clinic: Clinic,
    links: Links,
    conversation_id: str,
    appointment_id: str,
    opening: Opening,
    by: str,
    now: datetime,
    request_id: str | None = None,
    seen_locks: Collection[str] = (),
) -> Booked | OpeningTaken | Refused:
    """Move a visit on a member of staff's own word; it stays as it is, booked or not.

    It passes over the same as `book_by_hand`. Where the new time is taken, the old one
    stays.

    Args:
        request_id: as for `book_by_hand`.
        seen_locks: as for `clear`.

    Raises:
        ValueError: nobody is named.
    """
    _named(by)
    visit = own_visit(unit, conversation_id, appointment_id)
    if visit is None:
        return Refused("unknown")
    if visit.starts_at <= now:
        return Refused("too_late")
    if opening.starts_at <= now:
        return Refused("too_soon")
    if request_id is not None and not waits(unit, conversation_id, request_id):
        return Refused("unknown")
    if _locked(unit, conversation_id, seen_locks, now):
        return Refused("locked")
    unit.bookings.sweep(now)
    unit.bookings.drop_holds(conversation_id)
    moved = move_time(unit, clinic, visit, opening)
    if moved is None:
        return OpeningTaken(opening)
    said = f"{by.strip()} has moved your visit to {moment(clinic, moved, now)}."
    extras = _card(clinic, [moved], "Moved", now, links)
    told = Said(said, "system", extras=extras)
    if request_id is None:
        unit.conversations.say(conversation_id, told, now)
    else:
        unit.bookings.settle_request(request_id, "done")
        _tell(unit, moved, told, now)
    letters.write(unit, clinic, "change", moved, now)
    unit.commit()
    return Booked(moved)


def _locked(
    unit: FrontDesk, conversation_id: str, seen: Collection[str], now: datetime
) -> bool:
    """Say whether booking is locked by something that whoever decides has not seen."""
    return not set(locks(unit, conversation_id, now)) <= set(seen)


def _named(by: str) -> None:
    if not by.strip():
        raise ValueError("a decision needs the name of who made it")


def _pending(
    unit: FrontDesk, appointment_id: str, by: str, now: datetime
) -> list[Appointment] | Refused:
    """Return a visit that waits for a decision, with the others of its course."""
    _named(by)
    visit = unit.bookings.get(appointment_id)
    if visit is not None and unit.conversations.lock(visit.conversation_id):
        visit = unit.bookings.get(appointment_id)  # as whoever was quicker left it
    if visit is None or visit.status != "pending":
        return Refused("unknown")
    if visit.starts_at <= now:
        return Refused("too_late")
    course = unit.bookings.of_course(visit.course_id) if visit.course_id else [visit]
    return [one for one in course if one.status == "pending" and one.starts_at > now]


def _card(
    clinic: Clinic,
    visits: Sequence[Appointment],
    title: str,
    now: datetime,
    links: Links | None = None,
) -> dict[str, object]:
    """Make the card of what was decided.

    Args:
        links: for the calendar file of visits that stand.
    """
    first, file = visits[0], ""
    if len(visits) == 1:
        file = links.calendar(first.id) if links else ""
        return {"card": card(clinic, first, title, now, file)}
    file = links.course(first.course_id) if links and first.course_id else ""
    return {"card": card_of_several(clinic, visits, title, now, file)}


def _tell(unit: FrontDesk, visit: Appointment, said: Said, now: datetime) -> None:
    """Say it, and close what waited for staff because of the visit alone."""
    unit.conversations.lock(visit.conversation_id)
    unit.conversations.say(visit.conversation_id, said, now)
    end_of_waiting(unit, visit.conversation_id, now)
