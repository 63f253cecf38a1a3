"""Reads what a visitor replies to a safety question, and says what came of it."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from typing import Any

from actions import OF_ITS_OWN_ACCORD, Turn
from actions.kept_wish import keep_wish, names_a_time, say_back
from actions.screens import (
    protocol_for,
    say,
    say_verdict,
    say_way_out,
    tell_staff,
)
from actions.visits import tell_in_a_form
from bot.clinic.corrections import wants_back, wants_to_start_over
from bot.clinic.interview import RECHECK, Screen
from bot.clinic.questionnaire import Hints
from bot.clinic.reading import names_a_button
from bot.clinic.replies import starts_with_no, yes_or_no
from bot.clinic.screening import Disposition, evaluate
from bot.clinic.understanding import asks_why, explained
from bot.desk.screening import (
    Asked,
    Confirmed,
    Eased,
    Ended,
    Result,
    Unclear,
    answer,
    current_screen,
    texts,
)
from bot.store.unit import Unit

Slots = dict[str, Any]

_SKIPS = re.compile(r"\b(skip|pass on|rather not|next question)\b", re.IGNORECASE)
"""Leaving out one question is not leaving all of them."""

_LEAVE_TO_RULES = ("stop", "talk_to_human", "complaint", "ask_topic")
"""Never an answer to a screen; data/rules/ says what comes of them."""

_NOT_OURS = ("out_of_scope", "nlu_fallback")
"""A question of such an intent has no written answer."""

LOOK_BACK = 5
"""Messages that were said in one turn, at the most."""

_AT_ONCE = (Disposition.EMERGENCY, Disposition.URGENT)
"""Nothing is said beside these."""

OVER, EASED = "over", "eased"
"""The replies that end the form: with a result, or as a mere suggestion was no more."""


def waiting(turn: Turn, unit: Unit) -> Screen | None:
    """Return the screen that waits for a reply, or None."""
    protocol = protocol_for(turn, unit)
    return current_screen(unit, turn.conversation_id, protocol, turn.now)


def read(turn: Turn) -> Slots:
    """Take the reply, unless the visitor turned to something else."""
    if (about_a_visit := _about_a_visit(turn)) is not None:
        return about_a_visit
    told = _told_beside(turn)
    if not (_is_about_the_questions(turn.typed) or _stays_here(turn)):
        leaves = _leaves(turn)
        asks = turn.asks and not told
        if (leaves and not _SKIPS.search(turn.typed)) or asks:
            return {}
    if not turn.entities("answer") and not turn.typed:
        return {} if turn.intent in OF_ITS_OWN_ACCORD else {"screening_reply": None}
    seq, _ = turn.heard
    with turn.house.store.unit() as unit:
        if waiting(turn, unit) is None:
            return {"screening_reply": _said_before(turn, unit, seq)}
        result = take(turn, unit, told)
    if isinstance(result, Unclear):
        return _unread(turn, result)
    reply = say_result(turn, result)
    if not (isinstance(result, Ended) and result.verdict.disposition in _AT_ONCE):
        turn.answer_beside()
    return {"screening_reply": reply}


def _about_a_visit(turn: Turn) -> Slots | None:
    """Take what is surely about a visit, and so no reply; None where it is not."""
    if turn.intent == "check_appointment" and turn.means_something_else:
        tell_in_a_form(turn)
        return {"screening_reply": None}
    # "Thursday afternoon" is not how long it has hurt.
    return _wants_a_visit(turn) if names_a_time(turn) else None


def _wants_a_visit(turn: Turn) -> Slots:
    """Keep a wish for a visit until the questions are over."""
    wish = keep_wish(turn)
    turn.say(f"{say_back(turn, wish.get('wished_time'))} These questions come first.")
    return {"screening_reply": None, **wish}


def _unread(turn: Turn, result: Unclear) -> Slots:
    """Go on after a reply that could not be read; the second time offer a way out."""
    if _turns_away(turn, result.screen):
        return {}
    hints = turn.house.shelf.protocol.questionnaire.hints
    if turn.intent == "book_appointment":
        turn.answer_beside()
        return _wants_a_visit(turn)
    if turn.intent in _NOT_OURS and turn.questions:
        say(turn, hints.staff)
    elif turn.typed and _is_stuck(turn, result):
        if result.hint != hints.must_choose:  # there is nothing to choose from here
            say(turn, result.hint)
        say_way_out(turn, result.screen)
    else:
        say_result(turn, result)
    turn.answer_beside()
    return {"screening_reply": None}


def _is_about_the_questions(text: str) -> bool:
    return asks_why(text) or wants_back(text) or wants_to_start_over(text)


def _stays_here(turn: Turn) -> bool:
    """Say whether the visitor asks what the question means, or types a button of it."""
    with turn.house.store.reading() as unit:
        screen = waiting(turn, unit)
    if screen is None or not turn.typed:
        return False
    questionnaire = turn.house.shelf.protocol.questionnaire
    meaning = explained(questionnaire, screen, turn.typed)
    return bool(meaning) or names_a_button(screen, turn.typed)


def _turns_away(turn: Turn, screen: Screen) -> bool:
    """Say whether words that are no answer are about something else.

    "God no, just the pain" after "are you in danger" sounds like a question of pain.
    """
    if not turn.interrupts or _SKIPS.search(turn.typed):
        return False
    if turn.intent == "stop" and not turn.means_something_else:
        return False
    raised = turn.house.shelf.protocol.questionnaire.triggers
    says = yes_or_no(turn.typed) or starts_with_no(turn.typed)
    answers = says or raised.keys() & {*screen.questions}
    return not (turn.intent == "faq" and answers and not turn.questions)


def _is_stuck(turn: Turn, result: Unclear) -> bool:
    """Say whether to ask once more would be to go round in circles.

    It would where the reply before this one was told the same, or was offered the way
    out, and where the two before it were missed too. A question of danger always stays
    in sight.
    """
    questionnaire = turn.house.shelf.protocol.questionnaire
    asked = {*result.screen.questions}
    if asked and asked <= questionnaire.triggers.keys():
        return False
    seq, _ = turn.heard
    with turn.house.store.reading() as unit:
        rows = unit.conversations.before(turn.conversation_id, seq, 2 * LOOK_BACK)
    by_turn = itertools.groupby(rows, lambda row: row.author == "visitor")
    last = [[row.text for row in said] for heard, said in by_turn if not heard][:2]
    hints = questionnaire.hints
    same = any({result.hint, hints.stuck} & {*said} for said in last[:1])
    return same or (
        len(last) == 2 and all(_in_vain(result.screen, hints, said) for said in last)
    )


def _in_vain(screen: Screen, hints: Hints, said: Sequence[str]) -> bool:
    """Say whether a turn brought word of a miss, the same screen, and nothing else."""
    remarks = [text for text in said if text != screen.text]
    return len(remarks) < len(said) and [*map(hints.tells_of_a_miss, remarks)] == [True]


def _leaves(turn: Turn) -> bool:
    """Say whether the visitor means something else than the question.

    "Awful" may be how somebody feels: what can be read as a reply is no complaint.
    """
    if turn.intent not in _LEAVE_TO_RULES or not turn.means_something_else:
        return False
    if turn.intent != "complaint":
        return True
    with turn.house.store.unit() as unit:  # a trial, so never committed
        if waiting(turn, unit) is None:
            return True
        return isinstance(_heard(turn, unit, turn.typed), Unclear)


def _told_beside(turn: Turn) -> str:
    """Return the reply that came with a question; "" where there is none.

    "No. Is it safe with a pacemaker?" is not cut: what the question names may be an
    answer, and would be lost.
    """
    beside = turn.asked_beside
    if beside is None or not beside.told:
        return ""
    with turn.house.store.unit() as unit:  # a trial, so never committed
        if waiting(turn, unit) is None:
            return ""
        alone = _heard(turn, unit, beside.asked)
    return beside.told if isinstance(alone, Unclear) else ""


def take(turn: Turn, unit: Unit, told: str = "") -> Result:
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
    local = turn.now.astimezone(turn.house.shelf.clinic.zone).date()
    return answer(
        unit,
        turn.conversation_id,
        protocol_for(turn, unit),
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
        return say_result(turn, Confirmed(ended[0]))
    protocol = turn.house.shelf.protocol
    verdict = evaluate(protocol.rules, ended[0].answers, ended=True)
    said = texts(protocol, verdict, alert_delivered=False)
    return say_result(turn, Ended(ended[0], verdict, said))


def say_result(turn: Turn, result: Result) -> str | None:
    """Say what came of the reply; `OVER` and `EASED` end the form."""
    if isinstance(result, Eased):
        wanted = turn.tracker.get_slot("booking_wanted")
        back = "You can go on where you were, or ask me your question again."
        say(turn, f"Thank you. I asked to be sure.{'' if wanted else f' {back}'}")
        return EASED
    if isinstance(result, Confirmed):
        say(turn, turn.house.shelf.protocol.questionnaire.hints.counts)
        return OVER
    if isinstance(result, Ended):
        say_verdict(turn, result)
        return OVER
    note = result.note if isinstance(result, Asked) else result.hint
    if note:
        say(turn, note)
    return None
