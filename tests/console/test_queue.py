"""A long queue shows the most pressing, and leads to the rest."""

import json
from datetime import timedelta

import pytest

from bot.clock import utc_now
from bot.console.queue import AT_ONCE
from tests.console import scene


@pytest.fixture(scope="module")
def many(place):
    """Let more wait than a page shows; return the one that waits longest."""
    now = utc_now()
    chats = [
        scene.chat(place.store, now, ("visitor", "Hello")) for _ in range(AT_ONCE + 3)
    ]
    for number, chat in enumerate(chats):
        since = now - timedelta(hours=30, minutes=number)
        scene.hand_over(place.store, chat, "asked_for_a_person", "routine", since)
    return chats


def test_the_most_pressing_come_first_and_a_link_leads_to_all(place, priya, many):
    short, whole = priya.get("/staff").text, priya.get("/staff?all=1").text

    assert place.chats["emergency"] in short
    assert many[-1] in short
    assert many[0] not in short
    assert 'href="/staff?all=1"' in short
    assert all(chat in whole for chat in many)
    assert 'href="/staff?all=1"' not in whole


def counts(person):
    """Return what a page of theirs is told first, wherever in the console it is."""
    with person.client.stream("GET", "/staff/live") as stream:
        data = next(one for one in stream.iter_lines() if one.startswith("data: "))
    return json.loads(data.removeprefix("data: "))


def test_how_many_wait_is_told_of_all_of_them(place, priya, maren, many):
    # Her own patient is the one of whom a practitioner is told.
    waiting = len(many) + 3

    assert counts(priya) == {"waiting": waiting, "unread": waiting, "pressing": 1}
    assert counts(maren) == {"waiting": 1, "unread": 1, "pressing": 0}
