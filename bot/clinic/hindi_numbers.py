"""Reads Hindi numbers as they are typed in English letters: "chalis saal" is 40 years.

One word for each number from 0 to 100, and each word in many spellings: doubled letters
and the like are evened out first. Needs a native speaker's look.
"""

from __future__ import annotations

import re

# A line holds ten numbers, one after the other; other spellings stand behind a slash.
_IN_ORDER = """
shunya ek do tin char panch/pach che/chah/chai sat ath nau
das gyarah/gyara/igyarah barah terah/tera chaudah/chauda pandrah/pandra solah/sola
  satrah/satra atharah/athara unis
bis ikis/ekis bais teis chaubis pachis chabis satais athais untis/unatis
tis ikatis/iktis/ekatis batis tetis/tentis/taintis chautis/chauntis
  paintis/pentis/pantis chatis saintis/sentis/santis adtis/artis/adatis
  untalis/unatalis/unchalis
chalis iktalis/ikatalis bayalis/byalis/bialis taintalis/tentalis/tetalis
  chavalis/chauvalis paintalis/pentalis chiyalis/chialis saintalis/sentalis
  adtalis/artalis/adatalis unchas/unanchas
pachas ikyavan/ikavan bavan tirpan/trepan chauvan pachpan chapan satavan athavan
  unsath
sath iksath basath tirsath/tresath chausath/chaunsath painsath/pensath
  chiyasath/chiasath sadsath/sarsath adsath/arsath unhatar
satar ikhatar bahatar tihatar chauhatar pachatar chihatar satatar/sathatar
  athatar/athahatar unasi/unyasi
asi ikyasi bayasi/byasi tirasi chaurasi pachasi chiyasi/chiasi satasi athasi navasi
nabe/nave ikyanve banve tiranve chauranve pachanve chiyanve satanve athanve ninyanve
sau
"""
_EVENED = (
    (re.compile(r"aa+"), "a"),
    (re.compile(r"ee+"), "i"),
    (re.compile(r"oo+"), "u"),
    (re.compile(r"(?:ch)+h?"), "ch"),
    (re.compile(r"w"), "v"),
    (re.compile(r"([b-df-hj-np-tv-z])\1+"), r"\1"),
)
_SAYS_HINDI = re.compile(
    r"\b(saal|sal|varsh|baras|umar|umr|umra|mera|meri|mere|hoon|hun|hai|hain"
    r"|lagbhag|kareeb|karib|din|hafta|hafte|mahina|mahine|dard|abhi)\b"
)
_ALSO_ENGLISH = re.compile(
    r"(do|teen|char|sat|das|sola|tera|bis|bees|tis|tees|chai|satis|artis|nave|batis)"
)
"""In other company these are English words, or parts of other Hindi ones."""


def _evened(word: str) -> str:
    for pattern, instead in _EVENED:
        word = pattern.sub(instead, word)
    return word


_NUMBERS = {
    spelling: number
    for number, words in enumerate(_IN_ORDER.split())
    for spelling in words.split("/")
}


def in_figures(text: str) -> str:
    """Return a text in which Hindi number words stand as figures.

    "Do" and other words that English has too are numbers only where the text is all
    numbers, or says something else in Hindi: "do saal", not "I do".
    """
    words = re.findall(r"[a-z]+", text.casefold())
    found = {
        word: _NUMBERS[even] for word in words if (even := _evened(word)) in _NUMBERS
    }
    in_hindi = _SAYS_HINDI.search(text.casefold()) or found.keys() == {*words}
    for word, number in found.items():
        if in_hindi or not _ALSO_ENGLISH.fullmatch(word):
            text = re.sub(rf"\b{word}\b", str(number), text, flags=re.IGNORECASE)
    return text
