"""Practitioners' calendar feeds: read-only, at an address that nobody can guess."""

from __future__ import annotations

import asyncio
import hashlib

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, raw

from bot.clinic.profile import Clinic
from bot.clock import utc_now
from bot.desk.feeds import visits_of_feed
from bot.ics import feed
from bot.store.unit import Store

_HEADERS = {"Cache-Control": "private, no-cache", "X-Robots-Tag": "noindex"}


def blueprint(store: Store, clinic: Clinic) -> Blueprint:
    """Build `/feeds/KEY.ics`."""
    routes = Blueprint("feeds")

    def read(key: str) -> bytes:
        now = utc_now()
        with store.reading() as unit:
            return feed(clinic, visits_of_feed(unit, clinic, key, now), now)

    @routes.get("/feeds/<name:str>")
    async def show(request: Request, name: str) -> HTTPResponse:
        content = await asyncio.to_thread(read, name.removesuffix(".ics"))
        # Programs ask again and again; most of the time nothing has changed.
        tag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
        headers = {**_HEADERS, "ETag": tag}
        if request.headers.get("if-none-match") == tag:
            return empty(status=304, headers=headers)
        return raw(
            content, content_type="text/calendar; charset=utf-8", headers=headers
        )

    return routes
