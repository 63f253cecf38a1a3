"""How long ago something was, as people say it."""

from __future__ import annotations

import calendar
import re
from datetime import date

from bot.clinic.figures import numbers
from bot.clinic.hindi_numbers import in_figures
from bot.clinic.replies import plain

_UNITS = {
    "minute": 0.0,
    "min": 0.0,
    "hour": 1 / 24,
    "hr": 1 / 24,
    "day": 1.0,
    "night": 1.0,
    "week": 7.0,
}
_UNITS |= {"wk": 7.0, "fortnight": 14.0, "month": 30.4, "year": 365.0, "yr": 365.0}
# Hindi as it is typed in English letters; needs a native speaker's look.
_UNITS |= {"din": 1.0, "hafta": 7.0, "hafte": 7.0, "mahina": 30.4, "mahine": 30.4}
_UNITS |= {"hafton": 7.0, "mahinon": 30.4, "saal": 365.0}
_AMOUNTS = {"a": 1, "an": 1, "one": 1, "couple": 2, "few": 3, "several": 4}
_QUANTITY = re.compile(
    r"\b(?P<amount>(?:[a-z]+ty )?[a-z0-9.]+)(?: (?:of|more|full|whole))?"
    r" ?(?P<unit>minute|min|hour|hr|day|night|week|wk|fortnight|month|din"
    r"|hafta|hafte|hafton|mahina|mahine|mahinon|saal|year|yr)s?\b"
)
_SHORT = {"d": "day", "w": "week", "mo": "month", "mth": "month", "y": "year"}
_SHORTENED = re.compile(r"(?<=\d) ?(d|w|mo|mth|y)s?\b")
_PARTS = re.compile(r"[,;.]+(?!\d)|\bbut\b")
_THIS_TIME = re.compile(r"\b(this|the last|the latest) (time|bout|episode|attack)\b")
_NOT_SO = re.compile(
    r"^(its |it is |i said )?(no )?not (for |since |about )?[a-z0-9]+ "
)
_FIXED = (
    (r"\bday before yesterday\b", 2),
    (r"\b(yesterday|last (night|evening))\b", 1),
    (r"\b(today|tonight|this (morning|afternoon|evening)|just now|an hour ago)\b", 0),
    (r"\bparson? se\b", 2),
    (r"\bkal se\b", 1),
    (r"\baaj( se| subah| hi)\b", 0),
    (r"\blast week(end)?\b", 7),
    (r"\blast month\b", 30),
    (r"\blast year\b", 365),
)
_WEEKDAYS = tuple(name.casefold() for name in calendar.day_name)
_MONTHS = tuple(name.casefold() for name in calendar.month_name[1:])
_MONTH = re.compile(rf"\b(?:since|in|from|around|last) ({'|'.join(_MONTHS)})\b")
_YEAR = re.compile(r"\b(?:since|in|from|around) ((?:19|20)\d\d)\b")


def days_ago(text: str, today: date | None = None) -> int | None:
    """Read a stretch of time as whole days.

    "more than 12 weeks" is one day longer than "12 weeks", "less than" one shorter.
    Of the days that a weekday may mean, the latest one is taken.

    Args:
        text: the reply, e.g. "since last tuesday" or "about 3 weeks".
        today: needed for weekdays, months and years; without it those are not read.
    """
    figures = in_figures(text).casefold()
    whole = _SHORTENED.sub(lambda one: _SHORT[one[1]], figures)
    spaced = re.sub(r"(?<=\d)(?=[a-z])", " ", whole)
    said = _of_this_time([*filter(None, map(plain, _PARTS.split(spaced)))])
    said = re.sub(r"\b\d+ to (?=\d)", "", said.replace("half a year", "6 months"))
    counted = _counted(said)
    if counted is not None:
        longer = bool(re.search(r"\b(more than|over|longer than)\b", said))
        shorter = bool(re.search(r"\b(less than|under|not quite|almost)\b", said))
        return max(0, round(counted) + longer - shorter)
    named = (days for pattern, days in _FIXED if re.search(pattern, said))
    dated = _dated(said, today) if today else None
    return next(named, dated)


def _of_this_time(parts: list[str]) -> str:
    """Return what is said of now: "this time 2 days", and not "not 2 weeks"."""
    now = [one for one in parts if _THIS_TIME.search(one) and _counted(one) is not None]
    told = [one for one in now or parts if not (_NOT_SO.match(one) and len(parts) > 1)]
    return " ".join(told)


def _counted(said: str) -> float | None:
    """Read "3 weeks", "a couple of months", "forty five days"."""
    for match in _QUANTITY.finditer(said):
        amount = _amount(match["amount"])
        if amount is not None:
            return amount * _UNITS[match["unit"]]
    return None


def _amount(words: str) -> float | None:
    found = numbers(words)
    return found[0] if found else _AMOUNTS.get(words.split()[-1])


def _dated(said: str, today: date) -> int | None:
    """Read a weekday, a month or a year."""
    for index, name in enumerate(_WEEKDAYS):
        if re.search(rf"\b{name}\b", said):
            return (today.weekday() - index) % 7 or 7
    month = _MONTH.search(said)
    if month:
        number = _MONTHS.index(month[1]) + 1
        year = today.year - (number >= today.month)
        return (today - date(year, number, 15)).days
    year_said = _YEAR.search(said)
    if year_said:
        return max(0, (today - date(int(year_said[1]), 7, 1)).days)
    return None
