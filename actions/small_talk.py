"""Small talk, and buttons that outlived their question."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import PERSON, Events, Turn, perform
from actions.after_alarm import keep_to_the_advice
from actions.misses import suggest
from actions.screening import late_reply
from bot.desk.booking import upcoming

_EMPTY = frozenset({"greet", "goodbye", "thanks", "deny"})


class ActionSmallTalk(Action):
    """Answers small talk with the response of the same name."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_small_talk"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer greet, thanks and the like; a form goes on by its rule."""
        return await perform(_small_talk, dispatcher, tracker)


class ActionClosed(Action):
    """Says calmly that an old button no longer does anything."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_closed"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer a form's button that was pressed after the form."""
        return await perform(_closed, dispatcher, tracker)


class ActionAnswerTopic(Action):
    """Gives the written answer whose button was pressed."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_answer_topic"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `ask_topic`."""
        return await perform(_answer_topic, dispatcher, tracker)


def _answer_topic(turn: Turn) -> Events:
    for topic in turn.entities("topic"):
        if topic in turn.house.shelf.answers:
            turn.dispatcher.utter_message(response=f"utter_faq/{topic}")
            return []
    return suggest(turn)


def _closed(turn: Turn) -> Events:
    went_on = late_reply(turn) if turn.intent == "answer" else None
    if went_on is not None:
        return went_on
    with turn.house.store.reading() as unit:
        ahead = upcoming(unit, turn.conversation_id, turn.now)
    deed = (
        ("When is my visit?", "/check_appointment")
        if ahead
        else ("Book a visit", "/book_appointment")
    )
    turn.say(
        "That question is closed already. What would you like to do?",
        [deed, ("Ask something", "/capabilities"), PERSON],
    )
    return []


def _small_talk(turn: Turn) -> Events:
    if turn.intent not in _EMPTY or not keep_to_the_advice(turn):
        turn.dispatcher.utter_message(response=f"utter_{turn.intent}")
    return []
