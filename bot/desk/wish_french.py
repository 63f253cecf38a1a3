"""Puts the French words for days and hours into English, for clinics in Canada."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_ENGLISH: Mapping[str, str] = {
    "lundi": "monday",
    "mardi": "tuesday",
    "mercredi": "wednesday",
    "jeudi": "thursday",
    "vendredi": "friday",
    "samedi": "saturday",
    "dimanche": "sunday",
    "aujourd'hui": "today",
    "demain": "tomorrow",
    "apres-demain": "day after tomorrow",
    "matin": "morning",
    "matinee": "morning",
    "midi": "noon",
    "apres-midi": "afternoon",
    "soir": "evening",
    "soiree": "evening",
    "semaine": "week",
    "fin-de-semaine": "weekend",
    "mois": "month",
    "apres": "after",
    "avant": "before",
    "vers": "around",
    "entre": "between",
    "jusqu'a": "until",
    "des": "from",
    "ou": "or",
    "et": "and",
    "pas": "not",
    "janvier": "january",
    "fevrier": "february",
    "juin": "june",
    "juillet": "july",
    "aout": "august",
    "septembre": "september",
    "octobre": "october",
    "novembre": "november",
    "decembre": "december",
}
"""Mars, avril and mai are read beside a number only: two of them are names."""

_UNIT = "|".join((*(day for day in _ENGLISH if day.endswith("di")), "dimanche"))
_NEXT = re.compile(rf"\b({_UNIT}|semaine|mois|fin-de-semaine) prochaine?\b")
_HOUR = re.compile(r"\b(\d{1,2}) ?h(?:eures?)? ?([0-5]\d)?\b(?! (?:notice|ago))")
_JOINED = re.compile(r"\b(?:l'|d')(?=\w)")


def from_french(words: str) -> str:
    """Return some words with "jeudi prochain vers 17h" as "next thursday around 17:00".

    Args:
        words: in small letters.
    """
    plain = _JOINED.sub("", _without_accents(words))
    plain = re.sub(r"\bfins? de semaine\b", "fin-de-semaine", plain)
    plain = _NEXT.sub(r"next \1", re.sub(r"\bapres midi\b", "apres-midi", plain))
    said = " ".join(_ENGLISH.get(word, word) for word in plain.split())
    if said == plain:
        return words
    return _HOUR.sub(lambda found: f"{found[1]}:{found[2] or '00'}", said)


def _without_accents(words: str) -> str:
    parted = unicodedata.normalize("NFD", words)
    return "".join(sign for sign in parted if unicodedata.category(sign) != "Mn")
