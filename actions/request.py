"""For a clinic that arranges visits by hand: a request that staff answer."""

from __future__ import annotations

from functools import partial
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import Events, ReadsReplies, Turn, perform, reply_to
from actions.choosing import REFUSALS
from actions.replies import (
    Slots,
    another_time,
    ask_again,
    plain_yes,
    read_number,
    read_who,
    requested_times,
    who_corrected,
)
from bot.clinic.booking import Patient
from bot.clinic.wish import Wish
from bot.desk.booking import Refused, request
from bot.desk.handoff import open_handoff
from bot.desk.wishes import read_wishes

_DRAFT = ("requested_times", "requested_reason", "booking_confirmed")
_NO_REASON = ("skip", "no", "none", "nothing", "rather not", "-")


class ValidateRequestForm(ReadsReplies, FormValidationAction):
    """Reads what a visitor types in the request form."""

    def name(self) -> str:
        """Return the form's validation action."""
        return "validate_request_form"

    async def extract_requested_times(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Take the times in the visitor's own words."""
        return await reply_to("requested_times", _read_times, dispatcher, tracker)

    async def extract_requested_reason(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Take what it is about in the visitor's own words, or that they skip it."""
        return await reply_to("requested_reason", _read_reason, dispatcher, tracker)

    async def extract_visitor_name(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read the name."""
        return await reply_to("visitor_name", read_who, dispatcher, tracker)

    async def extract_visitor_phone(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read the phone number."""
        return await reply_to("visitor_phone", read_number, dispatcher, tracker)

    async def extract_booking_confirmed(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read the yes, or a correction of any part."""
        return await reply_to("booking_confirmed", _read_yes, dispatcher, tracker)


class ActionRequest(Action):
    """Stores the request and puts the conversation before staff."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_request"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Ask staff for what the request form holds."""
        return await perform(_request, dispatcher, tracker)


def _read_times(turn: Turn) -> Slots:
    if turn.interrupts and turn.intent != "faq":
        return {}
    if not turn.typed:
        return {"requested_times": None}
    return requested_times(turn) or {"requested_times": turn.typed}


def _read_reason(turn: Turn) -> Slots:
    """Keep a few words; staff read them, and nobody else is told."""
    if turn.intent in ("skip", "deny") or turn.typed.strip().lower() in _NO_REASON:
        return {"requested_reason": ""}
    if turn.asks or (turn.interrupts and turn.intent != "faq"):
        return {}
    return {"requested_reason": turn.typed or None}


def _read_yes(turn: Turn) -> Slots:
    if turn.intent in ("stop", "cancel_appointment"):
        return {}
    corrected = who_corrected(turn)
    if not corrected and plain_yes(turn, partial(_is_asked_for, turn)):
        return {"booking_confirmed": True}
    corrected = corrected or another_time(turn)
    if not corrected and turn.intent in ("other_day", "deny"):
        corrected = {"requested_times": None}
    if not corrected and turn.interrupts:
        return {}
    if not corrected:
        ask_again(turn, "Nothing is sent yet. Please say yes, or name other times.")
    return {"booking_confirmed": None, **corrected}


def _is_asked_for(turn: Turn, wish: Wish) -> bool:
    """Tell whether a wish names nothing but the times that are about to be sent."""
    times = [str(turn.tracker.get_slot("requested_times"))]
    known = read_wishes(times, turn.house.shelf.clinic, turn.now, Wish())
    return isinstance(known, Wish) and known.then(wish) == known


def _request(turn: Turn) -> Events:
    slots, clinic = turn.tracker.slots, turn.house.shelf.clinic
    patient = Patient(
        str(slots["visitor_name"]),
        str(slots["visitor_phone"]),
        str(slots.get("visitor_email") or ""),
    )
    with turn.house.store.unit() as unit:
        open_handoff(
            unit, turn.conversation_id, "appointment_request", "routine", turn.now
        )
        result = request(
            unit,
            clinic,
            turn.conversation_id,
            str(slots["requested_times"]),
            patient,
            turn.now,
            reason=str(slots.get("requested_reason") or ""),
        )
    if isinstance(result, Refused):
        turn.say(REFUSALS.get(result.reason, "I could not send that."))
    else:
        turn.say(
            "Our staff have your request and will call you to settle a time. Nothing "
            f"is booked yet. If it can't wait, call {turn.house.shelf.facts['phone']}.",
            card={
                "kind": "request",
                "title": "Requested",
                "rows": [
                    ["Times", result.request.preferred],
                    ["Name", patient.name],
                    ["Phone", patient.phone],
                    *([["Email", patient.email]] if patient.email else []),
                ],
            },
        )
    return [SlotSet(name, None) for name in _DRAFT]
