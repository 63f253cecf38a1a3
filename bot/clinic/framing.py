"""Tells what a visitor says is so from what is denied, over, or only asked about."""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass
from enum import Flag

from bot.clinic.phrases import Found, Span
from bot.clinic.plain_text import Plain


class Frame(Flag):
    """Ways of naming a thing without saying that it is so now."""

    NONE = 0
    DENIED = 1  # "no chest pain"
    PAST = 2  # "had chest pain 10 years ago", "the same for 6 years"
    ASKED = 4  # "do you treat chest pain"
    SUPPOSED = 8  # "what if I faint"


@dataclass(frozen=True)
class Frames:
    """The frames of a message, word by word.

    Args:
        marks: the `Frame` values that each word stands in, as an int.
        denied_by: where the word stands that denies each word; -1 where none does.
    """

    marks: Sequence[int]
    denied_by: Sequence[int]

    def around(self, span: Span) -> int:
        """Return the frames of something found; its own "not" does not deny it."""
        marks = self.marks[span.first] | self.marks[span.last]
        own = self.denied_by[span.first] < 0
        if own and span.first <= self.denied_by[span.last] <= span.last:
            marks &= ~Frame.DENIED.value
        return marks


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
    "returned",
    "other_long_story",
    "asking",
    "about_me",
    "carries_on",
    "supposing",
    "goes_on",
    "helping_verb",
    "opener",
    "joins_my",
    "starts_denial",
)
# "no ..." reaches this many words; after that something else is being said.
_DENIAL_REACH = 8
# "no pain, fever, weakness or numbness" reaches further.
_LIST_REACH = 20
# A bare "6 years ago" between commas belongs to the clause beside it.
_BARE_CLAUSE = 8
# "chest pain no": a line this long may end in its answer; "when I said no" is none.
_LONGEST_ANSWERED = 6
_NO = {"no", "none", "nope", "nil"}
# "Chest pain nahi hai": Hindi denies last, with or without the verb.
_NAHI = {"nahi", "nahin", "nhi", "nai"}
_IS = {"hai", "hain", "tha", "thi", "hua", "hui", "ji"}
_SAID = {"said", "say", "says", "saying", "told"}
# "Chest pain gone? No": what has not ended is not denied.
_ENDS = {"gone", "stop", "stops", "stopped", "stopping", "better", "ease", "eased"}
_ENDS |= {"easing", "settled", "improved", "improving", "away", "less", "over"}


def frames(message: Plain, found: Found, consumed: Sequence[bool]) -> Frames:
    """Return for every word the frames that it stands in.

    Args:
        message: the plain words.
        found: where the frame words (and all other words) were found.
        consumed: for every word, whether it is part of a longer known phrase, so that
            the "not" of "not breathing" denies nothing.
    """
    framing = _Framing(message, found, consumed)
    framing.mark_denied()
    framing.mark_answered_no()
    framing.mark_asked()
    framing.mark_past()
    return Frames(framing.marks, framing.denied_by)


class _Framing:
    """The frames of one message while they are being marked, word by word."""

    def __init__(self, message: Plain, found: Found, consumed: Sequence[bool]) -> None:
        self.marks = [0] * len(message.words)
        self.denied_by = [-1] * len(message.words)
        self._message = message
        self._found = found
        self._consumed = consumed
        self._clauses = self._number_clauses()
        self._bounds: dict[int, Span] = {}
        for at, clause in enumerate(self._clauses):
            first = self._bounds[clause].first if clause in self._bounds else at
            self._bounds[clause] = Span(first, at)
        self._speakers = self._starts("speaker")
        self._joins_my = self._starts("joins_my")
        self._starts_denial = self._starts("starts_denial")

    def mark_denied(self) -> None:
        for span in self._found.get("denial", ()):
            part_of_more = all(self._consumed[span.first : span.last + 1])
            if not part_of_more and not self._only_answers(span):
                self._deny(self._reach(span), span.first)

    def mark_answered_no(self) -> None:
        """Mark a line of a list that ends in its answer: "chest pain no, fever no"."""
        for first, end in self._bounds.values():
            last = self._without_verb(first, end)
            ends_in_no = self._message.words[last] in _NO | _NAHI
            quoted = self._message.words[last - 1] in _SAID
            short = last - first <= _LONGEST_ANSWERED
            still = not _ENDS.isdisjoint(self._message.words[first:last])
            plain_no = ends_in_no and short and not (quoted or still)
            if plain_no and not self._consumed[last]:
                self._deny(range(first, last), last)

    def _without_verb(self, first: int, last: int) -> int:
        """Return where a clause ends, the verb after a Hindi "not" left out."""
        words = self._message.words
        after_not = last > first and words[last - 1] in _NAHI
        return last - 1 if after_not and words[last] in _IS else last

    def mark_past(self) -> None:
        ago = _last_of_each(self._clauses, self._said("long_ago"))
        here_again = self._here_again(ago)
        over = {at for span in self._said("long_ago") for at in range(*_ends(span))}
        recent = {
            self._clauses[span.first]
            for span in self._found.get("recent", ())
            if span.first not in over  # the "now" of "not now"
        }
        for clause, span in ago.items():
            if clause not in recent and clause >= here_again:
                self._mark_ago(clause, span, recent)
        since = _first_of_each(self._clauses, self._said("from_long_ago"))
        for clause, span in since.items():
            if clause not in recent and clause >= here_again:
                end = self._bounds[clause].last + 1
                self._mark(range(span.first, end), Frame.PAST)

    def _here_again(self, ago: Container[int]) -> int:
        """Return the clause up to which nothing is over: "last year, but it's back"."""
        clauses = (
            self._clauses[span.first]
            for span in self._found.get("returned", ())
            if not self.marks[span.last]  # neither denied nor only asked about
        )
        return max((clause for clause in clauses if clause not in ago), default=0)

    def mark_asked(self) -> None:
        recent = self._found.get("recent", ())
        personal = [*self._found.get("about_me", ()), *recent, *self._carried_on()]
        openers, helping = self._starts("opener"), self._starts("helping_verb")
        asking = [
            span
            for span in self._found.get("asking", ())
            if span.first not in helping or self._opens(span, openers)
        ]
        self._mark_from(asking, personal, Frame.ASKED)
        self._mark_from(self._found.get("supposing", ()), recent, Frame.SUPPOSED)

    def _starts(self, name: str) -> set[int]:
        return {span.first for span in self._found.get(name, ())}

    def _mark(self, words: Iterable[int], frame: Frame) -> None:
        for at in words:
            self.marks[at] |= frame.value

    def _deny(self, words: Sequence[int], by: int) -> None:
        self._mark(words, Frame.DENIED)
        for at in words:
            if self.denied_by[at] < 0:
                self.denied_by[at] = by

    def _number_clauses(self) -> list[int]:
        """Number the clauses: at marks, at "but", and at "and" with a new subject."""
        starts = self._starts("turn") | self._starts("new_clause_after_and")
        marked = self._message.clauses
        numbers: list[int] = []
        number = 0
        for at, clause in enumerate(marked):
            if at and (clause != marked[at - 1] or at in starts):
                number += 1
            numbers.append(number)
        return numbers

    def _only_answers(self, span: Span) -> bool:
        """Say whether this "no" answers a question: "no my chest hurts"."""
        words, after = self._message.words, span.last + 1
        if words[span.first] != "no" or after >= len(words):
            return False
        return after in self._speakers or words[after] == "my"

    def _reach(self, denial: Span) -> range:
        start, words = denial.last + 1, self._message.words
        listed = self._is_or_list(start)
        limit = min(start + (_LIST_REACH if listed else _DENIAL_REACH), len(words))
        for at in range(start, limit):
            if not self._goes_on(at, denial, listed=listed):
                return range(start, at)
        return range(start, limit)

    def _goes_on(self, at: int, denial: Span, *, listed: bool) -> bool:
        """Say whether a denial still holds at this word."""
        message = self._message
        if message.sentences[at] != message.sentences[denial.last]:
            return False
        if not listed and self._clauses[at] != self._clauses[denial.last]:
            return False
        if at in self._speakers or (self._consumed[at] and at in self._starts_denial):
            return False
        new_subject = message.words[at] == "my" and at > denial.last + 1
        return not new_subject or at - 1 in self._joins_my

    def _is_or_list(self, start: int) -> bool:
        """Say whether a denial goes on over commas: "no pain, fever or numbness"."""
        words, sentences = self._message.words, self._message.sentences
        for at in range(start, min(start + _LIST_REACH, len(words))):
            if sentences[at] != sentences[start] or words[at] in {"but", "and"}:
                return False
            if words[at] in {"or", "nor"}:
                return True
        return False

    def _said(self, name: str) -> list[Span]:
        """Return what stands: "was checked", but not that of "never got checked"."""
        unsaid = {
            at
            for span in self._found.get("not_a_denial", ())
            for at in range(span.first, span.last + 1)
        }
        return [
            span
            for span in self._found.get(name, ())
            if not any(
                at in unsaid or self.marks[at] & Frame.DENIED.value
                for at in range(span.first, span.last + 1)
            )
        ]

    def _mark_ago(self, clause: int, ago: Span, recent: set[int]) -> None:
        """Mark what a "10 years ago" speaks of: before it, or all where it leads."""
        first, last = self._bounds[clause]
        leads = ago.first - first <= 1
        goes_on = ago.last < last and ago.last + 1 in self._starts("goes_on")
        end = last if leads or goes_on else ago.last
        self._mark(range(first, end + 1), Frame.PAST)
        bare = last - first < _BARE_CLAUSE and ago.first - first <= 4
        others = self._found.get("other_long_story", ())
        if bare and not any(first <= span.first <= last for span in others):
            beside = self._beside(clause)
            if beside is not None and beside not in recent:
                start, end = self._bounds[beside]
                self._mark(range(start, end + 1), Frame.PAST)

    def _beside(self, clause: int) -> int | None:
        """Return the clause of the same sentence that a bare time belongs to."""
        sentences = self._message.sentences
        here = sentences[self._bounds[clause].first]
        for other in (clause - 1, clause + 1):
            if other in self._bounds and sentences[self._bounds[other].first] == here:
                return other
        return None

    def _carried_on(self) -> list[Span]:
        """Return the last word of each sentence that the next one makes one's own.

        "Do you treat headaches? It came on in a second": it is the visitor's own.
        """
        sentences = self._message.sentences
        recent = {sentences[span.first] for span in self._found.get("recent", ())}
        return [
            Span(at - 1, at - 1)
            for at in sorted(self._starts("carries_on"))
            if at and sentences[at] != sentences[at - 1] and sentences[at] in recent
        ]

    def _opens(self, span: Span, openers: set[int]) -> bool:
        """Say whether "can ..." asks, and is no part of "I can hardly walk"."""
        at = span.first
        return (
            at == 0 or self._clauses[at - 1] != self._clauses[at] or at - 1 in openers
        )

    def _mark_from(
        self, markers: Sequence[Span], cancelled_by: Sequence[Span], frame: Frame
    ) -> None:
        """Mark from a marker to its sentence's end, unless something cancels it."""
        sentences = self._message.sentences
        ends = {sentence: at for at, sentence in enumerate(sentences)}
        latest: dict[int, int] = {}
        for span in cancelled_by:
            sentence = sentences[span.first]
            latest[sentence] = max(latest.get(sentence, -1), span.first)
        for sentence, marker in _first_of_each(sentences, markers).items():
            if latest.get(sentence, -1) <= marker.last:
                self._mark(range(marker.first, ends[sentence] + 1), frame)


def _ends(span: Span) -> tuple[int, int]:
    return span.first, span.last + 1


def _first_of_each(parts: Sequence[int], spans: Sequence[Span]) -> dict[int, Span]:
    firsts: dict[int, Span] = {}
    for span in spans:
        firsts.setdefault(parts[span.first], span)
    return firsts


def _last_of_each(parts: Sequence[int], spans: Sequence[Span]) -> dict[int, Span]:
    return {parts[span.first]: span for span in spans}
