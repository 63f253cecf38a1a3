"""Words letters: the texts are the clinic's, nothing clinical ever stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.clinic.booking import Appointment
from bot.clinic.conversation import Choice, Said
from bot.clinic.letters import CALL_OFF, Letter, Mail, is_reminder
from bot.clinic.profile import Clinic
from bot.clinic.when import say_moment
from bot.desk.telling import card, card_of_several, rows

_TOLD = ("When", "With", "Where")
"""What a letter shows of a visit; what it is for is nobody else's business."""


@dataclass(frozen=True)
class Wording:
    """One kind of letter, by e-mail and as a message in the chat."""

    subject: str
    mail: str
    chat: str


@dataclass(frozen=True)
class LetterWords:
    """What letters say, with placeholders in braces; read from data/letters.yml.

    Args:
        greeting: how every e-mail to a visitor begins.
        terms: what cancelling late costs; said where the clinic's terms are known.
        directions: how to get there; said where the clinic's files tell it.
        page: where the visit can be seen, moved and cancelled.
        chat: where somebody answers who is asked how it goes.
        stop: how to end reminders.
        foot: how every e-mail to a visitor ends.
        undelivered: before what was meant to come by e-mail and could not.
        no_reminders: the button that ends reminders; `reminders_stopped` is said then.
        tell: the button with which somebody says how it goes.
        remind_again: the button that brings them back, with `reminders_again`.
        calendar_title: what a visit is called in a patient's calendar.
        titles: what stands on the card in the chat, by kind of letter.
        kinds: the wording of each kind of letter.
        urgency: how pressing an alert is, by the handoff's priority.
        alert: to staff, that somebody waits; `alert_room` says it in their room.
        transcript: with a conversation that goes to its visitor; `sending` tells them
            so in the chat.
    """

    greeting: str
    terms: str
    directions: str
    page: str
    chat: str
    stop: str
    foot: str
    undelivered: str
    move: str
    cancel: str
    tell: str
    no_reminders: str
    remind_again: str
    reminders_stopped: str
    reminders_again: str
    calendar_title: str
    calendar_note: str
    titles: Mapping[str, str]
    kinds: Mapping[str, Wording]
    urgency: Mapping[str, str]
    alert_subject: str
    alert: str
    alert_room: str
    transcript_subject: str
    transcript: str
    sending: str


class Links(Protocol):
    """The addresses behind which a visitor or staff go on."""

    def visit(self, appointment_id: str) -> str:
        """Return the signed address of a visit's page."""

    def calendar(self, appointment_id: str) -> str:
        """Return the signed address of a visit's calendar file."""

    def course(self, course_id: str) -> str:
        """Return the signed address of the calendar file of a whole course."""

    def chat(self) -> str:
        """Return the address of the page with the chat."""

    def reminders(self, appointment_id: str) -> str:
        """Return the signed address where reminders are ended."""

    def conversation(self, conversation_id: str) -> str:
        """Return the address at which staff open a conversation."""


@dataclass(frozen=True)
class Stationery:
    """What letters are written with.

    Args:
        late_fee: what the clinic's terms say; "" where they say nothing.
        staff_email: where alerts go; "" where nowhere.
    """

    clinic: Clinic
    words: LetterWords
    late_fee: str
    staff_email: str
    links: Links


@dataclass(frozen=True)
class About:
    """A letter with what it tells of.

    Args:
        visits: one, or those of a course that stand, soonest first.
        count: how many visits the course has; 1 for a visit that stands alone.
    """

    letter: Letter
    visits: Sequence[Appointment]
    count: int = 1


def mail_of_visits(paper: Stationery, about: About, now: datetime) -> Mail:
    """Word an e-mail about visits; it is worded anew whenever it is sent."""
    letter, first = about.letter, about.visits[0]
    words, wording = paper.words, paper.words.kinds[letter.kind]
    known = _placeholders(paper, about)
    stop = paper.links.reminders(first.id) if is_reminder(letter.kind) else ""
    parts = [words.greeting, wording.mail]
    if letter.kind == "follow_up":
        parts.append(f"{words.chat}\n{paper.links.chat()}")
    else:
        parts += _told(paper, about, now)
    if stop:
        parts.append(f"{words.stop}\n{stop}")
    return Mail(
        id=letter.id,
        kind=letter.kind,
        to=first.patient_email,
        subject=wording.subject.format_map(known),
        text="\n\n".join([*parts, words.foot]).format_map(known),
        visits=() if letter.kind == "follow_up" else tuple(about.visits),
        stop_link=stop,
    )


def _told(paper: Stationery, about: About, now: datetime) -> Iterator[str]:
    """Walk what an e-mail tells of visits: when and where, the terms, the pages."""
    first, off = about.visits[0], about.letter.kind in CALL_OFF
    for one in about.visits:
        told = _lines(paper.clinic, one)
        page = "" if off or len(about.visits) == 1 else f"\n{paper.links.visit(one.id)}"
        yield f"{told}{page}"
    if off:
        return
    yield from _directions(paper, first)
    yield from _terms(paper, first, now)
    if len(about.visits) == 1:
        yield f"{paper.words.page}\n{paper.links.visit(first.id)}"


def mail_to_staff(paper: Stationery, letter: Letter) -> Mail:
    """Word an alert: that a conversation waits, how pressing, where; never why."""
    known = {
        "clinic": paper.clinic.name,
        "urgency": paper.words.urgency[letter.detail],
        "link": paper.links.conversation(letter.conversation_id),
    }
    in_room = letter.way == "room"
    text = paper.words.alert_room if in_room else paper.words.alert
    return Mail(
        id=letter.id,
        kind="alert",
        to="" if in_room else paper.staff_email,
        subject=paper.words.alert_subject.format_map(known),
        text=text.format_map(known),
    )


def mail_of_transcript(paper: Stationery, letter: Letter, visit: Appointment) -> Mail:
    """Word the e-mail with which a conversation goes to its visitor.

    The conversation is the file that is put to it; nothing of it stands in the mail.
    """
    words, known = paper.words, _placeholders(paper, About(letter, (visit,)))
    parts = (words.greeting, words.transcript, words.foot)
    return Mail(
        id=letter.id,
        kind="transcript",
        to=visit.patient_email,
        subject=words.transcript_subject.format_map(known),
        text="\n\n".join(parts).format_map(known),
    )


def said_of_visits(paper: Stationery, about: About, now: datetime) -> Said:
    """Word the same as a message in the conversation, with its card."""
    words, letter = paper.words, about.letter
    text = words.kinds[letter.kind].chat.format_map(_placeholders(paper, about))
    if letter.detail == "undelivered":
        text = f"{words.undelivered} {text}"
    off = Choice(words.no_reminders, "/stop_reminders")
    if letter.kind == "follow_up":
        tell = Choice(words.tell, "/tell_progress")
        return Said(text, author="system", choices=(tell, off))
    choices: tuple[Choice, ...] = ()
    if letter.kind not in CALL_OFF:
        choices = (
            Choice(words.move, "/reschedule_appointment"),
            Choice(words.cancel, "/cancel_appointment"),
        )
    if is_reminder(letter.kind):
        choices = (*choices, off)
    extras = {"card": _card(paper, about, now)}
    return Said(text, author="system", choices=choices, extras=extras)


def _card(paper: Stationery, about: About, now: datetime) -> dict[str, object]:
    first, title = about.visits[0], paper.words.titles[about.letter.kind]
    stands = about.letter.kind not in CALL_OFF
    if len(about.visits) > 1 and first.course_id:
        file = paper.links.course(first.course_id) if stands else ""
        return card_of_several(paper.clinic, about.visits, title, now, file)
    file = paper.links.calendar(first.id) if stands else ""
    return card(paper.clinic, first, title, now, file)


def _lines(clinic: Clinic, visit: Appointment) -> str:
    told = [row for row in _rows(clinic, visit) if row[0] in _TOLD]
    return "\n".join(f"{label}: {_plain(value)}" for label, value in told)


def _rows(clinic: Clinic, visit: Appointment) -> list[list[str]]:
    # As if two days before: a letter may be read on any day, so it never says
    # "today" or "tomorrow".
    return rows(clinic, visit, visit.starts_at - timedelta(days=2))


def _directions(paper: Stationery, visit: Appointment) -> Iterator[str]:
    place = paper.clinic.places.get(visit.place_id)
    if place is not None and place.directions:
        yield f"{paper.words.directions} {_plain(place.directions)}."


def _terms(paper: Stationery, visit: Appointment, now: datetime) -> Iterator[str]:
    """Say until when cancelling is free, while it still is."""
    policy = paper.clinic.policy
    known = policy.cancel_hours is not None and paper.late_fee
    if known and not visit.late_to_cancel(policy, now):
        yield paper.words.terms


def _placeholders(paper: Stationery, about: About) -> dict[str, str]:
    clinic, visit = paper.clinic, about.visits[0]
    told = dict(_rows(clinic, visit))
    hours = clinic.policy.cancel_hours or 0
    free_until = visit.starts_at - timedelta(hours=hours)
    return {
        "name": visit.patient_name,
        "number": str(visit.course_number or 1),
        "count": str(about.count),
        "when": told["When"],
        "practitioner": told.get("With", clinic.name),
        "place": told.get("Where", clinic.name),
        "clinic": clinic.name,
        "phone": clinic.phone,
        "emergency": clinic.emergency,
        "late_fee": paper.late_fee,
        "free_until": say_moment(
            free_until, clinic.zone, free_until - timedelta(days=2), clinic.locale
        ),
    }


def _plain(text: str) -> str:
    """Keep braces in the clinic's own words from being read as placeholders."""
    return text.replace("{", "{{").replace("}", "}}")
