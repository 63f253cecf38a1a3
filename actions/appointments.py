"""Visits that are already in the diary: when they are, and moving them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import PERSON, Events, ReadsReplies, Turn, perform
from actions.booking import begin_with_wish, what_next
from actions.booking_form import read_yes
from actions.choosing import REFUSALS, read_choice
from actions.moving import (
    DRAFT,
    begin_change,
    chosen_to_move,
    named_visit,
    visit_on,
)
from actions.replies import Slots, fill, requested_times
from actions.standing import ANOTHER, change_what_waits, on_a_request
from actions.taking_back import requests_waiting
from actions.terms import knows_terms
from actions.visits import (
    asked_for,
    say_visits,
    visit_card,
    visits_ahead,
    when_is,
)
from bot.clinic.booking import Appointment, read_opening
from bot.desk.booking import Booked, OpeningTaken, Refused, reschedule

_BOOK = ("Book a visit", "/book_appointment")


class ActionCheckAppointment(Action):
    """Shows the visits that this conversation has ahead, and no others."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_check_appointment"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `check_appointment`."""
        return await perform(_check, dispatcher, tracker)


class ActionBeginChange(Action):
    """Begins moving a visit, where there is one to move."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_begin_change"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `reschedule_appointment`."""
        return await perform(_begin_change, dispatcher, tracker)


class ActionAskAppointmentId(Action):
    """Asks which of several visits shall be moved."""

    def name(self) -> str:
        """Return the name that Rasa looks for before it asks for the slot."""
        return "action_ask_appointment_id"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Offer the visits as buttons."""
        return await perform(_ask_which, dispatcher, tracker)


class ValidateChangeForm(ReadsReplies, FormValidationAction):
    """Reads what a visitor types or presses while moving a visit."""

    def name(self) -> str:
        """Return the form's validation action."""
        return "validate_change_form"

    async def extract_appointment_id(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read which visit is meant."""
        return await fill("appointment_id", _read_which, dispatcher, tracker)

    async def extract_chosen_opening_id(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read which opening is meant, or another wish."""
        return await fill("chosen_opening_id", read_choice, dispatcher, tracker)

    async def extract_booking_confirmed(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read the yes, or a correction."""
        return await fill("booking_confirmed", read_yes, dispatcher, tracker)


class ActionChange(Action):
    """Moves the visit; where the new time is gone, the old one stays."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_change"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Move what the change form holds."""
        return await perform(_change, dispatcher, tracker)


def none_here(turn: Turn) -> Events:
    """Say that this conversation has no visit, and who can look further."""
    if asked := asked_for(turn):
        turn.say(asked, [ANOTHER if requests_waiting(turn) else _BOOK, PERSON])
        return []
    turn.say(
        "I see no visit ahead in this conversation. If you booked by phone or in "
        "another chat, our staff can look it up.",
        [_BOOK, PERSON],
    )
    return []


def _check(turn: Turn) -> Events:
    ahead = visits_ahead(turn)
    if not ahead:
        if (went_on := on_a_request(turn)) is not None:
            return went_on
        # "Tomorrow morning?" asks for a visit where there is none to ask about.
        begun = begin_with_wish(turn)
        return none_here(turn) if begun is None else begun
    buttons = [
        ("Another time", "/reschedule_appointment"),
        ("Cancel it", "/cancel_appointment"),
    ]
    say_visits(turn, ahead, buttons)
    return []


def _begin_change(turn: Turn) -> Events:
    ahead = visits_ahead(turn)
    if (went_on := change_what_waits(turn)) is not None:
        return went_on
    if not ahead:
        return none_here(turn)
    if not turn.house.shelf.clinic.policy.self_booking:
        return _asked_of_staff(turn, ahead)
    return begin_change(turn, ahead)


def _asked_of_staff(turn: Turn, ahead: Sequence[Appointment]) -> Events:
    """Go on to a request, with what is known from the visit; it stands meanwhile."""
    first = ahead[0]
    when = " and ".join(when_is(turn, one) for one in ahead)
    turn.say(
        f"I ask our staff to move it. Until they have found another time, this stands: "
        f"{when}."
    )
    known = {
        "requested_times": requested_times(turn).get("requested_times"),
        "requested_reason": f"Another time for a visit. Now: {when}",
        "visitor_name": first.patient_name,
        "visitor_phone": first.patient_phone,
        "visitor_email": first.patient_email,
        "booking_confirmed": None,
    }
    return [
        *(SlotSet(name, value) for name, value in known.items()),
        FollowupAction("request_form"),
    ]


def _ask_which(turn: Turn) -> Events:
    ahead = visits_ahead(turn)
    turn.say(
        "Which visit do you mean?", visit_buttons(turn, ahead, "choose_appointment")
    )
    return []


def _read_which(turn: Turn) -> Slots:
    if turn.intent == "choose_appointment":
        ids = {one.id for one in visits_ahead(turn)}
        for chosen in turn.entities("appointment"):
            if chosen in ids:
                return chosen_to_move(turn, chosen)
    ahead = visits_ahead(turn)
    if meant := named_visit(turn, ahead) or visit_on(turn, ahead):
        return chosen_to_move(turn, meant.id)
    return {} if turn.interrupts else {"appointment_id": None}


def _change(turn: Turn) -> Events:
    clinic, slots = turn.house.shelf.clinic, turn.tracker.slots
    opening = read_opening(clinic, str(slots["chosen_opening_id"]))
    if opening is None:
        return [SlotSet("chosen_opening_id", None), FollowupAction("change_form")]
    knows = knows_terms(turn)
    with turn.house.store.unit() as unit:
        before = unit.bookings.get(str(slots["appointment_id"]))
        result = reschedule(
            unit,
            clinic,
            turn.conversation_id,
            str(slots["appointment_id"]),
            opening,
            turn.now,
            knows_terms=knows,
        )
    if isinstance(result, Booked):
        _say_moved(turn, before, result.appointment)
        return [SlotSet(name, None) for name in (*DRAFT, "appointment_id")]
    if result == Refused("late"):
        turn.say("Before I move it, please look at our terms.")
        return [SlotSet("booking_confirmed", None), FollowupAction("change_form")]
    again = [SlotSet(name, None) for name in ("chosen_opening_id", "booking_confirmed")]
    if isinstance(result, OpeningTaken):
        turn.say("Somebody took that time in the meantime. Your old time still stands.")
        return [*again, FollowupAction("change_form")]
    turn.say(
        f"{REFUSALS.get(result.reason, 'I could not move it.')} Your old time stands.",
        [PERSON],
    )
    return again


def _say_moved(turn: Turn, before: Appointment | None, visit: Appointment) -> None:
    """Say from when to when a visit is moved, and whether the new time is sure."""
    was = f" from {when_is(turn, before)}" if before else ""
    words = f"Your visit is moved{was} to {when_is(turn, visit)}."
    if visit.status == "pending":
        words += (
            " I'm holding the new time for you. A practitioner looks at your answers "
            "first, and you will hear from us here."
        )
    turn.say(f"{words} {what_next(turn, visit)}", card=visit_card(turn, visit, "Moved"))


def visit_buttons(
    turn: Turn, ahead: list[Appointment], intent: str, **more: str
) -> list[tuple[str, str]]:
    """Name visits on buttons; what pressing one does is in its intent alone.

    Args:
        more: what the buttons carry besides.
    """
    return [
        (
            when_is(turn, one),
            f"/{intent}{json.dumps({'appointment': one.id, **more})}",
        )
        for one in ahead
    ]
