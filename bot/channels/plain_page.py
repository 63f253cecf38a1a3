"""Renders the chat without JavaScript."""

from __future__ import annotations

import json
import uuid
from collections.abc import Collection, Sequence
from pathlib import Path
from typing import Any

from sanic import HTTPResponse
from sanic.response import html

from bot.channels.answers import Refusal
from bot.channels.widget_files import WIDGET
from bot.clinic.conversation import Message, asks, takes_over
from bot.clinic.profile import Clinic
from bot.desk.forgetting import Kept
from bot.look import pages

_HERE = Path(__file__).parent
_EXTRAS = (
    "buttons",
    "checklist",
    "hint",
    "card",
    "more",
    "progress",
    "sources",
    "reviewed_on",
)
_WORDS = json.loads((WIDGET / "strings.json").read_text("utf-8"))["en"]


class PlainPage:
    """One clinic's page; the same words as the widget's."""

    def __init__(self, clinic: Clinic) -> None:
        self._clinic = clinic
        templates = pages.environment(_HERE / "page")
        self._template = templates.get_template("plain.html")
        self._sorry = templates.get_template("plain_sorry.html")

    def show(
        self,
        messages: Sequence[Message],
        refusal: Refusal | None = None,
        typed: str = "",
        kept: Collection[Kept] | None = None,
    ) -> HTTPResponse:
        """Render a conversation, oldest message first.

        Args:
            refusal: why what was sent last is not among the messages.
            typed: what it was, so that nothing has to be typed twice.
            kept: what stayed of a conversation that was just deleted.
        """
        page = self._template.render(
            clinic=self._clinic,
            locale=self._clinic.locale,
            title=_WORDS["panel"].replace("{clinic}", self._clinic.name),
            words=_WORDS,
            messages=[_view(one) for one in messages],
            open=open_question(messages),
            waits=bool(messages) and messages[-1].author == "visitor",
            form_id=uuid.uuid4,
            problem=refusal.message if refusal else "",
            typed=typed,
            note="" if kept is None else _told(kept),
        )
        return _answer(page, refusal)

    def sorry(
        self, refusal: Refusal, action: str, fields: Sequence[tuple[str, str]]
    ) -> HTTPResponse:
        """Render a failure of ours, and the form to send the same once more.

        Args:
            action: where it was sent.
            fields: what was sent, with the form's own id: it is heard once, also
                where it was stored before this went wrong.
        """
        page = self._sorry.render(
            clinic=self._clinic,
            locale=self._clinic.locale,
            title=_WORDS["panel"].replace("{clinic}", self._clinic.name),
            words=_WORDS,
            problem=refusal.message if refusal.status < 500 else "",
            action=action,
            fields=[(name, value) for name, value in fields if name != "text"],
            typed=dict(fields).get("text", ""),
        )
        return _answer(page, refusal)


def _answer(page: str, refusal: Refusal | None) -> HTTPResponse:
    headers = {"Content-Security-Policy": pages.POLICY, "Cache-Control": "no-store"}
    if refusal and refusal.retry_after:
        headers["Retry-After"] = str(refusal.retry_after)
    return html(page, status=refusal.status if refusal else 200, headers=headers)


def open_question(messages: Sequence[Message]) -> int | None:
    """Return the number of the message that can be answered, the newest one only."""
    last = next((one for one in reversed(messages) if takes_over(one)), None)
    return last.seq if last and asks(last) else None


def _view(message: Message) -> dict[str, Any]:
    """Return a message with every part that the page asks for."""
    parts = {name: message.extras.get(name) for name in _EXTRAS}
    emergency = (parts["card"] or {}).get("kind") == "emergency"
    urgent = emergency or message.extras.get("urgent")
    lines = (parts["hint"] or {}).get("lines", [])
    text = message.text.removesuffix("\n" + "\n".join(lines)) if lines else message.text
    return {
        **parts,
        "seq": message.seq,
        "author": message.author,
        "who": _who(message),
        "word": "emergency" if emergency else "urgent" if urgent else "",
        "lines": lines,
        "text": text,
    }


def _who(message: Message) -> str:
    if message.author == "staff" and message.name:
        return str(_WORDS["staffNamed"]).replace("{name}", message.name)
    names = {"visitor": "you", "assistant": "assistant", "staff": "staff"}
    return str(_WORDS.get(names.get(message.author, ""), ""))


def _told(kept: Collection[Kept]) -> str:
    own = _WORDS["yoursWords"]
    return " ".join([own["forgotten"], *(own[f"kept{one.title()}"] for one in kept)])
