"""The safety questions: one screen at a time, until there is a verdict."""

from __future__ import annotations

import re
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import (
    OF_ITS_OWN_ACCORD,
    Events,
    ReadsReplies,
    Turn,
    leave_form,
    perform,
    reply_to,
)
from actions.booking import begin
from actions.screens import (
    channel_of,
    close_what_was_left,
    say,
    say_verdict,
    show,
    tell_staff,
)
from bot.clinic.interview import FOLLOW_UP, RECHECK, Screen
from bot.clinic.progress import in_words
from bot.clinic.screened import May
from bot.clinic.screening import Disposition, evaluate
from bot.clinic.understanding import asks_why
from bot.desk.next_course import offer_next
from bot.desk.progress import pain_over_visits
from bot.desk.screening import (
    Asked,
    Confirmed,
    Eased,
    Ended,
    Result,
    Unclear,
    answer,
    barred,
    current_screen,
    may_book,
    raised,
    start,
    texts,
)
from bot.desk.waiting import offer_buttons, still_offered
from bot.store.unit import Unit

Slots = dict[str, Any]

_OVER = "over"
_SKIPS = re.compile(r"\b(skip|pass on|rather not|next question)\b", re.IGNORECASE)
"""Leaving out one question is not leaving all of them."""

_LEAVE_TO_RULES = ("stop", "talk_to_human", "complaint", "ask_topic")
"""Never an answer to a screen; data/rules/ says what comes of them."""

_LOOK_BACK = 5

_AT_ONCE = (Disposition.EMERGENCY, Disposition.URGENT)
"""Nothing is said beside these."""


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


class ActionFollowUp(Action):
    """Asks the few questions after a visit."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_follow_up"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `progress_update`, and `tell_progress` also in any form."""
        return await perform(_follow_up, dispatcher, tracker)


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
        return await reply_to(
            "screening_reply", _read, dispatcher, tracker, answers=False
        )


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


class ActionRaiseQuestion(Action):
    """Asks at once what the visitor's words suggest, whatever form is open."""

    def name(self) -> str:
        """Return the name in domain.yml."""
        return "action_raise_question"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Events:
        """Answer `raise_question`, which only the desk can say."""
        return await perform(_raise, dispatcher, tracker)


def _raise(turn: Turn) -> Events:
    (question,) = turn.entities("question")
    # A question beside the hint was answered before; one around it is answered here.
    asks = turn.questions and turn.asked_beside is None
    for topic in turn.entities("topic") if asks else ():
        if topic in turn.house.shelf.answers:
            turn.dispatcher.utter_message(response=f"utter_faq/{topic}")
    close_what_was_left(turn)
    protocol = turn.house.shelf.protocol
    with turn.house.store.unit() as unit:
        channel = channel_of(turn, unit)
        raised(unit, turn.conversation_id, channel, protocol, question, turn.now)
        unit.commit()
    return [*leave_form("screening_reply"), FollowupAction("screening_form")]


def _begin(turn: Turn) -> Events:
    close_what_was_left(turn)
    with turn.house.store.reading() as unit:
        closed = barred(unit, turn.conversation_id, turn.now)
        going = _waiting(turn, unit)
    if closed:
        turn.say(
            "You have answered these questions, and a person at the clinic has to look "
            "at your answers first. New answers would not change that.",
            [("Talk to a person", "/talk_to_human")],
        )
        return []
    if going:
        turn.say("Let us go on with the safety questions where we were.")
    else:
        turn.say(
            "I can't tell what causes a pain. I can ask some safety questions and say "
            "whether you can book, or who should look first. It takes about a "
            "dozen short screens, most of them one tap."
        )
    return [SlotSet("screening_reply", None), FollowupAction("screening_form")]


def _follow_up(turn: Turn) -> Events:
    close_what_was_left(turn)
    with turn.house.store.unit() as unit:
        if barred(unit, turn.conversation_id, turn.now):
            turn.dispatcher.utter_message(response="utter_progress_update")
            return []
        channel, protocol = channel_of(turn, unit), turn.house.shelf.protocol
        start(
            unit,
            turn.conversation_id,
            channel,
            protocol,
            turn.now,
            after_visit=True,
        )
        unit.commit()
    turn.say(
        "Thank you for telling me. I don't judge it myself: a few short questions, so "
        "that your practitioner can read how it goes."
    )
    return [*leave_form("screening_reply"), FollowupAction("screening_form")]


def _waiting(turn: Turn, unit: Unit) -> Screen | None:
    protocol = turn.house.shelf.protocol
    return current_screen(unit, turn.conversation_id, protocol, turn.now)


def _ask(turn: Turn) -> Events:
    protocol = turn.house.shelf.protocol
    with turn.house.store.unit() as unit:
        screen = _waiting(turn, unit)
        if screen is None:
            channel = channel_of(turn, unit)
            asked = start(unit, turn.conversation_id, channel, protocol, turn.now)
            unit.commit()
            screen = asked.screen
            if asked.note:
                turn.say(asked.note)
    show(turn, screen)
    return []


def _read(turn: Turn) -> Slots:
    """Take the reply, unless the visitor turned to something else."""
    told = _told_beside(turn)
    if not asks_why(turn.typed):
        leaves = turn.intent in _LEAVE_TO_RULES and turn.means_something_else
        asks = turn.asks and not told
        if (leaves and not _SKIPS.search(turn.typed)) or asks:
            return {}
    if not turn.entities("answer") and not turn.typed:
        return {} if turn.intent in OF_ITS_OWN_ACCORD else {"screening_reply": None}
    seq, _ = turn.heard
    with turn.house.store.unit() as unit:
        if _waiting(turn, unit) is None:
            return {"screening_reply": _said_before(turn, unit, seq)}
        result = _take(turn, unit, told)
    if isinstance(result, Unclear) and turn.interrupts:
        return {}
    if isinstance(result, Unclear) and turn.intent == "book_appointment":
        turn.say("Gladly, right after these questions.")
        turn.answer_beside()
        return {"screening_reply": None, "booking_wanted": True}
    reply = _said(turn, result)
    if not (isinstance(result, Ended) and result.verdict.disposition in _AT_ONCE):
        turn.answer_beside()
    return {"screening_reply": reply}


def _told_beside(turn: Turn) -> str:
    """Return the reply that came with a question; "" where there is none.

    "No. Is it safe with a pacemaker?" is not cut: what the question names may be an
    answer, and would be lost.
    """
    beside = turn.asked_beside
    if beside is None or not beside.told:
        return ""
    with turn.house.store.unit() as unit:  # a trial, so never committed
        if _waiting(turn, unit) is None:
            return ""
        alone = _heard(turn, unit, beside.asked)
    return beside.told if isinstance(alone, Unclear) else ""


def _take(turn: Turn, unit: Unit, told: str = "") -> Result:
    """Give the reply to the desk, keep what came of it and tell staff.

    Args:
        told: the part of what was typed that is the reply; "" is all of it.
    """
    chosen = turn.entities("answer")
    seq, seen = turn.heard
    result = _heard(
        turn,
        unit,
        chosen or told or turn.typed,
        screen_id=next(iter(turn.entities("screen")), None),
        seq=seq,
        seen=seen or bool(chosen),
    )
    if isinstance(result, Ended):
        tell_staff(turn, unit, result)
    unit.commit()
    return result


def _heard(turn: Turn, unit: Unit, reply: str | list[str], **how: Any) -> Result:
    shelf = turn.house.shelf
    local = turn.now.astimezone(shelf.clinic.zone).date()
    return answer(
        unit,
        turn.conversation_id,
        shelf.protocol,
        reply,
        turn.now,
        today=local,
        **how,
    )


def _said_before(turn: Turn, unit: Unit, seq: int) -> str | None:
    """Say a verdict again whose words were lost on the way, or begin anew."""
    ended = unit.screenings.of(turn.conversation_id)
    if not ended or not 0 < seq == ended[0].heard_seq:
        return None
    if RECHECK in ended[0].asked:
        return _said(turn, Confirmed(ended[0]))
    protocol = turn.house.shelf.protocol
    verdict = evaluate(protocol.rules, ended[0].answers, ended=True)
    said = texts(protocol, verdict, alert_delivered=False)
    return _said(turn, Ended(ended[0], verdict, said))


def _said(turn: Turn, result: Result) -> str | None:
    """Say what came of the reply; `_OVER` ends the form."""
    if isinstance(result, Eased):
        say(
            turn,
            "Thank you. I asked to be sure. You can go on where you were, or ask me "
            "your question again.",
        )
        return _OVER
    if isinstance(result, Confirmed):
        say(turn, turn.house.shelf.protocol.questionnaire.hints.counts)
        return _OVER
    if isinstance(result, Ended):
        say_verdict(turn, result)
        return _OVER
    note = result.note if isinstance(result, Asked) else result.hint
    if note:
        say(turn, note)
    return None


def late_reply(turn: Turn) -> Events | None:
    """Take a reply to a question that the assistant has forgotten it asked.

    It forgets after an hour; the questions stand for a day. Typed words are a reply
    only where nothing was said since the question.

    Returns:
        What follows; None where no question waits or the words are no answer to it.
    """
    pressed = bool(turn.entities("answer"))
    with turn.house.store.unit() as unit:
        if _waiting(turn, unit) is None or not (pressed or _asked_last(turn, unit)):
            return None
        result = _take(turn, unit)
    if isinstance(result, Unclear) and not pressed:
        return None
    if _said(turn, result) == _OVER:
        return _over(turn)
    return [SlotSet("screening_reply", None), FollowupAction("screening_form")]


def _asked_last(turn: Turn, unit: Unit) -> bool:
    """Say whether a screen was the last thing that was said to the visitor."""
    seq, _ = turn.heard
    for row in unit.conversations.before(turn.conversation_id, seq, _LOOK_BACK):
        if row.author != "visitor":
            return "progress" in row.extras
    return False


def _over(turn: Turn) -> Events:
    wanted = bool(turn.tracker.get_slot("booking_wanted"))
    with turn.house.store.reading() as unit:
        permission = may_book(unit, turn.conversation_id, turn.now)
        kept = still_offered(unit, turn.conversation_id, turn.now)
    forget: Events = [SlotSet("screening_reply", None)]
    if _went_on(turn):
        return [*forget, SlotSet("booking_wanted", None)]
    if permission.may not in (May.OK, May.PENDING):
        return [*forget, SlotSet("booking_wanted", None)]
    if kept:
        buttons = [(one.label, one.payload) for one in offer_buttons(kept)]
        turn.say("Now you can have the time that I keep for you.", buttons)
        return [*forget, SlotSet("booking_wanted", None)]
    if wanted:
        return [*forget, *begin(turn, turn.tracker.get_slot("wished_time") or "")]
    turn.say(
        "Shall we find a time?",
        [("Find a time", "/book_appointment"), ("Not now", "/deny")],
    )
    return forget


def _went_on(turn: Turn) -> bool:
    """After a visit of a course: say how the pain goes, and offer what comes next.

    Returns:
        Whether there is a course, so that nobody is asked to find a time.
    """
    with turn.house.store.unit() as unit:
        last = next(iter(unit.screenings.of(turn.conversation_id)), None)
        if last is None or FOLLOW_UP not in last.asked:
            return False
        if barred(unit, turn.conversation_id, turn.now):
            return False
        told = in_words(pain_over_visits(unit, turn.conversation_id, turn.now))
        if not told:
            return False
        following = offer_next(unit, turn.conversation_id, turn.now)
        unit.commit()
    say(turn, told)
    if following:
        turn.say_as_worded(following)
    return True
