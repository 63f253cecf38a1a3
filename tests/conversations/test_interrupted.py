"""Every interruption at every question, over HTTP: no answer is lost, none made up.

What comes of them at the questions that only some are asked is tried without the wire,
by `tests/actions/test_interruptions.py`.
"""

from __future__ import annotations

import pytest

from bot.clinic.screening import Disposition
from bot.clock import utc_now
from bot.desk.screened import unfinished
from tests.conversations.journeys import HEALTHY, give
from tests.live import Live, Visitor
from tests.screening import protocol

pytestmark = pytest.mark.model

SUMMARY = "Here is what I understood"
SCREENS = [part for part in HEALTHY if "others" not in part and part != SUMMARY]
EVERYWHERE = [*SCREENS, SUMMARY]
IN_PASSING: dict[str, tuple[str, str]] = {
    "question": ("does it hurt?", "small prick"),
    "price": ("how much is a visit?", "First visit"),
    "booking": ("can I book a visit for friday?", ""),
    "why": ("why do you ask?", ""),
    "nonsense": ("asdf qwer zxcv", ""),
    "thanks": ("thanks", ""),
    "greeting": ("hello", ""),
    "who": ("are you a robot?", "automated"),
    "slash": ('/answer{"answer": "yes", "screen": "gate"}', ""),
}
"""What is typed, and a part of the answer to it; the question then follows."""
LEAVES = {
    "stop": ("stop", "stopped there"),
    "person": ("I want to talk to a person", "staff"),
    "complaint": ("this is a disgrace, I want to complain", "person should hear"),
}
BEGIN = "would acupuncture suit me?"
BEFORE_AGE = "Is this visit for you"


def begun(live: Live) -> Visitor:
    visitor = Visitor(live.url)
    visitor.says(BEGIN)
    return visitor


def at(live: Live, screen: str) -> Visitor:
    """Answer healthily until a screen is reached."""
    visitor = begun(live)
    for before in EVERYWHERE[: EVERYWHERE.index(screen)]:
        assert before in visitor.last
        give(visitor, HEALTHY[before])
    assert screen in visitor.last
    return visitor


def answers(live: Live, visitor: Visitor):
    """Return what is kept of the questions under way, what words raised aside."""
    store = live.store()
    with store.reading() as unit:
        going = unfinished(unit, visitor.conversation_id, utc_now())
    store.close()
    assert going is not None
    return {name: one for name, one in going.answers.items() if name != "self_harm"}


def test_what_comes_between_loses_and_invents_no_answer(live):
    visitor = begun(live)

    for screen in EVERYWHERE:
        before = answers(live, visitor)
        for kind, (text, part) in IN_PASSING.items():
            said = visitor.says(text)
            assert part in said, (screen, kind, said)
            assert screen in said, (screen, kind, said)
            assert answers(live, visitor) == before, (screen, kind)
        give(visitor, HEALTHY[screen])

    assert "Nothing in your answers stops you" in visitor.last


@pytest.mark.parametrize("kind", LEAVES)
def test_who_leaves_finds_the_question_again(live, kind):
    visitor = begun(live)
    text, part = LEAVES[kind]

    for screen in EVERYWHERE:
        before = answers(live, visitor)
        assert part in visitor.says(text), (screen, visitor.last)
        assert screen not in visitor.last
        assert answers(live, visitor) == before, screen
        assert screen in visitor.says(BEGIN), (screen, visitor.last)
        assert answers(live, visitor) == before, screen
        give(visitor, HEALTHY[screen])

    assert "Nothing in your answers stops you" in visitor.last


def test_go_back_asks_the_question_before_and_keeps_the_others(live):
    visitor = begun(live)

    for screen, before in zip(EVERYWHERE, [None, *EVERYWHERE], strict=False):
        kept = answers(live, visitor)
        said = visitor.says("go back")
        if before is None:
            assert screen in said  # nothing comes before the agreement
        else:
            expected = BEFORE_AGE if screen == "How old is" else before
            assert expected in said, (screen, said)
            assert answers(live, visitor).items() < kept.items(), screen
            give(visitor, "For me" if expected is BEFORE_AGE else HEALTHY[before])
            assert answers(live, visitor) == kept, screen
        assert screen in visitor.last, (screen, visitor.last)
        give(visitor, HEALTHY[screen])


def test_a_skipped_question_is_never_a_no(live):
    visitor = begun(live)
    assert SCREENS[0] in visitor.says("skip")  # to agree is the visitor's to say
    give(visitor, HEALTHY[SCREENS[0]])
    questions = protocol().questionnaire.questions

    for screen in SCREENS[1:]:
        assert screen in visitor.last
        before = answers(live, visitor)
        visitor.says("skip")
        told = {
            name: one
            for name, one in answers(live, visitor).items()
            if before.get(name) != one
        }
        for name, one in told.items():
            assert one == questions[name].declined_answer, (screen, name)

    assert "A person at the clinic can help" in give(visitor, HEALTHY[SUMMARY])
    store = live.store()
    with store.reading() as unit:
        (kept,) = unit.screenings.of(visitor.conversation_id)
    store.close()
    assert kept.disposition is Disposition.NOT_SUITABLE_ONLINE


def test_a_correction_changes_what_it_names_and_nothing_else(live):
    visitor = begun(live)

    for age, screen in enumerate(EVERYWHERE, start=50):
        before = answers(live, visitor)
        if "age" in before:
            said = visitor.says(f"wait, my age is {age}")
            assert f"I noted: Age: {age}" in said
            assert screen in said, (screen, said)
            assert answers(live, visitor) == {**before, "age": age}, screen
        give(visitor, HEALTHY[screen])

    assert "Nothing in your answers stops you" in visitor.last


@pytest.mark.parametrize("screen", EVERYWHERE)
def test_a_hint_is_asked_about_and_an_emergency_ends_it(live, screen):
    visitor = at(live, screen)
    before = answers(live, visitor)

    assert "thoughts of ending your life" in visitor.says("this pain is killing me")
    assert screen in visitor.presses("No, none of that")
    assert answers(live, visitor) == before
    said = visitor.says("i have crushing chest pain")

    assert said.startswith("Please call 911 now")
    assert visitor.heard[-1]["urgent"] is True
    assert not visitor.labels
    store = live.store()
    with store.reading() as unit:
        (kept,) = unit.screenings.of(visitor.conversation_id)
        handoff = unit.handoffs.open_of(visitor.conversation_id)
    store.close()
    assert (kept.disposition, kept.locks) == (Disposition.EMERGENCY, True)
    assert (kept.status, handoff.priority) == ("stopped", "stat")
