"""Reads what leans on an earlier visit: "same time as last time", "my usual"."""

from __future__ import annotations

import re

from bot.clinic.booking import Appointment
from bot.clinic.plain_words import plain_words
from bot.clinic.profile import Clinic
from bot.clinic.when import WEEKDAYS, say_time

_PERSON = r"(?:person|practitioner|acupuncturist|therapist|doctor|lady|woman|man|guy|1)"
# sl[o]t: the word itself is ruled out here, but visitors use it.
_TIME = r"(?:day and time|time and day|day|time|sl[o]t|hour)"
_BEFORE = (
    r"(?:as (?:last (?:time|visit|week|month)|before|always|usual|ever"
    r"|(?:my|the) (?:last|previous) (?:1|visit|appointment|time))"
    r"|(?:i|we) (?:had|came|usually \w+|always \w+)(?: last time| before)?)"
)
_ASKS_FOR = r"(?:^|, |\b(?:book|have|do|get|want|like|take|please) (?:me )?(?:in )?)"
_SAME_TIME = re.compile(
    rf"\b(?:at |on )?(?:the |my )?(?:same {_TIME} (?:{_BEFORE}|again\b)"
    rf"|(?:usual|normal) {_TIME}\b)"
    r"|\b(?:at )?(?:my|the|our) usual"
    r"(?=\s*(?:$|,|(?:please|pls|then|if|for|next|this|on|again)\b))"
    rf"|{_ASKS_FOR}(?:the )?same (?:again\b|{_BEFORE})"
)
_SAME_PERSON = re.compile(
    rf"\b(?:with |by |see )?(?:the |my )?(?:same {_PERSON}\b(?: {_BEFORE})?"
    rf"|usual {_PERSON}\b)"
    rf"|\b(?:with|by|see) (?:whoever|who|the {_PERSON}) (?:i|we) (?:saw|had|met)"
    r"(?: last time| before)?"
)
_ALIKE = re.compile(rf"\b(?:at |on )?(?:the )?same {_TIME}\b")
_NAMES_DAY = re.compile(
    r"\b(?:mon|tue|wed|thu|fri|sat|sun)\w*\b|\btoday\b|\btomorrow\b"
)


def leans_on_earlier(text: str) -> bool:
    """Tell whether a wish can be read only by somebody who knows the visit before."""
    plain = plain_words(text)
    return bool(_SAME_PERSON.search(plain) or _SAME_TIME.search(plain))


def as_before(text: str, visit: Appointment, clinic: Clinic) -> str:
    """Return a text with what leans on an earlier visit in words of its own.

    "Same time as last time" is "thursdays around 4 pm with Ada Moro", and "same time
    next week" too. Where another day is named, only the time and the person are taken.

    Args:
        visit: with somebody whom the clinic still has.
    """
    at, plain = visit.starts_at.astimezone(clinic.zone), plain_words(text)
    day = "" if _NAMES_DAY.search(plain) else f"{WEEKDAYS[at.weekday()].lower()}s "
    person = f"with {clinic.practitioners[visit.practitioner_id].name}"
    time = f"{day}around {say_time(at)}"
    # The person first: "same ... as last time" would take the time for both.
    words = _SAME_PERSON.sub(f" {person}", plain)
    if words == plain:
        time = f"{time} {person}"
    words = _ALIKE.sub(time, _SAME_TIME.sub(f" {time} ", words))
    return text if words == plain else " ".join(words.split())
