"""The calendar file of a whole course, behind a signed link that opens nothing else."""

from __future__ import annotations

import asyncio

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import raw, text

from bot.clinic.booking import AHEAD
from bot.clinic.errors import NotAllowed
from bot.clock import utc_now
from bot.desk.letter_words import Stationery
from bot.ics import visit_file
from bot.store.unit import Store
from bot.tokens import Tokens

_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}
_GONE = "This link leads nowhere any more. Please ask us in the chat, or call us."


def blueprint(store: Store, paper: Stationery, tokens: Tokens) -> Blueprint:
    """Build `/courses/TOKEN/visits.ics`."""
    routes = Blueprint("courses", url_prefix="/courses")

    def file(token: str) -> bytes | None:
        try:
            course_id = tokens.read(token)
        except NotAllowed:
            return None
        with store.reading() as unit:
            visits = unit.bookings.of_course(course_id)
        standing = [one for one in visits if one.status in AHEAD]
        return visit_file(paper, standing, utc_now()) if standing else None

    @routes.get("/<token:str>/visits.ics")
    async def show(_request: Request, token: str) -> HTTPResponse:
        content = await asyncio.to_thread(file, token)
        if content is None:
            return text(_GONE, status=404, headers=_HEADERS)
        return raw(
            content,
            content_type="text/calendar; charset=utf-8",
            headers={
                **_HEADERS,
                "Content-Disposition": 'attachment; filename="visits.ics"',
            },
        )

    return routes
