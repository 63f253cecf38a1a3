"""Reads chosen buttons, skips and "not sure" on one screen of a screening.

Nothing is ever guessed: a line of a checklist is "no" only where the visitor said so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from bot.clinic.interview import SKIPPED, TICKED, UNSURE_ONCE, Screen
from bot.clinic.questionnaire import UNSURE, Question, Questionnaire
from bot.clinic.screening import Answer

SKIP = "skip"
"""The value of the button that leaves a question out."""
_UNSURE_VALUES = ("other_unsure", "mild_or_unsure", "possible")
"""Options that already mean "I am not sure"."""


@dataclass(frozen=True)
class Reading:
    """What one reply says.

    Args:
        answers: question id to value.
        asked: question id to a mark of the interview (ticked, unsure, skipped).
        hint: what to say because nothing could be read; "" where something was.
        declined: whether the visitor would rather not answer.
    """

    answers: Mapping[str, Answer] = field(default_factory=dict)
    asked: Mapping[str, str] = field(default_factory=dict)
    hint: str = ""
    declined: bool = False


def ticks(questions: Sequence[Question]) -> Reading:
    """Make the answers of ticked lines; what a tick does not settle is asked next."""
    settled = {one.id: one.ticked_answer for one in questions}
    return Reading(
        {name: one for name, one in settled.items() if one is not None},
        {name: TICKED for name, one in settled.items() if one is None},
    )


@dataclass(frozen=True)
class Chooser:
    """Reads what was chosen on one screen.

    Args:
        questions: those of the screen.
    """

    questionnaire: Questionnaire
    screen: Screen
    questions: list[Question]

    @property
    def several(self) -> bool:
        """Whether the lines of the screen are questions of their own."""
        shown = {value for value, _ in self.screen.options}
        return self.screen.kind == "checklist" and self.only.id in shown

    @property
    def only(self) -> Question:
        """The question of the screen, or the first of them."""
        return self.questions[0]

    def hint(self, text: str, **values: object) -> Reading:
        """Say what could not be read."""
        return Reading(hint=text.format(**values))

    def chosen(self, values: list[str]) -> Reading:
        """Read chosen buttons, each given once."""
        hints = self.questionnaire.hints
        if values == [SKIP]:
            return self.skipped()
        known = {value for value, _ in self.screen.options} | {self.screen.none_value}
        known |= {"yes"} if self.screen.shortcuts else set()
        if not values or not known.issuperset(values):
            return self.hint(hints.unclear)
        if self.screen.kind == "checklist":
            return self._ticked(values)
        if len(values) > 1:
            return self.hint(hints.which, options=self.labels(values))
        return self.one(values[0])

    def _ticked(self, values: list[str]) -> Reading:
        none = self.screen.none_value
        if none in values:
            if len(values) > 1:
                return self.hint(self.questionnaire.hints.both)
            return Reading({one.id: one.none_answer for one in self.questions})
        if not self.several:
            return Reading({self.only.id: values})
        return self.lines(values, [], [])

    def lines(
        self, ticked: Sequence[str], denied: Sequence[str], unsure: Sequence[str]
    ) -> Reading:
        """Make the answers of some lines of a checklist; the others stay open."""
        read = ticks([one for one in self.questions if one.id in ticked])
        answers, marks = dict(read.answers), dict(read.asked)
        for question in self.questions:
            if question.id in ticked:
                continue
            if question.id in unsure:
                marks[question.id] = UNSURE_ONCE
            elif question.id in denied:
                answers[question.id] = question.none_answer
        return Reading(answers, marks)

    def one(self, value: str) -> Reading:
        """Make the answer of one button of a single question."""
        if value in self.screen.shortcuts:
            shortcut = self.screen.shortcuts[value]
            return Reading(
                shortcut.answers, dict.fromkeys(shortcut.clarify, UNSURE_ONCE)
            )
        if value == UNSURE:
            return self.unsure()
        if self.only.type == "bool":
            return Reading({self.only.id: value == "yes"})
        return Reading({self.only.id: value})

    def labels(self, values: Sequence[str]) -> str:
        """Name some options in a sentence."""
        labels = dict(self.screen.options)
        return "; or ".join(labels[value] for value in values if value in labels)

    def skipped(self) -> Reading:
        """Never "no": declined where the question knows that, else left missing."""
        if not self.screen.skippable:
            return self.hint(self.questionnaire.hints.consent)
        answers = {
            one.id: one.declined_answer
            for one in self.questions
            if one.declined_answer is not None
        }
        marks = {one.id: SKIPPED for one in self.questions if one.id not in answers}
        return Reading(answers, marks, declined=True)

    def unsure(self) -> Reading:
        """Ask once more in other words; after that it is the answer."""
        question = self.only
        for value in _UNSURE_VALUES:
            if value in question.options:
                return Reading(
                    {question.id: [value] if question.type == "multi" else value}
                )
        if not self.screen.skippable:
            return self.hint(self.questionnaire.hints.consent)
        if not self.screen.reask:
            return Reading(asked={question.id: UNSURE_ONCE})
        if question.knows_unsure:
            return Reading({question.id: UNSURE})
        return self.skipped()
