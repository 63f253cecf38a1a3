"""Answers what visitors say: in order, one turn at a time per conversation.

The record is the queue: a message that is not answered yet stays there, whatever
dies, and is taken up again when the desk or the assistant is back.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from datetime import datetime

from bot.clinic.asking import wants_a_person
from bot.clinic.conversation import Message, Received, Said, tidy
from bot.clinic.errors import MeridianError
from bot.clinic.red_flags import RedFlag
from bot.desk import conversation as conversations
from bot.desk import emergency
from bot.desk.answering import (
    Assistant,
    AssistantAway,
    DeskUnit,
    DeskWords,
    Turn,
    finish,
    waits,
)
from bot.desk.bell import Bell
from bot.desk.emergency import Ears, EmergencyUnit

logger = logging.getLogger(__name__)

_FIRST_WAIT_SECONDS = 0.25
_LONGEST_WAIT_SECONDS = 3.0
_MOST_FAILURES = 5
_LOOK_BACK = 12


Units = Callable[[], AbstractContextManager[DeskUnit]]
RaiseQuestion = Callable[[EmergencyUnit, str, Message], str | None]
"""Names the question to ask where a message merely suggests something."""
CallPerson = Callable[[EmergencyUnit, str], Said]
"""Opens a handoff for who asked for a person, and says what they are told of it."""


class Turns:
    """Takes in messages, checks them for emergencies and has them answered."""

    def __init__(
        self,
        unit: Units,
        reading: Units,
        assistant: Assistant,
        bell: Bell,
        ears: Ears,
        words: DeskWords,
        clock: Callable[[], datetime],
        raise_question: RaiseQuestion,
        call_person: CallPerson,
        by_link: Callable[[Message], bool] = lambda _: False,
    ) -> None:
        """Put the parts together.

        Args:
            by_link: whether a channel other than the clinic's page shows a link in
                place of a message.
        """
        self._unit = unit
        self._reading = reading
        self._assistant = assistant
        self._bell = bell
        self._ears = ears
        self._words = words
        self._clock = clock
        self._raise_question = raise_question
        self._call_person = call_person
        self._by_link = by_link
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._woken: set[str] = set()

    async def hear_text(
        self, conversation_id: str, client_id: str, text: str
    ) -> Received:
        """Take in typed words; they are stored and checked when this returns."""
        return await self.hear(
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
        return await self.hear(
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

    async def hear(
        self, conversation_id: str, store: Callable[[DeskUnit], Received]
    ) -> Received:
        """Take in whatever `store` writes down in the transaction of the check.

        A channel that has rows of its own to write does it there, all or nothing.
        """
        # Shielded: a caller who hangs up must not leave a stored message unanswered.
        return await asyncio.shield(
            asyncio.create_task(self._hear_and_wake(conversation_id, store))
        )

    def red_flag(self, text: str) -> RedFlag | None:
        """Return the emergency that words tell of by themselves, or None."""
        return self._ears.red_flags.match(tidy(text))

    def answer_ahead(self, conversation_id: str, client_id: str, flag: RedFlag) -> None:
        """Answer an emergency whose words wait for their turn; blocks for the record.

        Whoever writes them down in their turn settles them by `settle_ahead`.
        """
        with self._unit() as unit:
            answered = emergency.answer_ahead(
                unit, conversation_id, client_id, flag, self._ears.advise, self._clock()
            )
        if answered:
            self._bell.ring_from_thread(conversation_id)

    async def _hear_and_wake(
        self, conversation_id: str, store: Callable[[DeskUnit], Received]
    ) -> Received:
        received = await asyncio.to_thread(self._take_in, conversation_id, store)
        # Also for a message that came again: whatever is still unchecked or
        # unanswered is taken up by the task.
        self._bell.ring(conversation_id)
        self.wake(conversation_id)
        return received

    def _take_in(
        self, conversation_id: str, store: Callable[[DeskUnit], Received]
    ) -> Received:
        """Store a message and check it, in one transaction while nothing goes wrong."""
        try:
            with self._unit() as unit:
                received = store(unit)
                emergency.check(unit, conversation_id, self._ears, self._clock())
                return received
        except MeridianError:
            raise
        except Exception:
            # The message comes first; the task checks it again and gives it to staff
            # if that fails as well.
            logger.exception("check failed (%s)", conversation_id)
            with self._unit() as unit:
                received = store(unit)
                unit.commit()
                return received

    def _check(self, conversation_id: str) -> None:
        with self._unit() as unit:
            emergency.check(unit, conversation_id, self._ears, self._clock())

    async def _answer_all(self, conversation_id: str) -> None:
        try:
            while conversation_id in self._woken:
                self._woken.discard(conversation_id)
                await self._answer_waiting(conversation_id)
        finally:
            # No await between the last look and this line: a wake is never lost.
            del self._tasks[conversation_id]
            self._bell.ring(conversation_id, "idle")

    async def _answer_waiting(self, conversation_id: str) -> None:
        """Answer until nothing waits; one message that cannot be is given up."""
        failures = 0
        while True:
            try:
                hopeless = failures >= _MOST_FAILURES
                turn = await asyncio.to_thread(
                    self._next, conversation_id, not hopeless
                )
                if turn is None:
                    return
                if hopeless:
                    await self._give_up(turn)
                else:
                    await self._answer(turn)
                if turn.last:
                    return
                failures = 0
            except Exception:
                # The edge of the desk: the visitor must not be left without a word.
                failures += 1
                logger.exception("turn failed (%s)", conversation_id)
                await asyncio.sleep(
                    min(failures * _FIRST_WAIT_SECONDS, _LONGEST_WAIT_SECONDS)
                )

    async def _answer(self, turn: Turn) -> None:
        conversation = turn.conversation
        self._bell.ring(conversation.id, "typing")
        wait, failures = _FIRST_WAIT_SECONDS, 0
        called: set[int] = set()
        while True:
            try:
                replies = await self._assistant.reply(turn.asked)
            except AssistantAway as away:
                first = wait == _FIRST_WAIT_SECONDS
                if first:
                    logger.warning("assistant away: %s (%s)", away, conversation.id)
                told = await asyncio.to_thread(self._tell_away, turn, called, first)
                if told:
                    self._bell.ring(conversation.id)
                await asyncio.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT_SECONDS)
                # It is there and still does not answer this one message.
                failures += await self._assistant.ready()
                if failures >= _MOST_FAILURES:
                    await self._give_up(turn)
                if not await asyncio.to_thread(self._still_waits, turn):
                    return
            else:
                await self._finish(turn, replies)
                return

    def _unanswered(self) -> list[str]:
        with self._reading() as unit:
            return unit.conversations.unanswered()

    def _next(self, conversation_id: str, check: bool = True) -> Turn | None:
        """Return the message that waits longest.

        Args:
            check: check first what a desk that died, or failed, left unchecked; else
                it is returned as it is.
        """
        with self._reading() as unit:
            unchecked = unit.conversations.in_state(conversation_id, "new")
            waiting = [
                *unchecked,
                *unit.conversations.in_state(conversation_id, "queued"),
            ]
            conversation = unit.conversations.get(conversation_id)
            if conversation and waiting and not (unchecked and check):
                return Turn(
                    conversation,
                    waiting[0],
                    later=unit.conversations.after(conversation_id, waiting[0].seq),
                    last=len(waiting) == 1,
                    in_sight=self._in_sight(unit, conversation_id, waiting[0]),
                    raises=self._raise_question(unit, conversation_id, waiting[0]),
                )
        if unchecked:
            self._check(conversation_id)
            return self._next(conversation_id)
        return None

    def _in_sight(self, unit: DeskUnit, conversation_id: str, message: Message) -> bool:
        """Say whether the last word before a message was shown where it was written."""
        if message.channel is None:
            return True
        before = unit.conversations.before(conversation_id, message.seq, _LOOK_BACK)
        last = next((row for row in before if row.author != "visitor"), None)
        return last is None or not self._by_link(last)

    def _still_waits(self, turn: Turn) -> bool:
        with self._reading() as unit:
            return waits(unit, turn)

    async def _give_up(self, turn: Turn) -> None:
        """Say that this one could not be answered, and hand it to a person."""
        await self._finish(turn, [])

    async def _finish(self, turn: Turn, replies: list[Said]) -> None:
        await asyncio.to_thread(self._write, turn, replies)
        self._bell.ring(turn.conversation.id)

    def _write(self, turn: Turn, replies: list[Said]) -> None:
        with self._unit() as unit:
            finish(unit, turn, replies, self._words, self._clock())

    def _tell_away(self, turn: Turn, called: set[int], first: bool) -> bool:
        """Say that the answer takes a moment, or call who was asked for meanwhile.

        Any message that waits may ask for a person. It keeps its place: should it have
        meant something else, the assistant still answers it. An emergency among the
        pressed buttons is answered here and now.

        Args:
            called: the numbers of the messages that were seen to; added to here.
            first: nothing was said yet about this turn's message.

        Returns:
            Whether something was said.
        """
        of = turn.conversation.id
        with self._reading() as unit:
            asking = _asking(unit, of, called)
            alarming = emergency.pressed(unit, of, self._ears, self._clock())
        if alarming:
            with self._unit() as unit:
                emergency.check_pressed(unit, of, self._ears, self._clock())
            return True
        if not asking and not first:
            return False
        said = self._words.assistant_away
        with self._unit() as unit:
            if asking:
                said = self._call_person(unit, of)
            unit.conversations.say(of, said, self._clock())
            unit.commit()
        called.update(asking)
        return True


def _asking(unit: DeskUnit, of: str, called: set[int]) -> list[int]:
    """Return the messages that ask for a person and that nobody was called for."""
    handoff = unit.handoffs.open_of(of)
    return [
        message.seq
        for message in unit.conversations.in_state(of, "queued")
        if message.seq not in called
        and wants_a_person(message.text, message.payload)
        and not (handoff and handoff.opened_at >= message.at)
    ]
