"""Help when a message was not understood, and a note of it for the clinic."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import PERSON, Events, Turn, perform
from actions.after_alarm import keep_to_the_advice
from actions.booking import begin, begin_with_wish, for_somebody_else
from actions.handoff import ASKS_FOR_A_CALL
from actions.moving import begin_move
from actions.replies import said_now, told_who
from actions.screening import go_on_with_questions, late_reply
from actions.standing import leave_with_request, on_a_request
from actions.visits import say_visits, visits_ahead, waiting_words
from bot.clinic.wish import Wish
from bot.content.pointed import leaning_on
from bot.desk.handoff import open_handoff
from bot.desk.misses import miss
from bot.desk.people import say_phone
from bot.desk.wishes import Ambiguous, read_wish

_MOST_SUGGESTIONS = 3
_LEAST_LIKELY = 0.05
_MOST_NOTED = 5
_CAPABLE = ("What can you do?", "/capabilities")
_NONE_OF_THESE = ("None of these", "/nlu_fallback")

_NEEDS = re.compile(
    r"\b(?:need|want|looking|like|book|come|see|visit|appointment|opening|free|any"
    r"|something)\b",
    re.IGNORECASE,
)

_DEEDS: Mapping[str, str] = {
    "book_appointment": "Book a visit",
    "reschedule_appointment": "Move a visit",
    "cancel_appointment": "Cancel a visit",
    "check_appointment": "When is my visit?",
    "start_screening": "Would it suit me?",
}
_THEIR_VISIT = (_DEEDS["check_appointment"], "/check_appointment")


class ActionSuggest(Action):
    """Asks what may be meant; the second time in a row it calls a person."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_suggest"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `nlu_fallback`, typed or pressed, and a bare fact."""
        return await perform(_suggest_or_go_on, dispatcher, tracker)


class ActionOutOfScope(Action):
    """Says what is not ours to answer, and lets the clinic know of the question."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_out_of_scope"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `out_of_scope`."""
        return await perform(_out_of_scope, dispatcher, tracker)


def _suggest_or_go_on(turn: Turn) -> Events:
    if turn.typed and keep_to_the_advice(turn):
        return []
    went_on = late_reply(turn) if turn.typed else None
    for goes_on in (_go_on, _keep_contact):
        went_on = goes_on(turn) if went_on is None else went_on
    return suggest(turn) if went_on is None else went_on


def _go_on(turn: Turn) -> Events | None:
    """Take the words for what they may be, though the model heard nothing in them."""
    for goes_on in (
        go_on_with_questions,
        on_a_request,
        begin_move,
        for_somebody_else,
        begin_with_wish,
    ):
        if (went_on := goes_on(turn)) is not None:
            return went_on
    return None


def _keep_contact(turn: Turn) -> Events | None:
    """Keep a number or an address that nobody asked for; None where there is none."""
    told = {
        slot: value for slot, value in told_who(turn).items() if slot != "visitor_name"
    }
    if not told:
        return None
    with turn.house.store.reading() as unit:
        waits = unit.handoffs.open_of(turn.conversation_id) is not None
    if not waits and _wishes_for_a_day(turn):
        return begin(turn, said_now(turn))
    given = " and ".join(map(say_phone, told.values()))
    if waits:
        turn.say(f"Thank you. Our staff find {given} here, with the rest.")
    else:
        turn.say(
            f"Thank you, I have noted {given}. What shall it be for?",
            [(_DEEDS["book_appointment"], "/book_appointment"), PERSON],
        )
    return [SlotSet(slot, value) for slot, value in told.items()]


def _wishes_for_a_day(turn: Turn) -> bool:
    """Tell whether a message that says whom to call asks for a visit as well."""
    if ASKS_FOR_A_CALL.search(turn.typed) or not _NEEDS.search(turn.typed):
        return False
    read = read_wish(turn.typed, turn.house.shelf.clinic, turn.now)
    return isinstance(read, Ambiguous) or (isinstance(read, Wish) and read.says_days)


def suggest(turn: Turn) -> Events:
    """Offer what may be meant; where that did not help, a person."""
    if not turn.typed:
        with turn.house.store.unit() as unit:
            open_handoff(
                unit, turn.conversation_id, "not_understood", "routine", turn.now
            )
            unit.commit()
        _with_staff(turn)
    elif topic := _leaning_on(turn):
        turn.dispatcher.utter_message(response=f"utter_faq/{topic}")
    elif _left_to_staff(turn) or leave_with_request(turn):
        return []
    elif (buttons := _suggestions(turn)) == [_THEIR_VISIT] and visits_ahead(turn):
        say_visits(turn, visits_ahead(turn))
    elif buttons:
        turn.say(
            "I'm not sure I understood. Did you mean:",
            [*buttons, _NONE_OF_THESE, PERSON],
        )
    else:
        turn.say(
            "I'm sorry, I did not understand that. You can say it in other words, "
            "or ask for a person.",
            [_CAPABLE, PERSON],
        )
    return []


def _out_of_scope(turn: Turn) -> Events:
    if keep_to_the_advice(turn):
        return []
    if (went_on := _go_on(turn)) is not None:
        return went_on
    if topic := _leaning_on(turn):
        turn.dispatcher.utter_message(response=f"utter_faq/{topic}")
    elif not (_left_to_staff(turn) or leave_with_request(turn)):
        turn.dispatcher.utter_message(response="utter_out_of_scope")
    return []


def _leaning_on(turn: Turn) -> str | None:
    clinic = turn.house.shelf.clinic
    return leaning_on(turn.typed, turn.topic_before, clinic, turn.now)


def _left_to_staff(turn: Turn) -> bool:
    """Note the miss, and leave it to staff where it is the second in a row."""
    seq, _ = turn.heard
    ranking = _ranking(turn)[:_MOST_NOTED]
    with turn.house.store.unit() as unit:
        waits_already = unit.handoffs.open_of(turn.conversation_id) is not None
        if not miss(unit, turn.conversation_id, seq, ranking, turn.now):
            return False
    if waits_already:
        turn.say(
            "I can't answer that one either. Our staff will find it here, with the "
            "rest.",
            [_CAPABLE],
        )
    else:
        _with_staff(turn)
    return True


def _with_staff(turn: Turn) -> None:
    turn.say(
        "I can't answer that one, so I have put this conversation into our staff's "
        "queue. " + waiting_words(turn)
    )


def _suggestions(turn: Turn) -> list[tuple[str, str]]:
    """Return the likeliest topics and deeds as buttons, likeliest first."""
    answers = turn.house.shelf.answers
    buttons = []
    for label, chance in _ranking(turn):
        _, _, topic = label.partition("/")
        if chance < _LEAST_LIKELY:
            break
        if topic in answers:
            payload = f"/ask_topic{json.dumps({'topic': topic})}"
            buttons.append((answers[topic].title, payload))
        elif label in _DEEDS:
            buttons.append((_DEEDS[label], f"/{label}"))
    return buttons[:_MOST_SUGGESTIONS]


def _ranking(turn: Turn) -> list[tuple[str, float]]:
    """Return what the message might mean, topics and other intents in one list."""
    message = turn.tracker.latest_message
    intents = {
        str(one["name"]): float(one["confidence"] or 0)
        for one in message.get("intent_ranking") or []
    }
    questions = intents.pop("faq", 0.0)
    intents.pop("nlu_fallback", None)
    selector = message.get("response_selector") or {}
    topics = {
        str(one["intent_response_key"]): questions * float(one["confidence"] or 0)
        for one in (selector.get("faq") or {}).get("ranking") or []
    }
    ranked = sorted({**intents, **topics}.items(), key=lambda pair: -pair[1])
    return [(label, round(chance, 3)) for label, chance in ranked]
