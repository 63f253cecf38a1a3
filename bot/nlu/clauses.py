"""Takes a message apart: what is asked in it, and what is said beside that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.nlu.encoder import MAX_CHARACTERS

_BETWEEN = re.compile(
    r"(?:[?.!;,\n]+|\s+(?:and|also|plus|but|&)\s+)"
    r"\s*(?:(?:and|also|plus|so|but|then|&)\s+)?",
    re.IGNORECASE,
)
_QUESTION = re.compile(
    r"(?:what|whats|how|hows|why|when|whens|where|wheres|who|whos|which|do|does|did|is|are"
    r"|can|could|will|would|should|any)\b(?!['\u2019]t\b).*\w",
    re.IGNORECASE,
)
# "If I cancel, is there a fee?" cancels nothing.
_SUPPOSING = re.compile(
    r"\b(?:if|when|once|before|after|until|unless|whether|suppose|supposing|in case)\b",
    re.IGNORECASE,
)
# After a question a clause goes on with it ("does it help neck and shoulder pain"),
# unless a sentence ended or it begins like one of the visitor's own.
_ENDS = re.compile(r"[?.!;\n]")
_OWN = re.compile(
    r"(?:i|im|id|ive|we|my|our|please|yes|yeah|no|nope|none|not|nothing|book|cancel"
    r"|move|\d+)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Clauses:
    """A message in parts.

    Attributes:
        asking: the questions, in order.
        telling: the rest, as it was typed; "" where there is no more.
    """

    asking: tuple[str, ...]
    telling: str

    @property
    def supposes(self) -> bool:
        """Say whether the rest speaks of what might be, so that it is no wish."""
        return bool(_SUPPOSING.search(self.telling))


def clauses(text: str) -> Clauses:
    """Take a message apart; of a very long one the first 2,000 characters."""
    text = text[:MAX_CHARACTERS]
    asking: list[str] = []
    telling: list[str] = []
    before = ""  # what the clause before this one was
    for gap, clause in _parts(text):
        if _QUESTION.match(clause):
            asking.append(clause)
            before = "asking"
        elif before == "asking" and not (_ENDS.search(gap) or _OWN.match(clause)):
            asking[-1] += gap + clause
        else:
            joined = gap if before == "telling" else ", " if telling else ""
            telling.append(joined + clause)
            before = "telling"
    return Clauses(tuple(asking), "".join(telling).strip())


def questions(text: str) -> list[str]:
    """Return the questions of a message: "does it hurt and how much is it" has two."""
    return list(clauses(text).asking)


def _parts(text: str) -> Iterator[tuple[str, str]]:
    """Yield each clause, with what stands between it and the one before."""
    gap, begin = "", 0
    for between in _BETWEEN.finditer(text):
        if between.start() > begin:
            yield gap, text[begin : between.start()]
        gap, begin = between.group(), between.end()
    if begin < len(text):
        yield gap, text[begin:]
