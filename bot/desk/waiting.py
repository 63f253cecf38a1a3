"""The waitlist: a time that becomes free is offered to one person after another."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime
from functools import partial

from bot.clinic.booking import Appointment, Opening, Patient, read_opening
from bot.clinic.conversation import Choice, Said
from bot.clinic.letters import quiet
from bot.clinic.profile import Clinic
from bot.clinic.screened import May
from bot.clinic.waiting import OFFER, Waiting, in_line, is_pressing
from bot.clinic.wish import Wish
from bot.desk.booking import book
from bot.desk.claims import claim_time, new_appointment
from bot.desk.handoff import is_held
from bot.desk.openings import offer
from bot.desk.outcomes import Booked, OpeningTaken, Refused
from bot.desk.ports import FrontDesk
from bot.desk.screened import latest_valid, may_book
from bot.desk.telling import moment

_PASSED_ON = (
    "I could not keep that time any longer; the next person may have it. You are still "
    "on the waitlist, and I write again when something else becomes free."
)
_NOTHING_FREE = "No time became free for what you asked for."
_MOST_WAITING = 3
"""Wishes that one conversation may wait for at a time."""


def wait(
    unit: FrontDesk, conversation_id: str, wish: Wish, patient: Patient, now: datetime
) -> Waiting | Refused:
    """Put somebody into the line for a time that may become free.

    Asking for the same again changes nothing.

    Args:
        wish: as it was understood when it was said; what becomes free is one visit,
            so it is kept without a course or what goes together with it.
    """
    unit.conversations.lock(conversation_id)
    wish = replace(wish, course=None, together=False)
    already = unit.waitlist.of(conversation_id)
    for one in already:
        if one.wish == wish:
            return one
    if len(already) >= _MOST_WAITING:
        return Refused("too_many")
    waiting = Waiting(str(uuid.uuid4()), conversation_id, wish, patient, now)
    unit.waitlist.add(waiting)
    unit.commit()
    return waiting


def stop_waiting(unit: FrontDesk, conversation_id: str) -> int:
    """Take a conversation out of the line; return for how many wishes it waited."""
    unit.conversations.lock(conversation_id)
    mine = unit.waitlist.of(conversation_id)
    for one in mine:
        _let_go(unit, one)
        unit.waitlist.replace(replace(one, state="over", appointment_id=None))
    unit.commit()
    return len(mine)


def go_round(
    writing: Callable[[], AbstractContextManager[FrontDesk]],
    reading: Callable[[], AbstractContextManager[FrontDesk]],
    clinic: Clinic,
    now: datetime,
) -> list[str]:
    """End the offers that nobody took, then offer what is free to those in line.

    Each gets one time, held for 15 minutes. Nothing is said in the quiet hours, and
    nothing offered that would end in them. The looking is done without keeping others
    from writing.

    Returns:
        The conversations in which something was said.
    """
    if quiet(now, clinic.policy, clinic.zone) is not None:
        return []
    with writing() as unit:
        told = end_offers(unit, now)
    if quiet(now + OFFER, clinic.policy, clinic.zone) is not None:
        return told
    with reading() as unit:
        waiting_now = unit.waitlist.in_state("waiting")
        pressing = {one.id for one in waiting_now if _presses(unit, one, now)}
    line = in_line(waiting_now, pressing)
    for waiting in line:
        with reading() as unit:
            opening = find(unit, clinic, waiting, now)
        if opening is not None:
            with writing() as unit:
                if offer_to(unit, clinic, waiting.id, opening, now):
                    told.append(waiting.conversation_id)
    return told


def end_offers(unit: FrontDesk, now: datetime) -> list[str]:
    """Pass on what was offered and not taken in time; close wishes that are past.

    Returns:
        The conversations in which that was said.
    """
    open_wishes = partial(unit.waitlist.in_state, "offered", "waiting")
    told = sorted({one.conversation_id for one in open_wishes() if one.is_due(now)})
    for conversation_id in told:  # all of them, before the diary is written
        unit.conversations.lock(conversation_id)
    for one in open_wishes():
        if one.conversation_id not in told or not one.is_due(now):
            continue
        if one.state == "offered":
            _pass_on(unit, one, now)
            _say(unit, one, _PASSED_ON, now)
        else:
            unit.waitlist.replace(replace(one, state="over"))
            _say(unit, one, _NOTHING_FREE, now)
    unit.commit()
    return told


def _presses(unit: FrontDesk, waiting: Waiting, now: datetime) -> bool:
    screening = latest_valid(unit, waiting.conversation_id, now)
    return is_pressing(screening.flags if screening else (), waiting.queued_at, now)


def find(
    unit: FrontDesk, clinic: Clinic, waiting: Waiting, now: datetime
) -> Opening | None:
    """Return the soonest opening that suits somebody and is new to them.

    Who talks with a person gets no offer from the assistant meanwhile.
    """
    if is_held(unit, waiting.conversation_id):
        return None
    if may_book(unit, waiting.conversation_id, now).may not in (May.OK, May.PENDING):
        return None
    found = offer(unit, clinic, waiting.wish, now, count=1, seen=waiting.passed)
    return found[0] if found else None


def offer_to(
    unit: FrontDesk, clinic: Clinic, waiting_id: str, opening: Opening, now: datetime
) -> bool:
    """Hold an opening for somebody in line and tell them so.

    Returns:
        False where they do not wait any more, staff hold the conversation, or somebody
        else has that time.
    """
    waiting = unit.waitlist.get(waiting_id)
    if waiting is not None and unit.conversations.lock(waiting.conversation_id):
        waiting = unit.waitlist.get(waiting_id)  # as whoever was quicker left it
    if waiting is None or waiting.state != "waiting":
        return False
    if is_held(unit, waiting.conversation_id):
        return False
    unit.bookings.sweep(now)
    wanted = new_appointment(waiting.conversation_id, opening, "held", now)
    held = claim_time(unit, clinic, replace(wanted, held_until=now + OFFER), opening)
    if held is None:
        return False
    _tell(unit, clinic, waiting, held, opening, now)
    unit.commit()
    return True


def take(
    unit: FrontDesk,
    clinic: Clinic,
    conversation_id: str,
    waiting_id: str,
    now: datetime,
) -> Booked | OpeningTaken | Refused:
    """Book what was offered, with one tap.

    Returns:
        `Refused("unknown")` where nothing of this conversation is on offer any more;
        otherwise what comes of booking it, the screening being looked up as always.
    """
    unit.conversations.lock(conversation_id)
    waiting, opening = _offered(unit, clinic, conversation_id, waiting_id, now)
    if waiting is None or opening is None:
        return Refused("unknown")
    unit.waitlist.replace(replace(waiting, state="taken"))
    return book(unit, clinic, conversation_id, opening, waiting.patient, now)


def still_offered(
    unit: FrontDesk, conversation_id: str, now: datetime
) -> Waiting | None:
    """Return what is on offer to this conversation, or None."""
    return next(
        (
            one
            for one in unit.waitlist.of(conversation_id)
            if one.state == "offered"
            and one.offered_until is not None
            and now < one.offered_until
        ),
        None,
    )


def offer_buttons(waiting: Waiting) -> tuple[Choice, Choice]:
    """Return the buttons that take what is on offer, or let it pass."""
    return (
        Choice("Yes, book it", f'/take_freed{{"waiting": "{waiting.id}"}}'),
        Choice("No, pass it on", f'/pass_freed{{"waiting": "{waiting.id}"}}'),
    )


def let_pass(
    unit: FrontDesk,
    clinic: Clinic,
    conversation_id: str,
    waiting_id: str,
    now: datetime,
) -> bool:
    """Give an offer back to the next in line; the wish waits on, at the end.

    Returns:
        False where nothing of this conversation is on offer any more.
    """
    unit.conversations.lock(conversation_id)
    waiting, _ = _offered(unit, clinic, conversation_id, waiting_id, now)
    if waiting is None:
        return False
    _pass_on(unit, waiting, now)
    unit.commit()
    return True


def _tell(
    unit: FrontDesk,
    clinic: Clinic,
    waiting: Waiting,
    held: Appointment,
    opening: Opening,
    now: datetime,
) -> None:
    unit.waitlist.replace(
        replace(
            waiting,
            state="offered",
            appointment_id=held.id,
            offered_until=now + OFFER,
            passed=(*waiting.passed, opening.id),
        )
    )
    who = clinic.practitioners[opening.practitioner_id].name
    minutes = OFFER.seconds // 60
    said = (
        f"A time became free: {moment(clinic, held, now)}, with {who}. "
        f"I keep it for you for {minutes} minutes."
    )
    unit.conversations.say(
        waiting.conversation_id, Said(said, choices=offer_buttons(waiting)), now
    )


def _pass_on(unit: FrontDesk, waiting: Waiting, now: datetime) -> None:
    _let_go(unit, waiting)
    unit.waitlist.replace(
        replace(
            waiting,
            state="waiting",
            queued_at=now,
            appointment_id=None,
            offered_until=None,
        )
    )


def _let_go(unit: FrontDesk, waiting: Waiting) -> None:
    """Free what is held for somebody, if it is still only held."""
    held = unit.bookings.get(waiting.appointment_id or "")
    if held is not None and held.status == "held":
        unit.bookings.remove(held.id)


def _offered(
    unit: FrontDesk,
    clinic: Clinic,
    conversation_id: str,
    waiting_id: str,
    now: datetime,
) -> tuple[Waiting | None, Opening | None]:
    """Return an offer of this conversation that still stands, with its opening."""
    waiting = unit.waitlist.get(waiting_id)
    if (
        waiting is None
        or waiting.conversation_id != conversation_id
        or waiting.state != "offered"
        or waiting.offered_until is None
        or waiting.offered_until <= now
    ):
        return None, None
    return waiting, read_opening(clinic, waiting.passed[-1])


def _say(unit: FrontDesk, waiting: Waiting, text: str, now: datetime) -> None:
    choices = (Choice("Book a visit", "/book_appointment"),)
    unit.conversations.say(waiting.conversation_id, Said(text, choices=choices), now)
