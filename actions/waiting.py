"""What the clinic offers of its own accord: freed times, and the next course."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import PERSON, Events, Turn, leave_form, perform
from actions.booking import begin, say_booked
from actions.choosing import REFUSALS
from bot.desk.booking import Booked, OpeningTaken
from bot.desk.next_course import next_words
from bot.desk.waiting import let_pass, stop_waiting, take

_BOOK = ("Book a visit", "/book_appointment")
_GONE = "That time is no longer kept for you. You are still on the waitlist."


class ActionTakeFreed(Action):
    """Books the freed time that was offered."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_take_freed"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `take_freed`, also in the middle of a form."""
        return await perform(_take, dispatcher, tracker)


class ActionPassFreed(Action):
    """Gives the freed time to the next in line."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_pass_freed"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `pass_freed`, also in the middle of a form."""
        return await perform(_pass, dispatcher, tracker)


class ActionLeaveWaitlist(Action):
    """Takes the conversation off the waitlist."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_leave_waitlist"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `leave_waitlist`, also in the middle of a form."""
        return await perform(_leave, dispatcher, tracker)


class ActionNextCourse(Action):
    """Begins to plan a course like the last one."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_next_course"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `next_course`; times are offered as for any booking."""
        return await perform(_next_course, dispatcher, tracker)


def _take(turn: Turn) -> Events:
    for waiting_id in turn.entities("waiting"):
        with turn.house.store.unit() as unit:
            result = take(
                unit,
                turn.house.shelf.clinic,
                turn.conversation_id,
                waiting_id,
                turn.now,
            )
        if isinstance(result, Booked):
            say_booked(turn, result.appointment)
        elif isinstance(result, OpeningTaken) or result.reason == "unknown":
            turn.say(_GONE, [_BOOK])
        elif result.reason == "screening_needed":
            turn.say("I keep this time for you meanwhile.")
            return [*leave_form(), *begin(turn, "")]
        else:
            turn.say(REFUSALS.get(result.reason, _GONE), [_BOOK, PERSON])
    return []


def _pass(turn: Turn) -> Events:
    for waiting_id in turn.entities("waiting"):
        with turn.house.store.unit() as unit:
            passed = let_pass(
                unit,
                turn.house.shelf.clinic,
                turn.conversation_id,
                waiting_id,
                turn.now,
            )
        turn.say(
            "I pass it on. You stay on the waitlist." if passed else _GONE,
            [("Take me off the list", "/leave_waitlist")],
        )
    return []


def _leave(turn: Turn) -> Events:
    with turn.house.store.unit() as unit:
        stop_waiting(unit, turn.conversation_id)
    turn.say("You are off the waitlist.", [_BOOK])
    return []


def _next_course(turn: Turn) -> Events:
    clinic = turn.house.shelf.clinic
    words = ""
    for course_id in turn.entities("course"):
        with turn.house.store.reading() as unit:
            words = next_words(unit, clinic, turn.conversation_id, course_id)
    return [*leave_form(), *begin(turn, words)]
