"""Brings what people type on a phone into plain words that can be compared."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass

# Longer "words" are not language; they only cost time.
LONGEST_WORD = 40
# A pause counts like this many words between two things said.
PAUSE, FULL_STOP = 2, 4

_PIECES = re.compile(
    r"\d+[.,]\d+|[^\W_]+|[.!?…;\n]+|[,:()\u2013\u2014]+|(?<=\s)-+(?=\s)"
)
_APOSTROPHE = re.compile(r"(?<=\w)['\u2019\u2018`\u00b4\u02bc\uff07](?=\w)")
# "my chest's tight", "dad's legs": the ending says nothing here. "it's" keeps it.
_POSSESSIVE = re.compile(r"(?<=[^\W\d_]{4})['\u2019\u2018`\u00b4\u02bc\uff07]s\b")
# "Chest pain? No.": a line of a list with its answer, and no sentence of its own.
_ANSWERED_NO = re.compile(
    r"[?:\u2013\u2014-]{1,3}\s{0,3}(?=(?:no|none|nope|nil)\b\s{0,3}(?:[.,;!\n]|$))"
)
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_BEFORE_NOT = {
    "can": "cant",
    "could": "couldnt",
    "do": "dont",
    "does": "doesnt",
    "did": "didnt",
    "is": "isnt",
    "are": "arent",
    "was": "wasnt",
    "were": "werent",
    "has": "hasnt",
    "have": "havent",
    "had": "hadnt",
    "will": "wont",
    "would": "wouldnt",
    "should": "shouldnt",
}
# What stands before "m" in "i m", when a phone puts a space for the apostrophe.
_BEFORE_ENDING = {
    "m": ("i",),
    "ve": ("i", "we", "you", "they"),
    "ll": ("i", "he", "she", "it", "we", "you", "they"),
    "d": ("i", "he", "she", "it", "we", "you", "they"),
    "s": ("he", "she", "it", "there", "that", "what"),
    "re": ("we", "you", "they"),
}
# What is left of "don't" when a phone puts a space for the apostrophe.
_BEFORE_T = {word.removesuffix("t"): word for word in _BEFORE_NOT.values()}


@dataclass(frozen=True)
class Plain:
    """A message as plain words.

    Args:
        words: lower case, without accents and apostrophes.
        places: where each word stands, counted in words; a comma and a full stop
            count as several words, so that a distance knows about them.
        sentences: the number of each word's sentence.
        clauses: the number of each word's clause, never shared by two sentences.
    """

    words: tuple[str, ...]
    places: tuple[int, ...]
    sentences: tuple[int, ...]
    clauses: tuple[int, ...]


class _Cutter:
    """Collects the words of one message, piece by piece."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self.places: list[int] = []
        self.sentences: list[int] = []
        self.clauses: list[int] = []
        self.place = self.sentence = self.clause = 0

    def say(self, words: Sequence[str]) -> None:
        for word in words:
            self.words.append(word[:LONGEST_WORD])
            self.places.append(self.place)
            self.sentences.append(self.sentence)
            self.clauses.append(self.clause)
            self.place += 1

    def pause(self, mark: str) -> None:
        if not self.in_clause():
            return  # nothing was said since the last mark
        self.clause += 1
        if mark[0] in ".!?…;\n":
            self.sentence += 1
            self.place += FULL_STOP
        else:
            self.place += PAUSE

    def in_clause(self) -> bool:
        return bool(self.clauses) and self.clauses[-1] == self.clause


def plain(text: str, respelt: Callable[[str], Sequence[str]]) -> Plain:
    """Cut a message into plain words; any string will do, in linear time.

    Args:
        text: what was typed, in any script, with anything in it.
        respelt: gives the word or words that a typed word is short for.
    """
    cutter = _Cutter()
    for piece in _PIECES.findall(_ANSWERED_NO.sub(" ", smooth(text))):
        if not piece[0].isalnum():
            cutter.pause(piece)
        elif not (cutter.in_clause() and _joins(cutter.words, piece)):
            cutter.say(respelt(piece))
    return Plain(
        tuple(cutter.words),
        tuple(cutter.places),
        tuple(cutter.sentences),
        tuple(cutter.clauses),
    )


def smooth(text: str) -> str:
    """Return lower case without accents, apostrophes and what cannot be seen."""
    if not text.isascii():
        parts = unicodedata.normalize("NFKD", text)
        text = "".join(sign for sign in parts if not _invisible(sign))
    text = _POSSESSIVE.sub("", text.casefold())
    text = _APOSTROPHE.sub("", text).replace("&", " and ")
    return _STRETCHED.sub(r"\1\1", text)


def _invisible(sign: str) -> bool:
    return unicodedata.category(sign) in {"Mn", "Mc", "Me", "Cf", "Cs"}


def _joins(words: list[str], piece: str) -> bool:
    """Write "can not", "can t" and "i m" as one word, in place of the last word."""
    last = words[-1]
    if piece == "not":
        joined = _BEFORE_NOT.get(last)
    elif piece == "t":
        joined = _BEFORE_T.get(last)
    else:
        joined = last + piece if last in _BEFORE_ENDING.get(piece, ()) else None
    if joined is None:
        return False
    words[-1] = joined
    return True
