"""The clinic's page, the widget's files, and the description of the chat API."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import html, json

from bot.channels.openapi import OPENAPI
from bot.channels.served import Served
from bot.channels.widget_files import widget_files
from bot.clinic.errors import NotFound
from bot.clinic.profile import Clinic
from bot.look import accent, pages

_HERE = Path(__file__).parent
_STYLE = "text/css; charset=utf-8"


def blueprint(
    clinic: Clinic, facts: Mapping[str, str], folder: Path, telegram: bool
) -> Blueprint:
    """Build `/`, the style sheets, the widget and `/openapi.json`.

    Args:
        folder: the clinic's own, where its logo is.
        telegram: whether the clinic has a bot.
    """
    routes = Blueprint("site")
    templates = pages.environment(_HERE / "page")
    page = templates.get_template("index.html").render(clinic=clinic, facts=facts)
    theme = accent.rules(clinic.website.accent, ":root")
    look = Served((pages.STYLE.read_text("utf-8") + theme).encode(), _STYLE)
    styles = {
        path.name: Served(path.read_bytes(), _STYLE)
        for path in (_HERE / "page").glob("*.css")
    }
    files = widget_files(clinic, folder, telegram)
    policy = pages.framed_by(clinic.website.origins)

    @routes.get("/")
    async def index(_request: Request) -> HTTPResponse:
        return html(page, headers={"Content-Security-Policy": policy})

    @routes.get("/look.css")
    async def show_look(request: Request) -> HTTPResponse:
        return look.answer(request)

    @routes.get("/page/<name:str>")
    async def show_style(request: Request, name: str) -> HTTPResponse:
        return _found(styles, name).answer(request)

    @routes.get("/widget/<name:str>")
    async def show_widget(request: Request, name: str) -> HTTPResponse:
        return _found(files, name).answer(request)

    @routes.get("/openapi.json")
    async def openapi(_request: Request) -> HTTPResponse:
        return json(OPENAPI)

    return routes


def _found(files: Mapping[str, Served], name: str) -> Served:
    if name not in files:
        raise NotFound("There is no such file here.")
    return files[name]
