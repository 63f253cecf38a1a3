"""The shapes of the chat API's answers: messages, and errors that say what to do."""

from __future__ import annotations

import logging
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.exceptions import SanicException, ServiceUnavailable
from sanic.response import json

from bot.clinic.conversation import Message
from bot.clinic.errors import MeridianError, NotAllowed, NotFound
from bot.logs import told

logger = logging.getLogger(__name__)

_CODES = {
    400: "bad_request",
    401: "unauthorised",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    408: "timeout",
    409: "conflict",
    413: "too_large",
    415: "not_json",
    417: "bad_request",
    422: "not_understood",
    429: "too_many",
    503: "unavailable",
}


class Refusal(Exception):
    """The request is refused, with a status of the contract.

    Args:
        status: an HTTP status of `_CODES`.
        message: one plain sentence for whoever wrote the client.
        retry_after: whole seconds, for 429 and 503.
    """

    def __init__(
        self, status: int, message: str, retry_after: int | None = None
    ) -> None:
        super().__init__(message)
        self.status, self.message, self.retry_after = status, message, retry_after


def as_json(message: Message) -> dict[str, Any]:
    """Return a message as the contract shows it."""
    body: dict[str, Any] = {
        "seq": message.seq,
        "author": message.author,
        "text": message.text,
        **message.extras,
        "at": message.at.isoformat().replace("+00:00", "Z"),
    }
    if message.name:
        body["name"] = message.name
    return body


def error(status: int, message: str, retry_after: int | None = None) -> HTTPResponse:
    """Return an error as the contract shows it."""
    headers = {"Retry-After": str(retry_after)} if retry_after else None
    code = _CODES.get(status, "error")
    return json(
        {"error": {"code": code, "message": message}}, status=status, headers=headers
    )


def _hung_up(fault: Exception) -> bool:
    """Say whether there is nobody left to answer; that is no failure of ours."""
    if isinstance(fault, ServiceUnavailable):
        return str(fault) == "Cancelled"  # Sanic's word for a closed connection
    return isinstance(fault, ConnectionError)


def refusal_of(request: Request, fault: Exception) -> Refusal:
    """Turn any failure into one of the contract; what is ours is logged."""
    if isinstance(fault, Refusal):
        return fault
    if isinstance(fault, NotAllowed):
        return Refusal(401, str(fault))
    if isinstance(fault, NotFound):
        return Refusal(404, str(fault))
    if isinstance(fault, SanicException) and fault.status_code < 500:
        return Refusal(fault.status_code, str(fault))
    if isinstance(fault, MeridianError):
        return Refusal(409, str(fault))
    if _hung_up(fault):
        logger.info("the caller hung up at %s", request.path)
    else:
        # The path carries no words of the visitor; the failure's message might.
        logger.error("failed at %s: %s", request.path, told(fault))
    return Refusal(503, "Something went wrong here. Please try again.", 5)


def answer_errors(app: Sanic) -> None:
    """Answer every failure with the contract's error, once, at the edge."""

    @app.exception(Exception)
    async def on_failure(request: Request, fault: Exception) -> HTTPResponse:
        refusal = refusal_of(request, fault)
        return error(refusal.status, refusal.message, refusal.retry_after)
