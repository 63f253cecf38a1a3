"""What a reply says beside its answer is never lost, and never answers for another."""

from __future__ import annotations

import pytest

from bot.clinic.consequences import State
from bot.clinic.interview import DONE, FOLLOW_UP, RECHECK, TICKED, UNSURE_ONCE
from tests.screening import Talk, healthy, protocol

QUESTIONNAIRE = protocol().questionnaire
ASIDE = {
    "age": "46",
    "site": "my back",
    "duration": "3 weeks",
    "nrs": "6",
    "impact": "4 2 3",
    "prior_care": "a doctor",
    "mood": "low",
}
"""A reply to each of these screens, to which something is added."""


def asked_about(talk: Talk, name: str) -> bool:
    return talk.state.asked.get(name) in (TICKED, UNSURE_ONCE)


@pytest.mark.parametrize("screen", ASIDE)
def test_a_medicine_told_beside_an_answer_is_noted(screen):
    talk = Talk().at(screen).say(f"{ASIDE[screen]}, and I take warfarin")

    assert talk.state.answers["blood_thinner"] == ["warfarin"]
    assert talk.screen.id != screen


@pytest.mark.parametrize("screen", ASIDE)
@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("I wet myself", "ces_bladder"),
        ("I lost weight", "weight_loss"),
        ("I have a fever", "fever"),
        ("my foot drags", "leg_weakness"),
    ],
)
def test_a_sign_told_beside_an_answer_is_asked_about(screen, told, name):
    talk = Talk().at(screen).say(f"{ASIDE[screen]} and {told}")

    assert asked_about(talk, name)


@pytest.mark.parametrize("screen", ASIDE)
def test_a_denial_beside_an_answer_changes_nothing_else(screen):
    talk = Talk().at(screen)
    before = dict(talk.state.answers)

    talk.say(f"{ASIDE[screen]}, no fever")

    assert not asked_about(talk, "fever")
    assert talk.state.answers.get("fever") == before.get("fever")


@pytest.mark.parametrize(
    ("screen", "line", "reply"),
    [
        ("gate", "ces_bladder", "since giving birth 5 years ago"),
        ("flags", "cancer", "diagnosed 2 months ago"),
        ("flags", "cancer", "stomach"),
        ("flags", "cancer", "breast cancer"),
        ("health", "epilepsy", "once, 3 months ago"),
        ("health", "diabetes", "for ten years"),
        ("body", "device", "metal hip"),
        ("body", "lymph", "left arm"),
        ("body", "allergy", "hay fever"),
    ],
)
def test_a_reply_to_a_follow_up_says_nothing_of_the_main_pain(screen, line, reply):
    talk = Talk().at(screen).say([line])
    before = dict(talk.state.answers)

    talk.say(reply)

    after = talk.state.answers
    assert {name: after.get(name) for name in before} == before
    assert set(after) - set(before) <= {line}


def test_a_sign_forgotten_before_leaves_the_main_pain_alone():
    talk = Talk().at("mood").say("wait, I also have leg pain")

    assert talk.state.answers["site"] == "low_back"
    assert asked_about(talk, "leg_symptoms")


@pytest.mark.parametrize(
    ("screen", "reply"),
    [
        ("nrs", "it's 3 am and i can't sleep"),
        ("nrs", "I take 2 paracetamol a day"),
        ("nrs", "5 mg"),
        ("nrs", "less than 5"),
        ("age", "over 18"),
        ("age", "I'm over 60"),
        ("age", "I need 10 visits"),
        ("age", "since 10 pm"),
        ("site", "I can't sleep because of the pain"),
        ("site", "stress pain"),
    ],
)
def test_words_about_something_else_answer_nothing(screen, reply):
    talk = Talk().at(screen).say(reply)

    assert talk.state.answers.get(screen) is None


@pytest.mark.parametrize(
    ("screen", "reply", "value"),
    [
        ("nrs", "a 7 when I move", 7),
        ("nrs", "it's about 6, since 3 weeks", 6),
        ("age", "I turned 52 in May", 52),
        ("age", "she's 71 and quite frail", 71),
        ("duration", "started 20 years ago, this time 2 days", "lt_72h"),
        ("duration", "not 2 weeks, 2 years", "gt_12w"),
        ("site", "no pain, just stress", "no_pain"),
    ],
)
def test_the_number_that_is_meant_is_taken(screen, reply, value):
    assert Talk().at(screen).say(reply).state.answers[screen] == value


def test_minutes_since_an_injury_are_no_days():
    talk = Talk().at("gate").say(["trauma"], "20 minutes ago")

    assert talk.state.answers["trauma_days"] == 0


@pytest.mark.parametrize(
    "reply",
    [
        "sure, although it has got worse",
        "yes, except the pain is 2 weeks old",
        "yes apart from the medicines",
        "yes, and I had covid last month",
        "thanks",
    ],
)
def test_more_than_a_yes_is_no_agreement_to_the_summary(reply):
    assert not Talk().at("review").say(reply).over


@pytest.mark.parametrize(
    "reply", ["mostly right", "I don't think that's right", "not quite correct"]
)
def test_who_finds_it_not_quite_right_is_asked_what_to_change(reply):
    assert Talk().at("review").say(reply).screen.id == "change"


@pytest.mark.parametrize(
    ("reply", "name"),
    [("my breathing is fine", "breathless"), ("My legs are ok.", "leg_symptoms")],
)
def test_a_part_of_the_body_that_is_fine_is_no_sign(reply, name):
    talk = Talk().at("gate").say(reply)

    assert talk.state.answers[name] == QUESTIONNAIRE.questions[name].none_answer
    assert not asked_about(talk, name)


@pytest.mark.parametrize("reply", ["let me see", "tell me more", "help me"])
def test_me_in_a_turn_of_speech_is_not_whom_it_is_for(reply):
    assert "who_for" not in Talk().at("who_for").say(reply).state.answers


def test_a_birthday_is_an_age_and_no_length_of_the_pain():
    told = Talk().at("who_for").say("it's for me, i turned 71 in march").state.answers

    assert told["age"] == 71
    assert "duration" not in told


@pytest.mark.parametrize(
    "reply",
    [
        *("yes that's all correct", "looks fine to me", "yes please book it"),
        *("yes i think so", "that's about right", "haan sahi hai", "yes dear"),
    ],
)
def test_a_yes_in_other_words_is(reply):
    assert Talk().at("review").say(reply).over


def test_no_warfarin_says_nothing_of_the_other_thinners():
    assert asked_about(Talk().at("health").say("not on warfarin"), "blood_thinner")

    talk = Talk().at("health").say(["blood_thinner"], "warfarin and aspirin")
    talk.say("wait, actually I don't take warfarin")
    assert talk.state.answers["blood_thinner"] == ["aspirin"]


@pytest.mark.parametrize(
    ("reply", "denied"),
    [("no chest pain, injury or weak legs", True), ("no chest pain, injury", False)],
)
def test_a_list_of_denials_goes_on_over_its_commas(reply, denied):
    talk = Talk().at("gate").say(reply)

    assert (talk.state.answers.get("trauma") == "none") is denied
    assert asked_about(talk, "trauma") is not denied


OCCASIONS: dict[str, tuple[list[str | list[str]], str]] = {
    FOLLOW_UP: ([["none"], ["4"], "better, {}", "no"], "new_worry"),
    RECHECK: (["none of these, {}", ["none"], "no"], "anything_new"),
}


@pytest.mark.parametrize("occasion", OCCASIONS)
@pytest.mark.parametrize(
    ("told", "name"),
    [
        ("but i am pregnant now", "pregnancy"),
        ("but i have lost weight", "weight_loss"),
        ("but my hands are clumsy", "cord_signs"),
        ("but i had a seizure", "blackout_new"),
    ],
)
def test_a_sign_told_where_its_list_is_not_put_is_asked_about(occasion, told, name):
    """After a visit, or before a later one, few questions are asked."""
    replies, asks = OCCASIONS[occasion]
    talk = Talk(consent=True, who_for="self", age=40)
    talk.state = State(talk.state.answers, {occasion: DONE})
    for one in replies:
        talk.say(one.format(told) if isinstance(one, str) else one)

    assert talk.state.answers[asks] == "no"
    assert talk.screen.questions == (name,)


@pytest.mark.parametrize(
    ("occasion", "asks"), [(FOLLOW_UP, "new_worry"), (RECHECK, "anything_new")]
)
@pytest.mark.parametrize("told", ["i have a lump", "yes a fever", "I take warfarin"])
def test_who_says_what_is_new_says_that_something_is(occasion, asks, told):
    talk = Talk(consent=True, who_for="self", age=40)
    talk.state = State(
        {**talk.state.answers, **healthy(since_visit="same", ces_sexual=None)},
        {occasion: DONE, "ces_sexual": DONE},
    )
    assert talk.screen.id == asks

    assert talk.say(told).state.answers[asks] == "yes"


@pytest.mark.parametrize(
    ("screen", "reply", "name", "value"),
    [
        ("flags", "wait, it is a 9", "nrs", 9),
        ("flags", "sorry i meant eight", "nrs", 8),
        ("gate", "actually 58", "age", 58),
    ],
)
def test_a_number_alone_corrects_the_number_just_given(screen, reply, name, value):
    talk = Talk().at(screen).say(reply)

    assert talk.state.answers[name] == value
    assert talk.screen.id == screen


@pytest.mark.parametrize(
    ("screen", "reply"),
    [("health", "actually 58"), ("flags", "wait, 11"), ("gate", "sorry, 2 of these")],
)
def test_a_number_without_a_home_changes_nothing(screen, reply):
    before = Talk().at(screen).state.answers

    assert Talk().at(screen).say(reply).state.answers == before


@pytest.mark.parametrize("reply", ["for me, im fourty one", "mere liye, umar iktalis"])
def test_an_age_in_words_is_taken_beside_another_answer(reply):
    talk = Talk().at("who_for").say(reply)

    assert (talk.state.answers["who_for"], talk.state.answers["age"]) == ("self", 41)
