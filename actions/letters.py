"""Ends reminders, or lets them come again."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import Events, Turn, perform
from bot.desk.letters import resume_reminders, stop_reminders


class ActionReminders(Action):
    """Does what the pressed button says about reminders."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_reminders"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `stop_reminders` or `resume_reminders`; a form goes on by its rule."""
        return await perform(_reminders, dispatcher, tracker)


def end_reminders(turn: Turn) -> None:
    """End them and say so, with the way back."""
    words = turn.house.shelf.letters
    with turn.house.store.unit() as unit:
        stop_reminders(unit, turn.conversation_id, turn.now)
    turn.say(words.reminders_stopped, [(words.remind_again, "/resume_reminders")])


def _reminders(turn: Turn) -> Events:
    if turn.intent == "resume_reminders":
        with turn.house.store.unit() as unit:
            resume_reminders(unit, turn.conversation_id)
        turn.say(turn.house.shelf.letters.reminders_again)
    else:
        end_reminders(turn)
    return []
