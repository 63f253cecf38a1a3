"""Visits to clear and wishes to answer: who may, under which name, and why."""

import itertools
import uuid
from datetime import timedelta

import httpx
import pytest

from bot.clinic.booking import AppointmentRequest, Patient
from bot.clinic.screening import Disposition
from bot.clinic.wish import Wish
from bot.clock import utc_now
from bot.desk.booking import Booked, book, reschedule
from bot.desk.emergency import alarm
from bot.desk.openings import offer
from tests.console import scene
from tests.desk.cast import Cast

PENDING = "/staff/pending"
# One person may have only so many visits ahead, and is known by the number.
PHONES = (f"+178055502{number:02d}" for number in itertools.count())


def waiting_visit(place, who, name):
    """Book a visit that a practitioner has to clear; return it."""
    now, clinic = utc_now(), place.shelf.clinic
    chat = scene.chat(place.store, now, ("visitor", "I take blood thinners."))
    wish = Wish(
        treatment_id="first_acupuncture",
        practitioner_id=who,
        earliest=now + timedelta(days=9),
    )
    with place.store.unit() as unit:
        needs_a_look = Cast(place.store, now).screening(
            chat, Disposition.PRACTITIONER_REVIEW
        )
        unit.screenings.add(needs_a_look)
        (opening,) = offer(unit, clinic, wish, now, count=1)
        patient = Patient(name, next(PHONES))
        booked = book(unit, clinic, chat, opening, patient, now)
    assert isinstance(booked, Booked)
    assert booked.appointment.status == "pending"
    return booked.appointment


def wish_for_a_visit(place, name, chat=None):
    now = utc_now()
    chat = chat or scene.chat(place.store, now, ("visitor", "Could I come on Monday?"))
    asked = AppointmentRequest(
        id=str(uuid.uuid4()),
        conversation_id=chat,
        preferred="Monday <after> 4",
        reason="a stiff neck",
        patient_name=name,
        patient_phone="+17805550182",
        patient_email="",
        created_at=now,
    )
    with place.store.unit() as unit:
        unit.bookings.add_request(asked)
        unit.commit()
    return asked


def decide(person, visit, **fields):
    path = f"/staff/conversations/{visit.conversation_id}/decide"
    fields = {"sequence": str(visit.sequence), "back": "pending", **fields}
    return person.post(path, visit=visit.id, **fields)


def as_kept(place, visit):
    with place.store.reading() as unit:
        return unit.bookings.get(visit.id)


def notes(place, chat):
    with place.store.reading() as unit:
        return [one.text for one in unit.notes.of(chat)]


def test_a_visit_is_cleared_in_a_practitioners_name(place, priya):
    visit = waiting_visit(place, "lian_ashdown", "Ona Reeve")
    page = priya.get(PENDING).text

    answer = decide(
        priya, visit, answer="clear", by="lian_ashdown", reason="Dose is low."
    )

    assert f'/staff/conversations/{visit.conversation_id}">Ona Reeve</a>' in page
    assert answer.headers["location"] == PENDING
    assert (as_kept(place, visit).status, as_kept(place, visit).decided_by) == (
        "booked",
        "Lian Ashdown",
    )
    assert notes(place, visit.conversation_id) == [
        "Cleared by Lian Ashdown: Dose is low."
    ]
    assert "Ona Reeve" not in priya.get(PENDING).text


def test_a_declined_visit_needs_a_reason_that_only_colleagues_read(place, priya):
    visit = waiting_visit(place, "lian_ashdown", "Per Lund")

    without = decide(priya, visit, answer="decline", by="lian_ashdown", reason=" ")
    assert as_kept(place, visit).status == "pending"
    decide(priya, visit, answer="decline", by="lian_ashdown", reason="INR first")

    assert without.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "Please write why" in without.text
    assert as_kept(place, visit).status == "cancelled"
    with place.store.reading() as unit:
        said = [one.text for one in unit.conversations.after(visit.conversation_id, 0)]
    assert not any("INR" in text for text in said)
    assert notes(place, visit.conversation_id) == [
        "Declined by Lian Ashdown: INR first"
    ]


@pytest.mark.parametrize(
    "fields",
    [
        {"answer": "clear"},
        {"answer": "clear", "by": "nobody"},
        {"answer": "clear", "by": "lian_ashdown", "reason": "x" * 2001},
        {"answer": "maybe", "by": "lian_ashdown"},
        {"by": "lian_ashdown"},
    ],
)
def test_a_decision_with_something_missing_decides_nothing(place, priya, fields):
    visit = waiting_visit(place, "tomasz_wren", "Quinn Vale")

    assert decide(priya, visit, **fields).status_code == 422
    assert as_kept(place, visit) == visit
    assert notes(place, visit.conversation_id) == []


def test_the_second_of_two_decisions_is_told_so(place, priya, sam):
    visit = waiting_visit(place, "lian_ashdown", "Rosa Tamm")
    decide(sam, visit, answer="clear", by="lian_ashdown")

    late = decide(
        priya, visit, answer="decline", by="lian_ashdown", reason="not so sure"
    )

    assert late.status_code == httpx.codes.CONFLICT
    assert "Somebody has changed that visit meanwhile." in late.text
    assert as_kept(place, visit).status == "booked"
    assert notes(place, visit.conversation_id) == []


def test_a_practitioner_decides_on_her_own_visits_alone(place, maren):
    own = waiting_visit(place, "maren_odell", "Sia Novak")
    other = waiting_visit(place, "lian_ashdown", "Tom Urban")
    wish = wish_for_a_visit(place, "Una Weir")

    page = maren.get(PENDING).text
    stranger = decide(maren, other, answer="clear")
    mine = decide(maren, own, answer="clear", by="lian_ashdown")

    assert "Sia Novak" in page
    assert "Tom Urban" not in page
    assert wish.patient_name not in page
    assert stranger.status_code == httpx.codes.NOT_FOUND
    assert mine.status_code == httpx.codes.SEE_OTHER
    assert as_kept(place, own).decided_by == scene.PRACTITIONER
    assert as_kept(place, other).status == "pending"


def test_a_shared_patients_visit_with_a_colleague_stays_the_colleagues(place, maren):
    """Both treat the same person; neither moves what stands in the other's diary."""
    visit = waiting_visit(place, "lian_ashdown", "Vera Xu")
    chat, now = visit.conversation_id, utc_now()
    wish = Wish(treatment_id="first_acupuncture", practitioner_id="maren_odell")
    with place.store.unit() as unit:
        clinic = place.shelf.clinic
        (opening,) = offer(unit, clinic, wish, now, count=1)
        book(unit, clinic, chat, opening, Patient("Vera Xu", "+17805550184"), now)
    path = f"/staff/conversations/{chat}"

    assert maren.get(path).status_code == httpx.codes.OK
    answers = [
        decide(maren, visit, answer="clear"),
        maren.post(f"{path}/cancel", visit=visit.id),
        maren.post(f"{path}/move", visit=visit.id, opening=opening.id),
        maren.post(
            f"{path}/hold", opening=opening.id.replace("maren_odell", "lian_ashdown")
        ),
    ]
    assert [one.status_code for one in answers] == [403] * 4
    assert as_kept(place, visit) == visit


def test_a_wish_becomes_a_visit_and_leaves_the_list(place, priya):
    asked = wish_for_a_visit(place, "Wim Yates")
    base = f"/staff/conversations/{asked.conversation_id}"
    page = priya.get(PENDING).text
    form = priya.get(f"{base}/openings?request={asked.id}").text
    opening = form.split('name="opening" value="', 1)[1].split('"', 1)[0]
    person = {"name": "Wim Yates", "phone": "+17805550182"}

    done = priya.post(f"{base}/book", opening=opening, request_id=asked.id, **person)
    again = priya.post(f"{base}/book", opening=opening, request_id=asked.id, **person)

    assert "Monday &lt;after&gt; 4" in page
    assert f"{base}/openings?request={asked.id}" in page
    assert f'name="request_id" value="{asked.id}"' in form
    assert 'value="Wim Yates"' in form
    assert done.status_code == httpx.codes.SEE_OTHER
    assert again.status_code == httpx.codes.CONFLICT
    with place.store.reading() as unit:
        assert unit.bookings.request(asked.id).state == "done"
        assert len(unit.bookings.of_conversation(asked.conversation_id)) == 1
    assert "Wim Yates" not in priya.get(PENDING).text


def test_a_wish_is_answered_by_moving_a_visit(place, priya):
    visit = waiting_visit(place, "maren_odell", "Wyn Abel")
    asked = wish_for_a_visit(place, "Wyn Abel", visit.conversation_id)
    base = f"/staff/conversations/{asked.conversation_id}"
    page = priya.get(base).text
    address = next(
        one.split('"', 1)[0].replace("&amp;", "&")
        for one in page.split('href="')
        if one.startswith(f"{base}/openings?move={visit.id}") and asked.id in one
    )
    form = priya.get(address).text
    opening = form.split('name="opening" value="', 1)[1].split('"', 1)[0]

    priya.post(
        f"{base}/move",
        visit=visit.id,
        sequence="0",
        opening=opening,
        request_id=asked.id,
    )

    assert 'name="sequence" value="0"' in form
    assert f'name="request_id" value="{asked.id}"' in form
    with place.store.reading() as unit:
        assert unit.bookings.request(asked.id).state == "done"
        assert unit.bookings.get(visit.id).starts_at != visit.starts_at


def test_a_wish_of_another_conversation_is_not_answered_here(place, priya):
    asked, other = wish_for_a_visit(place, "Xenia"), wish_for_a_visit(place, "Yann")
    base = f"/staff/conversations/{other.conversation_id}"

    form = priya.get(f"{base}/openings?request={asked.id}")
    declined = priya.post(f"{base}/decline-request", request_id=asked.id)

    assert form.status_code == httpx.codes.NOT_FOUND
    assert declined.status_code == httpx.codes.CONFLICT
    with place.store.reading() as unit:
        assert unit.bookings.request(asked.id).state == "new"


def test_a_declined_wish_tells_the_visitor_how_to_go_on(place, priya):
    asked = wish_for_a_visit(place, "Zoe Abel")

    answer = priya.post(
        f"/staff/conversations/{asked.conversation_id}/decline-request",
        request_id=asked.id,
        reason="away until May",
        back="pending",
    )

    assert answer.headers["location"] == PENDING
    with place.store.reading() as unit:
        last = unit.conversations.after(asked.conversation_id, 0)[-1].text
    assert "could not find a time" in last
    assert notes(place, asked.conversation_id) == ["Request declined: away until May"]


def alarm_in(place, chat, kind="EMERGENCY"):
    with place.store.unit() as unit:
        alarm(unit, chat, kind, "chest_pain", utc_now())
        unit.commit()


def test_a_visit_is_not_cleared_through_a_lock_that_nobody_has_seen(place, priya):
    visit = waiting_visit(place, "lian_ashdown", "Abe Holm")
    alarm_in(place, visit.conversation_id)

    late = decide(priya, visit, answer="clear", by="lian_ashdown", reason="Fine.")
    page = priya.get(PENDING).text.split("Abe Holm", 1)[1]
    seen = page.split('name="locks" value="', 1)[1].split('"', 1)[0]
    bare = decide(priya, visit, answer="clear", by="lian_ashdown", locks=seen)
    cleared = decide(
        priya, visit, answer="clear", by="lian_ashdown", locks=seen, reason="Seen."
    )

    assert late.status_code == httpx.codes.CONFLICT
    assert "has locked booking since you opened the page" in late.text
    assert "Booking is locked" in page
    assert bare.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert cleared.headers["location"] == PENDING
    assert as_kept(place, visit).status == "booked"
    assert notes(place, visit.conversation_id) == ["Cleared by Lian Ashdown: Seen."]


def test_a_visit_that_was_moved_meanwhile_is_decided_by_no_old_page(place, priya):
    visit = waiting_visit(place, "lian_ashdown", "Bea Iqbal")
    now, clinic = utc_now(), place.shelf.clinic
    with place.store.unit() as unit:
        wish = Wish(treatment_id=visit.treatment_id, earliest=now + timedelta(days=12))
        (there,) = offer(unit, clinic, wish, now, count=1)
        moved = reschedule(unit, clinic, visit.conversation_id, visit.id, there, now)
    assert isinstance(moved, Booked)
    path = f"/staff/conversations/{visit.conversation_id}"

    answers = [
        decide(priya, visit, answer="clear", by="lian_ashdown"),
        decide(priya, visit, answer="decline", by="lian_ashdown", reason="no"),
        priya.post(f"{path}/cancel", visit=visit.id, sequence="0"),
        priya.post(f"{path}/move", visit=visit.id, sequence="0", opening=there.id),
    ]

    assert [one.status_code for one in answers] == [httpx.codes.CONFLICT] * 4
    assert all("has changed that visit meanwhile" in one.text for one in answers)
    assert as_kept(place, visit) == moved.appointment


def test_a_crisis_is_held_back_from_the_front_desk_here_too(place, sam, priya):
    visit = waiting_visit(place, "lian_ashdown", "Cal Juul")
    alarm_in(place, visit.conversation_id, "CRISIS")
    heard = place.shelf.red_flags.reasons["chest_pain"]

    def case(person):
        return person.get(PENDING).text.split("Cal Juul", 1)[1].split("</li>", 1)[0]

    assert heard in case(priya)
    assert heard not in case(sam)
    assert "for named staff only" in case(sam)
    with place.store.reading() as unit:
        looks = [
            (entry.name, entry.about)
            for _, entry in unit.audit.newest(50, conversation_id=visit.conversation_id)
        ]
    assert ("Priya", "to decide, crisis answers") in looks
    assert ("Sam", "to decide, crisis answers held back") in looks
