"""Loads what visitors read about being handed over, from data/handoff.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from pathlib import Path

from bot.clinic.profile import Clinic
from bot.content.facts import say_hours
from bot.content.files import build, read
from bot.desk.handoff_words import HandoffWords

_LATER = {"name": "{name}", "due": "{due}"}


def load(path: Path, clinic: Clinic, facts: Mapping[str, str]) -> HandoffWords:
    """Load the texts for one clinic.

    Raises:
        BadContent: a text is missing, or needs a fact that the clinic does not give.
    """
    document = read(path)
    texts = build(HandoffWords, document)
    hours = say_hours(clinic.phone_hours or clinic.hours)
    known = {**facts, **_LATER, "phone_hours": f" ({hours})" if hours else ""}
    try:
        return HandoffWords(
            **{
                field.name: getattr(texts, field.name).format_map(known)
                for field in fields(HandoffWords)
            }
        )
    except KeyError as unknown:
        raise document.bad([], f"the clinic's profile has no {unknown}") from None
