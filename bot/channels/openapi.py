"""The chat API in OpenAPI's words, served at /openapi.json."""

from __future__ import annotations

from typing import Any

from bot.clinic.conversation import MAX_TEXT_CHARACTERS


def _object(required: list[str], **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties}


def _list(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


def _ref(name: str) -> dict[str, Any]:
    return {"$ref": f"#/components/schemas/{name}"}


def _answer(description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {
        "description": description,
        "content": {"application/json": {"schema": schema}},
    }


def _errors(*statuses: int) -> dict[str, Any]:
    return {str(status): _answer("Refused", _ref("Error")) for status in statuses}


_TEXT = {"type": "string"}
_WHOLE = {"type": "integer", "minimum": 0}
_MOMENT = {"type": "string", "format": "date-time"}
_UUID = {"type": "string", "format": "uuid"}
_BUTTON = _object(["id", "label"], id=_TEXT, label=_TEXT)

_MESSAGE = _object(
    ["seq", "author", "text", "at"],
    seq=_WHOLE,
    author={"enum": ["visitor", "assistant", "staff", "system"]},
    name=_TEXT,
    text=_TEXT,
    buttons=_list(_ref("Button")),
    checklist=_object(
        ["options"],
        options=_list(_ref("Button")),
        none_id={"type": "string", "nullable": True},
    ),
    card=_object(
        ["kind", "title"],
        kind={"type": "string", "description": "appointment, emergency ..."},
        title=_TEXT,
        rows=_list(_list(_TEXT)),
        links=_list(_object(["label", "href"], label=_TEXT, href=_TEXT)),
        calendar_url={"type": "string", "description": "An .ics file of the visit."},
    ),
    hint=_ref("Hint"),
    urgent={"type": "boolean"},
    health={"type": "boolean"},
    progress=_list({"type": "integer"}),
    more=_object(["label", "text"], label=_TEXT, text=_TEXT),
    topic=_TEXT,
    sources=_list({"type": "object"}),
    reviewed_on={"type": "string", "format": "date"},
    at=_MOMENT,
)

_KEY = _object(["conversation", "token"], conversation=_UUID, token=_TEXT)

_HINT = {
    **_object(
        ["kind"],
        kind={"enum": ["scale", "body_map", "openings"]},
        parts=_list({}),
        lines=_list(_TEXT),
    ),
    "description": (
        "How the answer may be asked for with more than plain buttons; whoever does "
        "not know it shows text and buttons, and the answer is the same. "
        "`scale`: numbers from 0 to 10 as buttons, or with `lines` one number a line, "
        "answered as text such as `4, 2, 3`. "
        "`body_map`: `parts` names the place on the body that each button stands for. "
        "`openings`: `parts` gives day, time and practitioner of each button; buttons "
        "beyond it are no openings."
    ),
}

_SAY = {
    **_object(
        ["client_id"],
        client_id=_UUID,
        text={"type": "string", "maxLength": MAX_TEXT_CHARACTERS},
        choice=_TEXT,
        choices=_list(_TEXT),
    ),
    "description": "client_id and exactly one of text, choice, choices.",
}

OPENAPI: dict[str, Any] = {
    "openapi": "3.0.3",
    "info": {"title": "Meridian chat API", "version": "1"},
    "components": {
        "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        "schemas": {
            "Button": _BUTTON,
            "Message": _MESSAGE,
            "Hint": _HINT,
            "Say": _SAY,
            "Error": _object(
                ["error"], error=_object(["code", "message"], code=_TEXT, message=_TEXT)
            ),
        },
    },
    "paths": {
        "/chat/conversations": {
            "post": {
                "summary": "Begin a conversation; the token is the only way in.",
                "responses": {
                    "201": _answer("Begun", _KEY),
                    **_errors(403, 429, 503),
                },
            },
            "delete": {
                "summary": "Delete what was said, for good.",
                "description": (
                    "Messages, buttons, held times and answers to safety questions "
                    "go. `kept` names what stays: an `appointment` or a `request` for "
                    "one, with name, number and the answers that a visit rests on; a "
                    "`lock` on booking until staff release it, without answers. "
                    "The token opens nothing after that: 401, also here. "
                    "409 while a person looks after something urgent in it."
                ),
                "security": [{"token": []}],
                "responses": {
                    "200": _answer(
                        "Deleted",
                        _object(
                            ["kept"],
                            kept=_list({"enum": ["appointment", "request", "lock"]}),
                        ),
                    ),
                    **_errors(401, 403, 409, 429, 503),
                },
            },
        },
        "/chat/continue": {
            "post": {
                "summary": "Go on here with a conversation from another channel.",
                "description": (
                    "The pass is what stands after `/c/` in a link that Telegram "
                    "showed. It is good once and for a day; 401 after that."
                ),
                "requestBody": {
                    "required": True,
                    "content": {
                        "application/json": {
                            "schema": _object(["pass"], **{"pass": _TEXT})
                        }
                    },
                },
                "responses": {
                    "200": _answer("The key to the conversation", _KEY),
                    **_errors(400, 401, 422, 429, 503),
                },
            }
        },
        "/chat/telegram": {
            "post": {
                "summary": "Make a link to go on with the conversation in Telegram.",
                "description": (
                    "The link is good once and for a day. 404 where the clinic has no "
                    "bot. Ask for it only when the visitor wishes to go."
                ),
                "security": [{"token": []}],
                "responses": {
                    "200": _answer("The link", _object(["link"], link=_TEXT)),
                    **_errors(401, 404, 429, 503),
                },
            }
        },
        "/chat/next": {
            "get": {
                "summary": "When the next free visit begins.",
                "description": (
                    "By the clinic's own clock, with its offset; null where visitors "
                    "cannot book one. A minute old at most. Needs no token."
                ),
                "responses": {
                    "200": _answer(
                        "The time",
                        _object(["at"], at={**_MOMENT, "nullable": True}),
                    ),
                    **_errors(403, 503),
                },
            }
        },
        "/chat/messages": {
            "post": {
                "summary": "Say something. The same client_id is stored once.",
                "security": [{"token": []}],
                "requestBody": {
                    "required": True,
                    "content": {"application/json": {"schema": _ref("Say")}},
                },
                "responses": {
                    "202": _answer("Stored", _object(["seq"], seq=_WHOLE)),
                    **_errors(400, 401, 413, 415, 422, 429, 503),
                },
            },
            "get": {
                "summary": "Read the messages after a number.",
                "security": [{"token": []}],
                "parameters": [{"name": "after", "in": "query", "schema": _WHOLE}],
                "responses": {
                    "200": _answer(
                        "Messages, oldest first, 500 at most",
                        _object(["messages"], messages=_list(_ref("Message"))),
                    ),
                    **_errors(401, 422, 429, 503),
                },
            },
        },
        "/chat/events": {
            "get": {
                "summary": "Watch: `message` events (id = seq) and `typing` events.",
                "description": (
                    "Eight streams of one conversation stay open; one more ends the "
                    "oldest. Read again from the last number where one ends."
                ),
                "security": [{"token": []}],
                "parameters": [
                    {"name": "Last-Event-ID", "in": "header", "schema": _WHOLE}
                ],
                "responses": {
                    "200": {
                        "description": "Server-sent events",
                        "content": {"text/event-stream": {"schema": _TEXT}},
                    },
                    **_errors(401, 422, 429, 503),
                },
            }
        },
    },
}
