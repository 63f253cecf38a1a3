"""One turn: what the assistant is asked, and how its answer comes into the record."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.clinic.conversation import UNSEEN, Conversation, Message, Said, neutral
from bot.desk.emergency import EmergencyUnit
from bot.desk.handoff import open_handoff
from bot.desk.ports import ChannelUnit

_LONG_EPOCH_MESSAGES = 24
_DEEDS = frozenset({"appointment", "request"})
"""The kinds of card that tell of something already done."""


class AssistantAway(Exception):
    """The assistant cannot be reached now; the message keeps its place."""


@dataclass(frozen=True)
class Asked:
    """One message as the assistant is given it.

    Args:
        sender: the assistant's name for this conversation and epoch.
        text: neutralised words, or the payloads of pressed buttons, one a line.
        seq: the message's number; the same one may be asked twice after a crash.
        seen: whether the visitor had all that was said in front of them when they
            wrote it.
        changed: whether it is an earlier message that they have written anew.
        raises: the question of the screening that the words suggest, to be asked
            first.
    """

    sender: str
    text: str
    seq: int
    seen: bool
    changed: bool = False
    raises: str | None = None


class Assistant(Protocol):
    """Understands a message and words the answer."""

    async def reply(self, asked: Asked) -> list[Said]:
        """Answer one message; nothing at all means that something went wrong in it.

        Raises:
            AssistantAway: it is not there, or did not finish.
        """

    async def ready(self) -> bool:
        """Say whether it answers at all."""


@dataclass(frozen=True)
class DeskWords:
    """What the desk itself says, in place of the assistant or about it."""

    assistant_away: Said
    something_went_wrong: Said
    past_review: Said
    forgotten: Said


class DeskUnit(EmergencyUnit, ChannelUnit, Protocol):
    """A unit of work over all that a message may touch."""


@dataclass(frozen=True)
class Turn:
    """The message whose turn it is.

    Args:
        later: what was said after it.
        last: no other message of the conversation waits behind it.
        raises: the question that the words suggest.
        in_sight: the question before it could be seen where the message was written.
    """

    conversation: Conversation
    message: Message
    later: Sequence[Message]
    last: bool
    in_sight: bool
    raises: str | None = None

    @property
    def asked(self) -> Asked:
        """The message in the assistant's words."""
        unseen = bool(self.message.extras.get(UNSEEN))
        typed = self.message.payload is None
        return Asked(
            sender=f"{self.conversation.id}:{self.conversation.epoch}",
            text=self.message.payload or neutral(self.message.text),
            seq=self.message.seq,
            seen=self.in_sight
            and not unseen
            and all(row.author not in ("assistant", "staff") for row in self.later),
            changed=typed and unseen,
            raises=self.raises,
        )


def waits(unit: DeskUnit, turn: Turn) -> bool:
    """Say whether nothing has answered or dropped a turn's message meanwhile."""
    return any(
        waiting.seq == turn.message.seq
        for state in ("queued", "new")
        for waiting in unit.conversations.in_state(turn.conversation.id, state)
    )


def finish(
    unit: DeskUnit, turn: Turn, replies: list[Said], words: DeskWords, now: datetime
) -> None:
    """Write the answer of one turn down; commits.

    Args:
        replies: what the assistant said. Nothing at all means that something went
            wrong: the visitor is told, and a person is called.
    """
    conversation, message = turn.conversation, turn.message
    unit.conversations.lock(conversation.id)
    current = unit.conversations.get(conversation.id)
    same = current is not None and current.epoch == conversation.epoch
    if same and not waits(unit, turn):
        return  # another desk had it too, and was quicker
    if current and not same:
        # An emergency came in between, or a person. Of a late answer only a deed that
        # was already done is still told, and advice where none was given yet.
        later = unit.conversations.after(conversation.id, message.seq)
        advised = any(row.extras.get("urgent") for row in later)
        replies = [
            said
            for said in replies
            if _tells_of_a_deed(said) or (said.extras.get("urgent") and not advised)
        ]
    elif not replies:
        replies = [words.something_went_wrong]
        open_handoff(unit, conversation.id, "something_went_wrong", "urgent", now)
    for said in replies:
        unit.conversations.say(conversation.id, said, now)
    _have_checked(unit, conversation.id, replies, words, now)
    unit.conversations.set_state(conversation.id, message.seq, "done")
    long = message.seq - conversation.epoch_seq > _LONG_EPOCH_MESSAGES
    if long and any(said.at_rest for said in replies):
        # Rasa gets slower with every turn that it remembers.
        unit.conversations.renew(conversation.id)
    unit.commit()


def _tells_of_a_deed(said: Said) -> bool:
    card = said.extras.get("card")
    return isinstance(card, dict) and card.get("kind") in _DEEDS


def _have_checked(
    unit: EmergencyUnit,
    conversation_id: str,
    replies: list[Said],
    words: DeskWords,
    now: datetime,
) -> None:
    """Let staff look at an answer that should have been reviewed by now."""
    past = [str(said.extras.get("topic")) for said in replies if said.past_review]
    if past:
        open_handoff(
            unit, conversation_id, "answer_expired", "routine", now, " ".join(past)
        )
        unit.conversations.say(conversation_id, words.past_review, now)
