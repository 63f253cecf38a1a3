"""Puts what somebody typed into plain words: spelling, stops, spoken clocks."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

_NUMBER_WORDS = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_DIGITS = {word: str(number) for number, word in enumerate(_NUMBER_WORDS, start=1)}
_SPELLINGS: Mapping[str, str] = {
    **_DIGITS,
    **dict.fromkeys(("tmrw", "tmr", "tmw", "tomoz", "2moro", "tomorow"), "tomorrow"),
    "tommorow": "tomorrow",
    "tommorrow": "tomorrow",
    "tonight": "today evening",
    "tonite": "today evening",
    "nxt": "next",
    "wk": "week",
    "wks": "weeks",
    "wknd": "weekend",
    "w/c": "week commencing",
    **dict.fromkeys(("w", "w/"), "with"),
    "w/o": "without",
    "24/7": "anytime",
    "mwf": "mon wed fri",
    **dict.fromkeys(("t/th", "tu/th", "tue/thu"), "tues and thurs"),
    "arvo": "afternoon",
    "aft": "afternoon",
    "morn": "morning",
    "wednsday": "wednesday",
    "wensday": "wednesday",
    "thrusday": "thursday",
    "thurday": "thursday",
    "tuseday": "tuesday",
    "saterday": "saturday",
    "a.m": "am",
    "p.m": "pm",
    "am.": "am",
    "pm.": "pm",
}
_DASHES = re.compile(r"[\u2010-\u2015\u2212]")
_SHORT = re.compile(
    r"\b(dr|mr|mrs|ms|st|mon|tues?|weds?|thu(?:rs?)?|fri|sat|sun|jan|feb|mar|apr|jun"
    r"|jul|aug|sept?|oct|nov|dec|appt)\.(?=\s|$)"
)
_STOPS = re.compile(r"[?!;()\"]|[.,](?=\s|$)")

# --- clocks that are spoken: "half past two", "ten to five" --------------------------

_HOUR = rf"(\d{{1,2}}|{'|'.join(_NUMBER_WORDS)})(?![\w:./])"
_BIT = r"(quarter|five|ten|twenty(?:[ -]five)?)"
_BITS = {"half": 30, "1/2": 30, "quarter": 15, "five": 5, "ten": 10, "twenty": 20}
_PAST = re.compile(
    rf"\b(?:a )?(?:(half|1/2|5|10|20|25)|{_BIT})(?: minutes)? past {_HOUR}"
    rf"|\bhalf {_HOUR}"
)
_TO = re.compile(
    rf"(?<!from )(?<!between )\b(?:a )?(?:{_BIT}(?: minutes)? to|(quarter) of) {_HOUR}"
)
_DIGITS_TO = re.compile(rf"(?<!from )(?<!between )\b(5|10|2[05]) to {_HOUR}")
_ABOUT = re.compile(rf"\b({'|'.join(_NUMBER_WORDS)}|noon|midday)-? ?ish\b")


def plain_words(text: str) -> str:
    """Return a text in small letters, with its usual misspellings put right.

    Clauses are parted by a lonely comma, and a spoken clock becomes "2:30".
    """
    text = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    text = _STOPS.sub(" , ", _SHORT.sub(r"\1", _DASHES.sub("-", text)))
    text = re.sub(r"\b(?:apart|aside) from\b", "except", text)
    text = re.sub(r"\b(\d{1,2})h([0-5]\d)\b", r"\1:\2", text)
    text = re.sub(r"\bat (\d{1,2}) ([0-5]\d)(?=\s|$)", r"at \1:\2", text)
    text = _TO.sub(_minutes_to, _PAST.sub(_minutes_past, " ".join(text.split())))
    text = _ABOUT.sub(r"around \1", _DIGITS_TO.sub(_digits_to, text))
    return " ".join(_SPELLINGS.get(word, word) for word in text.split())


def _minutes_past(found: re.Match[str]) -> str:
    bit = found[1] or found[2] or "half"
    return _spoken(found[3] or found[4], _bit(bit))


def _minutes_to(found: re.Match[str]) -> str:
    return _spoken(found[3], -_bit(found[1] or found[2]))


def _digits_to(found: re.Match[str]) -> str:
    """Read "5 to 5" and "20 to 9"; "10 to 5" may be a stretch of hours."""
    bit, hour = int(found[1]), int(_DIGITS.get(found[2], found[2]))
    is_clock = hour <= 12 and (bit == hour or bit >= 20)
    return _spoken(found[2], -bit) if is_clock else found[0]


def _bit(word: str) -> int:
    return int(word) if word.isdigit() else _BITS.get(word, 25)


def _spoken(hour: str, minutes: int) -> str:
    number = int(_DIGITS.get(hour, hour))
    if not 1 <= number <= 12:
        return f"{number}:{minutes % 60:02d}"
    total = (number * 60 + minutes) % 720
    return f"{total // 60 or 12}:{total % 60:02d}"
