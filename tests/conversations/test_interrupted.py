"""Every interruption at every question, over HTTP: no answer is lost, none made up.

The questions that everybody is asked come in their order, before and after a visit;
those that only some are asked are put one by one. What goes beyond these words is tried
without the wire, by `tests/actions/test_interruptions.py`.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta

import pytest

from bot.clinic.screened import Screening
from bot.clinic.screening import Disposition, evaluate
from bot.clock import utc_now
from bot.desk.left import as_left
from bot.desk.screened import unfinished
from bot.desk.screening import current_screen
from bot.house import load_shelf
from bot.settings import load
from tests.conversations.journeys import HEALTHY, Reply, give
from tests.live import Live, Visitor
from tests.screening import alone, healthy, protocol

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
WORSE: Mapping[str, Reply] = {
    "Before we start": HEALTHY["Before we start"],
    "Do any of these apply now": ["None of these"],
    "how strong is the pain right now": "7",
    "Since your last visit": "Worse",
    "Is anything new or worrying": "No",
    "Do any of these go with it": ["None of these"],
    SUMMARY: HEALTHY[SUMMARY],
}
"""What somebody whose pain grew replies after a visit."""


@dataclass(frozen=True)
class Walk:
    """One way through the questions: what begins it, each reply, and its end.

    Args:
        again: there is a result of some days ago.
    """

    begins: str
    replies: Mapping[str, Reply]
    ends: str
    again: bool = False


WALKS = [
    pytest.param(
        Walk(
            BEGIN,
            {screen: HEALTHY[screen] for screen in EVERYWHERE},
            "Nothing in your answers stops you",
        ),
        id="before-a-visit",
    ),
    pytest.param(
        Walk(
            "my back is worse since my last visit",
            WORSE,
            "I noted it and put it before our staff",
        ),
        id="after-a-visit",
    ),
    pytest.param(
        Walk(
            "I'd like to book a visit",
            {
                "Do any of these apply now": ["None of these"],
                "Is anything new since": "No, nothing new",
            },
            "still counts",
            again=True,
        ),
        id="before-another-visit",
    ),
]


def begun(live: Live, walk: Walk | None = None) -> Visitor:
    visitor = Visitor(live.url)
    if walk and walk.again:
        screened_before(live, visitor)
    visitor.says(walk.begins if walk else BEGIN)
    return visitor


def screened_before(live: Live, visitor: Visitor) -> None:
    """Let a calm result stand that is a few days old."""
    now = utc_now()
    store = live.store()
    with store.unit() as unit:
        unit.screenings.add(
            Screening(
                id=str(uuid.uuid4()),
                conversation_id=visitor.conversation_id,
                status="completed",
                channel="web",
                rules_version="1",
                questions_version="1",
                started_at=now - timedelta(days=4),
                expires_at=now + timedelta(days=20),
                answers=healthy(),
                disposition=Disposition.OK_TO_BOOK,
                ended_at=now - timedelta(days=4),
            )
        )
        unit.commit()
    store.close()


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


@pytest.mark.parametrize("walk", WALKS)
def test_what_comes_between_loses_and_invents_no_answer(live, walk):
    visitor = begun(live, walk)

    for screen, reply in walk.replies.items():
        before = answers(live, visitor)
        for kind, (text, part) in IN_PASSING.items():
            said = visitor.says(text)
            assert part in said, (screen, kind, said)
            assert screen in said, (screen, kind, said)
            assert answers(live, visitor) == before, (screen, kind)
        give(visitor, reply)

    assert walk.ends in visitor.last


@pytest.mark.parametrize("walk", WALKS)
@pytest.mark.parametrize("kind", LEAVES)
def test_who_leaves_finds_the_question_again(live, kind, walk):
    visitor = begun(live, walk)
    text, part = LEAVES[kind]

    for screen, reply in walk.replies.items():
        before = answers(live, visitor)
        assert part in visitor.says(text), (screen, visitor.last)
        assert screen not in visitor.last
        assert answers(live, visitor) == before, screen
        assert screen in visitor.says(BEGIN), (screen, visitor.last)
        assert answers(live, visitor) == before, screen
        give(visitor, reply)

    assert walk.ends in visitor.last


WALKED = {
    plan.questions[0]
    for plan in protocol().questionnaire.screens
    if len(plan.questions) == 1 and plan.id != "who_for"
}
OF_SOME = [
    name
    for name in protocol().questionnaire.questions
    if name in {*protocol().questionnaire.plan_of, *protocol().questionnaire.raised}
    and name not in WALKED
]


def put(live: Live, visitor: Visitor, name: str) -> str:
    """Let one question be the only one that waits; return its words."""
    answered, marks = alone(name)
    store, now = live.store(), utc_now()
    with store.unit() as unit:
        going = unfinished(unit, visitor.conversation_id, now)
        assert going
        unit.screenings.replace(replace(going, answers=answered, asked=marks))
        unit.commit()
        shelf = load_shelf(load())
        screen = current_screen(unit, visitor.conversation_id, shelf.protocol, now)
    store.close()
    assert screen
    assert screen.questions == (name,)
    return screen.text


def alarming(live: Live, visitor: Visitor) -> bool:
    """Tell whether to leave now is to leave a sign that cannot wait."""
    store = live.store()
    with store.reading() as unit:
        going = unfinished(unit, visitor.conversation_id, utc_now())
    store.close()
    assert going
    left = as_left(protocol(), going).answers
    verdict = evaluate(protocol().rules, left, ended=True)
    return verdict.disposition in (Disposition.EMERGENCY, Disposition.URGENT)


@pytest.mark.parametrize("name", OF_SOME)
def test_a_question_that_some_are_asked_outlives_what_comes_between(live, name):
    visitor = begun(live)
    question = put(live, visitor, name)
    before = answers(live, visitor)

    for kind, (text, part) in IN_PASSING.items():
        said = visitor.says(text)
        assert part in said, (kind, said)
        assert question in said, (kind, said)
        assert answers(live, visitor) == before, kind
    for kind, (text, part) in LEAVES.items():
        alarm = alarming(live, visitor)
        said = visitor.says(text)
        assert question not in said, (kind, said)
        if alarm:
            assert "911" in said or "need a doctor" in said, (kind, said)
            return
        assert part in said, (kind, said)
        assert question in visitor.says(BEGIN), (kind, visitor.last)
        assert answers(live, visitor) == before, kind


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
