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
_MOVES = (
    r"(?:push|move|put|bring|shift|postpone|delay|pull|set|kick|bump|knock|take|make|do"
    r"|get|have|book|change|reschedule|come|switch)"
)
_BY_ITSELF = ("push", "shift", "postpone", "delay", "kick", "bump", "knock")
"""Who does so to a visit by a week means a week later."""

_COUNTS = {"half an": 0.5, "a": 1, "an": 1, "a couple of": 2, "a few": 3}
_STEPS = {
    "d": _DAY,
    "w": _WEEK,
    "f": 2 * _WEEK,
    "h": timedelta(hours=1),
    "m": timedelta(minutes=1),
}
_COUNT = r"(?:(half an|a|an|\d{1,2}|a couple of|a few) )"
_BY = re.compile(
    rf"\b({_MOVES})(?:ing)?\b((?: (?!by\b)[a-z']+){{0,5}}?)"
    rf" (?:(back|forward|forwards|up|on|out|down|ahead) )?(?:by )?"
    rf"{_COUNT}(day|week|fortnight|hour|hr|minute|min)s?\b"
    r"(?: (later|earlier|sooner|back|forward|forwards|up|ahead))?"
    r"(?! (?:before|after|from|of|on)\b)"
)
_FURTHER = re.compile(
    rf"(?<!or )\b{_COUNT}(days|weeks|fortnights?) (after|later|before|earlier|sooner)"
    r"(?=\s*(?:$|,|(?:please|pls|instead|if|at|around|in|maybe|would|works?|is|and|but"
    r"|same|then|too)\b))"
)
_NEXT_WEEK = re.compile(r"\b(?:the )?following week\b|\bthe next week\b")
_EARLIER = ("before", "earlier", "sooner", "forward", "forwards", "up", "ahead")
_A_BIT = re.compile(
    r"\b(?:a (?:bit|little|touch)|slightly|somewhat|any|much) (later|earlier|sooner)\b"
    r"(?: (?:on )?(?:(?:on |in )?(?:that|the same|the) day))?"
    r"|\b(later|earlier|sooner) (?:on )?(?:(?:on |in )?(?:that|the same|the) day)\b"
    r"|\b(?:that|the same|same) day,? (?:but )?(?:a (?:bit|little) )?"
    r"(later|earlier|sooner)\b"
)
_AT_ALL = re.compile(
    r"^(?:(?:hi|hello|ok|please|can|could|would|may|we|i|you|it|be|move|make|push|bring"
    r"|come|my|the|appointment|visit|to|something|anything|have|is|there|do|get|for|it's"
    r"|that|time|need|want|like|rather|a|an) ?)*"
    r"(later|earlier|sooner)(?: (?:one|time|date|instead|please|if possible|pls))*$"
)
_DAYS = re.compile(
    r"(?<!or )\b(?:the|a|1) (day|week) (after|later|before|earlier)"
    r"(?=\s*(?:$|,|(?:please|pls|instead|if|at|around|in|maybe|perhaps|would|works?|is"
    r"|and|but|with|same|then|too)\b))|\b(?:the )?(?:next|following) day\b"
)
_SHIFTS = (_LATER, _A_BIT, _BY, _FURTHER, _NEXT_WEEK, _DAYS)
_THE_NTH = re.compile(
    r"\b(?:the )?(\d{1,2})(?:st|nd|rd|th)\b(?! (?:of|one|time|visit|appointment|week))"
)
_SAYS_MONTH = re.compile(
    r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b|\bmonth\b"
)
_SAYS_HOUR = re.compile(
    r"\d(?!\d| (?:day|week|fortnight))"
    r"|\b(?:mornings?|afternoons?|evenings?|noon|lunch)\b"
)
_ALIKE = re.compile(r"\b(?:on |at )?(?:the )?(?:same|that) (day|week|time)\b")


def beside_visit(text: str, at: datetime, this_day: date) -> str:
    """Return a text as `beside` does, where it speaks of a visit that is to be moved.

    "Can it be earlier?" wishes for a time before that of the visit.

    Args:
        at: when the visit is, on the clinic's clock.
        this_day: today.
    """
    plain = plain_words(text)
    if _NEXT_WEEK.search(plain):
        text = _NEXT_WEEK.sub("the week after", plain)
    words = beside(text, at, this_day=this_day)
    found = _AT_ALL.match(plain.strip(" ?.!,")) if words == text else None
    if found is None:
        return words
    return f"{'from' if found[1] == 'later' else 'by'} {at:%Y-%m-%d}"


def moves(text: str) -> bool:
    """Tell whether a text says how much earlier or later than something known."""
    plain = plain_words(text)
    return any(one.search(plain) for one in _SHIFTS) or bool(
        _AT_ALL.match(plain.strip(" ?.!,"))
    )


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
    words = _A_BIT.sub(partial(_a_bit, at=at), words)
    hour = "" if _SAYS_HOUR.search(words) else f" around {say_time(at)}"
    words = _BY.sub(partial(_moved_by, at=at, hour=hour), words)
    words = _FURTHER.sub(partial(_further, at=at, hour=hour), words)
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


def _a_bit(found: re.Match[str], at: datetime) -> str:
    side = "after" if "later" in found.groups() else "before"
    return f"{at:%Y-%m-%d} {side} {say_time(at)}"


def _moved_by(found: re.Match[str], at: datetime, hour: str) -> str:
    verb, between, way, count, unit, behind = found.groups()
    if not (way or behind or verb in _BY_ITSELF):
        return found[0]
    earlier = way in _EARLIER or behind in _EARLIER
    return f"{between} {_by(count, unit, at, hour, earlier=earlier)}"


def _further(found: re.Match[str], at: datetime, hour: str) -> str:
    count, unit, way = found.groups()
    return _by(count, unit, at, hour, earlier=way in _EARLIER)


def _by(count: str, unit: str, at: datetime, hour: str, *, earlier: bool) -> str:
    number = _COUNTS.get(count) or int(count)
    step = _STEPS[unit[0]] * number
    moved = at - step if earlier else at + step
    return f"{moved:%Y-%m-%d}" + (f" at {say_time(moved)}" if unit[0] in "hm" else hour)


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
