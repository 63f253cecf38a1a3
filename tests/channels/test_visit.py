"""A visit's own page does what the chat does for whoever holds the link, or nothing."""

from __future__ import annotations

import re
import time
import uuid
from dataclasses import dataclass, replace
from datetime import timedelta

import httpx
import pytest
from icalendar import Calendar

from bot.clinic.booking import Appointment, Patient
from bot.clinic.screening import Disposition
from bot.clinic.wish import Wish
from bot.clock import utc_now
from bot.desk import booking
from bot.desk.openings import offer
from bot.house import Shelf, load_shelf
from bot.settings import load
from bot.store.unit import Store
from bot.tokens import Tokens
from tests.desk.cast import Cast

NAME = "Bo <Ray> & Co"


@dataclass
class Scene:
    """A running desk, and visits in its diary."""

    url: str
    store: Store
    shelf: Shelf
    secret: str

    def booked(self, disposition=Disposition.OK_TO_BOOK, days=7):
        """Let a new visitor book a first visit; return it."""
        now = utc_now()
        cast = Cast(self.store, now)
        visitor = cast.visitor(None)
        screening = cast.screening(visitor, disposition)
        with self.store.unit() as unit:
            unit.screenings.add(screening)
            unit.commit()
        clinic = self.shelf.clinic
        wish = Wish(earliest=now + timedelta(days=days), practitioner_id=None)
        patient = Patient(NAME, f"+1780555{uuid.uuid4().int % 10000:04}", "bo@x.org")
        with self.store.unit() as unit:
            opening = offer(unit, clinic, wish, now)[0]
            done = booking.book(unit, clinic, visitor, opening, patient, now)
        assert isinstance(done, booking.Booked), done
        return done.appointment

    def link(self, visit: Appointment | str, purpose="visit", days=365):
        opened = visit if isinstance(visit, str) else visit.id
        return f"/visits/{Tokens(self.secret, days, purpose).issue(opened)}"

    def get(self, path, **query):
        return httpx.get(f"{self.url}{path}", params=query or None, timeout=30)

    def post(self, path, **fields):
        return httpx.post(f"{self.url}{path}", data=fields, timeout=30)

    def now(self, visit) -> Appointment:
        with self.store.reading() as unit:
            found = unit.bookings.get(visit.id)
        assert found is not None
        return found

    def letters(self, visit):
        with self.store.reading() as unit:
            found = unit.letters.of_conversation(visit.conversation_id)
        return {(one.kind, one.way) for one in found if one.state != "withdrawn"}

    def free_times(self, link):
        """Return the openings that the page offers a week after today."""
        later = (utc_now() + timedelta(days=9)).date().isoformat()
        page = self.get(f"{link}/move", **{"from": later, "with": "anybody"})
        return re.findall(r'name="opening" value="([^"]+)"', page.text)


@pytest.fixture(scope="module")
def shelf():
    return load_shelf(load())


@pytest.fixture
def scene(desk, shelf):
    store = desk.live.store()
    secret = (desk.live.data_dir / "secret").read_text()
    yield Scene(desk.url, store, shelf, secret)
    store.close()


def test_the_page_shows_the_visit_and_what_can_be_done(scene):
    visit = scene.booked()

    page = scene.get(scene.link(visit))

    assert page.status_code == 200
    assert "Bo &lt;Ray&gt; &amp; Co" in page.text
    for word in ("Add to your calendar", "Another time", "Cancel it"):
        assert word in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    assert "frame-ancestors 'none'" in page.headers["content-security-policy"]


def test_the_calendar_file_is_behind_the_link(scene):
    visit = scene.booked()

    file = scene.get(f"{scene.link(visit)}/visit.ics")

    assert file.headers["content-type"].startswith("text/calendar")
    (event,) = Calendar.from_ical(file.content).walk("VEVENT")
    # By the wall clock: this reader looks the zone up in the system's own database.
    told = event.decoded("dtstart").replace(tzinfo=None)
    local = visit.starts_at.astimezone(scene.shelf.clinic.zone)
    assert (event["uid"], told) == (visit.id, local.replace(tzinfo=None))


def test_looking_at_every_page_changes_nothing(scene):
    """Mail programs open each link before their reader does."""
    visit = scene.booked()
    before = scene.letters(visit)
    for page in ("", "/move", "/cancel", "/reminders", "/visit.ics"):
        answer = scene.get(f"{scene.link(visit)}{page}", sequence="0", reminders="off")
        assert answer.status_code == 200

    assert scene.now(visit) == visit
    assert scene.letters(visit) == before
    with scene.store.reading() as unit:
        assert not unit.letters.silenced([visit.conversation_id, "bo@x.org"])


def test_cancelling_frees_the_time_and_tells_everybody(scene):
    visit = scene.booked()
    link = scene.link(visit)

    answer = scene.post(f"{link}/cancel", sequence="0")

    assert (answer.status_code, answer.headers["location"]) == (
        303,
        f"{link}?told=cancelled",
    )
    assert scene.now(visit).status == "cancelled"
    assert "This visit is cancelled" in scene.get(f"{link}?told=cancelled").text
    assert {("cancellation", "mail"), ("cancellation", "chat")} <= scene.letters(visit)
    file = scene.get(f"{link}/visit.ics")
    assert Calendar.from_ical(file.content)["method"] == "CANCEL"


def test_the_chat_reads_what_was_done_on_the_page(scene):
    visit = scene.booked()
    scene.post(f"{scene.link(visit)}/cancel", sequence="0")

    end = time.monotonic() + 30
    while time.monotonic() < end:
        with scene.store.reading() as unit:
            said = unit.conversations.after(visit.conversation_id, 0)
        if said:
            break
        time.sleep(0.2)

    assert [one.extras["card"]["title"] for one in said] == ["Cancelled"]


def test_moving_takes_the_new_time_and_frees_the_old(scene):
    visit = scene.booked()
    link = scene.link(visit)
    wanted = scene.free_times(link)[-1]

    answer = scene.post(f"{link}/move", sequence="0", opening=wanted)

    assert answer.headers["location"] == f"{link}?told=moved"
    moved = scene.now(visit)
    assert (moved.status, moved.sequence) == ("booked", 1)
    assert moved.starts_at != visit.starts_at
    assert {("change", "mail"), ("change", "chat")} <= scene.letters(visit)
    # The form of before no longer does anything.
    again = scene.post(f"{link}/cancel", sequence="0")
    assert again.headers["location"] == f"{link}?told=changed"
    assert scene.now(visit) == moved


def test_a_time_that_was_taken_leaves_the_old_one(scene):
    visit, other = scene.booked(), scene.booked()
    link = scene.link(visit)
    (wanted, *_) = scene.free_times(link)
    scene.post(f"{scene.link(other)}/move", sequence="0", opening=wanted)

    answer = scene.post(f"{link}/move", sequence="0", opening=wanted)

    assert answer.status_code == 409
    assert "Your old time still stands" in answer.text
    assert scene.now(visit) == visit


@pytest.mark.parametrize(
    "opening", ["", "x", "a.b.c.d", "mara.first_visit.main.999999999", "ä" * 300]
)
def test_nonsense_in_a_form_moves_nothing(scene, opening):
    visit = scene.booked()

    answer = scene.post(f"{scene.link(visit)}/move", sequence="0", opening=opening)

    assert answer.status_code in (409, 422)
    assert scene.now(visit) == visit


@pytest.mark.parametrize("first", ["2020-01-01", "9999-12-31", "x", "2026-02-31"])
def test_any_week_asked_for_is_a_page(scene, first):
    link = scene.link(scene.booked())

    assert scene.get(f"{link}/move", **{"from": first}).status_code == 200


def test_an_expired_screening_moves_nothing_but_cancels(scene):
    visit = scene.booked()
    link = scene.link(visit)
    wanted = scene.free_times(link)[0]
    with scene.store.unit() as unit:
        (screening,) = unit.screenings.of(visit.conversation_id)
        unit.screenings.replace(replace(screening, expires_at=utc_now()))
        unit.commit()

    page = scene.get(f"{link}/move")
    answer = scene.post(f"{link}/move", sequence="0", opening=wanted)

    assert "safety questions" in page.text
    assert (answer.status_code, "safety questions" in answer.text) == (409, True)
    assert scene.now(visit) == visit
    assert (
        "told=cancelled"
        in (scene.post(f"{link}/cancel", sequence="0").headers["location"])
    )


def test_a_locked_visitor_moves_nothing_and_reads_no_reason(scene):
    visit = scene.booked()
    link = scene.link(visit)
    wanted = scene.free_times(link)[0]
    cast = Cast(scene.store, utc_now() + timedelta(minutes=1))
    with scene.store.unit() as unit:
        unit.screenings.add(
            cast.screening(visit.conversation_id, Disposition.EMERGENCY)
        )
        unit.commit()

    answer = scene.post(f"{link}/move", sequence="0", opening=wanted)

    assert answer.status_code == 409
    assert "call us" in answer.text
    assert "EMERGENCY" not in answer.text
    assert scene.now(visit) == visit


def test_a_visit_to_be_reviewed_stays_so_and_staff_are_told(scene):
    visit = scene.booked(Disposition.PRACTITIONER_REVIEW)
    with scene.store.unit() as unit:
        handoff = unit.handoffs.open_of(visit.conversation_id)
    assert handoff is not None
    assert handoff.reason == "review"
    link = scene.link(visit)
    assert "A time we hold for you" in scene.get(link).text

    scene.post(f"{link}/move", sequence="0", opening=scene.free_times(link)[0])

    assert scene.now(visit).status == "pending"
    assert ("held", "chat") in scene.letters(visit)


def soon(scene):
    """Let a booked visit be five hours away by now."""
    visit = scene.booked()
    starts_at = utc_now() + timedelta(hours=5)
    near = replace(
        visit,
        starts_at=starts_at,
        ends_at=starts_at + (visit.ends_at - visit.starts_at),
    )
    with scene.store.unit() as unit:
        unit.bookings.replace(near)
        unit.commit()
    return near


@pytest.mark.parametrize("deed", ["move", "cancel"])
def test_the_terms_of_a_late_change_are_told(scene, deed):
    early = scene.get(f"{scene.link(scene.booked())}/{deed}")
    late = scene.get(f"{scene.link(soon(scene))}/{deed}")

    assert "a fee of $40" not in early.text
    assert "a fee of $40" in late.text
    assert 'name="late" value="True"' in late.text


@pytest.mark.parametrize("deed", ["move", "cancel"])
def test_a_form_from_before_it_was_late_changes_nothing(scene, deed):
    visit = soon(scene)
    link = scene.link(visit)
    fields = {"sequence": "0", "opening": scene.free_times(link)[0]}

    before = scene.post(f"{link}/{deed}", late="False", **fields)
    kept = scene.now(visit)
    scene.post(f"{link}/{deed}", late="True", **fields)

    assert before.status_code == httpx.codes.CONFLICT
    assert "a fee of $40" in before.text
    assert kept == visit
    assert scene.now(visit) != visit


def tampered(link):
    return link[:-3] + ("aaa" if link[-3:] != "aaa" else "bbb")


@pytest.mark.parametrize("page", ["", "/move", "/cancel", "/reminders", "/visit.ics"])
def test_a_link_that_is_none_helps_on_and_writes_nothing(scene, page):
    visit = scene.booked()
    link = scene.link(visit)
    for bad in (
        tampered(link),
        scene.link(visit, purpose="conversation"),
        scene.link(str(uuid.uuid4())),
        scene.link("'; DROP TABLE appointments; --"),
        "/visits/" + "x" * 4000,
        "/visits/%00",
        "/visits/ä",
    ):
        answers = [scene.get(f"{bad}{page}")]
        if page in ("/move", "/cancel", "/reminders"):
            answers.append(scene.post(f"{bad}{page}", sequence="0", reminders="off"))
        for answer in answers:
            assert answer.status_code == 404
            assert "This link does not work" in answer.text
            assert "+1 780 555 0142" in answer.text

    assert scene.now(visit) == visit


def test_a_link_opens_its_own_visit_only(scene):
    mine, other = scene.booked(), scene.booked()

    scene.post(f"{scene.link(mine)}/cancel", sequence="0", visit=other.id)

    assert scene.now(mine).status == "cancelled"
    assert scene.now(other) == other


def test_reminders_end_by_one_click_of_a_mail_program(scene):
    visit = scene.booked()
    link = f"{scene.link(visit)}/reminders"

    answer = scene.post(link, **{"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 303
    with scene.store.reading() as unit:
        assert unit.letters.silenced([visit.conversation_id])
    assert "Remind me again" in scene.get(link).text
    scene.post(link, reminders="on")
    with scene.store.reading() as unit:
        assert not unit.letters.silenced([visit.conversation_id, "bo@x.org"])


def test_a_visit_that_is_over_can_only_be_looked_at(scene):
    visit = scene.booked()
    ago = utc_now() - timedelta(hours=2)
    past = replace(visit, starts_at=ago, ends_at=ago + timedelta(hours=1))
    with scene.store.unit() as unit:
        unit.bookings.replace(past)
        unit.commit()
    link = scene.link(visit)

    assert "is over" in scene.get(link).text
    assert "Cancel it" not in scene.get(link).text
    assert scene.get(f"{link}/cancel").status_code == 303
    assert (
        "told=changed"
        in (scene.post(f"{link}/cancel", sequence="0").headers["location"])
    )
    assert scene.now(visit).status == "booked"
