"""Checks that several of a clinic's files share."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, get_args

from bot.clinic.booking import CELL_MINUTES
from bot.content.files import Document, Key

_ID = re.compile(r"[a-z0-9][a-z0-9_]{0,39}")
_TOO_MUCH_MONEY = 10_000_000


def check_ids(document: Document, data: Mapping[str, Any], at: Key) -> None:
    """Refuse an id that could not stand in an opening's id."""
    for name in data:
        if not _ID.fullmatch(name):
            raise document.bad(
                [*at, name], "an id has small letters, digits and _ only, up to 40"
            )


def check_some(document: Document, data: Mapping[str, Any], at: Key) -> None:
    """Refuse an empty list of things that a clinic cannot do without."""
    if not data:
        raise document.bad(at, "at least one is needed")


def check_grid(document: Document, minutes: int, at: Key) -> None:
    """Refuse minutes that do not fill whole cells of the diary."""
    if minutes % CELL_MINUTES:
        raise document.bad(at, f"must be a multiple of {CELL_MINUTES} minutes")


def check_known(
    document: Document, known: Mapping[str, Any], name: str, what: str, at: Key
) -> None:
    """Refuse a reference to something that is not listed."""
    if name not in known:
        raise document.bad(at, f"unknown {what} {name!r}")


def one_of(document: Document, choices: Any, value: str, at: Key) -> Any:
    """Return the value if a `Literal` type has it."""
    if value not in get_args(choices):
        listed = ", ".join(get_args(choices))
        raise document.bad(at, f"expected one of {listed}, not {value!r}")
    return value


def money(document: Document, amount: float | None, at: Key) -> Decimal | None:
    """Return an amount in the clinic's currency, exactly as written."""
    if amount is None:
        return None
    if not 0 <= amount < _TOO_MUCH_MONEY:
        raise document.bad(at, "must not be negative, nor endless")
    return Decimal(str(amount))
