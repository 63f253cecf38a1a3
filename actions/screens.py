"""Puts the screens of the safety questions, and what came of them, into messages."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from actions import PERSON, Turn
from bot.clinic.choosing import SKIP
from bot.clinic.interview import FOLLOW_UP, Screen
from bot.clinic.progress import grown_worse
from bot.clinic.questionnaire import ScreeningProtocol
from bot.clinic.screened import VALID, Screening
from bot.clinic.screening import Disposition
from bot.desk.advice import advice
from bot.desk.handoff import PRIORITY, hand_over, open_handoff
from bot.desk.left import close_lapsed
from bot.desk.screening import Ended, leave
from bot.store.unit import Unit
from bot.tokens import Tokens

ANSWERS_PAGE = "answers"
"""The purpose of the link to a visitor's own answers, and its path."""

_SHORT_LISTS = ("telegram",)
"""Channels that show a list as buttons under each other (protocol, section 3)."""

_ON_THE_BODY = ("site",)
"""The question that may be answered on a picture of the body."""


def say(
    turn: Turn, text: str, buttons: Sequence[tuple[str, str]] = (), **shown: Any
) -> None:
    """Say what is about the visitor's own health; no strange servers carry it."""
    turn.say(text, buttons, health=True, **shown)


def show(turn: Turn, screen: Screen) -> None:
    """Ask one screen, with whatever a channel can show of it."""
    shown: dict[str, Any] = {}
    if screen.progress[1] > 1:
        shown["progress"] = list(screen.progress)
    if screen.more:
        shown["more"] = {"label": "How your answers are used", "text": screen.more}
    if screen.rows:
        rows = [list(row) for row in screen.rows]
        shown["card"] = {"kind": "answers", "title": "Your answers", "rows": rows}
    if screen.kind == "scale" and len(screen.questions) > 1:
        lines = [label for _, label in screen.options]
        shown["hint"] = {"kind": "scale", "lines": lines}
        say(turn, "\n".join([screen.text, *lines]), **shown)
        return
    if screen.kind == "scale":
        shown["hint"] = {"kind": "scale"}
    if screen.questions == _ON_THE_BODY:
        places = [value for value, _ in screen.options]
        shown["hint"] = {"kind": "body_map", "parts": places}
    buttons = [(label, _payload(screen, value)) for value, label in screen.options]
    if screen.kind != "checklist":
        say(turn, screen.text, buttons, **shown)
        return
    none = _payload(screen, screen.none_value or "none")
    boxes = [*buttons, (screen.none_label, none)]
    options = [{"title": label, "payload": payload} for label, payload in boxes]
    checklist = {"options": options, "none_payload": none}
    say(turn, screen.text, checklist=checklist, **shown)


def say_way_out(turn: Turn, screen: Screen) -> None:
    """Offer what else there is, in place of a question that was put in vain."""
    hints = turn.house.shelf.protocol.questionnaire.hints
    buttons = [("See the question again", "/start_screening")]
    if screen.skippable and screen.questions:
        buttons.append(("Skip this question", _payload(screen, SKIP)))
    buttons.append(PERSON)
    say(turn, hints.stuck, buttons, progress=list(screen.progress))


def _payload(screen: Screen, value: str) -> str:
    return f"/answer{json.dumps({'answer': value, 'screen': screen.id})}"


def say_verdict(turn: Turn, ended: Ended) -> None:
    """Say what came of the answers, and where the visitor can read them.

    An emergency has one action first, and nothing beside it.
    """
    if ended.verdict.disposition is Disposition.EMERGENCY:
        for key in ended.verdict.messages:
            turn.say_as_worded(advice(turn.house.shelf.protocol, key))
        return
    *first, last = ended.texts
    for text in first:
        say(turn, text)
    if ended.screening.answers:
        say(turn, last, card=_to_read(turn, ended.screening))
    else:
        say(turn, last)


def _to_read(turn: Turn, screening: Screening) -> dict[str, Any]:
    settings = turn.house.settings
    token = Tokens(settings.secret, VALID.days, ANSWERS_PAGE).issue(screening.id)
    link = {
        "label": "Read or print your answers",
        "href": f"{settings.public_url}/{ANSWERS_PAGE}/{token}",
    }
    return {"kind": "answers", "title": "What you told us", "rows": [], "links": [link]}


def tell_staff(turn: Turn, unit: Unit, ended: Ended) -> None:
    """Hand over what a person must see; saying no to the questions is not that."""
    answers, marks = ended.screening.answers, ended.screening.asked
    if FOLLOW_UP in marks and grown_worse(answers):
        open_handoff(unit, turn.conversation_id, "progress", "routine", turn.now)
    priority = PRIORITY.get(ended.verdict.disposition)
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


def channel_of(turn: Turn, unit: Unit) -> str:
    """Return the channel on which this conversation goes on."""
    conversation = unit.conversations.get(turn.conversation_id)
    return conversation.channel if conversation else "web"


def protocol_for(turn: Turn, unit: Unit) -> ScreeningProtocol:
    """Return the clinic's protocol, with short lists where long ones read badly."""
    protocol = turn.house.shelf.protocol
    if channel_of(turn, unit) not in _SHORT_LISTS:
        return protocol
    return replace(protocol, questionnaire=protocol.questionnaire.in_short_lists())


def close_what_was_left(turn: Turn) -> None:
    """Judge questions that were left for too long, and give staff the alarms.

    The desk does so every few minutes; who comes back in between is not to slip by.
    """
    with turn.house.store.unit() as unit:
        hand_over_what_was_left(turn, unit)
        unit.commit()


def hand_over_what_was_left(turn: Turn, unit: Unit) -> None:
    """Do so within a unit of work that the caller commits."""
    protocol = turn.house.shelf.protocol
    for left in close_lapsed(unit, turn.conversation_id, protocol, turn.now):
        hand_over(unit, left, turn.now)


def leave_questions(turn: Turn) -> bool:
    """Leave the safety questions; say at once what is alarming in them.

    Returns:
        Whether something alarming was said, so that booking is out of the question.
    """
    with turn.house.store.unit() as unit:
        ended = leave(unit, turn.conversation_id, turn.house.shelf.protocol, turn.now)
        if ended:
            tell_staff(turn, unit, ended)
        unit.commit()
    if ended:
        say_verdict(turn, ended)
    return ended is not None
