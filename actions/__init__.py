"""Rasa actions: each reads the turn, calls one deed of the desk, and says the result.

rasa_sdk imports every module here and registers every Action in it; nothing but
actions may live in the modules of this package.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from bot import house
from bot.clinic.conversation import Said
from bot.clinic.replies import is_bare_yes, is_none, is_skip
from bot.clock import utc_now
from bot.content.follow_ups import topic_of
from bot.desk.handoff import open_handoff
from bot.house import House

logger = logging.getLogger(__name__)

Events = list[EventType]

OF_ITS_OWN_ACCORD = frozenset(
    {"take_freed", "pass_freed", "leave_waitlist", "next_course", "tell_progress"}
)
"""Buttons under what the clinic said of its own accord, in whatever form that came."""

INTERRUPTIONS = OF_ITS_OWN_ACCORD | frozenset(
    {
        "faq",
        "greet",
        "goodbye",
        "thanks",
        "bot_challenge",
        "capabilities",
        "ask_topic",
        "stop",
        "cancel_appointment",
        "talk_to_human",
        "complaint",
        "stop_reminders",
        "resume_reminders",
        "raise_question",
        "report_emergency",
        "crisis",
    }
)
"""Intents that data/rules/ or the SafetyPolicy answers in the middle of any form."""

_NO_INTENT_OF_ITS_OWN = frozenset({"", "inform", "out_of_scope", "nlu_fallback"})
_SURE = 0.5
PERSON = ("Talk to a person", "/talk_to_human")
"""The button that is offered wherever the assistant may not be enough."""

_IF_URGENT = "utter_if_urgent"

_QUESTION = re.compile(
    r"\?|\b(what|whats|how|why|where|who|which|do you|does|is it|is there|are you"
    r"|when(?! (?:i|im|ive|it|its|he|she|they|we|my|the)\b)"
    r"|(can|could|may|will|should) (i|my|we|you|u|he|she|they|it)|do i)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Asked:
    """A question in a message that also says something else.

    Args:
        topics: what is surely asked, in order.
        asked: the question's own words.
        told: the other words, as typed; "" where there are none.
    """

    topics: Sequence[str]
    asked: str
    told: str


@dataclass(frozen=True)
class Turn:
    """One turn of one conversation, as an action sees it.

    Args:
        conversation_id: the sender id without the desk's epoch.
        now: aware UTC.
    """

    house: House
    conversation_id: str
    dispatcher: CollectingDispatcher
    tracker: Tracker
    now: datetime

    @property
    def intent(self) -> str:
        """Return the intent of the latest message, "" where there is none.

        To skip a question is not to stop, though the two sound alike.
        """
        found = (self.tracker.latest_message.get("intent") or {}).get("name")
        return "skip" if is_skip(self.typed) else str(found or "")

    @property
    def wants_a_visit(self) -> bool:
        """Say whether the words ask for one, whatever the desk asks first."""
        latest = self.tracker.latest_message
        ranked = [latest.get("intent") or {}, *(latest.get("intent_ranking") or [])[:1]]
        return any(one.get("name") == "book_appointment" for one in ranked)

    @property
    def typed(self) -> str:
        """Return what the visitor typed; "" when a button was pressed."""
        text = str(self.tracker.latest_message.get("text") or "")
        return "" if text.startswith("/") else text

    @property
    def heard(self) -> tuple[int, bool]:
        """Return the message's number, and whether all that was said had been seen.

        What is typed before an answer arrives was meant for the question before it.
        """
        sent = self._sent_along
        return int(sent.get("seq") or 0), bool(sent.get("seen", True))

    @property
    def changed(self) -> bool:
        """Say whether it is an earlier message that the visitor has written anew."""
        return bool(self._sent_along.get("changed"))

    @property
    def _sent_along(self) -> dict[str, Any]:
        """What the desk sent along with the message."""
        return self.tracker.latest_message.get("metadata") or {}

    @property
    def interrupts(self) -> bool:
        """Say whether the visitor turned to something else than the form."""
        return self.intent in INTERRUPTIONS

    @property
    def means_something_else(self) -> bool:
        """Say whether it is surely more than a word that was asked for."""
        confidence = (self.tracker.latest_message.get("intent") or {}).get("confidence")
        return (
            self.intent not in _NO_INTENT_OF_ITS_OWN and float(confidence or 0) >= _SURE
        )

    @property
    def asks(self) -> bool:
        """Say whether it reads like a question of the visitor's own."""
        return self.intent == "faq" and self.questions

    @property
    def questions(self) -> bool:
        """Say whether there is a question in what was typed."""
        return bool(_QUESTION.search(self.typed))

    @property
    def asks_for_care(self) -> bool:
        """Say whether the message is worrying and no care was taken of it yet.

        A plain yes or none worries nobody, and the same is not said twice in a row.
        """
        if not self.tracker.latest_message.get("worrying") or self.something_was_said:
            return False
        return not (is_bare_yes(self.typed) or is_none(self.typed) or self._cared)

    @property
    def _cared(self) -> bool:
        """Say whether the message before this one was told of the number to call."""
        heard = 0
        for event in reversed(self.tracker.events):
            heard += event.get("event") == "user"
            said = (event.get("metadata") or {}).get("utter_action")
            if heard == 1 and said == _IF_URGENT:
                return True
        return False

    @property
    def asked_beside(self) -> Asked | None:
        """Return the question that came with something else, if it was understood."""
        beside = self.tracker.latest_message.get("beside")
        return Asked(**beside) if isinstance(beside, dict) else None

    def answer_beside(self) -> None:
        """Answer the question that came with something else."""
        for topic in self.asked_beside.topics if self.asked_beside else ():
            self.dispatcher.utter_message(response=f"utter_faq/{topic}")

    @property
    def something_was_said(self) -> bool:
        """Say whether the visitor's message had any reply yet."""
        for event in reversed(self.tracker.events):
            if event.get("event") in ("bot", "user"):
                return bool(event["event"] == "bot")
        return False

    def has_said(self, text: str) -> bool:
        """Say whether the visitor's message was told this in reply already."""
        for event in reversed(self.tracker.events):
            if event.get("event") == "user":
                break
            shown = (event.get("data") or {}).get("custom") or {}
            if text in (event.get("text") or shown.get("text") or ""):
                return True
        return False

    @property
    def topic_before(self) -> str | None:
        """Return what the assistant's last message was about; None for no topic."""
        for event in reversed(self.tracker.events):
            if event.get("event") == "bot":
                return topic_of((event.get("data") or {}).get("custom") or {})
        return None

    def entities(self, name: str) -> list[str]:
        """Return what the pressed buttons carried; typed text carries nothing."""
        found: list[str] = []
        for value in self.tracker.get_latest_entity_values(name):
            found += value if isinstance(value, list) else [value]
        return [str(one) for one in found]

    def say(
        self, text: str, buttons: Sequence[tuple[str, str]] = (), **shown: Any
    ) -> None:
        """Say something, with buttons of (label, payload) and whatever is shown.

        Plain words and buttons go as stock Rasa messages, so that `rasa shell` reads
        well; a card or a checklist needs the desk's own shape.
        """
        shaped = [{"title": label, "payload": payload} for label, payload in buttons]
        if shown:
            message = {"text": text, "buttons": shaped, **shown}
            self.dispatcher.utter_message(json_message=message)
        else:
            self.dispatcher.utter_message(text=text, buttons=shaped)

    def say_as_worded(self, said: Said) -> None:
        """Say something that the desk has worded, card and all."""
        buttons = [(choice.label, choice.payload) for choice in said.choices]
        self.say(said.text, buttons, **said.extras)


async def perform(
    work: Callable[[Turn], Events],
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    *,
    reading: bool = False,
) -> Events:
    """Do the work of an action off the event loop.

    What was asked beside a deed is answered before the deed, unless it is a reply to
    a form's question that is being read.

    A fault never leaves the visitor without a word: it is logged by conversation id,
    said, and handed to staff.
    """
    turn = Turn(
        house=house.opened(),
        conversation_id=str(tracker.sender_id).partition(":")[0],
        dispatcher=dispatcher,
        tracker=tracker,
        now=utc_now(),
    )
    try:
        if turn.asks_for_care:
            dispatcher.utter_message(response=_IF_URGENT)
        if not (reading or turn.intent == "faq" or turn.something_was_said):
            turn.answer_beside()
        return await asyncio.to_thread(work, turn)
    except Exception:
        logger.exception("%s failed (%s)", work.__name__, turn.conversation_id)
        dispatcher.utter_message(response="utter_something_went_wrong")
        await asyncio.to_thread(_tell_staff, turn)
        return leave_form()


class ReadsReplies:
    """For a form whose replies are checked while they are read.

    rasa_sdk would drop every slot that the form does not require, such as the wish
    that came with another day.
    """

    async def get_validation_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Pass on all that was read."""
        return [
            SlotSet(name, value) for name, value in tracker.slots_to_validate().items()
        ]


async def reply_to(
    slot: str,
    work: Callable[[Turn], dict[str, Any]],
    dispatcher: CollectingDispatcher,
    tracker: Tracker,
    *,
    answers: bool = True,
) -> dict[str, Any]:
    """Read the visitor's reply to a form's question.

    Args:
        slot: the slot asked for; the reply to another question is left alone.
        work: returns the slots to set; none at all when the visitor turned to
            something else, so that the form lets data/rules/ answer.
        answers: answer a question that came with the reply; else `work` does it.
    """
    if tracker.get_slot("requested_slot") != slot or _raises_a_question(tracker):
        return {}
    found: dict[str, Any] = {}

    def read(turn: Turn) -> Events:
        found.update(work(turn))
        if found and answers:
            turn.answer_beside()
        return []

    # After a fault the question stands as it was; the visitor has been told.
    events = await perform(read, dispatcher, tracker, reading=True)
    return found if not events else {slot: None}


def _raises_a_question(tracker: Tracker) -> bool:
    """Say whether the words suggest what must be asked first, in any form."""
    intent = tracker.latest_message.get("intent") or {}
    return intent.get("name") == "raise_question"


def leave_form(*names: str) -> Events:
    """Close whatever form is open and forget the given slots."""
    return [
        ActiveLoop(None),
        SlotSet("requested_slot", None),
        *(SlotSet(name, None) for name in names),
    ]


def _tell_staff(turn: Turn) -> None:
    with turn.house.store.unit() as unit:
        open_handoff(
            unit, turn.conversation_id, "something_went_wrong", "urgent", turn.now
        )
        unit.commit()
