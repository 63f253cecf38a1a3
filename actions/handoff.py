"""Gives the conversation to a person, and lets a visitor leave what was begun."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import Events, Turn, leave_form, perform
from actions.choosing import other_people
from actions.letters import end_reminders
from actions.replies import told_who
from actions.screening import go_on_with_questions
from actions.screens import leave_questions
from actions.taking_back import add, names_a_request, requests_waiting, take_back
from actions.visits import waiting_words
from bot.clinic.handoff import Priority, Reason
from bot.clinic.letters import about_reminders
from bot.desk.handoff import open_handoff

ASKS_FOR_A_CALL = re.compile(
    r"\b(?:call|ring|phone|text) (?:me|back|us)\b|\bcallback\b", re.IGNORECASE
)


class ActionHandOver(Action):
    """Puts the conversation into the staff's queue because the visitor asked."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_hand_over"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `talk_to_human`."""
        return await perform(_hand_over, dispatcher, tracker)


class ActionComplaint(Action):
    """Puts a complaint before a person."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_complaint"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `complaint`."""
        return await perform(_complaint, dispatcher, tracker)


class ActionStop(Action):
    """Closes what was begun; answers given so far can be taken up again."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_stop"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `stop`."""
        return await perform(stop, dispatcher, tracker)


def _hand_over(turn: Turn) -> Events:
    if others := other_people(turn):
        form = FollowupAction(turn.tracker.active_loop_name)
        return [*(SlotSet(slot, value) for slot, value in others.items()), form]
    if turn.tracker.active_loop_name == "screening_form":
        leave_questions(turn)
    asks_for_a_call = ASKS_FOR_A_CALL.search(turn.typed)
    if asks_for_a_call and requests_waiting(turn):
        return [*leave_form(), *add(turn)]
    _queue(turn, "asked_for_a_person", "routine")
    told = told_who(turn)
    known = told.get("visitor_phone") or turn.tracker.get_slot("visitor_phone")
    turn.say(
        "I have put this conversation into our staff's queue. " + waiting_words(turn)
    )
    if asks_for_a_call and not known:
        turn.say("Which number may they call? You can write it here.")
    return [*leave_form(), *(SlotSet(slot, value) for slot, value in told.items())]


def _complaint(turn: Turn) -> Events:
    if turn.tracker.active_loop_name == "screening_form":
        leave_questions(turn)
    _queue(turn, "complaint", "urgent")
    turn.say(
        "I'm sorry. A person should hear this, so I have put this conversation in "
        "front of our staff. Please add anything you want them to know. "
        + waiting_words(turn)
    )
    return leave_form()


def stop(turn: Turn) -> Events:
    """Close whatever form is open and let go of the time that it held.

    "Stop reminding me" ends the reminders instead.
    """
    if about_reminders(turn.typed):
        end_reminders(turn)
        return leave_form()
    if (went_on := go_on_with_questions(turn)) is not None:
        return went_on  # "continue" sounds like an end to the model
    busy = bool(turn.tracker.active_loop_name)
    if not busy and names_a_request(turn) and requests_waiting(turn):
        take_back(turn)
        return []
    if turn.tracker.active_loop_name == "screening_form":
        return _stop_questions(turn)
    if busy:
        with turn.house.store.unit() as unit:
            unit.bookings.drop_holds(turn.conversation_id)
            unit.commit()
    turn.say(
        "All right, I've stopped there and booked nothing new. You can ask me "
        "anything, or begin again later."
        if busy
        else "All right. I'm here if you need something."
    )
    return leave_form("chosen_opening_id", "wished_time", "booking_confirmed")


def _stop_questions(turn: Turn) -> Events:
    if not leave_questions(turn):
        turn.say(
            "All right, I've stopped there. I keep your answers for 24 hours, so you "
            "can go on where we were. After that they are gone.",
            [("Go on with the questions", "/start_screening")],
        )
    return leave_form("screening_reply", "booking_wanted")


def _queue(turn: Turn, reason: Reason, priority: Priority) -> None:
    with turn.house.store.unit() as unit:
        open_handoff(unit, turn.conversation_id, reason, priority, turn.now)
        unit.commit()
