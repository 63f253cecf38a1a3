"""A small clinic to wish at, and a short way to write down what was understood."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

from bot.clinic.profile import Clinic, Place, Policy
from bot.clinic.when import WEEKDAYS, days
from bot.clinic.wish import Wish
from bot.desk.wishes import Ambiguous, Unworkable, WishRead
from tests.clinic.making import clinic, practitioner, treatment

TODAY = date(2026, 11, 18)


def wishing_well() -> Clinic:
    """Make a clinic with Ada, Ben and a lake, where people come up to 90 days ahead."""
    made = clinic(
        practitioner("ada", name="Ada Moro", languages=("English", "Kannada")),
        practitioner("ben", name="Ben Moro", gender="man"),
        treatments=(
            treatment(75, id="first", visit="first"),
            treatment(50, id="later", visit="follow_up"),
            treatment(30, id="cups", therapy="cupping"),
        ),
        policy=Policy(horizon_days=90),
        therapies={"acupuncture": "acupuncture", "cupping": "cupping"},
    )
    lake = Place("lake", "Quiet Lake", address="0 Lake Lane, Rosedale, Edmonton")
    return replace(made, places={**made.places, "lake": lake})


def said(read: WishRead, here: Clinic) -> str:
    """Write down shortly what was understood: "Thu 19 Nov 17:00-24:00, woman".

    Returns:
        The question or the reason where a wish is not clear; "" for nothing at all.
    """
    if isinstance(read, Ambiguous):
        return read.question
    if isinstance(read, Unworkable):
        return read.reason
    if read is None:
        return ""
    times = " ".join(part for part in (_days(read, here), *_hours(read)) if part)
    return ", ".join(part for part in (times, *_whom(read)) if part)


def _days(wish: Wish, here: Clinic) -> str:
    first = wish.earliest and wish.earliest.astimezone(here.zone).date()
    if wish.latest is not None:
        end = wish.latest.astimezone(here.zone).date() - timedelta(days=1)
        return _runs([one for one in days(first or TODAY, end) if wish.allows(one)])
    parts = [f"from {first:%a %d %b}"] if first else []
    parts += ["/".join(WEEKDAYS[one][:3] for one in sorted(wish.weekdays))]
    parts += [f"not {_runs(sorted(wish.not_on))}"] if wish.not_on else []
    return " ".join(part for part in parts if part)


def _runs(some: list[date]) -> str:
    """Write days down as "Mon 23 Nov +1, Thu 26 Nov"."""
    runs: list[list[date]] = []
    for day in some:
        if runs and (day - runs[-1][-1]).days == 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ", ".join(
        f"{run[0]:%a %d %b}" + (f" +{len(run) - 1}" if len(run) > 1 else "")
        for run in runs
    )


def _hours(wish: Wish) -> list[str]:
    told = []
    if (wish.from_minute, wish.until_minute) != (0, 1440):
        told.append(f"{clock(wish.from_minute)}-{clock(wish.until_minute)}")
    if wish.near_minute is not None:
        told.append(f"~{clock(wish.near_minute)}")
    return told


def _whom(wish: Wish) -> list[str]:
    where = {True: "online", False: "in person", None: ""}[wish.online]
    refused = [f"not {one}" for one in sorted(wish.not_with)]
    return [wish.gender or "", wish.practitioner_id or "", *refused, where]


def clock(minute: int) -> str:
    """Write down a minute of the day: "17:00"."""
    return f"{minute // 60}:{minute % 60:02d}"
