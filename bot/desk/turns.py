"""Answers what visitors say: in order, one turn at a time per conversation.

The record is the queue: a message that is not answered yet stays there, whatever
dies, and is taken up again when the desk or the assistant is back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.clinic.conversation import Conversation, Message, Received, Said, neutral
from bot.clinic.red_flags import RedFlags
from bot.desk import conversation as conversations
from bot.desk import emergency
from bot.desk.bell import Bell
from bot.desk.emergency import Advise, EmergencyUnit

logger = logging.getLogger(__name__)

_FIRST_WAIT_SECONDS = 0.25
_LONGEST_WAIT_SECONDS = 3.0


class AssistantAway(Exception):
    """The assistant cannot be reached now; the message keeps its place."""


class Assistant(Protocol):
    """Understands a message and words the answer."""

    async def reply(self, sender: str, text: str) -> list[Said]:
        """Answer one message.

        Args:
            sender: the assistant's name for this conversation and epoch.
            text: neutralised words, or the payloads of pressed buttons, one a line.

        Raises:
            AssistantAway: it is not there, or did not finish.
        """


@dataclass(frozen=True)
class DeskWords:
    """What the desk itself says, in place of the assistant or about it."""

    assistant_away: Said
    something_went_wrong: Said
    returned: Said


class Turns:
    """Takes in messages, checks them for emergencies and has them answered."""

    def __init__(
        self,
        unit: Callable[[], AbstractContextManager[EmergencyUnit]],
        assistant: Assistant,
        bell: Bell,
        red_flags: RedFlags,
        advise: Advise,
        words: DeskWords,
        clock: Callable[[], datetime],
    ) -> None:
        self._unit = unit
        self._assistant = assistant
        self._bell = bell
        self._red_flags = red_flags
        self._advise = advise
        self._words = words
        self._clock = clock
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._woken: set[str] = set()

    async def hear_text(
        self, conversation_id: str, client_id: str, text: str
    ) -> Received:
        """Take in typed words; they are stored and checked when this returns."""
        return await self._hear(
            conversation_id,
            lambda unit: conversations.hear_text(
                unit, conversation_id, client_id, text, self._clock()
            ),
        )

    async def hear_choice(
        self, conversation_id: str, client_id: str, button_ids: Sequence[str]
    ) -> Received:
        """Take in pressed buttons.

        Raises:
            NotFound: a button was never shown in this conversation.
        """
        return await self._hear(
            conversation_id,
            lambda unit: conversations.hear_choice(
                unit, conversation_id, client_id, button_ids, self._clock()
            ),
        )

    async def resume(self) -> None:
        """Take up whatever was left unanswered when the desk last stopped."""
        for conversation_id in await asyncio.to_thread(self._unanswered):
            self.wake(conversation_id)

    def wake(self, conversation_id: str) -> None:
        """See to it that a conversation's waiting messages are answered."""
        self._woken.add(conversation_id)
        if conversation_id not in self._tasks:
            self._tasks[conversation_id] = asyncio.create_task(
                self._answer_all(conversation_id)
            )

    async def stop(self) -> None:
        """Stop answering; what is unanswered stays in the record."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _hear(
        self, conversation_id: str, store: Callable[[EmergencyUnit], Received]
    ) -> Received:
        def hear_and_check() -> Received:
            with self._unit() as unit:
                received = store(unit)
            if received.fresh:
                self._check(conversation_id)
            return received

        received = await asyncio.to_thread(hear_and_check)
        if received.fresh:
            self._bell.ring(conversation_id)
            self.wake(conversation_id)
        return received

    def _check(self, conversation_id: str) -> None:
        with self._unit() as unit:
            emergency.check(
                unit, conversation_id, self._red_flags, self._advise, self._clock()
            )

    async def _answer_all(self, conversation_id: str) -> None:
        try:
            while conversation_id in self._woken:
                self._woken.discard(conversation_id)
                while turn := await asyncio.to_thread(self._next, conversation_id):
                    await self._answer(*turn)
        finally:
            # No await between the last look and this line: a wake is never lost.
            del self._tasks[conversation_id]
            self._bell.ring(conversation_id, "idle")

    async def _answer(self, conversation: Conversation, message: Message) -> None:
        self._bell.ring(conversation.id, "typing")
        sender = f"{conversation.id}:{conversation.epoch}"
        words = message.payload or neutral(message.text)
        wait = _FIRST_WAIT_SECONDS
        while await asyncio.to_thread(self._still_waits, conversation, message):
            try:
                replies = await self._assistant.reply(sender, words)
            except AssistantAway as away:
                if wait == _FIRST_WAIT_SECONDS:
                    logger.warning("assistant away: %s (%s)", away, conversation.id)
                    await asyncio.to_thread(
                        self._say, conversation.id, self._words.assistant_away
                    )
                    self._bell.ring(conversation.id)
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT_SECONDS)
            else:
                await asyncio.to_thread(self._finish, conversation, message, replies)
                self._bell.ring(conversation.id)
                return

    def _unanswered(self) -> list[str]:
        with self._unit() as unit:
            return unit.conversations.unanswered()

    def _next(self, conversation_id: str) -> tuple[Conversation, Message] | None:
        # A desk that died between storing and checking left the message `new`.
        self._check(conversation_id)
        with self._unit() as unit:
            queued = unit.conversations.in_state(conversation_id, "queued")
            conversation = unit.conversations.get(conversation_id)
        return (conversation, queued[0]) if conversation and queued else None

    def _still_waits(self, conversation: Conversation, message: Message) -> bool:
        with self._unit() as unit:
            queued = unit.conversations.in_state(conversation.id, "queued")
        return any(waiting.seq == message.seq for waiting in queued)

    def _say(self, conversation_id: str, said: Said) -> None:
        with self._unit() as unit:
            unit.conversations.say(conversation_id, said, self._clock())
            unit.commit()

    def _finish(
        self, conversation: Conversation, message: Message, replies: list[Said]
    ) -> None:
        with self._unit() as unit:
            current = unit.conversations.get(conversation.id)
            if current and current.epoch != conversation.epoch:
                # An emergency came in between. It has one action first: of a late
                # answer only a deed that was already done is still told.
                replies = [said for said in replies if "card" in said.extras]
            elif not replies:
                replies = [self._words.something_went_wrong]
            for said in replies:
                unit.conversations.say(conversation.id, said, self._clock())
            unit.conversations.set_state(conversation.id, message.seq, "done")
            unit.commit()
