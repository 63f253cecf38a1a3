"""Conversations, their messages and their buttons, as rows."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.clinic.conversation import Choice, Conversation, Message, Said
from bot.store.tables import buttons, conversations, messages

_BUTTON_BYTES = 9  # 12 characters in base 64: far under Telegram's 64 bytes


class Conversations:
    """Reads and appends the conversation record inside one unit of work."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def add(self, conversation: Conversation) -> None:
        """Begin a conversation."""
        self._connection.execute(
            conversations.insert().values(
                id=conversation.id,
                channel=conversation.channel,
                clinic=conversation.clinic,
                created_at=conversation.created_at,
                last_seq=conversation.last_seq,
                epoch=conversation.epoch,
                epoch_seq=conversation.epoch_seq,
            )
        )

    def get(self, conversation_id: str) -> Conversation | None:
        """Return one conversation, or None."""
        row = self._connection.execute(
            conversations.select().where(conversations.c.id == conversation_id)
        ).one_or_none()
        return Conversation(**row._mapping) if row else None

    def lock(self, conversation_id: str) -> None:
        """Make other writers of this conversation wait until this unit is over.

        SQLite has let in only one writer already.
        """
        self._connection.execute(
            sa.select(conversations.c.id)
            .where(conversations.c.id == conversation_id)
            .with_for_update()
        )

    def seq_of(self, conversation_id: str, client_id: str) -> int | None:
        """Return the number of the message stored under a client id."""
        return self._connection.execute(
            sa.select(messages.c.seq).where(
                messages.c.conversation_id == conversation_id,
                messages.c.client_id == client_id,
            )
        ).scalar_one_or_none()

    def hear(
        self,
        conversation_id: str,
        text: str,
        payload: str | None,
        client_id: str,
        at: datetime,
    ) -> int:
        """Append what the visitor said, not yet checked or answered.

        Returns:
            Its number in the conversation.
        """
        seq = self._next_seq(conversation_id)
        self._connection.execute(
            messages.insert().values(
                conversation_id=conversation_id,
                seq=seq,
                author="visitor",
                text=text,
                extras={},
                payload=payload,
                client_id=client_id,
                state="new",
                at=at,
            )
        )
        return seq

    def say(self, conversation_id: str, said: Said, at: datetime) -> int:
        """Append something said to the visitor, with its buttons under opaque ids.

        Returns:
            Its number in the conversation.
        """
        seq = self._next_seq(conversation_id)
        extras: dict[str, Any] = dict(said.extras)
        if said.choices:
            extras["buttons"] = self._label(conversation_id, seq, said.choices)
        if said.checklist:
            options = self._label(conversation_id, seq, said.checklist)
            none_id = next(
                (
                    option["id"]
                    for option, choice in zip(options, said.checklist, strict=True)
                    if choice.payload == said.none_of_these
                ),
                None,
            )
            extras["checklist"] = {"options": options, "none_id": none_id}
        self._connection.execute(
            messages.insert().values(
                conversation_id=conversation_id,
                seq=seq,
                author=said.author,
                name=said.name,
                text=said.text,
                extras=extras,
                answer_version=said.answer_version,
                state="done",
                at=at,
            )
        )
        return seq

    def choices(
        self, conversation_id: str, ids: Sequence[str]
    ) -> dict[str, tuple[int, Choice]]:
        """Return the buttons of this conversation among the ids, with their message."""
        rows = self._connection.execute(
            buttons.select().where(
                buttons.c.conversation_id == conversation_id, buttons.c.id.in_(ids)
            )
        )
        return {row.id: (row.seq, Choice(row.label, row.payload)) for row in rows}

    def after(self, conversation_id: str, seq: int, limit: int = 500) -> list[Message]:
        """Return the messages after a number, oldest first."""
        rows = self._connection.execute(
            messages.select()
            .where(messages.c.conversation_id == conversation_id, messages.c.seq > seq)
            .order_by(messages.c.seq)
            .limit(limit)
        )
        return [_message(row) for row in rows]

    def before(self, conversation_id: str, seq: int, limit: int) -> list[Message]:
        """Return the last messages before a number, newest first."""
        rows = self._connection.execute(
            messages.select()
            .where(messages.c.conversation_id == conversation_id, messages.c.seq < seq)
            .order_by(messages.c.seq.desc())
            .limit(limit)
        )
        return [_message(row) for row in rows]

    def in_state(self, conversation_id: str, state: str) -> list[Message]:
        """Return the visitor's messages that are `new` or `queued`, oldest first."""
        rows = self._connection.execute(
            messages.select()
            .where(
                messages.c.conversation_id == conversation_id,
                messages.c.state == state,
            )
            .order_by(messages.c.seq)
        )
        return [_message(row) for row in rows]

    def set_state(self, conversation_id: str, seq: int, state: str) -> None:
        """Move one of the visitor's messages on."""
        self._connection.execute(
            messages.update()
            .where(messages.c.conversation_id == conversation_id, messages.c.seq == seq)
            .values(state=state)
        )

    def unanswered(self) -> list[str]:
        """Return the conversations in which something is still new or queued."""
        rows = self._connection.execute(
            sa.select(messages.c.conversation_id)
            .where(messages.c.state.in_(("new", "queued")))
            .distinct()
        )
        return [row.conversation_id for row in rows]

    def forget(self, conversation_id: str) -> None:
        """Let the assistant begin anew: its half-filled form and queue are dropped."""
        self.renew(conversation_id)
        self._connection.execute(
            messages.update()
            .where(
                messages.c.conversation_id == conversation_id,
                messages.c.state == "queued",
            )
            .values(state="done")
        )

    def renew(self, conversation_id: str) -> None:
        """Let the assistant begin anew; what is queued for it stays."""
        self._connection.execute(
            conversations.update()
            .where(conversations.c.id == conversation_id)
            .values(epoch=conversations.c.epoch + 1, epoch_seq=conversations.c.last_seq)
        )

    def _next_seq(self, conversation_id: str) -> int:
        # The update locks the row first, so two writers can never get one number.
        self._connection.execute(
            conversations.update()
            .where(conversations.c.id == conversation_id)
            .values(last_seq=conversations.c.last_seq + 1)
        )
        seq: int = self._connection.execute(
            sa.select(conversations.c.last_seq).where(
                conversations.c.id == conversation_id
            )
        ).scalar_one()
        return seq

    def _label(
        self, conversation_id: str, seq: int, choices: Sequence[Choice]
    ) -> list[dict[str, str]]:
        labelled = [
            {"id": secrets.token_urlsafe(_BUTTON_BYTES), "label": choice.label}
            for choice in choices
        ]
        self._connection.execute(
            buttons.insert(),
            [
                {
                    **label,
                    "conversation_id": conversation_id,
                    "seq": seq,
                    "payload": choice.payload,
                }
                for label, choice in zip(labelled, choices, strict=True)
            ],
        )
        return labelled


def _message(row: Row) -> Message:
    return Message(
        seq=row.seq,
        author=row.author,
        name=row.name,
        text=row.text,
        extras=row.extras,
        payload=row.payload,
        at=row.at,
    )
