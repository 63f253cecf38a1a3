"""Mail leaves by a mail server, or lands in a folder that says so."""

from __future__ import annotations

import email
import errno
import os
import socket
import threading
from dataclasses import replace
from datetime import timedelta
from email.policy import default

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult
from icalendar import Calendar

from bot.channels import post as module
from bot.channels.post import MailServer, Outbox, Smtp, post, read_server
from bot.clinic.letters import KEPT, Hopeless, Mail, PutOff, Sent
from bot.settings import load
from tests.clinic.making import clinic
from tests.clinic.test_letters import visit
from tests.letters import stationery

PAPER = stationery(clinic(name="Clínica Ñu, Inc."))
VISIT = visit(patient_email="bo@example.org")
MAIL = Mail(
    id="5b9a6c1e-0000-4000-8000-000000000001",
    kind="reminder",
    to="bo@example.org",
    subject="Reminder: your visit on Thursday, November 26 at 2 pm",
    text="Hello Bo,\n\nÀ bientôt.\n",
    visits=(VISIT,),
    stop_link="https://x.example/v/v/reminders",
)


def free_port():
    """Find a port at which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Server:
    """A mail server on this machine; answers as told and keeps what it takes."""

    def __init__(self, rcpt="250 ok", data="250 ok", **options):
        self.rcpt, self.data, self.taken = rcpt, data, []
        self._options = options

    async def handle_RCPT(self, server, connection, envelope, address, options):  # noqa: N802
        if self.rcpt.startswith("250"):
            envelope.rcpt_tos.append(address)
        return self.rcpt

    async def handle_DATA(self, server, connection, envelope):  # noqa: N802
        self.taken.append(envelope)
        return self.data

    def __enter__(self):
        self.port = free_port()
        self._controller = Controller(
            self, hostname="127.0.0.1", port=self.port, **self._options
        )
        self._controller.start()
        return self

    def __exit__(self, *_):
        self._controller.stop()

    def client(self, **login):
        server = read_server(f"smtp://127.0.0.1:{self.port}")
        return Smtp(replace(server, **login), PAPER, "desk@example.org")


def test_the_server_gets_what_was_written():
    with Server() as server:
        outcome = server.client().send(MAIL)

    assert outcome == Sent(filed=False)
    (envelope,) = server.taken
    assert envelope.rcpt_tos == ["bo@example.org"]
    message = email.message_from_bytes(envelope.content, policy=default)
    assert message["From"] == '"Clínica Ñu, Inc." <desk@example.org>'
    assert message["Reply-To"] == "test@example.org"
    assert message["Message-ID"] == f"<{MAIL.id}@example.org>"
    assert message["Auto-Submitted"] == "auto-generated"
    assert message["List-Unsubscribe"] == f"<{MAIL.stop_link}>"
    body = message.get_body(("plain",))
    assert body is not None
    assert body.get_content().split() == MAIL.text.split()


def test_the_calendar_file_goes_along():
    with Server() as server:
        server.client().send(MAIL)

    message = email.message_from_bytes(server.taken[0].content, policy=default)
    (file,) = message.iter_attachments()
    assert file.get_content_type() == "text/calendar"
    assert file.get_filename() == "visit.ics"
    assert file.get_param("method") == "REQUEST"
    found = Calendar.from_ical(file.get_content())
    assert found["method"] == "REQUEST"


def test_a_mail_to_staff_has_no_file_and_no_way_out():
    with Server() as server:
        server.client().send(replace(MAIL, kind="alert", visits=(), stop_link=""))

    message = email.message_from_bytes(server.taken[0].content, policy=default)
    assert list(message.iter_attachments()) == []
    assert "List-Unsubscribe" not in message


@pytest.mark.parametrize(
    ("answers", "outcome"),
    [
        ({"rcpt": "550 no such mailbox"}, Hopeless("smtp 550")),
        ({"rcpt": "452 mailbox full"}, PutOff("smtp 452")),
        ({"data": "554 looks like spam"}, Hopeless("smtp 554")),
        ({"data": "451 later, please"}, PutOff("smtp 451")),
    ],
)
def test_a_refusal_is_for_ever_or_for_now(answers, outcome):
    with Server(**answers) as server:
        assert server.client().send(MAIL) == outcome


def test_a_wrong_password_is_not_the_letters_fault(caplog):
    def never(*_):
        return AuthResult(success=False, handled=False)

    with Server(authenticator=never, auth_require_tls=False) as server:
        outcome = server.client(name="desk", password="hunter2").send(MAIL)  # noqa: S106

    assert outcome == PutOff("login refused", stop=True)
    assert "hunter2" not in caplog.text


def test_a_server_without_encryption_gets_nothing():
    """Whoever asked for it would rather wait than send in the clear."""
    with Server() as server:
        outcome = server.client(encryption="starttls").send(MAIL)

    assert outcome == PutOff("not reached", stop=True)
    assert server.taken == []


def test_a_server_that_is_down_is_tried_again():
    server = read_server(f"smtp://127.0.0.1:{free_port()}")
    client = Smtp(server, PAPER, "desk@example.org")

    assert client.send(MAIL) == PutOff("not reached", stop=True)


def test_a_server_that_says_nothing_is_left(monkeypatch):
    monkeypatch.setattr(module, "_STEP_SECONDS", 0.2)
    with socket.socket() as mute:
        mute.bind(("127.0.0.1", 0))
        mute.listen()
        port = mute.getsockname()[1]
        client = Smtp(read_server(f"smtp://127.0.0.1:{port}"), PAPER, "d@example.org")

        assert client.send(MAIL) == PutOff("too slow", stop=True)


def test_a_server_that_talks_for_ever_is_left(monkeypatch):
    """Each answer comes in time, all together do not."""
    monkeypatch.setattr(module, "_MAIL_SECONDS", 0.3)
    with socket.socket() as chatty:
        chatty.bind(("127.0.0.1", 0))
        chatty.listen()
        over = threading.Event()

        def drip():
            connection, _ = chatty.accept()
            with connection:
                while not over.wait(0.05):
                    connection.sendall(b"220-still here\r\n")

        thread = threading.Thread(target=drip)
        thread.start()
        client = Smtp(
            read_server(f"smtp://127.0.0.1:{chatty.getsockname()[1]}"),
            PAPER,
            "desk@example.org",
        )
        outcome = client.send(MAIL)
        over.set()
        thread.join()

    assert outcome == PutOff("too slow", stop=True)


@pytest.mark.parametrize(
    "address",
    [
        "bo@example.org\nBcc: all@example.org",
        "bo@example.org\r\n\r\nBuy",
        "bo@example.org, ann@example.org",
        "bo",
        "",
    ],
)
def test_an_address_that_is_none_reaches_nobody(address, tmp_path):
    with Server() as server:
        outcome = server.client().send(replace(MAIL, to=address))

    assert outcome == Hopeless("address")
    assert server.taken == []
    outbox = Outbox(tmp_path, PAPER, "desk@example.org")
    assert outbox.send(replace(MAIL, to=address)) == Hopeless("address")
    assert list(tmp_path.iterdir()) == []


def test_a_subject_cannot_smuggle_in_a_header(tmp_path):
    outbox = Outbox(tmp_path, PAPER, "desk@example.org")

    outcome = outbox.send(replace(MAIL, subject="Visit\nBcc: all@example.org"))

    assert outcome == Hopeless("address")
    assert list(tmp_path.iterdir()) == []


def test_an_address_with_a_foreign_domain_is_written_as_servers_read_it(tmp_path):
    Outbox(tmp_path, PAPER, "desk@example.org").send(replace(MAIL, to="bo@bücher.de"))

    (file,) = tmp_path.glob("*.eml")
    assert b"To: bo@xn--bcher-kva.de" in file.read_bytes()


# --- the folder ------------------------------------------------------------------


def test_without_a_server_the_mail_is_a_file_for_its_owner(tmp_path):
    mask = os.umask(0o077)
    try:
        outcome = Outbox(tmp_path / "outbox", PAPER, "d@example.org").send(MAIL)
    finally:
        os.umask(mask)

    assert outcome == Sent(filed=True)
    (file,) = (tmp_path / "outbox").iterdir()
    assert file.name.endswith(f"-reminder-{MAIL.id}.eml")
    assert file.stat().st_mode & 0o077 == 0
    message = email.message_from_bytes(file.read_bytes(), policy=default)
    assert message["To"] == "bo@example.org"


def test_a_full_disk_loses_no_letter_and_leaves_no_half(tmp_path, monkeypatch, caplog):
    outbox = Outbox(tmp_path, PAPER, "desk@example.org")

    def full(path, content):
        path.touch()
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)

    assert outbox.send(MAIL) == PutOff("folder", stop=True)
    assert list(tmp_path.iterdir()) == []
    assert "bo@example.org" not in caplog.text


def test_a_folder_that_cannot_be_made_is_said(tmp_path):
    (tmp_path / "outbox").write_text("in the way")

    outcome = Outbox(tmp_path / "outbox", PAPER, "desk@example.org").send(MAIL)

    assert outcome == PutOff("folder", stop=True)


def test_old_files_go_and_others_stay(tmp_path):
    outbox = Outbox(tmp_path, PAPER, "desk@example.org")
    outbox.send(MAIL)
    (tmp_path / "notes.txt").touch()
    now = VISIT.created_at.now(VISIT.created_at.tzinfo)

    outbox.sweep(now)
    assert len(list(tmp_path.glob("*.eml"))) == 1
    outbox.sweep(now + KEPT + timedelta(minutes=1))
    assert [path.name for path in tmp_path.iterdir()] == ["notes.txt"]


def test_sweeping_before_there_is_a_folder_does_nothing(tmp_path):
    Outbox(tmp_path / "outbox", PAPER, "desk@example.org").sweep(VISIT.created_at)


# --- the setting -----------------------------------------------------------------


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://localhost", MailServer("smtp", "localhost", 25, None, None)),
        (
            "starttls://desk%40x.org:p%3A%40%2Fw@mail.x.org",
            MailServer("starttls", "mail.x.org", 587, "desk@x.org", "p:@/w"),
        ),
        ("smtps://a:b@h:2465", MailServer("smtps", "h", 2465, "a", "b")),
        ("smtp://a:b@[::1]:1025", MailServer("smtp", "::1", 1025, "a", "b")),
    ],
)
def test_the_address_of_a_server_is_read(url, server):
    assert read_server(url) == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.x.org",
        "http://a:hunter2@x.org",
        "smtps://",
        "smtp://a:hunter2@mail.x.org",
        "smtps://a:hunter2@x.org:port",
        "smtps://a:hunter2@x.org:99999",
    ],
)
def test_a_server_that_cannot_be_used_stops_the_start_without_a_password(url):
    with pytest.raises(ValueError, match="SMTP_URL") as fault:
        read_server(url)

    assert "hunter2" not in str(fault.value)


def test_mails_go_to_a_folder_until_a_server_is_set(monkeypatch):
    monkeypatch.delenv("SMTP_URL", raising=False)
    without = load()

    assert isinstance(post(without, PAPER), Outbox)
    with_server = replace(without, smtp_url="smtp://localhost")
    assert isinstance(post(with_server, PAPER), Smtp)


@pytest.mark.parametrize("name", ["MERIDIAN_MAIL_FROM", "MERIDIAN_STAFF_EMAIL"])
def test_an_address_of_the_clinic_that_is_none_stops_the_start(monkeypatch, name):
    monkeypatch.setenv(name, "desk@x.org\nBcc: y@x.org")

    with pytest.raises(ValueError, match=name):
        load()
