"""Reads opening hours, closures and days off as a clinic writes them."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from bot.clinic.booking import CELL_MINUTES
from bot.clinic.profile import Closure, Span, Weekly, clash
from bot.clinic.when import WEEKDAYS
from bot.content.files import Document, Key, build

_SPAN = re.compile(r"(\d\d):(\d\d)\s*[-–]\s*(\d\d):(\d\d)")  # noqa: RUF001
_DAYS = {name.lower(): number for number, name in enumerate(WEEKDAYS)}


@dataclass(frozen=True)
class _Closure:
    first: date
    last: date | None = None
    reason: str = ""
    place: str | None = None


def read_weekly(document: Document, data: Any, at: Key) -> Weekly:
    """Read hours such as `{monday: ["09:00-12:00", "13:00-17:00"]}`.

    Raises:
        BadContent: an unknown weekday, a stretch that is not one, that closes before
            it opens, that is off the 5-minute grid, or that overlaps another.
    """
    if not isinstance(data, Mapping):
        raise document.bad(at, "expected weekdays with their hours")
    weekly = {}
    for name, spans in data.items():
        if name not in _DAYS:
            raise document.bad([*at, name], f"unknown weekday {name!r}")
        weekly[_DAYS[name]] = read_spans(document, spans, [*at, name])
    return weekly


def read_spans(document: Document, data: Any, at: Key) -> tuple[Span, ...]:
    """Read the hours of one day, e.g. `["09:00-12:00", "13:00-17:00"]`."""
    if not isinstance(data, Sequence) or isinstance(data, str):
        raise document.bad(at, 'expected a list such as ["09:00-17:00"]')
    spans = [_span(document, text, at) for text in data]
    overlapping = clash(spans)
    if overlapping:
        raise document.bad(at, f"these hours overlap: {_both(*overlapping)}")
    return tuple(sorted(spans))


def read_closures(document: Document, data: Any, at: Key) -> tuple[Closure, ...]:
    """Read stretches of closed days: `{first, last, reason, place}`."""
    if not isinstance(data, Sequence) or isinstance(data, str):
        raise document.bad(at, "expected a list of closed days")
    return tuple(
        _closure(document, entry, [*at, number]) for number, entry in enumerate(data)
    )


def _closure(document: Document, data: Any, at: Key) -> Closure:
    raw = build(_Closure, document, data, at)
    last = raw.last or raw.first
    if last < raw.first:
        raise document.bad(at, "the last day is before the first")
    return Closure(raw.first, last, raw.reason, raw.place)


def _span(document: Document, text: Any, at: Key) -> Span:
    found = _SPAN.fullmatch(text) if isinstance(text, str) else None
    if found is None:
        raise document.bad(at, f'write hours as "09:00-17:00", not {text!r}')
    first_hour, first_minute, last_hour, last_minute = map(int, found.groups())
    try:
        span = Span(time(first_hour, first_minute), time(last_hour, last_minute))
    except ValueError:
        raise document.bad(at, f"no clock shows {text!r}") from None
    if span.closes <= span.opens:
        raise document.bad(at, f"{text} closes before it opens")
    if first_minute % CELL_MINUTES or last_minute % CELL_MINUTES:
        raise document.bad(at, f"{text} is not on full 5 minutes")
    return span


def _both(first: Span, second: Span) -> str:
    return " and ".join(
        f"{span.opens:%H:%M}-{span.closes:%H:%M}" for span in (first, second)
    )
