"""Finds in any message what cannot wait for a reply: emergencies and crises."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.clinic.framing import Frame, Frames, frames
from bot.clinic.phrases import Found, Lexicon, Span, Speech
from bot.clinic.plain_text import Plain

Kind = Literal["EMERGENCY", "CRISIS"]
MessageKey = Literal[
    "em_spine",
    "em_chest",
    "em_general",
    "em_pregnancy",
    "crisis_now",
    "crisis_support",
]


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


Concepts = Mapping[str, Sequence[str]]
_Parts = tuple[tuple[str, ...], ...]
_ANY_FRAME = sum(frame.value for frame in Frame)


class RedFlags:
    """The emergency matcher: pure, the same answer for the same message, never raises.

    Args:
        concepts: word lists by name, as `Lexicon` reads them.
        rules: in the order in which they are tried; the first that holds is returned.
        speech: how people type.

    Raises:
        ValueError: a rule or a phrase uses a word list that nothing defines.
    """

    def __init__(
        self,
        concepts: Concepts,
        rules: Sequence[Rule],
        speech: Speech | None = None,
    ) -> None:
        self._rules = [(rule, _lines(rule)) for rule in rules]
        named = {name for rule in rules for name in words_of(rule)}
        for rule in rules:
            for name in (*words_of(rule), *rule.unless):
                if name not in concepts:
                    raise ValueError(f"rule {rule.id}: nothing defines {name!r}")
        self._lexicon = Lexicon(
            concepts,
            speech or Speech(),
            own_their_not={"not_a_denial", *named},
            no_denials={"not_a_denial"},
            seen_in_idioms={name for rule in rules for name in rule.unless} - named,
        )

    @property
    def reasons(self) -> Mapping[str, str]:
        """Return why each rule is there, by its id; for staff."""
        return {rule.id: rule.why for rule, _ in self._rules}

    def match(self, text: str) -> RedFlag | None:
        """Return the most severe red flag of a message, or None.

        Args:
            text: exactly what was typed; any string, of any length.
        """
        return next(self.matches(text), None)

    def match_across(self, earlier: Sequence[str], text: str) -> RedFlag | None:
        """Return the most severe red flag of a sentence that was broken in two.

        It needs words of the last message and words of an earlier one: what stands in
        one of them was judged when that came, in its own setting.

        Args:
            earlier: what was typed just before, oldest first.
            text: the last message.
        """
        sayings = self._sayings(" ".join([*earlier, text]))
        if sayings is None:
            return None
        own = len(self._lexicon.read(text)[0].words)
        return next(self._held(sayings, since=len(sayings) - own), None)

    def matches(self, text: str) -> Iterator[RedFlag]:
        """Yield every red flag of a message, the most severe first."""
        sayings = self._sayings(text)
        if sayings is not None:
            yield from self._held(sayings)

    def _held(self, sayings: _Sayings, since: int = 0) -> Iterator[RedFlag]:
        for rule, lines in self._rules:
            if any(sayings.hold(rule, line, since=since) for line in lines):
                yield RedFlag(rule.kind, rule.id, rule.group, rule.message, rule.source)

    def only_named(self, text: str) -> bool:
        """Say whether a message names what a rule is about, and says that it is not so.

        That is: denied, long over, only asked about, imagined, or spoken against. It
        weighs against a suspicion that rests on the words alone.
        """
        sayings = self._sayings(text)
        if sayings is None:
            return False
        named = False
        for rule, lines in self._rules:
            for line in lines:
                if sayings.hold(rule, line):
                    return False
                named = named or sayings.hold(rule, line, anyhow=True)
        return named

    def _sayings(self, text: str) -> _Sayings | None:
        message, found, used_up = self._lexicon.read(text)
        if not found:
            return None
        return _Sayings(message, found, frames(message, found, used_up))


def words_of(rule: Rule) -> tuple[str, ...]:
    """Return the names of the word lists that a rule's lines use."""
    return tuple(name for line in _lines(rule) for part in line for name in part)


class _Sayings:
    """What was found in one message, and how it is said."""

    def __init__(
        self,
        message: Plain,
        found: Found,
        said: Frames,
    ) -> None:
        self._places = message.places
        self._sentences = message.sentences
        self._found = found
        self._said = said

    def __len__(self) -> int:
        return len(self._places)

    def hold(
        self, rule: Rule, line: _Parts, *, anyhow: bool = False, since: int = 0
    ) -> bool:
        """Say whether one line of a rule is said, and said to be so.

        Args:
            anyhow: do not mind how it is said, nor what speaks against it.
            since: where a new message begins; words before and from there on are
                needed. 0 where it is all one message.
        """
        if any(map(self._found.keys().isdisjoint, line)):
            return False
        allowed = sum(Frame[frame.upper()].value for frame in rule.even_if)
        if anyhow:
            allowed = _ANY_FRAME
        parts = [self._live(names, allowed) for names in line]
        within = [span for part in parts for span in part if span.last > span.first]
        parts = [
            part or self._taken_along(names, within)
            for names, part in zip(line, parts, strict=True)
        ]
        if not all(parts):
            return False
        first, others = parts[0], parts[1:]
        return any(
            self._joins(span, others, rule.within, since)
            and (anyhow or not self._spoken_against(span, rule))
            for span in first
        )

    def _live(self, names: Iterable[str], allowed: int) -> list[Span]:
        return sorted(
            span
            for name in names
            for span in self._found.get(name, ())
            if not self._said.around(span) & ~allowed
        )

    def _taken_along(self, names: Iterable[str], within: Sequence[Span]) -> list[Span]:
        """Return what stands inside a finding with a "not" of its own.

        In "no bladder sensation" the bladder is as little denied as its lost feeling.
        """
        return sorted(
            span
            for name in names
            for span in self._found.get(name, ())
            if any(
                outer.first <= self._said.denied_by[span.first] < span.first
                and span.last < outer.last
                for outer in within
            )
        )

    def _joins(
        self, span: Span, others: Sequence[Sequence[Span]], within: int, since: int
    ) -> bool:
        """Say whether all the other parts are near, and both messages are needed."""
        near = [self._near(span, spans, within) for spans in others]
        if not since:
            return all(any(True for _ in spans) for spans in near)
        found = [list(spans) for spans in near]
        if span.first < since <= span.last:
            return all(found)
        alone = [
            any((one.last < since) == (span.last < since) for one in spans)
            for spans in found
        ]
        return all(found) and not all(alone)

    def _near(self, span: Span, others: Sequence[Span], within: int) -> Iterator[Span]:
        places = self._places
        low = bisect_left(others, (span.first - 2 * within, 0))
        high = bisect_right(others, (span.last + within, len(places)))
        for other in others[low:high]:
            apart = not _clash(span, other)
            after = places[other.first] - places[span.last] <= within
            if apart and after and places[span.first] - places[other.last] <= within:
                yield other

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


def _clash(one: Span, other: Span) -> bool:
    """Say whether two findings share a word; one may stand in the other's gap."""
    apart = one.last < other.first or other.last < one.first
    inside = one.first < other.first and other.last < one.last
    around = other.first < one.first and one.last < other.last
    return not (apart or inside or around)
