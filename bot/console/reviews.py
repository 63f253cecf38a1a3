"""Texts that somebody should look at again: answers, rules, words, numbers."""

from __future__ import annotations

from sanic import HTTPResponse, Request

from bot.clinic.reviews import due
from bot.clinic.when import today
from bot.console.caller import Caller
from bot.console.door import Console, Door


def add(door: Door) -> None:
    """Register the page."""
    door.get("/reviews", _reviews, roles=("staff", "admin"))


async def _reviews(console: Console, _request: Request, caller: Caller) -> HTTPResponse:
    day = today(caller.now, console.clinic.zone)
    found = due(console.house.shelf.reviews, day)
    return console.pages.show(
        "reviews.html",
        caller,
        title="Due for review",
        past=[one for one in found if one.past(day)],
        soon=[one for one in found if not one.past(day)],
    )
