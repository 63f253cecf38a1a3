"""The safety questions: one screen at a time, until there is a verdict."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from rasa_sdk import Action, FormValidationAction, Tracker
from rasa_sdk.events import FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import (
    PERSON,
    Events,
    ReadsReplies,
    Turn,
    leave_form,
    perform,
    reply_to,
)
from actions.booking import begin
from actions.kept_wish import keep_wish, much_wished
from actions.screening_replies import EASED, LOOK_BACK, read, say_result, take, waiting
from actions.screens import (
    channel_of,
    close_what_was_left,
    hand_over_what_was_left,
    protocol_for,
    say,
    show,
)
from bot.clinic.interview import FOLLOW_UP, Screen
from bot.clinic.progress import in_words
from bot.clinic.replies import wants_to_go_on
from bot.clinic.screened import May
from bot.desk.next_course import offer_next
from bot.desk.progress import pain_over_visits
from bot.desk.screening import (
    Unclear,
    barred,
    may_book,
    raised,
    start,
)
from bot.desk.waiting import offer_buttons, still_offered
from bot.store.unit import Unit

Slots = dict[str, Any]

_STILL_IN_MIND = 30
"""Messages after which a long text is shown whole once more."""


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
            "screening_reply", read, dispatcher, tracker, answers=False
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
    wish = keep_wish(turn)
    wants = turn.wants_a_visit or "wished_time" in wish
    then = " Then we find you a time." if wants else ""
    turn.say(f"I may read too much into your words, but I would rather ask.{then}")
    kept = [SlotSet(name, value) for name, value in wish.items() if wants]
    return [*leave_form("screening_reply"), *kept, FollowupAction("screening_form")]


def _begin(turn: Turn) -> Events:
    close_what_was_left(turn)
    with turn.house.store.reading() as unit:
        closed = barred(unit, turn.conversation_id, turn.now)
        going = waiting(turn, unit)
    if closed:
        turn.say(
            "You have answered these questions, and a person at the clinic has to look "
            "at your answers first. New answers would not change that.",
            [PERSON],
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
    kept = [SlotSet(name, value) for name, value in much_wished(turn).items()]
    return [*kept, SlotSet("screening_reply", None), FollowupAction("screening_form")]


_SPEAKS_OF_A_VISIT = re.compile(
    r"\b(?:visit\w*|appointment\w*|session\w*|treat\w*|needl\w*|acupuncture|cupping"
    r"|last time|helped|came (?:in|to you)|saw (?:you|him|her)"
    r"|been (?:to see you|there|with you))\b",
    re.IGNORECASE,
)


def _had_a_visit(turn: Turn) -> bool:
    """Say whether there was a visit, as the record or the visitor has it.

    "It got worse" alone may come from somebody who was never here.
    """
    if not turn.typed or _SPEAKS_OF_A_VISIT.search(turn.typed):
        return True
    with turn.house.store.reading() as unit:
        visits = unit.bookings.of_conversation(turn.conversation_id)
        return any(one.ends_at <= turn.now for one in visits)


def _follow_up(turn: Turn) -> Events:
    if not _had_a_visit(turn):
        turn.say(
            "Have you been here for a visit already?",
            [("Yes, after a visit", "/tell_progress"), ("Not yet", "/start_screening")],
        )
        return []
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


def _ask(turn: Turn) -> Events:
    if turn.has_said(turn.house.shelf.protocol.questionnaire.hints.stuck):
        return []
    with turn.house.store.unit() as unit:
        screen = waiting(turn, unit)
        if screen is not None:
            screen = _as_read_lately(turn, unit, screen)
        else:
            hand_over_what_was_left(turn, unit)
            channel, protocol = channel_of(turn, unit), protocol_for(turn, unit)
            asked = start(unit, turn.conversation_id, channel, protocol, turn.now)
            unit.commit()
            screen = asked.screen
            if asked.note:
                turn.say(asked.note)
    show(turn, screen)
    return []


def _as_read_lately(turn: Turn, unit: Unit, screen: Screen) -> Screen:
    """Return a screen in its short words where the long ones stand a little above."""
    if not screen.again:
        return screen
    seq, _ = turn.heard
    rows = unit.conversations.before(turn.conversation_id, seq, _STILL_IN_MIND)
    if all(row.text != screen.text for row in rows):
        return screen
    return replace(screen, text=screen.again, more="")


def go_on_with_questions(turn: Turn) -> Events | None:
    """Take up the questions that were stopped, where the words ask for it.

    Returns:
        What follows; None where no question waits or something else is meant.
    """
    if turn.tracker.active_loop_name or not wants_to_go_on(turn.typed):
        return None
    with turn.house.store.reading() as unit:
        going = waiting(turn, unit)
    return _begin(turn) if going else None


def late_reply(turn: Turn) -> Events | None:
    """Take a reply to a question that the assistant has forgotten it asked.

    It forgets after an hour; the questions stand for a day. Typed words are a reply
    only where nothing was said since the question.

    Returns:
        What follows; None where no question waits or the words are no answer to it.
    """
    pressed = bool(turn.entities("answer"))
    with turn.house.store.unit() as unit:
        if waiting(turn, unit) is None or not (pressed or _asked_last(turn, unit)):
            return None
        result = take(turn, unit)
    if isinstance(result, Unclear) and not pressed:
        return None
    if over := say_result(turn, result):
        return _over(turn, over)
    return [SlotSet("screening_reply", None), FollowupAction("screening_form")]


def _asked_last(turn: Turn, unit: Unit) -> bool:
    """Say whether a screen was the last thing that was said to the visitor."""
    seq, _ = turn.heard
    for row in unit.conversations.before(turn.conversation_id, seq, LOOK_BACK):
        if row.author != "visitor":
            return "progress" in row.extras
    return False


def _over(turn: Turn, reply: str | None = None) -> Events:
    """Follow up on the end of the questions.

    Args:
        reply: that ended them; None where it is the form's.
    """
    wanted = bool(turn.tracker.get_slot("booking_wanted"))
    with turn.house.store.reading() as unit:
        permission = may_book(unit, turn.conversation_id, turn.now)
        kept = still_offered(unit, turn.conversation_id, turn.now)
        last = next(iter(unit.screenings.of(turn.conversation_id)), None)
    forget: Events = [SlotSet("screening_reply", None)]
    if _went_on(turn):
        return [*forget, SlotSet("booking_wanted", None)]
    # Neither a mere suggestion nor a word after a visit is a reason not to book.
    eased = (reply or turn.tracker.get_slot("screening_reply")) == EASED
    eased = eased or (last is not None and FOLLOW_UP in last.asked)
    if wanted and eased and permission.may is May.SCREENING_NEEDED:
        return [*forget, *begin(turn, turn.tracker.get_slot("wished_time") or "")]
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
