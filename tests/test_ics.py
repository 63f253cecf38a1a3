"""Calendar files hold what calendar programs trip over."""

import re
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from icalendar import Calendar

from bot.clinic.profile import Place
from bot.clinic.when import UTC, changes, zone
from bot.ics import feed, method_of, visit_file
from tests.clinic.making import clinic
from tests.clinic.test_letters import visit
from tests.letters import stationery

NEW_YORK = clinic(time_zone="America/New_York")
ZONES = ("America/Edmonton", "America/New_York", "Europe/London", "Asia/Kolkata")
WITH_MAIL = visit(patient_email="bo@example.org", patient_name="Bo Ray")


def written(one=WITH_MAIL, here=NEW_YORK):
    return visit_file(stationery(here), [one], one.created_at)


def event(file):
    (found,) = Calendar.from_ical(file).walk("VEVENT")
    return found


def test_it_reads_back_as_the_visit():
    found = event(written())

    assert found.decoded("dtstart") == WITH_MAIL.starts_at
    assert found.decoded("dtend") == WITH_MAIL.ends_at
    assert found["uid"] == WITH_MAIL.id
    assert found["sequence"] == WITH_MAIL.sequence
    assert found["organizer"] == "mailto:test@example.org"
    assert found["attendee"] == "mailto:bo@example.org"
    assert found["attendee"].params["PARTSTAT"] == "ACCEPTED"


@pytest.mark.parametrize(
    ("changed", "method", "status"),
    [
        (WITH_MAIL, "REQUEST", "CONFIRMED"),
        (replace(WITH_MAIL, status="pending"), "REQUEST", "TENTATIVE"),
        (replace(WITH_MAIL, status="cancelled"), "CANCEL", "CANCELLED"),
        (visit(), "PUBLISH", "CONFIRMED"),
    ],
)
def test_its_method_says_what_to_do_with_it(changed, method, status):
    file = written(changed)

    assert Calendar.from_ical(file)["method"] == method == method_of([changed])
    assert event(file)["status"] == status
    # RFC 5546: somebody to invite, or nobody at all.
    assert ("attendee" in event(file)) is bool(changed.patient_email)


def test_a_change_is_the_same_event_with_a_higher_sequence():
    later = replace(
        WITH_MAIL, starts_at=WITH_MAIL.starts_at + timedelta(days=1), sequence=2
    )

    assert event(written(later))["uid"] == event(written())["uid"]
    assert event(written(later))["sequence"] > event(written())["sequence"]


def test_its_lines_are_short_and_end_as_they_must():
    """RFC 5545, 3.1: 75 octets and CRLF, also in the middle of a letter."""
    place = Place("main", "Main", address="ಮಲ್ಲೇಶ್ವರಂ ೧೮ನೇ ಅಡ್ಡರಸ್ತೆ, ಬೆಂಗಳೂರು " * 4)
    file = written(here=replace(NEW_YORK, places={"main": place}))

    assert file.endswith(b"END:VCALENDAR\r\n")
    assert b"\n" not in file.replace(b"\r\n", b"")
    assert max(len(line) for line in file.split(b"\r\n")) <= 75
    assert event(file)["location"] == f"Main, {place.address}"


@pytest.mark.parametrize("nasty", ["a\r\nATTENDEE:mailto:x@x", 'a;b,c:"d"\\e'])
def test_a_place_cannot_write_lines_of_its_own(nasty):
    place = Place("main", nasty)
    found = event(written(here=replace(NEW_YORK, places={"main": place})))

    assert str(found["location"]).split() == nasty.split()
    assert found["attendee"] == "mailto:bo@example.org"


def test_nobody_reads_in_it_what_the_visit_is_for():
    text = written(replace(WITH_MAIL, treatment_id="visit_60")).decode()

    assert "Bo" not in text
    assert "visit_60" not in text
    assert "https:" not in text


def test_what_the_files_no_longer_know_is_left_out():
    gone = replace(WITH_MAIL, place_id="gone", room_id="gone")

    assert event(written(gone))["location"] == ""


def onsets(file):
    """Read each change of the clock as RFC 5545 wants it read, in UTC."""
    (block,) = Calendar.from_ical(file).walk("VTIMEZONE")
    return [
        (
            one.decoded("dtstart").replace(tzinfo=UTC) - one.decoded("tzoffsetfrom"),
            one.decoded("tzoffsetto"),
        )
        for one in block.subcomponents
    ]


@pytest.mark.parametrize("name", ZONES)
def test_its_clock_is_the_pinned_one(name):
    """A program that knows no zones gets the same instants from VTIMEZONE alone."""
    here, file = zone(name), written(here=clinic(time_zone=name))

    moment = WITH_MAIL.starts_at - timedelta(days=300)
    while moment < WITH_MAIL.starts_at + timedelta(days=300):
        told = [offset for onset, offset in onsets(file) if onset <= moment][-1]
        assert told == moment.astimezone(here).utcoffset()
        moment += timedelta(hours=7)


def test_changes_of_the_clock_are_found_to_the_minute():
    found = changes(zone("Europe/London"), date(2026, 1, 1), date(2027, 1, 1))

    assert list(found) == [
        datetime(2026, 3, 29, 1, tzinfo=UTC),
        datetime(2026, 10, 25, 1, tzinfo=UTC),
    ]


def test_its_times_name_their_zone():
    text = written().decode()

    assert "DTSTART;TZID=America/New_York:" in text
    assert text.count("BEGIN:VTIMEZONE") == 1
    assert re.search(r"DTSTAMP:\d{8}T\d{6}Z", text)


# --- the practitioner's feed -----------------------------------------------------


def test_the_feed_names_no_patient():
    room = replace(WITH_MAIL, room_id="r1")
    text = feed(NEW_YORK, [room], room.created_at).decode()

    (found,) = Calendar.from_ical(text).walk("VEVENT")
    assert (found["summary"], found["location"]) == ("Visit", "Room 1, Main")
    assert "Bo" not in text
    assert "@" not in text
    assert "METHOD" not in text


def test_the_feed_says_what_is_not_cleared_yet():
    pending = replace(WITH_MAIL, status="pending")

    found = event(feed(NEW_YORK, [pending], pending.created_at))
    assert found["summary"] == "Visit (not cleared yet)"
    assert found["status"] == "TENTATIVE"


def test_an_empty_feed_is_a_calendar():
    found = Calendar.from_ical(feed(NEW_YORK, [], WITH_MAIL.created_at))

    assert found.walk("VEVENT") == []
    assert len(found.walk("VTIMEZONE")) == 1


def test_the_same_feed_is_the_same_to_the_byte():
    one, other = (feed(NEW_YORK, [WITH_MAIL], WITH_MAIL.created_at) for _ in range(2))

    assert one == other
