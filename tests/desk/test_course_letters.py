"""A course is confirmed once, and reminded of and asked about visit by visit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from icalendar import Calendar

from bot.clinic.booking import Appointment, Patient
from bot.clinic.letters import Hopeless
from bot.clinic.profile import Policy
from bot.clinic.screening import Disposition
from bot.clinic.wish import Course
from bot.desk import booking, letters
from bot.desk.by_hand import clear, decline
from bot.desk.course_plans import plan_course
from bot.desk.courses import SeriesBooked, book_series
from bot.desk.progress import pain_over_visits
from bot.ics import visit_file
from bot.store.unit import Store
from tests.clinic.making import clinic, practitioner, treatment
from tests.desk.cast import ANN, BO, Cast
from tests.desk.test_post import Scene
from tests.letters import FakeLinks, stationery

LINKS = FakeLinks()
COURSE = Course(count=3)


@pytest.fixture
def scene(store: Store, now: datetime) -> Scene:
    found = Scene(store, Cast(store, now))
    found.here = clinic(
        practitioner("ada"),
        treatments=(treatment(60),),
        policy=Policy(notice_hours=2, horizon_days=60, cancel_hours=24),
    )
    return found


def book(
    scene: Scene,
    disposition: Disposition = Disposition.OK_TO_BOOK,
    patient: Patient = BO,
) -> tuple[Appointment, ...]:
    visitor, first = scene.cast.visitor(disposition), scene.cast.offers(scene.here)[0]
    with scene.store.unit() as unit:
        series = plan_course(unit, scene.here, first, COURSE, scene.now)
        assert series is not None
        done = book_series(
            unit, scene.here, visitor, series.openings, patient, scene.now, COURSE
        )
    assert isinstance(done, SeriesBooked)
    return done.appointments


def waiting(scene: Scene, visit: Appointment) -> list[tuple[str, str | None]]:
    with scene.store.reading() as unit:
        found = unit.letters.of_conversation(visit.conversation_id)
    return [(one.kind, one.appointment_id) for one in found if one.state == "waiting"]


def kinds(scene: Scene, visit: Appointment) -> list[str]:
    """Return what still waits about one visit, by name."""
    return sorted(kind for kind, about in waiting(scene, visit) if about == visit.id)


def uids(files: Iterable[bytes]) -> set[str]:
    return {
        str(event["uid"])
        for file in files
        for event in Calendar.from_ical(file).walk("VEVENT")
    }


def test_one_mail_confirms_the_whole_course(scene: Scene) -> None:
    visits = book(scene)
    scene.send()

    (mail,) = scene.post.mails
    assert mail.subject.startswith("Your 3 visits, the first on Thursday")
    for day in ("November 19", "November 26", "December 3"):
        assert f"When: Thursday, {day} at 9 am" in mail.text
    assert all(LINKS.visit(one.id) in mail.text for one in visits)
    assert mail.visits == visits
    assert "{" not in mail.text


def test_its_calendar_file_holds_every_visit_under_its_own_name(scene: Scene) -> None:
    visits = book(scene)
    paper = stationery(scene.here)

    together = visit_file(paper, visits, scene.now)
    alone = [visit_file(paper, [one], scene.now) for one in visits]

    assert Calendar.from_ical(together)["method"] == "PUBLISH"
    assert b"ATTENDEE" not in together
    assert uids([together]) == uids(alone) == {one.id for one in visits}


def test_every_visit_has_reminders_and_a_question_afterwards(scene: Scene) -> None:
    first, second, third = book(scene)

    assert kinds(scene, first) == ["course", "follow_up", "last_reminder"]
    assert kinds(scene, second) == ["follow_up", "last_reminder", "reminder"]
    assert kinds(scene, third) == ["follow_up", "last_reminder", "reminder"]


def test_a_single_visit_is_followed_by_no_question(scene: Scene) -> None:
    visit = scene.cast.booked(scene.here)

    assert "follow_up" not in kinds(scene, visit)


def test_cancelling_the_first_visit_keeps_the_mail_about_the_others(
    scene: Scene,
) -> None:
    first, *others = book(scene)
    with scene.store.unit() as unit:
        booking.cancel(unit, scene.here, first.conversation_id, first.id, scene.now)
    scene.send()

    mails = {mail.kind: mail for mail in scene.post.mails}
    assert mails["cancellation"].visits[0].id == first.id
    assert mails["course"].visits == tuple(others)
    assert kinds(scene, first) == []


def test_an_address_that_does_not_work_puts_the_course_into_the_chat(
    scene: Scene,
) -> None:
    visits = book(scene)
    scene.post.outcomes = [Hopeless("smtp 550")]
    scene.send()
    scene.send()

    said = scene.chat(visits[0])[-1]
    assert said.text.endswith("Your 3 visits are booked.")
    card = said.extras["card"]
    assert [label for label, _ in card["rows"]][:3] == ["Visit 1", "Visit 2", "Visit 3"]
    assert card["calendar_url"] == LINKS.course(str(visits[0].course_id))


def test_after_a_visit_somebody_is_asked_how_it_goes_by_day(scene: Scene) -> None:
    first = book(scene, patient=ANN)[0]

    scene.at(first.ends_at + timedelta(hours=1))
    before = scene.chat(first)
    scene.at(first.ends_at + timedelta(hours=2))
    (asked,) = [one for one in scene.chat(first) if "visit 1 of 3" in one.text]

    assert not [one for one in before if "visit 1 of 3" in one.text]
    assert asked.extras["buttons"][0]["label"] == "Answer now"


def test_nobody_is_asked_about_a_visit_that_is_long_past(scene: Scene) -> None:
    first = book(scene, patient=ANN)[0]

    scene.at(first.ends_at + timedelta(days=6, hours=1))

    assert not [one for one in scene.chat(first) if "visit 1 of 3" in one.text]


def test_who_wants_no_reminders_is_not_asked_either(scene: Scene) -> None:
    first = book(scene, patient=ANN)[0]
    with scene.store.unit() as unit:
        letters.stop_reminders(unit, first.conversation_id, scene.now)

    scene.at(first.ends_at + timedelta(hours=2))

    assert not [one for one in scene.chat(first) if "visit 1 of 3" in one.text]


def test_one_look_clears_the_whole_course(scene: Scene) -> None:
    visits = book(scene, Disposition.PRACTITIONER_REVIEW)
    scene.send()

    with scene.store.unit() as unit:
        clear(unit, scene.here, LINKS, visits[1].id, "Mara", scene.now)
    scene.send()

    with scene.store.reading() as unit:
        states = {
            one.status for one in unit.bookings.of_course(str(visits[0].course_id))
        }
    assert states == {"booked"}
    assert [mail.kind for mail in scene.post.mails] == [
        "alert",
        "course_held",
        "course",
    ]
    assert "your 3 visits are booked" in scene.chat(visits[0])[-1].text
    assert "reminder" in kinds(scene, visits[2])


def test_one_no_gives_all_the_times_back(scene: Scene) -> None:
    visits = book(scene, Disposition.PRACTITIONER_REVIEW)

    with scene.store.unit() as unit:
        decline(unit, scene.here, visits[0].id, "Mara", scene.now)

    assert scene.cast.cells() == 0
    assert "The 3 times are no longer held" in scene.chat(visits[0])[-1].text


def test_one_mail_calls_the_whole_course_off(scene: Scene) -> None:
    visits = book(scene, Disposition.PRACTITIONER_REVIEW)
    with scene.store.unit() as unit:
        first = visits[0]
        booking.cancel(unit, scene.here, first.conversation_id, first.id, scene.now)
    scene.send()

    scene.now += timedelta(minutes=1)
    with scene.store.unit() as unit:
        decline(unit, scene.here, visits[1].id, "Mara", scene.now)
    scene.send()

    mail = scene.post.mails[-1]
    file = visit_file(stationery(scene.here), mail.visits, scene.now)
    assert [one.kind for one in scene.post.mails].count("course_off") == 1
    assert {one.id for one in mail.visits} == {one.id for one in visits[1:]}
    assert mail.text.count("When: ") == 2
    assert "http" not in mail.text
    assert uids([file]) == {one.id for one in visits[1:]}
    assert file.count(b"STATUS:CANCELLED") == 2
    assert [kinds(scene, one) for one in visits] == [[], [], []]


def test_a_course_whose_mail_came_back_is_called_off_in_the_chat(scene: Scene) -> None:
    visits = book(scene, Disposition.PRACTITIONER_REVIEW)
    scene.send()
    with scene.store.unit() as unit:
        decline(unit, scene.here, visits[0].id, "Mara", scene.now)
    scene.post.outcomes = [Hopeless("smtp 550")]

    scene.send()
    scene.send()

    said = scene.chat(visits[0])[-1]
    assert "These visits are cancelled" in said.text
    assert "buttons" not in said.extras
    assert "calendar_url" not in said.extras["card"]


def test_pain_is_counted_by_the_visits_of_the_course(scene: Scene) -> None:
    visits = book(scene)
    told = [(visits[0].starts_at - timedelta(hours=3), 7)]
    told += [
        (one.ends_at + timedelta(hours=3), pain)
        for one, pain in zip(visits[:2], (5, 4), strict=True)
    ]
    with scene.store.unit() as unit:
        for at, pain in told:
            one = scene.cast.screening(
                visits[0].conversation_id, Disposition.OK_TO_BOOK
            )
            unit.screenings.add(
                replace(one, answers={"nrs": pain}, ended_at=at, started_at=at)
            )
        unit.commit()

    with scene.store.reading() as unit:
        later = visits[1].ends_at + timedelta(days=1)
        found = pain_over_visits(unit, visits[0].conversation_id, later)

    assert [(one.visit, one.of, one.pain) for one in found] == [
        (0, None, 7),
        (1, 3, 5),
        (2, 3, 4),
    ]
