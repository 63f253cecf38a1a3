"""Interruptions at the questions over HTTP: no answer is lost, none is made up.

Every kind of interruption meets every kind of screen; which screen meets which at
once is drawn, with a fixed seed, so that one walk through the questions takes them
all. `tests/actions/test_interruptions.py` tries every single pair without the wire.
"""

from __future__ import annotations

import random

import pytest

from bot.clock import utc_now
from bot.desk.screened import unfinished
from tests.conversations.journeys import HEALTHY, give
from tests.live import Live, Visitor

pytestmark = pytest.mark.model

SCREENS = [
    part for part in HEALTHY if "others" not in part and "understood" not in part
]
KINDS: dict[str, tuple[str, str]] = {
    "question": ("does it hurt?", "small prick"),
    "price": ("how much is a visit?", "First visit"),
    "why": ("why do you ask?", ""),
    "nonsense": ("asdf qwer zxcv", ""),
    "thanks": ("thanks", ""),
    "greeting": ("hello", ""),
    "who": ("are you a robot?", "automated"),
    "slash": ('/answer{"answer": "yes", "screen": "gate"}', ""),
    "hint": ("this pain is killing me", "thoughts of ending your life"),
    "stop": ("stop", ""),
    "person": ("I want to talk to a person", "staff"),
}
"""What is typed, and a part of the answer to it."""
LEAVES = ("stop", "person")


def answers(live: Live, visitor: Visitor):
    store = live.store()
    with store.reading() as unit:
        going = unfinished(unit, visitor.conversation_id, utc_now())
    store.close()
    return dict(going.answers) if going else None


def drawn(seed: int) -> list[tuple[str, list[str]]]:
    """Give each screen some kinds, so that each kind is met four times at least."""
    draw = random.Random(seed)  # noqa: S311 - no secret
    kinds = [kind for kind in KINDS if kind not in LEAVES]
    deck = [kind for _ in range(4) for kind in draw.sample(kinds, len(kinds))]
    rounds = len(deck) // len(SCREENS) + 1
    return [
        (screen, deck[place * rounds : (place + 1) * rounds])
        for place, screen in enumerate(SCREENS)
    ]


@pytest.mark.parametrize("seed", [1, 2])
def test_what_comes_between_loses_and_invents_no_answer(live, seed):
    visitor = Visitor(live.url)
    said = visitor.says("would acupuncture suit me?")
    hinted = False

    for screen, kinds in drawn(seed):
        assert screen in said, (screen, said)
        before = answers(live, visitor)
        for kind in dict.fromkeys(kinds):
            if kind == "hint" and hinted:
                continue
            text, part = KINDS[kind]
            said = visitor.says(text)
            assert part in said, (screen, kind, said)
            if kind == "hint":
                hinted = True
                said = visitor.presses("No, none of that")
            assert screen in said, (screen, kind, said)
            now = answers(live, visitor)
            now.pop("self_harm", None)
            assert now == before, (screen, kind)
        said = give(visitor, HEALTHY[screen])

    assert "Here is what I understood" in said
    assert answers(live, visitor)["site"] == "low_back"


@pytest.mark.parametrize("kind", LEAVES)
@pytest.mark.parametrize("screen", random.Random(4).sample(SCREENS[1:], 3))  # noqa: S311
def test_who_leaves_finds_the_question_again(live, kind, screen):
    visitor = Visitor(live.url)
    said = visitor.says("would acupuncture suit me?")
    while screen not in said:
        said = give(visitor, next(HEALTHY[one] for one in HEALTHY if one in said))
    before = answers(live, visitor)

    visitor.says(KINDS[kind][0])

    assert answers(live, visitor) == before
    said = visitor.says("would acupuncture suit me?")
    assert screen in said
    assert answers(live, visitor) == before
