"""Judges how readily one word is typed for another: by finger, and by ear."""

from __future__ import annotations

import re
from itertools import pairwise

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_BESIDE = {frozenset(pair) for row in _ROWS for pair in pairwise(row)}
_VOWELS = frozenset("aeiouy")

# Letters that sound alike are written alike; in this order.
_SOUNDS = tuple(
    (re.compile(pattern), sound)
    for pattern, sound in (
        ("ph", "f"),
        ("tion|sion|shun|cian", "xn"),
        ("ight|ite|yt\\b", "it"),
        ("^kn", "n"),
        ("^wh|^w", "w"),
        ("gh", ""),
        ("tch|ch", "x"),
        ("sch|sh", "x"),
        ("th", "t"),
        ("ck|q", "k"),
        ("c(?=[eiy])", "s"),
        ("[cx]", "k"),
        ("z", "s"),
        ("dge|dj", "j"),
        ("(.)\\1+", "\\1"),
        ("(?!^)[aeiouyhw]", ""),
        ("(?!^)r\\b", ""),
    )
)


def sound(word: str) -> str:
    """Return a key that words of the same sound share, roughly, in English."""
    for pattern, letters in _SOUNDS:
        word = pattern.sub(letters, word)
    return word


def readiness(typed: str, meant: str) -> float:
    """Return how readily a word is mistyped so, as a logarithm; 0 for no special slip.

    Args:
        typed: one letter changed, too many or missing, or two swapped.
        meant: the word that it may stand for.
    """
    start = 0
    while start < min(len(typed), len(meant)) and typed[start] == meant[start]:
        start += 1
    if start == 0 and sorted(typed) != sorted(meant):
        return -2.5  # the first letter is seldom the wrong one
    if len(typed) == len(meant):
        return _changed(typed, meant, start)
    longer = max(typed, meant, key=len)
    # The letter between start and the common end, too many or missing.
    letter = longer[start : start + 1]
    if letter in longer[max(0, start - 1) : start]:
        return 2.0  # doubled, or once for twice
    if start >= min(len(typed), len(meant)):
        # A word with its last letter cut off is a word of its own more often than not.
        return 0.0
    return 1.0 if letter in _VOWELS and len(typed) < len(meant) else 0.5


def _changed(typed: str, meant: str, at: int) -> float:
    if sorted(typed) == sorted(meant):
        return 2.0
    wrong, right = typed[at], meant[at]
    if wrong in _VOWELS and right in _VOWELS:
        return 1.0
    return 1.0 if frozenset((wrong, right)) in _BESIDE else 0.0
