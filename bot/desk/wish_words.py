"""Tells what counts in a wish: corrections, stories and refusals."""

from __future__ import annotations

import re

_CORRECTS = re.compile(
    r"\b(?:no wait|wait no|oh wait|wait|actually|i meant?|scratch that|make that"
    r"|sorry)\b|(?<=, )no(?= ,)"
)


def corrected(words: str) -> list[str]:
    """Part some words where they correct what came before: "friday, no wait, monday".

    Args:
        words: as `plain_words` returns them.
    """
    return _CORRECTS.split(words)


# --- stories: "i hurt my back last friday" -------------------------------------------

_CLAUSE = re.compile(
    r"\s,\s|^,\s|\s,$|\s(?=(?:and|but|so|because|as|please|pls|can|could|may|might"
    r"|do you|is there|are there|any chance|i'd|i would|i want|i need|i am looking"
    r"|would|want to|book me|fit me)\s)"
)
_WISHES = re.compile(
    r"\b(?:book|come|want|need|like|prefer|looking for|hoping|wondering)\b"
)
_PAST_TENSE = re.compile(
    r"\b(?:since|ago|hurt|fell|broke|twisted|sprained|strained|injured|started|began"
    r"|had|been|saw|came|went|missed|turned|woke|flared|suffered"
    r"|(?:was|were)(?! (?:hoping|wondering|thinking|looking)\b))\b"
)
_PAIN = re.compile(
    r"\b(?:hurts?|hurting|aching|killing|throb\w*|worse|wakes|sore|stiff|swollen"
    r"|bad (?:in|at|during|when)"
    r"|\w*(?:pains?|aches?) (?:is|are|was|in|at|during|every|all|comes?|gets?|when|for)"
    r"|out of 10)\b|\b\d+ ?/ ?10 (?:pain|now)\b"
)
_SUPPOSES = re.compile(
    r"\bwhat (?:if|happens (?:if|when|on))\b.*"
    r"\b(?:holidays?|closed|strike|snow\w*|storm|ill|sick|late|miss|forget)\b"
)
"""Asks about a day and wishes for none."""
_SAYS_VISIT = re.compile(r"\b(?:appointment|visit|booking|opening|available|free)\b")
_LONG_PAST = re.compile(
    r"\bsince\b[^,]*"
    r"|\b(?:(?:about|around|over|almost) )?(?:\d+|an?|(?:a )?(?:few|couple(?: of)?)"
    r"|some|several) (?:day|week|fortnight|month|year)s? ago\b"
    r"|\b\w+ gone\b|\blast (?!thing\b|minute\b|\w+ (?:of|in)\b)\w+"
)


def without_stories(words: str) -> str:
    """Leave out what somebody tells of the pain or the past beside a wish.

    "i hurt my back last friday , can i come tomorrow" keeps the question alone.

    Args:
        words: as `plain_words` returns them.
    """
    clauses = [part for part in _CLAUSE.split(words) if part]
    kept = [part for part in clauses if not _is_story(part)]
    told = words if len(kept) == len(clauses) else " , ".join(kept)
    return " ".join(_LONG_PAST.sub(" , ", told).split())


def _is_story(clause: str) -> bool:
    if _SUPPOSES.search(clause):
        return True
    if _WISHES.search(clause):
        return False
    if _PAST_TENSE.search(clause):
        return True
    return bool(_PAIN.search(clause)) and not _SAYS_VISIT.search(clause)


# --- refusals: "not on friday", "anyone but ben", "i work till 5" --------------------

_BUSY = (
    r"i(?:'m| am)? (?:only |usually |always )?work(?:ing)?(?: on)?|busy|away"
    r"|at (?:work|school)|in (?:school|class)|unavailable|out of town"
)
_REFUSES = re.compile(
    r"\b(?:(?:any|every) ?(?:one|1|body|thing|where|day|time|weekday)?|all)"
    r" (?:but|except|bar)\b"
    r"|(?<!why )(?<!if )\bnot\b(?! (?:only|just|sure|bothered|fussed|that)\b)"
    r"|\b(?:\w+n't|cannot|cant|dont|wont)\b(?! (?:mind|care|know|matter|wait)\b)"
    r"|\b(?:never|neither|nor|except|excluding|without|avoid|other than"
    rf"|besides|instead of|rather than|{_BUSY})\b"
    r"|\bno(?= (?:more )?(?:on |to )?$)"
)
_ANEW = re.compile(
    r",|\b(?:but|how|what|so|then|instead|please|yes"
    r"|(?:can|could|may|would|is|are|i) (?:i|we|you|there|want|like|prefer|need)"
    r"|i'd|i'm free)\b"
)
_SAYS_TIME = re.compile(
    r"\d|\b(?:mon|tue|wed|thu|fri|sat|sun)\w*day\b|\btoday|tomorrow|weekend"
    r"|\b(?:morning|afternoon|evening|night|lunch|late|early)"
)
_MOST_BETWEEN = 6
_UNFIT = re.compile(
    r"^\s*(?:(?:is|are|was|'s|really|just|a|bit|of|far) )*"
    r"(?:(?:do|does|is|are|wo|ca|would)n't|no (?:good|use)|too (?:early|late|soon)"
    r"|not (?:so )?(?:good|great|ideal|possible|work|an option|free|available|on)"
    r"|bad|out|impossible|hard|difficult|never)\b"
)


def refusal(before: str) -> int | None:
    """Return where a refusal begins that reaches to the end of some words, if one does.

    Every reader asks here before it takes a word for a wish: what stands behind "not",
    "anyone but" or "i work till" is refused.

    Args:
        before: the words of the text before what was read, as far back as the last
            thing that was read.
    """
    found = None
    for found in _REFUSES.finditer(f"{before.rstrip()} "):  # noqa: B007
        pass
    if found is None:
        return None
    between = before[found.end() :]
    if _ANEW.search(between) or _SAYS_TIME.search(between):
        return None
    return found.start() if len(between.split()) <= _MOST_BETWEEN else None


def is_called_unfit(after: str) -> bool:
    """Tell whether words go on as in "friday | doesn't work for me"."""
    return _UNFIT.match(after) is not None
