"""Puts what leans on an earlier visit into words of its own."""

from __future__ import annotations

import re

from bot.clinic.booking import Appointment
from bot.clinic.earlier_words import SAME_PERSON, SAME_TIME, TIME
from bot.clinic.plain_words import plain_words
from bot.clinic.profile import Clinic
from bot.clinic.when import WEEKDAYS, say_time

_ALIKE = re.compile(rf"\b(?:at |on )?(?:the )?same {TIME}\b")
_NAMES_DAY = re.compile(
    r"\b(?:mon|tue|wed|thu|fri|sat|sun)\w*\b|\btoday\b|\btomorrow\b"
)


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
    words = SAME_PERSON.sub(f" {person}", plain)
    if words == plain:
        time = f"{time} {person}"
    words = _ALIKE.sub(time, SAME_TIME.sub(f" {time} ", words))
    return text if words == plain else " ".join(words.split())
