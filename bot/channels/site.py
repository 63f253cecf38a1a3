"""The clinic's page, the widget's script, and the description of the chat API."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import file, html, json

from bot.channels.openapi import OPENAPI
from bot.clinic.profile import Clinic
from bot.look import pages

_HERE = Path(__file__).parent


def blueprint(clinic: Clinic, facts: Mapping[str, str]) -> Blueprint:
    """Build `/`, the style sheets, the widget and `/openapi.json`."""
    routes = Blueprint("site")
    templates = pages.environment(_HERE / "page")
    page = templates.get_template("index.html").render(clinic=clinic, facts=facts)

    @routes.get("/")
    async def index(_request: Request) -> HTTPResponse:
        return html(page, headers={"Content-Security-Policy": pages.POLICY})

    @routes.get("/look.css")
    async def look(_request: Request) -> HTTPResponse:
        return await file(pages.STYLE, mime_type="text/css")

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
