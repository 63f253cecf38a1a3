"""Reads what leans on a time: "an hour later", "the week after", "someone else"."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Collection
from datetime import date, datetime, timedelta
from functools import partial

from bot.clinic.plain_words import plain_words
from bot.clinic.when import say_time

_NUMBER = r"(?<![\d.,])(half an|an?|\d{1,2}(?:[.,]5)?)( and a half)?"
_AND_A_HALF = re.compile(r"\b(an?|\d{1,2}) (hours?|hrs?) and a half\b")
_DAY, _WEEK = timedelta(days=1), timedelta(days=7)
_ELSE = re.compile(
    r"\b(?:(?:any|some) ?(?:one|body|1)|who) else\b"
    r"|\b(?:another|a different|(?:any )?other)"
    r" (?:practitioner|acupuncturist|therapist|doctor|person|people)s?\b"
)
_LATER = re.compile(
    rf"\b{_NUMBER} (hours?|hrs?|min(?:ute)?s?) (later|earlier|after|before|sooner)\b"
)
_DAYS = re.compile(
    r"(?<!or )\b(?:the|a|1) (day|week) (after|later|before|earlier)"
    r"(?=\s*(?:$|,|(?:please|pls|instead|if|at|around|in|maybe|perhaps|would|works?|is"
    r"|and|but|with|same|then|too)\b))|\b(?:the )?(?:next|following) day\b"
)
_THE_NTH = re.compile(
    r"\b(?:the )?(\d{1,2})(?:st|nd|rd|th)\b(?! (?:of|one|time|visit|appointment|week))"
)
_SAYS_MONTH = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\bmonth\b"
)
_SAYS_HOUR = re.compile(r"\d|\b(?:mornings?|afternoons?|evenings?|noon|lunch)\b")
_ALIKE = re.compile(r"\b(?:on |at )?(?:the )?(?:same|that) (day|week|time)\b")


def means_others(text: str) -> bool:
    """Tell whether other people are asked for than those who were proposed."""
    return bool(_ELSE.search(plain_words(text)))


def beside(
    text: str,
    at: datetime,
    people: Collection[str] = (),
    this_day: date = date.min,
) -> str:
    """Return a text with what leans on a time put into words of its own.

    "An hour later" beside Tuesday at 4 becomes "2026-12-01 at 5 pm".

    Args:
        at: the time that was spoken of, on the clinic's clock.
        people: the names of those who were proposed; "someone else" is none of them.
        this_day: today; what leans on a month is not before it.
    """
    plain = plain_words(text)
    words = _AND_A_HALF.sub(r"\1 and a half \2", plain)
    words = _LATER.sub(partial(_later, at=at), words)
    hour = "" if _SAYS_HOUR.search(words) else f" around {say_time(at)}"
    words = _DAYS.sub(partial(_other_day, at=at, hour=hour), words)
    words = _ALIKE.sub(partial(_alike, at=at), words)
    if this_day.replace(day=1) != at.date().replace(day=1) and not _SAYS_MONTH.search(
        words
    ):
        words = _THE_NTH.sub(partial(_same_month, at=at, this_day=this_day), words)
    if people:
        words = _ELSE.sub(f", not with {' or '.join(people)} ,", words)
    return text if words == plain else words


def _later(found: re.Match[str], at: datetime) -> str:
    number, half, unit, way = found.groups()
    count = {"half an": 0.5, "a": 1.0, "an": 1.0}.get(number)
    if count is None:
        count = float(number.replace(",", "."))
    one = timedelta(hours=1) if unit.startswith("h") else timedelta(minutes=1)
    by = (count + (0.5 if half else 0)) * one
    moved = at - by if way in ("earlier", "before", "sooner") else at + by
    return f"{moved:%Y-%m-%d} at {say_time(moved)}"


def _other_day(found: re.Match[str], at: datetime, hour: str) -> str:
    step = _WEEK if found[1] == "week" else _DAY
    moved = at - step if found[2] in ("before", "earlier") else at + step
    return f"{moved:%Y-%m-%d}" + (hour if found[1] == "week" else "")


def _same_month(found: re.Match[str], at: datetime, this_day: date) -> str:
    """Read "the 22nd" in the month that was spoken of, if that month has it."""
    day = int(found[1])
    has_it = 1 <= day <= monthrange(at.year, at.month)[1]
    if not has_it or at.date().replace(day=day) < this_day:
        return found[0]
    return f"{at.replace(day=day):%Y-%m-%d}"


def _alike(found: re.Match[str], at: datetime) -> str:
    return {
        "day": f"{at:%Y-%m-%d}",
        "week": f"week of {at:%Y-%m-%d}",
        "time": f"around {say_time(at)}",
    }[found[1]]
