"""Loads what the desk itself says, from data/desk.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from bot.clinic.conversation import Choice, Said
from bot.content.files import build, read
from bot.desk.answering import DeskWords


@dataclass(frozen=True)
class _DeskFile:
    assistant_away: str
    something_went_wrong: str
    past_review: str
    talk_to_a_person: str
    forgotten: str


def load(path: Path, facts: Mapping[str, str]) -> DeskWords:
    """Load the desk's words for one clinic.

    Raises:
        BadContent: a text is missing, or needs a fact that the clinic does not give.
    """
    document = read(path)
    texts = build(_DeskFile, document)
    person = Choice(texts.talk_to_a_person, "/talk_to_human")
    try:
        return DeskWords(
            assistant_away=Said(texts.assistant_away.format_map(facts), "system"),
            past_review=Said(texts.past_review.format_map(facts)),
            something_went_wrong=Said(
                texts.something_went_wrong.format_map(facts), choices=(person,)
            ),
            forgotten=Said(texts.forgotten, "system"),
        )
    except KeyError as unknown:
        raise document.bad([], f"the clinic's profile has no {unknown}") from None
