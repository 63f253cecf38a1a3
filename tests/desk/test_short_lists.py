"""The emergency signs as four short lists, where a long one reads badly."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.clinic.screening import Disposition
from bot.desk import screening as desk
from bot.desk.screening import Asked, Ended, Unclear
from tests.conftest import NOW
from tests.desk.questioned import HOUR, ME, PROTOCOL, Unit
from tests.screening import CALM

SHORT = replace(PROTOCOL, questionnaire=PROTOCOL.questionnaire.in_short_lists())
LISTS = ("gate", "gate.4", "gate.8", "gate.12")


@pytest.fixture
def unit() -> Unit:
    unit = Unit()
    desk.start(unit, ME, "telegram", SHORT, NOW)
    return unit


def waiting(unit):
    screen = desk.current_screen(unit, ME, SHORT, NOW)
    return screen.id if screen else None


def say(unit, reply, screen_id=None, protocol=SHORT):
    return desk.answer(unit, ME, protocol, reply, NOW, screen_id=screen_id)


def go_to(unit, screen_id):
    while waiting(unit) != screen_id:
        say(unit, CALM[waiting(unit).partition(".")[0]])


def test_four_lists_ask_what_one_asks():
    whole = next(one for one in PROTOCOL.questionnaire.screens if one.id == "gate")

    cut = [one for one in SHORT.questionnaire.screens if one.id in LISTS]

    assert tuple(one.id for one in cut) == LISTS
    assert sum((one.questions for one in cut), ()) == whole.questions
    assert all(len(one.questions) <= 4 for one in cut)


def test_healthy_visitor_may_book_after_all_four(unit):
    seen = []
    while not isinstance(last := say(unit, CALM[waiting(unit).split(".")[0]]), Ended):
        assert isinstance(last, Asked)
        seen.append(last.screen.id)

    assert last.verdict.disposition is Disposition.OK_TO_BOOK
    assert [one for one in seen if one.startswith("gate")] == list(LISTS)


def test_none_of_one_list_says_nothing_of_the_next(unit):
    go_to(unit, "gate")

    say(unit, ["none"], "gate")

    answers = unit.screenings.of(ME)[0].answers
    assert answers["chest_pain"] == "no"
    assert "aaa_signs" not in answers
    assert waiting(unit) == "gate.4"


@pytest.mark.parametrize("late", LISTS[:3])
def test_pressing_none_of_an_earlier_list_again_changes_nothing(unit, late):
    following = LISTS[LISTS.index(late) + 1]
    go_to(unit, following)
    before = unit.screenings.of(ME)[0].answers

    result = say(unit, ["none"], late)

    assert isinstance(result, Unclear)
    assert waiting(unit) == following
    assert unit.screenings.of(ME)[0].answers == before


@pytest.mark.parametrize("late", LISTS[:3])
def test_a_sign_ticked_on_an_earlier_list_is_asked_about(unit, late):
    go_to(unit, "site")
    plan = next(one for one in SHORT.questionnaire.screens if one.id == late)

    result = say(unit, [plan.questions[0]], late)

    if isinstance(result, Ended):
        assert result.verdict.disposition is Disposition.EMERGENCY
    else:
        assert waiting(unit) == plan.questions[0]


@pytest.mark.parametrize("line", ["chest_pain", "aaa_signs"])
def test_an_alarm_on_any_list_ends_it_at_once(unit, line):
    plan = SHORT.questionnaire.plan_of[line]
    go_to(unit, plan.id)

    ended = say(unit, [line], plan.id)

    assert isinstance(ended, Ended)
    assert ended.verdict.disposition is Disposition.EMERGENCY


def test_it_goes_on_where_lists_are_long(unit):
    go_to(unit, "gate.8")

    screen = desk.current_screen(unit, ME, PROTOCOL, NOW + HOUR)
    asked = say(unit, ["none"], "gate", PROTOCOL)

    assert screen is not None
    assert screen.id == "gate"
    assert "chest_pain" not in screen.questions
    assert isinstance(asked, Asked)
    assert asked.screen.id == "site"


def test_what_to_change_names_each_list(unit):
    go_to(unit, "review")
    say(unit, ["wrong"], "review")
    screen = desk.current_screen(unit, ME, SHORT, NOW)

    assert screen is not None
    labels = [label for _, label in screen.options]
    assert len(set(labels)) == len(labels)
    assert sum(label.startswith("Emergency signs: ") for label in labels) == 4
