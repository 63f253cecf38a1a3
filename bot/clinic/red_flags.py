"""Finds in any message what cannot wait for a reply: emergencies and crises."""

from __future__ import annotations

import itertools
import re
from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.clinic.framing import FRAME_WORDS, Frame, Span, frames
from bot.clinic.plain_text import Plain, Vocabulary, plain, smooth

Kind = Literal["EMERGENCY", "CRISIS"]
MessageKey = Literal[
    "em_spine",
    "em_chest",
    "em_general",
    "em_pregnancy",
    "crisis_now",
    "crisis_support",
]
# Words between two neighbours of a pattern, and where the pattern says "...".
_STEP, _LONG_STEP = 3, 7
_LONGEST_PHRASE = 12
# In a word list these stand for any number in figures, and for one from 10 up.
_ANY_NUMBER, _TEN_OR_MORE = "#", "##"
_ELEMENT = re.compile(r"\{\w+\}|[^\s{}]+")
_ALTERNATIVE = re.compile(r"[^|()]+(?:\([^()]*\))?")


@dataclass(frozen=True)
class RedFlag:
    """What was found in a message.

    Args:
        kind: EMERGENCY (the body) or CRISIS (self-harm, or danger from a person).
        rule: id of the rule.
        group: the medical group, e.g. "CAUDA_EQUINA".
        message: key of the text to show.
        sources: keys of the sources that the rule rests on.
    """

    kind: Kind
    rule: str
    group: str
    message: MessageKey
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Rule:
    """One reason to stop everything.

    Args:
        id: its name, unique among all rules.
        group: the medical group.
        kind: EMERGENCY or CRISIS.
        message: key of the text to show.
        why: the reason, for the clinician who signs.
        stands_for: ids of the screening rules that it stands for.
        source: keys of the sources.
        when: lines such as "chest + pain|pressure"; one line is enough. The parts
            must be said near one another, in any order.
        within: how many words apart "near" is (a full stop counts as four).
        unless: words which near the first part speak against it.
        even_if: ways of speaking that do not speak against it: denied, past, asked,
            supposed.
    """

    id: str
    group: str
    kind: Kind
    message: MessageKey
    why: str
    stands_for: tuple[str, ...]
    source: tuple[str, ...]
    when: tuple[str, ...]
    within: int = 8
    unless: tuple[str, ...] = ()
    even_if: tuple[Literal["denied", "past", "asked", "supposed"], ...] = ()


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
    spellings: Mapping[str, str] | None = None
    other_words: tuple[str, ...] = ()
    idioms: tuple[str, ...] = ()


Concepts = Mapping[str, Sequence[str]]
_Parts = tuple[tuple[str, ...], ...]
_Tree = dict[str, "_Tree | list[str]"]


@dataclass(frozen=True)
class _Pattern:
    """Concepts that follow one another; `steps[i]` words may lie before the i-th."""

    concept: str
    elements: tuple[str, ...]
    steps: tuple[int, ...]
    needs: frozenset[str]


class RedFlags:
    """The emergency matcher: pure, the same answer for the same message, never raises.

    Args:
        concepts: word lists by name. A phrase is words ("short of breath"), with
            other words ("chest|breast") and endings ("pee(s|ing)"); a phrase with a
            name in braces ("{cannot} {feel}") is a pattern that other words may
            interrupt, "..." marking a longer gap.
        rules: in the order in which they are tried; the first that holds is returned.
        speech: how people type.

    Raises:
        ValueError: a rule or phrase uses a concept that no list defines (in time).
    """

    def __init__(
        self,
        concepts: Concepts,
        rules: Sequence[Rule],
        speech: Speech | None = None,
    ) -> None:
        speech = speech or Speech()
        self._skipped = frozenset(speech.skipped)
        self._phrases = _Phrases(self._skipped)
        self._idioms = _Phrases(self._skipped)
        self._patterns: list[_Pattern] = []
        for idiom in speech.idioms:
            for words in spellings_of(idiom):
                self._idioms.add("idiom", words)
        self._learn(concepts)
        self._spellings = {
            typed: tuple(meant.split())
            for typed, meant in (speech.spellings or {}).items()
        }
        words = self._phrases.words | self._idioms.words
        self._vocabulary = Vocabulary(words, speech.other_words)
        self._rules = [(rule, _lines(rule)) for rule in rules]
        # A "not" inside these is part of what they say: "not breathing".
        self._own_their_not = {
            "not_a_denial",
            *(
                name
                for _, lines in self._rules
                for line in lines
                for part in line
                for name in part
            ),
        }
        known = set(concepts)
        for rule, lines in self._rules:
            for name in itertools.chain(rule.unless, *itertools.chain(*lines)):
                if name not in known:
                    raise ValueError(f"rule {rule.id}: nothing defines {name!r}")

    def match(self, text: str) -> RedFlag | None:
        """Return the most severe red flag of a message, or None.

        Args:
            text: exactly what was typed; any string, of any length.
        """
        return next(self.matches(text), None)

    def matches(self, text: str) -> Iterator[RedFlag]:
        """Yield every red flag of a message, the most severe first."""
        message = plain(text, self._respelt)
        found, consumed = self._find(message)
        if not found:
            return
        marks = frames(message, found, consumed)
        sayings = _Sayings(message, found, marks)
        for rule, lines in self._rules:
            if any(sayings.hold(rule, line) for line in lines):
                yield RedFlag(rule.kind, rule.id, rule.group, rule.message, rule.source)

    def _learn(self, concepts: Concepts) -> None:
        defined: set[str] = set(FRAME_WORDS)
        for concept, phrases in concepts.items():
            defined.add(concept)
            for phrase in phrases:
                if "{" in phrase or "..." in phrase:
                    self._learn_pattern(concept, phrase, defined)
                    continue
                for words in spellings_of(phrase):
                    self._phrases.add(concept, words)

    def _learn_pattern(self, concept: str, phrase: str, defined: set[str]) -> None:
        elements: list[str] = []
        steps: list[int] = []
        step = _STEP
        for element in _ELEMENT.findall(phrase):
            if element == "...":
                step = _LONG_STEP
                continue
            if element.startswith("{"):
                name = element[1:-1]
                if name not in defined or name == concept:
                    raise ValueError(f"{phrase!r}: nothing above defines {name!r}")
            else:
                name = f"={element}"
                for words in spellings_of(element):
                    self._phrases.add(name, words)
            elements.append(name)
            steps.append(step)
            step = _STEP
        self._patterns.append(
            _Pattern(concept, tuple(elements), tuple(steps), frozenset(elements))
        )

    def _respelt(self, typed: str) -> tuple[str, ...]:
        known = self._spellings.get(typed)
        if known is None and len(typed) >= 8:
            known = self._vocabulary.parts(typed)
        return (typed,) if known is None else known

    def _find(self, message: Plain) -> tuple[dict[str, list[Span]], list[bool]]:
        """Find every phrase and pattern; say which words longer phrases use up."""
        meant = [
            _numbers(word) or self._vocabulary.meant(word) for word in message.words
        ]
        for _, span in list(self._idioms.find(message, meant)):
            for at in range(span.first, span.last + 1):
                meant[at] = ()
        found: dict[str, list[Span]] = defaultdict(list)
        consumed = [False] * len(message.words)
        for concept, span in self._phrases.find(message, meant):
            found[concept].append(span)
            if span.last > span.first and concept in self._own_their_not:
                _use_up(consumed, (span,))
        for pattern in self._patterns:
            spans = (
                _follow(pattern, found, message.places)
                if pattern.needs <= found.keys()
                else None
            )
            if spans:
                if pattern.concept in self._own_their_not:
                    _use_up(consumed, spans)
                found[pattern.concept] = sorted({*found[pattern.concept], *spans})
        return found, consumed


class _Phrases:
    """Phrases of plain words, found in one pass over a message."""

    def __init__(self, skipped: frozenset[str]) -> None:
        self._skipped = skipped
        self._root: _Tree = {}
        self.words: set[str] = set()

    def add(self, concept: str, words: Sequence[str]) -> None:
        node = self._root
        for word in words:
            self.words.add(word)
            step = node.setdefault(word, {})
            assert isinstance(step, dict)  # noqa: S101 -- lists stand only under ""
            node = step
        names = node.setdefault("", [])
        if isinstance(names, list) and concept not in names:
            names.append(concept)

    def find(
        self, message: Plain, meant: Sequence[tuple[str, ...]]
    ) -> Iterator[tuple[str, Span]]:
        """Yield every concept with its words, in the order of first words."""
        for first in range(len(meant)):
            nodes = [self._root]
            last = first
            while nodes and last < min(first + _LONGEST_PHRASE, len(meant)):
                if message.clauses[last] != message.clauses[first]:
                    break
                steps = [
                    step
                    for node in nodes
                    for word in meant[last]
                    if isinstance(step := node.get(word), dict)
                ]
                for step in steps:
                    for concept in step.get("", ()):
                        yield concept, Span(first, last)
                if last > first and message.words[last] in self._skipped:
                    steps += nodes
                nodes = steps
                last += 1


class _Sayings:
    """What was found in one message, and how it is said."""

    def __init__(
        self,
        message: Plain,
        found: Mapping[str, Sequence[Span]],
        marks: Sequence[int],
    ) -> None:
        self._places = message.places
        self._sentences = message.sentences
        self._found = found
        self._marks = marks

    def hold(self, rule: Rule, line: _Parts) -> bool:
        """Say whether one line of a rule is said, and said to be so."""
        if any(map(self._found.keys().isdisjoint, line)):
            return False
        allowed = sum(Frame[frame.upper()].value for frame in rule.even_if)
        parts = [self._live(names, allowed) for names in line]
        if not all(parts):
            return False
        first, others = parts[0], parts[1:]
        return any(
            all(self._near(span, spans, rule.within) for spans in others)
            and not self._spoken_against(span, rule)
            for span in first
        )

    def _live(self, names: Iterable[str], allowed: int) -> list[Span]:
        return sorted(
            span
            for name in names
            for span in self._found.get(name, ())
            if not (self._marks[span.first] | self._marks[span.last]) & ~allowed
        )

    def _near(self, span: Span, others: Sequence[Span], within: int) -> bool:
        places = self._places
        low = bisect_left(others, (span.first - 2 * within, 0))
        high = bisect_right(others, (span.last + within, len(places)))
        return any(
            not _clash(span, other)
            and places[other.first] - places[span.last] <= within
            and places[span.first] - places[other.last] <= within
            for other in others[low:high]
        )

    def _spoken_against(self, span: Span, rule: Rule) -> bool:
        sentence, reach = self._sentences[span.first], 2 * rule.within
        for name in rule.unless:
            others = self._found.get(name, ())
            low = bisect_left(others, (span.first - reach, 0))
            high = bisect_right(others, (span.last + reach, len(self._places)))
            for other in others[low:high]:
                if self._sentences[other.first] == sentence:
                    return True
        return False


def _lines(rule: Rule) -> tuple[_Parts, ...]:
    return tuple(
        tuple(
            tuple(name.strip() for name in part.split("|")) for part in line.split("+")
        )
        for line in rule.when
    )


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


def _numbers(word: str) -> tuple[str, ...]:
    """Return what a number in figures may stand for; nothing for a word."""
    if not word[0].isdecimal():
        return ()
    if word.isdecimal() and len(word) > 1:
        return (word, _ANY_NUMBER, _TEN_OR_MORE)
    return (word, _ANY_NUMBER)


def _clash(one: Span, other: Span) -> bool:
    """Say whether two findings share a word; one may stand in the other's gap."""
    apart = one.last < other.first or other.last < one.first
    inside = one.first < other.first and other.last < one.last
    around = other.first < one.first and one.last < other.last
    return not (apart or inside or around)


def _use_up(consumed: list[bool], spans: Iterable[Span]) -> None:
    for span in spans:
        for at in range(span.first, span.last + 1):
            consumed[at] = True


def _follow(
    pattern: _Pattern,
    found: Mapping[str, Sequence[Span]],
    places: Sequence[int],
) -> set[Span]:
    """Return where the elements of a pattern follow one another."""
    reached = {span.last: span.first for span in found.get(pattern.elements[0], ())}
    for name, step in zip(pattern.elements[1:], pattern.steps[1:], strict=True):
        spans = found.get(name, ())
        if not reached or not spans:
            return set()
        further: dict[int, int] = {}
        for last, first in reached.items():
            low = bisect_left(spans, (last + 1, 0))
            for span in itertools.islice(spans, low, None):
                if places[span.first] - places[last] > step:
                    break
                further[span.last] = first
        reached = further
    return {Span(first, last) for last, first in reached.items()}
