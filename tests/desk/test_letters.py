"""What is told about a visit is written with the deed, and taken back with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from bot.clinic.booking import Patient
from bot.clinic.conversation import Conversation, Said
from bot.clinic.errors import NotAllowed, NotFound
from bot.clinic.letters import ALERT_WAYS
from bot.clinic.profile import Policy
from bot.clinic.screening import Disposition
from bot.clinic.wish import Wish
from bot.desk import booking, by_hand, letters
from bot.desk.handoff import open_handoff
from bot.store.tables import letters as rows
from bot.transcripts import whole
from tests.clinic.making import clinic
from tests.desk.cast import BO, Cast
from tests.letters import FakeLinks

LINKS = FakeLinks()

POLICY = Policy(notice_hours=2, horizon_days=60, cancel_hours=24, max_upcoming=2)


@pytest.fixture
def here():
    return clinic(policy=POLICY)


@pytest.fixture
def cast(store, now):
    return Cast(store, now)


def later(cast, here, days=7):
    """Find an opening some days ahead."""
    return cast.offers(here, Wish(earliest=cast.now + timedelta(days=days)))[0]


def written(store, conversation_id, state="waiting"):
    with store.reading() as unit:
        found = unit.letters.of_conversation(conversation_id)
    of_visits = [one for one in found if one.kind != "alert"]
    return [(one.kind, one.way) for one in of_visits if one.state == state]


def test_booking_writes_the_confirmation_and_its_reminders(cast, here, store):
    visit = cast.booked(here, opening=later(cast, here))

    assert written(store, visit.conversation_id) == [
        ("confirmation", "mail"),
        ("reminder", "mail"),
        ("last_reminder", "mail"),
    ]


def test_who_gave_no_address_is_reminded_in_the_chat(cast, here, store):
    nobody = Patient("Ann Li", "+17805550143")
    visit = cast.booked(here, opening=later(cast, here), patient=nobody)

    assert written(store, visit.conversation_id) == [
        ("reminder", "chat"),
        ("last_reminder", "chat"),
    ]


def test_telegram_is_reminded_there_also_with_an_address(cast, here, store, now):
    chat = "c0000000-0000-4000-8000-00000000000a"
    with store.unit() as unit:
        unit.conversations.add(Conversation(chat, "telegram", "test", now, 0, 0))
        unit.screenings.add(cast.screening(chat, Disposition.OK_TO_BOOK))
        unit.commit()
    cast.book(here, chat, later(cast, here))

    assert written(store, chat) == [
        ("confirmation", "mail"),
        ("reminder", "chat"),
        ("last_reminder", "chat"),
    ]


def test_a_visit_to_be_cleared_is_not_reminded_of(cast, here, store, now):
    opening = later(cast, here)
    visit = cast.booked(here, Disposition.PRACTITIONER_REVIEW, opening)
    assert written(store, visit.conversation_id) == [("held", "mail")]

    with store.unit() as unit:
        by_hand.clear(unit, here, LINKS, visit.id, "Mara", now)

    assert written(store, visit.conversation_id) == [
        ("confirmation", "mail"),
        ("reminder", "mail"),
        ("last_reminder", "mail"),
    ]


def test_a_declined_visit_takes_its_letters_back(cast, here, store, now):
    visit = cast.booked(here, Disposition.PRACTITIONER_REVIEW, later(cast, here))

    with store.unit() as unit:
        by_hand.decline(unit, here, visit.id, "Mara", now)

    assert written(store, visit.conversation_id) == [("cancellation", "mail")]


def test_moving_takes_the_old_reminders_back(cast, here, store, now):
    visit, wanted = (
        cast.booked(here, opening=later(cast, here)),
        later(cast, here, 14),
    )
    with store.unit() as unit:
        booking.reschedule(unit, here, visit.conversation_id, visit.id, wanted, now)

    with store.reading() as unit:
        found = unit.letters.of_conversation(visit.conversation_id)
    waiting = [one for one in found if one.state == "waiting"]
    assert [one.kind for one in waiting] == ["change", "reminder", "last_reminder"]
    assert {one.sequence for one in waiting} == {1}
    assert min(one.due_at for one in waiting if one.kind != "change") > (
        now + timedelta(days=10)
    )
    assert len(found) == 6


def test_cancelling_leaves_only_the_cancellation(cast, here, store, now):
    visit = cast.booked(here, opening=later(cast, here))
    with store.unit() as unit:
        booking.cancel(unit, here, visit.conversation_id, visit.id, now)

    assert written(store, visit.conversation_id) == [("cancellation", "mail")]


def test_what_is_done_elsewhere_is_told_in_the_chat_too(cast, here, store, now):
    visit = cast.booked(here, opening=later(cast, here))
    with store.unit() as unit:
        booking.cancel(
            unit, here, visit.conversation_id, visit.id, now, outside_chat=True
        )

    assert sorted(written(store, visit.conversation_id)) == [
        ("cancellation", "chat"),
        ("cancellation", "mail"),
    ]


def test_a_refused_deed_writes_nothing(cast, here, store, now):
    visit = cast.booked(here, opening=later(cast, here))
    before, stranger = written(store, visit.conversation_id), cast.visitor()
    past = replace(later(cast, here), starts_at=now)

    with store.unit() as unit:
        booking.cancel(unit, here, stranger, visit.id, now)
        booking.reschedule(unit, here, visit.conversation_id, visit.id, past, now)

    assert written(store, visit.conversation_id) == before


def test_a_lost_race_writes_nothing(cast, here, store):
    opening = later(cast, here)
    cast.booked(here, opening=opening)
    loser = cast.visitor()

    cast.book(here, loser, opening, Patient("Ann Li", "+17805550143", "a@example.org"))

    assert written(store, loser) == []


def test_booking_twice_writes_once(cast, here, store):
    visitor, opening = cast.visitor(), later(cast, here)
    for _ in range(2):
        cast.book(here, visitor, opening)

    assert len(written(store, visitor)) == 3


# --- staff -----------------------------------------------------------------------


def alerts(store, way="mail"):
    with store.engine.connect() as connection:
        found = connection.execute(
            sa.select(rows).where(rows.c.kind == "alert", rows.c.way == way)
        )
        return [(row.detail, row.state) for row in found]


def test_each_conversation_has_its_own_alert(cast, store, now):
    for _ in range(2):
        alert(store, cast.visitor(), "urgent", now)

    assert alerts(store) == [("urgent", "waiting")] * 2


def alert(store, chat, priority, now):
    with store.unit() as unit:
        letters.alert_staff(unit, chat, priority, now)
        unit.commit()


def test_two_alerts_at_once_are_one_and_the_more_pressing(cast, store, now):
    chat = cast.visitor()
    for priority in ("routine", "stat", "urgent"):
        alert(store, chat, priority, now)

    assert alerts(store) == [("stat", "waiting")]


def test_an_alert_that_is_on_its_way_is_followed_by_another(cast, store, now):
    chat = cast.visitor()
    alert(store, chat, "routine", now)
    with store.unit() as unit:
        for _ in ALERT_WAYS:
            unit.letters.take(now, now + timedelta(minutes=5))
        unit.commit()

    alert(store, chat, "stat", now)

    for way in ("mail", "room"):
        assert sorted(alerts(store, way)) == [
            ("routine", "waiting"),
            ("stat", "waiting"),
        ]


def test_an_alert_goes_by_mail_and_into_the_staffs_room(cast, store, now):
    alert(store, cast.visitor(), "urgent", now)

    assert alerts(store, "room") == alerts(store, "mail") == [("urgent", "waiting")]


# --- transcripts -----------------------------------------------------------------


def send_out(store, chat, visit_id, now, **changed):
    told = Said("On its way.", "system")
    with store.unit() as unit:
        found = replace(whole(unit, chat), **changed)
        letters.send_transcript(unit, found, visit_id, told, now)


def test_a_transcript_goes_to_the_address_of_a_visit_and_the_visitor_knows(
    cast, here, store, now
):
    visit = cast.booked(here, opening=later(cast, here))
    send_out(store, visit.conversation_id, visit.id, now)

    with store.reading() as unit:
        found = unit.letters.of_conversation(visit.conversation_id)
        (said,) = unit.conversations.after(visit.conversation_id, 0)
    (one,) = [letter for letter in found if letter.kind == "transcript"]
    assert (one.way, one.appointment_id, one.state) == ("mail", visit.id, "waiting")
    assert (said.author, said.text) == ("system", "On its way.")


def test_a_transcript_goes_to_no_other_address(cast, here, store, now):
    visit, other = (cast.booked(here, opening=later(cast, here, n)) for n in (7, 9))
    nobody = cast.booked(
        here, opening=later(cast, here, 11), patient=Patient("Ann Li", "+17805550143")
    )

    for chat, address in ((visit, other), (nobody, nobody)):
        with pytest.raises(NotFound):
            send_out(store, chat.conversation_id, address.id, now)


def test_a_restricted_transcript_goes_into_no_mailbox(cast, here, store, now):
    visit = cast.booked(here, opening=later(cast, here))

    with pytest.raises(NotAllowed):
        send_out(store, visit.conversation_id, visit.id, now, restricted=True)


def test_a_crisis_restricts_a_transcript(cast, here, store, now):
    visit = cast.booked(here, opening=later(cast, here))
    with store.unit() as unit:
        before = whole(unit, visit.conversation_id).restricted
        open_handoff(unit, visit.conversation_id, "crisis", "stat", now)
        unit.commit()

    with store.reading() as unit:
        after = whole(unit, visit.conversation_id).restricted
    assert (before, after) == (False, True)


def test_a_second_press_sends_no_second_one(cast, here, store, now):
    visit = cast.booked(here, opening=later(cast, here))
    send_out(store, visit.conversation_id, visit.id, now)

    with pytest.raises(NotAllowed, match="on its way"):
        send_out(store, visit.conversation_id, visit.id, now)


def test_moving_the_visit_takes_no_transcript_back(cast, here, store, now):
    visit, wanted = (
        cast.booked(here, opening=later(cast, here)),
        later(cast, here, 14),
    )
    send_out(store, visit.conversation_id, visit.id, now)
    with store.unit() as unit:
        booking.reschedule(unit, here, visit.conversation_id, visit.id, wanted, now)

    assert ("transcript", "mail") in written(store, visit.conversation_id)


# --- no reminders ----------------------------------------------------------------


def test_reminders_end_for_the_person_not_the_visit(cast, here, store, now):
    first = cast.booked(here, opening=later(cast, here))
    second = cast.visitor()
    elsewhere = Patient("Bo Ray", BO.phone, BO.email.upper())
    cast.book(here, second, later(cast, here, 9), elsewhere)

    with store.unit() as unit:
        letters.stop_reminders(unit, first.conversation_id, now)

    stranger = cast.visitor()
    with store.reading() as unit:
        assert letters.reminders_stopped(unit, first.conversation_id)
        assert letters.reminders_stopped(unit, second)
        assert not letters.reminders_stopped(unit, stranger)


def test_reminders_can_be_wanted_again(cast, here, store, now):
    chat = cast.booked(here, opening=later(cast, here)).conversation_id
    for _ in range(2):  # pressing twice does no harm
        with store.unit() as unit:
            letters.stop_reminders(unit, chat, now)

    with store.unit() as unit:
        letters.resume_reminders(unit, chat)

    with store.reading() as unit:
        assert not letters.reminders_stopped(unit, chat)
