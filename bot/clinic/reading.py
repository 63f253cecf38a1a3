"""Reads a reply to one screen: what it answers, and what is still unclear.

Nothing is ever guessed: a line of a checklist is "no" only where the visitor said so,
and a reply that cannot be read changes nothing.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from bot.clinic import amounts
from bot.clinic.choosing import Chooser, Reading
from bot.clinic.figures import numbers, positions
from bot.clinic.interview import Screen
from bot.clinic.mentions import Mention, find, leftover
from bot.clinic.questionnaire import Question, Questionnaire
from bot.clinic.replies import (
    is_bare_no,
    is_bare_yes,
    is_none,
    is_skip,
    is_unsure,
    plain,
    rest_is_none,
    says_none,
    starts_with_no,
    yes_or_no,
)
from bot.clinic.screening import Answer
from bot.clinic.typed_labels import Options, begun, misspelt

LONGEST = 1_000
"""Characters of a reply that are read; an answer to a question is shorter."""
_TELLS = re.compile(r"^(i|it|they|he|she) (have|am|can|was|is|does|did|has|are) \w+")
_SIDES = ("left", "right")
_NONE_OF_THESE = "none of these"
"""Also where the button of a list is called otherwise."""
_BARE_NUMBER = re.compile(r"^\s*\d+\s*[.)]?\s*$")
_QUALIFIES = re.compile(
    r"\b(no|not|never|nobody|nothing|without|cant|cannot|couldnt|wont|wouldnt|unable"
    r"|(?:do|does|did|have|has|is|was)nt|but|except|unless|though|only)\b"
)
"""Beside a yes these take some of it back."""
_MAIN = re.compile(r"\b(main|mainly|mostly|especially|primarily|chiefly|zyada|jyada)\b")
_ASIDE = re.compile(r"[,;.]|\b(?:but|and|also|sometimes|plus|aur)\b")
_LITTLE = re.compile(
    r"^(?:(?:i|im|ive|am|is|are|was|it|its|the|a|an|my|me|he|she|they|we|no|yes|of|in"
    r"|on|with|to|and|very|all|them|those|these|this|that|have|has|had|been|feel|do"
    r"|does|at|well|thank|thanks|you|please|here|there|so|far|both|legs?|baby|neither"
    r"|none|oh|god|gosh|goodness|omg|lol|ha(?:ha)+|hell|hai|ji)"
    r"(?: |$))*$"
)
"""Words that may stand around "I'm safe" and change nothing about it."""


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
    if is_skip(reply):
        return reader.skipped()
    return reader.as_typed(reply)


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


def names_a_button(screen: Screen, text: str) -> bool:
    """Tell whether a typed text is no more than the label of a button."""
    labels = labels_of(screen)
    return (
        _value_of(screen, text) is not None
        or misspelt(labels, text) is not None
        or begun(labels, text) is not None
    )


def labels_of(screen: Screen) -> Options:
    """Return the value and label of each button; any list has "none of these"."""
    none = screen.none_value
    labels = dict.fromkeys((screen.none_label, _NONE_OF_THESE)) if none else {}
    return [*screen.options, *((none, one) for one in labels if none)]


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

    def as_typed(self, text: str) -> Reading:
        """Read what was typed: a label with slips, plain words, or how a label begins.

        The whole label comes before the words: "verry low" is no "low".
        """
        if self.screen.kind in ("scale", "number"):
            return self.typed(text)
        labels, hints = labels_of(self.screen), self.questionnaire.hints
        value = misspelt(labels, text)
        if value is None and self.screen.shortcuts:
            value = begun(labels, text, least=3)
        if value is not None:
            return self.chosen([value])
        read = self.typed(text)
        unread = (hints.unclear, hints.must_choose, hints.not_listed, hints.sure_none)
        value = begun(labels, text) if read.hint in unread else None
        return read if value is None else self.chosen([value])

    def _yes_no(self, text: str) -> Reading:
        question, hints = self.only, self.questionnaire.hints
        consents = not self.screen.skippable
        said: str | None = yes_or_no(text)
        spoken = self._spoken(text)
        if said == "unsure":
            return self.unsure()
        if consents:
            said, spoken = _agrees(text, said, spoken, question)
        elif question.type == "bool" and _QUALIFIES.search(self._beside(text)):
            spoken |= {"open"} if (spoken | {said}) & {"yes"} else set()
        if spoken == {"no"} and question.type == "ynu" and not self._says_no_more(text):
            spoken = {"open"}
        values = spoken | ({said} if said else set())
        if values and values <= {"no", "partly"} and "partly" in values:
            return self.hint(hints.rest)
        if len(values) == 1 and "open" not in values:
            return self.one(values.pop())
        if values and question.type == "ynu":
            return self.unsure()
        return self.hint(hints.consent if consents else hints.must_choose)

    def _spoken(self, text: str) -> set[str]:
        """Return what the question's own words say: yes, no, partly a no, or open."""
        return {_says(one) for one in find(text, self.only.words)}

    def _beside(self, text: str) -> str:
        """Return what a reply says beside the question's own words."""
        return leftover(text, self.only.words)

    def _says_no_more(self, text: str) -> bool:
        """Tell whether the question's own words are all that a reply says."""
        return bool(_LITTLE.match(plain(self._beside(text))))

    def _choice(self, text: str) -> Reading:
        question, hints = self.only, self.questionnaire.hints
        measured = amounts.choice(question.options, text, self.today)
        if measured:
            return self.one(measured)
        bare = self._bare(text)
        if bare:
            return self.one(bare)
        if is_unsure(text):
            return self.unsure()
        other = question.id == "duration" and amounts.is_no_span(text)
        told = amounts.without_wish(_both_sides(text, question))
        found = [] if other else find(told, self._phrases)
        values = meant(found)
        left_open = [one.value for one in found if one.said == "open"]
        # "No chemo" denies one of the reasons, not all of them.
        denies = any(
            one.value == "item" and one.said == "denied" and one.whole
            for one in found
            if not one.shared
        )
        if denies and not (values or left_open):
            values = self._nothing
        if len(values) == 1 and not left_open:
            # That there is nothing is believed only where nothing else is said.
            sure = values != self._nothing or self._says_no_more(text)
            return self.one(values[0]) if sure else self.hint(hints.must_choose)
        if len(values) > 1:
            main = self._main(text)
            return main or self.hint(hints.which, options=self.labels(values))
        places = positions(text, len(self.screen.options))
        if places and len(places) == 1:
            return self.one(self.screen.options[places[0]][0])
        return self.hint(hints.must_choose)

    def _main(self, text: str) -> Reading | None:
        """Read which of several places a reply says is the main one."""
        if self.only.declined_answer is not None:
            return None  # what may be an alarm is not weighed by a word
        parts = [one for one in _ASIDE.split(text.casefold()) if _MAIN.search(one)]
        values = meant(find(" ".join(parts), self._phrases))
        return self.one(values[0]) if len(values) == 1 else None

    @property
    def _nothing(self) -> list[str]:
        """The answer by which there is nothing, where the question has one."""
        return [one for one in self.only.options[:1] if one in ("no", "none")]

    @property
    def _phrases(self) -> dict[str, list[str]]:
        """The question's phrases; a bare yes or no says nothing beside other words."""
        return {
            value: [one for one in all_ if not _is_bare(one)]
            for value, all_ in self.only.words.items()
        }

    def _bare(self, text: str) -> str | None:
        """Return the answer that a bare "no", "neither" or "yes" gives."""
        said: set[str] = set()
        if is_none(text):
            said = {"no", *plain(text).split()[:1]}
        elif is_bare_yes(text):
            said = {"yes"}
        values = self.only.words.items()
        return next((value for value, all_ in values if said.intersection(all_)), None)

    def _multi(self, text: str) -> Reading:
        question, hints = self.only, self.questionnaire.hints
        found = [one for one in find(text, question.words) if one.value != "item"]
        named = {one.value for one in found if one.said == "asserted"}
        places = positions(text, len(self.screen.options)) or []
        values = [
            value
            for place, (value, _) in enumerate(self.screen.options)
            if value in named or place in places
        ]
        listed = "other_unsure" in question.options
        if any(one.said == "open" for one in found):
            if not listed:
                return self.hint(hints.unclear)
            values = list(dict.fromkeys([*values, "other_unsure"]))
        if values:
            return Reading({question.id: values})
        if is_none(text):
            return Reading({question.id: question.none_answer})
        if is_unsure(text):
            return self.unsure()
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
        count = len(self.questions)
        values = amounts.scale(text, count)
        if len(values) == 1 and count > 1 and re.search(r"\b(all|each|same)\b", text):
            values = values * count
        if count > 1 and values == [0.0] and not numbers(text):
            values = values * count
        if len(values) == count:
            return self._in_range(values)
        if not values and is_unsure(text) and count == 1:
            return self.unsure()
        if count > 1:
            may_skip = f" {hints.may_skip}" if is_unsure(text) else ""
            return self.hint(hints.all_numbers + may_skip, count=count)
        if is_bare_no(text):
            return self.hint(hints.zero)
        close = values or numbers(text) or amounts.tells_strength(text)
        return self.hint(hints.closer if close else hints.unclear)

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
        if says_none(text):
            return self.hint(hints.sure_none)
        if is_unsure(text):
            return self.hint(hints.unsure)
        if starts_with_no(text):
            return self.hint(hints.sure_none)
        return self.hint(hints.whole_list if yes_or_no(text) else hints.unclear)

    def _named(self, text: str, found: list[Mention]) -> Reading:
        unsure = [one.value for one in found if one.said == "open"]
        ticked = [one.value for one in found if one.said == "asserted"]
        spoken_of = [one.value for one in found if one.said == "denied"]
        denied = [one.value for one in found if one.said == "denied" and one.whole]
        ticked += [
            one.id
            for one in self.questions
            if one.id in spoken_of and not_so(one, text)
        ]
        if rest_is_none(text):
            denied += [one.id for one in self.questions]
        read = self.lines(ticked, denied, unsure)
        if not (read.answers or read.asked):
            return self.hint(self.questionnaire.hints.sure_none)
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


def _says(one: Mention) -> str:
    """Return what a mention answers: yes, no, no to a part of it, or neither."""
    if one.said == "open" or one.value not in ("yes", "no"):
        return "open"
    no = (one.value == "no") != (one.said == "denied")
    if not no:
        return "yes"
    return "no" if one.whole else "partly"


def named(question: Question, text: str) -> list[str]:
    """Return the values of a question with several answers that a text asserts."""
    found = {one.value for one in find(text, question.words) if one.said == "asserted"}
    return [value for value in question.options if value in found]


def not_so(question: Question, text: str) -> list[str]:
    """Return those that a text names without asserting them.

    "No warfarin" says nothing of the other blood thinners.
    """
    if question.type != "multi":
        return []
    found = {one.value for one in find(text, question.words)}
    asserted = named(question, text)
    return [one for one in question.options if one in found and one not in asserted]


def line_words(questions: Sequence[Question]) -> dict[str, tuple[str, ...]]:
    """Return, for each line of a checklist, the phrases that tick it."""
    return {
        one.id: (*one.words.get("item", ()), *one.words.get("yes", ()))
        for one in questions
    }


def own_words(
    questionnaire: Questionnaire, screen: Screen
) -> dict[str, tuple[str, ...]]:
    """Return the phrases with which a reply speaks of the screen's own questions."""
    questions = [questionnaire.questions[one] for one in screen.questions]
    if len(questions) > 1:
        return line_words(questions)
    return {value: all_ for one in questions for value, all_ in one.words.items()}


def meant(found: Sequence[Mention]) -> list[str]:
    """Return the values asserted; a phrase of its own decides between those that share.

    "My mum" may agree or not be able to; with "she agrees" it is the former.
    """
    values = [one for one in found if one.said == "asserted" and one.value != "item"]
    own = list(dict.fromkeys(one.value for one in values if not one.shared))
    shared = list(dict.fromkeys(one.value for one in values if one.shared))
    return own if set(own).intersection(shared) else list(dict.fromkeys(own + shared))


@cache
def _is_bare(phrase: str) -> bool:
    return is_none(phrase) or is_bare_yes(phrase)


def _both_sides(text: str, question: Question) -> str:
    """Return a reply in which "left and right" stands as "both"."""
    said = plain(text)
    sides = all(re.search(rf"\b{side}\b(?! (?:now|away))", said) for side in _SIDES)
    if "both" not in question.words and "both_new" not in question.words:
        return text
    if not sides or _QUALIFIES.search(said):
        return text
    return re.sub(r"\b(left|right)\b", "both", text.casefold())


_REFUSES = re.compile(
    r"(?:well |oh |sorry )*"
    r"(?:no|nope|nah|never|not(?! a problem)|nahi|nahin|nhi|illa)\b"
)
_ON_CONDITION = re.compile(
    r"\b(?:but|unless|except|provided|as long as|only if|if i|if nobody|lekin|magar)\b"
)


def _agrees(
    text: str, said: str | None, spoken: set[str], question: Question
) -> tuple[str | None, set[str]]:
    """Read consent: given in so many words and freely, never gathered from a tale."""
    on_condition = _ON_CONDITION.search(plain(text))
    if _opens_with(text, question.words.get("yes", ())) and not on_condition:
        return "yes", set()
    if _REFUSES.match(plain(text)):
        return "no", spoken
    if on_condition:
        return None, set()
    return (None if _TELLS.match(plain(text)) else said), spoken


def _opens_with(text: str, phrases: Sequence[str]) -> bool:
    """Tell whether a reply opens with a phrase like "no problem"."""
    return any(
        plain(text).startswith(phrase) for phrase in phrases if phrase[:3] == "no "
    )
