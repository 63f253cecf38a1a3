"""Reads the time of day in a wish: "after 5", "10ish", "first thing", "lunchtime"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.clinic.when import MINUTES_A_DAY
from bot.desk.wish_words import is_called_unfit, refusal

_NOON = 12 * 60
_NIGHT = 17 * 60
_ABOUT_MINUTES = 60
_SMALL_HOURS = (12, 1, 2, 3, 4)

# A number is no clock where it counts something.
_CLOCK = (
    r"(\d{1,2})(?:[:.](\d{2}))?\s*([ap]m?\b|o'?clock)?(?![\d/]|[.:]\d|\s*(?:days?|weeks?"
    r"|months?|years?|ses{2}ions?|min(?:ute)?s?|hours?|hrs?|times|visits?|people|rupees|dollars)\b)"
)
_TIME = rf"(?:{_CLOCK}|(noon|midday))"
_TO = r"\s*(?:-|to|till?|until)\s*"
_AFTER = (
    r"(?:after|from|past|post|later than|starting(?: at)?"
    r"|(?:finish|off|done|home)(?: (?:work|school))?(?: (?:at|by))?)"
)
_BEFORE = r"(?:before|by|until|till?|pre|up to|earlier than|sooner than)"
_LATER = r"(?:onwards?|(?:or|and) (?:later|after))\b"
_EARLIER = r"(?:(?:or|and) (?:earlier|before)|at the latest)\b"

_ALONE = r"(?=\s*(?:$|,|(?:or|and|please|pls|works?|is|if|any)\b))"
"""What may follow the "am" of "sat am", which is no "am" of "and am free"."""

_PARTS: tuple[tuple[str, int, int], ...] = (
    (r"first thing|early (?:in the )?mornings?|crack of dawn", 0, 10 * 60),
    (r"late (?:in the )?mornings?", 10 * 60, _NOON),
    (r"before (?:i start )?work", 0, 9 * 60),
    (r"after (?:i finish )?work", _NIGHT, MINUTES_A_DAY),
    (r"(?:after|post) lunch", 13 * 60, _NIGHT),
    (r"(?:after|post) school", 15 * 60, MINUTES_A_DAY),
    (r"(?:before|pre) lunch", 0, _NOON),
    (r"lunch ?(?:times?|hours?|breaks?)?|midday", 11 * 60 + 30, 14 * 60),
    (r"late (?:in the )?afternoons?", 15 * 60, 18 * 60),
    (r"early (?:in the )?afternoons?", _NOON, 15 * 60),
    (r"early (?:in the )?evenings?", _NIGHT, 19 * 60),
    (r"tea ?time", 15 * 60, _NIGHT),
    (
        r"end of (?:the )?day|last thing|(?:as )?late as possible",
        16 * 60,
        MINUTES_A_DAY,
    ),
    (rf"mornings?|(?<!i )(?<!\d)(?<!\d )am{_ALONE}", 0, _NOON),
    (r"afternoons?", _NOON, _NIGHT),
    (r"(?<!\d)(?<!\d )pm", _NOON, MINUTES_A_DAY),
    (r"evenings?|eve|nights?|late", _NIGHT, MINUTES_A_DAY),
    (r"early(?! as)", 0, 11 * 60),
)


@dataclass(frozen=True)
class Hours:
    """A part of the day on the clinic's clock.

    Args:
        from_minute: first minute of the day at which a visit may begin.
        until_minute: first minute at which it may no longer begin.
        near_minute: the minute that would be best, if one was named.
    """

    from_minute: int = 0
    until_minute: int = MINUTES_A_DAY
    near_minute: int | None = None


@dataclass(frozen=True)
class NoSuchTime:
    """No clock shows what was typed.

    Args:
        reason: one short plain sentence for the person who typed it.
    """

    reason: str


class _OffTheClock(ValueError):
    """Raised inside this module for 25:00 and the like."""


@dataclass(frozen=True)
class _Said:
    """One thing said about the time.

    Args:
        minutes: of the day, at which a visit may begin.
        near: the minute that was named, if one was.
        is_loose: a named minute makes it needless: it is a part of the day, or another
            minute that is refused.
    """

    minutes: frozenset[int]
    near: int | None = None
    is_loose: bool = False


_NO_MONEY = r"(?! ?(?:rs|rupees?|inr|dollars?|bucks|cad|usd|k)\b)"
_COMPACT: tuple[re.Pattern[str], ...] = (
    re.compile(r"(?<![\w.,:/+$-])(\d{1,2})([0-5]\d)(?= ?[ap]m?\b)"),
    re.compile(
        r"(?:(?<=at )|(?<=@)|(?<=around )|(?<=about )|(?<=after )|(?<=before )"
        r"|(?<=by )|(?<=until ))(?!20[2-9]\d)(\d{1,2})([0-5]\d)(?![\w.,:/-])"
        rf"{_NO_MONEY}"
    ),
    re.compile(
        r"(?<![\w.,:/+$-])(?<!\d )(?<!rs )(?!20[2-9]\d)([01]\d|2[0-3])([0-5][05])"
        rf"(?![\w.,:/-]| \d){_NO_MONEY}"
    ),
)
"""Clocks without a colon: "530pm", "at 530", "1730"; a year and a price are none."""

_Maker = Callable[["re.Match[str]", Hours | None], _Said]


def read_hours(text: str) -> tuple[Hours, ...] | NoSuchTime:
    """Find what a text says about the time of day.

    Without am or pm, 8 to 11 is taken as the morning and 12 to 7 as noon and later,
    unless the text names a part of the day.

    Args:
        text: in small letters, without the words that name the day.

    Returns:
        Nothing where it says nothing; more than one where it says two that are apart,
        such as "before 10 or after 4".
    """
    for clock in _COMPACT:
        text = clock.sub(r"\1:\2", text)
    try:
        said = list(_scan(text))
    except _OffTheClock:
        return NoSuchTime("There is no such time. What time do you mean?")
    if not said:
        return ()
    named = [one.near for one, _ in said if one.near is not None]
    if named:
        said = [(one, either) for one, either in said if either or not one.is_loose]
    found = said[0][0].minutes
    for one, either in said[1:]:
        both = found & one.minutes
        found = found | one.minutes if either or not both else both
    return tuple(_runs(found, named[0] if named else None))


def _runs(minutes: frozenset[int], near: int | None) -> Iterator[Hours]:
    """Return the stretches that some minutes are made of."""
    edges = sorted(minutes ^ {minute + 1 for minute in minutes})
    for first, end in zip(edges[::2], edges[1::2], strict=True):
        inside = near if near is not None and first <= near < end else None
        yield Hours(first, end, inside)


def _scan(text: str) -> Iterator[tuple[_Said, bool]]:
    """Walk over what is said of the time, and whether an "or" stands before it."""
    part = _first_part(text)
    bare = part is not None or _ONLY_NUMBERS.fullmatch(text) is not None
    known = [*_READERS, *[_BARE] * bare]
    at = 0
    while found := _next(known, text, at):
        match, make = found
        before = text[at : match.start()]
        said = make(match, part)
        if refusal(before) is not None or is_called_unfit(text[match.end() :]):
            said = _refused(said)
        yield said, re.search(r"\bor\b", before) is not None
        at = match.end()


def _next(
    known: Sequence[tuple[re.Pattern[str], _Maker]], text: str, at: int
) -> tuple[re.Match[str], _Maker] | None:
    """Find what comes first; of two that begin together, the one listed first."""
    hits = [
        (match, make) for pattern, make in known if (match := pattern.search(text, at))
    ]
    return min(hits, key=lambda hit: hit[0].start(), default=None)


def _first_part(text: str) -> Hours | None:
    hits = (re.search(rf"\b(?:{words})\b", text) for words, _, _ in _PARTS)
    found = [
        Hours(begins, ends)
        for hit, (_, begins, ends) in zip(hits, _PARTS, strict=True)
        if hit
    ]
    return found[0] if found else None


def _refused(said: _Said) -> _Said:
    if said.near is None:
        return _Said(_ALL_DAY - said.minutes)
    hour = frozenset(range(said.near, said.near + _ABOUT_MINUTES))
    return _Said(_ALL_DAY - hour, is_loose=True)


# --- what can be said ----------------------------------------------------------------


def _span(first: int, end: int) -> frozenset[int]:
    return frozenset(range(max(0, first), min(MINUTES_A_DAY, end)))


_ALL_DAY = _span(0, MINUTES_A_DAY)


def _from(match: re.Match[str], part: Hours | None) -> _Said:
    return _Said(_span(_minute(match.groups(), part), MINUTES_A_DAY))


def _until(match: re.Match[str], part: Hours | None) -> _Said:
    return _Said(_span(0, _minute(match.groups(), part)))


def _between(match: re.Match[str], part: Hours | None) -> _Said:
    """Read two clocks; "2-4 pm" is all in the afternoon, "11 to 2 pm" is not."""
    begin, end = match.groups()[:4], match.groups()[4:]
    last = _minute(end, part)
    first = _minute((*begin[:2], begin[2] or end[2], begin[3]), part)
    if first >= last:
        first = _minute(begin, part)
    if first >= last and not end[2]:  # "6-8" is in the evening
        last += _NOON
    if first >= last or last > MINUTES_A_DAY:
        raise _OffTheClock
    return _Said(_span(first, last))


def _near(match: re.Match[str], part: Hours | None) -> _Said:
    """Read one clock, or two with an "or" between them."""
    groups = match.groups()
    near = _minute(groups[:4], part)
    minutes = _about(near)
    if any(groups[4:]):
        minutes |= _about(_minute(groups[4:], part))
    return _Said(minutes, near)


def _about(minute: int) -> frozenset[int]:
    return _span(minute - _ABOUT_MINUTES, minute + _ABOUT_MINUTES + 1)


def _minute(clock: Sequence[str | None], part: Hours | None) -> int:
    """Return the minute of the day that an hour, minutes and half name."""
    hour_text, minute_text, half, word = clock
    if word:
        return _NOON
    hour, minute = int(hour_text or 0), int(minute_text or 0)
    if hour > 23 or minute > 59:
        raise _OffTheClock
    if 1 <= hour <= 12:
        hour = hour % 12 + (12 if _is_afternoon(hour, half, part) else 0)
    return hour * 60 + minute


def _is_afternoon(hour: int, half: str | None, part: Hours | None) -> bool:
    if half and half[0] in "ap":
        return half[0] == "p"
    if part is not None and part.until_minute <= _NOON:
        return False
    if part is not None and part.from_minute >= _NIGHT and hour in _SMALL_HOURS:
        return False
    if part is not None and part.from_minute >= _NOON:
        return True
    return hour == 12 or hour < 8


def _part_reader(begins: int, ends: int) -> _Maker:
    said = _Said(_span(begins, ends), is_loose=True)
    return lambda _match, _part: said


_AT = r"(?:\b(?:at|around|about|near|circa|do|make it)|@|~)\s*"
_OR = rf"(?:\s*or\s*(?:at )?{_TIME})?"
_NO_WORD = "()"
_READERS: tuple[tuple[re.Pattern[str], _Maker], ...] = tuple(
    (re.compile(pattern), make)
    for pattern, make in (
        (rf"\b(?:between|from)\s+{_TIME}(?:\s*and\s*|{_TO}){_TIME}", _between),
        (rf"(?<![\d:/.])\b{_TIME}{_TO}{_TIME}", _between),
        (rf"\b{_TIME}\s*{_LATER}", _from),
        (rf"\b{_TIME}\s*{_EARLIER}", _until),
        *(
            (rf"\b(?:{words})\b", _part_reader(begins, ends))
            for words, begins, ends in _PARTS
        ),
        (rf"\b{_AFTER}\s+{_TIME}", _from),
        (rf"\b{_BEFORE}\s+{_TIME}", _until),
        (rf"{_AT}{_TIME}{_OR}", _near),
        (rf"\b(\d{{1,2}})(?:[:.](\d{{2}}))?\s*([ap]m?\b|o'?clock){_NO_WORD}", _near),
        (rf"\b(\d{{1,2}})(?:[:.](\d{{2}}))?()\s*-?\s*ish\b{_NO_WORD}", _near),
        (rf"\b(\d{{1,2}})[:.](\d{{2}})(){_NO_WORD}(?!\d)", _near),
        (r"()()()\b(noon)\b", _near),
    )
)
_AGED = r"(?<!he is )(?<!he's )(?<!i am )(?<!i'm )(?<!aged )(?<!age )"
_BARE = (
    re.compile(rf"\b{_AGED}(1?\d|2[0-4]|0\d)()(){_NO_WORD}(?!\S){_OR}"),
    _near,
)
_ONLY_NUMBERS = re.compile(
    r"[\s,]*\d{1,2}(?:\s*or\s*\d{1,2})?[\s,]*(?:(?:on|please|pls|then)[\s,]*)*"
)
