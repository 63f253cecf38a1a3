"""What a typed reply to a screening question means."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clinic.consequences import raise_question
from bot.clinic.corrections import read_correction, wants_back
from bot.clinic.interview import TICKED, UNSURE_ONCE
from bot.clinic.mentions import find
from bot.clinic.replies import is_none, is_skip, yes_or_no
from bot.clinic.spans import days_ago
from tests.screening import SCREENS, TODAY, Interview, Talk, protocol

QUESTIONNAIRE = protocol().questionnaire
ON_THINNERS = {"age": 60, "consent": True, "who_for": "self"}


def at(screen_id: str, *replies: str | list[str]) -> Interview:
    talk = Interview().at(screen_id)
    if replies:
        talk.say(*replies)
    return talk


# Yes, no, not sure, skip --------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        *("yes", "Yep!", "yeah, a bit", "i do", "YES PLEASE", "sometimes", "👍"),
        *("haan", "Haan ji", "ji haan", "houdu", "thoda", "haan, thoda sa"),
    ],
)
def test_yes_in_its_ways(text):
    assert yes_or_no(text) == "yes"


@pytest.mark.parametrize(
    "text",
    [
        *("nope", "No.", "nah", "never", "i don't", "I have not", "not yet", "n"),
        *("nahi", "Nahin ji", "ji nahi", "kuch nahi", "bilkul nahi", "illa"),
        *("absolutely not", "of course not!", "God no", "no way", "certainly not"),
    ],
)
def test_no_in_its_ways(text):
    assert yes_or_no(text) == "no"


@pytest.mark.parametrize(
    "text",
    [
        *("not sure", "I don't know", "maybe", "idk", "no, but sometimes"),
        *("not really", "pata nahi", "shayad", "nahi lekin kabhi kabhi"),
    ],
)
def test_a_doubtful_reply_is_not_sure(text):
    assert yes_or_no(text) == "unsure"


def test_a_qualified_yes_is_a_yes():
    assert yes_or_no("yes but only when i cough") == "yes"


@pytest.mark.parametrize(
    "text",
    [
        *(
            "",
            "  ",
            "banana",
            "46",
            "?!",
            "my aunt Mary",
            "sure, no",
            "yeah no im fine",
        ),
        *("it is much better", "a lot better", "slightly less now", "i feel better"),
        *("dard kam nahi ho raha", "it is the same"),
    ],
)
def test_anything_else_is_neither_yes_nor_no(text):
    assert yes_or_no(text) is None


@pytest.mark.parametrize(
    "text",
    ["skip", "Rather not say", "I'd prefer not to answer", "pass please", "skip this"],
)
def test_skipping_in_its_ways(text):
    assert is_skip(text)


@pytest.mark.parametrize("text", ["skipping hurts my knee", "no", "i passed out"])
def test_other_words_do_not_skip(text):
    assert not is_skip(text)


@pytest.mark.parametrize(
    "text",
    ["none of those", "No to all of them", "nothing", "none, thanks", "nope, none"],
)
def test_none_in_its_ways(text):
    assert is_none(text)


@pytest.mark.parametrize(
    "text",
    ["none except the numbness", "no but my leg is odd", "nothing in my left leg"],
)
def test_an_exception_is_not_none(text):
    assert not is_none(text)


# Phrases ------------------------------------------------------------------------------

LINES = {
    "chest": ("chest pain",),
    "saddle": ("numb* between leg", "feel wipe"),
    "leg": ("leg numb*", "leg"),
}


@pytest.mark.parametrize(
    ("text", "present", "denied"),
    [
        ("numbness between my legs", {"saddle"}, set()),
        ("no chest pain", set(), {"chest"}),
        ("no chest pain but my leg is numb", {"leg"}, {"chest"}),
        ("no chest pain and numb legs", {"leg"}, {"chest"}),
        ("chest pain: no", set(), {"chest"}),
        ("I can't feel when I wipe", {"saddle"}, set()),
        ("neither chest pain nor numb legs", set(), {"chest", "leg"}),
    ],
)
def test_phrases_are_found_and_denied(text, present, denied):
    found = find(text, LINES)

    assert {one.value for one in found if one.said == "asserted"} == present
    assert {one.value for one in found if one.said == "denied"} == denied


def test_long_words_may_be_misspelt():
    found = find("warfrin and asprin", {"a": ["warfarin"], "b": ["aspirin"]})

    assert {one.value for one in found} == {"a", "b"}


# Time ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("since last tuesday", 1),
        ("wednesday", 7),
        ("3 weeks", 21),
        ("a couple of months", 61),
        ("2-3 weeks", 21),
        ("half a year", 182),
        ("more than 12 weeks", 85),
        ("yesterday", 1),
        ("this morning", 0),
        ("forty five days", 45),
        ("3 weeks ago, worse today", 21),
        ("since august", 95),
        ("since 2020", 2331),
        ("10 years", 3650),
    ],
)
def test_stretches_of_time_become_days(text, days):
    assert days_ago(text, TODAY) == days


@pytest.mark.parametrize("text", ["", "banana", "a while", "tuesday"])
def test_no_time_is_made_up(text):
    assert days_ago(text) is None


# Single questions ---------------------------------------------------------------------


@pytest.mark.parametrize("text", ["ok", "sure", "no problem", "Yes, that's OK"])
def test_consent_is_heard(text):
    assert at("consent", text).state.answers["consent"] is True


@pytest.mark.parametrize(
    "text",
    [
        *("no", "nope", "I'd rather not", "i disagree", "nahi", "ji nahi"),
        *("absolutely not", "of course not", "definitely not", "yeah no thanks"),
    ],
)
def test_refusal_is_never_heard_as_consent(text):
    assert at("consent", text).state.answers.get("consent") is not True


@pytest.mark.parametrize(
    "text",
    [
        "maybe",
        "what for?",
        "46",
        "skip",
        "i dont trust needles",
        "it isnt for me",
        "not a problem",
        "a bit",
        "thoda",
        "sort of",
        "sure, no",
        "yes but don't store anything",
        "ok, as long as nobody reads it",
    ],
)
def test_consent_needs_a_clear_yes(text):
    talk = Interview()

    assert talk.say(text).hint
    assert "consent" not in talk.state.answers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("me", "self"),
        ("it's for me", "self"),
        ("the first one", "self"),
        ("my daughter", "child_guardian"),
        ("my mum, she agrees", "adult_with_permission"),
        ("my father, he has dementia", "adult_cannot_consent"),
    ],
)
def test_who_it_is_for(text, value):
    assert at("who_for", text).state.answers["who_for"] == value


def test_another_adult_is_asked_whether_they_agree():
    reading = Interview().at("who_for").say("my mum")

    assert "agrees" in reading.hint
    assert not reading.answers


@pytest.mark.parametrize(
    ("text", "age"),
    [
        ("im 46", 46),
        ("forty six", 46),
        ("46 years old", 46),
        ("46yo", 46),
        ("a hundred and two", 102),
        ("fifity two", 52),
        ("thirtyfive", 35),
        ("sixty sevn", 67),
        ("71/f", 71),
        ("male, 38", 38),
        ("meri umar untees saal hai", 29),
        ("pachpan", 55),
        ("I'm 46 and it has hurt for 3 weeks", 46),
        ("8 months", 0),
    ],
)
def test_ages_as_people_type_them(text, age):
    talk = Interview(consent=True, who_for="child_guardian")

    assert talk.say(text).answers == {"age": age}


@pytest.mark.parametrize(
    "text", ["300", "-3", "46 or 47", "old", "46.5", "really bad, 8", ""]
)
def test_impossible_ages_are_asked_again(text):
    talk = Interview().at("age")

    assert talk.say(text).hint
    assert "age" not in talk.state.answers


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("lower back", "low_back"),
        ("my lower back hurts", "low_back"),
        ("between my shoulder blades", "upper_back"),
        ("stomach", "abdomen"),
        ("my right sholder", "shoulder"),
        ("no pain, just stress", "no_pain"),
        ("mostly my hip, but the knee too", "hip_buttock"),
        ("the whole body", "other"),
        ("sciatica", "leg"),
        ("the second one", "upper_back"),
        ("Low back", "low_back"),
    ],
)
def test_sites_as_people_type_them(text, value):
    assert at("site", text).state.answers.get("site") == value


def test_two_sites_are_asked_which_one():
    reading = Interview().at("site").say("neck and knee")

    assert reading.hint.startswith("Which one fits best: Neck; or Knee")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("since last tuesday", "lt_72h"),
        ("3 days", "lt_72h"),
        ("4 days", "lt_6w"),
        ("3 weeks", "lt_6w"),
        ("6 weeks", "6w_to_12w"),
        ("12 weeks", "6w_to_12w"),
        ("over 12 weeks", "gt_12w"),
        ("on and off for years", "gt_12w"),
        ("for ages", "gt_12w"),
        ("2w", "lt_6w"),
        ("3d", "lt_72h"),
        ("2 yrs", "gt_12w"),
        ("do mahine se", "6w_to_12w"),
        ("pandrah din se", "lt_6w"),
        ("kal se", "lt_72h"),
    ],
)
def test_durations_as_people_type_them(text, value):
    assert at("duration", text).state.answers["duration"] == value


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("about a seven", 7),
        ("seven-ish", 7),
        ("hmm somewhere near 7?", 7),
        ("oof, like a 7", 7),
        ("7/10", 7),
        ("7 out of 10", 7),
        ("10", 10),
        ("no pain", 0),
        ("none at the moment", 0),
        ("abhi dard nahi hai", 0),
        ("lagbhag chhe", 6),
        ("thre", 3),
        ("the worst", 10),
    ],
)
def test_strength_of_pain_as_people_type_it(text, value):
    assert at("nrs", text).state.answers["nrs"] == value


@pytest.mark.parametrize(
    "text",
    [
        *("11", "-1", "6 or 7", "7.5", "a lot", "banana", "nice", "I do"),
        *("no pain killer helps", "not without pain", "no pain lying, but 8 walking"),
    ],
)
def test_strength_off_the_scale_is_asked_again(text):
    talk = Interview().at("nrs")

    assert talk.say(text).hint
    assert "nrs" not in talk.state.answers


@pytest.mark.parametrize("text", ["no", "Nope.", "nahi", "no, thanks"])
def test_a_bare_no_is_no_strength_of_pain(text):
    talk = Interview().at("nrs")

    assert talk.say(text).hint == talk.questionnaire.hints.zero
    assert "nrs" not in talk.state.answers


def test_a_bare_no_is_not_three_times_zero():
    talk = Interview().at("impact")

    assert talk.say("no").hint
    assert "impact_pain" not in talk.state.answers


@pytest.mark.parametrize("text", ["idk, none", "none, not sure", "maybe none"])
def test_none_with_a_doubt_is_asked_about_and_never_a_no(text):
    talk = Interview().at("gate")

    assert talk.say(text).hint == talk.questionnaire.hints.sure_none
    assert "chest_pain" not in talk.state.answers


def test_the_button_that_skips_leaves_an_answer_out():
    assert at("mood", ["skip"]).state.answers["mood"] == "declined"


@pytest.mark.parametrize(
    ("reply", "values"),
    [
        ("4, 2 and 3", (4, 2, 3)),
        ("4 2 3", (4, 2, 3)),
        ("all 5", (5, 5, 5)),
        ("none", (0, 0, 0)),
        (["4", "4", "3"], (4, 4, 3)),
    ],
)
def test_three_numbers_at_once(reply, values):
    answers = at("impact", reply).state.answers

    assert tuple(answers[f"impact_{one}"] for one in ("pain", "enjoy", "activity")) == (
        values
    )


@pytest.mark.parametrize("reply", ["4", "4, 2", "4, 2, 11", ["4", "2"], "1 2 3 4"])
def test_other_numbers_are_not_shared_out(reply):
    talk = Interview().at("impact")

    assert talk.say(reply).hint
    assert "impact_pain" not in talk.state.answers


def test_who_cannot_give_three_numbers_hears_of_skipping():
    talk = Interview().at("impact")

    assert "You can skip it" in talk.say("idk").hint


@pytest.mark.parametrize(
    ("text", "value"),
    [("fine", "ok"), ("really low", "very_low"), ("a bit down", "low")],
)
def test_moods_as_people_type_them(text, value):
    assert at("mood", text).state.answers["mood"] == value


# Checklists ---------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["none of those", "nope", "no", "None of these"])
def test_typed_none_answers_the_whole_list(text):
    assert at("gate", text).state.answers["aaa_signs"] == "no"


@pytest.mark.parametrize(
    "text",
    ["", "hello", "yes", "not sure", "no i am fine, just my back hurts", "what?", "99"],
)
def test_a_list_is_never_answered_by_guessing(text):
    talk = Interview().at("gate")

    reading = talk.say(text)

    assert reading.hint
    assert "chest_pain" not in talk.state.answers


@pytest.mark.parametrize("reply", [[], ["chest_pain", "none"], ["nonsense"]])
def test_impossible_choices_are_asked_again(reply):
    talk = Interview().at("gate")

    assert talk.say(reply).hint
    assert "chest_pain" not in talk.state.answers


def test_lines_can_be_numbered():
    reading = Interview().at("gate").say("1 and 3")

    assert reading.answers == {"chest_pain": "yes", "stroke_signs": "yes"}


def test_one_line_can_be_denied_and_another_named():
    reading = Interview().at("gate").say("no chest pain, but my left leg tingles")

    assert reading.answers == {"chest_pain": "no"}
    assert reading.asked == {"leg_symptoms": TICKED}


def test_a_doubtful_line_is_asked_again_on_its_own():
    reading = Interview().at("gate").say("not sure about my bladder")

    assert reading.asked == {"ces_bladder": UNSURE_ONCE}


def test_nothing_else_answers_the_rest_of_a_list():
    talk = at("gate", "i had a fall, nothing else")

    assert talk.state.answers["chest_pain"] == "no"
    assert talk.state.asked["trauma"] == TICKED


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my chest is tight", "chest_pain"),
        ("I can't breathe", "breathless"),
        ("my face is drooping", "stroke_signs"),
        ("ripping pain", "aaa_signs"),
        ("i cant pee", "ces_bladder"),
        ("i wet myself", "ces_bladder"),
        ("numb down there", "ces_saddle"),
        ("my bum is numb", "ces_saddle"),
        ("can't feel when I wipe", "ces_saddle"),
        ("lost control of my bowels", "ces_bowel"),
        ("can't feel anything during sex", "ces_sexual"),
        ("my foot drags", "leg_weakness"),
        ("my legs keep giving way", "leg_weakness"),
        ("both legs tingle", "leg_symptoms"),
    ],
)
def test_alarms_typed_in_ones_own_words_are_ticked(text, name):
    reading = Interview().at("gate").say(text)

    assert {**reading.answers, **reading.asked}.get(name) in ("yes", TICKED)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("new", "new"),
        ("it started last week", "new"),
        ("since yesterday", "new"),
        ("3 months, my doctor knows", "new"),
        ("the same for 6 years and my doctor knows", "old_stable"),
        ("half a year, the gp knows", "old_stable"),
    ],
)
def test_new_or_old_signs(text, value):
    assert at("gate", ["ces_bladder"], text).state.answers["ces_bladder"] == value


@pytest.mark.parametrize(
    "text", ["for years", "6 years but worse now, doctor knows", "my doctor knows"]
)
def test_an_old_sign_must_be_stable_and_known_to_a_doctor(text):
    talk = at("gate", ["ces_bladder"])

    talk.say(text)

    assert talk.state.answers.get("ces_bladder") != "old_stable"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("left", "one_leg"),
        ("only my right leg", "one_leg"),
        ("both legs, new", "both_new"),
        ("both legs since yesterday", "both_new"),
        ("both, for years, my doctor knows", "both_old_stable"),
    ],
)
def test_one_leg_or_both(text, value):
    assert at("gate", ["leg_symptoms"], text).state.answers["leg_symptoms"] == value


def test_both_legs_alone_is_asked_whether_it_is_new():
    reading = at("gate", ["leg_symptoms"]).say("both legs")

    assert reading.hint.count("Both legs") == 2


def test_no_is_no_comfort_after_are_you_safe():
    talk = Interview()
    talk.state = raise_question(QUESTIONNAIRE, talk.state, "unsafe")

    assert talk.say("no").answers == {"unsafe": "at_risk"}


def test_a_bare_no_does_not_take_an_alarm_back():
    reading = at("gate", ["ces_bladder"]).say("no")

    assert reading.hint
    assert not reading.answers


def test_cannot_walk_is_never_read_as_fine():
    assert at("flags", ["function"], "no").state.answers["function"] == "cannot_walk"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("10 weeks", "t1"),
        ("week 20", None),
        ("20 weeks", "t2"),
        ("8 months", "t3"),
        ("i could be", "possible"),
        ("gave birth 3 weeks ago", "postnatal_6w"),
        ("second trimester", "t2"),
        ("no", "no"),
    ],
)
def test_parts_of_a_pregnancy(text, value):
    talk = at("health", ["pregnancy"], text)

    assert talk.state.answers.get("pregnancy") == value


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("warfrin", ["warfarin"]),
        ("Eliquis and aspirin", ["apixaban", "aspirin"]),
        ("sintrom", ["acenocoumarol"]),
        ("not warfarin, xarelto", ["rivaroxaban"]),
        ("not sure", ["other_unsure"]),
        ("none", ["none"]),
    ],
)
def test_blood_thinners_by_name_and_brand(text, values):
    talk = at("health", ["blood_thinner"], text)

    assert talk.state.answers["blood_thinner"] == values


def test_a_medicine_named_on_the_list_is_not_asked_again():
    talk = at("health", "i take plavix and ecosprin, nothing else")

    assert talk.state.answers["blood_thinner"] == ["aspirin", "clopidogrel"]
    assert talk.screen.id == "body"


def test_an_unknown_medicine_is_not_taken_for_none():
    talk = at("health", ["blood_thinner"])

    assert "Another one" in talk.say("ibuprofen").hint
    assert "blood_thinner" not in talk.state.answers


@pytest.mark.parametrize(
    ("screen_id", "line", "text", "value"),
    [
        ("flags", "cancer", "years ago, in remission", "past"),
        ("flags", "cancer", "still having treatment", "current"),
        ("flags", "constant_night", "it settles when I turn over", "wakes_but_settles"),
        ("flags", "constant_night", "nothing eases it", "constant_unrelieved"),
        ("health", "epilepsy", "no", "controlled"),
        ("health", "epilepsy", "yes, last month", "uncontrolled"),
        ("health", "diabetes", "my feet are numb", "neuropathy_or_ulcer"),
        ("health", "immune", "chemo", "chemo_now"),
        ("health", "bleeding_disorder", "severe haemophilia", "severe"),
        ("body", "needle_fear", "I faint", "faints"),
        ("body", "skin", "blisters", "blister_rash"),
        ("body", "lymph", "my arm is swollen", "lymphoedema"),
        ("body", "device", "a hip replacement", ["metal_joint_or_plates"]),
        ("body", "allergy", "nickel", ["metal_nickel"]),
    ],
)
def test_follow_ups_in_ones_own_words(screen_id, line, text, value):
    assert at(screen_id, [line], text).state.answers[line] == value


# Corrections --------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["go back", "Back", "can I go back please", "undo"])
def test_going_back_is_heard(text):
    assert wants_back(text)


def test_back_is_where_it_hurts_once_that_is_asked():
    assert Talk().at("site").say("Back").state.answers["site"] == "low_back"
    assert Talk().at("duration").say("Back").screen.id == "site"


def test_my_back_hurts_is_not_going_back():
    assert not wants_back("my back hurts")


def test_a_forgotten_medicine_corrects_an_earlier_list():
    talk = Interview().at("mood")

    change = read_correction(
        QUESTIONNAIRE, talk.state, talk.screen, "wait, I do take aspirin"
    )

    assert change is not None
    assert change.answers == {"blood_thinner": ["aspirin"]}


def test_a_correction_adds_to_what_was_named_before():
    talk = Interview(consent=True, blood_thinner=["clopidogrel"])

    change = read_correction(
        QUESTIONNAIRE, talk.state, talk.screen, "i forgot, aspirin too"
    )

    assert change is not None
    assert change.answers == {"blood_thinner": ["clopidogrel", "aspirin"]}


def test_a_correction_of_an_alarm_is_asked_about():
    talk = Interview().at("mood")

    change = read_correction(
        QUESTIONNAIRE, talk.state, talk.screen, "actually my foot drags"
    )

    assert change is not None
    assert change.asked == {"leg_weakness": TICKED}


def test_plain_answers_are_no_corrections():
    talk = Interview().at("mood")

    assert read_correction(QUESTIONNAIRE, talk.state, talk.screen, "low") is None


# Whatever is typed --------------------------------------------------------------------


@settings(max_examples=60, deadline=None)
@given(
    screen_id=st.sampled_from(SCREENS),
    reply=st.text(max_size=60) | st.lists(st.text(max_size=8), max_size=4),
    today=st.none() | st.dates(date(2020, 1, 1), date(2030, 1, 1)),
)
def test_no_reply_crashes_the_interview(screen_id, reply, today):
    talk = Interview().at(screen_id)

    reading = talk.say(reply)

    assert reading.hint or reading.answers or reading.asked
