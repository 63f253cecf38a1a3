"""The console as one blueprint: every page, its scripts and its style sheet."""

from __future__ import annotations

import asyncio
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import file

from bot.console import (
    audit,
    booking,
    conversation,
    diary,
    diary_hours,
    diary_week,
    handoff,
    insights,
    live,
    misses,
    openings,
    pending,
    queue,
    reviews,
    search,
    staff,
    transcript,
)
from bot.console.door import Console, Door
from bot.console.pages import Pages, static_headers
from bot.desk.bell import Bell
from bot.house import House
from bot.likeness import Likeness

_STATIC = Path(__file__).parent / "static"
_CHECKED_AT_ONCE = 2
_KINDS = {".css": "text/css", ".js": "text/javascript"}


def blueprint(house: House, bell: Bell, likeness: Likeness | None = None) -> Blueprint:
    """Build everything under /staff.

    Args:
        likeness: which missed questions say much the same; None leaves each alone.
    """
    pages = Pages(house.shelf.clinic)
    checking = asyncio.Semaphore(_CHECKED_AT_ONCE)
    together = likeness or Likeness(house.store)
    door = Door(Console(house, bell, pages, checking, together))
    for part in (
        staff,
        queue,
        live,
        conversation,
        transcript,
        handoff,
        booking,
        openings,
        pending,
        diary,
        diary_hours,
        diary_week,
        search,
        insights,
        misses,
        reviews,
        audit,
    ):
        part.add(door)
    for path in sorted(_STATIC.iterdir()):
        _serve(door, path)
    return door.routes


def _serve(door: Door, path: Path) -> None:
    async def static(_console: Console, _request: Request) -> HTTPResponse:
        return await file(
            path, mime_type=_KINDS[path.suffix], headers=dict(static_headers())
        )

    door.open_get(f"/static/{path.name}", static)
