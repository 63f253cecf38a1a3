"""The questions, and the screens on which they are put to a visitor."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from math import ceil
from typing import Literal

from bot.clinic.contacts import Contacts
from bot.clinic.screening import Answer, Answers, Condition, Rules

Type = Literal["bool", "ynu", "choice", "multi", "int"]
FollowUp = Literal["", "too", "only"]
Read = Literal["all", "part", "copy", "abstract", "titles", "no"]
Kind = Literal["yes_no", "choice", "checklist", "scale", "number", "text"]

DECLINED = "declined"
UNSURE = "unsure"
FREE_TO_SKIP = "ces_sexual"
"""Kept only where positive; may be left out freely (protocol, section 1.4)."""


@dataclass(frozen=True)
class Question:
    """One question of the protocol.

    Args:
        options: the values it may have, the harmless one first where there is one.
        ask_if: asked only while this holds; None means always.
        name: what it is about in a few words, for a summary.
        label: a line for a checklist.
        labels: option value to the words on its button.
        ask: the words when it is asked on its own.
        reask: the same in other words, after "not sure" or an unclear reply.
        why: the reason, for a visitor who asks.
        ticked: what ticking it means where no further question is needed.
        before: questions to ask before this one, once it is ticked.
        words: option value to the phrases by which people say it; `item` names the
            matter and no more, `open` leaves a yes-or-no question open.
    """

    id: str
    stage: str
    type: Type
    text: str
    options: tuple[str, ...] = ()
    lowest: int | None = None
    highest: int | None = None
    ask_if: Condition | None = None
    name: str = ""
    label: str = ""
    labels: Mapping[str, str] = field(default_factory=dict)
    ask: str = ""
    reask: str = ""
    why: str = ""
    ticked: Answer = None
    before: tuple[str, ...] = ()
    words: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def asked_of(self, answers: Answers) -> bool:
        """Tell whether this question concerns somebody with these answers."""
        return self.ask_if is None or self.ask_if.holds(answers)

    @property
    def none_answer(self) -> Answer:
        """Return the answer that an explicit "none of these" gives."""
        if self.type == "bool":
            return False
        return [self.options[0]] if self.type == "multi" else self.options[0]

    @property
    def ticked_answer(self) -> Answer:
        """Return the answer that ticking gives, or None where more must be asked."""
        if self.type == "bool":
            return True
        return "yes" if self.type == "ynu" else self.ticked

    @property
    def declined_answer(self) -> Answer:
        """Return the answer that skipping gives; None leaves it missing."""
        if DECLINED not in self.options:
            return None
        return [DECLINED] if self.type == "multi" else DECLINED

    @property
    def knows_unsure(self) -> bool:
        """Tell whether "not sure" is an answer of its own."""
        return UNSURE in self.options


@dataclass(frozen=True)
class Shortcut:
    """A button that answers more than the question it stands under.

    Args:
        clarify: questions to be asked next, in their other words.
    """

    label: str
    answers: Mapping[str, Answer]
    clarify: tuple[str, ...] = ()


@dataclass(frozen=True)
class Plan:
    """One screen of the interview, before it is known who sits in front of it.

    Args:
        questions: what it asks; several only on a checklist or with several scales.
        title: the heading of its answers in a summary.
        then: questions that may follow from its answers.
        only_if: left out while this does not hold.
        none: the words on the "none of these" button of a checklist.
        again: the words when the rest of a checklist is shown once more, or a text that
            was read a moment ago.
        more: a longer notice beside the question.
        lists: how many screens it is where long lists read badly.
        shortcuts: buttons that take the place of "yes".
        follow_up: whether it is asked after visits, too or only.
        follow_up_if: after visits it is left out while this does not hold.
        recheck: whether it is asked before a later visit while a result still counts,
            too or only.
    """

    id: str
    kind: Kind
    questions: tuple[str, ...]
    text: str
    why: str
    title: str = ""
    then: tuple[str, ...] = ()
    only_if: Condition | None = None
    none: str = ""
    again: str = ""
    more: str = ""
    lists: int = 1
    shortcuts: tuple[Shortcut, ...] = ()
    follow_up: FollowUp = ""
    follow_up_if: Condition | None = None
    recheck: FollowUp = ""


@dataclass(frozen=True)
class Implied:
    """Answers that follow from others, e.g. no pain: no duration of it."""

    condition: Condition
    answers: Mapping[str, Answer]


@dataclass(frozen=True)
class Contradiction:
    """Answers that can hardly both be right, and which of them to ask again.

    Args:
        reopen: questions that are put again on their screens.
        ask: questions that are put again at once, each on its own.
        once: the mark in `asked` by which it is known that it was asked; who says the
            same again is believed. "" asks until the answers agree.
    """

    condition: Condition
    reopen: tuple[str, ...]
    hint: str
    ask: tuple[str, ...] = ()
    once: str = ""


@dataclass(frozen=True)
class Hints:
    """What is said when a reply cannot be used as it stands."""

    unclear: str
    stuck: str
    meaning: str
    which_words: str
    whole_list: str
    which: str
    closer: str
    zero: str
    sure_none: str
    rest: str
    both: str
    out_of_range: str
    whole_number: str
    all_numbers: str
    unsure: str
    must_choose: str
    not_listed: str
    earlier: str
    reopened: str
    again: str
    may_skip: str
    consent: str
    staff: str
    from_the_top: str
    anew: str
    counts: str

    def tells_of_a_miss(self, text: str) -> bool:
        """Tell whether a remark says that the reply before it could not be used."""
        misses = (
            self.unclear,
            self.whole_list,
            self.which,
            self.closer,
            self.zero,
            self.sure_none,
            self.both,
            self.out_of_range,
            self.whole_number,
            self.all_numbers,
            self.must_choose,
            self.not_listed,
            self.consent,
        )
        return text.startswith(tuple(words.partition("{")[0] for words in misses))


@dataclass(frozen=True)
class ReviewWords:
    """What is said at the last look, before the answers are kept.

    Args:
        text: above the summary; `right` and `wrong` are its buttons.
        which: asks what to change; `nothing` leaves all as it is.
        noted: said of an answer to a question that was not the one asked.
        followed_up: said after a visit, where no criterion fired.
        worse: the same, where it is worse or something is new.
    """

    text: str
    right: str
    wrong: str
    which: str
    nothing: str
    noted: str
    followed_up: str
    worse: str
    why: str


@dataclass(frozen=True)
class Questionnaire:
    """All questions of one version and the order of the screens.

    Args:
        raised: questions asked only when something the visitor wrote suggests them.
        triggers: question to the phrases, at any moment, that suggest it.
    """

    version: str
    questions: Mapping[str, Question]
    screens: tuple[Plan, ...]
    raised: tuple[str, ...]
    implied: tuple[Implied, ...]
    contradictions: tuple[Contradiction, ...]
    hints: Hints
    review: ReviewWords
    triggers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @cached_property
    def plan_of(self) -> Mapping[str, Plan]:
        """Return the screen that each question belongs to."""
        return {name: plan for plan in self.screens for name in self.covered(plan)}

    def asks_first(self, screen_id: str) -> bool:
        """Tell whether a screen is one of the plan, and not one that follows up."""
        return any(plan.id == screen_id for plan in self.screens)

    def in_short_lists(self) -> Questionnaire:
        """Return the same questions for a channel on which long lists read badly."""
        shown = (one for plan in self.screens for one in _cut(plan))
        return replace(self, screens=tuple(shown))

    def covered(self, plan: Plan) -> Iterator[str]:
        """Go through every question that a screen can lead to."""
        for name in (*plan.questions, *plan.then):
            yield from self.questions[name].before
            yield name


def _cut(plan: Plan) -> Iterator[Plan]:
    """Go through the short lists of a plan; what may follow stands with the last."""
    size = ceil(len(plan.questions) / plan.lists)
    for start in range(0, len(plan.questions), size):
        yield replace(
            plan,
            id=f"{plan.id}.{start}" if start else plan.id,
            questions=plan.questions[start : start + size],
            then=plan.then if start + size >= len(plan.questions) else (),
        )


@dataclass(frozen=True)
class RuleSource:
    """Where a criterion comes from.

    Args:
        read: how much of it was read: all, part, copy, abstract, titles or no.
        url: where the text has its home, "" where it has none that lasts.
    """

    title: str
    read: Read
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class ScreeningProtocol:
    """Everything one clinic's screening needs: questions, criteria, words, numbers.

    Args:
        messages: what is said to visitors, by key.
        flags: what each flag asks of staff, in a few words.
        sources: what the criteria's keys stand for.
    """

    questionnaire: Questionnaire
    rules: Rules
    messages: Mapping[str, str]
    contacts: Contacts
    flags: Mapping[str, str] = field(default_factory=dict)
    sources: Mapping[str, RuleSource] = field(default_factory=dict)
