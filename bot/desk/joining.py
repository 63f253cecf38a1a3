"""Lets a visitor go on with the same conversation on another channel."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from bot.clinic.delivery import AGAIN, EARLIER, Address
from bot.clinic.errors import NotAllowed
from bot.desk.ports import ChannelUnit

PASS_LIVES = timedelta(hours=24)


def issue_pass(
    unit: ChannelUnit, conversation_id: str, leads_to: str, now: datetime
) -> str:
    """Make a pass into a conversation, good once and for a day.

    The caller commits, and signs the id before it leaves the desk.

    Args:
        leads_to: the channel on which the visitor goes on.
        now: aware UTC.
    """
    pass_id = str(uuid.uuid4())
    unit.passes.add(pass_id, conversation_id, leads_to, now + PASS_LIVES)
    return pass_id


def use_pass(unit: ChannelUnit, pass_id: str, leads_to: str, now: datetime) -> str:
    """Use a pass up; return the id of its conversation. The caller commits.

    Raises:
        NotAllowed: it was used before, is too old, or leads elsewhere.
    """
    conversation_id = unit.passes.use(pass_id, leads_to, now)
    if conversation_id is None:
        raise NotAllowed("This link was used before or is too old.")
    return conversation_id


def join(
    unit: ChannelUnit, channel: str, address: str, conversation_id: str
) -> Address:
    """Let a channel's chat go on with a conversation; the caller commits.

    What was said before is not sent again, but for the last word of the desk, which
    the visitor may be about to answer. The conversation that the chat had before
    stays in the record, and is deleted with this one if the visitor wishes that.
    """
    said = next(
        (
            row.seq
            for row in unit.conversations.before(conversation_id, _NO_END, _RECENT)
            if row.author != "visitor"
        ),
        None,
    )
    conversation = unit.conversations.get(conversation_id)
    last_seq = conversation.last_seq if conversation else 0
    before = unit.addresses.locked(channel, address)
    joined = Address(
        channel,
        address,
        conversation_id,
        delivered_seq=last_seq if said is None else said - 1,
        kept={**_earlier(before, conversation_id), AGAIN: said},
    )
    unit.addresses.remove(channel, conversation_id)
    if before and before.conversation_id != conversation_id:
        unit.addresses.let_go(joined)
    else:
        unit.addresses.add(joined)
    return joined


def _earlier(before: Address | None, conversation_id: str) -> dict[str, Any]:
    """Return which conversations a chat had so far; nothing else of it is kept."""
    if before is None:
        return {}
    earlier = [*before.kept.get(EARLIER, ()), before.conversation_id]
    others = [one for one in dict.fromkeys(earlier) if one != conversation_id]
    return {EARLIER: others} if others else {}


_NO_END = 2**31 - 1
_RECENT = 12
