"""A denial is believed only where it is plain; else the sign it names is asked about.

Every sign's own words are put into qualified denials and into plain ones.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from bot.clinic.consequences import State
from bot.clinic.interview import TICKED, UNSURE_ONCE
from bot.clinic.questionnaire import Question
from tests.screening import CALM, Talk, healthy, protocol

QUESTIONNAIRE = protocol().questionnaire
QUESTIONS = QUESTIONNAIRE.questions
GATE = next(one for one in QUESTIONNAIRE.screens if one.id == "gate").questions
ASKED_ALONE = (
    *(name for name in GATE if QUESTIONS[name].type == "choice"),
    *("constant_night", "cancer", "cord_signs", "bleeding_disorder", "immune"),
    *("lymph", "skin", "preg_warning", "self_harm", "unsafe"),
)
"""Asked on their own, with an answer that says there is nothing."""

QUALIFIED = (
    *("no just {}", "no only {}", "none besides {}", "no apart from {}"),
    *("nothing other than {}", "no problems besides {}", "none except {}"),
    *("not able to say no to {}", "i wouldnt say no {}", "no longer without {}"),
    *("never so much {}", "never had {} like this", "no {} until today"),
    *("no {} before but now", "not only {}", "no i have {}", "no my {} is odd"),
    *("no {} at rest", "no more {} than usual", "not always {}", "hardly any {}"),
    *("i do not know about {}", "no change in my {}, it is still there"),
    *("no {}, it just comes and goes", "nothing helps the {}", "no, {} yesterday"),
)
PLAIN = (
    *("no {}", "No {} at all.", "i don't have {}", "I do not have any {}"),
    *("i have no {}", "no, no {}", "{}: no", "without {}", "I haven't got any {}"),
)
DOUBTFUL = (
    *("no but sometimes", "no, well, a little", "never so bad", "not always"),
    *("no i think about it but would not do it", "none that I would act on"),
    *("never stop thinking about it", "never felt so hopeless", "not any more"),
    *("no more than usual", "not right now", "i am never safe", "i wish i was safe"),
    *("i'm not feeling safe", "yes but not at night", "I wouldn't say no"),
    *("not yet it has not stopped", "no, not today", "it is not nothing", "no idea"),
)
NONE = (
    *("no", "nope", "None", "none of them", "no, none of those", "nothing like that"),
    *("don't have any", "I don't have any of these", "no thanks", "not at all"),
    *("No. Nothing.", "none of the above, thank you", "I have none of these symptoms"),
)


def words(question: Question, values: set[str]) -> Iterator[str]:
    """Go through what people say for some values of a question, as they type it."""
    for value in values & set(question.words):
        for phrase in question.words[value]:
            yield re.sub(r"[*~^]", "", phrase)


def names_a_sign(phrase: str) -> bool:
    """Tell whether "no" before these words would deny a sign."""
    return not re.search(r"~|\b(cant|wont|not|no|lost|doesnt|dont|loss)\b", phrase)


def asked(name: str) -> Talk:
    """Go to the screen that asks one question on its own."""
    talk = Talk()
    pregnant = {"pregnancy": "t3"} if name == "preg_warning" else {}
    known = healthy(**{**pregnant, name: None})
    injury = {"trauma_days": 10, "trauma_checked": False} if name == "trauma" else {}
    talk.state = State({**known, **injury}, {name: TICKED})
    assert talk.screen.questions == (name,)
    return talk


def at_the_gate() -> Talk:
    talk = Talk(consent=True, who_for="self", age=46)
    assert talk.screen.id == "gate"
    return talk


def denied(talk: Talk, name: str) -> bool:
    return talk.state.answers.get(name) == QUESTIONS[name].none_answer


@pytest.mark.parametrize("name", GATE)
def test_a_qualified_denial_of_an_emergency_sign_asks_about_it(name):
    for said in words(QUESTIONS[name], {"item", "yes"}):
        for template in QUALIFIED:
            reply = template.format(said)
            talk = at_the_gate().say(reply)

            answers, marks = talk.state.answers, talk.state.asked
            named = {
                one for one, mark in marks.items() if mark in (TICKED, UNSURE_ONCE)
            }
            named |= {
                one for one in GATE if answers.get(one) not in (None, "no", "none")
            }
            assert not denied(talk, name), reply
            assert named, reply


@pytest.mark.parametrize("name", ASKED_ALONE)
def test_a_qualified_denial_of_what_is_asked_alone_is_never_no(name):
    question = QUESTIONS[name]
    values = {"item", "yes", *question.options[1:]}
    for said in words(question, values):
        for template in QUALIFIED[::3]:
            reply = template.format(said)

            assert not denied(asked(name).say(reply), name), reply


@pytest.mark.parametrize("name", ASKED_ALONE)
@pytest.mark.parametrize("reply", DOUBTFUL)
def test_a_doubtful_reply_is_never_no(name, reply):
    assert not denied(asked(name).say(reply), name)


def signs(name: str) -> list[str]:
    """Return the phrases that name a line, "^" still before one of several signs."""
    return [
        phrase.replace("*", "")
        for value in ("item", "yes")
        for phrase in QUESTIONS[name].words.get(value, ())
        if names_a_sign(phrase)
    ]


@pytest.mark.parametrize("name", GATE)
def test_a_plain_denial_of_a_whole_line_is_believed(name):
    for said in signs(name):
        if said.startswith("^"):
            continue
        for template in PLAIN:
            reply = template.format(said)
            talk = at_the_gate().say(reply)

            assert TICKED not in talk.state.asked.values(), reply
            assert UNSURE_ONCE not in talk.state.asked.values(), reply
            assert any(denied(talk, one) for one in GATE), reply


LISTS = [one for one in QUESTIONNAIRE.screens if one.kind == "checklist" and one.none]
LINES = [name for plan in LISTS if len(plan.questions) > 1 for name in plan.questions]


@pytest.mark.parametrize("name", LINES)
def test_no_to_one_of_several_signs_leaves_the_line_open(name):
    for said in signs(name):
        if not said.startswith("^"):
            continue
        for template in PLAIN:
            reply = template.format(said[1:])
            talk = Talk(age=40, duration="gt_12w").at(QUESTIONNAIRE.plan_of[name].id)
            talk.say(reply)

            assert name not in talk.state.answers, reply
            assert name not in talk.state.asked, reply
            assert name in talk.screen.questions, reply


@pytest.mark.parametrize("reply", ["no bleeding", "the baby is moving fine"])
def test_no_to_one_warning_asks_about_the_others(reply):
    talk = asked("preg_warning").say(reply)

    assert not denied(talk, "preg_warning")
    assert talk.hint == QUESTIONNAIRE.hints.rest
    assert denied(talk.say("no"), "preg_warning")


def test_a_row_of_denials_is_believed_one_by_one():
    talk = at_the_gate().say("no chest pain, no injury, no weak legs")

    assert denied(talk, "chest_pain")
    assert denied(talk, "trauma")
    assert denied(talk, "leg_weakness")
    assert not talk.state.asked


@pytest.mark.parametrize("screen", ["gate", "flags", "health", "body"])
@pytest.mark.parametrize("reply", NONE)
def test_a_plain_none_answers_the_whole_list(screen, reply):
    talk = Talk().at(screen)
    names = talk.screen.questions

    talk.say(reply)

    assert all(denied(talk, name) for name in names)


@pytest.mark.parametrize("name", ["self_harm", "preg_warning"])
@pytest.mark.parametrize("reply", NONE)
def test_a_plain_no_is_believed_where_it_answers_the_question(name, reply):
    assert denied(asked(name).say(reply), name)


@pytest.mark.parametrize("none", ["none of them", "nope", "don't have any", "No."])
def test_who_types_plain_denials_is_not_asked_in_circles(none):
    talk, turns = Talk(), 0
    while not talk.over:
        calm = CALM[talk.screen.id]
        talk.say(none if calm == ["none"] else calm)
        turns += 1

    assert turns <= 14


@pytest.mark.parametrize(
    "wish",
    [
        *("can I book a visit for friday?", "could I come in today?"),
        *("an appointment next week please", "is monday free? I want to book"),
    ],
)
@pytest.mark.parametrize(
    "name", [one for one in ASKED_ALONE if one not in ("self_harm", "unsafe")]
)
def test_a_wish_for_a_day_says_nothing_of_a_sign(name, wish):
    talk = asked(name)
    before = talk.state

    assert talk.say(wish).state == before


def test_a_new_sign_is_heard_beside_a_wish():
    talk = asked("ces_saddle").say("it is new, can I still come in on friday?")

    assert talk.state.answers["ces_saddle"] == "new"


def on_a_list(screen: str, reply: str) -> State:
    return Talk().at(screen).say(reply).state


@pytest.mark.parametrize(
    "reply", ["chest pain? no", "Chest pain?? Nope.", "chest pain: no"]
)
def test_a_sign_that_is_named_to_deny_it_is_denied(reply):
    assert on_a_list("gate", reply).answers["chest_pain"] == "no"


@pytest.mark.parametrize(
    ("screen", "reply", "name"),
    [
        ("gate", "chest pain, no", "chest_pain"),
        ("gate", "a weak leg. no. just my back", "leg_weakness"),
        ("flags", "fever; no; steroids for a year", "fever"),
    ],
)
def test_a_no_after_a_sign_is_asked_about(screen, reply, name):
    after = on_a_list(screen, reply)

    assert name not in after.answers
    assert after.asked[name] == UNSURE_ONCE


@pytest.mark.parametrize("reply", ["fever. no, nothing else", "fever, no others"])
def test_a_no_to_all_others_takes_no_sign_back(reply):
    assert on_a_list("flags", reply).answers["fever"] == "yes"
