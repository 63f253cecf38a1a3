"""Reads how often somebody would like to come: "once a week for six weeks"."""

from __future__ import annotations

import re

from bot.clinic.plain_words import plain_words
from bot.clinic.wish import Course
from bot.clinic.wish_vocabulary import MOST_WORDS, belongs_to_a_wish, words_in

MOST_VISITS = 12
MOST_A_WEEK = 2
_WEEKS_A_MONTH = 4
# ses{2}ion: the word itself is ruled out here, but visitors use it.
_RHYTHM = re.compile(
    r"\b(?:(once|twice|[1-7]x?(?: times?| visits?| ses{2}ions?)?)\s*"
    r"(?:a|per|each|every) (week|fortnight)|(weekly|every week|each week)"
    r"|(?:once )?(fortnightly|every (?:2|2nd|other|second) weeks?))\b"
)
_HOW_LONG = re.compile(
    r"(?:^|,|\b(?:for|over))\s*(?:the next |a total of )?"
    r"(\d{1,2}|an?|a couple of) (week|month)s?\b"
)
_MOST_BESIDE = 3
_ASKS_OR_TELLS = frozenset(
    (
        *("how", "what", "why", "is", "are", "was", "does", "did", "should", "must"),
        *("enough", "normal", "usual", "often", "too", "he", "she", "they", "her"),
        *("his", "friend", "said", "says", "told", "went", "goes", "had", "has"),
    )
)
_COUNTS = {"a": 1, "an": 1, "a couple of": 2}
_HOW_MANY = re.compile(
    r"\b(?:course|series|block|set) of (\d{1,2})"
    r"(?: (?:visits|ses{2}ions|treatments|weeks))?"
    r"|(?<!at )(?<!after )(?<!before )(?<!from )"
    r"\b(\d{1,2}) ([^\W\d_]{4,} )?(?:visits|ses{2}ions|appointments|treatments|times)\b"
)


def read_course(words: str) -> tuple[Course | None, str]:
    """Return the course that some words ask for, and the other words.

    Its visits are 0 where the words do not say how many.
    """
    rhythm = _RHYTHM.search(words)
    # "Two times a week" says how often, and not how many in all.
    rest = _without(rhythm, words)
    many = _HOW_MANY.search(rest)
    weeks, visits = _rhythm(rhythm)
    lasts = _HOW_LONG.search(rest) if rhythm else None
    if many:
        count = int(many[1] or many[2])
    elif lasts:
        months = lasts[2] == "month"
        long = _COUNTS.get(lasts[1]) or int(lasts[1])
        count = long * (_WEEKS_A_MONTH if months else 1) * visits // weeks
    elif rhythm:
        count = 0
    else:
        return None, words
    rest = _without(many, _without(lasts, rest), many[3] if many else None)
    return Course(count, weeks, visits), rest


def _without(found: re.Match[str] | None, words: str, but: str | None = None) -> str:
    return " ".join(words.replace(found[0], but or " ").split()) if found else words


def _rhythm(found: re.Match[str] | None) -> tuple[int, int]:
    """Return every how many weeks, and how many visits then; weekly if not said."""
    if found is None:
        return 1, 1
    weeks = 2 if found[4] or found[2] == "fortnight" else 1
    often = found[1] or "once"
    return weeks, int(often[0]) if often[0].isdigit() else 1 + (often == "twice")


def course_alone(text: str) -> bool:
    """Tell whether a message says little but how often somebody wants to come.

    "Physio twice a week for a month" is no question of how often one should; what asks,
    or tells of somebody else, says more than that.
    """
    plain = plain_words(text)
    course, _ = read_course(plain)
    words = words_in(plain)
    beside = [word for word in words if not belongs_to_a_wish(word)]
    return (
        "?" not in text
        and course is not None
        and 2 <= course.count <= MOST_VISITS
        and len(words) <= MOST_WORDS
        and len(beside) <= _MOST_BESIDE
        and not (beside and _ASKS_OR_TELLS.intersection(words))
    )
