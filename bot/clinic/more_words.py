"""Reads a wish to see more of what is on offer: "more", "any other times?"."""

from __future__ import annotations

import re

_MORE = re.compile(
    r"(?:(?:ok(?:ay)?|hmm*|please|can i|could i|do you have|have you got|are there"
    r"|see|show(?: me)?|give me|some|any|got)[, ]+)*"
    r"(?:more(?: (?:times|options|choices|openings|ones))?"
    r"|others?(?: (?:times|options|ones))|others)"
    r"(?:[, ]+(?:please|pls|then|maybe))*[?.! ]*"
)


def asks_for_more(text: str) -> bool:
    """Tell whether a message only asks for more of the same."""
    return _MORE.fullmatch(" ".join(text.lower().split())) is not None
