"""Examples that staff give the assistant, so that it understands the same next time."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from bot.clinic.conversation import tidy

LONGEST_EXAMPLE = 200
_SHORTEST = 2
_NOT_OURS = re.compile(r"[\[\](){}<>|`\\]")
_FRONT = re.compile(r"^[-*•/\s]+")
_CONTACT = re.compile(r"\S@\S|(?:\d[\s().-]*){6,}")


@dataclass(frozen=True)
class Example:
    """One sentence and what it means.

    Args:
        label: an intent, or `faq/` and a topic.
        by: who of the staff chose it.
        on: when, by the clinic's calendar.
    """

    text: str
    label: str
    by: str
    on: date


def worded(text: str) -> str:
    """Return an example as it is kept: one line, without signs that mean something.

    Brackets would become markup in the file, a slash in front an order to the
    assistant; numbers and addresses say who wrote it.

    Raises:
        ValueError: it cannot be used; the message says why.
    """
    line = " ".join(_FRONT.sub("", tidy(text)).split())
    if len(line) < _SHORTEST or not any(sign.isalpha() for sign in line):
        raise ValueError("An example needs a word or two.")
    if len(line) > LONGEST_EXAMPLE:
        raise ValueError(
            f"An example has {LONGEST_EXAMPLE} characters at most. Keep the question."
        )
    if found := _NOT_OURS.search(line):
        raise ValueError(f"Please leave out the sign {found[0]}")
    if _CONTACT.search(line):
        raise ValueError("Please take out telephone numbers and e-mail addresses.")
    return line


def folded(text: str) -> str:
    """Return what two texts share that differ in case and punctuation only."""
    return " ".join(re.sub(r"[^\w\s]|_", " ", text.casefold()).split()) or text
