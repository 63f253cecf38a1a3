"""What becomes of an interview when a visitor replies to its screen."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from bot.clinic.brief import say_answer
from bot.clinic.choosing import Reading, ticks
from bot.clinic.consequences import (
    ASK_FOR_NEWS,
    State,
    apply,
    go_back,
    start_over,
    without,
)
from bot.clinic.corrections import (
    Correction,
    read_correction,
    wants_back,
    wants_to_start_over,
)
from bot.clinic.figures import numbers
from bot.clinic.interview import Screen
from bot.clinic.mentions import find, leftover
from bot.clinic.questionnaire import Plan, Question, Questionnaire
from bot.clinic.reading import line_words, meant, own_words, read_reply
from bot.clinic.replies import begins_plainly, is_only_agreement, plain
from bot.clinic.review import CHANGE, REVIEW, read_review, reopened
from bot.clinic.screening import Answer

_WHY = re.compile(
    r"^(but |and |ok |okay |sorry |hm+ |um+ |well |eh |huh |wh?at |wait |hang on "
    r"|(this|it|that) is \w+ |thats \w+ )*"
    r"(why (so|that|this) many( \w+)*|why all (this|that|the|these)( \w+)?"
    r"|why|what for|how come|why (do |would |are |r |did )?(you|u|ya)"
    r" (ask|need|want|wanna|have|asking)\b.*"
    r"|why (my |your |the )?(age|mood|sleep|health|history|medicines?|medication"
    r"|meds|pregnan\w+|private \w+|personal \w+|questions)"
    r"|why (is|are|does) (this|that|it|these)( question| questions)?"
    r" (important|needed|necessary|relevant|asked|matter)\b.*"
    r"|why (should|must|do) i (have to |need to )?(tell|say|answer|give)\b.*"
    r"|why (this|that)( question)?|what (is|s) (this|that|it) for"
    r"|whats (this|that|it) for|what do you need (this|that|it) for"
    r"|(is|are) (this|that|these)( question| questions)?( really)?"
    r" (necessary|needed|relevant|important)"
    r"|do i (have|need) to (answer|say|tell)\b.*"
    r"|what does (this|that) have to do with\b.*)$"
)

_MEANING = re.compile(
    r"^(?:(?:sorry|but|and|ok|okay|oh|um+|hm+|well|please|wait|no) )*"
    r"(?:what(?: do| does| did| is|s)?(?: (?:that|this|it|you))?(?: mean)?"
    r"(?: by (?:that|this))?|huh|pardon|come again"
    r"|i (?:really )?(?:dont|do not|didnt) (?:understand|get|follow)(?: (?:that|this"
    r"|it|you|the question|the list|what you mean|what that means))?"
    r"|(?:can you |could you |please )?explain(?: (?:that|this|it))?"
    r"|(?:what (?:is|are|does|do)|whats|define|explain)(?: (?:a|an|the))?"
    r" (?P<what>[a-z]+(?: [a-z]+){0,3}?)(?: means?)?)(?: please)?$"
)


def understand(
    questionnaire: Questionnaire,
    state: State,
    screen: Screen,
    reply: str | Sequence[str],
    today: date,
) -> State | str:
    """Return the state after a reply, or what to say where it could not be read.

    Args:
        state: where the interview stands.
        screen: the screen that the reply answers.
        reply: typed text, or a list of the values of chosen buttons (also of one).
        today: the visitor's date, for "since last Tuesday".
    """
    if not isinstance(reply, str):
        return _chosen(questionnaire, state, screen, list(reply), today)
    if asks_why(reply):
        return replace(state, hint=_why(questionnaire, screen))
    if words := explained(questionnaire, screen, reply):
        return replace(state, hint=words)
    if before := _led_back(questionnaire, state, screen, reply):
        return before
    if screen.id in (REVIEW, CHANGE):
        return _at_the_last_look(questionnaire, state, screen, reply, today)
    reading = read_reply(questionnaire, screen, reply, today)
    hints = questionnaire.hints
    unread = reading.hint in (hints.unclear, hints.must_choose, hints.not_listed)
    # "Aspirin, I guess" says more than "not sure".
    unread |= len(screen.questions) == 1 and not (reading.answers or reading.hint)
    more = _short_cut(questionnaire, screen, reading, reply)
    reading = replace(reading, answers={**more, **reading.answers})
    told = State({**state.answers, **reading.answers}, state.asked)
    change = read_correction(
        questionnaire, told, screen, reply, unread=unread, today=today
    )
    if change:
        # "I do take aspirin" begins like a yes, but is none to what was asked.
        yes = screen.kind != "yes_no" or not screen.skippable or begins_plainly(reply)
        taken = yes and not (unread or reading.hint)
        taken = taken and not _told_elsewhere(reading, change, reply)
        here = reading if taken else _news(screen, change)
        return corrected(questionnaire, state, change, here)
    if reading.hint:
        return _in_other_words(questionnaire, screen, reading.hint)
    return apply(questionnaire, state, reading.answers, reading.asked)


def _in_other_words(questionnaire: Questionnaire, screen: Screen, hint: str) -> str:
    """Return what helps more than a bare "sorry" where a number was not understood."""
    asked = questionnaire.questions[screen.questions[0]]
    missed = screen.kind == "number" and hint == questionnaire.hints.unclear
    return asked.reask if missed and not screen.reask else hint


def _led_back(
    questionnaire: Questionnaire, state: State, screen: Screen, text: str
) -> State | None:
    """Return the state of who wants to go back or start over; None else."""
    before = without(state, (REVIEW,))
    if wants_to_start_over(text) and state.answers.get("consent") is True:
        return start_over(questionnaire, before)
    if not _leads_back(questionnaire, screen, text):
        return None
    return before if screen.id == CHANGE else go_back(questionnaire, before)


def _leads_back(questionnaire: Questionnaire, screen: Screen, text: str) -> bool:
    """Tell whether "back" leads back, and is not where it hurts."""
    own = own_words(questionnaire, screen).values()
    return wants_back(text) and not any(plain(text) in all_ for all_ in own)


def _told_elsewhere(reading: Reading, change: Correction, text: str) -> bool:
    """Tell whether the one number in a reply belongs to another question.

    "The pain is a 6" is no age of 6.
    """
    read = [one for one in reading.answers.values() if type(one) is int]
    moved = [one for one in change.answers.values() if type(one) is int]
    return bool(read) and read == moved and len(numbers(text)) == 1


def _news(screen: Screen, change: Correction) -> Reading:
    """Return the yes of somebody who says what it is that is new."""
    asks = screen.questions[:1]
    told = change.asked or change.answers
    return Reading({asks[0]: "yes"} if told and {*asks} & {*ASK_FOR_NEWS} else {})


def _short_cut(
    questionnaire: Questionnaire, screen: Screen, reading: Reading, text: str
) -> Mapping[str, Answer]:
    """Return what a typed "yes, for me" says beside the yes, as the button would."""
    for shortcut in screen.shortcuts.values():
        more = {
            name: value
            for name, value in shortcut.answers.items()
            if name not in reading.answers
        }
        agreed = reading.answers.items() <= shortcut.answers.items()
        if more and reading.answers and agreed and _say(questionnaire, more, text):
            return more
    return {}


def _say(
    questionnaire: Questionnaire, answers: Mapping[str, Answer], text: str
) -> bool:
    """Tell whether a text says each answer: "yes, for me", or "ok, me", no more."""
    for name, value in answers.items():
        words = questionnaire.questions[name].words
        if not is_only_agreement(leftover(text, words)):
            words = {one: tuple(p for p in words[one] if " " in p) for one in words}
        if meant(find(text, words)) != [value]:
            return False
    return True


def asks_why(text: str) -> bool:
    """Tell whether the visitor wants to know why this is asked."""
    return bool(_WHY.match(plain(text)))


def explained(questionnaire: Questionnaire, screen: Screen, text: str) -> str:
    """Say a question in other words to whoever asks what it means; "" else.

    Args:
        text: "what is a fistula?" has the line that it names explained.
    """
    hints, asked = questionnaire.hints, _MEANING.match(plain(text))
    if not asked:
        return ""
    questions = [questionnaire.questions[name] for name in screen.questions]
    if asked["what"]:
        spoken_of = {one.value for one in find(asked["what"], line_words(questions))}
        questions = [one for one in questions if one.id in spoken_of]
    words = " ".join(one.reask for one in questions if one.reask)
    if words and (asked["what"] or len(questions) == 1):
        return hints.meaning.format(words=words)
    if asked["what"]:
        return ""
    return hints.which_words if len(questions) > 1 else screen.why


def _why(questionnaire: Questionnaire, screen: Screen) -> str:
    may_skip = screen.skippable and screen.questions
    words = [screen.why, questionnaire.hints.may_skip if may_skip else ""]
    return " ".join(filter(None, words))


def pressed_before(
    questionnaire: Questionnaire, state: State, screen_id: str, values: Sequence[str]
) -> State | None:
    """Return the state after a button of a screen that is no longer shown.

    A press that says something new makes that screen be asked again, and a line that
    it ticks counts as ticked; one that says what is known already, or belongs to
    nothing that was answered, gives None.
    """
    plan = next(
        (
            one
            for one in questionnaire.screens
            if screen_id in (one.id, *questionnaire.covered(one))
        ),
        None,
    )
    if plan is None or plan.id == "consent":
        return None
    names = [name for name in questionnaire.covered(plan) if name in state.answers]
    chosen = set(values) - {"none"}
    if not names or chosen == set(_as_pressed(questionnaire, state, plan, screen_id)):
        return None
    after = reopened(questionnaire, state, plan)
    if _is_list(plan) and screen_id == plan.id:
        read = ticks(_lines(questionnaire, plan, values))
        after = apply(questionnaire, after, read.answers, read.asked)
    return replace(after, hint=questionnaire.hints.reopened)


def _is_list(plan: Plan) -> bool:
    """Tell whether the lines of a screen are questions of their own."""
    return plan.kind == "checklist" and len(plan.questions) > 1


def _lines(
    questionnaire: Questionnaire, plan: Plan, names: Sequence[str]
) -> list[Question]:
    return [questionnaire.questions[one] for one in plan.questions if one in names]


def _as_pressed(
    questionnaire: Questionnaire, state: State, plan: Plan, screen_id: str
) -> Iterator[str]:
    """Go through the buttons that gave the answers as they are now."""
    if _is_list(plan) and screen_id == plan.id:
        for question in _lines(questionnaire, plan, plan.questions):
            if state.answers.get(question.id) not in (None, question.none_answer):
                yield question.id
        return
    name = screen_id if screen_id in questionnaire.questions else plan.questions[0]
    answer = state.answers.get(name)
    for one in answer if isinstance(answer, (list, tuple)) else (answer,):
        if isinstance(one, bool):
            yield "yes" if one else "no"
        elif one not in (None, "none"):
            yield str(one)


def _chosen(
    questionnaire: Questionnaire,
    state: State,
    screen: Screen,
    values: list[str],
    today: date,
) -> State | str:
    if screen.id in (REVIEW, CHANGE):
        seen = read_review(questionnaire, state, screen, values)
        return seen or questionnaire.hints.unclear
    state, values = _from_an_older_copy(questionnaire, state, screen, values)
    if not values:
        return state
    reading = read_reply(questionnaire, screen, values, today)
    return reading.hint or apply(questionnaire, state, reading.answers, reading.asked)


def _from_an_older_copy(
    questionnaire: Questionnaire, state: State, screen: Screen, values: list[str]
) -> tuple[State, list[str]]:
    """Take the lines that a list, shown again in another tab, no longer has.

    Returns:
        The state, in which a line that was denied meanwhile is ticked, and the other
        values.
    """
    plan = next((one for one in questionnaire.screens if one.id == screen.id), None)
    shown = {value for value, _ in screen.options}
    gone = set(values).difference(shown)
    if plan is None or not _is_list(plan) or not gone.intersection(plan.questions):
        return state, values
    anew = [
        one
        for one in _lines(questionnaire, plan, [*gone])
        if state.answers.get(one.id) == one.none_answer
    ]
    read = ticks(anew)
    after = without(state, [one.id for one in anew])
    return (
        apply(questionnaire, after, read.answers, read.asked),
        [one for one in values if one not in plan.questions or one in shown],
    )


def _at_the_last_look(
    questionnaire: Questionnaire, state: State, screen: Screen, reply: str, today: date
) -> State | str:
    change = read_correction(
        questionnaire, state, screen, reply, unread=True, today=today
    )
    if change:
        return corrected(questionnaire, state, change, Reading())
    return (
        read_review(questionnaire, state, screen, reply) or questionnaire.hints.unclear
    )


def corrected(
    questionnaire: Questionnaire, state: State, change: Correction, here: Reading
) -> State:
    """Return the state after a correction, and after what was read beside it."""
    after = apply(
        questionnaire,
        without(state, (*change.asked, REVIEW)),
        {**here.answers, **change.answers},
        {**here.asked, **change.asked},
    )
    return replace(after, hint=after.hint or noted(questionnaire, change))


def noted(questionnaire: Questionnaire, change: Correction) -> str:
    """Say what was understood of a question that was not the one asked."""
    questions = questionnaire.questions
    told = [
        f"{questions[name].name}: {say_answer(questions[name], value)}"
        for name, value in change.answers.items()
    ]
    told += [questions[name].name for name in change.asked]
    return questionnaire.review.noted.format(what="; ".join(told))
