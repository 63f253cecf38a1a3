"""Sees to it that what is said reaches visitors on every channel they write from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

from bot.clinic.delivery import (
    LOOK_BACK,
    Address,
    DeliveryState,
    Parcel,
    delivery_state,
    held_back,
    is_settled,
    next_parcel,
    part_sent,
)
from bot.clinic.profile import HealthByTelegram
from bot.desk import conversation as conversations
from bot.desk.ports import ChannelUnit

_TAIL = 10_000
"""Urgent advice is found however much waits before it."""

CLAIM = timedelta(seconds=60)
"""A desk that died lets go of an address after that; a send takes far less."""


def address_at(
    unit: ChannelUnit,
    channel: str,
    address: str,
    clinic: str,
    now: datetime,
    language: str = "",
) -> Address:
    """Return where a channel finds a visitor; the first time a conversation begins.

    Commits where one begins; the unit is over then.

    Args:
        address: the channel's own id of the visitor's chat.
        clinic: the clinic profile's folder name.
        now: aware UTC.
        language: what the visitor's app is set to.
    """
    known = unit.addresses.get(channel, address)
    if known:
        return known
    conversation = conversations.new(channel, clinic, now, language)
    unit.conversations.add(conversation)
    begun = Address(channel, address, conversation.id)
    if not unit.addresses.add(begun):
        # Another desk was quicker; what this one began is rolled back.
        raise Raced
    unit.commit()
    return begun


class Raced(Exception):
    """Two processes did the same at once; doing it again finds what the other did."""


def peek(
    unit: ChannelUnit, address: Address, health: HealthByTelegram
) -> Parcel | None:
    """Return what would go out next, without taking it."""
    since = max(0, address.delivered_seq - LOOK_BACK)
    rows = unit.conversations.after(address.conversation_id, since, _TAIL)
    return next_parcel(address, rows, health)


def claim_next(
    unit: ChannelUnit,
    channel: str,
    address: str,
    by: str,
    health: HealthByTelegram,
    now: datetime,
) -> tuple[Address, Parcel] | None:
    """Take the next message of an address to oneself, to send it now.

    Returns None where nothing is to be sent, where it is not yet time, or while
    another desk is sending.

    Args:
        by: the desk's own name, the same after a restart.
        now: aware UTC.
    """
    claimed = unit.addresses.claim(channel, address, by, now + CLAIM, now)
    if claimed is None:
        return None
    parcel = peek(unit, claimed, health)
    if held_back(claimed, parcel, now):
        return None
    if parcel is None:
        conversation = unit.conversations.get(claimed.conversation_id)
        last_seq = conversation.last_seq if conversation else 0
        unit.addresses.let_go(
            replace(claimed, delivered_seq=max(last_seq, claimed.delivered_seq))
        )
    unit.commit()
    return (claimed, parcel) if parcel else None


def settle(
    unit: ChannelUnit, claimed: Address, seq: int, change: Callable[[Address], Address]
) -> None:
    """Keep how far an address got, and let go of it.

    What came in meanwhile (a ticked box, another conversation there) stands.

    Args:
        claimed: as it was taken.
        seq: the number of the message that was tried.
        change: applied to the address as it is now.
    """
    current = unit.addresses.locked(claimed.channel, claimed.address)
    if current and current.conversation_id == claimed.conversation_id:
        # What the visitor has answered is out, whatever the channel said of it.
        done = is_settled(current, seq)
        unit.addresses.let_go(current if done else change(current))
        unit.commit()


def pressed(
    unit: ChannelUnit, address: Address, seq: int, health: HealthByTelegram
) -> Address:
    """Return an address at which a button was pressed: what it stood under is out.

    The channel itself may say so later, or the line may break before it does.

    Args:
        address: locked.
        seq: the number of the message with the button.
    """
    parcel = peek(unit, address, health)
    if parcel is None or parcel.row.seq != seq:
        return address
    return part_sent(address, parcel, last=True)


def states(
    unit: ChannelUnit, conversation_id: str, health: HealthByTelegram, since: int = 1
) -> Mapping[int, Mapping[str, DeliveryState]]:
    """Say what became of each message of the desk, by number and channel.

    A conversation that is held on the clinic's page alone has none.

    Args:
        since: the first message that is asked about.
    """
    found: dict[int, dict[str, DeliveryState]] = {}
    known = unit.addresses.of(conversation_id)
    seq = max(0, since - 1 - LOOK_BACK)
    while known and (rows := unit.conversations.after(conversation_id, seq)):
        for row in rows:
            if row.author != "visitor" and row.seq >= since:
                found[row.seq] = {
                    one.channel: delivery_state(one, row, rows, health) for one in known
                }
        seq = rows[-1].seq
    return found
