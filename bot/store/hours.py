"""Exceptions to the hours, as rows: one a day and practitioner or place."""

from __future__ import annotations

from datetime import date, time
from typing import Any

from sqlalchemy.engine import Connection

from bot.clinic.hours import HoursException
from bot.clinic.profile import DayPlan, Span
from bot.store.tables import hours_exceptions


class HoursExceptions:
    """Reads and writes what staff changed about single days."""

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
