"""A plot of pain over visits: what `progress.html` is given to draw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from bot.clinic.profile import Clinic
from bot.clinic.progress import Told
from bot.clinic.when import say_day, today

_WIDTH, _HEIGHT = 320, 160
_LEFT, _RIGHT, _TOP, _BOTTOM = 32, 16, 16, 32
_MOST = 10
"""The worst pain that can be told."""
_CHANGES = {"better": "better", "same": "the same", "worse": "worse", "": ""}


def values(told: Sequence[Told], clinic: Clinic, now: datetime) -> dict[str, Any]:
    """Return what `progress.html` needs; `points` is empty where nothing was told.

    Args:
        told: oldest first.
        now: aware UTC.
    """
    points = [
        {
            "x": _across(number, len(told)),
            "y": _up(one.pain),
            "pain": one.pain,
            "week": "" if one.week is None else str(one.week),
            "change": _CHANGES[one.change],
            "day": _day(one, clinic, now),
            "visit": _visit(one),
        }
        for number, one in enumerate(told)
    ]
    return {
        "width": _WIDTH,
        "height": _HEIGHT,
        "left": _LEFT,
        "right": _WIDTH - _RIGHT,
        "lines": [(_up(value), value) for value in (0, 5, 10)],
        "points": points,
        "path": " ".join(f"{one['x']},{one['y']}" for one in points),
        "said": _said(told),
    }


def _visit(one: Told) -> str:
    if not one.visit:
        return "before the first"
    return f"after visit {one.visit}" + (f" of {one.of}" if one.of else "")


def _across(number: int, count: int) -> float:
    room = _WIDTH - _LEFT - _RIGHT
    return round(_LEFT + room * ((number + 0.5) / count), 1)


def _up(value: int) -> float:
    room = _HEIGHT - _TOP - _BOTTOM
    return round(_TOP + room * (1 - value / _MOST), 1)


def _day(one: Told, clinic: Clinic, now: datetime) -> str:
    day = one.at.astimezone(clinic.zone).date()
    return say_day(day, today(now, clinic.zone), clinic.locale)


def _said(told: Sequence[Told]) -> str:
    if not told:
        return "No numbers yet."
    if len(told) == 1:
        return f"Pain {told[0].pain} of 10, told once."
    first, last = told[0].pain, told[-1].pain
    return f"Pain {first} of 10 at first, {last} of 10 last, told {len(told)} times."
