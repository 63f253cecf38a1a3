"""The screening engine: answers and criteria in, one disposition with reasons out.

Pure and forgiving: a missing answer, or one of the wrong type, is false in every
comparison, so that "not" of it is true and the completeness criteria catch it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from enum import Enum

Answer = str | bool | int | float | Collection[str] | None
Answers = Mapping[str, Answer]

IMPACT = ("impact_pain", "impact_enjoy", "impact_activity")
SENSITIVE = frozenset({"CRISIS", "SAFEGUARDING"})
"""Flags whose message is shown beside any other one."""
THINNER_MESSAGE = "review_thinner"
_LARGEST = 1_000_000
"""No answer is larger; arithmetic with what is could overflow."""
PLAIN_MESSAGE = "ok_plain"
CLOSING_MESSAGE = "ok_end"


class Disposition(str, Enum):
    """Where a screening sends the visitor, most severe first."""

    EMERGENCY = "EMERGENCY"
    URGENT = "URGENT"
    NOT_SUITABLE_ONLINE = "NOT_SUITABLE_ONLINE"
    PRACTITIONER_REVIEW = "PRACTITIONER_REVIEW"
    OK_TO_BOOK = "OK_TO_BOOK"

    @property
    def severity(self) -> int:
        """Return 4 for an emergency down to 0 for free booking."""
        return _SEVERITY[self.value]


_SEVERITY = {name.value: 4 - rank for rank, name in enumerate(Disposition)}


@dataclass(frozen=True)
class Compare:
    """One answer against one value.

    Args:
        operator: a key of `OPERATORS`.
    """

    question: str
    operator: str
    value: object

    def holds(self, answers: Answers) -> bool:
        """Tell whether it is true of these answers."""
        return OPERATORS[self.operator](answers.get(self.question), self.value)


@dataclass(frozen=True)
class All:
    """True when every part is."""

    parts: tuple[Condition, ...]

    def holds(self, answers: Answers) -> bool:
        """Tell whether it is true of these answers."""
        return all(part.holds(answers) for part in self.parts)


@dataclass(frozen=True)
class AnyOf:
    """True when one part is."""

    parts: tuple[Condition, ...]

    def holds(self, answers: Answers) -> bool:
        """Tell whether it is true of these answers."""
        return any(part.holds(answers) for part in self.parts)


@dataclass(frozen=True)
class Not:
    """True when the part is not, also for want of an answer."""

    part: Condition

    def holds(self, answers: Answers) -> bool:
        """Tell whether it is true of these answers."""
        return not self.part.holds(answers)


Condition = Compare | All | AnyOf | Not


@dataclass(frozen=True)
class Criterion:
    """What makes some answers matter.

    Args:
        at_end: tests completeness, so it counts only once the dialogue has ended.
        message: key of the words for the visitor.
        why: the reason, for staff.
        sources: keys of the protocol's source list.
    """

    id: str
    condition: Condition
    then: Disposition
    flags: tuple[str, ...]
    message: str
    why: str
    sources: tuple[str, ...]
    at_end: bool = False


@dataclass(frozen=True)
class Rules:
    """All criteria of one version, in the order of the file."""

    version: str
    criteria: tuple[Criterion, ...]
    constants: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Verdict:
    """What the criteria make of some answers.

    Args:
        flags: for staff, without repetition, in the order of the criteria.
        rules: the criteria that fired, with reason and source.
        messages: keys of what is said to the visitor, in order.
        provisional: the dialogue has not ended; never unlocks a booking.
    """

    disposition: Disposition
    flags: tuple[str, ...]
    rules: tuple[Criterion, ...]
    messages: tuple[str, ...]
    provisional: bool


def evaluate(rules: Rules, answers: Answers, ended: bool) -> Verdict:
    """Judge some answers.

    Args:
        rules: every criterion is tried; the most severe one decides.
        answers: question id to value; anything missing or of the wrong type counts
            as not answered.
        ended: whether the dialogue is over, so that completeness counts too.
    """
    known = with_derived(answers)
    fired = tuple(
        criterion
        for criterion in rules.criteria
        if (ended or not criterion.at_end) and criterion.condition.holds(known)
    )
    # max() keeps the first of equals: the file's order settles a tie.
    worst = max(fired, key=lambda criterion: criterion.then.severity, default=None)
    return Verdict(
        disposition=worst.then if worst else Disposition.OK_TO_BOOK,
        flags=tuple(dict.fromkeys(flag for one in fired for flag in one.flags)),
        rules=fired,
        messages=_messages(worst, fired),
        provisional=not ended,
    )


def with_derived(answers: Answers) -> dict[str, Answer]:
    """Return the answers with `impact_mean` where all three impacts are known."""
    known = dict(answers)
    known.pop("impact_mean", None)
    impacts = [
        value for name in IMPACT if (value := _number(answers.get(name))) is not None
    ]
    if len(impacts) == len(IMPACT):
        known["impact_mean"] = sum(impacts) / len(impacts)
    return known


def _messages(worst: Criterion | None, fired: tuple[Criterion, ...]) -> tuple[str, ...]:
    """Choose the words: the worst criterion's, and those that always go with it."""
    shown = [worst.message if worst else PLAIN_MESSAGE]
    shown += [one.message for one in fired if SENSITIVE.intersection(one.flags)]
    shown += [one.message for one in fired if one.message == THINNER_MESSAGE]
    if worst is None or worst.then is Disposition.OK_TO_BOOK:
        shown.append(CLOSING_MESSAGE)
    return tuple(dict.fromkeys(shown))


def _number(answer: object) -> int | float | None:
    """Return a number that an answer can be; True and False are none."""
    if isinstance(answer, bool) or not isinstance(answer, (int, float)):
        return None
    return answer if abs(answer) <= _LARGEST else None


def _same(answer: object, value: object) -> bool:
    # True == 1 in Python; a yes is not a number here.
    return type(answer) is type(value) and answer == value


def _items(answer: object) -> tuple[str, ...]:
    """Return the ticked values; a single text counts as one tick."""
    if isinstance(answer, str):
        return (answer,)
    if isinstance(answer, (list, tuple, set, frozenset)):
        return tuple(item for item in answer if isinstance(item, str))
    return ()


def _each(value: object) -> tuple[object, ...]:
    return tuple(value) if isinstance(value, (list, tuple)) else (value,)


def _ordered(test: Callable[[float, float], bool]) -> Callable[[object, object], bool]:
    def compare(answer: object, value: object) -> bool:
        number, limit = _number(answer), _number(value)
        return number is not None and limit is not None and test(number, limit)

    return compare


OPERATORS: Mapping[str, Callable[[object, object], bool]] = {
    "eq": _same,
    "in": lambda answer, value: any(_same(answer, one) for one in _each(value)),
    "lt": _ordered(lambda number, limit: number < limit),
    "lte": _ordered(lambda number, limit: number <= limit),
    "gt": _ordered(lambda number, limit: number > limit),
    "gte": _ordered(lambda number, limit: number >= limit),
    "has": lambda answer, value: value in _items(answer),
    "has_any": lambda answer, value: any(one in _items(answer) for one in _each(value)),
    "count_gte": lambda answer, value: (
        isinstance(value, int) and len(_items(answer)) >= value
    ),
}
"""How one answer is held against one value; each is false for a missing answer."""


def questions_in(condition: Condition) -> frozenset[str]:
    """Return the ids of the questions that a condition looks at."""
    return frozenset(one.question for one in comparisons(condition))


def comparisons(condition: Condition) -> tuple[Compare, ...]:
    """Return every comparison inside a condition."""
    if isinstance(condition, Compare):
        return (condition,)
    if isinstance(condition, Not):
        return comparisons(condition.part)
    return tuple(one for part in condition.parts for one in comparisons(part))
