"""Letters leave once, whatever dies, fails, is refused or comes too late."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field, replace
from datetime import timedelta

import pytest

from bot.clinic.booking import Patient
from bot.clinic.conversation import Said
from bot.clinic.letters import (
    CLAIM,
    KEPT,
    File,
    Hopeless,
    Mail,
    Outcome,
    PutOff,
    Sent,
)
from bot.clinic.profile import Policy
from bot.clinic.wish import Wish
from bot.desk import booking, letters
from bot.desk.handoff import end, open_handoff
from bot.desk.post import PostRoom, send_due, sweep
from bot.store.unit import Store
from bot.transcripts import whole
from tests.clinic.making import clinic
from tests.desk.cast import Cast
from tests.letters import stationery

POLICY = Policy(notice_hours=2, horizon_days=60, cancel_hours=24, max_upcoming=9)
NOBODY = Patient("Ann Li", "+17805550143")


PDF = File("c.pdf", "application/pdf", b"1")


class FakePost:
    """Keeps what it was given; answers as told, then that all is well."""

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.outcomes: list[Outcome] = []

    def send(self, mail: Mail) -> Outcome:
        self.mails.append(mail)
        return self.outcomes.pop(0) if self.outcomes else Sent()

    @property
    def kinds(self) -> list[str]:
        return [mail.kind for mail in self.mails]


@dataclass
class Scene:
    """A clinic with one sender, and a clock that can be set."""

    store: Store
    cast: Cast
    post: FakePost = field(default_factory=FakePost)
    rung: list[str] = field(default_factory=list)
    staff_email: str = "staff@example.org"
    staff_room: FakePost | None = None
    file: File | None = PDF

    def __post_init__(self):
        self.here = clinic(policy=POLICY)
        self.now = self.cast.now

    def room(self):
        paper = stationery(self.here, self.staff_email)
        return PostRoom(
            self.store.unit,
            self.store.reading,
            self.post,
            paper,
            self.rung.append,
            lambda: self.now,
            lambda _: self.file,
            self.staff_room,
        )

    def send(self, **ahead):
        self.now += timedelta(**ahead)
        send_due(self.room())
        return self.post.kinds

    def booked(self, days=7, **given):
        wish = Wish(earliest=self.cast.now + timedelta(days=days))
        opening = self.cast.offers(self.here, wish)[0]
        return self.cast.booked(self.here, opening=opening, **given)

    def states(self, visit):
        with self.store.reading() as unit:
            found = unit.letters.of_conversation(visit.conversation_id)
        return {(one.kind, one.way): (one.state, one.reason) for one in found}

    def chat(self, visit):
        with self.store.reading() as unit:
            return unit.conversations.after(visit.conversation_id, 0)

    def at(self, moment):
        self.now = moment
        return self.send()


@pytest.fixture
def scene(store, now):
    return Scene(store, Cast(store, now))


def test_what_is_due_is_sent_once(scene):
    scene.booked()

    assert scene.send() == ["confirmation"]
    assert scene.send(minutes=30) == ["confirmation"]


def test_reminders_come_at_their_time(scene):
    visit = scene.booked()
    scene.send()

    scene.at(visit.starts_at - timedelta(hours=48, minutes=1))
    assert scene.post.kinds == ["confirmation"]
    scene.at(visit.starts_at - timedelta(hours=48))
    assert scene.post.kinds == ["confirmation", "reminder"]
    scene.at(visit.starts_at - timedelta(hours=1))
    assert scene.post.kinds == ["confirmation", "reminder", "last_reminder"]


def test_the_mail_says_when_with_whom_where_and_nothing_else(scene):
    visit = scene.booked()
    scene.send()

    (mail,) = scene.post.mails
    assert mail.to == "bo@example.org"
    assert mail.subject == "Your visit on Wednesday, November 25 at 11 am"
    assert "When: Wednesday, November 25 at 11 am" in mail.text
    assert "With: Ada" in mail.text
    assert "Where: Main" in mail.text
    assert f"https://x.example/v/{visit.id}" in mail.text
    assert "cancel without a fee until Tuesday, November 24 at 11 am" in mail.text
    assert "a fee of $40" in mail.text
    treatment = scene.here.treatments[visit.treatment_id]
    assert treatment.name != "Visit" or "What:" not in mail.text
    assert "visit_60" not in mail.text


def test_a_name_that_looks_like_a_placeholder_is_only_a_name(scene):
    scene.booked(patient=Patient("{phone} {0}", "+17805550142", "bo@example.org"))
    scene.send()

    assert scene.post.mails[0].text.startswith("Hello {phone} {0},")


def test_cancelling_between_two_looks_sends_no_reminder(scene):
    visit = scene.booked()
    scene.send()
    with scene.store.unit() as unit:
        booking.cancel(unit, scene.here, visit.conversation_id, visit.id, scene.now)

    scene.at(visit.starts_at - timedelta(hours=1))

    assert scene.post.kinds == ["confirmation", "cancellation"]
    assert "x.example" not in scene.post.mails[1].text


def test_an_untrue_letter_is_stopped_even_where_nobody_took_it_back(scene):
    visit = scene.booked()
    with scene.store.unit() as unit:
        unit.bookings.replace(replace(visit, sequence=5))
        unit.commit()

    assert scene.send() == []
    assert scene.states(visit)["confirmation", "mail"] == (
        "withdrawn",
        "not true any more",
    )


def test_a_reminder_in_the_chat_is_a_row_shown_once(scene):
    visit = scene.booked(patient=NOBODY)
    due = visit.starts_at - timedelta(hours=48)
    for _ in range(3):
        scene.at(due)

    (row,) = scene.chat(visit)
    assert row.author == "system"
    assert row.text == (
        "This is a reminder of your visit on Wednesday, November 25 at 11 am."
    )
    assert row.extras["card"]["calendar_url"].endswith("/visit.ics")
    assert [one["label"] for one in row.extras["buttons"]] == [
        "Another time",
        "Cancel it",
        "No more reminders",
    ]
    assert scene.rung == [visit.conversation_id]
    assert scene.post.mails == []


def test_who_wants_no_reminders_gets_none_but_is_told_of_changes(scene):
    visit = scene.booked()
    scene.send()
    with scene.store.unit() as unit:
        letters.stop_reminders(unit, visit.conversation_id, scene.now)

    scene.at(visit.starts_at - timedelta(hours=48))
    assert scene.states(visit)["reminder", "mail"] == ("withdrawn", "not wanted")
    with scene.store.unit() as unit:
        booking.cancel(unit, scene.here, visit.conversation_id, visit.id, scene.now)
    assert scene.send() == ["confirmation", "cancellation"]


def test_a_desk_that_was_off_in_the_evening_waits_for_the_morning(scene):
    """The visit is at 11:00, the reminder was due at 8:00 and it is 7:30."""
    visit = scene.booked()
    scene.send()
    scene.at(visit.starts_at - timedelta(hours=24 + 3.5))  # 7:30 on the day before

    assert scene.post.kinds == ["confirmation"]
    scene.at(visit.starts_at - timedelta(hours=24 + 3))
    assert scene.post.kinds == ["confirmation", "reminder"]


def test_a_confirmation_comes_also_at_night(scene):
    """Who books at 2 a.m. is awake."""
    scene.cast.now = scene.now = scene.now + timedelta(hours=15)
    scene.booked()

    assert scene.send() == ["confirmation"]


# --- what goes wrong -------------------------------------------------------------


def test_a_sender_that_dies_leaves_the_letter_to_the_next(scene):
    scene.booked()
    with scene.store.unit() as unit:
        taken = unit.letters.take(scene.now, scene.now + CLAIM)
        unit.commit()

    assert scene.send(minutes=4) == []
    assert scene.send(minutes=1) == ["confirmation"]
    assert scene.post.mails[0].id == taken.id


def test_a_server_that_is_down_stops_the_round_and_loses_nothing(scene):
    scene.booked(), scene.booked(8)
    scene.post.outcomes = [PutOff("not reached", stop=True)]

    assert scene.send() == ["confirmation"]
    assert scene.send() == ["confirmation"] * 2
    assert scene.send(minutes=1) == ["confirmation"] * 3
    assert len({mail.id for mail in scene.post.mails}) == 2


def test_what_is_put_off_does_not_hold_up_the_others(scene):
    scene.booked(), scene.booked(8)
    scene.post.outcomes = [PutOff("smtp 451")]

    assert scene.send() == ["confirmation"] * 2


def test_a_refused_address_is_told_in_the_chat(scene):
    visit = scene.booked()
    scene.post.outcomes = [Hopeless("smtp 550")]
    scene.send()

    assert scene.states(visit)["confirmation", "mail"] == ("failed", "smtp 550")
    (row,) = scene.chat(visit)
    assert row.text == (
        "We could not send this to your e-mail address, so it stands here. "
        "Your visit is booked."
    )
    with scene.store.reading() as unit:
        assert [one.reason for one in unit.letters.troubled(10)] == ["smtp 550"]


def test_after_three_days_of_trying_it_is_told_in_the_chat(scene):
    visit = scene.booked(14)
    for _ in range(4):
        scene.post.outcomes = [PutOff("not reached", stop=True)]
        scene.send(days=1)
    scene.send()

    assert scene.states(visit)["confirmation", "mail"] == ("failed", "not reached")
    assert len(scene.chat(visit)) == 1


def test_two_senders_never_send_the_same(scene):
    visits = [scene.booked(days) for days in (5, 6, 7, 8, 9, 10)]
    start = threading.Barrier(4)

    def work():
        room = scene.room()
        start.wait()
        send_due(room)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(scene.post.mails) == len(visits)
    assert len({mail.id for mail in scene.post.mails}) == len(visits)


def wait(scene, visit, priority):
    """Put a visitor into the staff's queue, which nobody looks at."""
    with scene.store.unit() as unit:
        open_handoff(unit, visit.conversation_id, "complaint", priority, scene.now)
        unit.commit()


def test_alerts_go_first_and_say_nothing_of_the_matter(scene):
    visit = scene.booked()
    wait(scene, visit, "stat")

    assert scene.send() == ["alert", "confirmation"]
    mail = scene.post.mails[0]
    assert (mail.to, mail.visits) == ("staff@example.org", ())
    assert mail.subject == "A conversation is waiting (an emergency, at once)"
    assert f"https://x.example/c/{visit.conversation_id}" in mail.text
    assert "Bo" not in mail.text


def test_without_an_address_for_staff_no_alert_piles_up(scene):
    scene.staff_email = ""
    visit = scene.booked()
    wait(scene, visit, "urgent")
    scene.send()

    assert scene.states(visit)["alert", "mail"] == ("withdrawn", "no address")
    assert scene.states(visit)["alert", "room"] == ("withdrawn", "no address")


def test_the_staffs_room_gets_the_same_with_its_own_tries(scene):
    scene.staff_room = FakePost()
    scene.staff_room.outcomes = [PutOff("RetryAfter")]
    visit = scene.booked()
    wait(scene, visit, "urgent")

    scene.send()
    first = scene.states(visit)["alert", "room"]
    scene.send(minutes=2)

    # The mail is not held up by it, nor sent again.
    assert scene.post.kinds == ["alert", "confirmation"]
    assert first == ("waiting", "RetryAfter")
    assert scene.states(visit)["alert", "room"] == ("sent", "")
    texts = {one.text for one in scene.staff_room.mails}
    assert texts == {
        "A conversation is waiting for a person at Test Clinic.\n"
        f"How pressing: urgent\nhttps://x.example/c/{visit.conversation_id}"
    }


def test_an_alert_that_comes_too_late_is_not_sent(scene):
    scene.post.outcomes = [PutOff("not reached", stop=True)]
    visit = scene.booked()
    wait(scene, visit, "urgent")
    scene.send()
    with scene.store.unit() as unit:
        over = Said("Back.", "system")
        end(unit, visit.conversation_id, "returned", over, scene.now)
        unit.commit()

    scene.send(minutes=5)

    assert scene.states(visit)["alert", "mail"] == ("withdrawn", "nobody waits")
    assert scene.post.kinds == ["alert", "confirmation"]


def test_a_transcript_leaves_as_a_file_and_nothing_of_it_stands_in_the_mail(scene):
    visit = scene.booked()
    with scene.store.unit() as unit:
        chat = visit.conversation_id
        unit.conversations.say(chat, Said("Your pain is at 7."), scene.now)
        letters.send_transcript(
            unit, whole(unit, chat), visit.id, Said("Sent.", "system"), scene.now
        )

    scene.send()

    (mail,) = [one for one in scene.post.mails if one.kind == "transcript"]
    assert (mail.to, mail.subject) == (
        "bo@example.org",
        "Your conversation with Test Clinic",
    )
    assert "pain" not in mail.text
    assert mail.file == File("c.pdf", "application/pdf", b"1")


def test_a_transcript_that_cannot_be_made_stops_no_other_letter(scene):
    scene.file = None
    visit = scene.booked()
    with scene.store.unit() as unit:
        found = whole(unit, visit.conversation_id)
        told = Said("Sent.", "system")
        letters.send_transcript(unit, found, visit.id, told, scene.now)

    scene.send()

    assert scene.states(visit)["transcript", "mail"] == ("failed", "no file")
    assert scene.post.kinds == ["confirmation"]


def test_a_transcript_that_cannot_be_sent_is_not_put_into_the_chat(scene):
    visit = scene.booked()
    scene.send()
    with scene.store.unit() as unit:
        found = whole(unit, visit.conversation_id)
        told = Said("Sent.", "system")
        letters.send_transcript(unit, found, visit.id, told, scene.now)
    scene.post.outcomes = [Hopeless("smtp 550")]
    scene.send()
    scene.send(minutes=5)

    assert scene.states(visit)["transcript", "mail"] == ("failed", "smtp 550")
    assert [row.text for row in scene.chat(visit)] == ["Sent."]


def test_what_was_written_to_a_folder_is_not_called_sent(scene):
    visit = scene.booked()
    scene.post.outcomes = [Sent(filed=True)]
    scene.send()

    assert scene.states(visit)["confirmation", "mail"] == ("filed", "")


def test_what_was_sent_is_forgotten_after_a_month(scene):
    visit = scene.booked(40)
    scene.send()
    with scene.store.unit() as unit:
        sweep(unit, scene.now + KEPT + timedelta(seconds=1))
        unit.commit()

    assert scene.states(visit).keys() == {
        ("reminder", "mail"),
        ("last_reminder", "mail"),
    }
