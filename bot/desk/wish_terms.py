"""The grammar of single terms for days: "thursday week", "the first monday in june".

A term is tried by one rule after the other; a rule that does not fit puts the words
back. What stands between terms ("or", "not", "before") is for `bot.desk.wish_days`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from bot.clinic.when import MONTHS, WEEKDAYS
from bot.desk.wish_calendar import Calendar, DaySet, NoSuchDate, one, stretch
from bot.desk.wish_dates import (
    FEASTS,
    english_month,
    in_year,
    month_ahead,
    month_days,
    month_of,
    next_feast,
    next_with,
    numeric,
    year_of,
)

_TOKEN = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}"
    r"|\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d\d)(?!\d)"
    r"|\d{1,2} ?/ ?\d{1,2}(?!\d)"
    r"|\d{1,2}[:.]\d{2}(?!\d)|\d+[^\W\d_]*"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*|[^\w\s]"
)
_SHORT_DAYS = (
    *("mon", "tue", "tues", "wed", "weds", "thu", "thur", "thurs"),
    *("fri", "sat", "sun"),
)
_STEMS = [name[:3].lower() for name in WEEKDAYS]
_NAMES = {
    **{short: frozenset({_STEMS.index(short[:3])}) for short in _SHORT_DAYS},
    **{name.lower(): frozenset({at}) for at, name in enumerate(WEEKDAYS)},
}
_GROUPS = {
    **{f"{name}s": weekdays for name, weekdays in _NAMES.items() if len(name) > 4},
    **{f"{name}s": _NAMES[name] for name in ("mon", "wed", "fri", "sat", "sun")},
    **dict.fromkeys(("weekday", "weekdays"), frozenset(range(5))),
    "weekends": frozenset({5, 6}),
}
_GROUPS = {name: days for name, days in _GROUPS.items() if name not in _NAMES}
_ORDINALS = ("first", "second", "third", "fourth", "fifth")
_COUNTED = frozenset(("1", "of", "time", "visit", "appointment", "day", "week"))
"""What a number before it counts, so that it is no day of the month."""

_UNITS = {"day": 1, "week": 7, "fortnight": 14, "month": 30, "year": 365}
_WEEK = timedelta(days=7)
_DAY = timedelta(days=1)


def tokens_of(text: str) -> list[str]:
    """Part a text in small letters into words, numbers, dates and marks."""
    return [found[0] for found in _TOKEN.finditer(text)]


@dataclass(frozen=True)
class Term:
    """What one term says.

    Args:
        readings: the days; more than one set where it may mean either.
        every: all days that "thursday" or "the 24th" may be, so that a stretch of days
            beside it can say which one is meant.
        weekly: it names days of the week.
    """

    readings: tuple[DaySet, ...]
    every: DaySet = frozenset()
    weekly: bool = False


class Terms:
    """Walks over the words of a text and reads terms from where it stands."""

    def __init__(self, words: list[str], known: Calendar) -> None:
        self.words, self.known, self.at = words, known, 0
        self.before: Term | None = None
        """The term read before, which "the day after" may lean on."""

    @property
    def word(self) -> str:
        """The next word, "" at the end."""
        return self.words[self.at] if self.at < len(self.words) else ""

    def take(self, *phrases: str) -> str:
        """Step over the first of some phrases that comes next; return it or ""."""
        for phrase in phrases:
            if not phrase.startswith(self.word):
                continue  # most do not, and this is asked most often
            parts = phrase.split()
            if self.words[self.at : self.at + len(parts)] == parts:
                self.at += len(parts)
                return phrase
        return ""

    def term(self) -> Term | None:
        """Read the term that begins here, if one does."""
        for rule in _RULES:
            if found := self.attempt(rule):
                return found
        return None

    def attempt(self, rule: Callable[[Terms], Term | None]) -> Term | None:
        """Try one rule; where it does not fit the words are put back."""
        start = self.at
        found = rule(self)
        if found is None:
            self.at = start
        return found


def _days(*days: date) -> Term:
    return Term(tuple(one(day) for day in dict.fromkeys(days)))


def _only(some: DaySet) -> Term:
    return Term((some,))


def _shift(term: Term, by: timedelta) -> Term:
    """Move a term; of a weekday that may be today, today counts."""
    readings = term.readings[:1] if term.weekly else term.readings
    return Term(tuple(frozenset(day + by for day in some) for some in readings))


# --- so many days, weeks or months ---------------------------------------------------


def _beside(terms: Terms) -> Term | None:
    """Read "the day after tomorrow", "tomorrow or the day after"."""
    terms.take("the")
    side = terms.take("day after", "day before")
    if not side:
        return None
    other = terms.term() or terms.before
    if other is None and side == "day after":
        other = _days(_today(terms) + _DAY)
    return other and _shift(other, _DAY if side == "day after" else -_DAY)


def _ahead(terms: Terms) -> Term | None:
    """Read "in 3 weeks", "a week on friday", "two weeks tomorrow", "3 weeks' time"."""
    alone = terms.at == 0
    lead = terms.take("in", "after")
    terms.take("about", "around", "roughly", "another")
    number = _number(terms)
    unit = _unit(terms)
    if number is None or unit is None:
        return None
    by = timedelta(days=number * _UNITS[unit])
    if terms.take("' time", "time", "from now", "from today", "out", "ahead"):
        return _around(terms.known.today + by, unit)
    if other := terms.attempt(_from_other):
        return _shift(other, by)
    if lead == "after":
        return _only(frozenset(d for d in terms.known.ahead if d >= _today(terms) + by))
    if lead or (alone and terms.at == len(terms.words)):
        return _around(terms.known.today + by, unit)
    return None


def _from_other(terms: Terms) -> Term | None:
    if terms.take("from", "on", "after"):
        return terms.term()
    here = terms.word
    return terms.term() if here in ("today", "tomorrow") or here in _NAMES else None


def _around(day: date, unit: str) -> Term:
    """Return a day, or some days around it: nobody means exactly 21 days."""
    if unit == "day":
        return _days(day)
    return _only(stretch(day - _DAY, day + 3 * _DAY))


def _number(terms: Terms) -> int | None:
    if terms.word.isdigit() and len(terms.word) < 3:
        terms.at += 1
        return int(terms.words[terms.at - 1])
    if terms.take("a couple of", "couple of", "a couple", "couple"):
        return 2
    if terms.take("a few", "few", "several"):
        return 3
    return 1 if terms.take("a", "an") else None


def _unit(terms: Terms) -> str | None:
    unit = terms.word.removesuffix("'s").removesuffix("s")
    if unit not in _UNITS:
        return None
    terms.at += 1
    return unit


def _within(terms: Terms) -> Term | None:
    """Read "within a week", "in the next two weeks", "over the next few days"."""
    terms.take("some time", "sometime")
    if not terms.take(
        *("within the next", "within", "in the next", "over the next"),
        *("during the next", "the next", "next", "in the coming", "the coming"),
    ):
        return None
    plain = terms.words[terms.at - 1] in ("next", "coming")
    number = _number(terms)
    unit = _unit(terms) if number and not (plain and number == 1) else None
    if number is None or unit is None:
        return None
    last = _today(terms) + timedelta(days=number * _UNITS[unit])
    return _only(stretch(_today(terms), last))


def _today(terms: Terms) -> date:
    return terms.known.today


# --- today, weekdays, feasts ---------------------------------------------------------


def _near(terms: Terms) -> Term | None:
    """Read "today", "tomorrow week", "this" of "this morning"."""
    day = terms.take("today", "tomorrow", "yesterday", "this")
    parts = ("morning", "afternoon", "evening", "night")
    if not day or (day == "this" and terms.word not in parts):
        return None
    ahead = {"tomorrow": 1, "yesterday": -1}.get(day, 0)
    return _shift(_days(_today(terms) + ahead * _DAY), _later_weeks(terms))


def _later_weeks(terms: Terms) -> timedelta:
    """Read the "week" of "friday week"."""
    later = terms.take("week commencing", "week", "fortnight")
    if later == "week commencing":
        terms.at -= 2
        return timedelta()
    return {"week": _WEEK, "fortnight": 2 * _WEEK}.get(later, timedelta())


def _feast(terms: Terms) -> Term | None:
    lead = terms.take("the", "in the", "early in the")
    name = terms.take(*FEASTS)
    if not name:
        return None
    found = next_feast(name, _today(terms))
    if lead and name == "new year":
        return _only(stretch(found, found + timedelta(days=30)))
    return _days(found)


def _weekday(terms: Terms) -> Term | None:
    """Read "thursday", "next tues or thurs", "mondays", "friday the 4th of june"."""
    terms.take("on")
    lead = terms.take(
        *("this or the next", "this or next", "this coming", "this", "coming"),
        *("next to next", "the next", "next", "every", "any", "each", "the"),
    )
    weekdays, plural = _weekday_list(terms)
    if not weekdays:
        return None
    if plural or len(weekdays) > 1 or lead in ("every", "any", "each"):
        return _several(terms, weekdays, lead)
    return _single(terms, min(weekdays), lead)


def _several(terms: Terms, weekdays: frozenset[int], lead: str) -> Term:
    known = terms.known
    near = frozenset(map(known.coming, weekdays))
    if lead in ("this", "coming", "this coming"):
        return _only(near)
    if lead not in ("next", "the next"):
        every = known.every(weekdays)
        return Term((every,), every, weekly=True)
    far = frozenset(day + _WEEK for day in near)
    return Term((near, far) if min(near) in known.week(1, 6) else (near,))


def _single(terms: Terms, weekday: int, lead: str) -> Term:
    day = terms.known.coming(weekday)
    if found := terms.attempt(lambda here: _its_date(here, weekday)):
        return found
    if found := terms.attempt(lambda here: _first_beyond(here, weekday)):
        return found
    if lead.startswith("this or") or terms.take("or next", "or the next"):
        return _only(one(day) | one(day + _WEEK))
    if lead == "next to next" or terms.take("after next", "but 1"):
        this_week = day in terms.known.week(0, 6)
        return _days(day + (2 if this_week and lead == "next to next" else 1) * _WEEK)
    if later := _later_weeks(terms):
        return _days(day + later)
    return _which(terms.known, weekday, lead)


def _which(known: Calendar, weekday: int, lead: str) -> Term:
    """Tell which such weekday is meant, where people mean it in two ways."""
    day = known.coming(weekday)
    if lead in ("this", "coming", "this coming"):
        return _days(day)
    if lead in ("next", "the next"):
        if day == known.today:
            return _days(day + _WEEK)
        return _days(day, day + _WEEK) if day in known.week(0, 6) else _days(day)
    both = (day, day + _WEEK) if day == known.today else (day,)
    return Term(tuple(map(one, both)), known.every({weekday}), weekly=True)


def _its_date(terms: Terms, weekday: int) -> Term | None:
    """Read the date that says which weekday is meant: "thursday | the 24th"."""
    terms.take(",")
    found = terms.attempt(_date)
    if found is None:
        return None
    fitting = [
        some for some in found.readings if any(day.weekday() == weekday for day in some)
    ]
    if not fitting:
        day = min(found.readings[0])
        raise NoSuchDate(
            f"{MONTHS[day.month - 1]} {day.day} is a {WEEKDAYS[day.weekday()]}. Which "
            "day do you mean?"
        )
    return Term(tuple(fitting))


def _first_beyond(terms: Terms, weekday: int) -> Term | None:
    """Read "monday | after christmas", "the friday | before the 24th"."""
    side = terms.take("after", "before")
    if not side or not (other := terms.attempt(_fixed)):
        return None
    some = other.readings[0]
    edge = max(some) if side == "after" else min(some)
    away = (weekday - edge.weekday()) % 7 or 7
    back = 7 - away or 7
    return _days(edge + away * _DAY if side == "after" else edge - back * _DAY)


def _fixed(terms: Terms) -> Term | None:
    return terms.attempt(_feast) or terms.attempt(_date)


def _weekday_list(terms: Terms) -> tuple[frozenset[int], bool]:
    """Read weekdays one after the other; tell whether it is every such day."""
    last = _named(terms)
    if not last:
        return frozenset(), False
    found, plural = last, terms.words[terms.at - 1] in _GROUPS
    while joint := _joint(terms):
        more = _named(terms)
        plural = plural or terms.words[terms.at - 1] in _GROUPS
        if joint == "to":
            first, end = min(last), max(more)
            more = frozenset(
                (first + ahead) % 7 for ahead in range((end - first) % 7 + 1)
            )
        found, last = found | more, more
    return found, plural


def _named(terms: Terms) -> frozenset[int]:
    found = _NAMES.get(terms.word) or _GROUPS.get(terms.word) or frozenset()
    terms.at += bool(found)
    return found


_RANGE = ("to", "-", "through", "thru", "till", "until")


def _joint(terms: Terms) -> str:
    """Step over what joins two weekdays, up to the second one; a comma needs an "or".

    "Not monday, tuesday instead" names two things; "monday, tuesday or friday" one.
    """
    start = terms.at
    comma = terms.take(",")
    joint = terms.take("or on", "and on", "or", "and", "&", "/", *_RANGE)
    more = terms.word in _NAMES or terms.word in _GROUPS
    if more and (not comma or joint or _list_goes_on(terms)):
        return "to" if joint in _RANGE else "or"
    terms.at = start
    return ""


def _list_goes_on(terms: Terms) -> bool:
    """Tell whether a list with commas ends in "or" or "and" and a weekday."""
    ahead = terms.words[terms.at :]
    names = {*_NAMES, *_GROUPS}
    while len(ahead) > 2 and ahead[0] in names:
        after = ahead[2] if ahead[1] != "," or ahead[2] not in ("or", "and") else ""
        if ahead[1] in ("or", "and", "&"):
            return after in names
        ahead = ahead[2:] if ahead[1] == "," else []
    return False


def _nth_weekday(terms: Terms) -> Term | None:
    """Read "the first monday in december", "2nd saturday", "last friday of june"."""
    terms.take("the")
    nth = _ordinal(terms)
    if nth is None or terms.word not in _NAMES:
        return None
    weekday = min(_named(terms))
    if terms.take("of", "in"):
        terms.take("the")
        month = terms.attempt(_month)
        return month and _days(_nth(nth, weekday, month.readings[0]))
    if nth < 0:
        return None
    months = (month_ahead(ahead, terms.known) for ahead in range(12))
    found = (_nth(nth, weekday, month) for month in months)
    return _days(next(day for day in found if day >= terms.known.today))


def _ordinal(terms: Terms) -> int | None:
    """Read "first" or "2nd" as 0 or 1, and "last" as -1."""
    if terms.take("last"):
        return -1
    for number, name in enumerate(_ORDINALS):
        if terms.take(name, f"{number + 1}{('st', 'nd', 'rd', 'th', 'th')[number]}"):
            return number
    return None


def _nth(nth: int, weekday: int, month: DaySet) -> date:
    some = sorted(day for day in month if day.weekday() == weekday)
    if nth >= len(some):
        raise NoSuchDate("There is no such date. Which day do you mean?")
    return some[nth]


# --- dates ---------------------------------------------------------------------------


def _date(terms: Terms) -> Term | None:
    """Read "15/12", "the 3rd or 4th of december", "dec 1, 2 or 4", "le 15"."""
    if readings := numeric(terms.word, terms.known):
        terms.at += 1
        return Term(readings)
    return terms.attempt(_day_then_month) or terms.attempt(_month_then_day)


def _day_then_month(terms: Terms) -> Term | None:
    terms.take("on")
    led = bool(terms.take("the", "le"))
    start = terms.at
    numbers = _numbers(terms)
    if not numbers:
        return None
    ends = terms.at
    terms.take("of", "de")
    month = month_of(terms.word, terms.known.country)
    if month is not None:
        terms.at += 1
        return _only(_of_month(numbers, month, _year(terms), terms.known))
    if that_month := terms.attempt(_month):
        return _only(_among(numbers, that_month.readings[0]))
    terms.at = ends
    words = terms.words[start:ends]
    bare = [word for word in words if word.isdigit() or word in _ORDINALS]
    the_15 = led and words == bare and bare[0].isdigit()
    if terms.word in _COUNTED or (bare and not the_15):
        return None
    every = _among(numbers, terms.known.ahead)
    return Term((_coming_numbers(numbers, terms.known),), every)


def _month_then_day(terms: Terms) -> Term | None:
    month = month_of(terms.word, terms.known.country)
    if month is None:
        return None
    terms.at += 1
    terms.take("the")
    numbers = _numbers(terms)
    if not numbers:
        return None
    return _only(_of_month(numbers, month, _year(terms), terms.known))


Numbers = list[tuple[int, int]]
"""Days of a month, each from one to another."""


def _numbers(terms: Terms) -> Numbers:
    """Read "7", "7th or 8th", "7 - 10", "between 7 and 10"."""
    found: Numbers = []
    between = terms.at > 0 and "between" in terms.words[max(0, terms.at - 2) : terms.at]
    first = _day_number(terms)
    while first is not None:
        found.append((first, first))
        start = terms.at
        comma = terms.take(",")
        joint = terms.take("or", "and", "&", *_RANGE)
        terms.take("the", "le")
        first = _day_number(terms) if comma or joint else None
        if first is None:
            terms.at = start
        elif joint in _RANGE or (between and joint == "and"):
            found[-1] = (found[-1][0], first)
            first = None
    return found


def _day_number(terms: Terms) -> int | None:
    if terms.word in _ORDINALS:
        terms.at += 1
        return _ORDINALS.index(terms.words[terms.at - 1]) + 1
    found = re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th|er)?", terms.word)
    after = terms.words[terms.at + 1 : terms.at + 2]
    if not found or after in (["am"], ["pm"], ["a"], ["p"], ["o'clock"], ["ish"]):
        return None
    terms.at += 1
    return int(found[1])


def _of_month(
    numbers: Numbers, month: int, year: int | None, known: Calendar
) -> DaySet:
    spans = [
        (in_year(year, month, first, known), in_year(year, month, last, known))
        for first, last in numbers
    ]
    if any(first > last for first, last in spans):
        raise NoSuchDate("Which days do you mean?")
    return frozenset().union(*(stretch(first, last) for first, last in spans))


def _among(numbers: Numbers, some: DaySet) -> DaySet:
    return frozenset(
        day for day in some if any(first <= day.day <= last for first, last in numbers)
    )


def _coming_numbers(numbers: Numbers, known: Calendar) -> DaySet:
    found: set[date] = set()
    for first, last in numbers:
        begin = next_with(first, known)
        found |= stretch(begin, next_with(last, known, begin))
    return frozenset(found)


def _year(terms: Terms) -> int | None:
    start = terms.at
    terms.take(",")
    if re.fullmatch(r"20\d\d", terms.word):
        terms.at += 1
        return year_of(terms.words[terms.at - 1])
    terms.at = start
    return None


# --- weeks and months ----------------------------------------------------------------

_PARTS_OF_MONTH = {
    **dict.fromkeys(("early", "beginning of", "start of"), (1, 10)),
    "first half of": (1, 15),
    **dict.fromkeys(("mid -", "mid", "middle of"), (11, 20)),
    "second half of": (16, 31),
    **dict.fromkeys(("late", "end of", "later"), (21, 31)),
}
_PARTS_OF_WEEK = {
    **dict.fromkeys(("early", "beginning of", "start of", "first half of"), (0, 2)),
    **dict.fromkeys(("mid -", "mid", "middle of"), (1, 3)),
    **dict.fromkeys(("late", "later", "end of", "second half of"), (2, 6)),
}


def _part_of_month(terms: Terms) -> Term | None:
    """Read "december", "mid january", "the first week of june", "end of the month"."""
    if "every" in terms.words[max(0, terms.at - 1) : terms.at]:
        return None
    lead = terms.take("in", "during", "for")
    terms.take("the")
    if bounds := _bounds(terms, _PARTS_OF_MONTH):
        terms.take("in", "the")
    if not (lead or bounds) and terms.word in ("may", "march", "mar"):
        return None
    found = terms.attempt(_month)
    if found is None or bounds is None:
        return found
    first, last = bounds
    month = sorted(found.readings[0])
    if last < 0:
        return _only(frozenset(month[-7:]))
    return _only(frozenset(day for day in month if first <= day.day <= last))


def _bounds(terms: Terms, parts: dict[str, tuple[int, int]]) -> tuple[int, int] | None:
    if part := terms.take(*parts):
        return parts[part]
    start = terms.at
    nth = _ordinal(terms)
    if nth is not None and terms.take("week of", "week in"):
        return (7 * nth + 1, 7 * nth + 7) if nth >= 0 else (-7, -1)
    terms.at = start
    return None


def _month(terms: Terms) -> Term | None:
    terms.take("the")
    known = terms.known
    name = terms.take("next month", "this month", "month", "next year")
    if name == "next year":
        year = known.today.year + 1
        return _only(stretch(date(year, 1, 1), date(year, 12, 31)))
    if name:
        return _only(month_ahead(1 if name == "next month" else 0, known))
    month = english_month(terms.word)
    if month is None:
        return None
    terms.at += 1
    return _only(month_days(month, known, _year(terms)))


def _part_of_week(terms: Terms) -> Term | None:
    """Read "next week", "late next week", "the week after next"."""
    terms.take("in", "during", "for")
    terms.take("the")
    part = terms.take(*_PARTS_OF_WEEK, "rest of")
    terms.take("the")
    week = _which_week(terms)
    if week is None:
        return None
    first, last = _PARTS_OF_WEEK.get(part, (0, 6)) if week else (0, 6)
    return _only(terms.known.week(7 * week + first, 7 * week + last))


def _which_week(terms: Terms) -> int | None:
    if terms.take("week after next", "next to next week", "next week but 1"):
        return 2
    if terms.take("next week", "following week", "coming week", "this coming week"):
        return 1
    return 0 if terms.take("this week") else None


def _two_weeks(terms: Terms) -> Term | None:
    if terms.take("this week or next week", "this week or next", "this or next week"):
        return _only(terms.known.week(0, 13))
    if terms.take("next week or the week after", "next week or the 1 after"):
        return _only(terms.known.week(7, 20))
    return None


def _week_of(terms: Terms) -> Term | None:
    """Read "the week of the 7th", "week commencing 7 december"."""
    terms.take("in")
    terms.take("the")
    kind = terms.take(
        *("week commencing", "week beginning", "week starting", "week of"),
        *("weekend of", "weekend on"),
    )
    if not kind:
        return None
    terms.take("the week of")
    found = terms.attempt(_date) or terms.attempt(_feast)
    if found is None:
        return None
    monday = min(found.readings[0])
    monday -= monday.weekday() * _DAY
    first = monday + (5 if kind.startswith("weekend") else 0) * _DAY
    return _only(stretch(first, monday + 6 * _DAY))


def _weekend(terms: Terms) -> Term | None:
    terms.take("at", "on", "over")
    lead = terms.take("this coming", "this", "coming", "the next", "next", "the", "a")
    if not terms.take("weekend"):
        return None
    known = terms.known
    near, far = known.week(5, 6), known.week(12, 13)
    if terms.take("after next"):
        return _only(known.week(19, 20))
    if terms.take("or next"):
        return _only(near | far)
    if lead not in ("next", "the next"):
        return _only(near)
    begun = known.today.weekday() >= 5
    return _only(far) if begun else Term((near, far))


_RULES = (
    _beside,
    _within,
    _ahead,
    _near,
    _feast,
    _nth_weekday,
    _weekday,
    _date,
    _week_of,
    _two_weeks,
    _part_of_week,
    _part_of_month,
    _weekend,
)
"""Tried in this order: what says more stands before what says less."""
