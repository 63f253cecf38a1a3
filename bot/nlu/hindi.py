"""Puts English for Hindi in Latin letters, word by word: the encoder read no Hindi.

"Kitna paisa lagega" comes as near to prices as "how much money take" does. Nobody but
the encoder sees it.
"""

from __future__ import annotations

import re
from collections.abc import Container
from pathlib import Path

# Each line is English ("-" for what English leaves out), then how the Hindi is spelt.
LEXICON = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
_WORD = re.compile(r"[^\W\d_]+")
# One Hindi word in an English sentence is a name or a slip.
_FEWEST = 2


def _table() -> dict[str, str]:
    table = {}
    for line in LEXICON.splitlines():
        english, _, spellings = line.partition(": ")
        table.update(dict.fromkeys(spellings.split(", "), english.strip("-")))
    return table


_ENGLISH_OF = _table()
# The longest first: "kya hai" before "kya".
_HINDI = re.compile(rf"\b(?:{'|'.join(sorted(_ENGLISH_OF, key=len, reverse=True))})\b")


def in_english(text: str, english: Container[str]) -> str | None:
    """Return a Hindi text word by word in English; None where it is not in Hindi.

    It is in Hindi if two of its words or half of them are, and are no English words
    too; then those that could be either ("do", "main") are read as Hindi.

    Args:
        english: the words that an English text may have.
    """
    lower = text.lower()
    words = _WORD.findall(lower)
    hindi = sum(word in _ENGLISH_OF and word not in english for word in words)
    if not hindi or hindi < min(_FEWEST, len(words) / 2):
        return None
    return " ".join(_HINDI.sub(lambda found: _ENGLISH_OF[found.group()], lower).split())
