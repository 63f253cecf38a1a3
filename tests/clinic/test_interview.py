"""Which screen comes next, and what follows from an answer."""

from __future__ import annotations

import pytest

from bot.clinic.consequences import State, apply, go_back, raise_question
from bot.clinic.interview import SKIPPED, next_screen
from bot.clinic.screening import Disposition, evaluate
from tests.screening import CALM, SCREENS, Interview, protocol

QUESTIONNAIRE = protocol().questionnaire
RULES = protocol().rules


def a_calm_interview() -> Interview:
    talk = Interview()
    while not talk.over:
        talk.say(CALM[talk.screen.id])
    return talk


def test_healthy_visitor_sees_thirteen_screens():
    talk, seen = Interview(), []
    while not talk.over:
        seen.append((talk.screen.id, talk.screen.progress))
        talk.say(CALM[talk.screen.id])

    assert [number for _, (number, _) in seen] == list(range(1, 14))
    assert {total for _, (_, total) in seen} == {14}


def test_healthy_visitor_may_book():
    verdict = evaluate(RULES, a_calm_interview().state.answers, ended=True)

    assert verdict.disposition is Disposition.OK_TO_BOOK
    assert verdict.flags == ()


def test_every_question_has_an_answer_at_the_end_but_the_branches():
    missing = set(QUESTIONNAIRE.questions) - set(a_calm_interview().state.answers)

    assert missing == {
        "guardian",
        "country",
        "trauma_days",
        "trauma_checked",
        "inflam_pattern",
        "preg_warning",
        "preg_high_risk",
        "bad_reaction_before",
        "self_harm",
        "unsafe",
        "intoxicated",
        "since_visit",
        "new_worry",
        "anything_new",
    }


def test_consent_comes_first_then_the_gate_before_any_pain():
    talk, order = Interview(), []
    while not talk.over:
        order.append(talk.screen.id)
        talk.say(CALM[talk.screen.id])

    assert order[0] == "consent"
    assert order.index("gate") < order.index("site")


def test_emergency_gate_is_one_list_of_fourteen():
    screen = Interview().at("gate").screen

    assert screen.kind == "checklist"
    assert len(screen.options) == 14
    assert screen.none_label == "None of these"


def test_none_of_these_is_what_writes_no():
    talk = Interview().at("gate")

    talk.say(["none"])

    assert talk.state.answers["chest_pain"] == "no"
    assert talk.state.answers["leg_symptoms"] == "none"
    assert talk.screen.id == "site"


@pytest.mark.parametrize("age", ["12", "46"])
def test_a_list_is_first_asked_in_its_first_words(age):
    talk = Interview().at("age")
    talk.say(age)
    if age == "12":
        talk.say("yes")

    for name in ("gate", "flags", "health", "body"):
        talk.at(name)
        assert talk.screen.text == QUESTIONNAIRE.plan_of[talk.screen.questions[0]].text


def test_no_pain_leaves_the_first_words_of_the_list():
    talk = Interview().at("site")
    talk.say(["no_pain"])

    assert talk.screen.text.startswith("Do any of these go with it")


def test_lines_that_were_not_ticked_stay_open():
    talk = Interview().at("gate")

    talk.say(["leg_symptoms"], "one_leg")

    assert "chest_pain" not in talk.state.answers
    assert talk.screen.id == "gate"
    assert "leg_symptoms" not in talk.screen.questions
    assert talk.screen.text.startswith("Thank you. Do any of the others")


def test_only_ticked_lines_are_followed_up():
    talk = Interview().at("gate")

    talk.say(["ces_bladder", "leg_symptoms"])

    assert talk.screen.id == "ces_bladder"
    talk.say("old_stable")
    assert talk.screen.id == "leg_symptoms"


def test_ticking_a_line_by_mistake_can_be_taken_back():
    talk = Interview().at("gate")

    talk.say(["ces_bladder"], ["no"])

    assert talk.state.answers["ces_bladder"] == "no"


def test_injury_is_asked_when_and_checked_before_how_hard():
    talk, order = Interview().at("gate"), []
    talk.say(["trauma"])
    for reply in ("2 months ago", "no", "major"):
        order.append(talk.screen.id)
        talk.say(reply)

    verdict = evaluate(RULES, talk.state.answers, ended=False)

    assert order == ["trauma_days", "trauma_checked", "trauma"]
    assert verdict.disposition is Disposition.URGENT


def test_injury_without_a_date_is_the_careful_side():
    talk = Interview().at("gate")
    talk.say(["trauma"], "skip", "no", "major")

    verdict = evaluate(RULES, talk.state.answers, ended=False)

    assert verdict.disposition is Disposition.EMERGENCY


def test_injury_ticked_by_mistake_leaves_no_days_behind():
    talk = Interview().at("gate")

    talk.say(["trauma"], "3", "yes", "none")

    assert talk.state.answers["trauma"] == "none"
    assert "trauma_days" not in talk.state.answers


def test_young_person_is_asked_for_a_guardian():
    talk = Interview().at("age")

    talk.say("15")

    assert talk.screen.id == "guardian"


def test_pregnancy_is_not_asked_of_a_child():
    talk = Interview().at("age")
    talk.say("11", "yes")

    assert "pregnancy" not in talk.at("health").screen.questions


def test_pregnancy_is_followed_by_its_warning_signs():
    talk = Interview().at("health")

    talk.say(["pregnancy"], "t2")

    assert talk.screen.id == "preg_warning"
    talk.say("no")
    assert talk.screen.id == "preg_high_risk"


def test_a_corrected_pregnancy_takes_its_follow_ups_along():
    talk = Interview().at("health")
    talk.say(["pregnancy"], "t2", "no", "no")

    state = apply(QUESTIONNAIRE, talk.state, {"pregnancy": "no"}, {})

    assert "preg_warning" not in state.answers
    assert "preg_high_risk" not in state.answers


def test_stiff_mornings_are_asked_of_the_young_with_old_pain():
    talk = Interview().at("age")
    talk.say("29")
    talk.at("duration").say("gt_12w")

    assert "inflam_pattern" in talk.at("flags").screen.questions


def test_stiff_mornings_are_not_asked_of_anybody_else():
    assert "inflam_pattern" not in Interview().at("flags").screen.questions


def test_no_pain_leaves_out_how_long_and_how_strong():
    talk, seen = Interview().at("site"), []
    talk.say("no_pain")
    while not talk.over:
        seen.append(talk.screen.id)
        talk.say(CALM[talk.screen.id])

    verdict = evaluate(RULES, talk.state.answers, ended=True)

    assert not {"duration", "nrs", "impact"}.intersection(seen)
    assert talk.state.answers["duration"] == "na"
    assert verdict.disposition is Disposition.OK_TO_BOOK


def test_pain_after_all_asks_how_long_again():
    talk = Interview().at("site")
    talk.say("no_pain")

    state = apply(QUESTIONNAIRE, talk.state, {"site": "neck"}, {})

    assert "duration" not in state.answers
    assert "onset" not in state.answers


def test_very_low_mood_is_followed_by_the_crisis_question():
    talk = Interview().at("mood")

    talk.say("very_low")

    assert talk.screen.id == "self_harm"


@pytest.mark.parametrize("reply", ["ok", "low"])
def test_other_moods_end_the_interview(reply):
    talk = Interview().at("mood")

    talk.say(reply)

    assert talk.over


@pytest.mark.parametrize("name", QUESTIONNAIRE.triggers)
@pytest.mark.parametrize("screen_id", SCREENS)
def test_what_words_suggest_is_asked_at_once(name, screen_id):
    talk = Interview().at(screen_id)

    talk.state = raise_question(QUESTIONNAIRE, talk.state, name)

    assert talk.screen.questions == (name,)


def test_after_a_raised_question_the_interview_goes_on():
    talk = Interview().at("nrs")
    talk.state = raise_question(QUESTIONNAIRE, talk.state, "intoxicated")

    talk.say("no")

    assert talk.screen.id == "nrs"
    assert talk.state.answers["intoxicated"] is False


def test_ordinary_questions_cannot_be_raised():
    with pytest.raises(ValueError, match="fever"):
        raise_question(QUESTIONNAIRE, State({}, {}), "fever")


def test_not_sure_is_asked_again_in_other_words():
    talk = Interview().at("gate")
    talk.say("not sure about the chest pain")
    first = talk.screen

    talk.say("not sure")

    assert first.reask
    assert first.text == QUESTIONNAIRE.questions["chest_pain"].reask
    assert talk.state.answers["chest_pain"] == "unsure"


def test_not_sure_twice_declines_where_it_is_no_answer():
    talk = Interview().at("flags")

    talk.say(["cancer"], "not sure", "no idea")

    assert talk.state.answers["cancer"] == "declined"


@pytest.mark.parametrize("screen_id", SCREENS[1:])
def test_skipping_any_screen_is_never_a_no(screen_id):
    talk = Interview().at(screen_id)
    questions = talk.screen.questions

    talk.say("skip")

    for name in questions:
        answer = talk.state.answers.get(name)
        assert answer in (None, "declined", ["declined"])
    assert talk.over or talk.screen.id != screen_id


def test_skipping_everything_is_never_ok():
    talk = Interview()
    talk.say("yes")
    while not talk.over:
        talk.say("skip")

    verdict = evaluate(RULES, talk.state.answers, ended=True)

    assert verdict.disposition is Disposition.NOT_SUITABLE_ONLINE


def test_consent_cannot_be_skipped():
    talk = Interview()

    reading = talk.say("skip")

    assert reading.hint
    assert talk.screen.id == "consent"


def test_skipped_age_is_not_asked_twice():
    talk = Interview().at("age")

    talk.say("rather not say")

    assert talk.state.asked["age"] == SKIPPED
    assert talk.screen.id == "gate"


@pytest.mark.parametrize("screen_id", SCREENS[2:])
def test_going_back_shows_the_screen_before(screen_id):
    talk = Interview().at(screen_id)
    ids = SCREENS

    talk.state = go_back(QUESTIONNAIRE, talk.state)

    assert talk.screen.id == ids[ids.index(screen_id) - 1]


def test_going_back_after_no_pain_asks_for_the_site():
    talk = Interview().at("site")
    talk.say("no_pain")

    talk.state = go_back(QUESTIONNAIRE, talk.state)

    assert talk.screen.id == "site"


def test_going_back_never_takes_consent_back():
    talk = Interview()
    talk.say("yes")

    talk.state = go_back(QUESTIONNAIRE, talk.state)

    assert talk.screen.id == "who_for"


@pytest.mark.parametrize(
    ("before", "answers", "asked_again"),
    [
        ({"who_for": "child_guardian"}, {"age": 30}, "who_for"),
        ({"who_for": "self"}, {"age": 3}, "who_for"),
        ({"site": "no_pain"}, {"nrs": 9}, "site"),
    ],
)
def test_answers_that_clash_are_asked_again(before, answers, asked_again):
    state = apply(QUESTIONNAIRE, State(before, {}), answers, {})

    assert asked_again not in state.answers
    assert state.hint


def test_every_screen_says_why_it_asks():
    talk = Interview()
    while not talk.over:
        assert talk.screen.why
        talk.say(CALM[talk.screen.id])


@pytest.mark.parametrize("plan", QUESTIONNAIRE.screens, ids=lambda plan: plan.id)
def test_questions_are_short_enough_to_read(plan):
    assert len(plan.text.split()) <= 60
    assert "!" not in plan.text


@pytest.mark.parametrize(
    "name",
    [
        name
        for plan in QUESTIONNAIRE.screens
        for name in plan.questions
        if plan.kind == "checklist" and len(plan.questions) > 1
    ],
)
def test_every_line_can_be_ticked_and_answered(name):
    question = QUESTIONNAIRE.questions[name]
    talk = Interview(age=30, duration="gt_12w", consent=True, who_for="self")
    talk.at(QUESTIONNAIRE.plan_of[name].id)

    talk.say([name])
    while talk.state.answers.get(name) is None:
        screen = talk.screen
        first = screen.options[0][0] if screen.options else "3"
        talk.say([first] if screen.kind == "checklist" else first)

    assert talk.state.answers[name] != question.none_answer


def test_nothing_is_left_to_ask_in_the_end():
    state = a_calm_interview().state

    assert next_screen(QUESTIONNAIRE, state.answers, state.asked) is None
