"""A visitor is screened, and what comes of it locks or unlocks the diary."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest

from bot.clinic.errors import NotFound
from bot.clinic.screened import May, Screening, permission
from bot.clinic.screening import Disposition
from bot.desk import screening as desk
from bot.desk.screening import Asked, Ended, Unclear
from tests.conftest import NOW
from tests.desk.questioned import DAY, HOUR, ME, PROTOCOL, Unit, Visitor
from tests.screening import CALM


@pytest.fixture
def unit() -> Unit:
    return Unit()


@pytest.fixture
def visitor(unit: Unit) -> Iterator[Visitor]:
    return Visitor(unit)  # type: ignore[return-value]


def test_healthy_visitor_may_book_after_thirteen_answers(unit, visitor):
    visitor.say(["consent.0"])
    answers = 1
    while isinstance(visitor.last, Asked):
        visitor.say(CALM[visitor.last.screen.id])
        answers += 1

    assert answers == 13
    assert desk.may_book(unit, ME, visitor.now).may is May.OK


def test_the_result_is_kept_with_its_versions_and_times(unit, visitor):
    kept = visitor.to_the_end().screening

    assert unit.screenings.get(kept.id) == kept
    assert kept.status == "completed"
    assert kept.rules_version == PROTOCOL.rules.version
    assert kept.questions_version == PROTOCOL.questionnaire.version
    assert kept.channel == "web"
    assert (kept.started_at, kept.ended_at) == (NOW, visitor.now)
    assert kept.expires_at == visitor.now + 30 * DAY
    assert kept.answers["age"] == 46
    assert kept.answers["country"] == "CA"


def test_the_words_name_the_clinics_numbers(visitor):
    visitor.at("gate")

    ended = visitor.say(["chest_pain"])

    assert isinstance(ended, Ended)
    assert ended.texts[0].startswith("Please call 911 now.")


@pytest.mark.parametrize("delivered", [True, False])
def test_staff_are_only_said_to_know_when_they_do(visitor, delivered):
    visitor.at("gate")

    ended = visitor.say(["chest_pain"], alert_delivered=delivered)

    assert ("I've told the clinic team" in " ".join(ended.texts)) is delivered


def test_consent_shows_the_emergency_number_and_the_notice(visitor):
    screen = visitor.last.screen

    assert "call 911" in screen.text
    assert "555-0100" in screen.more
    assert "Northside Acupuncture" in screen.more


@pytest.mark.parametrize("line", ["chest_pain", "stroke_signs", "very_unwell"])
def test_an_emergency_ends_it_with_that_answer(unit, visitor, line):
    visitor.at("gate")

    ended = visitor.say([line])

    assert isinstance(ended, Ended)
    assert ended.screening.status == "stopped"
    assert ended.verdict.disposition is Disposition.EMERGENCY
    assert desk.current_screen(unit, ME, PROTOCOL, visitor.now) is None
    assert desk.may_book(unit, ME, visitor.now).may is May.LOCKED


def test_an_emergency_among_other_ticks_is_not_held_up_by_them(visitor):
    visitor.at("gate")

    ended = visitor.say(["breathless", "ces_bladder", "trauma"])

    assert isinstance(ended, Ended)


def test_typed_words_in_the_middle_can_end_it(visitor):
    visitor.at("gate")

    ended = visitor.say("my chest feels tight")

    assert isinstance(ended, Ended)


def test_no_consent_keeps_nothing(unit, visitor):
    ended = visitor.say("no")

    assert isinstance(ended, Ended)
    assert ended.verdict.rules[0].id == "N01"
    assert "911" in ended.texts[0]
    assert unit.screenings.rows == {}


def test_young_person_without_guardian_is_asked_nothing_more(unit, visitor):
    visitor.at("age")

    ended = visitor.say("15", "no")

    assert isinstance(ended, Ended)
    assert ended.verdict.flags == ("MINOR",)
    assert "under 18" in ended.texts[0]
    assert desk.may_book(unit, ME, visitor.now).may is May.LOCKED


def test_adult_who_cannot_consent_goes_to_a_person(visitor):
    visitor.at("who_for")

    ended = visitor.say(["adult_cannot_consent"], "70")

    assert isinstance(ended, Ended)
    assert ended.verdict.disposition is Disposition.NOT_SUITABLE_ONLINE


def test_urgent_answers_lock_booking_but_all_is_asked(unit, visitor):
    visitor.at("flags").say(["fever"], ["none"])

    ended = visitor.to_the_end()

    assert ended.verdict.disposition is Disposition.URGENT
    assert "the health line on 811" in ended.texts[0]
    assert desk.may_book(unit, ME, visitor.now).reason == "URGENT"


def test_a_medicine_holds_a_time_for_the_practitioner(unit, visitor):
    visitor.at("health").say(["blood_thinner"], ["warfarin"], ["none"])

    ended = visitor.to_the_end()

    assert desk.may_book(unit, ME, visitor.now).may is May.PENDING
    assert "Please keep taking your medicine" in ended.texts[0]


@pytest.mark.parametrize(("reply", "kept"), [(["none"], False), (["ces_sexual"], True)])
def test_the_sexual_question_is_kept_only_where_positive(visitor, reply, kept):
    visitor.at("gate").say(reply)
    if kept:
        visitor.say(["old_stable"], ["none"])

    screening = visitor.to_the_end().screening

    assert ("ces_sexual" in screening.answers) is kept
    assert "INCOMPLETE" not in screening.flags


def test_unclear_replies_change_nothing(unit, visitor):
    visitor.at("age")

    unclear = visitor.say("300")

    assert isinstance(unclear, Unclear)
    assert unclear.hint == "Please give a number from 0 to 120."
    assert unclear.screen.id == "age"


def test_a_button_of_an_earlier_screen_changes_nothing(unit, visitor):
    visitor.at("site")

    unclear = visitor.say("yes", screen_id="consent")

    assert isinstance(unclear, Unclear)
    assert unclear.screen.id == "site"


def test_an_alarm_ticked_on_an_older_list_ends_it(unit, visitor):
    visitor.at("flags")

    ended = visitor.say(["chest_pain"], screen_id="gate")

    assert isinstance(ended, Ended)
    assert ended.verdict.disposition is Disposition.EMERGENCY


def test_a_list_sent_from_a_second_tab_loses_no_sign(visitor):
    visitor.at("gate").say(["leg_symptoms"], ["one_leg"])

    asked = visitor.say(["leg_symptoms", "ces_bladder"], screen_id="gate")

    assert isinstance(asked, Asked)
    assert asked.screen.questions == ("ces_bladder",)
    assert "leg_symptoms" in visitor.kept.answers


def test_a_single_button_may_come_as_text(visitor):
    visitor.at("gate").say(["ces_bladder"])

    asked = visitor.say("no", screen_id="ces_bladder")

    assert isinstance(asked, Asked)
    assert asked.screen.id == "gate"


def test_answering_twice_asks_the_next_question_once(visitor):
    visitor.at("age").say("46")

    again = visitor.say("46", screen_id="age")

    assert isinstance(again, Unclear)
    assert again.screen.id == "gate"


def test_going_back_asks_the_screen_before(visitor):
    asked = visitor.at("duration").say("go back")

    assert asked.screen.id == "site"


def test_a_correction_takes_effect_at_once(visitor):
    visitor.at("mood")

    ended = visitor.say("wait, I do have chest pain")

    assert isinstance(ended, Ended)
    assert ended.verdict.disposition is Disposition.EMERGENCY


def test_a_corrected_medicine_reaches_the_verdict(visitor):
    visitor.at("mood").say("wait, i forgot, I take warfarin")

    ended = visitor.to_the_end()

    assert "ANTICOAGULANT" in ended.verdict.flags


def test_a_correction_beside_an_answer_loses_neither(visitor):
    visitor.at("prior_care")

    asked = visitor.say("a doctor. sorry, I forgot: I take warfarin")

    assert asked.screen.id == "mood"
    assert "ANTICOAGULANT" in visitor.to_the_end().verdict.flags


def test_clashing_answers_come_with_a_note(visitor):
    visitor.at("who_for").say(["child_guardian"])

    asked = visitor.say("30")

    assert asked.screen.id == "who_for"
    assert "18 or more" in asked.note


def test_answers_without_a_screening_are_refused(unit):
    with pytest.raises(NotFound):
        desk.answer(unit, ME, PROTOCOL, "yes", NOW)


# Leaving and coming back --------------------------------------------------------------


def test_an_unfinished_screening_goes_on_within_a_day(unit, visitor):
    visitor.at("site")

    asked = desk.start(unit, ME, "telegram", PROTOCOL, visitor.now + 23 * HOUR)

    assert asked.screen.id == "site"
    assert len(unit.screenings.rows) == 1


def test_after_a_day_it_begins_anew_and_forgets(unit, visitor):
    visitor.at("site")

    asked = desk.start(unit, ME, "web", PROTOCOL, visitor.now + 25 * HOUR)

    assert asked.screen.id == "consent"
    assert len(unit.screenings.rows) == 1


def test_an_alarm_left_behind_still_locks(unit, visitor):
    visitor.at("flags").say(["fever"])
    later = visitor.now + 25 * HOUR

    desk.start(unit, ME, "web", PROTOCOL, later)

    assert desk.may_book(unit, ME, later).reason == "URGENT"
    locked = next(one for one in unit.screenings.rows.values() if one.locks)
    assert locked.answers == {}


def test_stopping_keeps_the_alarm_and_is_never_ok(unit, visitor):
    visitor.at("flags").say(["fever"])

    stopped = desk.abandon(unit, ME, PROTOCOL, visitor.now)

    assert stopped is not None
    assert stopped.disposition is Disposition.URGENT
    assert desk.may_book(unit, ME, visitor.now).may is May.LOCKED


def test_stopping_without_alarm_needs_a_new_screening(unit, visitor):
    visitor.at("site")

    desk.abandon(unit, ME, PROTOCOL, visitor.now)

    assert desk.may_book(unit, ME, visitor.now).may is May.SCREENING_NEEDED


def test_stopping_before_anything_was_said_keeps_nothing(unit, visitor):
    assert desk.abandon(unit, ME, PROTOCOL, visitor.now) is None
    assert unit.screenings.rows == {}


def test_leaving_the_crisis_question_open_counts_as_declined(unit, visitor):
    visitor.at("mood").say(["very_low"])

    stopped = desk.abandon(unit, ME, PROTOCOL, visitor.now)

    assert stopped is not None
    assert "U21" in stopped.rules


def test_sweeping_closes_what_was_left(unit, visitor):
    visitor.at("site")

    assert desk.close_lapsed(unit, ME, PROTOCOL, visitor.now + 25 * HOUR) == []
    assert unit.screenings.rows == {}


def test_sweeping_leaves_what_can_be_resumed(unit, visitor):
    visitor.at("site")

    assert desk.close_lapsed(unit, ME, PROTOCOL, visitor.now + 23 * HOUR) == []
    assert len(unit.screenings.rows) == 1


def test_sweeping_names_what_staff_must_hear_of(unit, visitor):
    """A crisis question left open locks booking, and somebody has to know."""
    visitor.at("mood").say(["very_low"])
    later = visitor.now + 25 * HOUR

    (closed,) = desk.close_lapsed(unit, ME, PROTOCOL, later)

    assert (closed.conversation_id, closed.answers) == (ME, {})
    assert "CRISIS" in closed.flags
    assert "U21" in closed.rules
    assert desk.may_book(unit, ME, later).may is May.LOCKED
    assert desk.close_lapsed(unit, ME, PROTOCOL, later) == []


@pytest.mark.parametrize(("line", "closed"), [("fever", 1), ("osteoporosis", 0)])
def test_what_needs_a_doctor_today_is_left_open_for_an_hour(
    unit, visitor, line, closed
):
    visitor.at("flags").say([line])

    assert desk.close_lapsed(unit, ME, PROTOCOL, visitor.now + 0.9 * HOUR) == []
    assert (
        len(desk.close_lapsed(unit, ME, PROTOCOL, visitor.now + 1.1 * HOUR)) == closed
    )


@pytest.mark.parametrize(
    ("screen_id", "replies", "rule"),
    [
        ("health", (["bleeding_disorder"], "severe"), "N04"),
        ("consent", (), "N07"),
    ],
)
def test_who_must_be_taken_over_is_not_dropped_with_time(
    unit, visitor, screen_id, replies, rule
):
    """Somebody not safe, or with severe bleeding, who leaves and comes back."""
    visitor.at(screen_id)
    if replies:
        visitor.say(*replies)
    else:
        raise_(unit, "unsafe")
    later = visitor.now + 25 * HOUR

    (closed,) = desk.close_lapsed(unit, ME, PROTOCOL, later)

    assert closed.disposition is Disposition.NOT_SUITABLE_ONLINE
    assert rule in closed.rules
    assert closed.answers == {}
    assert desk.may_book(unit, ME, later).may is May.LOCKED


def test_what_was_merely_left_open_is_dropped_and_asked_anew(unit, visitor):
    visitor.at("flags")

    assert desk.close_lapsed(unit, ME, PROTOCOL, visitor.now + 25 * HOUR) == []
    assert unit.screenings.rows == {}


# Crisis, danger, drink ----------------------------------------------------------------


def raise_(unit: Unit, question: str) -> Asked:
    return desk.raised(unit, ME, "web", PROTOCOL, question, NOW)


@pytest.mark.parametrize(
    ("question", "reply", "message"),
    [
        ("self_harm", "plan_or_now", "I'm glad you told me."),
        ("self_harm", "thoughts", "Thank you for telling me."),
        ("unsafe", "danger_now", "I'm glad you told me."),
        ("unsafe", "at_risk", "Thank you for telling me."),
        ("intoxicated", "yes", "I can't finish this online."),
    ],
)
@pytest.mark.parametrize("screen_id", ["consent", "nrs"])
def test_what_was_heard_is_asked_and_answered_at_once(
    unit, visitor, question, reply, message, screen_id
):
    visitor.at(screen_id)
    asked = raise_(unit, question)

    ended = visitor.say([reply])

    assert asked.screen.questions == (question,)
    assert isinstance(ended, Ended)
    assert ended.texts[0].startswith(message)
    assert desk.may_book(unit, ME, visitor.now).may is May.LOCKED


def test_nothing_is_kept_of_it_without_consent(unit, visitor):
    raise_(unit, "self_harm")

    ended = visitor.say(["thoughts"])

    assert ended.screening.answers == {}
    assert ended.screening.disposition is Disposition.URGENT


def test_where_nothing_was_asked_a_reassuring_answer_ends_it(unit):
    asked = raise_(unit, "self_harm")
    assert asked.screen.questions == ("self_harm",)

    result = desk.answer(unit, ME, PROTOCOL, ["none"], NOW)

    assert isinstance(result, desk.Eased)
    assert unit.screenings.rows == {}


def test_a_lone_question_grows_into_a_screening_when_one_is_wanted(unit):
    raise_(unit, "self_harm")
    desk.start(unit, ME, "web", PROTOCOL, NOW)

    asked = desk.answer(unit, ME, PROTOCOL, ["none"], NOW)

    assert isinstance(asked, Asked)
    assert asked.screen.id == "consent"


@pytest.mark.parametrize("question", PROTOCOL.questionnaire.triggers)
def test_a_lone_question_that_is_passed_over_is_never_reassuring(unit, question):
    raise_(unit, question)

    result = desk.answer(unit, ME, PROTOCOL, "skip", NOW)

    crisis = question in ("self_harm", "unsafe")
    assert isinstance(result, Ended) is crisis


def test_a_raised_sign_of_an_emergency_is_judged_like_any_other(unit):
    raise_(unit, "leg_symptoms")

    ended = desk.answer(unit, ME, PROTOCOL, ["both_new"], NOW)

    assert isinstance(ended, Ended)
    assert ended.verdict.disposition is Disposition.EMERGENCY
    assert ended.screening.answers == {}


def test_after_a_reassuring_answer_the_screening_goes_on(unit, visitor):
    raise_(unit, "self_harm")

    asked = visitor.say(["none"])

    assert asked.screen.id == "consent"
    assert [one.answers for one in unit.screenings.rows.values()] == [{}]


@pytest.mark.parametrize(
    ("question", "reply", "screen"),
    [("leg_symptoms", ["one_leg"], "gate"), ("self_harm", ["none"], "mood")],
)
def test_what_was_raised_before_consent_is_asked_after_it(
    unit, visitor, question, reply, screen
):
    raise_(unit, question)
    visitor.say(reply)
    visitor.at(screen)

    if question == "self_harm":
        visitor.say(["very_low"])

    assert question in visitor.last.screen.questions


def test_a_crisis_line_of_the_clinics_own_is_named(unit, visitor):
    raise_(unit, "self_harm")

    ended = visitor.say(["thoughts"])

    assert "Northern Line on 555-0199" in ended.texts[0]


def test_a_call_today_is_only_offered_where_somebody_is_on_duty(unit, visitor):
    raise_(unit, "self_harm")

    ended = visitor.say(["thoughts"], on_duty=False)

    assert "today" not in ended.texts[0]


@pytest.mark.parametrize("kind", ["EMERGENCY", "CRISIS"])
def test_a_red_flag_in_free_text_locks_booking(unit, kind):
    kept = desk.record_red_flag(unit, ME, "chest_pain", kind, NOW)

    assert kept.status == "stopped"
    assert kept.rules == ("chest_pain",)
    assert kind in kept.flags
    assert desk.may_book(unit, ME, NOW).may is May.LOCKED


def test_a_red_flag_ends_the_screening_under_way(unit, visitor):
    visitor.at("site")

    desk.record_red_flag(unit, ME, "chest_pain", "EMERGENCY", visitor.now)

    assert desk.current_screen(unit, ME, PROTOCOL, visitor.now) is None
    assert len(unit.screenings.rows) == 1


def test_a_red_flag_after_a_good_result_locks_all_the_same(unit, visitor):
    visitor.to_the_end()

    desk.record_red_flag(unit, ME, "chest_pain", "EMERGENCY", visitor.now + HOUR)

    assert desk.may_book(unit, ME, visitor.now + HOUR).may is May.LOCKED


def test_a_later_calm_screening_does_not_unlock(unit, visitor):
    visitor.at("gate").say(["chest_pain"])
    again = Visitor(unit, visitor.now + DAY)

    again.to_the_end()

    assert desk.may_book(unit, ME, again.now).may is May.LOCKED


# Again ------------------------------------------------------------------------------


def test_a_later_screening_asks_only_what_may_have_changed(unit, visitor):
    visitor.to_the_end()
    again, seen = Visitor(unit, visitor.now + 5 * DAY), []
    assert isinstance(again.last, Asked)
    assert "may have changed" in again.last.note
    while isinstance(again.last, Asked):
        seen.append(again.screen_id)
        again.say(CALM[again.screen_id])

    assert seen == ["gate", "nrs", "impact", "review"]
    assert desk.may_book(unit, ME, again.now).may is May.OK


def test_something_new_is_told_at_the_last_look(unit, visitor):
    visitor.to_the_end()
    again = Visitor(unit, visitor.now + 5 * DAY).at("review")

    again.say("I take warfarin now")

    assert "ANTICOAGULANT" in again.to_the_end().verdict.flags


def test_a_released_result_is_no_ground_for_a_short_screening(unit, visitor):
    visitor.at("flags").say(["fever"], ["none"])
    kept = visitor.to_the_end().screening
    desk.release(unit, kept.id, "Priya", "the GP has seen her", visitor.now)

    assert Visitor(unit, visitor.now + DAY).screen_id == "consent"


# After a visit ------------------------------------------------------------------------


FOLLOWED_UP = {**CALM, "since_visit": "better", "new_worry": "no"}


def after_visit(
    unit: Unit, now: datetime, **replies: str | list[str]
) -> tuple[list[str], Ended]:
    """Answer the few questions after a visit; return their screens and the end."""
    answers: dict[str, str | list[str]] = {**FOLLOWED_UP, **replies}
    seen: list[str] = []
    last: desk.Result = desk.start(unit, ME, "web", PROTOCOL, now, after_visit=True)
    while isinstance(last, Asked):
        name = last.screen.id
        reply = ["none"] if name in seen else answers[name]
        seen.append(name)
        last = desk.answer(unit, ME, PROTOCOL, reply, now)
    assert isinstance(last, Ended)
    return seen, last


def test_after_a_visit_only_a_few_things_are_asked(unit, visitor):
    visitor.to_the_end()

    later = visitor.now + 7 * DAY
    seen, ended = after_visit(unit, later, nrs="2")

    assert seen == ["gate", "nrs", "since_visit", "new_worry", "review"]
    assert "noted" in ended.texts[0]
    kept = ended.screening
    assert (kept.answers["nrs"], kept.answers["since_visit"]) == (2, "better")
    assert kept.answers["site"] == "low_back"
    assert desk.may_book(unit, ME, later).may is May.OK


def test_a_calm_word_after_a_visit_makes_no_result_count_longer(unit, visitor):
    told = visitor.to_the_end().screening
    later = visitor.now + 20 * DAY
    _, ended = after_visit(unit, later)

    assert ended.screening.expires_at == told.expires_at
    assert desk.may_book(unit, ME, later).may is May.OK
    assert desk.may_book(unit, ME, told.expires_at).may is May.SCREENING_NEEDED


def test_a_later_caution_after_a_visit_counts_no_longer_either(unit, visitor):
    told = visitor.to_the_end().screening
    later = visitor.now + 20 * DAY

    _, ended = after_visit(
        unit, later, since_visit="worse", flags=["cancer"], cancer="past"
    )

    assert ended.verdict.disposition is Disposition.PRACTITIONER_REVIEW
    assert ended.screening.expires_at == told.expires_at


def test_an_urgent_word_after_a_visit_counts_from_then(unit, visitor):
    told = visitor.to_the_end().screening

    _, ended = after_visit(
        unit, visitor.now + 20 * DAY, since_visit="worse", flags=["fever"]
    )

    assert ended.screening.expires_at > told.expires_at


def test_the_summary_after_a_visit_calls_nothing_unasked_left_open(unit, visitor):
    visitor.to_the_end()
    now = visitor.now + 7 * DAY
    last: desk.Result = desk.start(unit, ME, "web", PROTOCOL, now, after_visit=True)
    while isinstance(last, Asked) and last.screen.id != "review":
        last = desk.answer(unit, ME, PROTOCOL, FOLLOWED_UP[last.screen.id], now)

    assert isinstance(last, Asked)
    rows = dict(last.screen.rows)
    assert "left open" not in str(rows)
    assert set(rows) == {"Emergency signs", "The pain", "Since the visit"}


@pytest.mark.parametrize("replies", [{"since_visit": "worse"}, {"new_worry": "yes"}])
def test_worse_or_new_opens_the_urgent_signs_again(unit, visitor, replies):
    visitor.to_the_end()

    later = visitor.now + 7 * DAY
    seen, ended = after_visit(unit, later, flags=["fever"], **replies)

    assert "flags" in seen
    assert ended.verdict.disposition is Disposition.URGENT
    assert desk.may_book(unit, ME, later).may is May.LOCKED


def test_an_emergency_after_a_visit_stops_everything(unit, visitor):
    visitor.to_the_end()

    _, ended = after_visit(unit, visitor.now + 7 * DAY, gate=["breathless"])

    assert ended.verdict.disposition is Disposition.EMERGENCY


def test_old_answers_and_new_signs_are_judged_together(unit, visitor):
    visitor.at("flags").say(["cancer"], "past", ["none"])
    visitor.to_the_end()

    _, ended = after_visit(
        unit,
        visitor.now + 7 * DAY,
        gate=["leg_weakness"],
        leg_weakness="one_new_or_worse",
    )

    assert "E13" in {rule.id for rule in ended.verdict.rules}


def test_none_of_these_after_a_visit_takes_no_caution_back(unit, visitor):
    visitor.at("flags").say(["cancer"], "past", ["none"])
    before = visitor.to_the_end()

    later = visitor.now + 7 * DAY
    seen, ended = after_visit(unit, later, new_worry="yes", flags=["none"])

    assert "flags" in seen
    assert ended.screening.answers["cancer"] == "past"
    assert set(before.verdict.flags) <= set(ended.verdict.flags)


def test_without_earlier_answers_a_follow_up_unlocks_nothing(unit):
    seen, ended = after_visit(unit, NOW)

    assert seen[0] == "consent"
    assert ended.verdict.disposition is Disposition.OK_TO_BOOK
    assert "book" not in " ".join(ended.texts)
    assert desk.may_book(unit, ME, NOW + HOUR).may is May.SCREENING_NEEDED


# Leaving in the middle --------------------------------------------------------------


def test_leaving_with_something_urgent_is_told_at_once(unit, visitor):
    visitor.at("flags").say(["fever"])

    ended = desk.leave(unit, ME, PROTOCOL, visitor.now)

    assert ended
    assert ended.verdict.disposition is Disposition.URGENT
    assert "911" not in ended.texts[0]
    assert "doctor" in ended.texts[0]
    assert desk.may_book(unit, ME, visitor.now).may is May.LOCKED


@pytest.mark.parametrize("replies", [(["ces_bladder"],), (["ces_bladder"], "not sure")])
def test_a_sign_left_in_the_middle_counts_as_not_sure(unit, visitor, replies):
    visitor.at("gate").say(*replies)

    ended = desk.leave(unit, ME, PROTOCOL, visitor.now)

    assert ended
    assert ended.verdict.disposition is Disposition.EMERGENCY


def test_leaving_without_alarm_can_be_taken_up_again(unit, visitor):
    visitor.at("site")

    assert desk.leave(unit, ME, PROTOCOL, visitor.now) is None
    assert desk.current_screen(unit, ME, PROTOCOL, visitor.now) is not None


def test_leaving_before_anything_was_begun_says_nothing(unit):
    assert desk.leave(unit, "another", PROTOCOL, NOW) is None


# Release and expiry -------------------------------------------------------------------


def test_a_named_person_releases_an_urgent_result(unit, visitor):
    visitor.at("flags").say(["fever"], ["none"])
    kept = visitor.to_the_end().screening

    freed = desk.release(unit, kept.id, "Dr Rao", "seen by the GP", visitor.now)

    assert freed.released_by == "Dr Rao"
    assert desk.may_book(unit, ME, visitor.now).may is May.OK


def test_a_release_leaves_the_rest_to_a_practitioner(unit, visitor):
    visitor.at("flags").say(["fever"], ["none"])
    visitor.at("health").say(["heart_valve"], ["none"])
    kept = visitor.to_the_end().screening

    desk.release(unit, kept.id, "Priya", "the GP has seen her", visitor.now)

    assert desk.may_book(unit, ME, visitor.now).may is May.PENDING


def test_a_practitioners_look_clears_a_review(unit, visitor):
    visitor.at("health").say(["heart_valve"], ["none"])
    kept = visitor.to_the_end().screening
    assert desk.may_book(unit, ME, visitor.now).may is May.PENDING

    desk.release(unit, kept.id, "Dr Rao", "talked it through", visitor.now)

    assert desk.may_book(unit, ME, visitor.now).may is May.OK


@pytest.mark.parametrize(
    ("screen", "replies"),
    [
        ("age", ["15", "no"]),
        ("who_for", ["adult_cannot_consent", "70"]),
        ("health", [["bleeding_disorder"], "severe", ["none"]]),
    ],
)
def test_where_a_person_must_take_over_new_answers_do_not_help(
    unit, visitor, screen, replies
):
    visitor.at(screen).say(*replies)
    if isinstance(visitor.last, Asked):
        visitor.to_the_end()
    assert desk.may_book(unit, ME, visitor.now).may is May.LOCKED

    again = Visitor(unit, visitor.now + HOUR)
    assert again.screen_id == "consent"
    again.to_the_end()

    refused = desk.may_book(unit, ME, again.now)
    assert (refused.may, refused.reason) == (May.LOCKED, "NOT_SUITABLE_ONLINE")
    desk.release(unit, str(refused.screening_id), "Priya", "we talked", again.now)
    assert desk.may_book(unit, ME, again.now).may is May.OK


def test_what_was_left_open_can_be_answered_anew(unit, visitor):
    visitor.at("gate").say("skip")
    visitor.to_the_end()
    assert desk.may_book(unit, ME, visitor.now).may is May.SCREENING_NEEDED

    again = Visitor(unit, visitor.now + HOUR)
    assert again.screen_id == "gate"
    again.to_the_end()

    assert desk.may_book(unit, ME, again.now).may is May.OK


def test_after_a_released_emergency_a_new_screening_is_needed(unit, visitor):
    visitor.at("gate").say(["chest_pain"])
    locked = desk.may_book(unit, ME, visitor.now).screening_id

    desk.release(unit, str(locked), "Dr Rao", "typed by mistake", visitor.now)

    assert desk.may_book(unit, ME, visitor.now).may is May.SCREENING_NEEDED


@pytest.mark.parametrize(("name", "reason"), [("", "why"), ("Dr Rao", " ")])
def test_a_release_needs_a_name_and_a_reason(unit, visitor, name, reason):
    kept = desk.record_red_flag(unit, ME, "chest_pain", "EMERGENCY", NOW)

    with pytest.raises(ValueError, match="name and a reason"):
        desk.release(unit, kept.id, name, reason, NOW)


def test_what_does_not_exist_cannot_be_released(unit):
    with pytest.raises(NotFound):
        desk.release(unit, "nobody's", "Dr Rao", "why", NOW)


def test_a_result_expires_after_thirty_days(unit, visitor):
    visitor.to_the_end()
    inside, outside = visitor.now + 29 * DAY, visitor.now + 30 * DAY

    assert desk.may_book(unit, ME, inside).may is May.OK
    assert desk.may_book(unit, ME, outside).may is May.SCREENING_NEEDED
    assert desk.latest_valid(unit, ME, inside) is not None
    assert desk.latest_valid(unit, ME, outside) is None


def test_an_urgent_lock_does_not_expire(unit, visitor):
    visitor.at("flags").say(["fever"], ["none"])
    visitor.to_the_end()

    assert desk.may_book(unit, ME, visitor.now + 300 * DAY).may is May.LOCKED


def test_a_new_screening_under_way_suspends_the_old_result(unit, visitor):
    visitor.to_the_end()
    desk.start(unit, ME, "web", PROTOCOL, visitor.now + HOUR)

    assert desk.may_book(unit, ME, visitor.now + HOUR).may is May.SCREENING_NEEDED


def test_a_stranger_has_no_screening(unit, visitor):
    visitor.to_the_end()

    assert desk.may_book(unit, "another", NOW).may is May.SCREENING_NEEDED
    assert desk.latest_valid(unit, "another", NOW) is None


@pytest.mark.parametrize("disposition", list(Disposition))
def test_no_provisional_result_allows_anything(disposition):
    going = Screening("1", ME, "in-progress", "web", "1", "1", NOW, NOW + DAY)

    allowed = permission([replace(going, answers={"consent": True})], NOW)

    assert allowed.may is May.SCREENING_NEEDED
