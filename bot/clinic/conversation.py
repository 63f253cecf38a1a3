"""What is said in a conversation, and how a visitor's words are made safe."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Author = Literal["visitor", "assistant", "staff", "system"]

MAX_TEXT_CHARACTERS = 4000
"""Longer texts are refused at the edge; a chat message is far shorter."""

UNSEEN = "unseen"
"""In the extras of a visitor's message: the newest question was not meant by it."""


@dataclass(frozen=True)
class Choice:
    """A button or a tick box: what is read, and what it means to the assistant.

    Args:
        label: the words on it.
        payload: what the assistant is given when it is chosen.
    """

    label: str
    payload: str


@dataclass(frozen=True)
class Said:
    """Something about to be said to a visitor.

    Args:
        text: the words; never empty.
        author: who says it.
        name: the staff member's name, for author `staff`.
        choices: buttons under the text.
        checklist: tick boxes, exclusive with `choices`.
        none_of_these: the payload, among `checklist`, that excludes all others.
        extras: card, topic, sources and the like, shown as they are; `health` marks
            what is about the visitor's own health, which no strange servers carry.
        answer_version: which version of a written answer this is.
        at_rest: the assistant is in the middle of nothing.
        past_review: it is a written answer that somebody should have looked at again.
    """

    text: str
    author: Author = "assistant"
    name: str | None = None
    choices: tuple[Choice, ...] = ()
    checklist: tuple[Choice, ...] = ()
    none_of_these: str | None = None
    extras: Mapping[str, Any] = field(default_factory=dict)
    answer_version: str | None = None
    at_rest: bool = False
    past_review: bool = False


@dataclass(frozen=True)
class Message:
    """One row of the record, as it was said.

    Args:
        seq: 1, 2, 3 ... within the conversation.
        payload: what the visitor's pressed buttons mean, one a line; else None.
        at: aware UTC.
        channel: where the visitor wrote it; None is the clinic's own page.
    """

    seq: int
    author: Author
    name: str | None
    text: str
    extras: Mapping[str, Any]
    payload: str | None
    at: datetime
    channel: str | None = None


def asks(message: Message) -> bool:
    """Tell whether a message has something to answer it by."""
    parts = ("buttons", "checklist", "hint")
    return message.author != "visitor" and any(map(message.extras.get, parts))


def takes_over(message: Message) -> bool:
    """Tell whether a message takes the question before it out of use."""
    written = message.author in ("visitor", "staff")
    return written or asks(message) or bool(message.extras.get("urgent"))


@dataclass(frozen=True)
class Conversation:
    """All that was said between one visitor and the clinic.

    Args:
        epoch: raised whenever the assistant must forget what it was in the middle of.
        epoch_seq: the number of the last message before the epoch began.
        forgotten_at: when its visitor had it deleted; nobody is let in after that.
        language: what the visitor's browser or app is set to, such as `hi-IN`; "" where
            it does not say. The conversation itself is in English.
    """

    id: str
    channel: str
    clinic: str
    created_at: datetime
    last_seq: int
    epoch: int
    epoch_seq: int = 0
    forgotten_at: datetime | None = None
    language: str = ""


@dataclass(frozen=True)
class Received:
    """A visitor's message is in the record.

    Args:
        seq: its number.
        fresh: False when the same `client_id` had been stored before.
    """

    seq: int
    fresh: bool


def storable(text: str) -> str:
    """Return a text as every database takes it: no half characters, no null byte.

    Half an emoji is legal in JSON; it becomes a question mark.
    """
    return text.encode("utf-8", "replace").decode("utf-8").replace("\0", "")


def tidy(text: str) -> str:
    """Drop control, zero-width and direction characters; keep line breaks.

    The record keeps what was typed; this is the copy that programs read. NFKC makes
    full-width letters and ligatures plain.
    """
    kept = "".join(
        char
        for char in unicodedata.normalize("NFKC", text)
        if char in "\n\t" or unicodedata.category(char) not in ("Cc", "Cf", "Cs", "Co")
    )
    return kept.strip()


def neutral(text: str) -> str:
    """Make typed text harmless for Rasa, which obeys any text that begins with "/".

    One sign may stand for eighteen letters (U+FDFA), so it is cut once more.
    """
    return tidy(text)[:MAX_TEXT_CHARACTERS].lstrip("/ \t\n") or "."
