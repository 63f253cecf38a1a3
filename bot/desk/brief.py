"""Tells staff what a visitor's screening says."""

from __future__ import annotations

from collections.abc import Mapping

from bot.clinic.brief import Brief, brief
from bot.clinic.questionnaire import ScreeningProtocol
from bot.desk.ports import ScreeningUnit


def brief_of(
    unit: ScreeningUnit,
    conversation_id: str,
    protocol: ScreeningProtocol,
    heard: Mapping[str, str],
) -> Brief | None:
    """Return the brief of a conversation, or None where nothing was asked or heard.

    Args:
        unit: one that only reads is enough.
        conversation_id: whose screening.
        protocol: questions, criteria and words.
        heard: `RedFlags.reasons`, for what the emergency matcher heard.
    """
    return brief(protocol, unit.screenings.of(conversation_id), heard)
