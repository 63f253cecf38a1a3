"""A conversation as staff read it: who said what, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.clinic.booking import Appointment
from bot.clinic.conversation import Author


@dataclass(frozen=True)
class Line:
    """One message of a transcript.

    Args:
        pressed: the visitor pressed a button instead of typing.
        answer_version: the exact wording of a written answer that was shown.
        state: of a visitor's message: `new`, `queued` or `done`.
        missed: the assistant did not understand it.
    """

    seq: int
    author: Author
    name: str | None
    text: str
    extras: Mapping[str, Any]
    pressed: bool
    answer_version: str | None
    state: str
    missed: bool
    at: datetime


@dataclass(frozen=True)
class Transcript:
    """A conversation as it leaves the console: what was said, nothing else.

    Notes of staff, the answers' brief and what was not understood stay behind.

    Args:
        name: the patient's, "" where it is not known.
        channel: `web`, `telegram` ...
        begun_at: aware UTC.
        restricted: it speaks of a crisis, or of danger from somebody; it is for few
            eyes, and for no mailbox.
        visits: with the addresses that the visitor gave.
    """

    conversation_id: str
    name: str
    channel: str
    begun_at: datetime
    lines: tuple[Line, ...]
    restricted: bool
    visits: tuple[Appointment, ...] = ()

    @property
    def last_seq(self) -> int:
        """The number of the last message, 0 where there is none."""
        return self.lines[-1].seq if self.lines else 0

    @property
    def addresses(self) -> Mapping[str, str]:
        """The visits by the e-mail address that was given for them, newest visit."""
        return {one.patient_email: one.id for one in self.visits if one.patient_email}


def as_plain(transcript: Transcript) -> dict[str, Any]:
    """Return a transcript for a JSON file; instants are RFC 3339 in UTC."""
    return {
        "conversation": transcript.conversation_id,
        "patient": transcript.name or None,
        "channel": transcript.channel,
        "begun_at": transcript.begun_at.isoformat(),
        "restricted": transcript.restricted,
        "messages": [_plain(one) for one in transcript.lines],
    }


def _plain(line: Line) -> dict[str, Any]:
    shown = {
        "name": line.name,
        "buttons": [one["label"] for one in line.extras.get("buttons") or []],
        "checklist": offered(line),
        "card": (line.extras.get("card") or {}).get("rows"),
        "answer_version": line.answer_version,
        "pressed": line.pressed,
    }
    return {
        "seq": line.seq,
        "author": line.author,
        "at": line.at.isoformat(),
        "text": line.text,
        **{key: value for key, value in shown.items() if value},
    }


def offered(line: Line) -> list[str]:
    """Return the words beside the boxes to tick."""
    options = (line.extras.get("checklist") or {}).get("options") or []
    return [one["label"] for one in options]
