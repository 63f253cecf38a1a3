"""How the pain goes over visits, from what was told before and after them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.clinic.interview import FOLLOW_UP
from bot.clinic.screened import Screening
from bot.clinic.screening import Answer, Answers


@dataclass(frozen=True)
class Told:
    """What was told of the pain at one time.

    Args:
        at: aware UTC.
        visit: how many visits lay behind, those of the course where the last one
            belonged to a course; 0 before the first.
        of: how many visits that course has; None outside of one.
        pain: 0 to 10, at that moment.
        week: 0 to 10, the average of the week before; None where it was not asked.
        change: better, same or worse since the visit; "" where it was not asked.
    """

    at: datetime
    visit: int
    pain: int
    week: int | None
    change: str
    of: int | None = None


def in_words(told: Sequence[Told]) -> str:
    """Say how the pain went over the course that is going on or has just ended.

    Args:
        told: oldest first.

    Returns:
        "" where the last of it belongs to no course.
    """
    if not told or told[-1].of is None:
        return ""
    latest: list[tuple[int, int]] = []
    for one in reversed(told):
        number = one.visit if one.of else 0
        if latest and number > latest[-1][0]:
            break  # numbers rise within a course: this belongs to the one before
        if not latest or number < latest[-1][0]:
            latest.append((number, one.pain))
    parts = [_with_visit(*one) for one in reversed(latest)]
    return f"Your pain so far, from 0 to 10: {', '.join(parts)} of {told[-1].of}."


def _with_visit(number: int, pain: int) -> str:
    return f"{pain} after visit {number}" if number else f"{pain} before the first"


def over_visits(
    screenings: Iterable[Screening], visits: Iterable[datetime]
) -> tuple[Told, ...]:
    """Return what was told of the pain, oldest first.

    Args:
        screenings: of one conversation, in any order; only those that were ended
            with answers count.
        visits: when each visit ended, aware UTC.
    """
    ends = sorted(visits)
    found = [
        _told(one, one.ended_at, sum(end <= one.ended_at for end in ends))
        for one in screenings
        if one.ended_at is not None
    ]
    return tuple(sorted(filter(None, found), key=lambda told: told.at))


def grown_worse(answers: Answers) -> bool:
    """Tell whether somebody is worse after a visit, or tells of something new."""
    news = answers.get("new_worry") in ("yes", "unsure")
    return news or answers.get("since_visit") == "worse"


def _told(screening: Screening, at: datetime, visit: int) -> Told | None:
    answers = screening.answers
    pain, change = _number(answers.get("nrs")), answers.get("since_visit")
    if answers.get("site") == "no_pain":
        pain = 0
    if pain is None:
        return None
    # After a visit nobody asks for the week; the number is of an earlier time.
    asked_anew = FOLLOW_UP not in screening.asked
    return Told(
        at=at,
        visit=visit,
        pain=pain,
        week=_number(answers.get("impact_pain")) if asked_anew else None,
        change=change if change in ("better", "same", "worse") else "",
    )


def _number(answer: Answer) -> int | None:
    return answer if isinstance(answer, int) and not isinstance(answer, bool) else None
