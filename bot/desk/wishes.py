"""Reads a wish for a visit as people type it: when, with whom and where."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta

from bot.clinic.profile import Clinic, Gender, Practitioner, Visit
from bot.clinic.when import instant, minute_of_day, say_day, today
from bot.clinic.wish import Wish
from bot.desk.wish_days import Calendar, Days, NoSuchDay, read_days
from bot.desk.wish_hours import Hours, NoSuchTime, read_hours

LONGEST_WISH = 500
"""Characters that are read; a longer text is hardly a wish for a time."""

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
_SOONEST = re.compile(
    r"\b(?:soonest|asap|as soon as|earliest|no preference"
    r"|first (?:available|free|spot|gap|one|opening)"
    r"|next (?:available|free|opening|gap)|(?:what|which)ever|when ?ever|any ?time"
    r"|any day|don'?t mind|you choose|not fussed)\b"
)
_GENDER = re.compile(
    r"\b(not |no |rather not )?(?:with|by|see|prefer|want|need|like|have|be|not|no)\s+"
    r"(?:(?:an?|the|some|only|by|to see)\s+)*"
    r"(woman|women|female|lady|ladies|man|men|male|gentleman)\b"
    r"|\b(female|woman|lady|male)\s+"
    r"(?:practitioner|acupuncturist|therapist|physio\w*|doctor|one|person)\b"
    r"|^\W*(?:an?\s+)?(woman|female|lady|man|male)(?:\s+please)?\W*$"
)
_WOMEN = frozenset({"woman", "women", "female", "lady", "ladies"})
_SPEAKS = re.compile(r"\b(?:speaks?|speaking|talks?|knows?)\s+(?:in\s+)?([^\W\d_]{4,})")
_ONLINE = re.compile(
    r"\b(?:online|video|virtual(?:ly)?|remote(?:ly)?|zoom|telehealth)\b"
)
_IN_PERSON = re.compile(r"\b(?:in[- ]person|face to face|on site)\b")
_FIRST = re.compile(r"\b(?:first (?:visit|appointment|time here)|new patient)\b")
_LATER = re.compile(r"\b(?:follow[- ]?up|return visit|next in my course)\b")
_STEM_LETTERS = 6


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
    words = _plain(text[:LONGEST_WISH])
    people = [one for one in clinic.practitioners.values() if _is_named(one, words)]
    wish = _who_and_where(words, clinic)
    known = Calendar(today(now, clinic.zone), clinic.country)
    days = read_days(words, known)
    if isinstance(days, NoSuchDay):
        return Unworkable(days.reason)
    hours = read_hours(days.rest if days else words)
    if isinstance(hours, NoSuchTime):
        return Unworkable(hours.reason)
    understood = days or hours or people or wish != Wish() or _SOONEST.search(words)
    if not understood:
        return None
    if hours:
        wish = _at(wish, hours)
    if len(people) > 1:
        return _which_person(people, wish)
    if people:
        wish = replace(wish, practitioner_id=people[0].id)
    return _on(wish, days.readings if days else (), clinic, now)


def _plain(text: str) -> str:
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
    minute = minute_of_day(now.astimezone(here))
    if days.last == day and wish.until_minute <= minute:
        return Unworkable("That time has passed today. When else would suit you?")
    return replace(
        wish,
        earliest=max(now, instant(days.first, time.min, here)),
        latest=instant(days.last + timedelta(days=1), time.min, here),
        weekdays=days.weekdays,
    )


def _which_person(people: list[Practitioner], wish: Wish) -> Ambiguous:
    names = [one.name for one in people]
    return Ambiguous(
        f"Do you mean {', '.join(names[:-1])} or {names[-1]}?",
        tuple((one.name, replace(wish, practitioner_id=one.id)) for one in people),
    )


def _is_named(practitioner: Practitioner, words: str) -> bool:
    """Tell whether somebody is called by first, last or full name."""
    parts = practitioner.name.lower().split()
    return any(
        re.search(rf"\b{re.escape(part)}\b", words)
        for part in parts
        if len(part.strip(".")) > 2
    )


def _who_and_where(words: str, clinic: Clinic) -> Wish:
    return Wish(
        treatment_id=_treatment(words, clinic),
        therapy=_therapy(words, clinic),
        gender=_gender(words),
        language=_language(words, clinic),
        place_id=_place(words, clinic),
        online=_online(words),
    )


def _online(words: str) -> bool | None:
    if _ONLINE.search(words):
        return True
    return False if _IN_PERSON.search(words) else None


def _gender(words: str) -> Gender | None:
    found = _GENDER.search(words)
    if not found:
        return None
    word = found[2] or found[3] or found[4]
    refused = re.search(r"\b(?:not|no)\b", found[0]) is not None
    return "woman" if (word in _WOMEN) != refused else "man"


def _language(words: str, clinic: Clinic) -> str | None:
    """Return a language that somebody here speaks, or that was asked for anyway."""
    spoken = {
        language for one in clinic.practitioners.values() for language in one.languages
    }
    for language in sorted(spoken):
        if re.search(rf"\b{language.lower()}\b", words):
            return language
    asked = _SPEAKS.search(words)
    return asked[1].title() if asked else None


def _therapy(words: str, clinic: Clinic) -> str | None:
    """Return a therapy by the beginning of its name: "physio", "ayurvedic"."""
    for therapy, name in clinic.therapies.items():
        stem = name.lower().split()[0][:_STEM_LETTERS]
        if re.search(rf"\b{re.escape(stem)}", words):
            return therapy
    return None


def _treatment(words: str, clinic: Clinic) -> str | None:
    visit: Visit
    if _LATER.search(words):
        visit = "follow_up"
    elif _FIRST.search(words):
        visit = "first"
    else:
        return None
    therapy = _therapy(words, clinic)
    fitting = [
        one.id
        for one in clinic.treatments.values()
        if one.visit == visit and therapy in (None, one.therapy)
    ]
    return fitting[0] if fitting else None


def _place(words: str, clinic: Clinic) -> str | None:
    """Return a place by its name, or by a part of its address that no other has."""
    called: dict[str, set[str]] = {}
    for place in clinic.places.values():
        if place.kind == "online":
            continue
        for phrase in (place.name, *place.address.split(",")):
            called.setdefault(phrase.strip().lower(), set()).add(place.id)
    for phrase, ids in called.items():
        if len(ids) == 1 and re.search(rf"\b{re.escape(phrase)}\b", words) and phrase:
            return next(iter(ids))
    return None
