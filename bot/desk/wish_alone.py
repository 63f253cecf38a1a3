"""Tells a message that only wishes for a time from one that says more than that."""

from __future__ import annotations

import re
from datetime import datetime

from bot.clinic.profile import Clinic
from bot.clinic.when import today
from bot.clinic.wish import Wish
from bot.desk.wish_dates import month_of
from bot.desk.wish_feasts import without_feasts
from bot.desk.wish_who import MOST_VISITS, read_course
from bot.desk.wish_words import plain_words
from bot.desk.wishes import WishRead, clinic_words, read_wish

_MOST_WORDS = 20
_NUMBER = re.compile(r"\d+|\d{1,4}(?:st|nd|rd|th|ish|am|pm|a|p)")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# ses{2}ion: the word itself is ruled out here, but visitors use it.
_VISIT = re.compile(r"(?:visit|appointment|treatment|ses{2}ion)s?")
_WEEKDAY = re.compile(
    r"(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?"
)
_GREETING = re.compile(
    r"\b(?:good|great|nice|lovely) (?:morning|afternoon|evening|night|day|week)"
    r"|\bsee (?:you|ya|u)\b"
)


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_SAYS_WHEN = _words(
    "today tomorrow yesterday day days week weeks weekend weekends weekday weekdays "
    "fortnight month months morning mornings afternoon afternoons evening evenings "
    "night nights lunch lunchtime noon midday late later early earlier earliest latest "
    "soonest soon asap first thing last end start beginning middle half quarter past "
    "am pm o'clock oclock ish whatever whatever's whichever whenever anytime time "
    "times sometime next this coming following after before between around about until "
    "till by at on in from to work school within except either first second third "
    "fourth mid couple few commencing year post then through onwards flexible hour "
    "hours finish over "
    "once twice weekly fortnightly every each per course series block other total"
)
_SAYS_WHOM = _words(
    "woman women female lady man men male practitioner acupuncturist therapist doctor "
    "someone somebody anyone anybody guy girl person who speaks speaking with online "
    "video zoom"
)
_POLITE = _words(
    "a an the le la en du au el of de or and but not for any anything chance please "
    "pls plz thanks thank you hi hello hey ok okay so then maybe perhaps possibly "
    "ideally preferably i i'd id we me my like prefer would could can will do does "
    "have got get be is are it that's thats there works work suits suit good fine "
    "great possible available free how what only just make me come one some there's "
    "no need want looking hoping wondering something see book fit squeeze spot "
    "opening gap actually sorry if when all also really best better than rather as "
    "i'm am us"
)
_KNOWN = _SAYS_WHEN | _SAYS_WHOM | _POLITE


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
    words = _WORD.findall(without_feasts(plain, clinic.country, this_day))
    if len(words) > _MOST_WORDS or text.strip().isdigit():
        return None
    if _GREETING.search(plain):
        return None
    known = _names(clinic)
    if not all(_belongs(word, known, clinic.country) for word in words):
        return None
    read = read_wish(text, clinic, now)
    if isinstance(read, Wish) and not _says_enough(read):
        return None
    return read


def course_alone(text: str) -> bool:
    """Tell whether a message says nothing but how often somebody wants to come.

    "Once a week for six weeks" is no question of how often one should.
    """
    plain = plain_words(text)
    course = read_course(plain)
    words = _WORD.findall(plain)
    return (
        "?" not in text
        and course is not None
        and 2 <= course.count <= MOST_VISITS
        and len(words) <= _MOST_WORDS
        and all(_belongs(word, frozenset(), "") for word in words)
    )


def _says_enough(wish: Wish) -> bool:
    return bool(wish.says_when or wish.says_whom or wish.places or wish.course)


def _names(clinic: Clinic) -> frozenset[str]:
    """Return the words of the people, places and languages that a wish may name."""
    texts = [one.name for one in clinic.practitioners.values()]
    texts += [f"{one.name} {one.address}" for one in clinic.places.values()]
    texts += clinic.therapies.values()
    for one in clinic.practitioners.values():
        texts += one.languages
    return frozenset(word for text in texts for word in _WORD.findall(text.lower()))


def _belongs(word: str, known: frozenset[str], country: str) -> bool:
    return (
        word in _KNOWN
        or word in known
        or any(one.fullmatch(word) for one in (_NUMBER, _WEEKDAY, _VISIT))
        or month_of(word, country) is not None
    )
