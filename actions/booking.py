"""Begins a booking, and writes it into the diary when the form is complete."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import PERSON, Events, Turn, perform
from actions.choosing import REFUSALS
from actions.kept_wish import MUCH, say_back
from actions.moving import begin_move
from actions.offers import WAITLIST, wished
from actions.replies import (
    ONE_PERSON,
    said_in_full,
    said_now,
    told_who,
    wish_slots,
)
from actions.request import complaints
from actions.screens import channel_of, close_what_was_left
from actions.standing import ask_about_another
from actions.visits import course_file, visit_card
from bot.clinic.booking import Appointment, Patient, read_opening
from bot.clinic.screened import May
from bot.clinic.wish import Wish
from bot.content.pointed import leaning_on
from bot.desk.booking import OpeningTaken, Refused, upcoming
from bot.desk.courses import SeriesBooked, book_series
from bot.desk.may_book import gate_due
from bot.desk.people import brings_somebody, for_another
from bot.desk.screening import current_screen, may_book, start
from bot.desk.telling import card_of_several
from bot.desk.waiting import wait
from bot.desk.wish_alone import wish_alone
from bot.desk.wish_reason import reason_in, told_apart
from bot.desk.wishes import (
    Ambiguous,
    Unworkable,
    read_wish,
    words_of,
)

_CHOSEN = ("chosen_opening_id", "series_openings", "booking_confirmed")
_FRESH = (
    "chosen_opening_id",
    "series_openings",
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
        return await perform(_begin_or_add, dispatcher, tracker)


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


def _begin_or_add(turn: Turn) -> Events:
    went_on = ask_about_another(turn)
    went_on = begin_move(turn) if went_on is None else went_on
    return begin(turn) if went_on is None else went_on


def begin(turn: Turn, wish: str | None = None) -> Events:
    """Go on with whatever stands between the visitor and a visit.

    Args:
        wish: what was said before about the time; None reads this message.
    """
    known = wish_slots(turn, fresh=True) if wish is None else {"wished_time": wish}
    fresh: Events = [SlotSet(name, known.get(name)) for name in _FRESH]
    fresh += [SlotSet(name, value) for name, value in told_who(turn).items()]
    if not turn.house.shelf.clinic.policy.self_booking:
        return [*fresh, *_asked_of_staff(turn, known.get("wished_time"))]
    if (refused := for_somebody_else(turn)) is not None:
        return [*fresh, *refused]
    close_what_was_left(turn)
    if brings_somebody(turn.typed):
        turn.say(ONE_PERSON)
    with turn.house.store.reading() as unit:
        permission = may_book(unit, turn.conversation_id, turn.now)
        lets = permission.may in (May.OK, May.PENDING)
        later = lets and gate_due(unit, turn.conversation_id, turn.now)
    if permission.may is May.LOCKED:
        turn.say(
            "I can't book a visit for you here, because of something you told me "
            "about your health. A person at the clinic can look at it with you.",
            [PERSON],
        )
        return fresh
    if later or permission.may is May.SCREENING_NEEDED:
        ask_first(turn, say_back(turn, known.get("wished_time")), later=later)
        wanted = SlotSet("booking_wanted", True)
        return [*fresh, wanted, FollowupAction("screening_form")]
    return [*fresh, FollowupAction("booking_form")]


def for_somebody_else(turn: Turn) -> Events | None:
    """Say who can book for somebody else, where this chat is one person's already.

    Their name and their answers must not stand for another's.

    Returns:
        None where the message asks for nothing like that, or nobody is known yet.
    """
    if not (for_another(turn.typed) or brings_somebody(turn.typed)):
        return None
    clinic = turn.house.shelf.clinic
    if not clinic.policy.self_booking:
        return None
    with turn.house.store.reading() as unit:
        permission = may_book(unit, turn.conversation_id, turn.now)
        ahead = upcoming(unit, turn.conversation_id, turn.now)
    if permission.may is May.SCREENING_NEEDED and not ahead:
        return None
    turn.say(
        "This chat books for one person, because the safety questions were answered "
        "for them. For somebody else there are two ways: they open a chat of their "
        "own, on their own phone for example, or our staff book it for you, here or at "
        f"{clinic.phone}.",
        [("Ask our staff to book it", "/talk_to_human")],
    )
    return []


def ask_first(turn: Turn, noted: str, *, later: bool) -> None:
    """Say what must be asked before a time can be found, and begin it.

    Args:
        noted: says back what is wished.
        later: an earlier result still counts, so that two questions are enough.
    """
    with turn.house.store.unit() as unit:
        protocol = turn.house.shelf.protocol
        going = current_screen(unit, turn.conversation_id, protocol, turn.now)
        if later:
            channel = channel_of(turn, unit)
            start(
                unit,
                turn.conversation_id,
                channel,
                protocol,
                turn.now,
                before_visit=True,
            )
            unit.commit()
    if going:
        turn.say(f"{noted} First let us go on with the safety questions where we were.")
    elif later:
        turn.say(
            f"{noted} Before another visit I ask two things again: the emergency "
            "signs, and whether anything is new."
        )
    else:
        turn.say(
            f"{noted} First I ask some safety questions: about a dozen short screens, "
            "most of them one tap. Then we find a time."
        )


def begin_with_wish(turn: Turn) -> Events | None:
    """Begin a booking where somebody names a time before anybody asked for one.

    Returns:
        None where the message says anything else, or leans on the question before.
    """
    clinic = turn.house.shelf.clinic
    if not turn.typed or leaning_on(turn.typed, turn.topic_before, clinic, turn.now):
        return None
    words = said_in_full(turn)
    read = wish_alone(words, clinic, turn.now) or _likely_wish(turn)
    if isinstance(read, Unworkable):
        turn.say(read.reason, [("Book a visit", "/book_appointment")])
        return []
    return begin(turn, said_now(turn)) if read else None


def _likely_wish(turn: Turn) -> Wish | Ambiguous | None:
    """Read a wish where a visit is the likeliest thing meant, or much is said of one.

    "Physio twice a week for three weeks, somebody who speaks Kannada" is no small talk.
    """
    read = read_wish(said_in_full(turn), turn.house.shelf.clinic, turn.now)
    if isinstance(read, Ambiguous):
        return read if turn.wants_a_visit else None
    if not isinstance(read, Wish):
        return None
    parts = read.parts + bool(read.course) + bool(read.most)
    likely = turn.wants_a_visit and read.says_when
    return read if likely or (parts >= MUCH and not turn.questions) else None


def _asked_of_staff(turn: Turn, wish: str | None) -> Events:
    """Go on to the request, with the times that were named already."""
    if wish:
        turn.say("Our staff arrange visits by hand. I pass on the times you named.")
    another: Events = []
    if for_another(turn.typed) and not told_who(turn).get("visitor_name"):
        turn.say("I ask for the name of whoever comes.")
        another = [SlotSet("visitor_name", None)]
    told = " ".join(words_of(line) for line in (wish or "").splitlines())
    words, clinic = complaints(turn), turn.house.shelf.clinic
    times, reason = told_apart(told, clinic, turn.now, words)
    if not wish:
        reason = reason_in(turn.typed, words) or None
    return [
        *another,
        SlotSet("requested_times", times or None),
        SlotSet("requested_reason", reason),
        FollowupAction("request_form"),
    ]


def _book(turn: Turn) -> Events:
    clinic, slots = turn.house.shelf.clinic, turn.tracker.slots
    patient = Patient(
        name=str(slots["visitor_name"]),
        phone=str(slots["visitor_phone"]),
        email=str(slots["visitor_email"] or ""),
    )
    wish = wished(turn)
    if slots["chosen_opening_id"] == WAITLIST:
        return _wait(turn, patient)
    ids = slots.get("series_openings") or [slots["chosen_opening_id"]]
    openings = [one for one in (read_opening(clinic, str(each)) for each in ids) if one]
    if len(openings) < len(ids):
        return [SlotSet("chosen_opening_id", None), FollowupAction("booking_form")]
    course = wish.course if isinstance(wish, Wish) and len(openings) > 1 else None
    with turn.house.store.unit() as unit:
        result = book_series(
            unit, clinic, turn.conversation_id, openings, patient, turn.now, course
        )
    if isinstance(result, SeriesBooked):
        say_booked(turn, *result.appointments)
        return _done()
    again = [SlotSet(name, None) for name in _CHOSEN]
    if isinstance(result, OpeningTaken):
        turn.say("I'm sorry, somebody took that time in the meantime. Nothing is lost.")
        return [*again, FollowupAction("booking_form")]
    if result.reason in ("screening_needed", "locked"):
        return begin(turn, str(slots.get("wished_time") or ""))
    turn.say(REFUSALS[result.reason], [PERSON])
    return again


def _done() -> Events:
    return [SlotSet(name, None) for name in (*_FRESH, "booking_wanted")]


def _wait(turn: Turn, patient: Patient) -> Events:
    wish = wished(turn)
    if isinstance(wish, Ambiguous):
        return [SlotSet("chosen_opening_id", None), FollowupAction("booking_form")]
    with turn.house.store.unit() as unit:
        result = wait(unit, turn.conversation_id, wish, patient, turn.now)
    if isinstance(result, Refused):
        turn.say("You are on the waitlist for several times already.")
    else:
        turn.say(
            "You are on the waitlist. When a time becomes free that suits you, I write "
            "here and keep it for you for 15 minutes; never at night.",
            [("Take me off the list", "/leave_waitlist")],
        )
    return _done()


def say_booked(turn: Turn, *visits: Appointment) -> None:
    """Say what now stands in the diary, and how to undo it."""
    clinic, first = turn.house.shelf.clinic, visits[0]
    pending = first.status == "pending"
    what = "this time" if len(visits) == 1 else f"these {len(visits)} times"
    words = (
        f"I'm holding {what} for you. A practitioner looks at your answers first, "
        "and you will hear from us here."
        if pending
        else "Your visit is booked."
        if len(visits) == 1
        else f"Your {len(visits)} visits are booked."
    )
    title = "Held for you" if pending else "Booked"
    turn.say(
        f"{words} {what_next(turn, first)}",
        card=visit_card(turn, first)
        if len(visits) == 1
        else card_of_several(clinic, visits, title, turn.now, course_file(turn, first)),
    )


def what_next(turn: Turn, visit: Appointment) -> str:
    """Say how to prepare for a visit, and how to undo it."""
    preparation = turn.house.shelf.clinic.treatments[visit.treatment_id].preparation
    undo = "To change or cancel, just tell me here."
    mailed = visit.patient_email and turn.house.settings.smtp_url
    also = "You get it by e-mail as well." if mailed else ""
    return " ".join(part for part in (preparation, undo, also) if part)
