"""The engine: every worked case, every criterion, and what must never happen."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.clinic.screening import (
    All,
    AnyOf,
    Compare,
    Condition,
    Criterion,
    Disposition,
    Not,
    comparisons,
    evaluate,
    questions_in,
)
from tests.screening import any_answers, healthy, protocol, worked_cases

RULES = protocol().rules
QUESTIONS = protocol().questionnaire.questions


LEFT_TO_THE_CLINICIAN = {"osteoporosis", "steroids", "ces_sexual"}
"""Where the rules say otherwise of "not sure"; docs/safety.md asks for a decision."""


def verdict(**changes: Any):
    return evaluate(RULES, healthy(**changes), ended=True)


def fired(**changes: Any) -> set[str]:
    return {criterion.id for criterion in verdict(**changes).rules}


@pytest.mark.parametrize("case", worked_cases(), ids=lambda case: case["id"])
def test_worked_case_comes_out_exactly(case):
    outcome = verdict(**case["answers"])

    assert outcome.disposition.value == case["expect"]["disposition"]
    assert sorted(outcome.flags) == sorted(case["expect"]["flags"])


# One set of answers for each criterion, chosen so that it fires; what else fires with
# it is part of the fact. Written by hand from the protocol's decision table.
FIRES: dict[str, tuple[dict[str, Any], set[str]]] = {
    "E01": ({"ces_sexual": "new"}, {"E01"}),
    "E02": ({"leg_symptoms": "both_new"}, {"E02"}),
    "E03": ({"leg_weakness": "both"}, {"E03"}),
    "E04": ({"chest_pain": "unsure"}, {"E04"}),
    "E05": ({"breathless": "yes"}, {"E05"}),
    "E06": ({"stroke_signs": "yes"}, {"E06"}),
    "E07": ({"sudden_head_neck": "unsure"}, {"E07"}),
    "E08": ({"aaa_signs": "yes"}, {"E08"}),
    "E09": ({"pulsing_tummy": "yes", "duration": "lt_72h"}, {"E09"}),
    "E10": ({"cold_limb": "yes"}, {"E10"}),
    "E11": ({"very_unwell": "unsure"}, {"E11"}),
    "E12": (
        {"trauma": "major", "trauma_days": 14, "trauma_checked": False},
        {"E12"},
    ),
    "E13": ({"cancer": "past", "cord_signs": "new"}, {"E13", "U12", "R13"}),
    "E14": ({"pregnancy": "t1", "preg_warning": "unsure"}, {"E14", "R01"}),
    "E15": ({"mood": "very_low", "self_harm": "plan_or_now"}, {"E15", "A14"}),
    "E16": ({"unsafe": "danger_now"}, {"E16"}),
    "U01": ({"leg_weakness": "one_new_or_worse"}, {"U01"}),
    "U02": ({"fever": "unsure"}, {"U02"}),
    "U03": ({"weight_loss": "yes"}, {"U03"}),
    "U04": ({"constant_night": "constant_unrelieved"}, {"U04"}),
    "U05": ({"cancer": "current", "duration": "lt_6w"}, {"U05", "R12"}),
    "U06": ({"deformity": "unsure"}, {"U06"}),
    "U07": ({"age": 65, "trauma": "minor", "trauma_checked": False}, {"U07"}),
    "U08": (
        {"onset": "sudden", "duration": "lt_6w", "steroids": "yes"},
        {"U08", "A16"},
    ),
    "U09": (
        {"trauma": "major", "trauma_days": 15, "trauma_checked": False},
        {"U09"},
    ),
    "U10": ({"infection_risk": ["iv_drugs"], "duration": "lt_6w"}, {"U10"}),
    "U11": (
        {"infection_risk": ["tb_history_or_contact"], "fever": "yes"},
        {"U11", "U02"},
    ),
    "U12": ({"cord_signs": "unsure"}, {"U12"}),
    "U13": ({"hot_joint": "unsure"}, {"U13"}),
    "U14": ({"calf_swelling": "yes"}, {"U14"}),
    "U15": ({"urine_change": "yes"}, {"U15"}),
    "U16": ({"pulsing_tummy": "unsure"}, {"U16"}),
    "U17": ({"blackout_new": "yes"}, {"U17"}),
    "U18": ({"function": "cannot_walk"}, {"U18"}),
    "U19": ({"nrs": 9, "onset": "sudden", "duration": "lt_72h"}, {"U19", "A11"}),
    "U20": ({"skin": "blister_rash"}, {"U20"}),
    "U21": ({"mood": "very_low", "self_harm": "declined"}, {"U21", "A14"}),
    "U22": ({"site": "abdomen", "nrs": 7}, {"U22", "A11"}),
    "U23": (
        {"site": "upper_back", "cancer": "past", "duration": "lt_72h"},
        {"U23", "R13"},
    ),
    "U24": (
        {"diabetes": "neuropathy_or_ulcer", "skin": "infected_or_open"},
        {"U24", "R17", "R20"},
    ),
    "N01": ({"consent": False}, {"N01"}),
    "N02": ({"age": 17}, {"N02"}),
    "N03": ({"who_for": "adult_cannot_consent"}, {"N03"}),
    "N04": ({"bleeding_disorder": "severe"}, {"N04"}),
    "N05": ({"trauma": "declined"}, {"N05"}),
    "N08": ({"age": None}, {"N08"}),
    "N06": ({"intoxicated": True}, {"N06"}),
    "N07": ({"unsafe": "declined"}, {"N07"}),
    "R00": ({"skin": "declined"}, {"R00"}),
    "R01": ({"pregnancy": "possible"}, {"R01"}),
    "R02": ({"pregnancy": "t2", "preg_high_risk": "unsure"}, {"R01", "R02"}),
    "R03": ({"bleeding_disorder": "mild_or_unsure"}, {"R03"}),
    "R04": ({"blood_thinner": ["heparin"]}, {"R04"}),
    "R05": ({"blood_thinner": ["aspirin", "ticagrelor"]}, {"R05", "A02"}),
    "R06": ({"liver_disease": "unsure"}, {"R06"}),
    "R07": ({"device": ["cochlear"]}, {"R07"}),
    "R08": ({"device": ["shunt_or_port"]}, {"R08"}),
    "R09": ({"heart_valve": "yes"}, {"R09"}),
    "R10": ({"immune": "weakened"}, {"R10"}),
    "R11": ({"immune": "chemo_now"}, {"R11"}),
    "R12": ({"cancer": "current"}, {"R12"}),
    "R13": ({"cancer": "past"}, {"R13"}),
    "R14": ({"lymph": "lymphoedema"}, {"R14"}),
    "R15": ({"dialysis_fistula": "yes"}, {"R15"}),
    "R16": ({"epilepsy": "uncontrolled"}, {"R16"}),
    "R17": ({"diabetes": "unstable"}, {"R17"}),
    "R18": ({"lung": "unsure", "site": "neck"}, {"R18"}),
    "R19": ({"allergy": ["latex_severe"]}, {"R19"}),
    "R20": ({"skin": "infected_or_open"}, {"R20"}),
    "R21": ({"recent_surgery": "unsure"}, {"R21"}),
    "R22": ({"leg_weakness": "one_stable"}, {"R22"}),
    "R23": ({"cord_signs": "old_stable"}, {"R23"}),
    "R24": (
        {"trauma": "major", "trauma_days": 3, "trauma_checked": True},
        {"R24"},
    ),
    "R25": ({"age": 15, "guardian": True}, {"R25"}),
    "R26": (
        {
            "prior_care": ["doctor", "acupuncture_before"],
            "bad_reaction_before": "unsure",
        },
        {"R26"},
    ),
    "R27": ({"infection_risk": ["serious_infection_recent"]}, {"R27"}),
    "R28": ({"infection_risk": ["tb_history_or_contact"]}, {"R28"}),
    "R29": ({"site": "chest"}, {"R29"}),
    "R30": ({"pregnancy": "postnatal_6w"}, {"R30"}),
    "R31": ({"who_for": "adult_with_permission"}, {"R31"}),
    "A01": ({"leg_symptoms": "one_leg"}, {"A01"}),
    "A02": ({"blood_thinner": ["dipyridamole"]}, {"A02"}),
    "A03": ({"device": ["soft_implant"]}, {"A03"}),
    "A04": ({"lymph": "at_risk_limb"}, {"A04"}),
    "A05": ({"epilepsy": "controlled"}, {"A05"}),
    "A06": ({"diabetes": "controlled"}, {"A06"}),
    "A07": ({"allergy": ["other"]}, {"A07"}),
    "A08": ({"needle_fear": "severe"}, {"A08"}),
    "A09": ({"needle_fear": "faints"}, {"A09"}),
    "A10": ({"age": 44, "duration": "gt_12w", "inflam_pattern": "unsure"}, {"A10"}),
    "A11": ({"impact_pain": 7, "impact_enjoy": 7, "impact_activity": 7}, {"A11"}),
    "A12": ({"stop_meds": True}, {"A12"}),
    "A13": ({"prior_care": ["medicines"]}, {"A13"}),
    "A14": ({"mood": "low"}, {"A14"}),
    "A15": ({"lung": "yes"}, {"A15"}),
    "A16": ({"osteoporosis": "yes"}, {"A16"}),
}


def test_every_criterion_has_answers_that_make_it_fire():
    assert set(FIRES) == {criterion.id for criterion in RULES.criteria}


@pytest.mark.parametrize("name", FIRES)
def test_criterion_fires_on_its_answers(name):
    changes, expected = FIRES[name]

    assert fired(**changes) == expected


@pytest.mark.parametrize("criterion", RULES.criteria, ids=lambda one: one.id)
def test_deleting_a_criterion_is_noticed(criterion):
    kept = tuple(one for one in RULES.criteria if one is not criterion)
    changes, expected = FIRES[criterion.id]

    without = evaluate(replace(RULES, criteria=kept), healthy(**changes), ended=True)

    assert {one.id for one in without.rules} != expected


@pytest.mark.parametrize(
    ("changes", "absent"),
    [
        ({"trauma": "major", "trauma_days": 15, "trauma_checked": False}, "E12"),
        ({"trauma": "major", "trauma_days": 14, "trauma_checked": False}, "U09"),
        ({"trauma": "minor", "trauma_checked": False, "age": 64}, "U07"),
        ({"trauma": "minor", "trauma_checked": True, "age": 80}, "U07"),
        ({"ces_sexual": "unsure"}, "E01"),
        ({"constant_night": "wakes_but_settles"}, "U04"),
        ({"onset": "sudden", "duration": "6w_to_12w", "steroids": "yes"}, "U08"),
        ({"nrs": 8, "onset": "sudden", "duration": "lt_72h"}, "U19"),
        ({"site": "abdomen", "nrs": 6}, "U22"),
        ({"site": "abdomen", "nrs": 7}, "R29"),
        ({"cancer": "past", "duration": "lt_72h"}, "U23"),
        ({"cancer": "current", "duration": "6w_to_12w"}, "U05"),
        ({"age": 18}, "N02"),
        ({"age": 17, "guardian": True}, "N02"),
        ({"blood_thinner": ["clopidogrel", "prasugrel"]}, "R05"),
        ({"blood_thinner": ["aspirin", "dipyridamole"]}, "R05"),
        ({"lung": "yes", "site": "shoulder"}, "A15"),
        ({"lung": "yes", "site": "low_back"}, "R18"),
        ({"needle_fear": "some"}, "A08"),
        ({"impact_pain": 10, "impact_enjoy": 7, "impact_activity": 3}, "A11"),
        ({"infection_risk": ["iv_drugs"], "duration": "lt_6w"}, "R27"),
        ({"duration": "lt_6w", "prior_care": ["none"]}, "A13"),
        ({"age": 11, "guardian": True, "pregnancy": None}, "R00"),
    ],
)
def test_criterion_stays_silent_at_its_limit(changes, absent):
    assert absent not in fired(**changes)


# Messages -----------------------------------------------------------------------------


def test_healthy_visitor_hears_that_nothing_stops_the_booking():
    assert verdict().messages == ("ok_plain", "ok_end")


def test_most_severe_message_wins_and_file_order_settles_a_tie():
    outcome = verdict(breathless="yes", ces_saddle="new", fever="yes")

    assert outcome.messages == ("em_spine",)


def test_crisis_is_answered_beside_a_physical_emergency():
    outcome = verdict(chest_pain="yes", mood="very_low", self_harm="plan_or_now")

    assert outcome.messages == ("em_chest", "crisis_now")


def test_thoughts_of_dying_are_answered_beside_a_fever():
    outcome = verdict(fever="yes", mood="very_low", self_harm="thoughts")

    assert outcome.messages == ("urgent_today", "crisis_support")


def test_blood_thinner_advice_is_always_added():
    outcome = verdict(blood_thinner=["warfarin"], ces_bladder="new")

    assert outcome.messages == ("em_spine", "review_thinner")


def test_advice_for_ok_results_ends_with_the_disclaimer():
    assert verdict(needle_fear="severe").messages == ("ok_fear", "ok_end")


# What must never happen ---------------------------------------------------------------


def test_nothing_answered_is_never_ok():
    outcome = evaluate(RULES, {}, ended=True)

    assert outcome.disposition is Disposition.NOT_SUITABLE_ONLINE
    assert {"NO_CONSENT", "INCOMPLETE"} <= set(outcome.flags)


def test_completeness_counts_only_at_the_end():
    outcome = evaluate(RULES, {}, ended=False)

    assert outcome.provisional
    assert not any(criterion.at_end for criterion in outcome.rules)


def test_completeness_criteria_are_the_four_of_the_protocol():
    at_end = {criterion.id for criterion in RULES.criteria if criterion.at_end}

    assert at_end == {"N01", "N05", "N08", "R00"}


@pytest.mark.parametrize("stand_in", [1, 1.0, "true", ["true"], None])
def test_only_a_real_yes_is_consent(stand_in):
    assert "N01" in fired(consent=stand_in)


def test_true_is_not_an_age():
    assert "N08" in fired(age=True)


REQUIRED = sorted(
    frozenset().union(
        *(questions_in(one.condition) for one in RULES.criteria if one.at_end)
    )
)


def test_every_safety_question_is_required():
    free = {"ces_sexual", "trauma_days", "trauma_checked", "inflam_pattern"}
    stages = {"emergency_gate", "urgent_flags"}
    safety = {name for name, one in QUESTIONS.items() if one.stage in stages}

    assert safety - free <= set(REQUIRED)


ANSWERS = any_answers()
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.text(max_size=3), inner, max_size=2)
    ),
    max_leaves=4,
)


@settings(max_examples=200, deadline=None)
@given(answers=ANSWERS, left_out=st.sampled_from(REQUIRED))
def test_leaving_out_a_required_answer_is_never_ok(answers, left_out):
    given_answers = {**healthy(), **answers}
    given_answers.pop(left_out, None)
    if left_out == "pregnancy":
        given_answers["age"] = 30  # not asked of younger children

    outcome = evaluate(RULES, given_answers, ended=True)

    assert outcome.disposition is not Disposition.OK_TO_BOOK


@settings(max_examples=200, deadline=None)
@given(
    answers=st.dictionaries(
        st.sampled_from(sorted(QUESTIONS)) | st.text(max_size=4), JUNK, max_size=20
    ),
    ended=st.booleans(),
)
def test_no_answers_crash_the_engine(answers, ended):
    outcome = evaluate(RULES, answers, ended)

    assert outcome.provisional is not ended


@settings(max_examples=100, deadline=None)
@given(answers=ANSWERS, data=st.data())
def test_order_of_answers_does_not_matter(answers, data):
    shuffled = dict(data.draw(st.permutations(list(answers.items()))))

    assert evaluate(RULES, shuffled, ended=True) == evaluate(RULES, answers, ended=True)


def _signed(condition: Condition, sign: bool = True):
    """Yield every comparison with whether it speaks for (True) or against firing."""
    if isinstance(condition, Compare):
        yield condition, sign
    elif isinstance(condition, Not):
        yield from _signed(condition.part, not sign)
    else:
        assert isinstance(condition, (All, AnyOf))
        for part in condition.parts:
            yield from _signed(part, sign)


def _spoken_of(criterion: Criterion, sign: bool):
    for one, found in _signed(criterion.condition):
        if found is sign and one.operator in ("eq", "in", "has", "has_any"):
            values = one.value if isinstance(one.value, tuple) else (one.value,)
            yield from ((one.question, value) for value in values)


def _alarming() -> list[tuple[str, Any]]:
    """Every answer that some emergency, urgent or review criterion looks for."""
    harmful = [
        one
        for one in RULES.criteria
        if one.then is not Disposition.OK_TO_BOOK and not one.at_end
    ]
    wanted = {pair for one in harmful for pair in _spoken_of(one, True)}
    return sorted(
        (name, value)
        for name, value in wanted
        if QUESTIONS[name].type != "bool" and name not in ("site", "duration", "onset")
    )


@settings(max_examples=200, deadline=None)
@given(answers=ANSWERS, alarm=st.sampled_from(_alarming()), ended=st.booleans())
def test_an_alarming_answer_never_lowers_the_disposition(answers, alarm, ended):
    name, value = alarm
    before = {**healthy(), **answers, name: QUESTIONS[name].none_answer}
    after = {**before, name: [value] if QUESTIONS[name].type == "multi" else value}

    calm = evaluate(RULES, before, ended).disposition
    alarmed = evaluate(RULES, after, ended).disposition

    assert alarmed.severity >= calm.severity


def test_unsure_about_a_pulsing_tummy_counts_as_yes_with_new_pain():
    outcome = verdict(pulsing_tummy="unsure", duration="lt_72h")

    assert outcome.disposition is Disposition.EMERGENCY


@pytest.mark.parametrize("value", [math.nan, math.inf, -1, 10**400, 3.5], ids="abcde")
def test_strange_numbers_are_judged_without_an_error(value):
    outcome = verdict(age=value, nrs=value, impact_pain=value)

    assert outcome.disposition in Disposition


@pytest.mark.parametrize("duration", ["lt_72h", "gt_12w", None])
def test_unsure_of_any_emergency_or_urgent_sign_is_never_ok(duration):
    """Protocol, section 1.3: still unsure counts as yes."""
    signs = {
        name
        for one in RULES.criteria
        if one.then in (Disposition.EMERGENCY, Disposition.URGENT)
        for name in questions_in(one.condition)
        if "unsure" in QUESTIONS[name].options
    } - LEFT_TO_THE_CLINICIAN

    for name in signs:
        outcome = verdict(**{name: "unsure"}, duration=duration)
        assert outcome.disposition is not Disposition.OK_TO_BOOK, name


def test_every_question_of_a_condition_exists():
    spoken = {
        one.question for rule in RULES.criteria for one in comparisons(rule.condition)
    }

    assert spoken <= {*QUESTIONS, "impact_mean"}
