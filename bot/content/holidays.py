"""Turns a country's public holidays into closed days."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import holidays

from bot.clinic.profile import Closure
from bot.clock import utc_now
from bot.content.files import Document, Key, build

_YEARS_AHEAD = 5
"""A desk runs for months without a restart, and nobody books further than that."""


@dataclass(frozen=True)
class _Holidays:
    province: str | None = None
    open_on: list[str] = field(default_factory=list)


def read_holidays(
    document: Document, data: Any, country: str, at: Key
) -> tuple[Closure, ...]:
    """Read `{province: AB, open_on: [Remembrance Day]}`.

    Args:
        country: ISO code of two letters, from profile.yml.

    Returns:
        One closure a holiday of this year and some years ahead, in order.

    Raises:
        BadContent: the `holidays` package does not know the country or province, or a
            name in `open_on` is no holiday there.
    """
    raw = build(_Holidays, document, data, at)
    year = utc_now().year
    try:
        found = holidays.country_holidays(
            country, subdiv=raw.province, years=range(year, year + _YEARS_AHEAD + 1)
        )
    except NotImplementedError as fault:
        raise document.bad([*at, "province"], str(fault)) from None
    named = sorted((day, list(_names(text))) for day, text in found.items())
    _check_open(document, raw.open_on, named, [*at, "open_on"])
    return tuple(
        Closure(day, day, " and ".join(names))
        for day, names in named
        if not set(names) & set(raw.open_on)
    )


def _names(text: str) -> Iterator[str]:
    """Split "Independence Day (observed); Ashura (estimated)" into plain names."""
    for part in text.split(";"):
        yield part.partition("(")[0].strip()


def _check_open(
    document: Document, wanted: list[str], named: list[tuple[date, list[str]]], at: Key
) -> None:
    known = sorted({name for _, names in named for name in names})
    for number, name in enumerate(wanted):
        if name not in known:
            raise document.bad(
                [*at, number],
                f"no public holiday {name!r}; here are {', '.join(known)}",
            )
