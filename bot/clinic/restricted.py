"""What was told of self-harm and of danger from a person: for named staff only.

The screening protocol, sections 4 and 7: restricted, and every look is audited.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import datetime

from bot.clinic.brief import Brief
from bot.clinic.contacts import fill
from bot.clinic.questionnaire import ScreeningProtocol
from bot.clinic.red_flags import RedFlags
from bot.clinic.screened import Screening
from bot.clinic.screening import SENSITIVE
from bot.clinic.staff import Staff, name_key
from bot.clinic.transcript import Line
from bot.clinic.triggers import suggested

QUESTIONS = ("self_harm", "unsafe")
HELD_BACK = "For named staff only."
"""Stands in the place of what is held back."""
_HARMLESS = (None, "none", "no")


def may_read(person: Staff, named: Collection[str]) -> bool:
    """Tell whether somebody may read what was told of a crisis.

    Args:
        named: names of logins in the clinic's profile; where it names nobody,
            practitioners and administrators may.
    """
    if named:
        return name_key(person.name) in {name_key(one) for one in named}
    return person.role != "staff"


def readers(named: Collection[str]) -> str:
    """Say who may read it."""
    return ", ".join(named) if named else "practitioners and administrators"


def is_restricted(screenings: Iterable[Screening]) -> bool:
    """Tell whether a conversation holds anything of the kind, asked or told."""
    return any(
        SENSITIVE.intersection(one.flags)
        or any(name in one.asked for name in QUESTIONS)
        or any(one.answers.get(name) not in _HARMLESS for name in QUESTIONS)
        for one in screenings
    )


def without(found: Brief, protocol: ScreeningProtocol) -> Brief:
    """Return a brief without the answers and reasons that are held back."""
    names = {protocol.questionnaire.questions[name].name for name in QUESTIONS}
    groups = (
        replace(
            group,
            lines=tuple(one for one in group.lines if one.question not in QUESTIONS),
            left_open=tuple(one for one in group.left_open if one not in names),
        )
        for group in found.groups
    )
    return replace(
        found,
        flags=tuple(one for one in found.flags if one[0] not in SENSITIVE),
        reasons=tuple(one for one in found.reasons if not one.sensitive),
        groups=tuple(one for one in groups if one.lines or one.denied or one.left_open),
    )


def discreet(
    lines: Sequence[Line],
    protocol: ScreeningProtocol,
    red_flags: RedFlags,
    held_since: datetime | None = None,
) -> list[Line]:
    """Return a transcript in which the words about it are held back.

    That is what answers one of the questions, what sounds like it, what was answered
    with urgent advice, and what is said after that between the visitor and a person,
    until the assistant goes on. Where a page begins in the middle, so that nobody can
    see what its first words answer, those are held back as well.

    Args:
        held_since: since when the reader holds the conversation. Who talks with
            somebody reads what is said to them.
    """
    hidden = set(_sensitive(lines, protocol, red_flags))
    return [
        replace(line, text=HELD_BACK)
        if line.seq in hidden and not (held_since and line.at >= held_since)
        else line
        for line in lines
    ]


def _sensitive(
    lines: Sequence[Line], protocol: ScreeningProtocol, red_flags: RedFlags
) -> Iterator[int]:
    asking = _words_of_the_questions(protocol)
    asked = told = to_a_person = bool(lines) and lines[0].seq > 1
    for place, line in enumerate(lines):
        if line.author != "visitor":
            asked = line.text in asking
            to_a_person = line.author != "assistant" or bool(line.extras.get("urgent"))
        elif (
            asked
            or _sounds_like_it(line.text, protocol, red_flags)
            or _answered_urgently(lines[place + 1 :])
        ):
            told = True
            yield line.seq
        if told and to_a_person and line.author in ("visitor", "staff"):
            yield line.seq


def _words_of_the_questions(protocol: ScreeningProtocol) -> set[str]:
    questions = (protocol.questionnaire.questions[name] for name in QUESTIONS)
    return {
        fill(words, protocol.contacts)
        for one in questions
        for words in (one.ask, one.reask, one.text)
    }


def _sounds_like_it(
    text: str, protocol: ScreeningProtocol, red_flags: RedFlags
) -> bool:
    if any(heard.kind == "CRISIS" for heard in red_flags.matches(text)):
        return True
    return suggested(protocol.questionnaire, text) in QUESTIONS


def _answered_urgently(later: Iterable[Line]) -> bool:
    reply = next((line for line in later if line.author != "visitor"), None)
    return reply is not None and bool(reply.extras.get("urgent"))
