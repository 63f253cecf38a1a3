"""Before a later visit: the emergency signs and what is new, while a result counts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

import pytest

from bot.clinic.profile import Clinic
from bot.clinic.screened import May
from bot.clinic.screening import Disposition
from bot.desk import screening as desk
from bot.desk.booking import Booked, Refused
from bot.desk.may_book import gate_due
from bot.desk.screening import Asked, Confirmed, Ended
from tests.clinic.making import clinic
from tests.desk.cast import Cast
from tests.desk.questioned import DAY, HOUR, ME, PROTOCOL, Unit, Visitor
from tests.screening import CALM


@pytest.fixture
def here() -> Clinic:
    return clinic()


@pytest.fixture
def unit() -> Unit:
    return Unit()


@pytest.fixture
def visitor(unit: Unit) -> Iterator[Visitor]:
    return Visitor(unit)  # type: ignore[return-value]


def again(unit: Unit, now: datetime) -> Visitor:
    """Come back for a later visit."""
    later = Visitor.__new__(Visitor)
    later.unit, later.now = unit, now
    later.last = desk.start(unit, ME, "web", PROTOCOL, now, before_visit=True)
    return later


def shown(visitor: Visitor) -> Asked:
    assert isinstance(visitor.last, Asked)
    return visitor.last


def test_two_questions_are_enough_where_nothing_is_new(unit, visitor):
    told = visitor.to_the_end().screening
    later = again(unit, visitor.now + 5 * DAY)
    assert later.screen_id == "gate"
    later.say(["none"])
    assert later.screen_id == "anything_new"
    assert shown(later).screen.progress == (2, 2)

    result = later.say(["no"])

    assert isinstance(result, Confirmed)
    kept = result.screening
    assert desk.may_book(unit, ME, later.now).may is May.OK
    assert kept.answers["site"] == "low_back"
    assert (kept.ended_at, kept.expires_at) == (later.now, told.expires_at)


def test_nothing_is_unlocked_while_it_is_being_asked(unit, visitor):
    visitor.to_the_end()

    later = again(unit, visitor.now + 5 * DAY)

    assert desk.may_book(unit, ME, later.now).may is May.SCREENING_NEEDED


@pytest.mark.parametrize("reply", [["yes"], "yes, i started warfarin", "skip"])
def test_something_new_makes_the_result_expire(unit, visitor, reply):
    """Doubt and silence are no "nothing new"."""
    told = visitor.to_the_end().screening
    later = again(unit, visitor.now + 5 * DAY)

    later.say(["none"], reply)

    assert "no longer counts" in shown(later).note
    assert later.screen_id == "site"
    assert not unit.screenings.rows[told.id].counts(later.now)


def test_not_sure_whether_anything_is_new_is_asked_once_more(unit, visitor):
    visitor.to_the_end()
    later = again(unit, visitor.now + 5 * DAY)
    later.say(["none"], ["unsure"])
    assert shown(later).screen.reask

    later.say(["unsure"])

    assert later.screen_id == "site"


def test_after_something_new_the_whole_screening_decides(unit, visitor):
    visitor.to_the_end()
    later = again(unit, visitor.now + 5 * DAY)
    later.say(["none"], ["yes"])
    later.at("health").say(["blood_thinner"], ["warfarin"], ["none"])

    ended = later.to_the_end()

    assert ended.verdict.disposition is Disposition.PRACTITIONER_REVIEW
    assert ended.screening.answers["anything_new"] == "yes"
    assert desk.may_book(unit, ME, later.now).may is May.PENDING


def test_a_new_sign_counts_as_something_new_though_it_is_harmless(unit, visitor):
    told = visitor.to_the_end().screening
    later = again(unit, visitor.now + 5 * DAY)

    later.say(["leg_symptoms"], "one_leg")
    assert "no longer counts" in shown(later).note
    later.say(["none"])

    assert later.screen_id == "site"
    assert not unit.screenings.rows[told.id].counts(later.now)


@pytest.mark.parametrize(
    ("told", "more", "name", "value"),
    [
        (
            "none of these, but i gave birth last week",
            ["postnatal_6w"],
            "pregnancy",
            "postnatal_6w",
        ),
        ("none of these, but i take warfarin now", [], "blood_thinner", ["warfarin"]),
    ],
)
def test_what_is_told_beside_the_signs_is_something_new(
    unit, visitor, told, more, name, value
):
    """Though whoever tells it says right after that nothing is new."""
    before = visitor.to_the_end().screening
    later = again(unit, visitor.now + 5 * DAY)
    later.say(told)
    while later.screen_id in ("gate", "anything_new"):
        later.say(["none"] if later.screen_id == "gate" else ["no"])
    if more:
        assert shown(later).screen.questions == (name,)
        later.say(more)

    ended = later.to_the_end()

    assert ended.verdict.disposition is Disposition.PRACTITIONER_REVIEW
    assert ended.screening.answers[name] == value
    assert not unit.screenings.rows[before.id].counts(later.now)


def test_a_sign_that_was_known_is_nothing_new(unit, visitor):
    visitor.at("gate").say(["leg_symptoms"], "one_leg", ["none"])
    before = visitor.to_the_end().verdict
    later = again(unit, visitor.now + 5 * DAY)

    later.say(["leg_symptoms"], "one_leg", ["none"])
    result = later.say(["no"])

    assert isinstance(result, Confirmed)
    assert result.screening.flags == before.flags


def test_an_emergency_before_a_later_visit_stops_everything(unit, visitor):
    visitor.to_the_end()
    later = again(unit, visitor.now + 5 * DAY)

    ended = later.say(["chest_pain"])

    assert isinstance(ended, Ended)
    assert ended.verdict.disposition is Disposition.EMERGENCY
    assert desk.may_book(unit, ME, later.now).may is May.LOCKED


def test_known_cancer_makes_a_newly_weak_leg_an_emergency(unit, visitor):
    visitor.at("flags").say(["cancer"], "past", ["none"])
    visitor.to_the_end()
    later = again(unit, visitor.now + 5 * DAY)

    ended = later.say(["leg_weakness"], "one_new_or_worse")

    assert isinstance(ended, Ended)
    assert "E13" in {rule.id for rule in ended.verdict.rules}


def test_what_staff_released_stays_released(unit, visitor):
    visitor.at("flags").say(["fever"], ["none"])
    kept = visitor.to_the_end().screening
    desk.release(unit, kept.id, "Priya", "the GP has seen her", visitor.now)
    later = again(unit, visitor.now + 2 * DAY)

    result = later.say(["none"], ["no"])

    assert isinstance(result, Confirmed)
    assert desk.may_book(unit, ME, later.now).may is May.OK


def test_left_in_the_middle_it_takes_nothing_away(unit, visitor):
    visitor.to_the_end()
    later = again(unit, visitor.now + 5 * DAY)

    desk.close_lapsed(unit, ME, PROTOCOL, later.now + 25 * HOUR)

    assert desk.may_book(unit, ME, later.now + 25 * HOUR).may is May.OK


def test_without_a_result_that_counts_everything_is_asked(unit, visitor):
    visitor.to_the_end()

    later = again(unit, visitor.now + 31 * DAY)

    assert later.screen_id == "consent"


def test_something_new_after_a_visit_makes_the_result_expire_too(unit, visitor):
    visitor.to_the_end()
    now = visitor.now + 7 * DAY
    replies = {**CALM, "since_visit": "better", "new_worry": "yes"}
    last: desk.Result = desk.start(unit, ME, "web", PROTOCOL, now, after_visit=True)
    while isinstance(last, Asked):
        last = desk.answer(unit, ME, PROTOCOL, replies[last.screen.id], now)

    assert isinstance(last, Ended)
    assert last.screening.answers["site"] == "low_back"
    assert desk.may_book(unit, ME, now + HOUR).may is May.SCREENING_NEEDED


# The booking itself -------------------------------------------------------------------


def test_a_visit_is_not_booked_on_signs_asked_long_ago(store, here, now):
    cast = Cast(store, now)
    visitor, opening = cast.visitor(), cast.offers(here)[-1]

    later = cast.book(here, visitor, opening, now=now + DAY + HOUR)
    at_once = cast.book(here, visitor, opening, now=now + HOUR)

    assert later == Refused("screening_needed")
    assert isinstance(at_once, Booked)


def test_a_later_visit_is_asked_about_and_the_first_one_is_not(store, here, now):
    cast = Cast(store, now)
    visitor, opening = cast.visitor(), cast.offers(here)[0]
    with store.reading() as unit:
        assert not gate_due(unit, visitor, now)

    cast.book(here, visitor, opening)

    with store.reading() as unit:
        assert gate_due(unit, visitor, now)
        assert not gate_due(unit, cast.visitor(None), now)
