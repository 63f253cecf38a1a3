"""The clinic's screening as it stands in data/, for the tests of every layer."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from bot.clinic.choosing import Reading
from bot.clinic.consequences import State, apply
from bot.clinic.interview import DONE, FOLLOW_UP, TICKED, Screen, next_screen
from bot.clinic.profile import Clinic, Line, Policy
from bot.clinic.questionnaire import Question, ScreeningProtocol
from bot.clinic.reading import read_reply
from bot.clinic.review import review_screen
from bot.clinic.screening import Answer
from bot.clinic.understanding import understand
from bot.content.files import plain, read
from bot.content.screening import load

FOLDER = Path(__file__).parents[1] / "data" / "screening"
CASES = Path(__file__).parent / "clinic" / "cases.yml"


def a_clinic(**changes: Any) -> Clinic:
    """A clinic in Canada with its own telephone."""
    known: dict[str, Any] = {
        "id": "northside",
        "name": "Northside Acupuncture",
        "kind": "clinic",
        "country": "CA",
        "time_zone": "America/Edmonton",
        "locale": "en_CA",
        "currency": "CAD",
        "phone": "555-0100",
        "email": "desk@northside.example",
        "emergency": "911",
        "places": {},
        "therapies": {},
        "treatments": {},
        "practitioners": {},
        "policy": Policy(),
        "crisis": Line("Northern Line", "555-0199"),
        "facts": {"review_by": "tomorrow evening"},
    }
    return Clinic(**known | changes)


@lru_cache(maxsize=1)
def protocol() -> ScreeningProtocol:
    """The screening of that clinic, read once."""
    return load(FOLDER, a_clinic())


@lru_cache(maxsize=1)
def _cases() -> dict[str, Any]:
    data: dict[str, Any] = plain(read(CASES).data)
    return data


def worked_cases() -> list[dict[str, Any]]:
    """The worked cases of the protocol."""
    cases: list[dict[str, Any]] = _cases()["cases"]
    return cases


def healthy(**changes: Answer) -> dict[str, Answer]:
    """The answers of somebody without any alarm; None takes an answer away."""
    answers: dict[str, Answer] = {**_cases()["defaults"], **changes}
    return {name: value for name, value in answers.items() if value is not None}


def _values(question: Question) -> st.SearchStrategy[Any]:
    if question.type == "bool":
        return st.booleans()
    if question.type == "int":
        return st.integers(question.lowest, question.highest)
    if question.type == "multi":
        return st.lists(st.sampled_from(question.options), unique=True, max_size=4)
    return st.sampled_from(question.options)


def any_answers() -> st.SearchStrategy[dict[str, Any]]:
    """Any possible answers to any of the questions."""
    questions = protocol().questionnaire.questions
    return st.fixed_dictionaries(
        {}, optional={name: _values(one) for name, one in questions.items()}
    )


def alone(name: str) -> tuple[dict[str, Answer], dict[str, str]]:
    """The answers and marks with which one question is the only one that waits."""
    questionnaire = protocol().questionnaire
    answers = healthy(trauma_days=9, trauma_checked=True, since_visit="better")
    del answers["ces_sexual"]
    marks = {"ces_sexual": DONE, name: TICKED}
    for parent, question in questionnaire.questions.items():
        if name in question.before:
            marks = {"ces_sexual": DONE, parent: TICKED}
            del answers[parent]
    plan = questionnaire.plan_of.get(name)
    if plan and plan.follow_up == "only":
        marks[FOLLOW_UP] = DONE
    kept = {one: told for one, told in answers.items() if "consent" != name != one}
    return kept, marks


TODAY = date(2026, 11, 18)  # a Wednesday


class Interview:
    """A visitor in front of the screens, without a desk behind them."""

    def __init__(self, **answers: Answer) -> None:
        self.questionnaire = protocol().questionnaire
        self.state = State(answers, {})

    @property
    def screen(self) -> Screen:
        """The screen that waits."""
        shown = next_screen(self.questionnaire, self.state.answers, self.state.asked)
        assert shown is not None, "everything has been asked"
        return shown

    @property
    def over(self) -> bool:
        """Whether nothing is left to ask."""
        state = self.state
        return next_screen(self.questionnaire, state.answers, state.asked) is None

    def say(self, *replies: str | list[str]) -> Reading:
        """Reply to one screen after the other; return the last reading."""
        reading = Reading()
        for reply in replies:
            reading = read_reply(self.questionnaire, self.screen, reply, TODAY)
            self.state = apply(
                self.questionnaire, self.state, reading.answers, reading.asked
            )
        return reading

    def at(self, screen_id: str) -> Interview:
        """Go on without any alarm until a screen is reached."""
        while self.screen.id != screen_id:
            self.say(CALM[self.screen.id])
        return self


class Talk:
    """A visitor who is understood, up to the last look and with corrections."""

    def __init__(self, **answers: Answer) -> None:
        self.questionnaire = protocol().questionnaire
        self.state = State(answers, {})
        self.hint = ""

    @property
    def screen(self) -> Screen:
        """The screen that waits, the last look included."""
        state = self.state
        shown = next_screen(
            self.questionnaire, state.answers, state.asked
        ) or review_screen(self.questionnaire, state)
        assert shown is not None, "everything has been agreed to"
        return shown

    @property
    def over(self) -> bool:
        """Whether the visitor agreed to what was understood."""
        return self.state.asked.get("review") == "done"

    def say(self, *replies: str | list[str]) -> Talk:
        """Reply to one screen after the other."""
        for reply in replies:
            after = understand(
                self.questionnaire, self.state, self.screen, reply, TODAY
            )
            self.hint = after if isinstance(after, str) else after.hint
            if not isinstance(after, str):
                self.state = State(after.answers, after.asked)
        return self

    def at(self, screen_id: str) -> Talk:
        """Go on without any alarm until a screen is reached."""
        while self.screen.id != screen_id:
            self.say(CALM[self.screen.id])
        return self


CALM: dict[str, str | list[str]] = {
    "consent": "yes",
    "who_for": "self",
    "age": "46",
    "gate": ["none"],
    "site": "low_back",
    "duration": "6w_to_12w",
    "nrs": "4",
    "flags": ["none"],
    "health": ["none"],
    "body": ["none"],
    "impact": ["4", "2", "3"],
    "prior_care": ["doctor"],
    "mood": "ok",
    "review": ["right"],
}
"""What somebody without any alarm answers on each screen."""

SCREENS = tuple(name for name in CALM if name != "review")
"""The screens that ask something, in their order."""
