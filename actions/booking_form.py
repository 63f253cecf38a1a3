"""The booking form: which opening, who comes, and a last look before it is booked."""

from __future__ import annotations

import json
import re
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import Events, ReadsReplies, Turn, perform, reply_to
from actions.replies import (
    ANOTHER_DAY,
    Slots,
    another_time,
    read_address,
    read_number,
    read_who,
    who_corrected,
    wish_slots,
)
from bot.clinic.booking import Opening, read_opening
from bot.clinic.when import say_moment
from bot.clinic.wish import Wish
from bot.desk.booking import Held, OpeningTaken, hold
from bot.desk.openings import offer
from bot.desk.wishes import read_wish

MORE = ("Other times", "/more_openings")
OTHER_DAY = ("Another day", "/other_day")
REFUSALS = {
    "too_soon": "That is too soon for us to get ready.",
    "too_far": "That is further ahead than our diary goes.",
    "outside_hours": "We are not open then.",
    "too_many": (
        "You already have as many visits ahead as I may book. Our staff can book more."
    ),
    "too_late": "That visit has already begun.",
    "unknown": "I can't find that visit in this conversation.",
    "no_self_booking": "Our staff arrange visits by hand here.",
}
"""What is said for a `Refused.reason` of the desk."""

_CHOOSE = 'Please choose one of the times, or tell me a day, like "Thursday after 5".'
_WHICH_DAY = 'Which day would suit you? For example "Thursday after 5" or "next week".'


class ActionAskChosenOpeningId(Action):
    """Offers three openings as buttons."""

    def name(self) -> str:
        """Return the name that Rasa looks for before it asks for the slot."""
        return "action_ask_chosen_opening_id"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Ask which opening it shall be."""
        return await perform(_ask_opening, dispatcher, tracker)


class ActionAskBookingConfirmed(Action):
    """Says everything back before anything is written."""

    def name(self) -> str:
        """Return the name that Rasa looks for before it asks for the slot."""
        return "action_ask_booking_confirmed"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Ask whether it is right."""
        return await perform(_ask_confirmed, dispatcher, tracker)


class ValidateBookingForm(ReadsReplies, FormValidationAction):
    """Reads what a visitor types or presses in the booking form."""

    def name(self) -> str:
        """Return the form's validation action."""
        return "validate_booking_form"

    async def extract_chosen_opening_id(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read which opening is meant, or another wish."""
        return await reply_to("chosen_opening_id", read_choice, dispatcher, tracker)

    async def extract_visitor_name(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read the name, and the phone number and address if they come along."""
        return await reply_to("visitor_name", read_who, dispatcher, tracker)

    async def extract_visitor_phone(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read the phone number."""
        return await reply_to("visitor_phone", read_number, dispatcher, tracker)

    async def extract_visitor_email(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read the e-mail address, or that there is none."""
        return await reply_to("visitor_email", read_address, dispatcher, tracker)

    async def extract_booking_confirmed(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read the yes, or a correction of any part."""
        return await reply_to("booking_confirmed", read_yes, dispatcher, tracker)


def read_choice(turn: Turn) -> Slots:
    """Read which opening is chosen, and hold it; or read another wish."""
    if turn.intent == "more_openings":
        return {"chosen_opening_id": None}
    if turn.intent == "other_day":
        turn.say(_WHICH_DAY)
        return {"chosen_opening_id": None, "wished_time": None}
    for chosen in turn.entities("opening") or _named(turn):
        return _hold(turn, chosen)
    if turn.interrupts and turn.intent != "faq":
        return {}
    return wish_slots(turn) or ({} if turn.interrupts else _try_again(turn))


_ORDER = {"first": 0, "1st": 0, "second": 1, "2nd": 1, "third": 2, "3rd": 2, "last": -1}
_WHICH_ONE = re.compile(
    r"^(?:the |option |number )?(first|second|third|1st|2nd|3rd|last)"
    r"(?: one| option| time)?(?: please| then)?[.!]?$"
)
_AT_TIME = re.compile(
    r"^(?:the |at )?(\d{1,2})(?:[:.](\d\d))?(?: ?[ap]m)?"
    r"(?: one| then| please| works| is fine| is good)*[.!]?$"
)


def _named(turn: Turn) -> list[str]:
    """Return the offered opening that a typed "the second one" or "5:30" means."""
    pages: list[list[str]] = turn.tracker.get_slot("offered_openings") or []
    offered = pages[-1] if pages else []
    text = turn.typed.lower().strip()
    if which := _WHICH_ONE.match(text):
        return offered[_ORDER[which[1]] :][:1]
    if at := _AT_TIME.match(text):
        clock = (int(at[1]) % 12, int(at[2] or 0))
        fitting = [one for one in offered if _clock(turn, one) == clock]
        return fitting if len(fitting) == 1 else []
    return []


def _clock(turn: Turn, opening_id: str) -> tuple[int, int] | None:
    """Return the hour (of twelve) and minute at which an opening begins here."""
    clinic = turn.house.shelf.clinic
    opening = read_opening(clinic, opening_id)
    if opening is None:
        return None
    local = opening.starts_at.astimezone(clinic.zone)
    return local.hour % 12, local.minute


def read_yes(turn: Turn) -> Slots:
    """Read a yes; or take a correction and ask again what it leaves open."""
    if turn.intent in ("stop", "cancel_appointment"):
        return {}
    corrected = who_corrected(turn)
    if not corrected and turn.intent in ("confirm", "affirm"):
        return {"booking_confirmed": True}
    if turn.intent == "other_day":
        turn.say(_WHICH_DAY)
        return {**ANOTHER_DAY, "booking_confirmed": None}
    corrected = corrected or another_time(turn)
    if not corrected and turn.interrupts:
        return {}
    if not corrected:
        turn.say("Nothing is booked yet. Please say yes, or what should be different.")
    return {"booking_confirmed": None, **corrected}


def _try_again(turn: Turn) -> Slots:
    turn.say(_CHOOSE)
    return {"chosen_opening_id": None, "offered_openings": None}


def _hold(turn: Turn, opening_id: str) -> Slots:
    clinic = turn.house.shelf.clinic
    opening = read_opening(clinic, opening_id)
    if opening is None:
        return _try_again(turn)
    with turn.house.store.unit() as unit:
        result = hold(unit, clinic, turn.conversation_id, opening, turn.now)
    if isinstance(result, Held):
        return {"chosen_opening_id": opening_id}
    if isinstance(result, OpeningTaken):
        turn.say("Somebody took that time in the meantime. These are the next ones.")
    else:
        turn.say(REFUSALS.get(result.reason, _CHOOSE))
    return {"chosen_opening_id": None}


def _ask_opening(turn: Turn) -> Events:
    if turn.intent == "other_day":
        return []  # the day was just asked for
    pages: list[list[str]] = turn.tracker.get_slot("offered_openings") or []
    if turn.intent != "more_openings":
        pages = pages[:-1]  # after a question in between, the same times again
    text = turn.tracker.get_slot("wished_time") or ""
    wish = read_wish(text, turn.house.shelf.clinic, turn.now) if text else None
    asked = wish if isinstance(wish, Wish) else Wish()
    found, words = _find(turn, asked, [one for page in pages for one in page])
    if not found:
        turn.say(
            "I have nothing else free that fits. You can name another day, or ask for "
            "a person.",
            [OTHER_DAY, ("Talk to a person", "/talk_to_human")],
        )
        return []
    buttons = [
        (label(turn, opening), _payload("choose_opening", opening=opening.id))
        for opening in found
    ]
    hint = {"kind": "openings", "parts": [_parts(turn, opening) for opening in found]}
    turn.say(words, [*buttons, MORE, OTHER_DAY], hint=hint)
    return [SlotSet("offered_openings", [*pages, [one.id for one in found]])]


def _find(turn: Turn, wish: Wish, seen: list[str]) -> tuple[list[Opening], str]:
    """Find what suits, or else what comes nearest, and the words for it."""
    clinic = turn.house.shelf.clinic
    steps = (
        (wish, "These times are free. Which one suits you?"),
        (wish.any_hour(), "Not at that hour, but these are free:"),
        (wish.anytime(), "I have nothing then. The next free times are:"),
    )
    with turn.house.store.reading() as unit:
        for step, words in steps:
            found = offer(unit, clinic, step, turn.now, seen=seen)
            if found:
                return found, words
    return [], ""


def label(turn: Turn, opening: Opening) -> str:
    """Name an opening on a button: when, and with whom."""
    clinic = turn.house.shelf.clinic
    who = clinic.practitioners[opening.practitioner_id].name
    return f"{moment(turn, opening)}, {who}"


def _parts(turn: Turn, opening: Opening) -> list[str]:
    """Return the day, the time and the practitioner, for a picker."""
    clinic = turn.house.shelf.clinic
    day, _, time = moment(turn, opening).rpartition(" at ")
    return [day, time, clinic.practitioners[opening.practitioner_id].name]


def moment(turn: Turn, opening: Opening) -> str:
    """Say when an opening begins, in the clinic's own time."""
    clinic = turn.house.shelf.clinic
    return say_moment(opening.starts_at, clinic.zone, turn.now, clinic.locale)


def _ask_confirmed(turn: Turn) -> Events:
    slots = turn.tracker.slots
    rows = []
    if turn.tracker.active_loop_name == "request_form":
        rows.append(["Times", str(slots["requested_times"])])
    opening = read_opening(
        turn.house.shelf.clinic, str(slots.get("chosen_opening_id") or "")
    )
    if opening:
        clinic = turn.house.shelf.clinic
        rows += [
            ["What", clinic.treatments[opening.treatment_id].name],
            ["When", moment(turn, opening)],
            ["With", clinic.practitioners[opening.practitioner_id].name],
            ["Where", clinic.places[opening.place_id].name],
        ]
    rows += [
        [name, str(slots[slot])]
        for name, slot in (
            ("Name", "visitor_name"),
            ("Phone", "visitor_phone"),
            ("Email", "visitor_email"),
        )
        if slots.get(slot)
    ]
    said_back = "\n".join(f"{name}: {value}" for name, value in rows)
    turn.say(
        f"Please check this before I write it down.\n{said_back}\nIs it right?",
        [("Yes, that's right", "/confirm"), OTHER_DAY, ("Leave it", "/stop")],
    )
    return []


def _payload(intent: str, **entities: str) -> str:
    return f"/{intent}{json.dumps(entities)}"
