"""From the chat to the mail, to the visit's page, and back into the chat."""

from __future__ import annotations

import email
import re
import time
from email.message import EmailMessage
from email.policy import default

import httpx
import pytest
from icalendar import Calendar

from bot.desk.letters import reminders_stopped
from tests.conversations.journeys import answer_healthily, choose_first_opening
from tests.live import Live, Visitor

pytestmark = pytest.mark.model

_PATIENCE_SECONDS = 30


def mails_to(live: Live, address: str, count: int) -> list[EmailMessage]:
    """Wait for the mails to somebody; return them oldest first."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        files = sorted(
            (live.data_dir / "outbox").glob("*.eml"),
            key=lambda one: one.stat().st_mtime,
        )
        found = [
            email.message_from_bytes(one.read_bytes(), policy=default) for one in files
        ]
        mine = [one for one in found if one["To"] == address]
        if len(mine) >= count:
            return mine
        time.sleep(0.2)
    raise TimeoutError(f"{count} mails to {address}")


def text_of(mail: EmailMessage) -> str:
    body = mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def calendar_of(mail: EmailMessage) -> Calendar:
    (file,) = mail.iter_attachments()
    return Calendar.from_ical(file.get_content())


def event_of(calendar: Calendar):
    (event,) = calendar.walk("VEVENT")
    return event


def booked(live: Live, address: str) -> Visitor:
    visitor = Visitor(live.url)
    visitor.says("I'd like to book an appointment")
    answer_healthily(visitor)
    choose_first_opening(visitor)
    visitor.says(f"Ana O'Neil, 780 555 0187, {address}")
    assert "booked" in visitor.says("yes")
    return visitor


def test_a_visit_goes_from_chat_to_mail_to_page_and_back(live: Live):
    visitor = booked(live, "ana@example.org")
    card = visitor.heard[-1]["card"]
    assert httpx.get(card["calendar_url"]).text.startswith("BEGIN:VCALENDAR")

    (confirmation,) = mails_to(live, "ana@example.org", 1)
    text = text_of(confirmation)
    found = re.search(r"http://\S+/visits/\S+", text)
    assert found, text
    page = httpx.get(found[0])
    assert "Ana O&#39;Neil" in page.text
    request = calendar_of(confirmation)
    assert request["method"] == "REQUEST"

    hidden = re.findall(
        r'type="hidden" name="(\w+)" value="(\w*)"',
        httpx.get(f"{found[0]}/cancel").text,
    )
    assert {name for name, _ in hidden} == {"sequence", "late"}
    done = httpx.post(f"{found[0]}/cancel", data=dict(hidden))
    assert done.status_code == httpx.codes.SEE_OTHER

    cancellation = mails_to(live, "ana@example.org", 2)[-1]
    cancel = calendar_of(cancellation)
    assert cancel["method"] == "CANCEL"
    assert event_of(cancel)["uid"] == event_of(request)["uid"]
    assert event_of(cancel)["sequence"] > event_of(request)["sequence"]
    assert "/visits/" not in text_of(cancellation)
    visitor.wait_for("This visit is cancelled")
    assert "no visit ahead" in visitor.says("when is my appointment?")


def test_nobody_else_is_told_of_the_visit(live: Live):
    booked(live, "bea@example.org")
    stranger = Visitor(live.url)

    said = stranger.says("when is my appointment?")

    assert "no visit ahead" in said
    assert all("card" not in message for message in stranger.heard)


def test_a_word_in_the_chat_ends_reminders(live: Live):
    visitor = booked(live, "cy@example.org")

    said = visitor.says("no more reminders please")

    assert "no more reminders" in said
    store = live.store()
    with store.reading() as unit:
        assert reminders_stopped(unit, visitor.conversation_id)
    store.close()
    assert "again" in visitor.presses("Remind me again")
    assert "is booked" in visitor.says("when is my appointment?")


def test_the_button_works_in_the_middle_of_a_form(live: Live):
    visitor = booked(live, "dee@example.org")
    visitor.says("no more reminders please")
    button = visitor.heard[-1]["buttons"][0]
    visitor.says("I want to move my visit")

    said = visitor.post(choice=button["id"])

    assert said.status_code == httpx.codes.ACCEPTED
    visitor.wait_for("You get reminders of your visits again")
