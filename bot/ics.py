"""Calendar files: one visit for its patient, and a practitioner's feed.

RFC 5545 says how they are written, RFC 5546 what a program does with them. What a visit
is for never stands in one: calendars are shared, and kept by other companies.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta, timezone
from typing import Literal

from icalendar import (
    Calendar,
    Event,
    Timezone,
    TimezoneDaylight,
    TimezoneStandard,
    vCalAddress,
    vDuration,
    vText,
)

from bot.clinic.booking import Appointment
from bot.clinic.profile import Clinic
from bot.clinic.when import UTC, changes
from bot.desk.letter_words import Stationery

_PRODUCT = "-//Meridian//Front desk//EN"
_REFRESH = timedelta(minutes=30)
_YEAR = timedelta(days=366)
_STATUS = {"pending": "TENTATIVE", "cancelled": "CANCELLED"}

Method = Literal["REQUEST", "CANCEL", "PUBLISH"]


def method_of(visits: Sequence[Appointment]) -> Method:
    """Say what a patient's calendar program should do with the file of visits.

    Without an address of the patient there is nobody to invite: then it is only
    published. So are several visits, because an invitation holds one alone (RFC 5546,
    3.2.1 and 3.2.2).
    """
    if len(visits) != 1:
        return "PUBLISH"
    (visit,) = visits
    if visit.status == "cancelled":
        return "CANCEL"
    return "REQUEST" if visit.patient_email else "PUBLISH"


def visit_file(
    paper: Stationery, visits: Sequence[Appointment], now: datetime
) -> bytes:
    """Return a visit, or those of a course, as a calendar file for the patient.

    The same visit keeps its UID for ever; its SEQUENCE rises with every change, so
    that a later file takes the place of an earlier one. The address of the visit's
    page is left out, because whoever has it can cancel.

    Args:
        now: aware UTC.
    """
    calendar = _calendar(paper.clinic, visits, now)
    method = method_of(visits)
    calendar.add("method", method)
    for visit in visits:
        calendar.add_component(_for_patient(paper, visit, method, now))
    return bytes(calendar.to_ical())


def _for_patient(
    paper: Stationery, visit: Appointment, method: Method, now: datetime
) -> Event:
    clinic, words = paper.clinic, paper.words
    known = {"clinic": clinic.name, "phone": clinic.phone}
    event = _event(clinic, visit, now)
    event.add("summary", words.calendar_title.format_map(known))
    event.add("description", words.calendar_note.format_map(known))
    organizer = vCalAddress(f"mailto:{clinic.email}")
    organizer.params["CN"] = vText(clinic.name)
    event.add("organizer", organizer)
    if visit.patient_email and method != "PUBLISH":
        patient = vCalAddress(f"mailto:{visit.patient_email}")
        # Whoever booked need not be asked again whether they come.
        patient.params["PARTSTAT"] = vText("ACCEPTED")
        patient.params["RSVP"] = vText("FALSE")
        event.add("attendee", patient)
    _, place, address = _where(clinic, visit)
    event.add("location", ", ".join(filter(None, (place, address))))
    return event


def feed(clinic: Clinic, visits: Iterable[Appointment], now: datetime) -> bytes:
    """Return a practitioner's visits as a calendar to subscribe to.

    It shows that there is a visit, when and in which room. It names no patient.
    """
    listed = list(visits)
    calendar = _calendar(clinic, listed, now)
    calendar.add("x-wr-calname", clinic.name)
    calendar.add("refresh-interval", vDuration(_REFRESH), {"VALUE": "DURATION"})
    calendar.add("x-published-ttl", vDuration(_REFRESH))
    for visit in listed:
        event = _event(clinic, visit, visit.decided_at or visit.created_at)
        cleared = " (not cleared yet)" if visit.status == "pending" else ""
        event.add("summary", f"Visit{cleared}")
        room, place, _ = _where(clinic, visit)
        event.add("location", ", ".join(filter(None, (room, place))))
        calendar.add_component(event)
    return bytes(calendar.to_ical())


def _calendar(clinic: Clinic, visits: Sequence[Appointment], now: datetime) -> Calendar:
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    moments = [one.starts_at for one in visits] or [now]
    first, last = min(moments) - _YEAR, max(moments) + _YEAR
    calendar.add_component(_zone(clinic, first.date(), last.date()))
    return calendar


def _event(clinic: Clinic, visit: Appointment, at: datetime) -> Event:
    event = Event()
    event.add("uid", visit.id)
    event.add("dtstamp", at.astimezone(UTC))
    event.add("sequence", visit.sequence)
    event.add("dtstart", visit.starts_at.astimezone(clinic.zone))
    event.add("dtend", visit.ends_at.astimezone(clinic.zone))
    event.add("status", _STATUS.get(visit.status, "CONFIRMED"))
    event.add("transp", "OPAQUE")
    event.add("class", "PRIVATE")
    return event


def _where(clinic: Clinic, visit: Appointment) -> tuple[str, str, str]:
    """Return the room, the place and its address, "" for what is not known."""
    place = clinic.places.get(visit.place_id)
    if place is None:
        return "", "", ""
    room = next((one.name for one in place.rooms if one.id == visit.room_id), "")
    return room, place.name, place.address


def _zone(clinic: Clinic, first: date, last: date) -> Timezone:
    """Write out the clinic's clock for the stretch in which the visits lie.

    From the pinned database, so that a calendar program with an older one is right
    as well. An onset is told by the clock that it ends (RFC 5545, 3.6.5).
    """
    zone = Timezone()
    zone.add("tzid", clinic.time_zone)
    begin = datetime(first.year, first.month, first.day, tzinfo=UTC)
    for onset in (begin, *changes(clinic.zone, first, last)):
        before = (onset - timedelta(minutes=1)).astimezone(clinic.zone)
        after = onset.astimezone(clinic.zone)
        observance = TimezoneDaylight() if after.dst() else TimezoneStandard()
        told = onset.astimezone(timezone(before.utcoffset() or timedelta()))
        observance.add("dtstart", told.replace(tzinfo=None))
        observance.add("tzoffsetfrom", before.utcoffset())
        observance.add("tzoffsetto", after.utcoffset())
        observance.add("tzname", after.tzname())
        zone.add_component(observance)
    return zone
