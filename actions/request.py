"""For a clinic that arranges visits by hand: a request that staff answer."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import Events, ReadsReplies, Turn, perform
from actions.choosing import REFUSALS
from actions.replies import (
    Slots,
    another_time,
    ask_again,
    fill,
    on_one_line,
    plain_yes,
    read_number,
    read_who,
    requested_times,
    who_corrected,
)
from bot.clinic.booking import Patient
from bot.clinic.mentions import Phrases
from bot.clinic.replies import is_none, is_only_agreement
from bot.clinic.wish import Wish
from bot.desk.booking import Refused, upcoming
from bot.desk.handoff import open_handoff
from bot.desk.people import plainly_a_name, read_contact, say_phone
from bot.desk.requests import request
from bot.desk.wish_reason import told_apart
from bot.desk.wishes import Ambiguous, read_wish, read_wishes

_DRAFT = ("requested_times", "requested_reason", "booking_confirmed")
_ASKS_BACK = re.compile(
    r"^\W*\w*\s*\?+$"
    r"|^\W*(?:(?:h+m+|um+|sorry|well|but|and|wait)\b\W*)*"
    r"(?:what|how|why|who|huh)\b(?! about)",
    re.IGNORECASE,
)


class ValidateRequestForm(ReadsReplies, FormValidationAction):
    """Reads what a visitor types in the request form."""

    def name(self) -> str:
        """Return the form's validation action."""
        return "validate_request_form"

    async def extract_requested_times(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Take the times in the visitor's own words."""
        return await fill("requested_times", _read_times, dispatcher, tracker)

    async def extract_requested_reason(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Take what it is about in the visitor's own words, or that they skip it."""
        return await fill("requested_reason", _read_reason, dispatcher, tracker)

    async def extract_visitor_name(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read the name."""
        return await fill("visitor_name", read_who, dispatcher, tracker)

    async def extract_visitor_phone(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read the phone number."""
        return await fill("visitor_phone", read_number, dispatcher, tracker)

    async def extract_booking_confirmed(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read the yes, or a correction of any part."""
        return await fill("booking_confirmed", _read_yes, dispatcher, tracker)


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
    """Keep times as they were typed, also where only a person can read them."""
    if turn.interrupts and (turn.intent != "faq" or _only_asks(turn)):
        return {}
    if read := requested_times(turn):
        return _with_reason(turn, read)
    no_times = turn.means_something_else or _ASKS_BACK.search(turn.typed)
    return {"requested_times": None if no_times else turn.typed or None}


def _with_reason(turn: Turn, read: Slots) -> Slots:
    """Put what is told beside the times where it belongs, if nothing is there yet."""
    if read["requested_times"] != turn.typed or turn.tracker.get_slot(
        "requested_reason"
    ):
        return read
    clinic = turn.house.shelf.clinic
    times, reason = told_apart(turn.typed, clinic, turn.now, complaints(turn))
    more = {} if reason is None else {"requested_reason": reason}
    return {"requested_times": times, **more}


def complaints(turn: Turn) -> Phrases:
    """Return what people come with: parts of the body, and what the clinic treats."""
    shelf = turn.house.shelf
    words = shelf.protocol.questionnaire.questions["site"].words
    return {**words, "treated": shelf.clinic.conditions}


def _only_asks(turn: Turn) -> bool:
    """Tell whether it is surely a question, and names no day and no hour."""
    if not turn.means_something_else:
        return False
    read = read_wish(turn.typed, turn.house.shelf.clinic, turn.now)
    if isinstance(read, Wish):
        return not read.says_when
    return not isinstance(read, Ambiguous)


def _read_reason(turn: Turn) -> Slots:
    """Keep a few words; staff read them, and nobody else is told."""
    if turn.intent == "skip" or is_none(turn.typed) or turn.typed.strip() == "-":
        return {"requested_reason": ""}
    if turn.asks or (turn.interrupts and turn.intent != "faq"):
        return {}
    if told := _only_who(turn):
        return {"requested_reason": None, **told}
    if turn.intent == "affirm" or is_only_agreement(turn.typed):
        return {"requested_reason": None}
    asks_back = _ASKS_BACK.search(turn.typed) and not turn.means_something_else
    return {"requested_reason": None if asks_back else turn.typed or None}


def _only_who(turn: Turn) -> Slots:
    """Read who comes, where a reply says that and nothing else."""
    contact = read_contact(turn.typed, turn.house.shelf.clinic.country)
    reached = contact.phone or contact.email
    if not reached or (contact.name and not plainly_a_name(contact.name)):
        return {}
    return {slot: told for slot, told in read_who(turn).items() if told}


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
    times = str(turn.tracker.get_slot("requested_times")).splitlines()
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
        ahead = upcoming(unit, turn.conversation_id, turn.now)
    if isinstance(result, Refused):
        turn.say(REFUSALS.get(result.reason, "I could not send that."))
    else:
        so_far = "What you have booked stands" if ahead else "Nothing is booked yet"
        turn.say(
            "Our staff have your request and will call you to settle a time. "
            f"{so_far}. If it can't wait, call {turn.house.shelf.facts['phone']}.",
            card={
                "kind": "request",
                "title": "Requested",
                "rows": [
                    ["Times", on_one_line(result.request.preferred)],
                    ["Name", patient.name],
                    ["Phone", say_phone(patient.phone)],
                    *([["Email", patient.email]] if patient.email else []),
                ],
            },
        )
    return [SlotSet(name, None) for name in _DRAFT]
