"""The safety questions: one screen at a time, until there is a verdict."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import Events, ReadsReplies, Turn, perform, reply_to
from actions.booking import begin
from bot.clinic.handoff import Priority
from bot.clinic.interview import Screen
from bot.clinic.screened import May
from bot.clinic.screening import Disposition, evaluate
from bot.desk.advice import advice
from bot.desk.handoff import open_handoff
from bot.desk.screening import (
    Asked,
    Ended,
    Unclear,
    answer,
    current_screen,
    may_book,
    start,
    texts,
)
from bot.store.unit import Unit

Slots = dict[str, Any]

_OVER = "over"
_SKIPS = re.compile(r"\b(skip|pass on|rather not|next question)\b", re.IGNORECASE)
"""Leaving out one question is not leaving all of them."""

_ON_THE_BODY = ("site",)
"""The question that may be answered on a picture of the body."""

_LEAVE_TO_RULES = ("stop", "talk_to_human", "complaint", "ask_topic")
"""Never an answer to a screen; data/rules/ says what comes of them."""

_PRIORITY: Mapping[Disposition, Priority] = {
    Disposition.EMERGENCY: "stat",
    Disposition.URGENT: "asap",
    Disposition.NOT_SUITABLE_ONLINE: "urgent",
}
"""The screening protocol, section 2."""


class ActionBeginScreening(Action):
    """Starts the safety questions because the visitor wants to know."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_begin_screening"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `start_screening`."""
        return await perform(_begin, dispatcher, tracker)


class ActionAskScreeningReply(Action):
    """Shows the screen that waits for an answer."""

    def name(self) -> str:
        """Return the name that Rasa looks for before it asks for the slot."""
        return "action_ask_screening_reply"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Ask the next question."""
        return await perform(_ask, dispatcher, tracker)


class ValidateScreeningForm(ReadsReplies, FormValidationAction):
    """Reads what a visitor types or presses on a screen."""

    def name(self) -> str:
        """Return the form's validation action."""
        return "validate_screening_form"

    async def extract_screening_reply(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Take the reply; the form goes on until the screening is over."""
        return await reply_to("screening_reply", _read, dispatcher, tracker)


class ActionScreeningOver(Action):
    """Goes on to the booking where the verdict allows it."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_screening_over"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Follow up on the verdict, which has been said already."""
        return await perform(_over, dispatcher, tracker)


def _begin(turn: Turn) -> Events:
    turn.say(
        "I can't tell what causes a pain. I can ask some safety questions and say "
        "whether you can book, or who should look first. It takes about a "
        "dozen short screens, most of them one tap."
    )
    return [SlotSet("screening_reply", None), FollowupAction("screening_form")]


def _ask(turn: Turn) -> Events:
    protocol = turn.house.shelf.protocol
    with turn.house.store.unit() as unit:
        screen = current_screen(unit, turn.conversation_id, protocol, turn.now)
        if screen is None:
            channel = _channel(turn, unit)
            asked = start(unit, turn.conversation_id, channel, protocol, turn.now)
            unit.commit()
            screen = asked.screen
    _show(turn, screen)
    return []


def _channel(turn: Turn, unit: Unit) -> str:
    conversation = unit.conversations.get(turn.conversation_id)
    return conversation.channel if conversation else "web"


def _read(turn: Turn) -> Slots:
    """Take the reply, unless the visitor turned to something else."""
    leaves = turn.intent in _LEAVE_TO_RULES and turn.means_something_else
    if (leaves and not _SKIPS.search(turn.typed)) or turn.asks:
        return {}
    chosen = turn.entities("answer")
    if not chosen and not turn.typed:
        return {"screening_reply": None}
    protocol = turn.house.shelf.protocol
    seq, seen = turn.heard
    with turn.house.store.unit() as unit:
        if current_screen(unit, turn.conversation_id, protocol, turn.now) is None:
            return {"screening_reply": _said_before(turn, unit, seq)}
        result = answer(
            unit,
            turn.conversation_id,
            protocol,
            chosen or turn.typed,
            turn.now,
            screen_id=next(iter(turn.entities("screen")), None),
            seq=seq,
            seen=seen or bool(chosen),
            today=turn.now.astimezone(turn.house.shelf.clinic.zone).date(),
        )
        if isinstance(result, Ended):
            _tell_staff(turn, unit, result)
        unit.commit()
    if isinstance(result, Unclear) and turn.interrupts:
        return {}
    return {"screening_reply": _said(turn, result)}


def _said_before(turn: Turn, unit: Unit, seq: int) -> str | None:
    """Say a verdict again whose words were lost on the way, or begin anew."""
    ended = unit.screenings.of(turn.conversation_id)
    if not ended or not 0 < seq == ended[0].heard_seq:
        return None
    protocol = turn.house.shelf.protocol
    verdict = evaluate(protocol.rules, ended[0].answers, ended=True)
    said = texts(protocol, verdict, alert_delivered=False)
    return _said(turn, Ended(ended[0], verdict, said))


def _said(turn: Turn, result: Asked | Unclear | Ended) -> str | None:
    """Say what came of the reply; `_OVER` ends the form."""
    if isinstance(result, Asked):
        if result.note:
            _say(turn, result.note)
        return None
    if isinstance(result, Unclear):
        _say(turn, result.hint)
        return None
    if result.verdict.disposition is Disposition.EMERGENCY:
        for key in result.verdict.messages:
            turn.say_as_worded(advice(turn.house.shelf.protocol, key))
    else:
        for text in result.texts:
            _say(turn, text)
    return _OVER


def _say(
    turn: Turn, text: str, buttons: Sequence[tuple[str, str]] = (), **shown: Any
) -> None:
    """Say what is about the visitor's own health; no strange servers carry it."""
    turn.say(text, buttons, health=True, **shown)


def _tell_staff(turn: Turn, unit: Unit, ended: Ended) -> None:
    """Hand over what a person must see; saying no to the questions is not that."""
    priority = _PRIORITY.get(ended.verdict.disposition)
    refused = "NO_CONSENT" in ended.verdict.flags
    if priority and (priority != "urgent" or not refused):
        crisis = "CRISIS" in ended.verdict.flags
        open_handoff(
            unit,
            turn.conversation_id,
            "crisis" if crisis else "screening",
            priority,
            turn.now,
            detail=" ".join(rule.id for rule in ended.verdict.rules),
        )


def _over(turn: Turn) -> Events:
    wanted = bool(turn.tracker.get_slot("booking_wanted"))
    with turn.house.store.reading() as unit:
        permission = may_book(unit, turn.conversation_id, turn.now)
    forget: Events = [SlotSet("screening_reply", None)]
    if permission.may not in (May.OK, May.PENDING):
        return [*forget, SlotSet("booking_wanted", None)]
    if wanted:
        return [*forget, *begin(turn, turn.tracker.get_slot("wished_time") or "")]
    turn.say(
        "Shall we find a time?",
        [("Find a time", "/book_appointment"), ("Not now", "/deny")],
    )
    return forget


def _show(turn: Turn, screen: Screen) -> None:
    shown: dict[str, Any] = {}
    if screen.progress[1] > 1:
        shown["progress"] = list(screen.progress)
    if screen.more:
        shown["more"] = {"label": "How your answers are used", "text": screen.more}
    if screen.kind == "scale" and len(screen.questions) > 1:
        lines = [label for _, label in screen.options]
        shown["hint"] = {"kind": "scale", "lines": lines}
        _say(turn, "\n".join([screen.text, *lines]), **shown)
        return
    if screen.kind == "scale":
        shown["hint"] = {"kind": "scale"}
    if screen.questions == _ON_THE_BODY:
        places = [value for value, _ in screen.options]
        shown["hint"] = {"kind": "body_map", "parts": places}
    buttons = [(label, _payload(screen, value)) for value, label in screen.options]
    if screen.kind != "checklist":
        _say(turn, screen.text, buttons, **shown)
        return
    none = _payload(screen, screen.none_value or "none")
    boxes = [*buttons, (screen.none_label, none)]
    options = [{"title": label, "payload": payload} for label, payload in boxes]
    checklist = {"options": options, "none_payload": none}
    _say(turn, screen.text, checklist=checklist, **shown)


def _payload(screen: Screen, value: str) -> str:
    return f"/answer{json.dumps({'answer': value, 'screen': screen.id})}"
