"""A few figures about the last days: who came, who waited, what was asked."""

from __future__ import annotations

import asyncio
from datetime import time, timedelta

from sanic import HTTPResponse, Request

from bot.clinic.insights import Insights
from bot.clinic.when import instant
from bot.console.caller import Caller
from bot.console.door import Console, Door
from bot.desk.insights import insights

DAYS = (7, 28)
"""What may be chosen; screenings are not kept for longer than a month."""


def add(door: Door) -> None:
    """Register the page."""
    door.get("/insights", _insights, roles=("staff", "admin"))


async def _insights(console: Console, request: Request, caller: Caller) -> HTTPResponse:
    chosen = request.args.get("days", "")
    days = int(chosen) if chosen in map(str, DAYS) else DAYS[0]
    found = await asyncio.to_thread(_count, console, caller, days)
    answers = console.house.shelf.answers
    return console.pages.show(
        "insights.html",
        caller,
        title="Figures",
        days=days,
        choices=DAYS,
        found=found,
        topics=[
            (answers[topic].title if topic in answers else topic, times)
            for topic, times in found.topics
        ],
    )


def _count(console: Console, caller: Caller, days: int) -> Insights:
    """Count whole days of the clinic's own calendar, today as far as it has come."""
    here = console.clinic.zone
    first = caller.now.astimezone(here).date() - timedelta(days=days - 1)
    with console.house.store.reading() as unit:
        return insights(unit, instant(first, time(0), here), caller.now)
