"""Understands short typed replies: yes, no, not sure, skips and phrases."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

YesNo = Literal["yes", "no", "unsure"]

_SKIP = re.compile(
    r"^(please )?(can i |may i |id like to |ill |i want to )?"
    r"(skip|pass|next( question| one)?|decline|no comment|none of your business"
    r"|(id |i would |i )?(rather|prefer|d rather) not( to)?( say| answer| tell| share)?"
    r"|(i )?(dont|do not) (want|wish|like) to (say|answer|tell|share)"
    r"|(i )?(wont|will not) (say|answer|tell)|leave (it|this|that) out)"
    r"( (it|this|that|one|them|all|the|questions?|for|now|please|thanks|here))*$"
)
_UNSURE = re.compile(
    r"\b(not (really |quite |so |too |entirely |very )?(sure|certain)|unsure|uncertain"
    r"|(dont|do not|wouldnt|didnt) (really )?(know|remember|think so)|idk|dunno"
    r"|no (idea|clue)|maybe|perhaps|possibly|probably|hard to (say|tell)"
    r"|(cant|cannot|couldnt) (say|tell|remember)|might (be|have)|could be"
    r"|not really|yes and no|yes no|i guess|who knows|depends)\b"
)
_YES = re.compile(
    r"^(well |oh |um+ |uh |and |i said |actually )*"
    r"(yes|yeah|yea|yep|yup|yah|ya|ye|yess+|y|aye|sure|of course|definitely|correct"
    r"|absolutely|certainly|true|exactly|affirmative|agreed|a (bit|little|lot)|often"
    r"|slightly|somewhat|sometimes|only|just when|kind of|kinda|sort of|sorta"
    r"|occasionally|now and then"
    r"|(i (do|am|have|did|agree|can|was|think so)|it (is|does|did|has)"
    r"|they (do|did|are)"
    r"|(he|she) (does|is|has|did|will))(?! (not|never|no)\b))\b"
)
_NO = re.compile(
    r"^(well |oh |um+ |uh |and |i said |actually )*"
    r"(no|nope|nah|na|nay|noo+|n|never|none|nothing|neither|negative|nil|not|zero"
    r"|(i|it|they|he|she) ((do|does|did|have|has|am|is|was|will|can) (not|never|no)"
    r"|dont|doesnt|didnt|havent|hasnt|isnt|wasnt|wont|never)|im not|all (good|clear))\b"
)
_NONE = re.compile(
    r"^(well |oh |um+ |thankfully |luckily |thank god )*"
    r"(no|nope|nah|n|none|nothing|neither|nil|negative|not any|never|all good|all clear"
    r"|no to (all|everything)|i (dont|do not) have any|i have none|i have no"
    r"|(that|those) (dont|do not) apply|not (that|as far as) i know)"
    r"( (of|these|those|them|that|this|apply|applies|to|me|at|all|the|above|list|sir"
    r"|so|far|here|really|thanks|thank|you|no|none|nope|have|i|do|any|dont|else|others"
    r"|rest|on|it|from|for|is|are|am|im|fine|ok|okay|know|aware|well|good|luckily"
    r"|actually|other|things|symptoms|problems|issues|in|my|case|just|nothing))*$"
)
_REST_NONE = re.compile(
    r"\b(nothing else|none of the (others?|rest)|no others?|not the (others?|rest)"
    r"|thats (all|it)|that is (all|it)|only (that|those|this|these)"
    r"|no to the (others?|rest)|nothing more|the (others?|rest) no(ne)?)\b"
)
_BUT = re.compile(r"\b(but|except|although|though|however|only when|sometimes|apart)\b")

_NEGATION = re.compile(
    r"^(no|not|never|without|none|neither|nor|(do|does|did|have|has|had|is|are|was|were"
    r"|ai)nt)$"
)
_SCOPE_ENDS = frozenset({"and", "plus", "then", "since", "because", "when", "until"})
_APOSTROPHES = re.compile("['`\u2018\u2019\u00b4]")
_CLAUSE = re.compile(r"[,;.!\n]+(?!\d)|\b(?:but|however|though|although|except)\b")


def plain(text: str) -> str:
    """Return a text in lower case, without accents and punctuation."""
    flat = unicodedata.normalize("NFKD", text.casefold())
    flat = "".join(sign for sign in flat if not unicodedata.combining(sign))
    flat = _APOSTROPHES.sub("", flat).replace("&", " and ")
    return " ".join(re.sub(r"[^a-z0-9/.]+|(?<!\d)[/.]|[/.](?!\d)", " ", flat).split())


def is_skip(text: str) -> bool:
    """Tell whether somebody would rather not answer."""
    return bool(_SKIP.match(plain(text)))


def is_unsure(text: str) -> bool:
    """Tell whether somebody does not know."""
    return bool(_UNSURE.search(plain(text)))


def yes_or_no(text: str) -> YesNo | None:
    """Read yes, no or not sure; None where it is none of them.

    A qualified yes ("a bit", "yes but only when I cough") is a yes; a qualified no
    ("no, but sometimes") is not sure, so that it is asked again.
    """
    said = plain(text)
    if not said:
        return "yes" if "👍" in text else "no" if "👎" in text else None
    if _UNSURE.search(said):
        return "unsure"
    if _YES.match(said):
        return "yes"
    if _NO.match(said):
        return "unsure" if _BUT.search(said) else "no"
    return None


def is_none(text: str) -> bool:
    """Tell whether somebody says that nothing on a list is true for them."""
    said = plain(text)
    return bool(_NONE.match(said)) and not _BUT.search(said)


def starts_with_no(text: str) -> bool:
    """Tell whether a longer reply begins like "none of these"."""
    return bool(_NO.match(plain(text)))


def rest_is_none(text: str) -> bool:
    """Tell whether somebody adds that the rest of a list is not true for them."""
    return bool(_REST_NONE.search(plain(text)))


# Phrases ----------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """A phrase that was found in a reply.

    Args:
        value: what the phrase stands for.
        negated: whether it was denied ("no chest pain").
        unsure: whether it stands in a clause that says "not sure".
        shared: whether another value has the same phrase.
    """

    value: str
    negated: bool
    unsure: bool
    shared: bool


def stem(word: str) -> str:
    """Return a word without the s of its plural."""
    keeps_s = word.endswith(("ss", "us", "is")) or len(word) < 4
    return word if keeps_s or not word.endswith("s") else word[:-1]


def find(text: str, phrases: Mapping[str, Iterable[str]]) -> list[Found]:
    """Find which of several values a reply speaks of.

    A phrase is found in a clause that has all its words, in any order; `*` stands
    for any ending. Longer phrases come first, and a word counts for one of them only;
    two values with the same phrase are both found.

    Args:
        text: the reply as typed.
        phrases: value to the phrases that stand for it.
    """
    table = sorted(
        ((_words(phrase), value) for value, all_ in phrases.items() for phrase in all_),
        key=lambda entry: -len(entry[0]),
    )
    vocabulary = {word for words, _ in table for word in words if len(word) >= 6}
    found: list[Found] = []
    for part in _CLAUSE.split(text.casefold()):
        found += _find_in_clause(_corrected(_words(plain(part)), vocabulary), table)
    return found


def _words(phrase: str) -> list[str]:
    """Return the words of a phrase; "*" at the end of a word is kept."""
    if "*" in phrase:
        return [word if word.endswith("*") else stem(word) for word in phrase.split()]
    return [stem(word) for word in plain(phrase).split()]


def _corrected(words: list[str], vocabulary: set[str]) -> list[str]:
    """Replace a long misspelt word ("warfrin") by the one that was meant."""
    known = {word.rstrip("*") for word in vocabulary}
    return [
        next(iter(get_close_matches(word, known, n=1, cutoff=0.83)), word)
        if len(word) >= 6 and word not in known
        else word
        for word in words
    ]


def _find_in_clause(
    words: list[str], table: Sequence[tuple[list[str], str]]
) -> list[Found]:
    unsure = bool(_UNSURE.search(" ".join(words)))
    taken: set[int] = set()
    by_phrase: dict[tuple[str, ...], list[int]] = {}
    found: list[Found] = []
    for phrase, value in table:
        places = by_phrase.get(tuple(phrase))
        if places is None:
            places = _places(words, phrase, taken)
            if not places:
                continue
            by_phrase[tuple(phrase)] = places
            taken.update(places)
        negated = _negated(words, places)
        shared = any(other == phrase and name != value for other, name in table)
        found.append(Found(value, negated, unsure, shared))
    return found


def _places(words: list[str], phrase: list[str], taken: set[int]) -> list[int]:
    """Return where each word of a phrase stands, or nothing."""
    places: list[int] = []
    for wanted in phrase:
        place = next(
            (
                index
                for index, word in enumerate(words)
                if index not in taken and index not in places and _fits(word, wanted)
            ),
            None,
        )
        if place is None:
            return []
        places.append(place)
    return places


def _fits(word: str, wanted: str) -> bool:
    if wanted.endswith("*"):
        return word.startswith(wanted[:-1])
    return word == wanted


def _negated(words: list[str], places: list[int]) -> bool:
    if words[-1] in ("no", "nope", "none") and len(words) - 1 not in places:
        return True
    for index in range(min(places) - 1, -1, -1):
        if words[index] in _SCOPE_ENDS:
            return False
        if _NEGATION.match(words[index]):
            return True
    return False
