"""Hears that somebody wants a person, where nothing cleverer is there to hear it.

Only for the time in which the assistant is away. It would rather miss a roundabout wish
than call staff for a question about them; what it misses waits for the assistant.
"""

from __future__ import annotations

import re

ASKED = "/talk_to_human"
"""What the button says to the assistant."""

_PERSON = (
    r"(?:some\s?(?:one|body)|any\s?(?:one|body)|staff(?:\s+member)?|human(?:\s+being)?"
    r"|(?:real|actual|live)\s+(?:person|people|human)|person|people|reception(?:ist)?"
    r"|(?:front\s+)?desk|agent|operator|representative|advisor|executive|manager"
    r"|supervisor|colleague|member\s+of|team|nurse|therapist|practitioner|acupuncturist"
    r"|physician|doctor|expert|lady|woman)s?"
)
_FEW = r"(?:\s+(?!not\b)[\w']+){0,3}?"
_TALK = (
    r"(?:talk(?:ing)?|speak(?:ing)?|chat(?:ting)?|(?:a\s+)?word|deal|explain|discuss"
    r"|message|contact|reach|connect(?:ed)?|transfer|escalate|pass|hand|forward|put"
    r"|get|give|find|ask|tell|take|need|want)"
)
_CALL = r"(?:call|phone|ring|contact|message|get\s+back\s+to)"
_WISH = re.compile(
    rf"\b{_TALK}{_FEW}\s+{_PERSON}\b"
    rf"|\b{_PERSON}{_FEW}\s+(?:{_CALL}\s+(?:me|my|us)|take\s+over|talk\s+to\s+me)\b"
    rf"|\b(?:any(?:one|body|\s+\w+)|{_PERSON})\s+(?:around|there|online|available)\b"
    r"|\b(?:call|ring|phone)\s+me\b|\bgive\s+me\s+a\s+(?:call|ring)\b"
    r"|\bput\s+me\s+through\b|\b(?:connect|transfer)\s+me\b|\bescalate\b"
    r"|\b(?:don'?t|not|no|hate|like)\b[^.?]{0,24}\b(?:bots?|robots?|machines?)\b"
    r"|\b(?:live\s+(?:chat|agent|person)|customer\s+(?:care|support|serv\w+))\b"
    rf"|^\W*(?:(?:a|an|the|real|actual|not\s+you)\W+){{0,3}}{_PERSON}"
    r"(?:\W+(?:please|pls|plz|now))?\W*$",
    re.IGNORECASE,
)
# "Are you a person?", "do I need a doctor", "I don't want to talk to anyone".
_NO_WISH = re.compile(
    r"\b(?:are|is)\s+(?:you|this|it)\b|\byou'?re\b|\bam\s+i\b|\bdo\s+i\s+need\b"
    r"|\b(?:don'?t|do\s+not|no|never)\s+(?:\w+\s+)?(?:want|need)\s+(?:to|a|any)\b"
    r"(?![^.?]*\b(?:bot|robot|machine))|\bcall\s+me\s+(?!back|please|pls|now|asap)\w+$",
    re.IGNORECASE,
)


def wants_a_person(text: str, payload: str | None) -> bool:
    """Tell whether a message asks for a person.

    Args:
        text: what was typed, or the words on a pressed button.
        payload: what the button says to the assistant; None for typed words.
    """
    if payload is not None:
        return payload == ASKED
    return bool(_WISH.search(text)) and not _NO_WISH.search(text)
