"""Whom to call in an emergency or a crisis, and the sentences that say so."""

from __future__ import annotations

import re
from dataclasses import dataclass, fields

TOLD = ("I've told the clinic team", "has been told")
"""Only true once the alert has reached somebody."""
SAME_DAY = ("call you today",)
"""Only fair where somebody is on duty."""

_SENTENCE = re.compile(r"(?<=[.?!])\s+")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


@dataclass(frozen=True)
class Contacts:
    """The numbers and names that fill the placeholders of every safety text.

    Args:
        country: a key of contacts.yml.
        emergency: the number to call when life is at risk.
        crisis: whom to talk to, as words for the middle of a sentence.
        health_line: who gives medical advice on the same day, likewise.
        review_by: until when a practitioner has looked at the answers; "" where the
            clinic promises nothing.
    """

    country: str
    emergency: str
    crisis: str
    health_line: str
    clinic_phone: str
    clinic: str
    adult_age: str
    review_by: str = ""


PLACEHOLDERS = frozenset(one.name for one in fields(Contacts)) - {"country"}


def fill(
    text: str,
    contacts: Contacts,
    *,
    alert_delivered: bool = False,
    on_duty: bool = False,
) -> str:
    """Fill a safety text, leaving out every sentence that would not be true.

    Args:
        text: a text with placeholders such as `{emergency}`.
        contacts: what stands for them.
        alert_delivered: whether staff have really been told.
        on_duty: whether somebody can call back today.
    """
    untrue = (() if alert_delivered else TOLD) + (() if on_duty else SAME_DAY)
    said = [
        sentence
        for sentence in _SENTENCE.split(text)
        if not any(phrase in sentence for phrase in untrue)
        and all(getattr(contacts, name) for name in _PLACEHOLDER.findall(sentence))
    ]
    return " ".join(said).format(**vars(contacts))


def unknown_placeholders(text: str) -> list[str]:
    """Return the placeholders of a text that nothing can fill."""
    return [name for name in _PLACEHOLDER.findall(text) if name not in PLACEHOLDERS]
