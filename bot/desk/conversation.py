"""Begins conversations and takes in what visitors say."""

from __future__ import annotations

import re
import uuid
from collections.abc import Sequence
from datetime import datetime

from bot.clinic.conversation import Choice, Conversation, Received, takes_over
from bot.clinic.errors import NotAllowed, NotFound
from bot.desk.ports import Talk

_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}", re.ASCII)


def begin(
    unit: Talk, channel: str, clinic: str, now: datetime, language: str = ""
) -> Conversation:
    """Open the record of a new conversation.

    Args:
        channel: `web`, `telegram` ...
        clinic: the clinic profile's folder name.
        now: aware UTC.
        language: as the visitor's browser tells it; what is no language is left out.
    """
    conversation = new(channel, clinic, now, language)
    unit.conversations.add(conversation)
    unit.commit()
    return conversation


def new(channel: str, clinic: str, now: datetime, language: str = "") -> Conversation:
    """Return a conversation in which nothing was said yet, not stored."""
    return Conversation(
        id=str(uuid.uuid4()),
        channel=channel,
        clinic=clinic,
        created_at=now,
        last_seq=0,
        epoch=0,
        language=language if _LANGUAGE.fullmatch(language) else "",
    )


def hear_text(
    unit: Talk,
    conversation_id: str,
    client_id: str,
    text: str,
    now: datetime,
    channel: str | None = None,
    unseen: bool = False,
) -> Received:
    """Write down what a visitor typed; the caller commits.

    The same `client_id` again writes nothing and gives the first number back.

    Args:
        channel: where it was typed, if not on the clinic's own page.
        unseen: it was not meant for the newest question.

    Raises:
        NotAllowed: there is no such conversation.
    """
    return _hear(unit, conversation_id, client_id, text, None, now, channel, unseen)


def hear_command(
    unit: Talk,
    conversation_id: str,
    client_id: str,
    command: Choice,
    now: datetime,
    channel: str,
) -> Received:
    """Write down which entry of a channel's own menu a visitor chose.

    The caller commits.

    Raises:
        NotAllowed: there is no such conversation.
    """
    return _hear(
        unit, conversation_id, client_id, command.label, command.payload, now, channel
    )


def hear_choice(
    unit: Talk,
    conversation_id: str,
    client_id: str,
    button_ids: Sequence[str],
    now: datetime,
    channel: str | None = None,
) -> Received:
    """Write down which buttons or tick boxes a visitor chose; the caller commits.

    One that stands under an older question, in a page that was left open, is no answer
    to the newest.

    Raises:
        NotAllowed: there is no such conversation.
        NotFound: a button was never shown in it, or they were not shown together.
    """
    known = unit.conversations.choices(conversation_id, button_ids)
    shown_with = {seq for seq, _ in known.values()}
    if len(known) < len(set(button_ids)) or len(shown_with) != 1:
        raise NotFound("This choice is not on offer here.")
    chosen = [known[each][1] for each in button_ids]
    text = ", ".join(choice.label for choice in chosen)
    payload = "\n".join(choice.payload for choice in chosen)
    unseen = not stands(unit, conversation_id, shown_with.pop())
    return _hear(unit, conversation_id, client_id, text, payload, now, channel, unseen)


def stands(unit: Talk, conversation_id: str, seq: int) -> bool:
    """Say whether the question with a number is the one to be answered now.

    Nobody says anything more in the conversation until the unit is over.
    """
    unit.conversations.lock(conversation_id)
    later = unit.conversations.after(conversation_id, seq)
    return not any(map(takes_over, later))


def _hear(
    unit: Talk,
    conversation_id: str,
    client_id: str,
    text: str,
    payload: str | None,
    now: datetime,
    channel: str | None,
    unseen: bool = False,
) -> Received:
    there = unit.conversations.lock(conversation_id)
    if not there or not unit.conversations.open_to_visitor(conversation_id):
        raise NotAllowed("This conversation is not known here any more.")
    stored = unit.conversations.seq_of(conversation_id, client_id)
    if stored is not None:
        return Received(stored, fresh=False)
    seq = unit.conversations.hear(
        conversation_id, text, payload, client_id, now, channel, unseen
    )
    return Received(seq, fresh=True)
