"""Watches over what waits: reminds staff, tells visitors, and asks for help itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from bot.clinic.handoff import LONGEST_AWAY, Handoff, due_at, is_gone, remind_at
from bot.clinic.profile import Clinic
from bot.desk.handoff import let_go, open_handoff
from bot.desk.handoff_words import HandoffWords, named, waiting
from bot.desk.letters import alert_staff
from bot.desk.ports import Talk


def needing(unit: Talk, clinic: Clinic, now: datetime) -> Iterator[str]:
    """Find the conversations that `look_after` would do something about.

    A cheap look, which holds up nobody who writes.
    """
    for handoff in unit.handoffs.all_open():
        if handoff.state == "held":
            if _is_gone(unit, handoff, now):
                yield handoff.conversation_id
        elif _late(clinic, handoff, now) != handoff:
            yield handoff.conversation_id
    yield from unit.handoffs.unanswered_by_assistant(now - LONGEST_AWAY)


def look_after(
    unit: Talk,
    clinic: Clinic,
    words: HandoffWords,
    conversation_id: str,
    now: datetime,
) -> None:
    """Do what one conversation needs now; whatever has changed since is seen anew."""
    unit.conversations.lock(conversation_id)
    handoff = unit.handoffs.open_of(conversation_id)
    staffed = unit.staff.anyone()
    if handoff is None:
        if conversation_id in unit.handoffs.unanswered_by_assistant(now - LONGEST_AWAY):
            _ask_for_help(unit, clinic, words, conversation_id, now, staffed)
    elif handoff.state == "held":
        if _is_gone(unit, handoff, now):
            _put_back(unit, clinic, words, handoff, now, staffed)
    else:
        _remind(unit, clinic, words, handoff, now, staffed)
    unit.commit()


def _ask_for_help(
    unit: Talk,
    clinic: Clinic,
    words: HandoffWords,
    conversation_id: str,
    now: datetime,
    staffed: bool,
) -> None:
    opened = open_handoff(unit, conversation_id, "assistant_away", "urgent", now)
    told = waiting(words, clinic, opened, now, staffed=staffed)
    unit.conversations.say(
        conversation_id, named(f"{words.assistant_away} {told}"), now
    )


def _put_back(
    unit: Talk,
    clinic: Clinic,
    words: HandoffWords,
    held: Handoff,
    now: datetime,
    staffed: bool,
) -> None:
    let_go(
        unit,
        held.conversation_id,
        now,
        lambda again: named(
            f"{words.let_go} {waiting(words, clinic, again, now, staffed=staffed)}",
            held.held_by or "",
        ),
    )


def _remind(
    unit: Talk,
    clinic: Clinic,
    words: HandoffWords,
    handoff: Handoff,
    now: datetime,
    staffed: bool,
) -> None:
    late = _late(clinic, handoff, now)
    if late.missed_at != handoff.missed_at:
        alert_staff(unit, late.conversation_id, late.priority, now)
        # After advice on an emergency nothing else is said: it has one thing to do.
        if staffed and late.priority != "stat":
            unit.conversations.say(
                late.conversation_id, named(f"{words.missed} {words.reach}"), now
            )
    elif late.reminded_at != handoff.reminded_at:
        alert_staff(unit, late.conversation_id, late.priority, now)
    unit.handoffs.replace(late)


def _late(clinic: Clinic, handoff: Handoff, now: datetime) -> Handoff:
    """Return a waiting handoff with what is due by now marked as done."""
    due = due_at(clinic, handoff.priority, handoff.waiting_since)
    if due is None:
        return handoff
    if now >= due:
        return handoff if handoff.missed_at else replace(handoff, missed_at=now)
    if now >= remind_at(handoff, due) and not handoff.reminded_at:
        return replace(handoff, reminded_at=now)
    return handoff


def _is_gone(unit: Talk, handoff: Handoff, now: datetime) -> bool:
    since = unit.handoffs.unanswered_since(handoff.conversation_id)
    return is_gone(handoff, since, now)
