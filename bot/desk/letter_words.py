"""Words letters: the texts are the clinic's, nothing clinical ever stands in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from bot.clinic.booking import Appointment
from bot.clinic.conversation import Choice, Said
from bot.clinic.letters import Kind, Letter, Mail, is_reminder
from bot.clinic.profile import Clinic
from bot.clinic.when import say_moment
from bot.desk.telling import card, rows

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
        stop: how to end reminders.
        foot: how every e-mail to a visitor ends.
        undelivered: before what was meant to come by e-mail and could not.
        no_reminders: the button that ends reminders; `reminders_stopped` is said then.
        remind_again: the button that brings them back, with `reminders_again`.
        calendar_title: what a visit is called in a patient's calendar.
        titles: what stands on the card in the chat, by kind.
        urgency: how pressing an alert is, by the handoff's priority.
        alert: to staff, that somebody waits.
    """

    greeting: str
    terms: str
    directions: str
    page: str
    stop: str
    foot: str
    undelivered: str
    move: str
    cancel: str
    no_reminders: str
    remind_again: str
    reminders_stopped: str
    reminders_again: str
    calendar_title: str
    calendar_note: str
    titles: Mapping[Kind, str]
    kinds: Mapping[Kind, Wording]
    urgency: Mapping[str, str]
    alert_subject: str
    alert: str


class Links(Protocol):
    """The addresses behind which a visitor or staff go on."""

    def visit(self, appointment_id: str) -> str:
        """Return the signed address of a visit's page."""

    def calendar(self, appointment_id: str) -> str:
        """Return the signed address of a visit's calendar file."""

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


def mail_of_visit(
    paper: Stationery, letter: Letter, visit: Appointment, now: datetime
) -> Mail:
    """Word an e-mail about a visit; it is worded anew whenever it is sent."""
    words, wording = paper.words, paper.words.kinds[letter.kind]
    known = _placeholders(paper, visit)
    page = paper.links.visit(visit.id)
    stop = paper.links.reminders(visit.id) if is_reminder(letter.kind) else ""
    parts = [words.greeting, wording.mail, _lines(paper.clinic, visit)]
    if letter.kind != "cancellation":
        parts += [*_directions(paper, visit), *_terms(paper, visit, now)]
        parts.append(f"{words.page}\n{page}")
    if stop:
        parts.append(f"{words.stop}\n{stop}")
    return Mail(
        id=letter.id,
        kind=letter.kind,
        to=visit.patient_email,
        subject=wording.subject.format_map(known),
        text="\n\n".join([*parts, words.foot]).format_map(known),
        visit=visit,
        stop_link=stop,
    )


def mail_to_staff(paper: Stationery, letter: Letter) -> Mail:
    """Word an alert: that a conversation waits, how pressing, where; never why."""
    known = {
        "clinic": paper.clinic.name,
        "urgency": paper.words.urgency[letter.detail],
        "link": paper.links.conversation(letter.conversation_id),
    }
    return Mail(
        id=letter.id,
        kind="alert",
        to=paper.staff_email,
        subject=paper.words.alert_subject.format_map(known),
        text=paper.words.alert.format_map(known),
    )


def said_of_visit(
    paper: Stationery, letter: Letter, visit: Appointment, now: datetime
) -> Said:
    """Word the same as a message in the conversation, with its card."""
    words = paper.words
    text = words.kinds[letter.kind].chat.format_map(_placeholders(paper, visit))
    if letter.detail == "undelivered":
        text = f"{words.undelivered} {text}"
    stands = letter.kind != "cancellation"
    shown = card(
        paper.clinic,
        visit,
        words.titles[letter.kind],
        now,
        paper.links.calendar(visit.id) if stands else "",
    )
    choices: tuple[Choice, ...] = ()
    if stands:
        choices = (
            Choice(words.move, "/reschedule_appointment"),
            Choice(words.cancel, "/cancel_appointment"),
        )
    if is_reminder(letter.kind):
        choices = (*choices, Choice(words.no_reminders, "/stop_reminders"))
    return Said(text, author="system", choices=choices, extras={"card": shown})


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


def _placeholders(paper: Stationery, visit: Appointment) -> dict[str, str]:
    clinic = paper.clinic
    told = dict(_rows(clinic, visit))
    hours = clinic.policy.cancel_hours or 0
    free_until = visit.starts_at - timedelta(hours=hours)
    return {
        "name": visit.patient_name,
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
