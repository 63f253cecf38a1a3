"""Finds the button that typed words stand for: its label, misspelt or only begun."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.clinic.replies import plain
from bot.clinic.vocabulary import slips_between

_TELLING = 4
_SHORTEST_MISSPELT = 4
_SHORTEST_ALONE = 5
"""Letters; a slip in a shorter word that stands alone makes another common word."""
_LONG = 9
_EXACT = frozenset(
    {"cant", "dont", "wont", "isnt", "have", "havent", "never", "been", "with", "past"}
)
"""A slip in these turns the meaning."""

Options = Sequence[tuple[str, str]]
"""The value and the label of each button."""


def misspelt(options: Options, text: str) -> str | None:
    """Return the value of the one button whose whole label was typed with slips."""
    typed = plain(text).split()
    return _only(
        value
        for value, label in _in_words(options)
        if typed and len(label) == len(typed) and _begins(label, typed)
    )


def begun(options: Options, text: str, *, least: int = 1) -> str | None:
    """Return the value of the one button whose label begins with what was typed.

    Args:
        least: so many words at the least, one of which is no mere "I can".
    """
    typed = plain(text).split()
    telling = any(len(word) >= _TELLING for word in typed)
    telling |= len(typed) > 1 and any(map(str.isdigit, typed))
    if len(typed) < least or not telling:
        return None
    return _only(value for value, label in _in_words(options) if _begins(label, typed))


def _only(values: Iterable[str]) -> str | None:
    """Return the one value there is; two labels may stand for the same one."""
    found = set(values)
    return found.pop() if len(found) == 1 else None


def _in_words(options: Options) -> list[tuple[str, list[str]]]:
    return [(value, plain(label).split()) for value, label in options]


def _begins(label: Sequence[str], typed: Sequence[str]) -> bool:
    alone = len(typed) == 1
    return len(typed) <= len(label) and all(
        _same(word, wanted, alone=alone)
        for word, wanted in zip(typed, label, strict=False)
    )


def _same(word: str, wanted: str, *, alone: bool) -> bool:
    """Tell whether a word is the wanted one with no more than a slip or two."""
    if word == wanted:
        return True
    shortest = _SHORTEST_ALONE if alone else _SHORTEST_MISSPELT
    if len(wanted) < shortest or not (word + wanted).isalpha():
        return False
    if word[0] != wanted[0] or {word, wanted} & _EXACT:
        return False
    return slips_between(word, wanted) <= (1 if len(wanted) < _LONG else 2)
