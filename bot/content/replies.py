"""Loads the written replies of staff, from data/replies.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.content.files import build, read

_LATER = {"staff": "{staff}", "visitor": "{visitor}"}


@dataclass(frozen=True)
class WrittenReply:
    """A reply that staff can send as it is, or change first.

    Args:
        text: `{staff}` and `{visitor}` are filled in when it is offered.
    """

    title: str
    text: str

    def to(self, visitor: str, staff: str) -> str:
        """Word it for one visitor; "" stands for a name that is not known."""
        return self.text.replace("{staff}", staff).replace(
            "{visitor}", visitor or "there"
        )


@dataclass(frozen=True)
class _RepliesFile:
    replies: tuple[WrittenReply, ...]


def load(path: Path, facts: Mapping[str, str]) -> tuple[WrittenReply, ...]:
    """Load the replies for one clinic.

    Raises:
        BadContent: one needs a fact that the clinic does not give.
    """
    document = read(path)
    replies = build(_RepliesFile, document).replies
    filled = []
    for number, one in enumerate(replies):
        try:
            text = one.text.format_map({**facts, **_LATER})
        except KeyError as unknown:
            raise document.bad(
                ["replies", number], f"the clinic's profile has no {unknown}"
            ) from None
        filled.append(WrittenReply(one.title, text.strip()))
    return tuple(filled)
