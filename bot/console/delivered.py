"""How far what was said got: messages on other channels, and letters by e-mail."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.clinic.delivery import DeliveryState
from bot.clinic.letters import Kind, Letter, State
from bot.clinic.profile import Clinic
from bot.clinic.transcript import Line
from bot.desk.delivery import states
from bot.store.unit import Unit

CHANNELS = {"web": "Web page", "telegram": "Telegram"}
_ARRIVED: Mapping[DeliveryState, str] = {
    "delivered": "sent",
    "by_link": "sent as a link to your page",
    "elsewhere": "",
    "waiting": "waits to be sent",
    "refused": "not taken",
    "blocked": "not sent, the visitor wants nothing more there",
}
_KINDS: Mapping[Kind, str] = {
    "confirmation": "Confirmation",
    "held": "Time kept until a practitioner has looked",
    "change": "Change",
    "cancellation": "Cancellation",
    "reminder": "Reminder",
    "last_reminder": "Last reminder",
    "follow_up": "Question after a visit",
    "course": "Confirmation of a course",
    "course_held": "Course kept until a practitioner has looked",
    "course_off": "Cancellation of a course",
    "alert": "Alert to staff",
}
_STATES: Mapping[State, str] = {
    "waiting": "due",
    "sent": "sent",
    "filed": "written to a folder, as no mail server is set",
    "withdrawn": "taken back",
    "failed": "failed",
}


class Sent(NamedTuple):
    """One letter as staff read of it; `at` is when it is due, or was done with."""

    what: str
    way: str
    state: str
    at: datetime
    reason: str
    failed: bool


def of_lines(
    unit: Unit, clinic: Clinic, conversation_id: str, lines: Sequence[Line]
) -> dict[int, str]:
    """Say what became of each message on other channels, by number."""
    if not lines:
        return {}
    found = states(unit, conversation_id, clinic.health_by_telegram, lines[0].seq)
    said = {
        seq: ", ".join(
            f"{CHANNELS.get(channel, channel)}: {_ARRIVED[state]}"
            for channel, state in channels.items()
            if _ARRIVED[state]
        )
        for seq, channels in found.items()
    }
    return {seq: text for seq, text in said.items() if text}


def letters(unit: Unit, conversation_id: str) -> list[Sent]:
    """Return what the visitor was told, or will be, besides the conversation itself."""
    return [
        _sent(one)
        for one in unit.letters.of_conversation(conversation_id)
        if one.kind != "alert" and one.state != "withdrawn"
    ]


def _sent(one: Letter) -> Sent:
    return Sent(
        what=_KINDS[one.kind],
        way="by e-mail" if one.way == "mail" else "in the chat",
        state=_STATES[one.state],
        at=one.ended_at or one.due_at,
        reason=one.reason,
        failed=one.state == "failed",
    )
