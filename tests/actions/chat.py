"""A visitor in front of the actions: no model, no network, a real record and clock."""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import Turn
from bot.clinic.booking import AppointmentRequest, Opening
from bot.clinic.handoff import Handoff
from bot.clinic.screened import Screening
from bot.clinic.screening import Disposition
from bot.clinic.wish import Wish
from bot.desk.openings import offer
from bot.house import House
from tests.people import begin_conversation

DAY = timedelta(days=1)


class Chat:
    """One conversation, and the turns that a test lets it take."""

    def __init__(self, house: House, now: datetime) -> None:
        self.house, self.now = house, now
        self.id = begin_conversation(house.store, now)

    def turn(
        self,
        text: str = "",
        intent: str = "inform",
        *,
        confidence: float = 0.99,
        form: str | None = None,
        entities: dict[str, str] | None = None,
        beside: dict[str, Any] | None = None,
        answered: str = "",
        seen: bool = True,
        seq: int = 0,
        changed: bool = False,
        **slots: Any,
    ) -> Turn:
        """Type or press something; text beginning with "/" is a pressed button.

        Args:
            answered: what another action said to it before.
            seen: whether it was meant for the newest question.
            seq: the message's number; what was said before it is looked up by it.
            changed: whether it is an earlier message that was written anew.
        """
        found = [
            {"entity": name, "value": value} for name, value in (entities or {}).items()
        ]
        tracker = Tracker.from_dict(
            {
                "sender_id": f"{self.id}:0",
                "slots": slots,
                "latest_message": {
                    "text": text,
                    "intent": {"name": intent, "confidence": confidence},
                    "entities": found,
                    "beside": beside,
                    "metadata": {"seen": seen, "seq": seq, "changed": changed},
                },
                "active_loop": {"name": form} if form else {},
                "events": [
                    {"event": "user", "text": text},
                    *([{"event": "bot", "text": answered}] if answered else []),
                ],
            }
        )
        return Turn(self.house, self.id, CollectingDispatcher(), tracker, self.now)

    def press(self, payload: str, **more: Any) -> Turn:
        """Press a button that carries no more than an intent."""
        return self.turn(payload, payload.lstrip("/"), confidence=1.0, **more)

    def screened(self, disposition: Disposition, *rules: str) -> None:
        """Finish the safety questions with a result."""
        with self.house.store.unit() as unit:
            unit.screenings.add(
                Screening(
                    id=str(uuid.uuid4()),
                    conversation_id=self.id,
                    status="completed",
                    channel="web",
                    rules_version="1",
                    questions_version="1",
                    started_at=self.now,
                    expires_at=self.now + 30 * DAY,
                    disposition=disposition,
                    rules=rules,
                    ended_at=self.now,
                )
            )
            unit.commit()

    def openings(self) -> list[Opening]:
        """Return what is on offer now."""
        with self.house.store.reading() as unit:
            return offer(unit, self.house.shelf.clinic, Wish(), self.now)

    def requests(self) -> list[AppointmentRequest]:
        """Return what was asked for and staff have not answered."""
        with self.house.store.reading() as unit:
            return unit.bookings.new_requests_of(self.id)

    def handoff(self) -> Handoff | None:
        """Return what waits for staff."""
        with self.house.store.reading() as unit:
            return unit.handoffs.open_of(self.id)


def said(turn: Turn) -> str:
    """Join all the words that were said in a turn."""
    return "\n".join(_text(message) for message in turn.dispatcher.messages)


def payloads(turn: Turn) -> list[str]:
    """Return what the buttons of a turn carry."""
    return [
        button["payload"]
        for message in turn.dispatcher.messages
        for button in message["buttons"] or message["custom"].get("buttons", [])
    ]


def _text(message: dict[str, Any]) -> str:
    return message["text"] or message["custom"].get("text") or message["response"] or ""


def slots(events: list[Any]) -> dict[str, Any]:
    """Return what the events of an action set."""
    return {one["name"]: one["value"] for one in events if one["event"] == "slot"}


def leaves_the_form(events: list[Any]) -> bool:
    """Tell whether the events of an action close the form."""
    return {"event": "active_loop", "timestamp": None, "name": None} in events
