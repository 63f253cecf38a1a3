"""Finds what leans on an earlier visit: "same time as last time", "my usual"."""

from __future__ import annotations

import re

from bot.clinic.plain_words import plain_words
from bot.clinic.wish_vocabulary import MOST_WORDS, belongs_to_a_wish, words_in

_PERSON = r"(?:person|practitioner|acupuncturist|therapist|doctor|lady|woman|man|guy|1)"
# sl[o]t: the word itself is ruled out here, but visitors use it.
TIME = r"(?:day and time|time and day|day|time|sl[o]t|hour)"
_BEFORE = (
    r"(?:as (?:last (?:time|visit|week|month)|before|always|usual|ever"
    r"|(?:my|the) (?:last|previous) (?:1|visit|appointment|time))"
    r"|(?:i|we) (?:had|came|usually \w+|always \w+)(?: last time| before)?)"
)
_ASKS_FOR = r"(?:^|, |\b(?:book|have|do|get|want|like|take|please) (?:me )?(?:in )?)"
SAME_TIME = re.compile(
    rf"\b(?:at |on )?(?:the |my )?(?:same {TIME} (?:{_BEFORE}|again\b)"
    rf"|(?:usual|normal) {TIME}\b)"
    r"|\b(?:at )?(?:my|the|our) usual"
    r"(?=\s*(?:$|,|(?:please|pls|then|if|for|next|this|on|again)\b))"
    rf"|{_ASKS_FOR}(?:the )?same (?:again\b|{_BEFORE})"
)
_SAME_BESIDE = re.compile(
    rf"\b(?:at )?(?:the )?same {TIME} (?:on |in )?"
    r"(?:(?:the|a|1) (?:day|week) (?:after|later|before|earlier)"
    r"|(?:the )?following (?:day|week))\b"
)
_SAYS_TIME = re.compile(rf"\bsame {TIME}\b|\b(?:usual|normal)\b")
_ASKS_WHEN = re.compile(r"(?:is|are|was|will|does|did|when|what|how)\b(?! about\b)")
SAME_PERSON = re.compile(
    rf"\b(?:with |by |see )?(?:the |my )?(?:same {_PERSON}\b(?: {_BEFORE})?"
    rf"|usual {_PERSON}\b)"
    rf"|\b(?:with|by|see) (?:whoever|who|the {_PERSON}) (?:i|we) (?:saw|had|met)"
    r"(?: last time| before)?"
)


def leans_on_earlier(text: str) -> bool:
    """Tell whether a wish can be read only by somebody who knows the visit before."""
    plain = plain_words(text)
    return bool(SAME_PERSON.search(plain) or SAME_TIME.search(plain))


def earlier_time_alone(text: str) -> bool:
    """Tell whether a message says little but that the time shall be as before.

    "Same time as last time please" asks when no visit is and moves none; "same as last
    time" may be about the pain.
    """
    plain = plain_words(text)
    found = SAME_TIME.search(plain) or _SAME_BESIDE.search(plain)
    if found is None or not _SAYS_TIME.search(found[0]) or _ASKS_WHEN.match(plain):
        return False
    beside = words_in(_SAME_BESIDE.sub(" ", SAME_TIME.sub(" ", plain)))
    return len(beside) <= MOST_WORDS and all(map(belongs_to_a_wish, beside))
