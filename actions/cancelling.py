"""Cancelling a visit: which one, under which terms, and only after a yes."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import PERSON, Events, Turn, leave_form, perform
from actions.after_alarm import keep_to_the_advice
from actions.appointments import (
    none_here,
    visit_buttons,
)
from actions.choosing import REFUSALS
from actions.handoff import stop
from actions.moving import DRAFT, named_visit, visit_on
from actions.replies import says_but
from actions.screening import go_on_with_questions
from actions.taking_back import names_a_request, requests_waiting, take_back
from actions.terms import LATE, knows_terms, last_offered, late_terms
from actions.visits import times_of, visits_ahead
from bot.clinic.booking import Appointment, AppointmentRequest
from bot.desk.booking import Refused, cancel
from bot.desk.telling import card

_PRESS = "/cancel_this"
_SAYS_YES = re.compile(
    r"(?:yes|yeah|yep|yup|sure|ok|okay|please do|do it|go ahead)\b", re.IGNORECASE
)


class ActionBeginCancel(Action):
    """Asks which visit shall be cancelled, and says what the clinic's terms are."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_begin_cancel"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `cancel_appointment`; nothing is cancelled yet.

        While a visit is being booked it means: leave that.
        """
        return await perform(_begin_cancel, dispatcher, tracker)


class ActionCancel(Action):
    """Cancels the visit whose button was pressed."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_cancel"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `cancel_this`."""
        return await perform(_cancel_pressed, dispatcher, tracker)


class ActionAffirm(Action):
    """Takes a typed yes to the question whether to cancel a visit."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_affirm"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `affirm` outside a form."""
        return await perform(_affirm, dispatcher, tracker)


def _begin_cancel(turn: Turn) -> Events:
    if turn.tracker.active_loop_name not in (None, "change_form"):
        return stop(turn)
    asked = _asked_about(turn)
    yes = _SAYS_YES.match(turn.typed.strip()) and not says_but(turn)
    if len(asked) == 1 and yes:
        return _cancel(turn, asked[0])
    ahead, waiting = visits_ahead(turn), requests_waiting(turn)
    if waiting and names_a_request(turn):
        take_back(turn)
        return leave_form()
    if waiting and not ahead:
        _ask_about_request(turn, waiting)
        return leave_form()
    if not ahead:
        none_here(turn)
        return leave_form()
    meant = named_visit(turn, ahead) or visit_on(turn, ahead)
    _ask(turn, [meant] if meant else ahead)
    return leave_form(*DRAFT, "appointment_id")


def _ask(turn: Turn, ahead: list[Appointment]) -> None:
    terms = late_terms(turn, ahead)
    buttons = visit_buttons(
        turn, ahead, "cancel_this", **({"answer": LATE} if terms else {})
    )
    if len(ahead) == 1:
        ((when, press),) = buttons
        question, buttons = f"Shall I cancel your visit {when}?", [("Cancel it", press)]
    else:
        question = "Which visit shall I cancel?"
    turn.say(f"{question} {terms}".strip(), [*buttons, ("Keep it", "/deny")])


def _ask_about_request(turn: Turn, waiting: Sequence[AppointmentRequest]) -> None:
    press = f"{_PRESS}{json.dumps({'appointment': waiting[0].id})}"
    turn.say(
        f"Our staff have not answered your request yet ({times_of(waiting)}). Shall I "
        "take it back?",
        [("Take it back", press), ("Keep it", "/deny")],
    )


def _affirm(turn: Turn) -> Events:
    asked = _asked_about(turn)
    if len(asked) == 1 and not says_but(turn):
        return _cancel(turn, asked[0])
    ahead = [one for one in visits_ahead(turn) if one.id in asked]
    if any(one.id in asked for one in requests_waiting(turn)):
        _ask_about_request(turn, requests_waiting(turn))
        return []
    if ahead:  # a yes to "which one?" names none, and "yes, but" is no yes
        _ask(turn, ahead)
        return []
    if keep_to_the_advice(turn):
        return []
    if (went_on := go_on_with_questions(turn)) is not None:
        return went_on
    turn.dispatcher.utter_message(response="utter_affirm")
    return []


def _asked_about(turn: Turn) -> list[str]:
    """Return the visits or requests that the last message offers to cancel."""
    return [
        str(json.loads(payload.removeprefix(_PRESS))["appointment"])
        for payload in last_offered(turn)
        if payload.startswith(_PRESS)
    ]


def _cancel_pressed(turn: Turn) -> Events:
    for chosen in turn.entities("appointment"):
        _cancel(turn, chosen)
    return []


def _cancel(turn: Turn, appointment_id: str) -> Events:
    if any(one.id == appointment_id for one in requests_waiting(turn)):
        take_back(turn)
        return []
    clinic, knows = turn.house.shelf.clinic, knows_terms(turn)
    with turn.house.store.unit() as unit:
        result = cancel(
            unit,
            clinic,
            turn.conversation_id,
            appointment_id,
            turn.now,
            knows_terms=knows,
        )
    if result == Refused("late"):
        _ask(turn, [one for one in visits_ahead(turn) if one.id == appointment_id])
    elif isinstance(result, Refused):
        turn.say(REFUSALS.get(result.reason, REFUSALS["unknown"]), [PERSON])
    else:
        turn.say(
            "That visit is cancelled and the time is free again. You can book another "
            "one whenever you like.",
            [("Book a visit", "/book_appointment")],
            card=card(clinic, result.appointment, "Cancelled", turn.now),
        )
    return []
