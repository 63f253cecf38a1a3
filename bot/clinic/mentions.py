"""Finds what a reply mentions, and whether it says so, denies it or leaves it open.

A denial is believed only where it is plain: every word of its clause belongs to it,
and nothing in the reply is left that was not understood. "No chest pain" denies;
"no chest pain until today" and "none that I noticed, it just leaks" leave it open.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from bot.clinic.replies import (
    is_bare_no,
    is_unsure,
    plain,
    rest_is_none,
    says_nothing_new,
)
from bot.clinic.vocabulary import Vocabulary

Said = Literal["asserted", "denied", "open"]

_SHORTEST_CORRECTED = 6
"""Letters; a slip in a shorter word makes another common one."""
_NO_SLIPS = frozenset({"cancel", "canceled", "cancels", "dancer", "stable", "message"})
"""Words of their own, though a letter away from a sign ("cancer", "massage")."""
_CLAUSE = re.compile(
    r"[,;.!?\n]+(?!\d)|\b(?:but|however|though|although|besides|(?:apart|aside) from"
    r"|other than|except(?: for| that)?|excluding|unless)\b"
)
_SAYS_NOTHING = re.compile(
    r"\?+\s*(?=(?:no|nope|nah|nahi|nahin|nhi)\s*(?:[,;.!?\n]|$))|\bbaby(?=[ -]aspirin)"
)
"""A "?" between a sign and its "no": "fever? no" denies, as "fever: no" does. And a
"baby aspirin" is a dose, and no baby."""
_SCOPE_ENDS = frozenset(
    {"and", "plus", "then", "since", "because", "until", "till", "so", "while"}
    | {"only", "just"}
)
_NAHI = r"nahi|nahin|nhi"
"""No and not in Hindi, after what they deny; needs a native speaker's look."""
_NEGATION = re.compile(
    rf"\b({_NAHI}|no|not|never|without|none|nothing|neither|nor|hardly|(?:do|does|did|have|has"
    r"|had|is|are|was|were|ai)nt)\b"
)
_LACK = re.compile(rf"{_NEGATION.pattern}|\b(cant|cannot|wont|couldnt|lost|loss)\b")
"""In a phrase of its own: "no" before "can't pee" denies nothing."""

_BETWEEN = re.compile(r"any|a|more|longer|much|really|ever|seem|to|will")
"""Between the "no" of a phrase and the rest of it."""

# The grammar of a plain denial. The words of found phrases stand as "x", those of a
# phrase that only names a part of the body, or what it does, as "y".
_WHO = r"(?:i|ive|we|he|she|they|it|there)"
_NOT = (
    r"(?:(?:do|doe|did|have|has|am|is|are|was|were) not|(?:do|doe|did|have|has|is|are"
    r"|was|were)nt|never|not|im not)"
)
_VERB = r"(?:have|had|got|get|getting|feel|felt|suffer|take|taking|use|been|being)"
_OF = r"(?:with|in|to|of|from|on|around|when)(?: (?:my|his|her|i))?"
_LINK = rf"(?:any|a|an|the|sign|symptom|kind|sort|at all|or|nor|no|{_OF})"
_TROUBLE = r"(?:problem|trouble|difficulty|issue|change|loss|control|pain|ache)"
_FIRST = (
    r"(?:(?:well|oh|um+|uh|luckily|thankfully|honestly|ok|no|nope|nah|actually|wait"
    r"|sorry|also) )*"
)
_LAST = (
    r"(?: (?:hai|hain|at all|whatsoever|either|thank|you|please|luckily|thankfully|here"
    r"|for me|me|god|goodness|touch wood))*"
)
_SIGN = rf"x(?: (?:{_LINK} )*x)*"
_PART = (
    rf"(?:y (?:y |{_LINK} )*{_TROUBLE}|{_TROUBLE} (?:{_TROUBLE} |{_LINK} )*y)"
    rf"(?: (?:{_LINK} )*(?:y|{_TROUBLE}))*"
)
_WHAT = rf"(?:{_SIGN}|{_PART})"
_FINE = re.compile(
    rf"^{_FIRST}(?:(?:my|the|his|her|and) )*y(?: y)* (?:is|are|work|feel)"
    r"(?: (?:all|quite|perfectly|just|still|totally|completely|absolutely))*"
    rf" (?:fine|ok|okay|normal|good|well|alright|great|healthy){_LAST}$"
)
"""A part of the body, or what it does, with nothing amiss."""
_LIST = re.compile(rf"^(?:{_LINK} )*[xy](?: (?:{_LINK} |and )*[xy])*{_LAST}$")
_DENIAL = re.compile(
    rf"^{_FIRST}(?:"
    rf"(?:{_WHO} )?(?:(?:{_VERB}|is|are|was|has|am) )*"
    rf"(?:no|without|neither|nor|not any)(?: {_LINK})* {_WHAT}"
    rf"|(?:{_WHO} )?{_NOT}(?: {_VERB})*(?: {_LINK})* {_WHAT}"
    rf"|(?:(?:my|the) )?x(?: x)* {_NOT}(?: {_VERB})* {_SIGN}"
    rf"|(?:(?:my|the) )?{_WHAT} (?:is |are )?(?:no|nope|none|not|never|nil|{_NAHI})"
    rf"){_LAST}$"
)


@dataclass(frozen=True)
class Mention:
    """A phrase that was found in a reply.

    Args:
        value: what the phrase stands for.
        said: whether the reply asserts it, plainly denies it, or neither.
        shared: whether another value has the same phrase.
        whole: whether the phrase is all that its value stands for. "No fever" says
            nothing of the stiff neck in the same line.
    """

    value: str
    said: Said
    shared: bool
    whole: bool = True


@dataclass(frozen=True)
class _Phrase:
    """A phrase of the table: its words, and whether "no" before it denies nothing."""

    words: tuple[str, ...]
    value: str
    names_a_part: bool
    whole: bool
    shared: bool


Phrases = Mapping[str, Iterable[str]]
"""Value to the phrases that stand for it, as in words.yml."""


def find(text: str, phrases: Phrases, *, whole: bool = True) -> list[Mention]:
    """Find which of several values a reply speaks of.

    A phrase is found in a clause that has all its words, in any order; `*` stands
    for any ending. Longer phrases come first, and a word counts for one of them only;
    two values with the same phrase are both found.

    Args:
        text: the reply as typed.
        phrases: value to phrases; "~" before a phrase says that it only names a part
            of the body or what it does: "no feeling in my leg" denies nothing;
            "^" that it is one of several signs, see `Mention`.
        whole: a denial counts only where the whole reply was understood.
    """
    reply = _Reply(text, phrases)
    found = reply.mentions
    return found if reply.understood or not whole else list(map(_doubted, found))


def leftover(text: str, phrases: Phrases) -> str:
    """Return a reply without the words of the phrases that are found in it."""
    left = (one.without_phrases for one in _Reply(text, phrases).clauses)
    return ", ".join(filter(None, left))


class _Reply:
    """A reply, read for a table of phrases."""

    def __init__(self, text: str, phrases: Phrases) -> None:
        table = _table(tuple((name, tuple(all_)) for name, all_ in phrases.items()))
        known = frozenset(word for one in table for word in one.words)
        self.clauses = [
            _Clause(_corrected([*map(stem, plain(part).split())], known), table)
            for part in _CLAUSE.split(_SAYS_NOTHING.sub(" ", text.casefold()))
            if plain(part)
        ]

    @property
    def understood(self) -> bool:
        """Whether nothing is left of which it is not known what it says."""
        return all(clause.understood for clause in self.clauses)

    @property
    def mentions(self) -> list[Mention]:
        """What is mentioned, clause by clause."""
        found: list[Mention] = []
        denies = False
        for place, clause in enumerate(self.clauses):
            mentions = list(clause.mentions())
            itself = any(one.said == "denied" for one in mentions)
            if denies and clause.is_list and not itself:
                said: Said = "denied" if self._goes_on_with_or(place) else "open"
                mentions = [replace(one, said=said) for one in mentions]
            else:
                # "Not warfarin, Xarelto" sets one against the other.
                denies = itself and clause.words[0] != "not"
            if self._taken_back(place):
                mentions = [_left_open(one) for one in mentions]
            found += mentions
        return found

    def _taken_back(self, place: int) -> bool:
        """Tell whether a "no" by itself comes after: "chest pain, no".

        It may deny the sign or all others, and "no, nothing else" denies the others.
        """
        after = self.clauses[place + 1 : place + 3]
        bare = bool(after) and is_bare_no(" ".join(after[0].words))
        return bare and not any(rest_is_none(" ".join(one.words)) for one in after[1:])

    def _goes_on_with_or(self, place: int) -> bool:
        """Tell whether a list is one denial: "no fever, chills or rash"."""
        rest = itertools.takewhile(lambda one: one.is_list, self.clauses[place:])
        return any({"or", "nor"}.intersection(clause.words) for clause in rest)


def _doubted(mention: Mention) -> Mention:
    """Take back a denial."""
    return replace(mention, said="open") if mention.said == "denied" else mention


def _left_open(mention: Mention) -> Mention:
    """Take back an assertion."""
    return replace(mention, said="open") if mention.said == "asserted" else mention


class _Clause:
    """A part of a reply between two full stops, with the phrases found in it."""

    def __init__(self, words: list[str], table: Sequence[_Phrase]) -> None:
        self.words = words
        self.unsure = is_unsure(" ".join(words))
        self.found: list[tuple[_Phrase, list[int]]] = []
        taken: set[int] = set()
        by_phrase: dict[tuple[str, ...], list[int]] = {}
        for phrase in table:
            places = by_phrase.get(phrase.words) or _places(words, phrase.words, taken)
            if places:
                by_phrase[phrase.words] = places
                taken.update(places)
                self.found.append((phrase, places))
        self.taken = taken

    @property
    def without_phrases(self) -> str:
        """The words that belong to no phrase."""
        return " ".join(
            word for place, word in enumerate(self.words) if place not in self.taken
        )

    @property
    def is_list(self) -> bool:
        """Whether it names signs and says nothing of them."""
        return bool(_LIST.match(" ".join(map(self._mark, range(len(self.words))))))

    @property
    def understood(self) -> bool:
        """Whether each stretch of it names something, or says nothing beside it."""
        return all(
            self.taken.intersection(part)
            or says_nothing_new(" ".join(self.words[place] for place in part))
            for part in self._stretches()
        )

    def mentions(self) -> Iterator[Mention]:
        """Go through what the clause mentions, in the order of the table."""
        for phrase, places in self.found:
            said = self._said(phrase, places)
            yield Mention(phrase.value, said, phrase.shared, phrase.whole)

    def _said(self, phrase: _Phrase, places: Sequence[int]) -> Said:
        if self.unsure:
            return "open"
        around = [
            place
            for part in self._stretches()
            if set(part) & set(places)
            for place in part
        ]
        marked = " ".join(self._mark(place) for place in around)
        if _DENIAL.match(marked) or _FINE.match(marked):
            return "open" if _LACK.search(" ".join(phrase.words)) else "denied"
        return "open" if _NEGATION.search(marked) else "asserted"

    def _mark(self, place: int) -> str:
        """Return a word, or "x" or "y" in its place where a phrase has it."""
        for phrase, places in self.found:
            if place in places:
                return "y" if phrase.names_a_part else "x"
        return self.words[place]

    def _stretches(self) -> Iterator[list[int]]:
        """Go through the places of the stretches over which a "no" may reach."""
        part: list[int] = []
        for place, word in enumerate(self.words):
            if word in _SCOPE_ENDS and place not in self.taken:
                if part:
                    yield part
                part = []
            else:
                part.append(place)
        if part:
            yield part


@lru_cache(maxsize=256)
def _table(phrases: tuple[tuple[str, tuple[str, ...]], ...]) -> list[_Phrase]:
    """Return the phrases, longest first."""
    rows = [
        (_words_of(bare(phrase)), value, phrase.removesuffix(bare(phrase)))
        for value, all_ in phrases
        for phrase in all_
    ]
    values: dict[tuple[str, ...], set[str]] = {}
    for words, value, _ in rows:
        values.setdefault(words, set()).add(value)
    found = [
        _Phrase(words, value, "~" in marks, "^" not in marks, len(values[words]) > 1)
        for words, value, marks in rows
    ]
    return sorted(found, key=lambda one: -len(one.words))


def bare(phrase: str) -> str:
    """Return a phrase of the table without the marks before it."""
    return phrase.lstrip("~^")


def _words_of(phrase: str) -> tuple[str, ...]:
    """Return the words of a phrase; "*" at the end of a word is kept."""
    if "*" in phrase:
        words = phrase.split()
        return tuple(word if word.endswith("*") else stem(word) for word in words)
    return tuple(map(stem, plain(phrase).split()))


def stem(word: str) -> str:
    """Return a word without the s of its plural."""
    keeps_s = word.endswith(("ss", "us", "is")) or len(word) < 4
    return word if keeps_s or not word.endswith("s") else word[:-1]


def _corrected(words: list[str], known: frozenset[str]) -> list[str]:
    """Replace a long misspelt word ("warfrin") by the one that was meant."""
    vocabulary = _vocabulary(known)
    return [
        next(iter(vocabulary.meant(word)), word)
        if len(word) >= _SHORTEST_CORRECTED
        else word
        for word in words
    ]


@lru_cache(maxsize=64)
def _vocabulary(words: frozenset[str]) -> Vocabulary:
    long = (word.rstrip("*") for word in words)
    return Vocabulary(
        (word for word in long if len(word) >= _SHORTEST_CORRECTED), _NO_SLIPS
    )


def _places(words: list[str], phrase: Sequence[str], taken: set[int]) -> list[int]:
    """Return where each word of a phrase stands, or nothing."""
    places: list[int] = []
    for wanted in phrase:
        for index, word in enumerate(words):
            if _fits(word, wanted) and index not in taken and index not in places:
                places.append(index)
                break
        else:
            return []
    return places if _belong_together(words, phrase, places) else []


def _belong_together(
    words: list[str], phrase: Sequence[str], places: list[int]
) -> bool:
    """Tell whether the "no" of a phrase is about the rest of it.

    "No, I have trouble" is not "no trouble"; the words of other phrases may stand
    anywhere.
    """
    if len(phrase) == 1 or not _NEGATION.fullmatch(phrase[0]):
        return True
    between = words[places[0] + 1 : max(places)]
    rest = [word for word in between if not any(_fits(word, one) for one in phrase)]
    return places == sorted(places) and all(map(_BETWEEN.fullmatch, rest))


def _fits(word: str, wanted: str) -> bool:
    return word == wanted or (wanted[-1] == "*" and word.startswith(wanted[:-1]))
