"""Reads all of a wish but the time: what for, with whom, where, how dear, how often."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from decimal import Decimal

from bot.clinic.profile import Clinic, Gender, PlaceKind, Practitioner, Visit
from bot.clinic.wish import Course, Wish

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
_TOGETHER = re.compile(r"\b(?:together|both|combin\w+|as well as)\b")
_MONEY = r"(?:rs\.?|inr|rupees?|\u20b9|\$|cad|usd|dollars?|bucks)"
_MOST = re.compile(
    r"(?:\b(?:under|below|less than|cheaper than|up to|within|at most|max(?:imum)?"
    r"|not? more than|for)\s*)"
    rf"(?:{_MONEY}\s*(\d[\d,]*)|(\d[\d,]*)\s*{_MONEY})(?!\w)"
)
# ses{2}ion: the word itself is ruled out here, but visitors use it.
_RHYTHM = re.compile(
    r"\b(?:(once|twice|[12](?: times?| visits?| ses{2}ions?)?)\s*"
    r"(?:a|per|each|every) (week|fortnight)|(weekly|every week|each week)"
    r"|(fortnightly|every (?:2|other|second) weeks?))\b"
)
_HOW_LONG = re.compile(r"\bfor (?:the next )?(\d{1,2}) (week|month)s?\b")
_HOW_MANY = re.compile(
    r"\b(?:course|series|block|set) of (\d{1,2})"
    r"(?: (?:visits|ses{2}ions|treatments|weeks))?"
    r"|\b(\d{1,2}) (?:weekly )?(?:visits|ses{2}ions|appointments|treatments|times)\b"
)
_KINDS: Mapping[PlaceKind, re.Pattern[str]] = {
    "day_clinic": re.compile(r"\bday clinics?\b"),
    "spa": re.compile(r"\bspas?\b"),
    "hospital": re.compile(r"\bhospitals?\b"),
    "retreat": re.compile(r"\bretreats?\b"),
}
MOST_VISITS = 12
_WEEKS_A_MONTH = 4
_STEM_LETTERS = 6
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def read_who(words: str, clinic: Clinic) -> tuple[Wish, str]:
    """Read what for, with whom, where, how dear and how often.

    Args:
        words: in small letters, numbers as digits.

    Returns:
        The wish, and the words without those that a day could be read into. A course
        of 0 visits is one that says how often, and not for how long.
    """
    course, rest = _course(words)
    most, rest = _most(rest)
    wish = Wish(
        treatment_id=_treatment(rest, clinic),
        therapy=_therapy(rest, clinic),
        gender=_gender(rest),
        language=_language(rest, clinic),
        places=_places(rest, clinic),
        online=_online(rest),
        complaint=_complaint(rest, clinic),
        most=most,
        course=course,
        together=bool(clinic.plans and _TOGETHER.search(rest)),
    )
    return wish, rest


def named(words: str, clinic: Clinic) -> list[Practitioner]:
    """Return who is called by first, last or full name; by the fullest one only."""
    said = set(_WORD.findall(words))
    hits = {
        one.id: sum(_is_said(part, said) for part in one.name.lower().split())
        for one in clinic.practitioners.values()
    }
    most = max(hits.values(), default=0)
    return [
        one for one in clinic.practitioners.values() if most and hits[one.id] == most
    ]


def _is_said(part: str, said: set[str]) -> bool:
    return len(part.strip(".")) > 2 and said.issuperset(_WORD.findall(part))


def _course(words: str) -> tuple[Course | None, str]:
    rhythm, many = _RHYTHM.search(words), _HOW_MANY.search(words)
    weeks, visits = _rhythm(rhythm)
    lasts = _HOW_LONG.search(words) if rhythm else None
    if many:
        count = int(many[1] or many[2])
    elif lasts:
        months = lasts[2] == "month"
        count = int(lasts[1]) * (_WEEKS_A_MONTH if months else 1) * visits // weeks
    elif rhythm:
        count = 0
    else:
        return None, words
    for found in (rhythm, lasts, many):
        words = words.replace(found[0], " ") if found else words
    return Course(count, weeks, visits), words


def _rhythm(found: re.Match[str] | None) -> tuple[int, int]:
    """Return every how many weeks, and how many visits then; weekly if not said."""
    if found is None:
        return 1, 1
    weeks = 2 if found[4] or found[2] == "fortnight" else 1
    return weeks, 2 if found[1] and found[1].startswith(("twice", "2")) else 1


def _most(words: str) -> tuple[Decimal | None, str]:
    found = _MOST.search(words)
    if not found:
        return None, words
    amount = Decimal((found[1] or found[2]).replace(",", ""))
    return amount, words.replace(found[0], " ")


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


def _complaint(words: str, clinic: Clinic) -> str | None:
    """Return what somebody comes with, by the longest of its names."""
    found = [
        (len(phrase), one.id)
        for one in clinic.complaints.values()
        for phrase in one.words
        if re.search(rf"\b{re.escape(phrase)}\b", words)
    ]
    return max(found)[1] if found else None


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


def _places(words: str, clinic: Clinic) -> frozenset[str]:
    """Return places by name, by kind, or by a part of an address that few share."""
    on_site = [one for one in clinic.places.values() if one.kind != "online"]
    called = [
        (phrase.strip().lower(), one.id)
        for one in on_site
        for phrase in {one.name, *one.address.split(",")}
        if phrase.strip()
    ]
    common = Counter(phrase for phrase, _ in called)
    found = frozenset(
        place_id
        for phrase, place_id in called
        if common[phrase] <= max(1, len(on_site) // 3)
        and re.search(rf"\b{re.escape(phrase)}\b", words)
    )
    kinds = [kind for kind, pattern in _KINDS.items() if pattern.search(words)]
    of_kind = frozenset(one.id for one in on_site if one.kind in kinds)
    return (found & of_kind) or found or of_kind
