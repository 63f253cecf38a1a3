"""Short questions that mean something only after what was asked before them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_MOST_WORDS = 5
_LEAD = re.compile(r"^(?:(?:and|ok|okay|so|but|then|also|what about|how about)\b\s*)+")
_TAIL = r"(?: (?:is|are|does|do) (?:it|that|this|they|one)(?: (?:cost|take))?)?"
_IT = r"(?:it|that|this|they|those)"

# What is asked, and which topic it is after which; "" stands for any other topic.
_ASKED: tuple[tuple[re.Pattern[str], Mapping[str, str]], ...] = (
    (re.compile(rf"how much{_TAIL}|(?:the )?(?:price|cost)"), {"": "cost"}),
    (re.compile(r"how often"), {"": "session_frequency"}),
    (
        re.compile(r"how many"),
        {
            "needle_details": "needle_details",
            "needle_pain": "needle_details",
            "": "session_count",
        },
    ),
    (
        re.compile(rf"(?:for )?how long{_TAIL}"),
        {
            "effect_duration": "effect_duration",
            "effectiveness": "session_count",
            "session_count": "session_count",
            "": "session_length",
        },
    ),
    (
        re.compile(rf"(?:is|are) {_IT} (?:safe|dangerous)"),
        {
            "pregnancy": "pregnancy",
            "contraindications": "contraindications",
            "supportive_techniques": "supportive_techniques",
            "": "safety",
        },
    ),
    (
        re.compile(rf"(?:does|do|will) {_IT} hurt"),
        {"supportive_techniques": "supportive_techniques", "": "needle_pain"},
    ),
)


def follow_up(text: str, before: str | None, names_one: bool = False) -> str | None:
    """Return the topic of a short question that leans on the one before it.

    Args:
        text: what the visitor typed.
        before: the topic that was answered last; None where there was none.
        names_one: it names something that the topic before can be answered for, as
            a day after the hours, or a treatment after the prices.

    Returns:
        None where the text stands on its own, or nothing was asked before.
    """
    folded = " ".join(re.sub(r"[^\w\s']", " ", text.casefold()).split())
    short = _LEAD.sub("", folded)
    if before is None or len(folded.split()) > _MOST_WORDS:
        return None
    for pattern, topics in _ASKED:
        if pattern.fullmatch(short):
            return topics.get(before, topics[""])
    return before if names_one and short != folded else None


def topic_of(shown: Mapping[str, Any]) -> str | None:
    """Return the topic that a message of the assistant answered, as it was shown.

    Args:
        shown: what the message carried; answers to two questions in one message lie
            under `several`, and the last of them counts.
    """
    last = (shown.get("several") or [shown])[-1]
    topic = last.get("topic")
    return str(topic) if topic else None
