"""Asks at once, and once, what a visitor's words suggest without saying it."""

from __future__ import annotations

from datetime import datetime

from bot.clinic.conversation import Message, tidy
from bot.clinic.questionnaire import ScreeningProtocol
from bot.clinic.triggers import suggested
from bot.desk.emergency import EmergencyUnit
from bot.desk.screening import barred, current_screen

_LOOK_BACK = 100
"""Messages; what was asked once within them is not asked again."""


def question_raised(
    unit: EmergencyUnit,
    conversation_id: str,
    message: Message,
    protocol: ScreeningProtocol,
    now: datetime,
) -> str | None:
    """Return the question to ask in place of answering a message, or None.

    Nothing is raised by a button, where the same is being asked already, where an
    earlier message raised it, and where a person has to look anyway.

    Args:
        unit: one that only reads is enough.
        message: typed by the visitor and found to be no emergency.
        now: aware UTC.
    """
    asked = protocol.questionnaire
    name = None if message.payload else suggested(asked, tidy(message.text))
    if name is None or barred(unit, conversation_id, now):
        return None
    screen = current_screen(unit, conversation_id, protocol, now)
    if screen and name in screen.questions:
        return None
    before = unit.conversations.before(conversation_id, message.seq, _LOOK_BACK)
    already = any(
        row.author == "visitor"
        and row.payload is None
        and suggested(asked, tidy(row.text)) == name
        for row in before
    )
    return None if already else name
