"""Reads all of a wish but the time: what for, with whom, where, how dear, how often."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import product

from bot.clinic.course_words import read_course
from bot.clinic.profile import Clinic, Gender, Place, PlaceKind, Practitioner, Visit
from bot.clinic.wish import Wish
from bot.desk.wish_words import is_called_unfit, refusal

_KIND = (
    r"(woman|women|female|lady|ladies|girl|gal|man|men|male|gentleman|guys?|bloke|gent)"
)
_GENDER = re.compile(
    r"\b(?:with|by|see|prefer|preferably|ideally|want|need|like|have|be)\s+"
    rf"(?:(?:an?|the|some|only|by|to see)\s+)*{_KIND}\b"
    rf"|\b{_KIND}\s+"
    r"(?:practitioner|acupuncturist|therapist|physio\w*|doctor|one|person)\b"
    rf"|(?:^|,)\W*(?:an?\s+)?{_KIND}(?:\s+(?:only|please|pls))*\W*(?:$|,)"
)
_ANYBODY = re.compile(
    r"\b(?:any ?(?:one|body)|who ?ever|any (?:practitioner|acupuncturist|therapist)"
    r"|either (?:of them|person|practitioner)"
    r"|(?:an? )?(?:wo)?man or (?:an? )?(?:wo)?man|(?:fe)?male or (?:fe)?male"
    r"|(?:does ?n'?t|does not) matter (?:to me )?who)\b"
    r"(?! (?:but|except|bar|other|who|else|there|that|speaks?|speaking)\b)"
)
_REFUSED_GENDER = re.compile(rf"\b(?:(?:an?|any|the|by|with|see|have|to)\s+)*{_KIND}\b")
_WOMEN = frozenset({"woman", "women", "female", "lady", "ladies", "girl", "gal"})
_SPEAKS = re.compile(r"\b(?:speaks?|speaking|talks?|knows?)\s+(?:in\s+)?([^\W\d_]{4,})")
_LANGUAGES = frozenset(
    """
    afrikaans albanian amharic arabic armenian assamese bengali bulgarian burmese
    cantonese catalan chinese cree croatian czech danish dari dutch english estonian
    farsi finnish french gaelic georgian german greek gujarati hebrew hindi hungarian
    igbo indonesian inuktitut irish italian japanese kannada kashmiri khmer konkani
    korean kurdish latvian lithuanian malay malayalam mandarin marathi mongolian nepali
    norwegian odia pashto persian polish portuguese punjabi romanian russian serbian
    sindhi sinhala slovak slovenian somali spanish swahili swedish tagalog tamil telugu
    thai tibetan tigrinya tulu turkish ukrainian urdu vietnamese welsh yiddish yoruba
    zulu
    """.split()  # noqa: SIM905 - to be read as a page
)
"""Asked for here or there; what else follows "speak" is no language: "with", "to"."""
_ONLINE = re.compile(
    r"\b(?:online|video|virtual(?:ly)?|remote(?:ly)?|zoom|telehealth)\b"
)
_IN_PERSON = re.compile(r"\b(?:in[- ]person|face to face|on site)\b")
_FIRST = re.compile(r"\b(?:first (?:visit|appointment|time here)|new patient)\b")
_LATER = re.compile(r"\b(?:follow[- ]?up|return visit|next in my course)\b")
_TOGETHER = re.compile(r"\b(?:together|both|combin\w+|as well as)\b")
_MONEY = r"(?:rs\.?|inr|rupees?|\u20b9|\$|cad|usd|dollars?|bucks)"
_AMOUNT = r"(\d[\d,]*(?:\.\d+)? ?k?)"
_CHEAPER = (
    r"\b(?:under|below|less than|cheaper than|at most|max(?:imum)?|not? more than"
    r"|budget(?: is| of)?)"
)
_MOST = re.compile(
    rf"(?:{_CHEAPER}|\b(?:up to|within|for))\s*"
    rf"(?:{_MONEY}\s*{_AMOUNT}|{_AMOUNT}\s*{_MONEY})(?!\w)"
    rf"|{_CHEAPER}\s*(\d[\d,]{{2,}}|\d+(?:\.\d+)? ?k)(?![\w:])"
)
_KINDS: Mapping[PlaceKind, re.Pattern[str]] = {
    "day_clinic": re.compile(r"\bday clinics?\b"),
    "spa": re.compile(r"\bspas?\b"),
    "hospital": re.compile(r"\bhospitals?\b"),
    "retreat": re.compile(r"\bretreats?\b"),
}
_STEM_LETTERS = 6
_OR_ALSO = re.compile(r"\s*(?:or|nor|and)\s+(?:with\s+)?")
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")


def read_who(words: str, clinic: Clinic) -> tuple[list[Wish], str]:
    """Read what for, with whom, where, how dear and how often.

    Args:
        words: in small letters, numbers as digits.

    Returns:
        The wish, or several where it is not clear who, what or which language is meant;
        and the words without those that a day could be read into. A course of 0 visits
        is one that says how often, and not for how long.
    """
    course, rest = read_course(words)
    most, rest = _most(rest)
    rest, not_with = _not_with(rest, clinic)
    anybody = _ANYBODY.search(rest) is not None
    rest, gender = _gender(_ANYBODY.sub(" , ", rest))
    rest, online = _online(rest)
    rest, places = _places(rest, clinic)
    rest, therapies = _therapies(rest, clinic)
    rest, languages = _languages(rest, clinic)
    wish = Wish(
        gender=gender,
        anybody_does=anybody,
        not_with=not_with,
        places=places,
        online=online,
        complaint=complaint_in(rest, clinic),
        most=most,
        course=course,
        together=bool(clinic.plans and _TOGETHER.search(rest)),
    )
    nobody: list[str | None] = [None]
    people = [one.id for one in _named(rest, clinic)]
    return [
        replace(
            wish,
            treatment_id=_treatment(rest, therapy, clinic),
            therapy=therapy,
            language=language,
            practitioner_id=person,
        )
        for therapy, language, person in product(
            therapies or nobody, languages or nobody, people or nobody
        )
    ], rest


def _without_refused(
    pattern: re.Pattern[str], words: str
) -> tuple[str, list[re.Match[str]]]:
    """Take out of some words what is refused in them: "not on zoom", "no men"."""
    refused: list[re.Match[str]] = []
    kept, at, shift = words, 0, 0
    for found in pattern.finditer(words):
        between = words[at : found.start()]
        begins = refusal(between)
        goes_on = refused and _OR_ALSO.fullmatch(between) is not None
        unfit = is_called_unfit(words[found.end() :])
        if begins is not None or goes_on or unfit:
            first = at + (begins or 0) if begins is not None else found.start()
            kept = f"{kept[: first - shift]} , {kept[found.end() - shift :]}"
            shift += found.end() - first - 3
            refused.append(found)
        at = found.end()
    return kept, refused


def _not_with(words: str, clinic: Clinic) -> tuple[str, frozenset[str]]:
    """Read who does not do; all who are called by a name that is refused."""
    names = " ".join(one.name.lower() for one in clinic.practitioners.values())
    parts = {part for part in names.split() if len(part.strip(".")) > 2}
    called = "|".join(sorted(parts.intersection(_WORD.findall(words))))
    if not called:
        return words, frozenset()
    rest, refused = _without_refused(
        re.compile(rf"\b(?:{called})(?: (?:{called}))*\b"), words
    )
    return rest, frozenset(
        one.id for name in refused for one in _named(name[0], clinic)
    )


def _named(words: str, clinic: Clinic) -> list[Practitioner]:
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


def _most(words: str) -> tuple[Decimal | None, str]:
    found = _MOST.search(words)
    if not found:
        return None, words
    said = (found[1] or found[2] or found[3]).replace(",", "")
    amount = Decimal(said.rstrip(" k")) * (1000 if said.endswith("k") else 1)
    return amount, words.replace(found[0], " ")


def _online(words: str) -> tuple[str, bool | None]:
    rest, not_online = _without_refused(_ONLINE, words)
    rest, not_here = _without_refused(_IN_PERSON, rest)
    if _ONLINE.search(rest) and _IN_PERSON.search(rest):
        return rest, None
    if _ONLINE.search(rest) or not_here:
        return rest, True
    return rest, False if _IN_PERSON.search(rest) or not_online else None


def _gender(words: str) -> tuple[str, Gender | None]:
    rest, refused = _without_refused(_REFUSED_GENDER, words)
    if found := _GENDER.search(rest):
        word = found[1] or found[2] or found[3]
        return rest, "woman" if word in _WOMEN else "man"
    if not refused:
        return rest, None
    return rest, "man" if refused[0][1] in _WOMEN else "woman"


def _languages(words: str, clinic: Clinic) -> tuple[str, list[str]]:
    """Return the languages asked for, spoken here or not; or all but another."""
    spoken = sorted(
        {lang for one in clinic.practitioners.values() for lang in one.languages}
    )
    rest, refused = _without_refused(_any_of(map(str.lower, spoken)), words)
    wanted = [one for one in spoken if re.search(rf"\b{one.lower()}\b", rest)]
    if wanted:
        return rest, wanted
    for asked in _SPEAKS.findall(rest):
        if asked in _LANGUAGES:
            return rest, [asked.title()]
    not_in = {found[0] for found in refused}
    return rest, [one for one in spoken if not_in and one.lower() not in not_in]


def _therapies(words: str, clinic: Clinic) -> tuple[str, list[str]]:
    """Return a therapy by the beginning of its name: "physio"; or all but another."""
    stems = _stems(clinic)
    rest, refused = _without_refused(_any_of(stems.values(), r"\w*"), words)
    for therapy, stem in stems.items():
        if re.search(rf"\b{re.escape(stem)}", rest):
            return rest, [therapy]
    not_this = " ".join(found[0] for found in refused)
    return rest, [one for one in stems if not_this and stems[one] not in not_this]


def _stems(clinic: Clinic) -> dict[str, str]:
    """Return how the name of each therapy begins."""
    return {
        therapy: name.lower().split()[0][:_STEM_LETTERS]
        for therapy, name in clinic.therapies.items()
    }


def names_a_therapy(word: str, clinic: Clinic) -> bool:
    """Tell whether a word in small letters names a therapy that is given: "physio"."""
    return word.startswith(tuple(_stems(clinic).values()))


def _any_of(phrases: Iterable[str], ending: str = "") -> re.Pattern[str]:
    """Return a pattern of whole words: one of some phrases, the longest first."""
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))}){ending}\b")


def complaint_in(words: str, clinic: Clinic) -> str | None:
    """Return what somebody comes with, by the longest of its names."""
    found = [
        (len(phrase), one.id)
        for one in clinic.complaints.values()
        for phrase in one.words
        if re.search(rf"\b{re.escape(phrase)}\b", words)
    ]
    return max(found)[1] if found else None


def _treatment(words: str, therapy: str | None, clinic: Clinic) -> str | None:
    visit: Visit
    if _LATER.search(words):
        visit = "follow_up"
    elif _FIRST.search(words):
        visit = "first"
    else:
        return None
    fitting = [
        one.id
        for one in clinic.treatments.values()
        if one.visit == visit and therapy in (None, one.therapy)
    ]
    return fitting[0] if fitting else None


def _places(words: str, clinic: Clinic) -> tuple[str, frozenset[str]]:
    """Return the places asked for, or all those that are not refused."""
    on_site = {one.id: one for one in clinic.places.values() if one.kind != "online"}
    known = _place_phrases(list(on_site.values()))
    rest, refused = _without_refused(_any_of(known), words) if known else (words, [])
    for kind in _KINDS.values():
        rest, more = _without_refused(kind, rest)
        refused += more
    wanted = _called_places(rest, known, on_site)
    if wanted or not refused:
        return rest, wanted
    others = " , ".join(found[0] for found in refused)
    not_there = _called_places(others, known, on_site)
    return rest, frozenset(on_site) - not_there if not_there else frozenset()


def _place_phrases(on_site: list[Place]) -> dict[str, set[str]]:
    """Return the places by name, and by a part of an address that few share."""
    called: dict[str, set[str]] = {}
    for one in on_site:
        for phrase in (one.name, *one.address.split(",")):
            if phrase.strip():
                called.setdefault(phrase.strip().lower(), set()).add(one.id)
    few = max(1, len(on_site) // 3)
    return {phrase: ids for phrase, ids in called.items() if len(ids) <= few}


def _called_places(
    words: str, known: Mapping[str, set[str]], on_site: Mapping[str, Place]
) -> frozenset[str]:
    found = frozenset(
        place_id
        for phrase, ids in known.items()
        if re.search(rf"\b{re.escape(phrase)}\b", words)
        for place_id in ids
    )
    kinds = [kind for kind, pattern in _KINDS.items() if pattern.search(words)]
    of_kind = frozenset(one.id for one in on_site.values() if one.kind in kinds)
    return (found & of_kind) or found or of_kind
