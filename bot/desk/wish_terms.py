"""Walks over the words of a wish and reads terms for days: "thursday week", "mid june".

A term is tried by one rule after the other; a rule that does not fit puts the words
back. What the rules are is for `bot.desk.wish_rules`; what stands between terms ("or",
"not", "before") is for `bot.desk.wish_days`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.desk.wish_calendar import Calendar, DaySet, one

_TOKEN = re.compile(
    r"\d{4}-\d{1,2}-\d{1,2}"
    r"|\d{1,2}([/.-])\d{1,2}\1(?:\d{4}|\d\d)(?!\d)"
    r"|\d{1,2} ?/ ?\d{1,2}(?!\d)"
    r"|\d{1,2}[:.]\d{2}(?!\d)|\d+[^\W\d_]*"
    r"|[^\W\d_]+(?:'[^\W\d_]+)*|[^\w\s]"
)


def tokens_of(text: str) -> list[str]:
    """Part a text in small letters into words, numbers, dates and marks."""
    return [found[0] for found in _TOKEN.finditer(text)]


@dataclass(frozen=True)
class Term:
    """What one term says.

    Args:
        readings: the days; more than one set where it may mean either.
        every: all days that "thursday" or "the 24th" may be, so that a stretch of days
            beside it can say which one is meant.
        weekly: it names days of the week.
    """

    readings: tuple[DaySet, ...]
    every: DaySet = frozenset()
    weekly: bool = False


class Terms:
    """Walks over the words of a text and reads terms from where it stands."""

    def __init__(
        self, words: list[str], known: Calendar, rules: Sequence[Rule] = ()
    ) -> None:
        self.words, self.known, self.at = words, known, 0
        self.before: Term | None = None
        """The term read before, which "the day after" may lean on."""
        self._rules = rules

    @property
    def word(self) -> str:
        """The next word, "" at the end."""
        return self.words[self.at] if self.at < len(self.words) else ""

    def take(self, *phrases: str) -> str:
        """Step over the first of some phrases that comes next; return it or ""."""
        for phrase in phrases:
            if not phrase.startswith(self.word):
                continue  # most do not, and this is asked most often
            parts = phrase.split()
            if self.words[self.at : self.at + len(parts)] == parts:
                self.at += len(parts)
                return phrase
        return ""

    def term(self) -> Term | None:
        """Read the term that begins here, if one does."""
        for rule in self._rules:
            if found := self.attempt(rule):
                return found
        return None

    def attempt(self, rule: Rule) -> Term | None:
        """Try one rule; where it does not fit the words are put back."""
        start = self.at
        found = rule(self)
        if found is None:
            self.at = start
        return found


Rule = Callable[[Terms], "Term | None"]


def on_days(*days: date) -> Term:
    """Return a term for one day, or for one of several that it may mean."""
    return Term(tuple(one(day) for day in dict.fromkeys(days)))


def only(some: DaySet) -> Term:
    """Return a term that can mean nothing but some days."""
    return Term((some,))


def shift(term: Term, by: timedelta) -> Term:
    """Move a term; of a weekday that may be today, today counts."""
    readings = term.readings[:1] if term.weekly else term.readings
    return Term(tuple(frozenset(day + by for day in some) for some in readings))
