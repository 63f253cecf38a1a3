"""What staff do from the command line: see who waits, answer, give back, unlock."""

from __future__ import annotations

from datetime import datetime
from typing import TextIO

from bot.clinic.audit import Entry
from bot.clinic.conversation import tidy
from bot.clinic.errors import NotAllowed, NotFound
from bot.clinic.handoff import Handoff
from bot.desk.handoff import Overtaken, reply, take
from bot.desk.handoff_words import named
from bot.desk.screening import release
from bot.house import House
from bot.store.unit import Store, Unit

_BY = "command line"
_FURTHER = " " * 11 + "| "


def show(store: Store, out: TextIO, now: datetime) -> int:
    """Print every open handoff with the whole transcript of its conversation."""
    with store.reading() as unit:
        waiting = unit.handoffs.all_open()
        for handoff in waiting:
            _show_one(unit, handoff, out)
    with store.unit() as unit:
        for handoff in waiting:
            unit.audit.add(Entry(now, _BY, "read", handoff.conversation_id))
        unit.commit()
    if not waiting:
        out.write("Nobody is waiting.\n")
    return 0


def answer(
    house: House, conversation_id: str, name: str, text: str, now: datetime
) -> None:
    """Take a conversation over and say something in it.

    Raises:
        NotAllowed: somebody else holds it.
        NotFound: there is no such conversation.
        ValueError: no name or no text was given.
    """
    name = name.strip()
    if not name:
        raise ValueError("A reply needs the name of whoever writes it.")
    said = named(house.shelf.handoff_words.taken, name)
    with house.store.unit() as unit:
        held = take(unit, conversation_id, name, now, said=said)
        if isinstance(held, Overtaken):
            holder = held.handoff.held_by if held.handoff else "Somebody"
            raise NotAllowed(f"{holder} holds that conversation.")
        reply(unit, conversation_id, name, text, now)
        for deed in ("take", "reply") if held.held_at == now else ("reply",):
            unit.audit.add(Entry(now, name, deed, conversation_id, _BY))
        unit.commit()


def unlock(
    store: Store, conversation_id: str, name: str, reason: str, now: datetime
) -> None:
    """Let a visitor book again after an emergency or urgent result.

    Raises:
        NotFound: nothing is locked there.
    """
    with store.unit() as unit:
        locked = [one for one in unit.screenings.of(conversation_id) if one.bars(now)]
        if not locked:
            raise NotFound("Nothing is locked in that conversation.")
        for screening in locked:
            release(unit, screening.id, name, reason, now)
            unit.audit.add(
                Entry(now, name, "release lock", conversation_id, screening.id)
            )
        unit.commit()


def _safely(text: str) -> str:
    """Make text harmless for a terminal; a further line can never pass for a row."""
    lines = tidy(text).replace("\t", " ").splitlines()
    return f"\n{_FURTHER}".join(lines)


def _show_one(unit: Unit, handoff: Handoff, out: TextIO) -> None:
    out.write(
        f"{handoff.priority.upper()}  {handoff.reason}  {handoff.state}  "
        f"since {handoff.opened_at:%Y-%m-%d %H:%M} UTC  "
        f"conversation {handoff.conversation_id}"
        + (f"  ({handoff.detail})" if handoff.detail else "")
        + "\n"
    )
    seq = 0
    while page := unit.conversations.after(handoff.conversation_id, seq):
        for message in page:
            who = message.name or message.author
            text = _safely(message.text)
            out.write(f"  {message.at:%H:%M:%S} {_safely(who)}: {text}\n")
        seq = page[-1].seq
    out.write("\n")
