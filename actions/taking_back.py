"""A request that staff have not answered: adding to it, and taking it back."""

from __future__ import annotations

import re

from actions import PERSON, Events, Turn
from actions.visits import times_of, visits_ahead
from bot.clinic.booking import AppointmentRequest
from bot.desk.requests import add_words, withdraw

_NAMES_IT = re.compile(
    r"\b(?:my|the|that|this|our) (?:\w+ ){0,2}(?:requests?|enquiry|inquiry)\b",
    re.IGNORECASE,
)


def requests_waiting(turn: Turn) -> list[AppointmentRequest]:
    """Return what this visitor has asked for and staff have not answered."""
    with turn.house.store.reading() as unit:
        return unit.bookings.new_requests_of(turn.conversation_id)


def names_a_request(turn: Turn) -> bool:
    """Tell whether a message speaks of a request; "I request you to" does not."""
    return bool(_NAMES_IT.search(turn.typed))


def add(turn: Turn) -> Events:
    """Add what was typed to the newest request that waits, and say so."""
    with turn.house.store.unit() as unit:
        more = add_words(unit, turn.conversation_id, turn.typed, turn.now)
    if more is None:
        turn.say("Our staff have answered your request already.", [PERSON])
    else:
        turn.say(_added(more))
    return []


def _added(request: AppointmentRequest) -> str:
    return (
        "I have added that to your request, and our staff will call you to settle it. "
        f"They now read: {times_of([request])}."
    )


def take_back(turn: Turn) -> None:
    """Take back what staff have not answered, and say what stands."""
    with turn.house.store.unit() as unit:
        taken = withdraw(unit, turn.conversation_id, turn.now)
    if not taken:
        turn.say(
            "Our staff have answered it already, so there is nothing to take back."
        )
        return
    stands = " Your visit stands as it is." if visits_ahead(turn) else ""
    turn.say(
        f"I have taken your request back ({times_of(taken)}), and it is off our "
        f"staff's list.{stands} You can ask for another time whenever you like.",
        [("Book a visit", "/book_appointment")],
    )
