"""Sums up a stretch of days for the clinic."""

from __future__ import annotations

from datetime import datetime

from bot.clinic.insights import Insights, by_priority, by_reason
from bot.desk.ports import InsightUnit

MOST_TOPICS = 12


def insights(unit: InsightUnit, since: datetime, until: datetime) -> Insights:
    """Count what happened between two instants.

    Finished screenings are kept for 30 days, so the steps to a booking are whole for
    a month at most.

    Args:
        since: aware UTC.
        until: aware UTC, itself not counted.
    """
    waits = unit.insights.waits(since, until)
    return Insights(
        funnel=unit.insights.funnel(since, until),
        reasons=by_reason(waits),
        waiting=by_priority(waits),
        topics=unit.insights.topics(since, until, MOST_TOPICS),
    )
