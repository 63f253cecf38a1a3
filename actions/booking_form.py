"""The booking form: which opening, who comes, and a last look before it is booked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import Events, ReadsReplies, Turn, perform, reply_to
from actions.offers import OTHER_DAY, WAITLIST, ask_opening, moment, wished
from actions.replies import (
    ANOTHER_DAY,
    Slots,
    another_time,
    ask_again,
    read_address,
    read_number,
    read_who,
    who_corrected,
    wish_slots,
    with_wish,
)
from bot.clinic.booking import Opening, read_opening
from bot.clinic.when import say_day, today
from bot.clinic.wish import Wish
from bot.content.facts import say_money
from bot.desk.booking import Held, OpeningTaken
from bot.desk.course_plans import Series, plan_course, plan_together
from bot.desk.courses import hold_series
from bot.desk.matching import in_words
from bot.desk.wishes import Ambiguous

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
_ANY_DAY = "any day"
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
        return {"chosen_opening_id": None, "wished_time": with_wish(turn, _ANY_DAY)}
    if turn.intent == "join_waitlist":
        return {"chosen_opening_id": WAITLIST}
    for wish in turn.entities("wish") or _meant(turn):
        return {**ANOTHER_DAY, "wished_time": with_wish(turn, wish)}
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


def _meant(turn: Turn) -> list[str]:
    """Return which meaning of the wish a typed "the first one" chooses."""
    which = _WHICH_ONE.match(turn.typed.lower().strip())
    wish = wished(turn) if which else None
    if which is None or not isinstance(wish, Ambiguous):
        return []
    return [f"#{_ORDER[which[1]] % len(wish.options)}"]


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
        again = {"wished_time": with_wish(turn, _ANY_DAY), "booking_confirmed": None}
        return {**ANOTHER_DAY, **again}
    corrected = corrected or another_time(turn)
    if not corrected and turn.interrupts:
        return {}
    if not corrected:
        ask_again(
            turn, "Nothing is booked yet. Please say yes, or what should be different."
        )
    return {"booking_confirmed": None, **corrected}


def _try_again(turn: Turn) -> Slots:
    ask_again(turn, _CHOOSE)
    return {"chosen_opening_id": None, "offered_openings": None}


def _hold(turn: Turn, opening_id: str) -> Slots:
    clinic = turn.house.shelf.clinic
    opening = read_opening(clinic, opening_id)
    if opening is None:
        return _try_again(turn)
    series = _series(turn, opening)
    if series is None:
        turn.say(
            "Our diary does not reach far enough for all of those visits. Would fewer "
            "do, or an earlier start?"
        )
        return {"chosen_opening_id": None}
    with turn.house.store.unit() as unit:
        result = hold_series(
            unit, clinic, turn.conversation_id, series.openings, turn.now
        )
    if isinstance(result, Held):
        ids = [one.id for one in series.openings]
        return {
            "chosen_opening_id": opening_id,
            "series_openings": ids if len(ids) > 1 else None,
        }
    if isinstance(result, OpeningTaken):
        turn.say("Somebody took that time in the meantime. These are the next ones.")
    else:
        turn.say(REFUSALS.get(result.reason, _CHOOSE))
    return {"chosen_opening_id": None}


def _series(turn: Turn, opening: Opening) -> Series | None:
    """Find what is to be booked together with an opening; often only itself."""
    clinic, wish = turn.house.shelf.clinic, wished(turn)
    alone = Series((opening,))
    if turn.tracker.active_loop_name != "booking_form" or isinstance(wish, Ambiguous):
        return alone
    plan = wish.plan(clinic) if wish.together else None
    with turn.house.store.reading() as unit:
        if wish.course is not None:
            found = plan_course(unit, clinic, opening, wish.course, turn.now)
            if found is not None and found.skipped:
                turn.say(_left_out(turn, found.skipped))
            return found
        if plan is not None:
            return plan_together(unit, clinic, opening, plan, wish, turn.now)
    return alone


def _left_out(turn: Turn, skipped: Sequence[date]) -> str:
    clinic = turn.house.shelf.clinic
    this_day = today(turn.now, clinic.zone)
    days = [say_day(day, this_day, clinic.locale) for day in skipped]
    *first, last = days
    listed = f"{', '.join(first)} and {last}" if first else last
    return f"Nothing is free on {listed}, so there is no visit then."


def _ask_confirmed(turn: Turn) -> Events:
    slots, form = turn.tracker.slots, turn.tracker.active_loop_name
    rows = _visit_rows(turn)
    if form == "request_form":
        rows.append(["Times", str(slots["requested_times"])])
    if form != "change_form":  # whose visit it is does not change with its time
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


def _visit_rows(turn: Turn) -> list[list[str]]:
    """Describe what is about to be booked, line by line."""
    clinic, slots = turn.house.shelf.clinic, turn.tracker.slots
    if slots.get("chosen_opening_id") == WAITLIST:
        wish = wished(turn)
        told = in_words(clinic, wish, turn.now) if isinstance(wish, Wish) else ""
        return [["Waitlist", told]]
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
