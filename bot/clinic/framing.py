"""Tells what a visitor says is so from what is denied, over, or only asked about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from enum import Flag
from typing import NamedTuple

from bot.clinic.plain_text import Plain


class Span(NamedTuple):
    """The first and the last word of something found in a message."""

    first: int
    last: int


Found = Mapping[str, Sequence[Span]]


class Frame(Flag):
    """Ways of naming a thing without saying that it is so now."""

    NONE = 0
    DENIED = 1  # "no chest pain"
    PAST = 2  # "had chest pain 10 years ago", "the same for 6 years"
    ASKED = 4  # "do you treat chest pain"
    SUPPOSED = 8  # "what if I faint"


# The word lists that this module reads; the clinic's files must define them all.
FRAME_WORDS = (
    "denial",
    "not_a_denial",
    "turn",
    "speaker",
    "new_clause_after_and",
    "long_ago",
    "from_long_ago",
    "recent",
    "other_long_story",
    "asking",
    "about_me",
    "supposing",
)
# "no ..." reaches this many words; after that something else is being said.
_DENIAL_REACH = 8
# A bare "6 years ago" between commas belongs to the clause beside it.
_BARE_CLAUSE = 6
# "had a panic last year with a tight chest": what follows is as old.
_TELLS_MORE = frozenset("with during when while after from because that which".split())
_JOINS_MY = frozenset(
    "in of on with around from to at down across under over have feel hurt into near "
    "by about up is has had".split()
)


def frames(message: Plain, found: Found, consumed: Sequence[bool]) -> list[int]:
    """Return for every word the `Frame` values that it stands in, as an int.

    Args:
        message: the plain words.
        found: where the frame words (and all other words) were found.
        consumed: for every word, whether it is part of a longer known phrase, so that
            the "not" of "not breathing" denies nothing.
    """
    marks = [0] * len(message.words)
    clauses = _clauses(message, found)
    _mark_denied(marks, message, found, consumed, clauses)
    unsaid = _words_of(found.get("not_a_denial", ()))
    over = {
        name: [span for span in found.get(name, ()) if _is_so(span, marks, unsaid)]
        for name in ("long_ago", "from_long_ago")
    }
    _mark_past(marks, message, {**found, **over}, clauses)
    _mark_from(marks, message, found, "asking", ("about_me", "recent"), Frame.ASKED)
    _mark_from(marks, message, found, "supposing", ("recent",), Frame.SUPPOSED)
    return marks


def _words_of(spans: Sequence[Span]) -> set[int]:
    return {at for span in spans for at in range(span.first, span.last + 1)}


def _is_so(span: Span, marks: Sequence[int], unsaid: set[int]) -> bool:
    """Say whether a "was checked" stands, and is no part of "never got checked"."""
    words = range(span.first, span.last + 1)
    return not any(at in unsaid or marks[at] & Frame.DENIED.value for at in words)


def _clauses(message: Plain, found: Found) -> list[int]:
    """Number the clauses: at marks, at "but", and at "and" with a new subject."""
    starts = {span.first for span in found.get("turn", ())}
    starts |= {span.first for span in found.get("new_clause_after_and", ())}
    numbers: list[int] = []
    number = 0
    for at, clause in enumerate(message.clauses):
        if at and (clause != message.clauses[at - 1] or at in starts):
            number += 1
        numbers.append(number)
    return numbers


def _mark_denied(
    marks: list[int],
    message: Plain,
    found: Found,
    consumed: Sequence[bool],
    clauses: Sequence[int],
) -> None:
    speakers = {span.first for span in found.get("speaker", ())}
    denials = found.get("denial", ())
    answers = {span.first for span in denials if message.words[span.first] == "no"}
    for span in denials:
        if all(consumed[span.first : span.last + 1]):
            continue
        if span.first in answers and _answers_only(message, span, speakers):
            continue
        for at in _reach(message, span, speakers, consumed, clauses):
            marks[at] |= Frame.DENIED.value
    _mark_answered_no(marks, message, clauses, consumed)


def _answers_only(message: Plain, span: Span, speakers: set[int]) -> bool:
    """Say whether this "no" answers a question: "no my chest hurts"."""
    after = span.last + 1
    return after < len(message.words) and (
        after in speakers or message.words[after] == "my"
    )


def _reach(
    message: Plain,
    span: Span,
    speakers: set[int],
    consumed: Sequence[bool],
    clauses: Sequence[int],
) -> range:
    words, start = message.words, span.last + 1
    listed = _is_or_list(message, start, clauses)
    for at in range(start, min(start + _DENIAL_REACH + 12 * listed, len(words))):
        if message.sentences[at] != message.sentences[span.last]:
            return range(start, at)
        if not listed and clauses[at] != clauses[span.last]:
            return range(start, at)
        if at in speakers or (consumed[at] and words[at] in _STARTS_DENIAL):
            return range(start, at)
        if words[at] == "my" and at > start and words[at - 1] not in _JOINS_MY:
            return range(start, at)
    return range(start, min(start + _DENIAL_REACH + 12 * listed, len(words)))


_STARTS_DENIAL = frozenset(
    "no not never without dont doesnt didnt isnt arent wont cant couldnt".split()
)


def _is_or_list(message: Plain, start: int, clauses: Sequence[int]) -> bool:
    """Say whether a denial goes on over commas: "no pain, fever or numbness"."""
    if start >= len(message.words):
        return False
    clause, sentence = clauses[start], message.sentences[start]
    for at in range(start, min(start + 20, len(message.words))):
        if message.sentences[at] != sentence or message.words[at] in {"but", "and"}:
            return False
        if message.words[at] in {"or", "nor"} and clauses[at] >= clause:
            return True
    return False


def _mark_answered_no(
    marks: list[int],
    message: Plain,
    clauses: Sequence[int],
    consumed: Sequence[bool],
) -> None:
    """Mark a line of a list that ends in its answer: "chest pain no, fever none"."""
    last = len(message.words) - 1
    for at, word in enumerate(message.words):
        ends = at == last or clauses[at + 1] != clauses[at]
        if not (ends and word in {"no", "none", "nope", "nil"}) or consumed[at]:
            continue
        first = at
        while first and clauses[first - 1] == clauses[at]:
            first -= 1
        if at - first <= _BARE_CLAUSE:
            for said in range(first, at):
                marks[said] |= Frame.DENIED.value


def _mark_past(
    marks: list[int], message: Plain, found: Found, clauses: Sequence[int]
) -> None:
    recent = {clauses[span.first] for span in found.get("recent", ())}
    others = {clauses[span.first] for span in found.get("other_long_story", ())}
    bounds = _bounds(clauses)
    for clause, span in _last_of_each(clauses, found.get("long_ago", ())).items():
        if clause in recent:
            continue
        first, last = bounds[clause]
        after = message.words[min(span.last + 1, last)]
        leads = span.first - first <= 1 or after in _TELLS_MORE
        _mark(marks, range(first, (last if leads else span.last) + 1), Frame.PAST)
        if last - first < _BARE_CLAUSE and span.first - first <= 3:
            beside = None if clause in others else _beside(message, bounds, clause)
            if beside is not None and beside not in recent:
                _mark(
                    marks,
                    range(bounds[beside].first, bounds[beside].last + 1),
                    Frame.PAST,
                )
    for clause, span in _first_of_each(clauses, found.get("from_long_ago", ())).items():
        if clause not in recent:
            _mark(marks, range(span.first, bounds[clause].last + 1), Frame.PAST)


def _mark(marks: list[int], words: range, frame: Frame) -> None:
    for at in words:
        marks[at] |= frame.value


def _bounds(clauses: Sequence[int]) -> dict[int, Span]:
    bounds: dict[int, Span] = {}
    for at, clause in enumerate(clauses):
        bounds[clause] = Span(bounds[clause].first if clause in bounds else at, at)
    return bounds


def _beside(message: Plain, bounds: Mapping[int, Span], clause: int) -> int | None:
    """Return the clause of the same sentence that a bare time belongs to."""
    here = message.sentences[bounds[clause].first]
    for other in (clause - 1, clause + 1):
        if other in bounds and message.sentences[bounds[other].first] == here:
            return other
    return None


def _mark_from(
    marks: list[int],
    message: Plain,
    found: Found,
    marker: str,
    cancelled_by: Sequence[str],
    frame: Frame,
) -> None:
    """Mark from a marker to the end of its sentence, unless something cancels it."""
    ends: dict[int, int] = {}
    for at, sentence in enumerate(message.sentences):
        ends[sentence] = at
    latest: dict[int, int] = {}
    for name in cancelled_by:
        for span in found.get(name, ()):
            sentence = message.sentences[span.first]
            latest[sentence] = max(latest.get(sentence, -1), span.first)
    for sentence, first in _first_of_each(
        message.sentences, found.get(marker, ())
    ).items():
        if latest.get(sentence, -1) <= first.last:
            _mark(marks, range(first.first, ends[sentence] + 1), frame)


def _first_of_each(parts: Sequence[int], spans: Sequence[Span]) -> dict[int, Span]:
    firsts: dict[int, Span] = {}
    for span in spans:
        firsts.setdefault(parts[span.first], span)
    return firsts


def _last_of_each(parts: Sequence[int], spans: Sequence[Span]) -> dict[int, Span]:
    return {parts[span.first]: span for span in spans}
