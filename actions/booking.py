"""Begins a booking, and writes it into the diary when the form is complete."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import Events, Turn, perform
from actions.booking_form import REFUSALS
from actions.replies import wish_slots
from bot.clinic.booking import Appointment, Patient, read_opening
from bot.clinic.screened import May
from bot.desk.booking import Booked, OpeningTaken, book
from bot.desk.screening import may_book
from bot.desk.telling import card
from bot.links import links

_FRESH = (
    "chosen_opening_id",
    "wished_time",
    "offered_openings",
    "booking_confirmed",
    "appointment_id",
)


class ActionBeginBooking(Action):
    """Decides what comes first: the safety questions, the times, or a person."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_begin_booking"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `book_appointment`."""
        return await perform(begin, dispatcher, tracker)


class ActionBook(Action):
    """Writes the visit; the desk checks the screening again while it does."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_book"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Book what the booking form holds."""
        return await perform(_book, dispatcher, tracker)


def begin(turn: Turn, wish: str | None = None) -> Events:
    """Go on with whatever stands between the visitor and a visit.

    Args:
        wish: what was said before about the time, if this message says nothing.
    """
    wished = {"wished_time": wish, **wish_slots(turn)}
    fresh: Events = [SlotSet(name, wished.get(name)) for name in _FRESH]
    if not turn.house.shelf.clinic.policy.self_booking:
        return [*fresh, FollowupAction("request_form")]
    with turn.house.store.reading() as unit:
        permission = may_book(unit, turn.conversation_id, turn.now)
    if permission.may is May.LOCKED:
        turn.say(
            "I can't book a visit for you here, because of something you told me "
            "about your health. A person at the clinic can look at it with you.",
            [("Talk to a person", "/talk_to_human")],
        )
        return fresh
    if permission.may is May.SCREENING_NEEDED:
        turn.say(
            "Gladly. First I ask some safety questions: about a dozen short screens, "
            "most of them one tap. Then we find a time."
        )
        wanted = SlotSet("booking_wanted", True)
        return [*fresh, wanted, FollowupAction("screening_form")]
    return [*fresh, FollowupAction("booking_form")]


def _book(turn: Turn) -> Events:
    clinic, slots = turn.house.shelf.clinic, turn.tracker.slots
    opening = read_opening(clinic, str(slots["chosen_opening_id"]))
    if opening is None:
        return [SlotSet("chosen_opening_id", None), FollowupAction("booking_form")]
    patient = Patient(
        name=str(slots["visitor_name"]),
        phone=str(slots["visitor_phone"]),
        email=str(slots["visitor_email"] or ""),
    )
    with turn.house.store.unit() as unit:
        result = book(unit, clinic, turn.conversation_id, opening, patient, turn.now)
    if isinstance(result, Booked):
        say_booked(turn, result.appointment)
        return [SlotSet(name, None) for name in (*_FRESH, "booking_wanted")]
    again = [SlotSet(name, None) for name in ("chosen_opening_id", "booking_confirmed")]
    if isinstance(result, OpeningTaken):
        turn.say("I'm sorry, somebody took that time in the meantime. Nothing is lost.")
        return [*again, FollowupAction("booking_form")]
    if result.reason in ("screening_needed", "locked"):
        return begin(turn)
    turn.say(REFUSALS[result.reason], [("Talk to a person", "/talk_to_human")])
    return again


def say_booked(turn: Turn, appointment: Appointment) -> None:
    """Say what now stands in the diary, and how to undo it."""
    pending = appointment.status == "pending"
    first = (
        "I'm holding this time for you. A practitioner looks at your answers first, "
        "and you will hear from us here."
        if pending
        else "Your visit is booked."
    )
    preparation = turn.house.shelf.clinic.treatments[
        appointment.treatment_id
    ].preparation
    undo = "To change or cancel it, just tell me here."
    mailed = appointment.patient_email and turn.house.settings.smtp_url
    also = "You get it by e-mail as well." if mailed else ""
    turn.say(
        " ".join(part for part in (first, preparation, undo, also) if part),
        card=visit_card(turn, appointment),
    )


def visit_card(turn: Turn, appointment: Appointment) -> dict[str, Any]:
    """Make the card of a visit that stands, with its calendar file."""
    return card(
        turn.house.shelf.clinic,
        appointment,
        "Held for you" if appointment.status == "pending" else "Booked",
        turn.now,
        links(turn.house.settings).calendar(appointment.id),
    )
