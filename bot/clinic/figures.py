"""Reads numbers and places in a list, in figures or in words."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import lru_cache

from bot.clinic.replies import plain
from bot.clinic.vocabulary import slips_between

_UNITS = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"),
    *("ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
    *("seventeen", "eighteen", "nineteen"),
)
_TENS = (
    *("twenty", "thirty", "forty", "fifty"),
    *("sixty", "seventy", "eighty", "ninety"),
)
_NUMBER_WORDS = {word: index for index, word in enumerate(_UNITS)}
_NUMBER_WORDS |= {word: 20 + 10 * index for index, word in enumerate(_TENS)}
_COMMON_WORDS = frozenset(
    ("for", "there", "tree", "thee", "seen", "fort", "flour", "eighth", "thirsty")
)
"""A slip away from a number, and none."""
_SHORTEST = 3
"""Letters; fewer say nothing."""
_POINTERS = ("this", "that", "the", "which", "second", "last", "first")
_OUT_OF = re.compile(r"\b(\d+(?:\.\d+)?)\s*(?:/|out of|of|on)\s*(?:10|ten)\b")
_PARTS = re.compile(r"[,;!?]+|\.(?!\d)|\band\b")
_LINK = re.compile(r"when|if|while|with|after|because|but|then|though|in|on|at")
_DIGITS = re.compile(r"^(\d+(?:\.\d+)?)(st|nd|rd|th|ish|yo|yrs?|y|m|f)?$")


def numbers(text: str) -> list[float]:
    """Return every number in a text, in digits or words, "7/10" as 7.

    A minus sign makes a number negative, so that it is out of every range.
    """
    return _numbers(_words(text))


def in_digits(text: str) -> str:
    """Return plain words in which numbers are figures: "im forty one" is "im 41"."""
    words = _words(text)
    said: list[str] = []
    for number, group in itertools.groupby(words, _goes_with_a_number):
        found = list(group)
        said += [f"{one:g}" for one in _numbers(found)] if number else found
    return " ".join(said)


def numbers_alone(text: str, allowed: re.Pattern[str]) -> list[float]:
    """Return the numbers around which nothing stands but words that are allowed.

    "About a 7" is one, "5 mg" and "less than 5" are none. What comes after "when",
    "because" and the like belongs to no number before it.

    Args:
        allowed: matches each word that may stand before a number of this kind, or
            right after it.
    """
    found: list[float] = []
    for part in _PARTS.split(text.casefold().replace("hundred and ", "hundred ")):
        words = _words(part)
        said = [_goes_with_a_number(word) for word in words]
        for start, end in _stretches(said):
            before = [word for word in words[:start] if not _goes_with_a_number(word)]
            after = words[end] if end < len(words) else "when"
            fits = _LINK.fullmatch(after) or allowed.fullmatch(after)
            if fits and all(map(allowed.fullmatch, before)):
                found += _numbers(words[start:end])
    return found


def _words(text: str) -> list[str]:
    said = re.sub(r"(?<!\S)-(?=\d)", " minus ", text.casefold())
    said = plain(re.sub(r"(?<=\d)\s*(?:-|\u2013)\s*(?=\d)", " to ", said))
    for index, word in enumerate(_UNITS):
        said = re.sub(rf"\b{word} out of ten\b", str(index), said)
    return _OUT_OF.sub(r"\1", said.replace("hundred and ", "hundred ")).split()


def _goes_with_a_number(word: str) -> bool:
    return word in ("hundred", "minus") or _value(word) is not None


def _stretches(said: list[bool]) -> Iterator[tuple[int, int]]:
    """Go through the stretches of words that make numbers: first, and one past last."""
    start = 0
    for number, group in itertools.groupby(said):
        end = start + len(list(group))
        if number:
            yield start, end
        start = end


def _numbers(words: list[str]) -> list[float]:
    found: list[float] = []
    for place, word in enumerate(words):
        value, before = _value(word), words[place - 1] if place else ""
        if word == "hundred":
            found = [*found[:-1], (found or [1.0])[-1] * 100]
        elif value is None or (word == "one" and before in _POINTERS):
            continue
        elif found and (before == "hundred" or (_is_ten(before) and 0 < value < 10)):
            found[-1] += value
        else:
            found.append(-value if before == "minus" else value)
    return found


def _value(word: str) -> float | None:
    digits = _DIGITS.match(word)
    return float(digits[1][:9]) if digits else _in_words(word)


@lru_cache(maxsize=1024)
def _in_words(word: str) -> int | None:
    """Read a number word, with a slip ("fourty") or run together ("thirtyfive")."""
    if word in _NUMBER_WORDS:
        return _NUMBER_WORDS[word]
    near = {value for known, value in _NUMBER_WORDS.items() if _slipped(word, known)}
    if len(near) == 1:
        return near.pop()
    for place in range(_SHORTEST, len(word) - 2):
        if _is_ten(word[:place]) and 0 < (_in_words(word[place:]) or 0) < 10:
            return (_in_words(word[:place]) or 0) + (_in_words(word[place:]) or 0)
    return None


def _slipped(word: str, known: str) -> bool:
    """Tell whether a word is a number with a letter too many, missing or swapped.

    A wrong letter is no such slip: it makes "nice" of "nine".
    """
    if len(word) < _SHORTEST or len(known) <= _SHORTEST or word in _COMMON_WORDS:
        return False
    wrong = len(word) == len(known) and sorted(word) != sorted(known)
    return word[0] == known[0] and not wrong and slips_between(word, known) == 1


def _is_ten(word: str) -> bool:
    return word.isalpha() and (_in_words(word) or 0) in range(20, 100, 10)


_ORDINALS = (
    *("first", "second", "third", "fourth", "fifth"),
    *("sixth", "seventh", "eighth", "ninth", "tenth"),
)
_FILLER = re.compile(
    r"^(the|ones?|and|options?|numbers?|no|nr|answer|item|lines?|choice|is|i|its|it|my"
    r"|would|be|choose|pick|take|please|also|just|only|a|to|say)$"
)


def positions(text: str, count: int) -> list[int] | None:
    """Read replies that point at lines of a list: "the second one", "1 and 3".

    Args:
        text: the reply.
        count: how many lines were shown.

    Returns:
        0-based places; None where the reply says anything else or points outside.
    """
    places: list[int] = []
    for word in plain(text).split():
        place = _place(word, count)
        if place is None and not _FILLER.match(word):
            return None
        if place is not None:
            places.append(place)
    inside = all(0 <= place < count for place in places)
    return sorted(set(places)) if places and inside else None


def _place(word: str, count: int) -> int | None:
    if word in _ORDINALS:
        return _ORDINALS.index(word)
    if word == "last":
        return count - 1
    digits = re.match(r"^(\d{1,3})(st|nd|rd|th)?$", word)
    return int(digits[1]) - 1 if digits else None
