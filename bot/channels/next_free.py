"""The next free time, for a website that shows it on the chat's button."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from bot.clinic.profile import Clinic
from bot.clinic.wish import Wish
from bot.desk.openings import offer
from bot.store.unit import Store

_FRESH = timedelta(minutes=1)


class NextFree:
    """Knows the soonest opening, looked up once a minute at most.

    Every visitor of every page may ask: the diary must not notice.

    Args:
        clock: aware UTC.
    """

    def __init__(
        self, store: Store, clinic: Clinic, clock: Callable[[], datetime]
    ) -> None:
        self._store, self._clinic, self._clock = store, clinic, clock
        self._known: datetime | None = None
        self._until: datetime | None = None
        self._looking = asyncio.Lock()

    async def at(self) -> datetime | None:
        """Return when it begins, aware UTC; None where visitors cannot book one."""
        if not self._clinic.policy.self_booking:
            return None
        async with self._looking:
            now = self._clock()
            if self._until is None or now >= self._until:
                self._known = await asyncio.to_thread(self._look, now)
                self._until = now + _FRESH
        return self._known

    def _look(self, now: datetime) -> datetime | None:
        with self._store.reading() as unit:
            found = offer(unit, self._clinic, Wish(), now, count=1)
        return found[0].starts_at if found else None


def blueprint(next_free: NextFree, clinic: Clinic) -> Blueprint:
    """Build `GET /chat/next`."""
    routes = Blueprint("next_free", url_prefix="/chat")

    @routes.get("/next")
    async def show(_request: Request) -> HTTPResponse:
        at = await next_free.at()
        told = at.astimezone(clinic.zone).isoformat() if at else None
        age = int(_FRESH.total_seconds())
        return json({"at": told}, headers={"Cache-Control": f"max-age={age}"})

    return routes
