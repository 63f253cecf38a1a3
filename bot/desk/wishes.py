"""Reads a wish for a visit as people type it: when, with whom and where."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from itertools import compress

from bot.clinic.course_words import MOST_A_WEEK, MOST_VISITS
from bot.clinic.earlier_words import leans_on_earlier
from bot.clinic.plain_words import plain_words
from bot.clinic.profile import Clinic
from bot.clinic.when import exists, instant, minute_of_day, say_day, today
from bot.clinic.wish import Wish
from bot.desk.matching import in_words
from bot.desk.wish_calendar import Calendar, Days
from bot.desk.wish_french import from_french
from bot.desk.wish_hours import Hours
from bot.desk.wish_times import Times, read_times
from bot.desk.wish_who import complaint_in, read_who
from bot.desk.wish_words import corrected, without_stories

LONGEST_WISH = 500
"""Characters that are read; a longer text is hardly a wish for a time."""

_MOST_NAMESAKES = 3
_MOST_OPTIONS = 9
_DAY = timedelta(days=1)
_HOW_MANY = (
    f"I can book 2 to {MOST_VISITS} visits at once. How many shall it be? For example "
    '"once a week for six weeks".'
)
_TOO_OFTEN = (
    "I can plan one or two visits a week; our staff can plan more. How often, and for "
    'how many weeks, shall it be? For example "twice a week for three weeks".'
)
_WHICH_EARLIER = (
    "I know of no earlier visit of yours in this chat. Which day and time, or whom, "
    "shall I look for?"
)
_STAMPED = re.compile(r"^(\d{4}-\d\d-\d\dT\d\d:\d\d\+00:00)\|")
_CHOSEN = re.compile(r"#(\d)")
_SOONEST = re.compile(
    r"\b(?:soonest|asap|as soon as|earliest|no preference"
    r"|first (?:available|free|spot|gap|one|opening)"
    r"|next (?:available|free|opening|gap)|(?:what|which)ever|when ?ever|any ?time"
    r"|don'?t mind|you choose|not fussed)\b"
)
_ANY_DAY = re.compile(r"\b(?:any|whatever|whichever)(?: other)? days?\b")
_ANY_HOUR = re.compile(r"\b(?:any ?time|any hours?|all day|when ?ever)\b")


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
        None where nothing in the text is about when, with whom or where. What leans on
        an earlier visit must have been put into words by `as_before`.
    """
    if leans_on_earlier(text[:LONGEST_WISH]):
        return Unworkable(_WHICH_EARLIER)
    words = clinic_words(text[:LONGEST_WISH], clinic)
    read: WishRead = None
    for part in corrected(without_stories(words)):
        read = _added(read, _read_part(part, clinic, now))
    if isinstance(read, Wish) and read.complaint is None:
        # A story beside the wish says no time, but what it is about.
        return replace(read, complaint=complaint_in(words, clinic))
    return read


def clinic_words(text: str, clinic: Clinic) -> str:
    """Return a text in plain English words, as it is typed where the clinic is."""
    words = plain_words(text)
    return from_french(words) if clinic.country == "CA" else words


def _added(before: WishRead, later: WishRead) -> WishRead:
    """Return what a correction makes of what was said before it."""
    if later is None or not isinstance(before, Wish):
        return later or before
    if isinstance(later, Unworkable):
        return later
    if isinstance(later, Ambiguous):
        options = tuple((label, before.then(one)) for label, one in later.options)
        return replace(later, options=options)
    return before.then(later)


def _read_part(words: str, clinic: Clinic, now: datetime) -> WishRead:
    wishes, words = read_who(words, clinic)
    course = wishes[0].course
    if course is not None and course.visits > MOST_A_WEEK:
        return Unworkable(_TOO_OFTEN)
    if course is not None and not 2 <= course.count <= MOST_VISITS:
        return Unworkable(_HOW_MANY)
    said = read_times(words, Calendar(today(now, clinic.zone), clinic.country))
    if not isinstance(said, list):
        return Unworkable(said.reason)
    wishes = [_lifting(wish, said, words) for wish in wishes]
    if wishes == [Wish()] and not any(one.days or one.hours for one in said):
        return None
    people = {wish.practitioner_id for wish in wishes}
    if len(people) > _MOST_NAMESAKES:
        return Unworkable(
            f"{len(people)} people here have that name. What is the full name?"
        )
    return _settle(wishes, said, clinic, now)


def _lifting(wish: Wish, said: list[Times], words: str) -> Wish:
    """Add what will do whatever was said before: any day, any hour, any time at all."""
    any_day = _ANY_DAY.search(words) is not None
    if any(one.hours for one in said):
        return replace(wish, any_day_does=any_day)
    if any_day or any(one.days for one in said):
        any_hour = _ANY_HOUR.search(words) is not None
        return replace(wish, any_day_does=any_day, any_hour_does=any_hour)
    return replace(wish, soonest=_SOONEST.search(words) is not None)


def stamped(words: str, now: datetime) -> str:
    """Return a line of a wish that keeps when it was said: "tomorrow" is a day then.

    Args:
        now: aware UTC; kept to the minute.
    """
    return f"{now.isoformat(timespec='minutes')}|{' '.join(words.split())}"


def words_of(line: str) -> str:
    """Return what was said in a line of a wish."""
    return _STAMPED.sub("", line, count=1)


def _said_at(line: str, now: datetime) -> datetime:
    stamp = _STAMPED.match(line)
    return datetime.fromisoformat(stamp[1]) if stamp else now


def read_wishes(
    lines: Iterable[str], clinic: Clinic, now: datetime, base: Wish
) -> Wish | Ambiguous:
    """Read what was said one after the other; the later adds to the earlier.

    Args:
        lines: as `stamped` returns them, each read as of its own instant, or plain
            words, read as of now; "#1" chooses the second meaning of the one before.
        now: aware UTC.
        base: what is wished before anything was said.

    Returns:
        The question that the last text leaves open, if it does.
    """
    wish, unclear = base, None
    for line in lines:
        text = words_of(line)
        chosen = _CHOSEN.fullmatch(text)
        if chosen and unclear and int(chosen[1]) < len(unclear.options):
            read: WishRead = unclear.options[int(chosen[1])][1]
        else:
            read = read_wish(text, clinic, _said_at(line, now))
        unclear = read if isinstance(read, Ambiguous) else None
        if isinstance(read, Ambiguous):
            wish = wish.then(_certain(read))
        elif isinstance(read, Wish):
            wish = wish.then(read)
    return unclear or wish


def _certain(unclear: Ambiguous) -> Wish:
    """Return what all meanings share."""
    shared, *others = (wish for _, wish in unclear.options)
    if any(one.practitioner_id != shared.practitioner_id for one in others):
        shared = replace(shared, practitioner_id=None)
    if any(one.any_hour().when() != shared.any_hour().when() for one in others):
        shared = shared.any_day()
    if any(one.when().any_day() != shared.when().any_day() for one in others):
        shared = shared.any_hour()
    return shared


def _settle(
    wishes: list[Wish], said: list[Times], clinic: Clinic, now: datetime
) -> Wish | Ambiguous | Unworkable:
    """Put it all together; ask where there is more than one that can be had."""
    answers = [
        _within(_at(wish, hours), days, clinic, now)
        for one in said
        for days in (one.days.readings if one.days else (Days(),))
        for hours in one.hours or (Hours(),)
        for wish in wishes
    ]
    possible = [one for one in answers if isinstance(one, Wish)][:_MOST_OPTIONS]
    if len(possible) < 2:
        return possible[0] if possible else answers[0]
    *first, last = labels = _labels(possible, clinic, now)
    either = len(said) > 1 or len(said[0].hours) > 1
    asked = "Which shall I look at first:" if either else "Do you mean"
    return Ambiguous(
        f"{asked} {', '.join(first)} or {last}?",
        tuple(zip(labels, possible, strict=True)),
    )


def _labels(wishes: list[Wish], clinic: Clinic, now: datetime) -> list[str]:
    """Name what tells some wishes apart: days, hours, person, therapy or language."""
    told = [
        (
            _days_label(one, clinic, now),
            in_words(clinic, one.when().any_day(), now) if one.says_hours else "",
            clinic.practitioners[one.practitioner_id].name
            if one.practitioner_id
            else "",
            clinic.therapies.get(one.therapy or "", ""),
            one.language or "",
        )
        for one in wishes
    ]
    differ = [len({*column}) > 1 for column in zip(*told, strict=True)]
    return [", ".join(filter(None, compress(parts, differ))) for parts in told]


def _days_label(wish: Wish, clinic: Clinic, now: datetime) -> str:
    """Name a stretch of days by the first of them."""
    if wish.earliest is None or wish.not_on:
        return in_words(clinic, wish.when().any_hour(), now) if wish.says_days else ""
    first = today(wish.earliest, clinic.zone)
    return say_day(first, today(now, clinic.zone), clinic.locale)


def _at(wish: Wish, hours: Hours) -> Wish:
    return replace(
        wish,
        from_minute=hours.from_minute,
        until_minute=hours.until_minute,
        near_minute=hours.near_minute,
    )


def _within(wish: Wish, days: Days, clinic: Clinic, now: datetime) -> Wish | Unworkable:
    if wrong := _out_of_reach(wish, days, clinic, now):
        return Unworkable(wrong)
    midnights = [
        instant(day, time.min, clinic.zone) if day else None
        for day in (days.first, days.last and days.last + _DAY)
    ]
    return replace(
        wish,
        earliest=midnights[0] and max(now, midnights[0]),
        latest=midnights[1],
        weekdays=days.weekdays,
        not_on=days.but,
    )


def _out_of_reach(wish: Wish, days: Days, clinic: Clinic, now: datetime) -> str:
    """Return why a visit cannot be then; "" where it can."""
    here, day = clinic.zone, today(now, clinic.zone)
    furthest = day + timedelta(days=clinic.policy.horizon_days)
    if days.first and days.first > furthest:
        until = say_day(furthest, day, clinic.locale)
        return f"That is too far ahead. We book up to {until}."
    if days.last is None:
        return ""
    if days.last < day:
        return "That day has passed. Which day would suit you?"
    if days.first == days.last and _is_skipped(wish, days.last, clinic):
        return (
            "Clocks go forward then, so there is no such time on that day. When else "
            "would suit you?"
        )
    minute = minute_of_day(now.astimezone(here))
    if days.last == day and wish.until_minute <= minute:
        return "That time has passed today. When else would suit you?"
    return ""


def _is_skipped(wish: Wish, day: date, clinic: Clinic) -> bool:
    near = wish.near_minute
    return near is not None and not exists(day, time(*divmod(near, 60)), clinic.zone)
