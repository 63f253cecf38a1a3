"""Knows the words that matter, and finds them again when they are misspelt."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from bot.clinic.plain_text import LONGEST_WORD

_SHORT_WORD = 4
# Words that are often typed without the space behind them.
_RUN_INTO_THE_NEXT = ("i", "im", "ive", "my", "cant")


class Vocabulary:
    """The words that matter, found again when they are misspelt.

    A word of 5 letters or more may have one slip (a letter too many, missing, wrong,
    or two swapped), one of 9 or more two; the first letter must be right, or swapped
    with the second. A word of 4 letters may have two letters swapped or one doubled:
    any other slip makes another common word of it. "legs" may be "lgs", without its
    vowels, and a word may have an "s" too many ("my wifes neck").

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
        bare: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._words):
            if len(word) >= _SHORT_WORD:
                bare[_without_vowels(word)].append(word)
        self._bare = dict(bare)

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
        found |= dict.fromkeys(self._short_of(typed))
        return tuple(found)

    def _short_of(self, typed: str) -> Iterator[str]:
        """Yield what a short word stands for, and a word with an "s" too many."""
        for word in _hardly_changed(typed):
            if len(word) == _SHORT_WORD and word in self._words:
                yield word
        if len(typed) == _SHORT_WORD:
            yield from (word for word in self._near.get(typed, ()) if len(word) == 5)
        if len(typed) >= 3 and typed == _without_vowels(typed):
            yield from self._bare.get(typed, ())
        if typed.endswith("s") and len(typed) > _SHORT_WORD:
            yield from {typed[:-1]} & self._words

    def _within(self, typed: str, slips: int) -> Iterator[str]:
        """Yield the words of the same first letter that are so many slips away."""
        if slips < 0:
            return
        for shorter in _shortened(typed, slips):
            for word in self._near.get(shorter, ()):
                limit = min(slips, _slips_allowed(word))
                if word[0] == typed[0] and slips_between(typed, word) <= limit:
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


def _without_vowels(word: str) -> str:
    return word[:1] + "".join(letter for letter in word[1:] if letter not in "aeiou")


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


def slips_between(left: str, right: str) -> int:
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
