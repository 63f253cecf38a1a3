"""Turns amounts that people type into an answer: years, days, weeks, 0 to 10."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date

from bot.clinic.figures import numbers, numbers_alone
from bot.clinic.hindi_numbers import in_figures
from bot.clinic.replies import is_bare_no, is_none, plain
from bot.clinic.spans import days_ago

_BUCKETS = ((3, "lt_72h"), (41, "lt_6w"), (84, "6w_to_12w"))
"""Most days for each answer; exactly 3 days counts as new pain, the careful side."""
LONG_STANDING_DAYS = 180
"""About 6 months: "old and stable" is not less (screening protocol, section 1)."""
_WEEKS_PREGNANT = ((13, "t1"), (27, "t2"), (42, "t3"))
_KNOWN_TO_A_DOCTOR = re.compile(r"\b(doctor|gp|specialist|consultant|hospital|scan)")
_DOUBTS_IT = re.compile(
    r"\b(worse|chang\w+|new|no|not|never|nobody|without|(?:does|do|did|has|have|is)nt)\b"
)
_SAYS_THE_SAME = re.compile(
    r"\b(no|not|never|hasnt|havent|didnt)( really| ever)?"
    r" (chang\w+|worse|different|new)\b"
)
_FOR_YEARS = re.compile(r"\b(years|decades)\b")
_BOTH = re.compile(r"\b(both|each|two)\b")
_OF_BOTH = {"new": "both_new", "old_stable": "both_old_stable"}
_COUNTED = re.compile(
    r"\b[a-z0-9]+ ?(hours?|days?|nights?|weeks?|months?|years?|visits?)\b"
)
_NO_SPAN = re.compile(
    r"\b(can|could|may|shall|should) (i|we)\b|\bbook\w*|\bappointments?\b|\btomorrow\b"
    r"|\bcome (in|on|at|by|over)\b"
    r"|\b(for|next|this) (mon|tues|wednes|thurs|fri|satur|sun)day\b"
    r"|\bage\b|\bturned \d|\bbirthday\b|\b(years?|yrs?) old\b"
)
_WISHED = re.compile(
    r"\b(today|tonight|tomorrow|days?|weeks?|(mon|tues|wednes|thurs|fri|satur|sun)day)\b"
)
_MONTHS_OLD = re.compile(r"^\D*(\d+) ?months?( old)?$")
_ROUGHLY = re.compile(
    r"about|around|roughly|lagbhag|kareeb|karib|maybe|a|it|its|was|is|i|think|say|or|to|ago"
    r"|u+gh+|o+u?ch|oof|h+m+|u+m+|u+h+|er+m?|honestly|probs?|like|kinda|sorta|somewhere|near"
    r"|ffs|duh|obviously|mate|bro|dude"
)
_OF_AN_AGE = re.compile(
    rf"{_ROUGHLY.pattern}|i|im|am|he|hes|she|shes|they|are|theyre|my|the|age|aged|now"
    r"|years?|yrs?|yo|y/o|old|of|turned|just|well|ok|sorry|patient|person|for|me|yes|no"
    r"|already|actually|dear|love|god|jesus|lol|sir|madam|ji|nearly|almost|young"
    r"|f|m|female|male|woman|man|lady|girl|boy|mera|meri|umar|umr|umra|saal|sal|varsh"
    r"|baras|main|hai|hain|hoon|hun|ka|ki|ke|hello|hi|hey|son|daughter|child|kid|mother"
    r"|mum|mom|father|dad|wife|husband"
)
_SAYS_AN_AGE = re.compile(
    r"\b(i am|im|he is|hes|she is|shes|turned|aged?|old|yo|y/o|umar|umr|saal|varsh)\b"
)
_OF_A_STRENGTH = re.compile(
    rf"{_ROUGHLY.pattern}|an|the|my|pain|level|now|right|today|currently|of|out|on|at"
    r"|strong|strength|like|more|id|would|give|number|score|im|just|only|ok|well|ish"
    r"|yes|no|probably|perhaps|guess|between|from|actually|sorry|usually|normally"
    r"|yesterday|before|earlier|morning|night|evening|be|feels?|hurts?|really|this"
    r"|have|ive|there|theres|any|all|dard|hai|abhi"
)
_NO_PAIN = re.compile(
    r"\b(?:no|not any|without(?: any)?|zero) (?:pain|ache)(?: (?:at all|whatsoever))?\b"
    r"|\bpain ?free\b|\b(?:none|nothing|nil) (?=at all|at the|now|right|today)"
    r"|\b(?:koi |bilkul )*dard (?:bilkul )?(?:nahi|nahin|nhi)(?: hai)?$"
)
_STRENGTH = re.compile(
    r"\b(mild|light|moderate|medium|severe|strong|bad|terrible|awful|unbearable|high"
    r"|low|a lot|a little|a bit|little|some|quite|bahut|bohot|zyada|kaafi|thod[ai]"
    r"|halka|tez)\b"
)
_WORST = re.compile(r"\b(worst|maximum|max|as bad as it gets)\b")


def years(text: str) -> float | None:
    """Read an age; None unless the text has exactly one.

    A number that comes after other words must say that it is an age: "really bad, 8".
    """
    said = plain(text)
    months = _MONTHS_OLD.match(said)
    if months:
        return int(months[1]) // 12
    first = plain(
        in_figures(re.split(r"[,;.!?]|\band\b", text.strip(), maxsplit=1)[0])
    ).split()
    alone = all(_OF_AN_AGE.fullmatch(one) or numbers(one) for one in first)
    if not (alone or _SAYS_AN_AGE.search(said)):
        return None
    # Signs stay, so that "-3" is not read as 3.
    found = numbers_alone(in_figures(text), _OF_AN_AGE)
    if all(map(numbers, said.split())) and len(found) > 1:
        return None  # "4 4 4" answers another question
    return found[0] if len(set(found)) == 1 else None


def days(text: str, longest: int, today: date | None) -> float | None:
    """Read how many days ago something was; a bare number counts days.

    Args:
        text: the reply.
        longest: anything longer ago counts as this.
        today: for "since last Tuesday".
    """
    counted = None if is_no_span(text) else days_ago(text, today)
    if counted is None:
        found = set(numbers_alone(in_figures(text), _ROUGHLY))
        return found.pop() if len(found) == 1 else None
    return min(counted, longest)


def is_no_span(text: str) -> bool:
    """Tell whether a time is a wished-for day or an age, and none that a pain lasts."""
    return bool(_NO_SPAN.search(plain(text)))


def without_wish(text: str) -> str:
    """Return a text without the day that somebody would like to come.

    "Can I come on Friday?" does not say that a sign is new since Friday.
    """
    return _WISHED.sub(" ", text.casefold()) if is_no_span(text) else text


def scale(text: str, count: int = 1) -> list[float]:
    """Read the numbers on a 0-10 scale; "no pain" is 0, "2 weeks" is no number.

    A bare "no" may refuse as well as say that there is no pain, so it is neither.

    Args:
        count: how many are asked for; of several each may say what it is for.
    """
    told = _COUNTED.sub(" ", in_figures(text).casefold())
    told, none = _NO_PAIN.subn(" 0 ", told)
    # "No pain at rest but 8 when I move" is two numbers.
    every = count > 1 or (none and len(numbers(told)) > 1)
    found = numbers(told) if every else numbers_alone(told, _OF_A_STRENGTH)
    if found:
        return found
    if is_none(text) and not is_bare_no(text):
        return [0.0]
    return [10.0] if _WORST.search(plain(text)) else []


def tells_strength(text: str) -> bool:
    """Tell whether words say how strong a pain is, without a number."""
    return bool(_STRENGTH.search(plain(text)))


def choice(options: Collection[str], text: str, today: date | None) -> str | None:
    """Read an amount as one of some options, where it settles the matter.

    A stretch of time chooses how long the pain lasts; less than 6 months is "new"
    for a sign that could be old; weeks choose the part of a pregnancy.
    """
    passed = None if is_no_span(text) else days_ago(text, today)
    if "old_stable" in options:
        return _age_of_sign(text, passed) or None
    if "both_old_stable" in options and _BOTH.search(plain(text)):
        return _OF_BOTH.get(_age_of_sign(text, passed))
    if passed is None:
        return None
    if "lt_72h" in options:
        return next((name for most, name in _BUCKETS if passed <= most), "gt_12w")
    if "t1" in options and not re.search(r"\b(ago|birth|born|baby)\b", plain(text)):
        weeks = passed / 7
        return next((name for most, name in _WEEKS_PREGNANT if weeks < most + 1), None)
    return None


def _age_of_sign(text: str, passed: int | None) -> str:
    """Say "new" or "old_stable", or "" where the text does not settle it."""
    said = plain(text)
    if passed is None and not _FOR_YEARS.search(said):
        return ""
    if passed is not None and passed < LONG_STANDING_DAYS:
        return "new"
    doubted = _DOUBTS_IT.search(_SAYS_THE_SAME.sub("", said))
    return "old_stable" if _KNOWN_TO_A_DOCTOR.search(said) and not doubted else ""
