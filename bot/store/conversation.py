"""Conversations, their messages and their buttons, as rows."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Row

from bot.clinic.conversation import UNSEEN, Choice, Conversation, Message, Said
from bot.store.tables import buttons, conversations, messages

_BUTTON_BYTES = 9  # 12 characters in base 64: far under Telegram's 64 bytes

# Written out once: building a statement costs as much as SQLite needs to run it.
_ID, _SEQ = sa.bindparam("of"), sa.bindparam("at_seq")
_HERE = messages.c.conversation_id == _ID
_GET = conversations.select().where(conversations.c.id == _ID)
_LOCK = sa.select(conversations.c.id).where(conversations.c.id == _ID).with_for_update()
_OPEN = sa.select(conversations.c.id).where(
    conversations.c.id == _ID, conversations.c.forgotten_at.is_(None)
)
_SEQ_OF = sa.select(messages.c.seq).where(
    _HERE, messages.c.client_id == sa.bindparam("client")
)
_COUNT = (
    conversations.update()
    .where(conversations.c.id == _ID)
    .values(last_seq=conversations.c.last_seq + 1)
)
_LAST_SEQ = sa.select(conversations.c.last_seq).where(conversations.c.id == _ID)
_APPEND = messages.insert()
_AFTER = (
    messages.select()
    .where(_HERE, messages.c.seq > _SEQ)
    .order_by(messages.c.seq)
    .limit(sa.bindparam("most"))
)
_BEFORE = (
    messages.select()
    .where(_HERE, messages.c.seq < _SEQ)
    .order_by(messages.c.seq.desc())
    .limit(sa.bindparam("most"))
)
_IN_STATE = (
    messages.select()
    .where(_HERE, messages.c.state == sa.bindparam("is_in"))
    .order_by(messages.c.seq)
)
_SET_STATE = (
    messages.update()
    .where(_HERE, messages.c.seq == _SEQ)
    .values(state=sa.bindparam("becomes"))
)


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
                language=conversation.language,
            )
        )

    def get(self, conversation_id: str) -> Conversation | None:
        """Return one conversation, or None."""
        row = self._connection.execute(_GET, {"of": conversation_id}).one_or_none()
        return Conversation(**row._mapping) if row else None

    def lock(self, conversation_id: str) -> bool:
        """Make other writers of this conversation wait until this unit is over.

        SQLite has let in only one writer already.

        Returns:
            False when there is no such conversation.
        """
        found = self._connection.execute(_LOCK, {"of": conversation_id})
        return found.scalar_one_or_none() is not None

    def seq_of(self, conversation_id: str, client_id: str) -> int | None:
        """Return the number of the message stored under a client id."""
        return self._connection.execute(
            _SEQ_OF, {"of": conversation_id, "client": client_id}
        ).scalar_one_or_none()

    def hear(
        self,
        conversation_id: str,
        text: str,
        payload: str | None,
        client_id: str,
        at: datetime,
        channel: str | None = None,
        unseen: bool = False,
    ) -> int:
        """Append what the visitor said, not yet checked or answered.

        Args:
            channel: where it was written, if not on the clinic's own page.
            unseen: it was not meant for the newest question.

        Returns:
            Its number in the conversation.
        """
        seq = self._next_seq(conversation_id)
        self._connection.execute(
            _APPEND,
            {
                "conversation_id": conversation_id,
                "seq": seq,
                "author": "visitor",
                "text": text,
                "extras": {UNSEEN: True} if unseen else {},
                "payload": payload,
                "client_id": client_id,
                "channel": channel,
                "state": "new",
                "at": at,
            },
        )
        return seq

    def say(
        self,
        conversation_id: str,
        said: Said,
        at: datetime,
        client_id: str | None = None,
    ) -> int:
        """Append something said to the visitor, with its buttons under opaque ids.

        Args:
            client_id: of whoever says it, unique within the conversation.

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
            _APPEND,
            {
                "conversation_id": conversation_id,
                "seq": seq,
                "author": said.author,
                "name": said.name,
                "text": said.text,
                "extras": extras,
                "answer_version": said.answer_version,
                "client_id": client_id,
                "state": "done",
                "at": at,
            },
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
            _AFTER, {"of": conversation_id, "at_seq": seq, "most": limit}
        )
        return [_message(row) for row in rows]

    def before(self, conversation_id: str, seq: int, limit: int) -> list[Message]:
        """Return the last messages before a number, newest first."""
        rows = self._connection.execute(
            _BEFORE, {"of": conversation_id, "at_seq": seq, "most": limit}
        )
        return [_message(row) for row in rows]

    def in_state(self, conversation_id: str, state: str) -> list[Message]:
        """Return the visitor's messages that are `new` or `queued`, oldest first."""
        rows = self._connection.execute(
            _IN_STATE, {"of": conversation_id, "is_in": state}
        )
        return [_message(row) for row in rows]

    def set_state(self, conversation_id: str, seq: int, state: str) -> None:
        """Move one of the visitor's messages on."""
        self._connection.execute(
            _SET_STATE, {"of": conversation_id, "at_seq": seq, "becomes": state}
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

    def erase(self, conversation_id: str) -> None:
        """Delete every message and button of a conversation for good."""
        for table in (buttons, messages):
            self._connection.execute(
                table.delete().where(table.c.conversation_id == conversation_id)
            )

    def shut(self, conversation_id: str, at: datetime) -> None:
        """Let its visitor in no more."""
        self._connection.execute(
            conversations.update()
            .where(conversations.c.id == conversation_id)
            .values(forgotten_at=at, language="")
        )

    def open_to_visitor(self, conversation_id: str) -> bool:
        """Say whether there is such a conversation and its visitor may come in."""
        found = self._connection.execute(_OPEN, {"of": conversation_id})
        return found.scalar_one_or_none() is not None

    def renew(self, conversation_id: str) -> None:
        """Let the assistant begin anew; what is queued for it stays."""
        self._connection.execute(
            conversations.update()
            .where(conversations.c.id == conversation_id)
            .values(epoch=conversations.c.epoch + 1, epoch_seq=conversations.c.last_seq)
        )

    def _next_seq(self, conversation_id: str) -> int:
        # The update locks the row first, so two writers can never get one number.
        self._connection.execute(_COUNT, {"of": conversation_id})
        seq: int = self._connection.execute(
            _LAST_SEQ, {"of": conversation_id}
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
        channel=row.channel,
    )
