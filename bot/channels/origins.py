"""Which websites may show the chat: the clinic's own list, and nobody else."""

from __future__ import annotations

from collections.abc import Collection

from sanic import HTTPResponse, Request, Sanic
from sanic.response import empty

from bot.channels.answers import Refusal

_CHAT = "/chat/"
_ASKED_AGAIN_SECONDS = 7200  # browsers remember a permission no longer than that


def allow_origins(app: Sanic, origins: Collection[str]) -> None:
    """Let browsers on the listed websites use the chat API (CORS).

    The desk's own pages need no permission, and programs that are no browsers send
    no origin. A token is needed everywhere.
    """

    @app.on_request
    async def let_in(request: Request) -> HTTPResponse | None:
        if not _is_chat(request):
            return None
        if request.method == "OPTIONS":
            return empty()  # a browser asks first; the headers below are the answer
        # Without this a page of anybody's could begin conversations, unread.
        foreign = request.headers.get("sec-fetch-site") == "cross-site"
        if foreign and _origin(request) not in origins:
            raise Refusal(403, "This website is not on the clinic's list.")
        return None

    @app.on_response
    async def permit(request: Request, response: HTTPResponse) -> None:
        if not _is_chat(request):
            return
        response.headers["Vary"] = "Origin"
        if _origin(request) in origins:
            response.headers.update(
                {
                    "Access-Control-Allow-Origin": _origin(request),
                    "Access-Control-Allow-Methods": "GET, POST, DELETE",
                    "Access-Control-Allow-Headers": (
                        "Authorization, Content-Type, Last-Event-ID"
                    ),
                    "Access-Control-Expose-Headers": "Retry-After",
                    "Access-Control-Max-Age": str(_ASKED_AGAIN_SECONDS),
                }
            )


def _is_chat(request: Request) -> bool:
    return bool(request.path.startswith(_CHAT))


def _origin(request: Request) -> str:
    return str(request.headers.get("origin", "")).lower()
