"""What people say beside the point: other questions, corrections, why, old buttons."""

from __future__ import annotations

import pytest

from bot.clinic.interview import TICKED
from bot.clinic.understanding import asks_why, explained, pressed_before
from tests.screening import CALM, SCREENS, Talk, protocol

QUESTIONNAIRE = protocol().questionnaire
QUESTIONS = QUESTIONNAIRE.questions


@pytest.mark.parametrize(
    "text",
    [
        "why?",
        "Why do you ask",
        "why do you need to know that",
        "what is this for?",
        "is this necessary",
        "do I have to answer this?",
        "why does it matter",
        "but why are you asking me this",
        "eh? why my age",
        "hang on why u asking this",
    ],
)
def test_asking_why_is_heard(text):
    assert asks_why(text)


@pytest.mark.parametrize(
    "text",
    ["why does acupuncture work", "why needles", "low back", "that's why I came"],
)
def test_other_questions_are_not_asking_why(text):
    assert not asks_why(text)


MEANT = ["what does that mean?", "I don't understand", "huh?", "what do you mean"]


@pytest.mark.parametrize("text", MEANT)
@pytest.mark.parametrize("name", SCREENS)
def test_what_it_means_is_said_and_the_question_stays(name, text):
    talk = Talk().at(name)
    before = talk.state

    assert len(talk.say(text).hint) > 20
    assert talk.state == before


@pytest.mark.parametrize("name", [one for one in QUESTIONS if QUESTIONS[one].label])
def test_each_line_is_said_in_other_words_and_not_ticked(name):
    question = QUESTIONS[name]
    talk = Talk(age=40, duration="gt_12w")
    plan = talk.questionnaire.plan_of[name]
    if plan.kind != "checklist":
        return
    talk.at(plan.id)
    before = talk.state
    for phrase in (*question.words.get("item", ()), *question.words.get("yes", ())):
        said = phrase.strip("~^").replace("*", "")
        if " " in said:
            continue
        talk.say(f"what is a {said}?")

        assert talk.state == before, phrase
        assert talk.hint.startswith("In other words"), phrase


@pytest.mark.parametrize("text", ["what is the price", "what is acupuncture?"])
def test_other_questions_are_left_to_others(text):
    talk = Talk().at("gate")

    assert not explained(talk.questionnaire, talk.screen, text)


@pytest.mark.parametrize("name", [*SCREENS, "review"])
def test_why_is_answered_and_the_question_stays(name):
    talk = Talk().at(name)
    before, why = talk.state, talk.screen.why

    talk.say("why do you ask?")

    assert talk.hint.startswith(why)
    assert talk.state == before


def test_three_answers_at_once_are_all_taken():
    talk = Talk().at("who_for").say("for me, I'm 46, my low back hurts for 3 weeks")

    assert talk.state.answers["who_for"] == "self"
    assert talk.state.answers["age"] == 46
    assert talk.state.answers["site"] == "low_back"
    assert talk.state.answers["duration"] == "lt_6w"
    assert talk.screen.id == "gate"


def test_place_time_and_strength_at_once():
    talk = Talk().at("site").say("low back, since 2 weeks, 7/10")

    assert talk.screen.id == "flags"
    assert talk.state.answers["duration"] == "lt_6w"
    assert talk.state.answers["nrs"] == 7


@pytest.mark.parametrize(
    ("screen", "text"),
    [
        ("duration", "2 weeks, maybe 3"),
        ("age", "46, nearly 47"),
        ("who_for", "for me, 2 visits please"),
        ("site", "low back, left side, 2 places"),
    ],
)
def test_a_number_that_does_not_say_what_it_is_answers_nothing_else(screen, text):
    talk = Talk().at(screen)
    before = set(talk.state.answers)

    talk.say(text)

    assert set(talk.state.answers) - before <= {screen}


def test_a_later_question_answered_early_is_kept():
    talk = Talk().at("age").say("I have a pacemaker")

    assert talk.state.answers["device"] == ["pacemaker"]
    assert talk.screen.id == "age"
    assert "Pacemaker" in talk.hint


def test_an_earlier_answer_is_corrected_in_passing():
    talk = Talk().at("prior_care").say("a doctor. sorry, I'm 47")

    assert talk.state.answers["age"] == 47
    assert talk.state.answers["prior_care"] == ["doctor"]


@pytest.mark.parametrize(
    "text",
    [
        "actually the pain is 9 out of 10",
        "sorry, my pain is actually a 9",
        "actually it's 9",
    ],
)
def test_no_pain_and_then_nine_is_asked_again(text):
    talk = Talk().at("site").say(["no_pain"])

    talk.say(text)

    assert talk.screen.id == "site"
    assert "no pain" in talk.hint


def test_a_bare_number_ticks_no_line_of_a_long_list():
    talk = Talk().at("site").say(["no_pain"])

    talk.say("9")

    assert talk.screen.id == "flags"
    assert talk.state.answers.get("deformity") is None


@pytest.mark.parametrize(
    "text", ["I have a pacemaker and I'm 46", "no, I'm 46 and don't want that"]
)
def test_nothing_is_taken_before_consent(text):
    talk = Talk().say(text)

    assert "age" not in talk.state.answers
    assert "device" not in talk.state.answers


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("yes, for me, I'm 38", {"who_for": "self", "age": 38}),
        ("yes its fine and I have a pacemaker", {"device": ["pacemaker"]}),
        ("ok, it's for my neck pain, 3 weeks now", {"site": "neck"}),
    ],
)
def test_what_is_told_with_the_consent_is_kept(text, told):
    talk = Talk().say(text)

    assert talk.state.answers["consent"] is True
    assert told.items() <= talk.state.answers.items()


def test_the_short_cut_of_the_consent_needs_no_note():
    talk = Talk().say("yes, for me")

    assert talk.state.answers["who_for"] == "self"
    assert not talk.hint


def test_three_numbers_are_no_age():
    talk = Talk().at("age").say("4 4 4")

    assert "age" not in talk.state.answers
    assert talk.state.answers["who_for"] == "self"


@pytest.mark.parametrize("text", ["42 ffs", "42, I am 42", "umm 42 mate"])
def test_an_impatient_age_is_an_age(text):
    assert Talk().at("age").say(text).state.answers["age"] == 42


def test_a_baby_aspirin_is_no_baby():
    talk = Talk().at("health").say("eliquis and a baby aspirin")

    assert talk.state.answers["blood_thinner"] == ["apixaban", "aspirin"]
    assert talk.state.asked.get("pregnancy") is None


def test_a_baby_beside_aspirin_is_asked_about():
    talk = Talk().at("health").say("I had a baby and take aspirin")

    assert talk.state.asked.get("pregnancy") == TICKED


def test_an_age_that_cannot_be_read_is_asked_for_in_other_words():
    talk = Talk().at("age").say("I was born in 1980")

    assert "number of years" in talk.hint
    assert "age" not in talk.state.answers


@pytest.mark.parametrize("name", [one for one in SCREENS if one != "consent"])
def test_an_old_button_that_says_the_same_changes_nothing(name):
    talk = Talk().at("review")
    pressed = CALM[name]
    values = [pressed] if isinstance(pressed, str) else pressed

    if name in ("age", "impact"):
        return  # no buttons
    assert pressed_before(QUESTIONNAIRE, talk.state, name, values) is None


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("site", ["neck"]),
        ("nrs", ["9"]),
        ("mood", ["low"]),
        ("prior_care", ["physio", "doctor"]),
        ("who_for", ["child_guardian"]),
    ],
)
def test_an_old_button_that_says_something_new_is_asked_again(name, values):
    talk = Talk().at("review")

    after = pressed_before(QUESTIONNAIRE, talk.state, name, values)

    assert after
    assert after.hint == QUESTIONNAIRE.hints.reopened
    talk.state = after
    assert talk.screen.id == name


@pytest.mark.parametrize(
    ("name", "line", "asked"),
    [
        ("gate", "trauma", "trauma_days"),
        ("gate", "ces_bladder", "ces_bladder"),
        ("flags", "cancer", "cancer"),
        ("health", "blood_thinner", "blood_thinner"),
    ],
)
def test_a_line_ticked_on_an_older_list_is_asked_about(name, line, asked):
    talk = Talk().at("review")

    after = pressed_before(QUESTIONNAIRE, talk.state, name, [line])

    assert after
    assert after.asked[line] == "ticked"
    talk.state = after
    assert talk.screen.questions == (asked,)


def test_a_line_that_was_denied_and_is_ticked_in_another_tab_is_asked_about():
    talk = Talk().at("gate").say("no bladder problems")

    talk.say(["ces_bladder", "ces_bowel"])

    assert talk.state.asked["ces_bladder"] == "ticked"
    assert talk.state.asked["ces_bowel"] == "ticked"


def test_the_button_of_a_follow_up_leads_back_to_its_screen():
    talk = Talk().at("health").say(["blood_thinner"], ["warfarin"]).at("mood")

    after = pressed_before(QUESTIONNAIRE, talk.state, "blood_thinner", ["aspirin"])

    assert after
    talk.state = after
    assert talk.screen.id == "health"


@pytest.mark.parametrize("name", ["consent", "nonsense", "review"])
def test_buttons_that_lead_nowhere_change_nothing(name):
    talk = Talk().at("mood")

    assert pressed_before(QUESTIONNAIRE, talk.state, name, ["no"]) is None


def test_consent_and_who_for_can_be_one_press():
    talk = Talk().say(["consent.0"])

    assert talk.state.answers == {"consent": True, "who_for": "self"}
    assert talk.screen.id == "age"


def test_for_someone_else_is_asked_who():
    talk = Talk().say("Yes, for someone else")

    assert talk.screen.id == "who_for"
    assert "Who will have the treatment" in talk.screen.text


@pytest.mark.parametrize(
    "text",
    [
        *("yes for me", "ok, it's for me", "yes, for myself", "yes me", "k me"),
        *("ok whatever yes me", "Fine. Myself.", "haan ji, me", "sure, just me please"),
    ],
)
def test_yes_for_me_in_words_is_both_answers(text):
    talk = Talk().say(text)

    assert talk.state.answers == {"consent": True, "who_for": "self"}


@pytest.mark.parametrize(
    "text",
    ["yes", "yes, for my mum", "ok, tell me more", "ok help me", "yes, me and my mum"],
)
def test_a_plain_yes_leaves_open_whom_it_is_for(text):
    assert Talk().say(text).state.answers == {"consent": True}


def test_a_number_of_the_pain_is_no_age():
    talk = Talk().at("age").say("no the pain is a 6")

    assert talk.screen.id == "age"
    assert talk.state.answers["nrs"] == 6
    assert "age" not in talk.state.answers
    assert "site" not in talk.state.answers


def test_a_medicine_that_comes_with_a_guess_is_not_lost():
    talk = Talk().at("who_for").say("aspirin i guess")

    assert "blood thinner" in talk.hint.lower()
    assert talk.screen.id == "who_for"


@pytest.mark.parametrize("screen", ["gate", "duration", "nrs", "health", "mood"])
@pytest.mark.parametrize(
    "text",
    [
        *("can i book a visit for friday", "for tuesday please", "tomorrow"),
        *("can i come on friday for an hour", "book me for next monday"),
    ],
)
def test_a_day_that_is_wished_for_answers_nothing(screen, text):
    talk = Talk().at(screen)
    before = talk.state

    talk.say(text)

    assert talk.state == before


def test_a_count_of_weeks_is_no_strength_of_pain():
    talk = Talk().at("nrs").say("for 2 weeks")

    assert "nrs" not in talk.state.answers
    assert talk.screen.id == "nrs"


@pytest.mark.parametrize("text", ["wait, my age is 54", "sorry, i am 54 years old"])
def test_an_age_is_corrected_and_says_nothing_of_the_pain(text):
    talk = Talk().at("duration").say(text)

    assert talk.state.answers["age"] == 54
    assert talk.screen.id == "duration"
