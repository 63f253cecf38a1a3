"""Says in words what somebody wishes for, and why somebody was chosen for it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta

from bot.clinic.booking import Opening
from bot.clinic.profile import Clinic, Treatment
from bot.clinic.when import (
    MINUTES_A_DAY,
    WEEKDAYS,
    days,
    minute_of_day,
    say_day,
    say_time,
    today,
)
from bot.clinic.wish import Wish

_MOST_NAMED = 3
_GENDERS = {"woman": "is a woman", "man": "is a man", "non_binary": "is non-binary"}


def why(clinic: Clinic, wish: Wish, opening: Opening) -> str:
    """Return why an opening fits, such as "Asha speaks Kannada, as you asked".

    "As you asked" names only what was asked for and is true. For a complaint it says
    which therapy is offered first. It is "" for a plain wish.
    """
    who = clinic.practitioners[opening.practitioner_id]
    place = clinic.places[opening.place_id]
    treatment = clinic.treatments[opening.treatment_id]
    reasons = []
    if wish.therapy == treatment.therapy:
        reasons.append(f"gives {clinic.therapies[treatment.therapy]}")
    if wish.language in who.languages:
        reasons.append(f"speaks {wish.language}")
    if wish.gender == who.gender:
        reasons.append(_GENDERS[who.gender])
    if place.kind == "online" and wish.online:
        reasons.append("can see you online")
    elif place.id in wish.places:
        reasons.append(f"is at {place.name}")
    if wish.most and treatment.price and treatment.price <= wish.most:
        reasons.append("takes no more than you said")
    offered = _offered_for(clinic, wish, treatment)
    if not reasons:
        return offered
    *first, last = reasons
    told = f"{', '.join(first)}{' and ' if first else ''}{last}"
    return " ".join(filter(None, (offered, f"{who.name} {told}, as you asked.")))


def _offered_for(clinic: Clinic, wish: Wish, treatment: Treatment) -> str:
    """Say which therapy is offered for a complaint, where nobody asked for one.

    The order is the clinic's own; nothing is said of what helps.
    """
    complaint = clinic.complaints.get(wish.complaint or "")
    if (
        complaint is None
        or wish.therapy
        or treatment.therapy not in complaint.therapies
    ):
        return ""
    others = [one for one in complaint.therapies if one != treatment.therapy]
    if not others:
        return ""
    named = " or ".join(clinic.therapies[one] for one in others)
    given = clinic.therapies[treatment.therapy]
    return f"For this we offer {given} first; you can ask for {named} as well."


def meets(clinic: Clinic, wish: Wish, opening: Opening) -> bool:
    """Tell whether an opening is all that a wish names; "at 5" is 5 to the minute.

    How many visits there shall be is not looked at.
    """
    who = clinic.practitioners[opening.practitioner_id]
    place = clinic.places[opening.place_id]
    treatment = clinic.treatments[opening.treatment_id]
    there = not wish.places or place.id in wish.places
    named = (wish.treatment_id, wish.therapy, wish.online, wish.most)
    so = (treatment.id, treatment.therapy, place.kind == "online", treatment.price)
    return (
        _is_then(clinic, wish, opening)
        and wish.suits(who)
        and there
        and all(one in (None, it) for one, it in zip(named, so, strict=True))
    )


def _is_then(clinic: Clinic, wish: Wish, opening: Opening) -> bool:
    local = opening.starts_at.astimezone(clinic.zone)
    minute = minute_of_day(local)
    return wish.allows_at(opening.starts_at, clinic.zone) and wish.near_minute in (
        None,
        minute,
    )


def in_words(clinic: Clinic, wish: Wish, now: datetime) -> str:
    """Say a wish back: "Friday, November 27, from 5 pm, with a woman"."""
    course = f"{wish.course.count} visits {wish.course.rhythm}" if wish.course else ""
    told = [course, _days(clinic, wish, now), _hours(wish), *_who(clinic, wish)]
    return ", ".join(part for part in told if part) or "any time"


def _days(clinic: Clinic, wish: Wish, now: datetime) -> str:
    this_day = today(now, clinic.zone)

    def said(day: date) -> str:
        return say_day(day, this_day, clinic.locale)

    weekdays = _weekdays(wish.weekdays)
    missing = [said(day) for day in sorted(wish.not_on)][:_MOST_NAMED]
    left_out = f"not {' or '.join(missing)}" if missing else ""
    first = wish.earliest and today(wish.earliest, clinic.zone)
    if wish.latest is None:
        told = f"from {said(first)}" if first else ""
        return ", ".join(part for part in (told, weekdays, left_out) if part)
    last = today(wish.latest - timedelta(minutes=1), clinic.zone)
    some = [day for day in days(first or this_day, last) if wish.allows(day)]
    if first == last or (wish.not_on and 0 < len(some) <= _MOST_NAMED):
        return " or ".join(map(said, some))
    told = f"{said(first or this_day)} to {said(last)}"
    return ", ".join(part for part in (told, weekdays, left_out) if part)


def _weekdays(some: frozenset[int]) -> str:
    """Say "Monday or Thursday", or "any day but Monday" where that is shorter."""
    others = frozenset(range(7)) - some
    lead, named = ("any day but ", others) if len(some) > 4 else ("", some)
    return lead + " or ".join(WEEKDAYS[one] for one in sorted(named))


def _hours(wish: Wish) -> str:
    if wish.near_minute is not None:
        return f"around {_clock(wish.near_minute)}"
    if wish.until_minute >= MINUTES_A_DAY:
        return f"from {_clock(wish.from_minute)}" if wish.from_minute else ""
    if not wish.from_minute:
        return f"before {_clock(wish.until_minute)}"
    return f"{_clock(wish.from_minute)} to {_clock(wish.until_minute)}"


def _clock(minute: int) -> str:
    return say_time(time(*divmod(minute, 60)))


def _who(clinic: Clinic, wish: Wish) -> Iterator[str]:
    person = clinic.practitioners.get(wish.practitioner_id or "")
    if person is not None:
        yield f"with {person.name}"
    elif wish.gender is not None:
        yield f"with a {wish.gender}" if wish.gender != "non_binary" else ""
    if wish.not_with:
        names = [clinic.practitioners[one].name for one in sorted(wish.not_with)]
        yield f"not with {' or '.join(names[:_MOST_NAMED])}"
    if wish.language is not None:
        yield f"in {wish.language}"
    yield clinic.therapies.get(wish.therapy or "", "")
    if wish.online:
        yield "online"
    elif wish.places:
        yield "at " + " or ".join(
            sorted(clinic.places[one].name for one in wish.places)
        )
