"""Odd replies over HTTP: a kind re-ask or the newest answer, never a made-up one."""

from __future__ import annotations

import threading
import time
from datetime import timedelta

import pytest

from bot.clock import utc_now
from bot.desk.screened import unfinished
from bot.store.tables import screenings
from tests.conversations.journeys import answer
from tests.live import Live, Visitor

pytestmark = pytest.mark.model


@pytest.fixture
def visitor(live: Live) -> Visitor:
    begun = Visitor(live.url)
    begun.says("would acupuncture suit me?")
    return begun


def answers(live: Live, visitor: Visitor):
    store = live.store()
    with store.reading() as unit:
        going = unfinished(unit, visitor.conversation_id, utc_now())
    store.close()
    return dict(going.answers) if going else {}


@pytest.mark.parametrize("age", ["300", "-4", "two hundred", "46.5"])
def test_an_impossible_age_is_asked_again(live, visitor, age):
    answer(visitor, until="How old is")

    said = visitor.says(age)

    assert "How old is" in said
    assert "age" not in answers(live, visitor)


def test_eleven_on_the_scale_is_asked_again(live, visitor):
    answer(visitor, until="how strong is the pain right now")

    said = visitor.says("11")

    assert "a number from 0 to 10" in said
    assert "nrs" not in answers(live, visitor)


def test_three_answers_at_once_are_all_taken(live, visitor):
    answer(visitor, until="Where is the main pain")

    said = visitor.says("my neck, since 2 months, pain is about a 7")

    assert "go with it" in said
    told = answers(live, visitor)
    assert (told["site"], told["duration"], told["nrs"]) == ("neck", "6w_to_12w", 7)


def test_no_pain_and_then_nine_is_asked_again(live, visitor):
    answer(visitor, until="Where is the main pain")
    visitor.presses("No pain")

    said = visitor.says("actually my pain is a 9")

    assert "Let me ask both once more" in said
    assert "Where is the main pain" in said
    assert "site" not in answers(live, visitor)


def test_an_answer_to_an_earlier_question_is_a_correction(live, visitor):
    answer(visitor, until="how strong is the pain right now")

    said = visitor.says("wait, i am 64 not 46")

    assert "how strong is the pain right now" in said
    assert answers(live, visitor)["age"] == 64


def test_a_button_pressed_twice_counts_once(live, visitor):
    answer(visitor, until="Where is the main pain")
    ids = {one["label"]: one["id"] for one in visitor.heard[-1]["buttons"]}
    visitor.presses("Neck")

    visitor._answered(choice=ids["Neck"])

    said = visitor.says("6 to 12 weeks")
    assert "how strong is the pain right now" in said
    assert answers(live, visitor)["site"] == "neck"


def test_a_button_of_an_old_message_that_says_something_new_asks_again(live, visitor):
    answer(visitor, until="Where is the main pain")
    old = {one["label"]: one["id"] for one in visitor.heard[-1]["buttons"]}
    visitor.presses("Neck")
    visitor.says("6 to 12 weeks")

    said = visitor._answered(choice=old["Knee"])

    assert "let me ask that one again" in said
    assert "Where is the main pain" in said
    assert "site" not in answers(live, visitor)


def test_an_expired_screening_begins_anew(live, visitor):
    answer(visitor, until="how strong is the pain right now")
    store = live.store()
    with store.engine.begin() as connection:
        connection.execute(
            screenings.update()
            .where(screenings.c.conversation_id == visitor.conversation_id)
            .values(expires_at=utc_now() - timedelta(minutes=1))
        )
    store.close()

    said = visitor.says("6")

    assert "Is that OK?" in said
    assert answers(live, visitor) == {}


def test_two_tabs_at_once_lose_and_double_nothing(live, visitor):
    """Both tabs show the same question, and both answer it at the same moment."""
    answer(visitor, until="Where is the main pain")
    ids = {one["label"]: one["id"] for one in visitor.heard[-1]["buttons"]}
    seq = visitor.heard[-1]["seq"]
    tabs = [
        threading.Thread(target=visitor.post, kwargs={"choice": ids[label]})
        for label in ("Neck", "Neck", "Neck")
    ]
    for tab in tabs:
        tab.start()
    for tab in tabs:
        tab.join()
    # Each tab is answered. A line typed before that would count as a reply to a screen
    # that was asked again meanwhile, and kindly be asked for once more.
    end = time.monotonic() + 60
    while _asked(visitor, seq, "How long have you had it") < len(tabs):
        assert time.monotonic() < end
        time.sleep(0.2)
    visitor.says("6 to 12 weeks")

    assert answers(live, visitor)["site"] == "neck"
    assert answers(live, visitor)["duration"] == "6w_to_12w"
    mine = [one for one in visitor.all_messages(seq) if one["author"] == "visitor"]
    assert len(mine) == 4


def _asked(visitor: Visitor, after: int, question: str) -> int:
    return sum(question in one["text"] for one in visitor.all_messages(after))
