"""Brings what people type on a phone into plain words that can be compared."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

# Longer "words" are not language; they only cost time.
LONGEST_WORD = 40
_SHORT_WORD = 4
# Words that are often typed without the space behind them.
_RUN_INTO_THE_NEXT = ("i", "im", "ive", "my", "cant")
# A pause counts like this many words between two things said.
PAUSE, FULL_STOP = 2, 4

_PIECES = re.compile(
    r"\d+[.,]\d+|[^\W_]+|[.!?…;\n]+|[,:()\u2013\u2014]+|(?<=\s)-+(?=\s)"
)
_APOSTROPHE = re.compile(r"(?<=\w)['\u2019\u2018`\u00b4\u02bc\uff07](?=\w)")
# "my chest's tight", "dad's legs": the ending says nothing here. "it's" keeps it.
_POSSESSIVE = re.compile(r"(?<=[^\W\d_]{4})['\u2019\u2018`\u00b4\u02bc\uff07]s\b")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_BEFORE_NOT = {
    "can": "cant",
    "could": "couldnt",
    "do": "dont",
    "does": "doesnt",
    "did": "didnt",
    "is": "isnt",
    "are": "arent",
    "was": "wasnt",
    "were": "werent",
    "has": "hasnt",
    "have": "havent",
    "had": "hadnt",
    "will": "wont",
    "would": "wouldnt",
    "should": "shouldnt",
}
# What stands before "m" in "i m", when a phone puts a space for the apostrophe.
_BEFORE_ENDING = {
    "m": ("i",),
    "ve": ("i", "we", "you", "they"),
    "ll": ("i", "he", "she", "it", "we", "you", "they"),
    "d": ("i", "he", "she", "it", "we", "you", "they"),
    "s": ("he", "she", "it", "there", "that", "what"),
    "re": ("we", "you", "they"),
}
# What is left of "don't" when a phone puts a space for the apostrophe.
_BEFORE_T = {word.removesuffix("t"): word for word in _BEFORE_NOT.values()}


@dataclass(frozen=True)
class Plain:
    """A message as plain words.

    Args:
        words: lower case, without accents and apostrophes.
        places: where each word stands, counted in words; a comma and a full stop
            count as several words, so that a distance knows about them.
        sentences: the number of each word's sentence.
        clauses: the number of each word's clause, never shared by two sentences.
    """

    words: tuple[str, ...]
    places: tuple[int, ...]
    sentences: tuple[int, ...]
    clauses: tuple[int, ...]


class _Cutter:
    """Collects the words of one message, piece by piece."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.places: list[int] = []
        self.sentences: list[int] = []
        self.clauses: list[int] = []
        self.place = self.sentence = self.clause = 0

    def say(self, words: Sequence[str]) -> None:
        for word in words:
            self.words.append(word[:LONGEST_WORD])
            self.places.append(self.place)
            self.sentences.append(self.sentence)
            self.clauses.append(self.clause)
            self.place += 1

    def pause(self, mark: str) -> None:
        if not self.in_clause():
            return  # nothing was said since the last mark
        self.clause += 1
        if mark[0] in ".!?…;\n":
            self.sentence += 1
            self.place += FULL_STOP
        else:
            self.place += PAUSE

    def in_clause(self) -> bool:
        return bool(self.clauses) and self.clauses[-1] == self.clause


def plain(text: str, respelt: Callable[[str], Sequence[str]]) -> Plain:
    """Cut a message into plain words; any string will do, in linear time.

    Args:
        text: what was typed, in any script, with anything in it.
        respelt: gives the word or words that a typed word is short for.
    """
    cutter = _Cutter()
    for piece in _PIECES.findall(smooth(text)):
        if not piece[0].isalnum():
            cutter.pause(piece)
        elif not (cutter.in_clause() and _joins(cutter.words, piece)):
            cutter.say(respelt(piece))
    return Plain(
        tuple(cutter.words),
        tuple(cutter.places),
        tuple(cutter.sentences),
        tuple(cutter.clauses),
    )


def smooth(text: str) -> str:
    """Return lower case without accents, apostrophes and what cannot be seen."""
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in parts if not _invisible(sign))
    text = _POSSESSIVE.sub("", text.casefold())
    text = _APOSTROPHE.sub("", text).replace("&", " and ")
    return _STRETCHED.sub(r"\1\1", text)


def _invisible(sign: str) -> bool:
    return unicodedata.category(sign) in {"Mn", "Mc", "Me", "Cf", "Cs"}


def _joins(words: list[str], piece: str) -> bool:
    """Write "can not", "can t" and "i m" as one word, in place of the last word."""
    last = words[-1]
    if piece == "not":
        joined = _BEFORE_NOT.get(last)
    elif piece == "t":
        joined = _BEFORE_T.get(last)
    else:
        joined = last + piece if last in _BEFORE_ENDING.get(piece, ()) else None
    if joined is None:
        return False
    words[-1] = joined
    return True


class Vocabulary:
    """The words that matter, found again when they are misspelt.

    A word of 5 letters or more may have one slip (a letter too many, missing, wrong,
    or two swapped), one of 9 or more two; the first letter must be right, or swapped
    with the second. A word of 4 letters may have two letters swapped or one doubled:
    any other slip makes another common word of it.

    Args:
        words: the words to find.
        other_words: real words that look like a slip and are none ("chess").
    """

    def __init__(self, words: Iterable[str], other_words: Iterable[str] = ()) -> None:
        self._words = frozenset(words)
        self._others = frozenset(other_words)
        near: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._words):
            for shorter in _shortened(word, _slips_allowed(word)):
                near[shorter].append(word)
        self._near = dict(near)

    def __contains__(self, word: str) -> bool:
        return word in self._words

    def meant(self, typed: str) -> tuple[str, ...]:
        """Return the words that a typed word may stand for, itself alone if known."""
        if typed in self._words:
            return (typed,)
        if typed in self._others or not typed.isalpha():
            return ()
        allowed = _slips_allowed(typed)
        swapped_start = typed[1::-1] + typed[2:]
        found = dict.fromkeys(self._within(typed, allowed))
        found |= dict.fromkeys(self._within(swapped_start, allowed - 1))
        found |= dict.fromkeys(
            word
            for word in _hardly_changed(typed)
            if len(word) == _SHORT_WORD and word in self._words
        )
        return tuple(found)

    def _within(self, typed: str, slips: int) -> Iterator[str]:
        """Yield the words of the same first letter that are so many slips away."""
        if slips < 0:
            return
        for shorter in _shortened(typed, slips):
            for word in self._near.get(shorter, ()):
                limit = min(slips, _slips_allowed(word))
                if word[0] == typed[0] and _slips(typed, word) <= limit:
                    yield word

    def parts(self, typed: str) -> tuple[str, ...] | None:
        """Return the known words that were typed as one ("chestpain", "icantpee")."""
        if typed in self._words or typed in self._others or not typed.isalpha():
            return None
        return self._two_parts(typed) or self._three_parts(typed)

    def _two_parts(self, typed: str) -> tuple[str, str] | None:
        for cut in range(3, min(len(typed) - 2, LONGEST_WORD)):
            first, last = typed[:cut], typed[cut:]
            long_enough = len(first) >= _SHORT_WORD or len(last) >= _SHORT_WORD
            if long_enough and first in self._words and last in self._words:
                return first, last
        return None

    def _three_parts(self, typed: str) -> tuple[str, ...] | None:
        for first in _RUN_INTO_THE_NEXT:
            rest = self._two_parts(typed[len(first) :])
            if typed.startswith(first) and rest:
                return first, *rest
        return None


def _hardly_changed(typed: str) -> Iterator[str]:
    """Yield what is meant if two letters are swapped, or one is doubled."""
    for at in range(1, len(typed)):
        if typed[at] == typed[at - 1]:
            yield typed[:at] + typed[at + 1 :]
        else:
            yield typed[: at - 1] + typed[at] + typed[at - 1] + typed[at + 1 :]


def _slips_allowed(word: str) -> int:
    if len(word) < 5 or len(word) > 20:
        return 0
    return 1 if len(word) < 9 else 2


def _shortened(word: str, letters: int) -> Iterator[str]:
    """Yield the word and what is left of it after dropping up to so many letters."""
    seen = {word}
    level = {word}
    for _ in range(letters):
        level = {
            longer[:at] + longer[at + 1 :]
            for longer in level
            for at in range(1, len(longer))
        }
        seen |= level
    yield from sorted(seen)


def _slips(left: str, right: str) -> int:
    """Count the slips between two words (optimal string alignment)."""
    before: list[int] = []
    row = list(range(len(right) + 1))
    for i, one in enumerate(left, start=1):
        last, before, row = before, row, [i]
        for j, other in enumerate(right, start=1):
            cost = min(row[-1] + 1, before[j] + 1, before[j - 1] + (one != other))
            if i > 1 and j > 1 and one == right[j - 2] and other == left[i - 2]:
                cost = min(cost, last[j - 2] + 1)
            row.append(cost)
    return row[-1]
