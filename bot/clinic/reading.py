"""Reads a reply to one screen: what it answers, and what is still unclear.

Nothing is ever guessed: a line of a checklist is "no" only where the visitor said so,
and a reply that cannot be read changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from bot.clinic import amounts
from bot.clinic.choosing import Chooser, Reading
from bot.clinic.figures import positions
from bot.clinic.interview import Screen
from bot.clinic.questionnaire import Question, Questionnaire
from bot.clinic.replies import (
    Found,
    find,
    is_none,
    is_skip,
    is_unsure,
    plain,
    rest_is_none,
    starts_with_no,
    yes_or_no,
)
from bot.clinic.screening import Answer

LONGEST = 1_000
"""Characters of a reply that are read; an answer to a question is shorter."""
_TELLS = re.compile(r"^(i|it|they|he|she) (have|am|can|was|is|does|did|has|are) \w+")
_BARE_NUMBER = re.compile(r"^\s*\d+\s*[.)]?\s*$")


def read_reply(
    questionnaire: Questionnaire,
    screen: Screen,
    reply: str | Sequence[str],
    today: date | None = None,
) -> Reading:
    """Read a typed reply, or the values of the buttons that were chosen.

    Args:
        questionnaire: for the questions' words and the hints.
        screen: the screen that the reply answers.
        reply: typed text, or a list of the values of chosen buttons (also of one).
        today: the visitor's date, for "since last Tuesday".
    """
    if isinstance(reply, str):
        reply = reply[:LONGEST]
    questions = [questionnaire.questions[name] for name in screen.questions]
    reader = _Reader(questionnaire, screen, questions, today)
    if screen.kind in ("scale", "number") and not isinstance(reply, str):
        reply = " , ".join(reply)
    if not isinstance(reply, str):
        return reader.chosen(list(dict.fromkeys(reply)))
    value = _value_of(screen, reply)
    if value is not None and screen.kind != "scale":
        return reader.chosen([value])
    return reader.skipped() if is_skip(reply) else reader.typed(reply)


def _value_of(screen: Screen, text: str) -> str | None:
    """Return the button whose value or label was typed."""
    if screen.none_value and text in (screen.none_value, screen.none_label):
        return screen.none_value
    wanted = plain(text)
    for value, label in screen.options:
        # A typed "no" is read by its question: after "are you safe?" it is no comfort.
        meant = text == value and not (screen.kind == "choice" and wanted == "no")
        if meant or (wanted and wanted == plain(label)):
            return value
    return None


@dataclass(frozen=True)
class _Reader(Chooser):
    today: date | None

    def typed(self, text: str) -> Reading:
        """Read what was typed."""
        if self.several:
            return self._typed_lines(text)
        read = {
            "yes_no": self._yes_no,
            "choice": self._choice,
            "checklist": self._multi,
            "scale": self._scales,
            "number": self._number,
        }[self.screen.kind]
        return read(text)

    def _yes_no(self, text: str) -> Reading:
        question, hints = self.only, self.questionnaire.hints
        said = yes_or_no(text)
        spoken = {
            ("no" if one.value == "yes" else "yes") if one.negated else one.value
            for one in find(text, question.words)
        }
        if question.type == "bool" and _opens_with(text, question.words.get("yes", ())):
            said, spoken = "yes", set()
        if said == "unsure":
            return self.unsure()
        if not self.screen.skippable and _TELLS.match(plain(text)):
            said = None  # consent is given, never gathered from a tale
        meant = spoken | ({said} if said else set())
        if len(meant) == 1:
            return self.one(meant.pop())
        if len(meant) == 2 and question.type == "ynu":
            return self.unsure()
        return self.hint(hints.must_choose if self.screen.skippable else hints.consent)

    def _choice(self, text: str) -> Reading:
        question = self.only
        measured = amounts.choice(question.options, text, self.today)
        if measured:
            return self.one(measured)
        if is_unsure(text):
            return self.unsure()
        other = question.id == "duration" and amounts.is_no_span(text)
        values = [] if other else meant(find(text, question.words))
        if len(values) == 1:
            return self.one(values[0])
        if values:
            return self.hint(
                self.questionnaire.hints.which, options=self.labels(values)
            )
        places = positions(text, len(self.screen.options))
        if places and len(places) == 1:
            return self.one(self.screen.options[places[0]][0])
        return self.hint(self.questionnaire.hints.must_choose)

    def _multi(self, text: str) -> Reading:
        question, hints = self.only, self.questionnaire.hints
        found = [one.value for one in find(text, question.words) if not one.negated]
        places = positions(text, len(self.screen.options)) or []
        values = [
            value
            for place, (value, _) in enumerate(self.screen.options)
            if value in found or place in places
        ]
        if values:
            return Reading({question.id: values})
        if is_none(text):
            return Reading({question.id: question.none_answer})
        if is_unsure(text):
            return self.unsure()
        listed = "other_unsure" in question.options
        return self.hint(hints.not_listed if listed else hints.unclear)

    def _number(self, text: str) -> Reading:
        question = self.only
        if is_unsure(text) and not any(sign.isdigit() for sign in text):
            return self.unsure()
        value = (
            amounts.days(text, question.highest or 0, self.today)
            if question.id.endswith("_days")
            else amounts.years(text)
        )
        return (
            self._in_range([value])
            if value is not None
            else self.hint(self.questionnaire.hints.unclear)
        )

    def _scales(self, text: str) -> Reading:
        hints = self.questionnaire.hints
        values = amounts.scale(text)
        count = len(self.questions)
        if len(values) == 1 and count > 1 and re.search(r"\b(all|each|same)\b", text):
            values = values * count
        if count > 1 and is_none(text):
            values = [0.0] * count
        if len(values) == count:
            return self._in_range(values)
        if not values and is_unsure(text) and count == 1:
            return self.unsure()
        if count > 1:
            may_skip = f" {hints.may_skip}" if is_unsure(text) else ""
            return self.hint(hints.all_numbers + may_skip, count=count)
        return self.hint(hints.closer if values else hints.unclear)

    def _in_range(self, values: Sequence[float]) -> Reading:
        hints = self.questionnaire.hints
        low, high = self.only.lowest, self.only.highest
        if any(not (low or 0) <= value <= (high or 0) for value in values):
            return self.hint(hints.out_of_range, lowest=low, highest=high)
        if any(value != int(value) for value in values):
            return self.hint(hints.whole_number)
        return Reading(
            {
                one.id: int(value)
                for one, value in zip(self.questions, values, strict=True)
            }
        )

    def _typed_lines(self, text: str) -> Reading:
        """Read a reply to a checklist: lines named, denied, or none of them."""
        hints = self.questionnaire.hints
        places = positions(text, len(self.screen.options))
        if places and _BARE_NUMBER.match(text):
            return self.hint(hints.whole_list)  # the lines bear no numbers
        if places:
            return self.lines([self.screen.options[one][0] for one in places], [], [])
        found = find(text, line_words(self.questions))
        if found:
            return self._named(text, found)
        if is_none(text):
            return Reading({one.id: one.none_answer for one in self.questions})
        if is_unsure(text):
            return self.hint(hints.unsure)
        if starts_with_no(text):
            return self.hint(hints.sure_none)
        return self.hint(hints.whole_list if yes_or_no(text) else hints.unclear)

    def _named(self, text: str, found: list[Found]) -> Reading:
        unsure = [one.value for one in found if one.unsure]
        ticked = [one.value for one in found if not one.negated and not one.unsure]
        denied = [one.value for one in found if one.negated and not one.unsure]
        if rest_is_none(text):
            denied += [one.id for one in self.questions]
        read = self.lines(ticked, denied, unsure)
        details = self._details(text, ticked)
        marks = {name: mark for name, mark in read.asked.items() if name not in details}
        return Reading({**read.answers, **details}, marks)

    def _details(self, text: str, ticked: Sequence[str]) -> dict[str, Answer]:
        """Read which medicine or implant it is, where that was said as well."""
        return {
            one.id: values
            for one in self.questions
            if one.id in ticked and one.type == "multi" and (values := named(one, text))
        }


def named(question: Question, text: str) -> list[str]:
    """Return the values of a question with several answers that a text names."""
    found = {one.value for one in find(text, question.words) if not one.negated}
    return [value for value in question.options if value in found]


def line_words(questions: Sequence[Question]) -> dict[str, tuple[str, ...]]:
    """Return, for each line of a checklist, the phrases that tick it."""
    return {
        one.id: (*one.words.get("item", ()), *one.words.get("yes", ()))
        for one in questions
    }


def meant(found: Sequence[Found]) -> list[str]:
    """Return the values meant; one with a phrase of its own outdoes shared phrases."""
    values = [one for one in found if not one.negated and one.value != "item"]
    own = list(dict.fromkeys(one.value for one in values if not one.shared))
    return own or list(dict.fromkeys(one.value for one in values))


def _opens_with(text: str, phrases: Sequence[str]) -> bool:
    """Tell whether a reply opens with a phrase like "no problem"."""
    return any(
        plain(text).startswith(phrase) for phrase in phrases if phrase[:3] == "no "
    )
