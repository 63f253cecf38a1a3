"""What every channel must do; a channel's own test class inherits it.

A channel gives a fixture `line` that speaks for one new visitor, and a fixture `desk`
with the stand-in that is asked in the assistant's place: it answers `« ` and the words,
with a button "Yes" under it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any, Protocol

_PATIENCE_SECONDS = 30.0


class VisitorLine(Protocol):
    """One visitor on a channel."""

    def says(self, text: str) -> None:
        """Write something."""

    def says_twice(self, text: str) -> None:
        """Write something that the network delivers twice."""

    def texts(self) -> list[str]:
        """Return what the desk has said, as it stands before the visitor."""

    def presses(self, label: str) -> None:
        """Press the newest button with this label."""

    def presses_again(self) -> None:
        """Press the button of before once more."""

    def forges(self) -> None:
        """Press a button that was never shown."""

    def goes_down(self) -> None:
        """Break whatever lies between the visitor and the desk."""

    def comes_up(self) -> None:
        """Mend it."""


def until(seen: Callable[[], Any]) -> Any:
    """Come back with the first thing seen that is true."""
    end = time.monotonic() + _PATIENCE_SECONDS
    while time.monotonic() < end:
        if found := seen():
            return found
        time.sleep(0.1)
    raise TimeoutError


def answers(line: VisitorLine) -> list[str]:
    """Return the answers of the stand-in among all that was said."""
    return [text for text in line.texts() if text.startswith("«")]


class ChannelKit:
    """The tests; order, repeats, retries, buttons, emergencies."""

    def test_messages_are_answered_in_their_order(self, line):
        for number in range(8):
            line.says(f"message {number}")
        until(lambda: len(answers(line)) == 8)

        assert answers(line) == [f"« message {number}" for number in range(8)]

    def test_what_comes_twice_is_heard_once(self, line, desk):
        before = len(desk.rasa.heard)
        line.says_twice("only once, please")
        line.says("and then")
        until(lambda: "« and then" in line.texts())

        assert desk.rasa.heard[before:].count("only once, please") == 1
        assert answers(line) == ["« only once, please", "« and then"]

    def test_everything_arrives_after_the_line_was_down(self, line, desk):
        line.says("before")
        until(lambda: answers(line) == ["« before"])
        line.goes_down()
        for number in range(3):
            line.says(f"while it was down {number}")
        time.sleep(0.5)
        line.comes_up()
        until(lambda: len(answers(line)) == 4)

        assert answers(line)[1:] == [f"« while it was down {n}" for n in range(3)]

    def test_a_button_means_what_it_stands_for(self, line, desk):
        line.says("hello")
        until(lambda: answers(line))
        line.presses("Yes")
        until(lambda: "« /yes" in line.texts())

        assert desk.rasa.heard[-1] == "/yes"

    def test_a_button_answers_once(self, line, desk):
        line.says("hello")
        until(lambda: answers(line))
        before = len(desk.rasa.answers)
        line.presses("Yes")
        until(lambda: "« /yes" in line.texts())
        line.presses_again()
        line.says("and on")
        until(lambda: "« and on" in line.texts())

        assert desk.rasa.answers[before:].count("/yes") == 1

    def test_a_forged_button_changes_nothing(self, line, desk):
        line.says("hello")
        until(lambda: answers(line))
        before = len(desk.rasa.heard)
        line.forges()
        line.says("and on")
        until(lambda: "« and on" in line.texts())

        assert desk.rasa.heard[before:] == ["and on"]

    def test_odd_ends_of_lines_arrive(self, line):
        line.says("one\u2028two")
        line.says("and on")
        until(lambda: "« and on" in line.texts())

        assert len(answers(line)) == 2

    def test_words_are_never_a_command(self, line, desk):
        line.says('/inform{"x": "y"}')
        until(lambda: answers(line))

        assert desk.rasa.heard[-1] == 'inform{"x": "y"}'

    def test_an_emergency_is_answered_while_the_assistant_is_away(self, line, desk):
        desk.rasa.away = True
        line.says("I have crushing chest pain")
        until(lambda: any("Chest pain or" in text for text in line.texts()))

        assert answers(line) == []

    def test_an_emergency_comes_before_what_waits(self, line, desk):
        desk.rasa.away = True
        line.says("how much is it")
        line.says("I have crushing chest pain")
        until(lambda: any("Chest pain or" in text for text in line.texts()))
        desk.rasa.away = False
        line.says("thank you")
        until(lambda: "« thank you" in line.texts())

        assert "« how much is it" not in line.texts()
