"""What a visitor told us, as a page to read and print, behind a signed link."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

import jinja2
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import html

from bot.clinic.brief import groups, pain
from bot.clinic.contacts import fill
from bot.clinic.errors import NotAllowed
from bot.clinic.progress import Told
from bot.clinic.screened import VALID, Screening
from bot.clinic.when import say_moment
from bot.clock import utc_now
from bot.desk.progress import pain_over_visits
from bot.desk.screening import as_said
from bot.house import House
from bot.look import pages, plot
from bot.tokens import Tokens

PURPOSE = "answers"
"""What the token in the link opens, and the path it stands under."""

_HEADERS = {
    "Content-Security-Policy": pages.POLICY,
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}


def blueprint(house: House) -> Blueprint:
    """Build `/answers/TOKEN`; nothing but the token stands in the address."""
    routes = Blueprint("told", url_prefix=f"/{PURPOSE}")
    tokens = Tokens(house.settings.secret, VALID.days, PURPOSE)
    templates = pages.environment(Path(__file__).parent / "page")

    @routes.get("/<token:str>")
    async def show(_request: Request, token: str) -> HTTPResponse:
        page = await asyncio.to_thread(
            _page, house, tokens, templates, token, utc_now()
        )
        if page is None:
            gone = templates.get_template("gone.html").render(clinic=house.shelf.clinic)
            return html(gone, status=404, headers=_HEADERS)
        return html(page, headers=_HEADERS)

    return routes


def _page(
    house: House,
    tokens: Tokens,
    templates: jinja2.Environment,
    token: str,
    now: datetime,
) -> str | None:
    """Return the page, or None where the link opens nothing any more."""
    try:
        screening_id = tokens.read(token)
    except NotAllowed:
        return None
    with house.store.reading() as unit:
        screening = unit.screenings.get(screening_id)
        if screening is None or not screening.answers:
            return None
        told = pain_over_visits(unit, screening.conversation_id, now)
    return _render(house, templates, screening, told, now)


def _render(
    house: House,
    templates: jinja2.Environment,
    screening: Screening,
    told: Sequence[Told],
    now: datetime,
) -> str:
    clinic, protocol = house.shelf.clinic, house.shelf.protocol
    answered = screening.ended_at or screening.started_at
    said = [
        fill(protocol.messages[key], protocol.contacts)
        for key in screening.messages
        if key in protocol.messages
    ]
    return templates.get_template("answers.page.html").render(
        clinic=clinic,
        answered=say_moment(answered, clinic.zone, now, clinic.locale),
        finished=screening.status == "completed",
        said=as_said(protocol, screening, said),
        pain=pain(protocol.questionnaire, screening.answers),
        plot=plot.values(told if len(told) > 1 else (), clinic, now),
        groups=groups(protocol.questionnaire, screening.answers, screening.asked),
    )
