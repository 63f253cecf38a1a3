"""Repairs misspelt words before a text is encoded; nobody else sees the repair."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

import symspellpy
from symspellpy import SymSpell, Verbosity

# A word on its own: not part of an address, a number, a hyphenated name or "don't".
_WORD = re.compile(r"(?<![\w@.'\u2019/-])[A-Za-z]{4,}(?![\w@'\u2019/-]|\.\w)")
_LONG = 8
# English words by frequency; the list comes with symspellpy (82,834 words).
_ENGLISH = Path(symspellpy.__file__).parent / "frequency_dictionary_en_82_765.txt"
_COMMON = 20_000
# How often an unknown word must stand in the examples to be more than a slip.
_HOUSE_WORD = 3

# Medicines that visitors name and that the English list lacks: one letter away from
# another word they would silently become it.
_MEDICINES = frozenset(
    """
    acenocoumarol alprazolam amitriptyline apixaban atorvastatin brilinta celecoxib
    citalopram clexane clopidogrel codeine coumadin dabigatran diazepam diclofenac
    duloxetine edoxaban eliquis enoxaparin escitalopram fluoxetine fragmin gabapentin
    heparin levothyroxine lisinopril lixiana lyrica metformin methotrexate naproxen
    oxycodone paracetamol plavix pradaxa prasugrel prednisolone prednisone pregabalin
    rivaroxaban savaysa sertraline ticagrelor tramadol tylenol venlafaxine warfarin
    xanax xarelto zoloft
    """.split()  # noqa: SIM905 (fifty quoted words would be harder to read)
)

# Typed without their apostrophe; one letter from their own opposite, or from nonsense.
_SHORT_FORMS = frozenset(
    """
    aint arent couldnt didnt doesnt dont hadnt hasnt havent heres hows isnt mustnt
    neednt shes shouldnt thats theres theyll theyre theyve wasnt weve werent whats
    wheres whos wouldnt youll youre youve
    """.split()  # noqa: SIM905 (as above)
)

# As typed on a phone; only what stands for one word or phrase.
_SHORTHAND = {
    "2day": "today",
    "2moro": "tomorrow",
    "2morrow": "tomorrow",
    "2nite": "tonight",
    "abt": "about",
    "appt": "appointment",
    "appts": "appointments",
    "b4": "before",
    "bc": "because",
    "cos": "because",
    "coz": "because",
    "cuz": "because",
    "diff": "different",
    "idk": "i don't know",
    "mins": "minutes",
    "pls": "please",
    "plz": "please",
    "ppl": "people",
    "r": "are",
    "rn": "right now",
    "shud": "should",
    "sth": "something",
    "thru": "through",
    "thx": "thanks",
    "tmr": "tomorrow",
    "tmrw": "tomorrow",
    "tnx": "thanks",
    "u": "you",
    "ur": "your",
    "wen": "when",
    "wk": "week",
    "wks": "weeks",
    "wot": "what",
    "wud": "would",
    "ya": "you",
    "yr": "year",
    "yrs": "years",
}
_SHORT_WORD = re.compile(r"(?<![\w@.'\u2019/-])\w{1,5}(?![\w@'\u2019/-]|\.\w)")


class Speller:
    """Knows the words of the training examples, and common English after them.

    Attributes:
        words: each word of the examples with how often it stands there.
    """

    def __init__(self, words: Mapping[str, int]) -> None:
        self.words = dict(words)
        english = _english()
        self._known = english.keys() | self.words.keys() | _MEDICINES | _SHORT_FORMS
        self._ours = _index(
            {
                word: count
                for word, count in self.words.items()
                if len(word) >= 4 and (word in english or count >= _HOUSE_WORD)
            },
            distance=2,
        )

    @staticmethod
    def of(texts: Iterable[str]) -> Speller:
        """Return a speller that knows the words of these training examples."""
        return Speller(
            Counter(word for text in texts for word in re.findall(r"\w+", text.lower()))
        )

    def repair(self, text: str) -> str:
        """Return the text with its plain misspellings put right.

        The phone's shorthand ("b4") is written out. Left as they are: words of the
        examples, English words, medicines, short forms ("doesnt"), numbers, other
        words under four letters, and capitalised words inside a sentence (names).
        A word is changed by one letter, a word of eight letters or more by two.
        """
        shouted = text.isupper()

        def put_right(match: re.Match[str]) -> str:
            word = match.group()
            if word.lower() in self._known:
                return word
            if word[0].isupper() and not shouted and not _starts(text, match.start()):
                return word
            return self._nearest(word.lower()) or word

        written_out = _SHORT_WORD.sub(_written_out, text)
        return _WORD.sub(put_right, written_out)

    def _nearest(self, word: str) -> str | None:
        tries = [(self._ours, 1), (_common_words(), 1)]
        if len(word) >= _LONG:
            tries.append((self._ours, 2))
        for index, distance in tries:
            found = index.lookup(word, Verbosity.TOP, distance)
            if found:
                return str(found[0].term)
        return None


def _written_out(match: re.Match[str]) -> str:
    word = match.group()
    return _SHORTHAND.get(word.lower(), word)


def _starts(text: str, position: int) -> bool:
    before = text[:position].rstrip()
    return not before or before[-1] in ".!?\n"


def _index(words: Mapping[str, int], distance: int) -> SymSpell:
    index = SymSpell(max_dictionary_edit_distance=distance)
    for word, count in words.items():
        index.create_dictionary_entry(word, count)
    return index


@lru_cache(maxsize=1)
def _english() -> dict[str, int]:
    lines = _ENGLISH.read_text(encoding="utf-8-sig").splitlines()
    return {word: int(count) for word, count in (line.split() for line in lines)}


@lru_cache(maxsize=1)
def _common_words() -> SymSpell:
    # The list is sorted by frequency, most frequent first.
    common = list(_english().items())[:_COMMON]
    return _index({word: count for word, count in common if len(word) >= 4}, distance=1)
