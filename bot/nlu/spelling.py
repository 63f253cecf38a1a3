"""Repairs misspelt words before a text is encoded; nobody else sees the repair."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import lru_cache
from itertools import islice
from pathlib import Path

import symspellpy
from symspellpy import SymSpell, Verbosity

from bot.nlu.hindi import in_english
from bot.nlu.slips import readiness, sound

# A word on its own: not part of an address, a number, a hyphenated name or "don't".
_WORD = re.compile(r"(?<![\w@.'\u2019/-])[A-Za-z]{3,}(?![\w@'\u2019/-]|\.\w)")
_LONG = 8
_SHORTEST = 4
_VOWELS = frozenset("aeiou")
# English words by frequency; the list comes with symspellpy (82,834 words).
_ENGLISH = Path(symspellpy.__file__).parent / "frequency_dictionary_en_82_765.txt"
_COMMON = 12_000
# How often an unknown word must stand in the examples to be more than a slip.
_HOUSE_WORD = 3
# How often a word must stand there for an odd one beside it to be a slip of it.
_FREQUENT = 10

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
# "Id like a visit" speaks of no identity card.
_I_WOULD = re.compile(r"\bid(?= (?:like|love|prefer|rather|want|be)\b)", re.IGNORECASE)
_SHORT_WORD = re.compile(r"(?<![\w@.'\u2019/-])\w{1,5}(?![\w@'\u2019/-]|\.\w)")


class Speller:
    """Knows the words of the training examples, and common English after them.

    Attributes:
        words: each word of the examples with how often it stands there.
    """

    def __init__(self, words: Mapping[str, int]) -> None:
        self.words = dict(words)
        english, common = _english(), _common()
        ours = {
            word: count
            for word, count in self.words.items()
            if len(word) >= _SHORTEST and (word in english or count >= _HOUSE_WORD)
        }
        self._ours = _index(ours, distance=2)
        slips = {
            word
            for word, count in self.words.items()
            if count < _HOUSE_WORD and word not in english and self._is_slip(word)
        }
        self._known = (
            common.keys() | (self.words.keys() - slips) | _MEDICINES | _SHORT_FORMS
        )
        self._by_sound: dict[str, str] = {}
        for word in sorted(ours, key=lambda word: ours[word]):
            self._by_sound[sound(word)] = word

    @staticmethod
    def of(texts: Iterable[str]) -> Speller:
        """Return a speller that knows the words of these training examples."""
        return Speller(
            Counter(
                word
                for text in texts
                if in_english(text, _common()) is None
                for word in re.findall(r"\w+", text.lower())
            )
        )

    def repair(self, text: str) -> str:
        """Return the text with its plain misspellings put right.

        The phone's shorthand ("b4") is written out, Hindi word by word in English. Left
        as they are: words of the examples, common English words, medicines, short forms
        ("doesnt"), numbers, words under three letters, and capitalised words inside a
        sentence (names). A word is changed by one letter, or to one of the same sound;
        a word of eight letters or more by two.
        """
        shouted = text.isupper()

        def put_right(match: re.Match[str]) -> str:
            word = match.group()
            if word.lower() in self._known:
                return word
            if word[0].isupper() and not shouted and not _starts(text, match.start()):
                return word
            return self._nearest(word.lower()) or word

        hindi = in_english(text, _common())
        if hindi is not None:
            return hindi
        written_out = _SHORT_WORD.sub(_written_out, _I_WOULD.sub("I'd", text))
        return _WORD.sub(put_right, written_out)

    def _nearest(self, word: str) -> str | None:
        if len(word) < _SHORTEST:
            return self._one_letter_short(word)
        found = [
            (self._weight(word, one.term, one.count), one.term)
            for one in self._ours.lookup(word, Verbosity.ALL, 1)
        ] or [
            (self._weight(word, one.term, 1), one.term)
            for one in _common_words().lookup(word, Verbosity.ALL, 1)
        ]
        if found:
            return str(max(found)[1])
        if alike := self._by_sound.get(sound(word)):
            return alike
        if len(word) >= _LONG:
            far = self._ours.lookup(word, Verbosity.TOP, 2)
            return str(far[0].term) if far else None
        return None

    def _one_letter_short(self, word: str) -> str | None:
        # Abbreviations have no vowel, or stand in the examples.
        found = [
            (one.count, one.term)
            for one in self._ours.lookup(word, Verbosity.ALL, 1)
            if one.count >= _FREQUENT and one.term[0] == word[0]
        ]
        return max(found)[1] if found and not _VOWELS.isdisjoint(word) else None

    def _is_slip(self, word: str) -> bool:
        """Say whether an odd word of the examples is a frequent one misspelt."""
        return len(word) > 4 and any(
            one.count >= _FREQUENT
            and one.term[0] == word[0]
            and not word.startswith(one.term)
            for one in self._ours.lookup(word, Verbosity.ALL, 1)
        )

    def _weight(self, typed: str, meant: str, count: int) -> float:
        return math.log(count) + readiness(typed, meant)


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
def _common() -> dict[str, int]:
    # The list is sorted by frequency, most frequent first.
    return dict(islice(_english().items(), _COMMON))


@lru_cache(maxsize=1)
def _common_words() -> SymSpell:
    words = {word: count for word, count in _common().items() if len(word) >= _SHORTEST}
    return _index(words, distance=1)
