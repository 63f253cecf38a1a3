"""A request that staff have not answered: which it is, and taking it back."""

from __future__ import annotations

import re

from actions import Turn
from actions.visits import times_of, visits_ahead
from bot.clinic.booking import AppointmentRequest
from bot.desk.requests import withdraw

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
