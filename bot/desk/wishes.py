"""Reads a wish for a visit as people type it: when, with whom and where."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from bot.clinic.profile import Clinic, Practitioner
from bot.clinic.when import exists, instant, minute_of_day, say_day, today
from bot.clinic.wish import Wish
from bot.desk.wish_days import Calendar, Days, NoSuchDay, read_days
from bot.desk.wish_hours import Hours, NoSuchTime, read_hours
from bot.desk.wish_who import MOST_VISITS, named, read_who

LONGEST_WISH = 500
"""Characters that are read; a longer text is hardly a wish for a time."""

_MOST_NAMESAKES = 3
_HOW_MANY = (
    f"I can book 2 to {MOST_VISITS} visits at once. How many shall it be? For example "
    '"once a week for six weeks".'
)
_NUMBER_WORDS = (
    *("one", "two", "three", "four", "five", "six"),
    *("seven", "eight", "nine", "ten", "eleven", "twelve"),
)
_SPELLINGS: Mapping[str, str] = {
    **{word: str(number) for number, word in enumerate(_NUMBER_WORDS, start=1)},
    **dict.fromkeys(("tmrw", "tmr", "tmw", "tomoz", "2moro", "tomorow"), "tomorrow"),
    "tommorow": "tomorrow",
    "tommorrow": "tomorrow",
    "tonight": "today evening",
    "tonite": "today evening",
    "nxt": "next",
    "wk": "week",
    "wks": "weeks",
    "wknd": "weekend",
    "arvo": "afternoon",
    "aft": "afternoon",
    "eve": "evening",
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
_CHOSEN = re.compile(r"#(\d)")
_SOONEST = re.compile(
    r"\b(?:soonest|asap|as soon as|earliest|no preference"
    r"|first (?:available|free|spot|gap|one|opening)"
    r"|next (?:available|free|opening|gap)|(?:what|which)ever|when ?ever|any ?time"
    r"|any day|don'?t mind|you choose|not fussed)\b"
)


@dataclass(frozen=True)
class Ambiguous:
    """What was typed may mean two things.

    Args:
        question: one short question for the person who typed it.
        options: a label and the wish that it stands for.
    """

    question: str
    options: tuple[tuple[str, Wish], ...]


@dataclass(frozen=True)
class Unworkable:
    """What was typed is understood and cannot be had.

    Args:
        reason: one or two short plain sentences for the person who typed it.
    """

    reason: str


WishRead = Wish | Ambiguous | Unworkable | None


def read_wish(text: str, clinic: Clinic, now: datetime) -> WishRead:
    """Read a wish such as "any chance of thursday after 5?".

    Args:
        text: what was typed; only the first `LONGEST_WISH` characters are read.
        now: aware UTC.

    Returns:
        None where nothing in the text is about when, with whom or where.
    """
    wish, words = read_who(plain_words(text[:LONGEST_WISH]), clinic)
    if wish.course is not None and not 2 <= wish.course.count <= MOST_VISITS:
        return Unworkable(_HOW_MANY)
    return _with_time(wish, words, clinic, now)


def read_wishes(
    texts: Iterable[str], clinic: Clinic, now: datetime, base: Wish
) -> Wish | Ambiguous:
    """Read what was said one after the other; the later adds to the earlier.

    Args:
        texts: as typed; "#1" chooses the second meaning of the one before.
        base: what is wished before anything was said.

    Returns:
        The question that the last text leaves open, if it does.
    """
    wish, unclear = base, None
    for text in texts:
        chosen = _CHOSEN.fullmatch(text)
        if chosen and unclear and int(chosen[1]) < len(unclear.options):
            read: WishRead = unclear.options[int(chosen[1])][1]
        else:
            read = read_wish(text, clinic, now)
        unclear = read if isinstance(read, Ambiguous) else None
        if isinstance(read, Ambiguous):
            wish = wish.then(_certain(read))
        elif isinstance(read, Wish):
            wish = wish.then(read)
    return unclear or wish


def _certain(unclear: Ambiguous) -> Wish:
    """Return what all meanings share."""
    wishes = [wish for _, wish in unclear.options]
    same_person = len({wish.practitioner_id for wish in wishes}) == 1
    same_days = len({(wish.earliest, wish.latest) for wish in wishes}) == 1
    shared = wishes[0]
    if not same_person:
        shared = replace(shared, practitioner_id=None)
    if not same_days:
        shared = replace(shared, earliest=None, latest=None, weekdays=frozenset())
    return shared


def _with_time(wish: Wish, words: str, clinic: Clinic, now: datetime) -> WishRead:
    days = read_days(words, Calendar(today(now, clinic.zone), clinic.country))
    if isinstance(days, NoSuchDay):
        return Unworkable(days.reason)
    hours = read_hours(days.rest if days else words)
    if isinstance(hours, NoSuchTime):
        return Unworkable(hours.reason)
    if hours:
        wish = _at(wish, hours)
    elif not days and _SOONEST.search(words):
        wish = replace(wish, soonest=True)
    people = named(words, clinic)
    if not (days or people or wish != Wish()):
        return None
    if len(people) > 1:
        return _which_person(people, wish)
    if people:
        wish = replace(wish, practitioner_id=people[0].id)
    return _on(wish, days.readings if days else (), clinic, now)


def plain_words(text: str) -> str:
    """Return a text in small letters, with its usual misspellings put right."""
    text = unicodedata.normalize("NFKC", text).lower().replace("\u2019", "'")
    words = re.sub(r"[?!;\"()]|[.,](?=\s|$)", " ", text).split()
    return " ".join(_SPELLINGS.get(word, word) for word in words)


def _at(wish: Wish, hours: Hours) -> Wish:
    return replace(
        wish,
        from_minute=hours.from_minute,
        until_minute=hours.until_minute,
        near_minute=hours.near_minute,
    )


def _on(
    wish: Wish, readings: tuple[Days, ...], clinic: Clinic, now: datetime
) -> Wish | Ambiguous | Unworkable:
    """Set the days of a wish; ask where there is more than one that can be had."""
    if not readings:
        return wish
    day = today(now, clinic.zone)
    answers = [_within(wish, days, clinic, now) for days in readings]
    possible = [
        (days, answer)
        for days, answer in zip(readings, answers, strict=True)
        if isinstance(answer, Wish)
    ]
    if not possible:
        return answers[0]
    if len(possible) == 1:
        return possible[0][1]
    options = tuple(
        (say_day(days.first or day, day, clinic.locale), answer)
        for days, answer in possible
    )
    labels = [label for label, _ in options]
    return Ambiguous(f"Do you mean {' or '.join(labels)}?", options)


def _within(wish: Wish, days: Days, clinic: Clinic, now: datetime) -> Wish | Unworkable:
    here, day = clinic.zone, today(now, clinic.zone)
    if days.first is None or days.last is None:
        return replace(wish, weekdays=days.weekdays)
    if days.last < day:
        return Unworkable("That day has passed. Which day would suit you?")
    furthest = day + timedelta(days=clinic.policy.horizon_days)
    if days.first > furthest:
        until = say_day(furthest, day, clinic.locale)
        return Unworkable(f"That is too far ahead. We book up to {until}.")
    if days.first == days.last and _is_skipped(wish, days.first, clinic):
        return Unworkable(
            "Clocks go forward then, so there is no such time on that day. When else "
            "would suit you?"
        )
    minute = minute_of_day(now.astimezone(here))
    if days.last == day and wish.until_minute <= minute:
        return Unworkable("That time has passed today. When else would suit you?")
    return replace(
        wish,
        earliest=max(now, instant(days.first, time.min, here)),
        latest=instant(days.last + timedelta(days=1), time.min, here),
        weekdays=days.weekdays,
    )


def _is_skipped(wish: Wish, day: date, clinic: Clinic) -> bool:
    near = wish.near_minute
    return near is not None and not exists(day, time(*divmod(near, 60)), clinic.zone)


def _which_person(people: list[Practitioner], wish: Wish) -> Ambiguous | Unworkable:
    if len(people) > _MOST_NAMESAKES:
        return Unworkable(
            f"{len(people)} people here have that name. What is the full name?"
        )
    names = [one.name for one in people]
    return Ambiguous(
        f"Do you mean {', '.join(names[:-1])} or {names[-1]}?",
        tuple((one.name, replace(wish, practitioner_id=one.id)) for one in people),
    )
