"""How far a conversation got on a channel that runs on other people's servers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Literal

from bot.clinic.conversation import Message
from bot.clinic.profile import HealthByTelegram

DeliveryState = Literal[
    "delivered", "by_link", "elsewhere", "waiting", "refused", "blocked"
]
"""`elsewhere`: it answers what was written on the clinic's page, and stands there."""

LOOK_BACK = 12
"""So many messages before the position show where the visitor last wrote."""

EARLIER = "earlier"
"""In `Address.kept`: the conversations that the chat had before it joined this one."""

AGAIN = "again"
"""In `Address.kept`: the number of a message that stands on the page and goes out here
too, because the visitor may be about to answer it where they went."""

_ANSWERS_WITHIN = timedelta(minutes=2)
_REMEMBERED = 50


@dataclass(frozen=True)
class Address:
    """Where a channel finds a visitor, and what went out to it.

    Args:
        channel: `telegram` ...
        address: the channel's own id of the visitor's chat.
        delivered_seq: the last message that is settled, with all before it.
        delivered_parts: how many parts of the next one went out.
        apart: later messages that went out before their turn (`sent`), and those that
            the channel would not take (`refused`), by number.
        attempts: how often the next one failed.
        due_at: not to be tried before, aware UTC.
        state: `blocked` when the visitor wants nothing more from us there.
        kept: what the channel itself has to remember.
    """

    channel: str
    address: str
    conversation_id: str
    delivered_seq: int = 0
    delivered_parts: int = 0
    apart: Mapping[str, str] = field(default_factory=dict)
    attempts: int = 0
    due_at: datetime | None = None
    state: Literal["open", "blocked"] = "open"
    kept: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Parcel:
    """The message that goes out next.

    Args:
        by_link: it is about the visitor's own health: a link to the clinic's page goes
            in its place.
        ahead: others wait before it.
    """

    row: Message
    by_link: bool
    ahead: bool = False

    @property
    def urgent(self) -> bool:
        """Whether it is advice that cannot wait."""
        return bool(self.row.extras.get("urgent"))


def travels_by_link(row: Message, health: HealthByTelegram) -> bool:
    """Tell whether a link goes out with a message, or in its place.

    A message about the visitor's own health is not carried; urgent advice always is.
    """
    if row.extras.get("urgent"):
        return False
    about_health = bool(row.extras.get("health")) and health != "allowed"
    return about_health or bool(row.extras.get("page"))


def next_parcel(
    address: Address, rows: Sequence[Message], health: HealthByTelegram
) -> Parcel | None:
    """Return what goes out next: urgent advice first, else the oldest.

    Args:
        rows: the messages since `LOOK_BACK` before the position, oldest first.
    """
    waiting: list[Message] = []
    asked: Message | None = None
    for row in rows:
        if row.author == "visitor":
            asked = row
        elif not (
            is_settled(address, row.seq) or _stands_elsewhere(row, asked, address)
        ):
            waiting.append(row)
    # One link leads to all of them.
    newest = next(
        (row.seq for row in reversed(waiting) if travels_by_link(row, health)), None
    )
    waiting = [
        row for row in waiting if row.seq == newest or not travels_by_link(row, health)
    ]
    if not waiting:
        return None
    row = next((row for row in waiting if row.extras.get("urgent")), waiting[0])
    return Parcel(row, row.seq == newest, ahead=row.seq != waiting[0].seq)


def held_back(address: Address, parcel: Parcel | None, now: datetime) -> bool:
    """Tell whether an address is left alone for now, because something failed there.

    Urgent advice does not wait for what failed before it. How long a channel itself
    wants to be left alone, the channel sees to in each `turn`.

    Args:
        now: aware UTC.
    """
    waits = address.due_at is not None and address.due_at > now
    return waits and not (parcel and parcel.urgent)


def _stands_elsewhere(row: Message, asked: Message | None, address: Address) -> bool:
    """Tell whether it answers what was written on the clinic's page just before.

    Args:
        asked: what the visitor wrote last before it.
    """
    if row.author != "assistant" or {"card", "urgent"} & row.extras.keys():
        return False
    if address.kept.get(AGAIN) == row.seq:
        return False
    return (
        asked is not None
        and asked.channel != address.channel
        and row.at - asked.at < _ANSWERS_WITHIN
    )


def is_settled(address: Address, seq: int) -> bool:
    """Tell whether a message went out, or never will."""
    return seq <= address.delivered_seq or str(seq) in address.apart


def part_sent(address: Address, parcel: Parcel, last: bool) -> Address:
    """Note that one part of a message is out, perhaps the last."""
    address = replace(address, attempts=0, due_at=None)
    if not last:
        return replace(address, delivered_parts=address.delivered_parts + 1)
    return _settled(address, parcel, "sent")


def refused(address: Address, parcel: Parcel) -> Address:
    """Note that the channel will never take a message."""
    address = replace(address, attempts=0, due_at=None)
    return _settled(address, parcel, "refused")


def _settled(address: Address, parcel: Parcel, how: str) -> Address:
    seq = parcel.row.seq
    apart = dict(address.apart)
    if parcel.ahead or how == "refused":
        apart[str(seq)] = how
    position = address.delivered_seq if parcel.ahead else seq
    apart = {
        key: value
        for key, value in apart.items()
        if value == "refused" or int(key) > position
    }
    return replace(
        address,
        delivered_seq=position,
        delivered_parts=address.delivered_parts if parcel.ahead else 0,
        apart=dict(list(apart.items())[-_REMEMBERED:]),
    )


def put_off(address: Address, until: datetime) -> Address:
    """Note a failure that will pass."""
    return replace(address, attempts=address.attempts + 1, due_at=until)


def delivery_state(
    address: Address, row: Message, rows: Sequence[Message], health: HealthByTelegram
) -> DeliveryState:
    """Say what became of a message of the desk on the way to the visitor.

    Args:
        rows: the messages around it, oldest first, from `LOOK_BACK` before it.
    """
    if address.apart.get(str(row.seq)) == "refused":
        return "refused"
    before = (one for one in reversed(rows) if one.seq < row.seq)
    asked = next((one for one in before if one.author == "visitor"), None)
    if _stands_elsewhere(row, asked, address):
        return "elsewhere"
    if is_settled(address, row.seq):
        return "by_link" if travels_by_link(row, health) else "delivered"
    return "blocked" if address.state == "blocked" else "waiting"
