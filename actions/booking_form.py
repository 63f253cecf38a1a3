"""The booking form: which opening, who comes, and a last look before it is booked."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import Events, ReadsReplies, Turn, perform
from actions.choosing import ANY_DAY, WHICH_DAY, read_choice
from actions.offers import (
    OTHER_DAY,
    WAITLIST,
    ask_opening,
    button,
    moment,
    wished,
)
from actions.replies import (
    ANOTHER_DAY,
    Slots,
    another_time,
    ask_again,
    fill,
    on_one_line,
    plain_yes,
    read_address,
    read_number,
    read_who,
    who_corrected,
    with_wish,
)
from actions.terms import LATE, late_terms
from actions.visits import moving
from bot.clinic.booking import read_opening
from bot.clinic.wish import Wish
from bot.content.facts import say_money
from bot.desk.matching import in_words, meets
from bot.desk.people import say_phone


class ActionAskChosenOpeningId(Action):
    """Offers three openings as buttons."""

    def name(self) -> str:
        """Return the name that Rasa looks for before it asks for the slot."""
        return "action_ask_chosen_opening_id"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Ask which opening it shall be."""
        return await perform(ask_opening, dispatcher, tracker)


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
        return await fill("chosen_opening_id", read_choice, dispatcher, tracker)

    async def extract_visitor_name(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read the name, and the phone number and address if they come along."""
        return await fill("visitor_name", read_who, dispatcher, tracker)

    async def extract_visitor_phone(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read the phone number."""
        return await fill("visitor_phone", read_number, dispatcher, tracker)

    async def extract_visitor_email(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read the e-mail address, or that there is none."""
        return await fill("visitor_email", read_address, dispatcher, tracker)

    async def extract_booking_confirmed(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Read the yes, or a correction of any part."""
        return await fill("booking_confirmed", read_yes, dispatcher, tracker)


def read_yes(turn: Turn) -> Slots:
    """Read a yes; or take a correction and ask again what it leaves open."""
    if turn.intent in ("stop", "cancel_appointment"):
        return {}
    corrected = who_corrected(turn)
    if not corrected and plain_yes(turn, partial(_is_chosen, turn)):
        return {"booking_confirmed": True}
    if turn.intent == "other_day":
        turn.say(WHICH_DAY)
        again = {"wished_time": with_wish(turn, ANY_DAY), "booking_confirmed": None}
        return {**ANOTHER_DAY, **again}
    corrected = corrected or another_time(turn)
    if not corrected and turn.interrupts:
        return {}
    if not corrected:
        ask_again(
            turn, "Nothing is booked yet. Please say yes, or what should be different."
        )
    return {"booking_confirmed": None, **corrected}


def _is_chosen(turn: Turn, wish: Wish) -> bool:
    """Tell whether a wish names nothing but what is about to be booked."""
    clinic, known = turn.house.shelf.clinic, wished(turn)
    opening = read_opening(clinic, str(turn.tracker.get_slot("chosen_opening_id")))
    if opening is None:  # the waitlist
        return isinstance(known, Wish) and known.then(wish) == known
    return meets(clinic, wish, opening) and wish.course in (
        None,
        known.course if isinstance(known, Wish) else None,
    )


def _ask_confirmed(turn: Turn) -> Events:
    slots, form = turn.tracker.slots, turn.tracker.active_loop_name
    rows = _visit_rows(turn)
    if form == "request_form":
        rows.append(["Times", on_one_line(str(slots["requested_times"]))])
        if reason := str(slots.get("requested_reason") or ""):
            rows.append(["About", on_one_line(reason)])
    if form != "change_form":  # whose visit it is does not change with its time
        rows += [
            [name, said]
            for name, said in (
                ("Name", slots.get("visitor_name")),
                ("Phone", say_phone(slots.get("visitor_phone") or "")),
                ("Email", slots.get("visitor_email")),
            )
            if said
        ]
    said_back = "\n".join(f"{name}: {value}" for name, value in rows)
    visit = moving(turn)
    terms = late_terms(turn, [visit] if visit else [], "Your visit now")
    yes = button("confirm", answer=LATE) if terms else "/confirm"
    asked = f"{terms} Is it right?".strip()
    turn.say(
        f"Please check this before I write it down.\n{said_back}\n{asked}",
        [("Yes, that's right", yes), OTHER_DAY, ("Leave it", "/stop")],
    )
    return []


def _visit_rows(turn: Turn) -> list[list[str]]:
    """Describe what is about to be booked, line by line."""
    clinic, slots = turn.house.shelf.clinic, turn.tracker.slots
    if slots.get("chosen_opening_id") == WAITLIST:
        wish = wished(turn)
        if not isinstance(wish, Wish):
            return []
        one = "one visit, " if wish.course or wish.together else ""
        single = replace(wish, course=None, together=False)
        return [["Waitlist", f"{one}{in_words(clinic, single, turn.now)}"]]
    ids = slots.get("series_openings") or [slots.get("chosen_opening_id") or ""]
    openings = [one for one in (read_opening(clinic, each) for each in ids) if one]
    if not openings:
        return []
    first = openings[0]
    names = dict.fromkeys(clinic.treatments[one.treatment_id].name for one in openings)
    people = dict.fromkeys(
        clinic.practitioners[one.practitioner_id].name for one in openings
    )
    places = dict.fromkeys(clinic.places[one.place_id].name for one in openings)
    whens = [moment(turn, one) for one in openings]
    numbered = [[f"Visit {n}", when] for n, when in enumerate(whens, start=1)]
    price = clinic.treatments[first.treatment_id].price
    return [
        ["What", ", then ".join(names)],
        *(numbered if len(openings) > 1 else [["When", whens[0]]]),
        ["With", " and ".join(people)],
        ["Where", " and ".join(places)],
        *([["Price", say_money(clinic, price)]] if price and len(names) == 1 else []),
    ]
