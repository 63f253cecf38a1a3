"""What staff changed about hours, as rows: of single days, and of usual weeks."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from sqlalchemy.engine import Connection

from bot.clinic.hours import HoursException, UsualWeek
from bot.clinic.profile import DayPlan, Span, Week
from bot.store.tables import hours_exceptions, usual_weeks


class HoursChanges:
    """Reads and writes what staff changed about single days and usual weeks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def between(self, first: date, last: date) -> list[HoursException]:
        """Return the exceptions from one day to another, both included, in order."""
        rows = self._connection.execute(
            hours_exceptions.select()
            .where(hours_exceptions.c.day.between(first, last))
            .order_by(hours_exceptions.c.day, hours_exceptions.c.whose)
        )
        return [
            HoursException(**{**row._mapping, "hours": _read(row.hours)})
            for row in rows
        ]

    def put(self, exception: HoursException) -> None:
        """Store an exception in place of the one for the same day, if any."""
        self.remove(exception.whose, exception.day)
        self._connection.execute(
            hours_exceptions.insert().values(
                whose=exception.whose,
                day=exception.day,
                hours=_write(exception.hours),
                made_by=exception.made_by,
                made_at=exception.made_at,
            )
        )

    def remove(self, whose: str, day: date) -> None:
        """Let the usual hours stand again."""
        self._connection.execute(
            hours_exceptions.delete().where(
                hours_exceptions.c.whose == whose, hours_exceptions.c.day == day
            )
        )

    def weeks(self, practitioner_id: str | None = None) -> list[UsualWeek]:
        """Return the usual weeks of somebody, or of all, as they begin."""
        query = usual_weeks.select().order_by(usual_weeks.c.since)
        if practitioner_id is not None:
            query = query.where(usual_weeks.c.practitioner_id == practitioner_id)
        return [
            UsualWeek(**{**row._mapping, "hours": _read_week(row.hours)})
            for row in self._connection.execute(query)
        ]

    def put_week(self, week: UsualWeek) -> None:
        """Store a usual week in place of those of the same person from its day on."""
        self._connection.execute(
            usual_weeks.delete().where(
                usual_weeks.c.practitioner_id == week.practitioner_id,
                usual_weeks.c.since >= week.since,
            )
        )
        self._connection.execute(
            usual_weeks.insert().values(
                practitioner_id=week.practitioner_id,
                since=week.since,
                hours=_write_week(week.hours),
                made_by=week.made_by,
                made_at=week.made_at,
            )
        )


def _write_week(week: Week | None) -> dict[str, dict[str, list[list[str]]]] | None:
    """Write weekday by weekday, "0" is Monday."""
    if week is None:
        return None
    return {
        place: _write({str(weekday): spans for weekday, spans in weekly.items()})
        for place, weekly in week.items()
    }


def _read_week(kept: dict[str, Any] | None) -> Week | None:
    if kept is None:
        return None
    return {
        place: {int(weekday): spans for weekday, spans in _read(weekly).items()}
        for place, weekly in kept.items()
    }


def _write(hours: DayPlan) -> dict[str, list[list[str]]]:
    return {
        place: [[f"{span.opens:%H:%M}", f"{span.closes:%H:%M}"] for span in spans]
        for place, spans in hours.items()
    }


def _read(kept: dict[str, Any]) -> DayPlan:
    return {
        place: tuple(Span(*map(time.fromisoformat, pair)) for pair in pairs)
        for place, pairs in kept.items()
    }
