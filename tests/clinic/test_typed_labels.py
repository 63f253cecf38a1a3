"""The label of a button typed by hand counts as a press of it."""

from __future__ import annotations

import pytest

from bot.clinic.consequences import State
from bot.clinic.interview import AT_ONCE, RECHECK, TICKED
from bot.clinic.reading import labels_of
from bot.clinic.typed_labels import begun, misspelt
from tests.screening import SCREENS, Interview, Talk, alone, protocol

QUESTIONNAIRE = protocol().questionnaire
LISTS = ["gate", "flags", "health", "body", "prior_care"]
OF_ONE = [
    name
    for name, question in QUESTIONNAIRE.questions.items()
    if name in {*QUESTIONNAIRE.plan_of, *QUESTIONNAIRE.raised}
    and question.type != "int"
]


def asked(name):
    answers, marks = alone(name)
    talk = Talk()
    talk.state = State(answers, marks)
    return talk


@pytest.mark.parametrize("name", OF_ONE)
def test_each_label_in_capitals_is_a_press(name):
    for value, label in labels_of(asked(name).screen):
        pressed, typed = asked(name), asked(name)
        pressed.say([value])

        typed.say(label.upper())

        assert typed.state == pressed.state, label


@pytest.mark.parametrize("screen_id", LISTS)
@pytest.mark.parametrize(
    "text", ["NONE OF THESE", "none of thes", "Nne of these", "nonee of theese"]
)
def test_none_of_these_is_heard_misspelt(screen_id, text):
    pressed = Talk().at(screen_id).say(["none"])

    typed = Talk().at(screen_id).say(text)

    assert typed.state == pressed.state


@pytest.mark.parametrize("screen_id", SCREENS[1:])
@pytest.mark.parametrize("text", ["skip", "SKIP", "Skip this one", "skip it please"])
def test_skip_is_heard_on_every_screen(screen_id, text):
    assert Interview().at(screen_id).say(text).declined


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("consent", "yes and the vist", True),
        ("mood", "verry low", "very_low"),
        ("site", "uper back", "upper_back"),
        ("duration", "6 to 12", "6w_to_12w"),
        ("leg_symptoms", "both legs new", "both_new"),
        ("leg_weakness", "BOTH LEGS", "both"),
        ("needle_fear", "i have fainted", "faints"),
        ("self_harm", "a plan", "plan_or_now"),
        ("function", "i cant stnd or walk", "cannot_walk"),
        ("immune", "chemo nw", "chemo_now"),
    ],
)
def test_a_label_with_slips_or_only_begun_is_a_press(name, text, value):
    assert asked(name).say(text).state.answers[name] == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("leg_symptoms", "both legs"),  # new or old?
        ("who_for", "for another adult"),  # who agrees, or cannot?
        ("function", "i can stand or walk"),
        ("function", "i can"),
        ("unsafe", "not"),
    ],
)
def test_words_that_fit_two_labels_or_turn_one_round_are_asked_again(name, text):
    talk = asked(name)
    before = talk.state.answers

    talk.say(text)

    assert talk.state.answers == before
    assert talk.screen.questions == (name,)


@pytest.mark.parametrize(
    "text", ["my lower bak", "lower bck", "low bak pain", "its my lowr back"]
)
def test_a_misspelt_low_back_is_a_low_back(text):
    assert asked("site").say(text).state.answers["site"] == "low_back"


@pytest.mark.parametrize(
    "text", ["is there a swimming pool?", "we play pool", "a pair of poodles"]
)
def test_a_pool_is_no_bowel_trouble(text):
    assert "ces_bowel" not in Talk().at("site").say(text).state.asked


def test_no_text_is_no_label():
    assert misspelt([("a", "Low back")], "") is None
    assert begun([("a", "Low back")], "low") is None


@pytest.mark.parametrize("text", ["start over", "START OVER", "begin again please"])
def test_start_over_asks_all_again_but_for_the_agreement(text):
    talk = Talk().at("mood").say(text)

    assert talk.screen.id == "who_for"
    assert talk.state.answers == {"consent": True}
    assert talk.hint == QUESTIONNAIRE.hints.from_the_top


def test_start_over_keeps_the_occasion_and_what_words_raised():
    talk = Talk(consent=True, who_for="self", age=40)
    talk.state = State(
        {**talk.state.answers, "chest_pain": "no"},
        {RECHECK: "done", "self_harm": TICKED, AT_ONCE: "self_harm"},
    )

    talk.say("start over")

    assert talk.state.answers == {"consent": True, "who_for": "self", "age": 40}
    assert talk.screen.questions == ("self_harm",)


@pytest.mark.parametrize("text", ["cancel that", "i want to cancel", "a message"])
def test_a_word_of_its_own_is_no_slip_of_a_sign(text):
    assert "cancer" not in Talk().at("site").say(text).state.asked


@pytest.mark.parametrize(
    "text", ["this is stupid, why so many questions", "why all these questions?"]
)
def test_why_so_many_is_told_why(text):
    talk = Talk().at("age").say(text)

    assert "Some safety checks depend on age" in talk.hint
