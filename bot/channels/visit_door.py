"""Lets the holder of a visit's signed link in, and renders what they see."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from sanic import HTTPResponse, Request
from sanic.response import html, redirect

from bot.clinic.booking import AHEAD, Appointment
from bot.clinic.errors import NotAllowed
from bot.clock import utc_now
from bot.desk.letter_words import Stationery
from bot.desk.telling import rows
from bot.look import pages
from bot.store.unit import Store, Unit
from bot.tokens import Tokens

HERE = Path(__file__).parent / "visits"
HEADERS = {
    "Content-Security-Policy": pages.POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
}


Stage = Literal["ahead", "pending", "cancelled", "begun"]


@dataclass(frozen=True)
class VisitPages:
    """What the pages work with."""

    store: Store
    paper: Stationery
    tokens: Tokens


@dataclass(frozen=True)
class Caller:
    """Who holds the link, and what is behind it."""

    desk: Door
    visit: Appointment
    token: str
    request: Request
    now: datetime

    @property
    def stage(self) -> Stage:
        """Say what can still be done with the visit."""
        if self.visit.status == "cancelled":
            return "cancelled"
        if self.visit.status not in AHEAD or self.visit.starts_at <= self.now:
            return "begun"
        return "pending" if self.visit.status == "pending" else "ahead"

    def field(self, name: str) -> str:
        """Return one field of the sent form, "" where it was left out."""
        return str((self.request.form or {}).get(name) or "")

    @property
    def outdated(self) -> bool:
        """Tell whether the visit has changed since the form was made."""
        return self.field("sequence") != str(self.visit.sequence)

    @property
    def late(self) -> bool:
        """Tell whether a change now is late, and the clinic's terms say of it."""
        return self.visit.late_terms_count(self.desk.here.paper.clinic.policy, self.now)

    @property
    def knows_terms(self) -> bool:
        """Tell whether the form was made under the terms of late changes."""
        return self.field("late") == "True"

    def show(self, template: str, status: int = 200, **values: Any) -> HTTPResponse:
        """Render a page about the visit."""
        return self.desk.show(
            template,
            status,
            visit=self.visit,
            stage=self.stage,
            here=f"/visits/{self.token}",
            late=self.late,
            rows=rows(self.desk.here.paper.clinic, self.visit, self.now),
            **{"told": "", "refused": "", **values},
        )

    def back(self, told: str = "") -> HTTPResponse:
        """Send the browser to the visit's page, so that a reload repeats no deed."""
        query = f"?told={told}" if told else ""
        return redirect(f"/visits/{self.token}{query}", headers=HEADERS, status=303)


Page = Callable[[Unit, Caller], HTTPResponse]


class Door:
    """Lets the holder of a link in, and renders what they see."""

    def __init__(self, here: VisitPages) -> None:
        self.here = here
        self._templates = pages.environment(HERE)
        self._templates.globals.update(clinic=here.paper.clinic, paper=here.paper)

    async def answer(self, token: str, page: Page, request: Request) -> HTTPResponse:
        """Answer a request; a link that is none gets a page that helps on."""
        response = await asyncio.to_thread(self._answer, token, page, request)
        return response or self.show("unknown.html", 404)

    def show(self, template: str, status: int, **values: Any) -> HTTPResponse:
        """Render a page that anybody may see."""
        text = self._templates.get_template(template).render(values)
        return html(text, status=status, headers=dict(HEADERS))

    def _answer(self, token: str, page: Page, request: Request) -> HTTPResponse | None:
        try:
            visit_id = self.here.tokens.read(token)
        except NotAllowed:
            return None
        looking = request.method == "GET"
        unit_of = self.here.store.reading if looking else self.here.store.unit
        with unit_of() as unit:
            visit = unit.bookings.get(visit_id)
            if visit is None or visit.status == "held":
                return None
            if not looking and unit.conversations.lock(visit.conversation_id):
                visit = unit.bookings.get(visit_id) or visit
            caller = Caller(self, visit, token, request, utc_now())
            return page(unit, caller)
