"""Small talk in the middle of a form, and help when a message was not understood."""

from __future__ import annotations

import json
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import Events, Turn, perform
from bot.desk.booking import upcoming

_MOST_SUGGESTIONS = 3
_LEAST_LIKELY = 0.05
_PERSON = ("Talk to a person", "/talk_to_human")


class ActionSmallTalk(Action):
    """Answers small talk with the response of the same name."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_small_talk"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer greet, thanks and the like; the form goes on by its rule."""
        return await perform(_small_talk, dispatcher, tracker)


class ActionSuggest(Action):
    """Offers up to three topics that may be meant, or a person."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_suggest"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `nlu_fallback`."""
        return await perform(_suggest, dispatcher, tracker)


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
    return _suggest(turn)


def _closed(turn: Turn) -> Events:
    with turn.house.store.reading() as unit:
        ahead = upcoming(unit, turn.conversation_id, turn.now)
    deed = (
        ("When is my visit?", "/check_appointment")
        if ahead
        else ("Book a visit", "/book_appointment")
    )
    turn.say(
        "That question is closed already. What would you like to do?",
        [deed, ("Ask something", "/capabilities"), _PERSON],
    )
    return []


def _small_talk(turn: Turn) -> Events:
    turn.dispatcher.utter_message(response=f"utter_{turn.intent}")
    return []


def _suggest(turn: Turn) -> Events:
    buttons = _likely_topics(turn)
    if buttons:
        turn.say("I'm not sure I understood. Did you mean:", [*buttons, _PERSON])
    else:
        turn.say(
            "I'm sorry, I did not understand that. You can say it in other words, "
            "or ask for a person.",
            [("What can you do?", "/capabilities"), _PERSON],
        )
    return []


def _likely_topics(turn: Turn) -> list[tuple[str, str]]:
    """Return the most likely FAQ topics as buttons, likeliest first."""
    selector = turn.tracker.latest_message.get("response_selector") or {}
    ranking = (selector.get("faq") or {}).get("ranking") or []
    answers = turn.house.shelf.answers
    likely = [
        answers[topic]
        for entry in ranking[:_MOST_SUGGESTIONS]
        if float(entry.get("confidence") or 0) >= _LEAST_LIKELY
        and (topic := str(entry["intent_response_key"]).partition("/")[2]) in answers
    ]
    return [
        (answer.title, f"/ask_topic{json.dumps({'topic': answer.topic})}")
        for answer in likely
    ]
