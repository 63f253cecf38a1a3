"""Notices what a visitor's words merely suggest, so that it is asked, gently, once."""

from __future__ import annotations

from bot.clinic.mentions import find
from bot.clinic.questionnaire import Questionnaire


def suggested(questionnaire: Questionnaire, text: str) -> str | None:
    """Return the question that a text suggests, the most pressing first, or None.

    Args:
        text: exactly what was typed, at any moment of a conversation.
    """
    found = {
        one.value for one in find(text, questionnaire.triggers) if one.said != "denied"
    }
    return next((name for name in questionnaire.triggers if name in found), None)
