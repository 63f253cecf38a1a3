"""Finds the phrases of word lists in a message, misspelt or interrupted as they are."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from bot.clinic.plain_text import Plain, plain, smooth
from bot.clinic.vocabulary import Vocabulary

# How many words further on the next part of a pattern may stand, and after "...".
_STEP, _LONG_STEP = 3, 9
_LONGEST_PHRASE = 12
# In a word list these stand for any number in figures, for one from 10 up, and for a
# year that is long ago whenever this runs.
_ANY_NUMBER, _TEN_OR_MORE, _OLD_YEAR = "#", "##", "#year"
_SHORTEST_PAIR = 7
# In a phrase this stands for the end of a clause: "cant ." is not in "cant sleep".
_CLAUSE_END = "."
# "8ft", "30wks", "2days"; "2nd" is one word.
_COUNTED = re.compile(r"(\d+)((?!(?:st|nd|rd|th)\b)[a-z]{2,}|[dhmwy])")
_UNITS = {"d": "days", "h": "hours", "m": "months", "w": "weeks", "y": "years"}
_ELEMENT = re.compile(r"\{\w+\}|[^\s{}]+")
_ALTERNATIVE = re.compile(r"[^|()]+(?:\([^()]*\))?")


class Span(NamedTuple):
    """The first and the last word of something found in a message."""

    first: int
    last: int


Found = Mapping[str, Sequence[Span]]


@dataclass(frozen=True)
class Speech:
    """How people type.

    Args:
        skipped: small words that may stand inside any phrase.
        spellings: phone spellings and what they stand for.
        other_words: real words that are no misspelling of a word that matters.
        idioms: phrases that mean nothing medical; they are cut out first.
    """

    skipped: tuple[str, ...] = ()
    spellings: Mapping[str, str] = field(default_factory=dict)
    other_words: tuple[str, ...] = ()
    idioms: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Pattern:
    """Lists that follow one another; `steps[i]` words may lie before the i-th."""

    name: str
    elements: tuple[str, ...]
    steps: tuple[int, ...]
    needs: frozenset[str]


class Lexicon:
    """Word lists, ready to be looked for.

    Args:
        lists: phrases by list. A phrase is words ("short of breath"), with choices
            ("chest|breast") and endings ("pee(s|ing)"); "." stands for the end of a
            clause. A phrase with a list in braces
            ("{cannot} {feel}") is a pattern that other words may interrupt; "..."
            leaves more room.
        speech: how people type.
        own_their_not: lists in whose longer phrases a "not" denies nothing, as in
            "not breathing".
        no_denials: lists of which that is also true where other words interrupt, as
            in "never ... before".
        seen_in_idioms: lists that are looked for inside an idiom, too: "hay fever" is
            no fever, and still a reason why somebody is out of breath.

    Raises:
        ValueError: a pattern uses a list that is not defined above it.
    """

    def __init__(
        self,
        lists: Mapping[str, Sequence[str]],
        speech: Speech,
        own_their_not: Collection[str],
        no_denials: Collection[str] = (),
        seen_in_idioms: Collection[str] = (),
    ) -> None:
        skipped = frozenset(speech.skipped)
        self._phrases, self._idioms = _Tree(skipped), _Tree(skipped)
        self._patterns: list[_Pattern] = []
        self._own_their_not = frozenset(own_their_not)
        self._no_denials = frozenset(no_denials)
        self._seen_in_idioms = frozenset(seen_in_idioms)
        for idiom in speech.idioms:
            self._idioms.add("", idiom)
        defined: set[str] = set()
        for name, phrases in lists.items():
            for phrase in phrases:
                if "{" in phrase or "..." in phrase:
                    self._patterns.append(self._pattern(name, phrase, defined))
                else:
                    self._phrases.add(name, phrase)
            defined.add(name)
        self._spellings = {
            typed: tuple(meant.split()) for typed, meant in speech.spellings.items()
        }
        words = self._phrases.words | self._idioms.words
        self._vocabulary = Vocabulary(words, speech.other_words)

    def read(self, text: str) -> tuple[Plain, dict[str, list[Span]], list[bool]]:
        """Return a message's words, what was found in it, and which words are used up.

        Args:
            text: any string.
        """
        message = plain(text, self._respelt)
        meant = [
            _number(word) or self._vocabulary.meant(word) for word in message.words
        ]
        found: dict[str, list[Span]] = defaultdict(list)
        used_up = [False] * len(message.words)
        self._find_phrases(message, meant, found, used_up)
        for pattern in self._patterns:
            if pattern.needs <= found.keys():
                self._find_pattern(pattern, message, found, used_up)
        return message, found, used_up

    def _find_phrases(
        self,
        message: Plain,
        meant: Sequence[tuple[str, ...]],
        found: dict[str, list[Span]],
        used_up: list[bool],
    ) -> None:
        in_idiom = [False] * len(message.words)
        for _, span in self._idioms.find(message, meant):
            _tick(in_idiom, span)
        for name, span in self._phrases.find(message, meant):
            cut_out = any(in_idiom[span.first : span.last + 1])
            if cut_out and name not in self._seen_in_idioms:
                continue
            found[name].append(span)
            if span.last > span.first and name in self._own_their_not:
                _tick(used_up, span)

    def _find_pattern(
        self,
        pattern: _Pattern,
        message: Plain,
        found: dict[str, list[Span]],
        used_up: list[bool],
    ) -> None:
        chains = _follow(pattern, found, message.places)
        spans = {Span(chain[0].first, chain[-1].last) for chain in chains}
        if spans:
            found[pattern.name] = sorted({*found[pattern.name], *spans})
        if pattern.name in self._no_denials:
            for span in itertools.chain.from_iterable(chains):
                _tick(used_up, span)

    def _pattern(self, name: str, phrase: str, defined: set[str]) -> _Pattern:
        elements: list[str] = []
        steps: list[int] = []
        step = _STEP
        for element in _ELEMENT.findall(phrase):
            if element == "...":
                step = _LONG_STEP
                continue
            listed = element.startswith("{")
            part = element[1:-1] if listed else f"={element}"
            if listed and part not in defined:
                raise ValueError(f"{phrase!r}: nothing above defines {part!r}")
            if not listed:
                self._phrases.add(part, element)
            elements.append(part)
            steps.append(step)
            step = _STEP
        return _Pattern(name, tuple(elements), tuple(steps), frozenset(elements))

    def _respelt(self, typed: str) -> tuple[str, ...]:
        known = self._spellings.get(typed)
        counted = _COUNTED.fullmatch(typed)
        if known is None and counted:
            unit = _UNITS.get(counted[2], counted[2])
            return (counted[1], *self._respelt(unit))
        if known is None and len(typed) >= _SHORTEST_PAIR:
            known = (
                None if self._vocabulary.meant(typed) else self._vocabulary.parts(typed)
            )
        return (typed,) if known is None else known


class _Node:
    """The words that may follow, and the lists whose phrases end here."""

    __slots__ = ("names", "steps")

    def __init__(self) -> None:
        self.steps: dict[str, _Node] = {}
        self.names: list[str] = []


class _Tree:
    """Phrases of plain words, found in one pass over a message."""

    def __init__(self, skipped: frozenset[str]) -> None:
        self._skipped = skipped
        self._root = _Node()
        self.words: set[str] = set()

    def add(self, name: str, phrase: str) -> None:
        for words in spellings_of(phrase):
            self.words.update(words)
            node = self._root
            for word in words:
                node = node.steps.setdefault(word, _Node())
            if name not in node.names:
                node.names.append(name)

    def find(
        self, message: Plain, meant: Sequence[tuple[str, ...]]
    ) -> Iterator[tuple[str, Span]]:
        """Yield every list with its words, in the order of first words."""
        for first, starts in enumerate(meant):
            if any(word in self._root.steps for word in starts):
                yield from self._from(first, message, meant)

    def _from(
        self, first: int, message: Plain, meant: Sequence[tuple[str, ...]]
    ) -> Iterator[tuple[str, Span]]:
        nodes = [self._root]
        for last in range(first, min(first + _LONGEST_PHRASE, len(meant))):
            if not nodes or message.clauses[last] != message.clauses[first]:
                return
            steps = [
                node.steps[word]
                for node in nodes
                for word in meant[last]
                if word in node.steps
            ]
            for step in steps:
                for name in step.names:
                    yield name, Span(first, last)
                if _CLAUSE_END in step.steps and _ends_clause(message, last):
                    for name in step.steps[_CLAUSE_END].names:
                        yield name, Span(first, last)
            if last > first and message.words[last] in self._skipped:
                steps += nodes
            nodes = steps


def _ends_clause(message: Plain, at: int) -> bool:
    after = at + 1
    return after == len(message.words) or message.clauses[after] != message.clauses[at]


def spellings_of(phrase: str) -> list[tuple[str, ...]]:
    """Return every wording of a phrase: "leg|foot drag(s)" has four.

    Raises:
        ValueError: a "|" has nothing on one side.
    """
    elements = smooth(phrase).split()
    for element in elements:
        if element.startswith("|") or element.endswith("|") or "||" in element:
            raise ValueError(f"{phrase!r}: a choice between words lacks a word")
    choices = [_choices(element) for element in elements]
    return [tuple(words) for words in itertools.product(*choices)]


def _choices(element: str) -> list[str]:
    """Return the words that one element stands for: "wee|pee(s|ing)" has four."""
    words: list[str] = []
    for alternative in _ALTERNATIVE.findall(element):
        stem, _, endings = alternative.rstrip(")").partition("(")
        words.append(stem)
        words += [stem + ending for ending in endings.split("|") if ending]
    return words


def _tick(words: list[bool], span: Span) -> None:
    words[span.first : span.last + 1] = [True] * (span.last + 1 - span.first)


def _number(word: str) -> tuple[str, ...]:
    """Return what a number in figures may stand for; nothing for a word."""
    if not word[0].isdecimal():
        return ()
    if len(word) == 4 and "1900" <= word <= "2019":
        return (word, _OLD_YEAR)
    if word.isdecimal() and len(word) > 1:
        return (word, _ANY_NUMBER, _TEN_OR_MORE)
    return (word, _ANY_NUMBER)


def _follow(
    pattern: _Pattern, found: Found, places: Sequence[int]
) -> list[tuple[Span, ...]]:
    """Return where the elements of a pattern follow one another.

    What is denied between them breaks the pattern: "legs are not weak".
    """
    denials = [span.first for span in found.get("denial", ())]
    reached: dict[int, tuple[Span, ...]] = {
        span.last: (span,) for span in found[pattern.elements[0]]
    }
    for name, step in zip(pattern.elements[1:], pattern.steps[1:], strict=True):
        spans = found[name]
        further: dict[int, tuple[Span, ...]] = {}
        for last, chain in reached.items():
            low = bisect_left(spans, (last + 1, 0))
            for span in itertools.islice(spans, low, None):
                denied = bisect_left(denials, span.first) > bisect_left(
                    denials, last + 1
                )
                if denied or places[span.first] - places[last] > step:
                    break
                further[span.last] = (*chain, span)
        reached = further
    return list(reached.values())
