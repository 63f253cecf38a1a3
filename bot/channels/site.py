"""The clinic's page, the widget's script, and the description of the chat API."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import jinja2
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import file, html, json

from bot.channels.openapi import OPENAPI
from bot.clinic.profile import Clinic

_HERE = Path(__file__).parent
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'"
)


def blueprint(clinic: Clinic, facts: Mapping[str, str]) -> Blueprint:
    """Build `/`, its style sheet, the widget and `/openapi.json`."""
    routes = Blueprint("site")
    pages = jinja2.Environment(
        loader=jinja2.FileSystemLoader(_HERE / "page"), autoescape=True
    )
    page = pages.get_template("index.html").render(clinic=clinic, facts=facts)

    @routes.get("/")
    async def index(_request: Request) -> HTTPResponse:
        return html(page, headers={"Content-Security-Policy": _POLICY})

    @routes.get("/page/style.css")
    async def style(_request: Request) -> HTTPResponse:
        return await file(_HERE / "page" / "style.css", mime_type="text/css")

    @routes.get("/widget/meridian.js")
    async def widget(_request: Request) -> HTTPResponse:
        return await file(_HERE / "widget" / "meridian.js", mime_type="text/javascript")

    @routes.get("/openapi.json")
    async def openapi(_request: Request) -> HTTPResponse:
        return json(OPENAPI)

    return routes
