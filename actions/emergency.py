"""What the classifier understands as an emergency: the second net under the desk's."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import Events, Turn, perform
from bot.desk.advice import advice
from bot.desk.emergency import Kind, alarm


class ActionEmergency(Action):
    """Shows the emergency number, locks booking, calls staff."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_emergency"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `report_emergency`; SafetyPolicy closes any form afterwards."""
        return await perform(_emergency, dispatcher, tracker)


class ActionCrisis(Action):
    """Shows the crisis line and the emergency number, locks booking, calls staff."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_crisis"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `crisis`; SafetyPolicy closes any form afterwards."""
        return await perform(_crisis, dispatcher, tracker)


def _emergency(turn: Turn) -> Events:
    return _stop_everything(turn, "EMERGENCY", "em_general")


def _crisis(turn: Turn) -> Events:
    return _stop_everything(turn, "CRISIS", "crisis_now")


def _stop_everything(turn: Turn, kind: Kind, message: str) -> Events:
    with turn.house.store.unit() as unit:
        alarm(unit, turn.conversation_id, kind, "classifier", turn.now)
        unit.commit()
    turn.say_as_worded(advice(turn.house.shelf.protocol, message))
    return []
