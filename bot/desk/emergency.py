"""Hears emergencies before anything else does, and acts on them at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, Protocol

from bot.clinic.consequences import State
from bot.clinic.conversation import Message, Said, tidy
from bot.clinic.pressed import pressed_alarm
from bot.clinic.questionnaire import ScreeningProtocol
from bot.clinic.red_flags import RedFlag, RedFlags
from bot.desk.handoff import is_held, open_handoff
from bot.desk.judging import state_of
from bot.desk.ports import Talk
from bot.desk.screened import unfinished
from bot.desk.screening import ScreeningUnit, record_red_flag

Kind = Literal["EMERGENCY", "CRISIS"]
_LOOK_BACK = 6
_SAME_BREATH = timedelta(seconds=90)
Advise = Callable[[str], Said]
"""Turns a message key (`em_chest`) into what is said, with the country's numbers."""


@dataclass(frozen=True)
class Ears:
    """By what an emergency is heard, and how it is answered.

    Args:
        red_flags: hear it in words.
        protocol: its criteria hear it in the answers to the safety questions.
        advise: words the advice for it.
    """

    red_flags: RedFlags
    protocol: ScreeningProtocol
    advise: Advise


class EmergencyUnit(Talk, ScreeningUnit, Protocol):
    """A unit of work that can stop everything else."""


def check(
    unit: EmergencyUnit,
    conversation_id: str,
    ears: Ears,
    now: datetime,
) -> None:
    """Check what a visitor just said, whoever holds the conversation.

    An emergency is answered at once and goes to staff; anything else is queued for
    the assistant, or left to the staff member who holds the conversation. A pressed
    button is left to the assistant, which goes on with the questions; while staff hold
    the conversation it is judged here.
    """
    unit.conversations.lock(conversation_id)
    held = is_held(unit, conversation_id)
    for message in unit.conversations.in_state(conversation_id, "new"):
        if message.payload is None:
            flag = _heard(unit, conversation_id, message, ears.red_flags)
        else:
            flag = _pressed(unit, conversation_id, message, ears, now) if held else None
        if flag:
            _answer(unit, conversation_id, message, flag, ears.advise, now)
        else:
            unit.conversations.set_state(
                conversation_id, message.seq, "done" if held else "queued"
            )
    unit.commit()


def pressed(
    unit: EmergencyUnit, conversation_id: str, ears: Ears, now: datetime
) -> tuple[Message, RedFlag] | None:
    """Find an emergency among the pressed buttons that wait for the assistant."""
    for message in unit.conversations.in_state(conversation_id, "queued"):
        flag = _pressed(unit, conversation_id, message, ears, now)
        if flag:
            return message, flag
    return None


def check_pressed(
    unit: EmergencyUnit,
    conversation_id: str,
    ears: Ears,
    now: datetime,
) -> None:
    """Answer an emergency that was pressed while the assistant is away.

    Whatever else waits is dropped, as after one that was typed.
    """
    unit.conversations.lock(conversation_id)
    found = pressed(unit, conversation_id, ears, now)
    if found:
        _answer(unit, conversation_id, *found, ears.advise, now)
    unit.commit()


def _pressed(
    unit: EmergencyUnit,
    conversation_id: str,
    message: Message,
    ears: Ears,
    now: datetime,
) -> RedFlag | None:
    """Judge pressed buttons: by their words, then as answers to their questions."""
    if message.payload is None:
        return None
    going = unfinished(unit, conversation_id, now)
    state = state_of(going) if going else State({}, {})
    return ears.red_flags.match(tidy(message.text)) or pressed_alarm(
        ears.protocol, state, message.payload
    )


def _heard(
    unit: EmergencyUnit, conversation_id: str, message: Message, red_flags: RedFlags
) -> RedFlag | None:
    """Match what was typed, alone and with what was typed just before it.

    People break a sentence over two messages: "i cant feel", "anything when i wipe".
    What was already answered with advice is not heard a second time.
    """
    flag = red_flags.match(tidy(message.text))
    together: list[str] = []
    for earlier in unit.conversations.before(conversation_id, message.seq, _LOOK_BACK):
        if earlier.extras.get("urgent") or message.at - earlier.at > _SAME_BREATH:
            break
        if earlier.author == "visitor" and earlier.payload is None and not flag:
            together.insert(0, tidy(earlier.text))
            flag = red_flags.match_across(together, tidy(message.text))
            if flag and red_flags.match(together[0]):
                return None  # that one was answered ahead of its turn
    return flag


def answer_ahead(
    unit: EmergencyUnit,
    conversation_id: str,
    client_id: str,
    flag: RedFlag,
    advise: Advise,
    now: datetime,
) -> bool:
    """Answer an emergency in words that are not in the record before their turn.

    Say whether it was answered now; the same `client_id` is answered once.
    """
    unit.conversations.lock(conversation_id)
    ids = client_id, _ahead(client_id)
    if any(unit.conversations.seq_of(conversation_id, one) for one in ids):
        return False
    alarm(unit, conversation_id, flag.kind, flag.rule, now)
    unit.conversations.say(conversation_id, advise(flag.message), now, ids[1])
    unit.commit()
    return True


def settle_ahead(
    unit: EmergencyUnit, conversation_id: str, client_id: str, seq: int
) -> None:
    """Say nothing more to words whose turn has come, if they were answered ahead."""
    if unit.conversations.seq_of(conversation_id, _ahead(client_id)):
        unit.conversations.forget(conversation_id)
        unit.conversations.set_state(conversation_id, seq, "done")


def _ahead(client_id: str) -> str:
    return f"{client_id}:ahead"


def alarm(
    unit: EmergencyUnit, conversation_id: str, kind: Kind, rule: str, now: datetime
) -> None:
    """Lock self-booking and put the conversation at the top of the staff's queue.

    Args:
        kind: whether a body or a life is in danger from oneself or others.
        rule: the rule that fired, for staff; never the visitor's words.
    """
    record_red_flag(unit, conversation_id, rule, kind, now)
    open_handoff(
        unit,
        conversation_id,
        "crisis" if kind == "CRISIS" else "emergency",
        "stat",
        now,
        detail=rule,
    )


def _answer(
    unit: EmergencyUnit,
    conversation_id: str,
    message: Message,
    flag: RedFlag,
    advise: Advise,
    now: datetime,
) -> None:
    alarm(unit, conversation_id, flag.kind, flag.rule, now)
    unit.conversations.forget(conversation_id)
    unit.conversations.set_state(conversation_id, message.seq, "done")
    unit.conversations.say(conversation_id, advise(flag.message), now)
