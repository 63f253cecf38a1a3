"""Reads the days in a wish: terms, and the "or", "not", "before" and "to" between."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date

from bot.desk.wish_calendar import (
    Calendar,
    Days,
    DaySet,
    NoSuchDate,
    described,
    one,
    stretch,
)
from bot.desk.wish_rules import RULES
from bot.desk.wish_terms import Term, Terms, tokens_of
from bot.desk.wish_words import is_called_unfit, refusal

_BOUNDS = {
    **dict.fromkeys(
        (
            *("not before", "no earlier than", "not earlier than", "no sooner than"),
            *("not until", "not till", "starting from", "starting", "as of", "from"),
        ),
        "from",
    ),
    **dict.fromkeys(
        ("no later than", "not later than", "not after", "up until", "until", "up to"),
        "by",
    ),
    **dict.fromkeys(("by", "till"), "by"),
    **dict.fromkeys(("later than", "after", "past", "post"), "after"),
    **dict.fromkeys(
        ("earlier than", "sooner than", "prior to", "before", "pre"), "before"
    ),
}
_OPPOSITE = {"from": "before", "before": "from", "by": "after", "after": "by", "": ""}
_TAILS = {
    **dict.fromkeys(
        ("onwards", "onward", "or later", "and later", "or after", "and after"), "from"
    ),
    **dict.fromkeys(("or earlier", "or before", "at the latest"), "by"),
}
_BREAKS = frozenset(
    (",", "but", "how", "what", "can", "could", "please", "so", "or", "and", "instead")
)


@dataclass(frozen=True)
class NoSuchDay:
    """What was typed is no day that one can come on.

    Args:
        reason: one short plain sentence for the person who typed it.
    """

    reason: str


@dataclass(frozen=True)
class Found:
    """What a text says about days.

    Args:
        readings: more than one where it may mean either.
        rest: the text without the words that were understood.
        names: it says which days do, and does not only rule some out.
        beside_refused: what was said right behind a day that is refused, such as
            "mornings" in "not friday mornings", where no other day is wished for.
        weekdays: it names days of the week, of whatever week.
        weeks: it names a stretch of days, such as a week or "from the 7th".
    """

    readings: tuple[Days, ...]
    rest: str
    names: bool
    beside_refused: str = ""
    weekdays: bool = False
    weeks: bool = False


@dataclass(frozen=True)
class _Group:
    """A term and how it counts.

    Args:
        bound: "from", "after", "before", "by", or "" for the days themselves.
        refused: these days do not do.
        beside: it stands behind an "or", so that a stretch does not narrow it.
    """

    term: Term
    bound: str = ""
    refused: bool = False
    beside: bool = False


def read_days(
    text: str, known: Calendar, weeks_in: str = ""
) -> Found | NoSuchDay | None:
    """Find what a text says about days.

    Days joined by "or" or a comma are added up; a weekday beside a week is that week's;
    what is refused is taken away.

    Args:
        text: in small letters.
        weeks_in: another text, whose stretches of days hold for this one too.
    """
    try:
        return _read(text, known, weeks_in)
    except NoSuchDate as none:
        return NoSuchDay(str(none))


def _read(text: str, known: Calendar, weeks_in: str) -> Found | None:
    groups, rest, beside = _parsed(text, known)
    if not groups:
        return None
    wanted = [group for group in groups if not group.refused]
    shared = [
        replace(one, term=Term(one.term.readings))
        for one in _parsed(weeks_in, known)[0]
        if _is_stretch(one)
    ]
    return Found(
        tuple(described(some, known) for some in _meanings([*groups, *shared], known)),
        " ".join(rest),
        any(not group.bound for group in wanted),
        "" if wanted else " ".join(beside),
        any(group.term.weekly and not group.bound for group in wanted),
        any(map(_is_stretch, groups)),
    )


def _is_stretch(group: _Group) -> bool:
    """Tell whether a group bounds days, or names some in a row or more."""
    if group.refused or group.term.weekly:
        return False
    return bool(group.bound) or all(len(some) > 1 for some in group.term.readings)


def _parsed(text: str, known: Calendar) -> tuple[list[_Group], list[str], list[str]]:
    """Part a text into what it says about days, the rest, and what refused days had."""
    terms = Terms(tokens_of(text), known, RULES)
    groups: list[_Group] = []
    rest: list[str] = []
    gap: list[str] = []
    beside: list[str] = []
    while terms.at < len(terms.words):
        group = _group(terms)
        if group is None:
            gap.append(terms.word)
            terms.at += 1
            continue
        begins = refusal(" ".join(gap))
        goes_on = bool(groups) and (
            (gap == ["but"] and not group.bound)
            or (groups[-1].refused and gap in (["or"], ["nor"]))
        )
        unfit = is_called_unfit(" ".join(terms.words[terms.at : terms.at + 8]))
        joined = bool(gap) and gap[-1] == "or"
        _put_by(" ".join(gap)[:begins].split(), groups, rest, beside)
        group = replace(
            group, refused=begins is not None or goes_on or unfit, beside=joined
        )
        groups.append(group)
        gap = []
    _put_by(gap, groups, rest, beside)
    return groups, rest, beside


def _put_by(
    gap: list[str], groups: list[_Group], rest: list[str], beside: list[str]
) -> None:
    """Keep words that say no day; those right behind a refused one by themselves."""
    refused = bool(groups) and groups[-1].refused
    ends = next((at for at, word in enumerate(gap) if word in _BREAKS), len(gap))
    ends = ends if refused else 0
    beside += gap[:ends]
    rest += gap[ends:]


def _group(terms: Terms) -> _Group | None:
    """Read a term with its bound, or a range of two."""
    start = terms.at
    between = bool(terms.take("between"))
    terms.take("any time", "anytime", "some time", "sometime")
    bound = ""
    term = terms.term()
    if term is None:
        bound = _BOUNDS.get(terms.take(*_BOUNDS), "")
        term = terms.term() if bound else None
    if term is None:
        terms.at = start
        return None
    terms.before = term
    if last := terms.attempt(lambda here: _end(here, between)):
        return _Group(_range(term, last))
    if bound == "from":
        terms.take("on")
    return _Group(term, bound or _tail(terms))


def _end(terms: Terms, between: bool) -> Term | None:
    """Read the second half of a range."""
    joints = ("to", "-", "through", "thru", "till", "until", *["and"] * between)
    return terms.term() if terms.take(*joints) else None


def _tail(terms: Terms) -> str:
    """Read a bound that follows its day; "or after 6" speaks of hours."""
    start = terms.at
    tail = terms.take(*_TAILS)
    if terms.word[:1].isdigit():
        terms.at = start
        return ""
    return _TAILS.get(tail, "")


def _range(first: Term, last: Term) -> Term:
    begin, end = min(first.readings[0]), max(last.readings[0])
    if end < begin and last.weekly:
        end = max(last.readings[-1])
    if end < begin:
        raise NoSuchDate("Which days do you mean?")
    return Term((stretch(begin, end),))


# --- what they say together ----------------------------------------------------------


def _meanings(groups: Sequence[_Group], known: Calendar) -> list[DaySet]:
    """Return what the groups may mean together.

    Who writes two dates, or says "next" twice, means both in the same way.
    """
    readings = [group.term.readings for group in groups]
    found = dict.fromkeys(
        _together(groups, [each[min(nth, len(each) - 1)] for each in readings], known)
        for nth in range(max(map(len, readings)))
    )
    possible = [some for some in found if some]
    if not possible:
        raise NoSuchDate("I can't put those days together. Which day would suit you?")
    return possible


def _together(
    groups: Sequence[_Group], choice: Sequence[DaySet], known: Calendar
) -> DaySet:
    sets = list(zip(groups, choice, strict=True))
    left = _wanted(sets, known)
    for group, some in sets:
        term, narrow = group.term, left != known.ahead
        if group.bound:
            named = left & term.every if narrow else frozenset()
            left &= _bounded(group, one(min(named)) if named else some, known)
        elif group.refused:
            left -= ((term.weekly or narrow) and term.every) or some
    return left


def _wanted(sets: Sequence[tuple[_Group, DaySet]], known: Calendar) -> DaySet:
    """Add up what is wished for; all days where only others are ruled out."""
    plain = [
        (group, some) for group, some in sets if not group.bound and not group.refused
    ]
    if not plain:
        return known.ahead
    every = _union(group.term.every for group, _ in plain)
    weekdays = {day.weekday() for day in every}
    later = any(group.bound in ("from", "after") for group, _ in sets)
    if all(group.term.weekly for group, _ in plain) and (len(weekdays) > 1 or later):
        return every
    sides = _sides(plain)
    return _union(_named_on(_with_shared(side, sides)) for side in sides)


_Plain = list[tuple[_Group, DaySet]]


def _sides(plain: _Plain) -> list[_Plain]:
    """Part what is wished for where an "or" stands."""
    sides: list[_Plain] = []
    for group, some in plain:
        if group.beside or not sides:
            sides.append([])
        sides[-1].append((group, some))
    return sides


def _with_shared(side: _Plain, sides: list[_Plain]) -> _Plain:
    """Add what a side shares with one beside it that names both weekdays and weeks.

    "Mondays in december | or january" are Mondays in both; "monday | or a friday, in
    january" lie in January both.
    """
    if not (_only(side, weekly=True) or _only(side, weekly=False)):
        return side
    weekly = side[0][0].term.weekly
    for other in sides:
        shared = [pair for pair in other if pair[0].term.weekly != weekly]
        if len(shared) < len(other) and shared:
            return [*side, *shared]
    return side


def _only(side: _Plain, *, weekly: bool) -> bool:
    """Tell whether a side names weekdays alone, or stretches of days alone."""
    return all(
        group.term.weekly == weekly and (weekly or len(some) > 1)
        for group, some in side
    )


def _named_on(side: _Plain) -> DaySet:
    narrowed = [_narrowed(nth, side) for nth in range(len(side))]
    return _union(narrowed) or _union(some for _, some in side)


def _narrowed(nth: int, side: _Plain) -> DaySet:
    """Return what a term names of the stretch beside it: "next week, thursday"."""
    named, some = side[nth]
    others = side[:nth] + side[nth + 1 :]
    wide = _union(days for group, days in others if not group.term.weekly)
    inside = (named.term.every or some) & wide
    return inside if len(wide) > 1 and inside != wide else frozenset()


def _union(sets: Iterable[DaySet]) -> DaySet:
    return frozenset().union(*sets)


def _bounded(group: _Group, some: DaySet, known: Calendar) -> DaySet:
    """Return the days that a bound leaves; "not after" leaves those up to it."""
    first, last = min(some), max(some)
    fits: Callable[[date], bool] = {
        "from": first.__le__,
        "after": last.__lt__,
        "before": first.__gt__,
        "by": last.__ge__,
    }[_OPPOSITE[group.bound] if group.refused else group.bound]
    return frozenset(filter(fits, known.ahead))
