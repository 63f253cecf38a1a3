"""Tells a message that only wishes for a time from one that says more than that."""

from __future__ import annotations

import re
from datetime import datetime

from bot.clinic.plain_words import plain_words
from bot.clinic.profile import Clinic
from bot.clinic.when import today
from bot.clinic.wish import Wish
from bot.clinic.wish_vocabulary import MOST_WORDS, belongs_to_a_wish, words_in
from bot.desk.wish_dates import month_of
from bot.desk.wish_feasts import without_feasts
from bot.desk.wish_who import names_a_therapy
from bot.desk.wishes import WishRead, clinic_words, read_wish

_GREETING = re.compile(
    r"\b(?:good|great|nice|lovely) (?:morning|afternoon|evening|night|day|week)"
    r"|\bsee (?:you|ya|u)\b"
)


def wish_alone(text: str, clinic: Clinic, now: datetime) -> WishRead:
    """Read a message in which nothing but a wish for a visit is said.

    "Thursday after 5, any chance?" is one. "My knee hurts since Thursday" is not: it
    holds words that belong to no wish. So it may be read where nobody asked for one.

    Returns:
        None where something else is said as well, or nothing about days, hours or
        people.
    """
    plain = clinic_words(text, clinic)
    this_day = today(now, clinic.zone)
    words = words_in(without_feasts(plain, clinic.country, this_day))
    if len(words) > MOST_WORDS or text.strip().isdigit():
        return None
    if _GREETING.search(plain):
        return None
    known = _names(clinic)
    if not all(
        _belongs(word, known, clinic.country) or names_a_therapy(word, clinic)
        for word in words
    ):
        return None
    read = read_wish(text, clinic, now)
    if isinstance(read, Wish) and not _says_enough(read):
        return None
    return read


def _says_enough(wish: Wish) -> bool:
    return bool(wish.says_when or wish.says_whom or wish.places or wish.course)


def _names(clinic: Clinic) -> frozenset[str]:
    """Return the words of the people, places and languages that a wish may name."""
    texts = [one.name for one in clinic.practitioners.values()]
    texts += [f"{one.name} {one.address}" for one in clinic.places.values()]
    for one in clinic.practitioners.values():
        texts += one.languages
    return frozenset(word for text in texts for word in words_in(text.lower()))


def _belongs(word: str, known: frozenset[str], country: str) -> bool:
    return (
        word in known or belongs_to_a_wish(word) or month_of(word, country) is not None
    )


def words_beside(text: str) -> int:
    """Count the words that neither ask for a visit nor are kind: "hi, can i come"."""
    words = words_in(plain_words(text))
    return sum(not _belongs(word, frozenset(), "") for word in words)
