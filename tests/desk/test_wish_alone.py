"""A wish for a time is heard where nobody asked for one, and nothing else is."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.clinic.wish import Wish
from bot.content.profile import load
from bot.desk.wish_alone import wish_alone
from bot.desk.wishes import Ambiguous, Unworkable
from bot.settings import ROOT

EDMONTON = load(ROOT / "data" / "clinics" / "edmonton")
BANGALORE = load(ROOT / "data" / "clinics" / "bangalore")


@pytest.mark.parametrize(
    "text",
    [
        "friday the 4th of december",
        "tomorrow morning?",
        "thursday after 5 any chance",
        "any chance of thursday after 5?",
        "next tues 10ish",
        "first thing monday pls",
        "the weekend",
        "15/12",
        "le 4 décembre",
        "in a fortnight",
        "whatever's soonest",
        "how about next week",
        "friday fortnight or the monday after next",
        "within a week, not friday",
        "the second tuesday in december, 10-12",
        "christmas eve",
        "5pm",
        "once a week for six weeks",
        "8 sessions, twice a week",
        "i need something friday morning, not with a man, and not online",
        "the friday after black friday",
        "jeudi prochain, en après-midi",
        "1730 on friday",
    ],
)
def test_a_message_that_only_names_a_time_is_a_wish(text: str, now: datetime) -> None:
    assert isinstance(wish_alone(text, EDMONTON, now), Wish | Ambiguous)


@pytest.mark.parametrize(
    "text",
    ["with a woman who speaks Kannada", "with Asha Verrin", "in Jayanagar on friday"],
)
def test_so_is_one_that_names_a_person_or_a_place(text: str, now: datetime) -> None:
    assert isinstance(wish_alone(text, BANGALORE, now), Wish)


@pytest.mark.parametrize("text", ["yesterday", "31 february", "tomorrow at 25:00"])
def test_a_time_that_cannot_be_is_answered(text: str, now: datetime) -> None:
    assert isinstance(wish_alone(text, EDMONTON, now), Unworkable)


@pytest.mark.parametrize(
    "text",
    [
        "i hurt my back last friday",
        "since monday",
        "my pain is worse at night",
        "are you open on sunday?",
        "is parking free on saturday",
        "i can't come tomorrow",
        "good morning",
        "have a good weekend",
        "see you tomorrow",
        "how often do i need to come",
        "i need something for my back",
        "5",
        "what time",
        "it works",
        "",
        "?",
        "\u0000" * 9,
        "friday " * 200,
    ],
)
def test_what_says_anything_else_is_none(text: str, now: datetime) -> None:
    assert wish_alone(text, EDMONTON, now) is None
