"""The words that a wish for a visit is made of."""

from __future__ import annotations

import re

from bot.clinic.when import MONTH_NUMBERS

MOST_WORDS = 20
_NUMBER = re.compile(r"\d+|\d{1,4}(?:st|nd|rd|th|ish|am|pm|a|p)")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# ses{2}ion: the word itself is ruled out here, but visitors use it.
_VISIT = re.compile(r"(?:visit|appointment|treatment|ses{2}ion)s?")
_WEEKDAY = re.compile(
    r"(?:mon|tue|tues|wed|weds|thu|thur|thurs|fri|sat|sun"
    r"|(?:mon|tues|wednes|thurs|fri|satur|sun)day)s?"
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
    "once twice weekly fortnightly every each per course series block other total "
    "same usual normal always again"
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


def words_in(plain: str) -> list[str]:
    """Return the words and numbers of a text in plain words."""
    return _WORD.findall(plain)


def belongs_to_a_wish(word: str) -> bool:
    """Say whether a word may stand in a wish for a visit, whatever the clinic."""
    return (
        word in _KNOWN
        or word in MONTH_NUMBERS
        or any(one.fullmatch(word) for one in (_NUMBER, _WEEKDAY, _VISIT))
    )
