"""Asks the assistant through Rasa's stock REST channel."""

from __future__ import annotations

import asyncio
import json
from functools import cached_property
from typing import Any

import aiohttp

from bot.clinic.conversation import Choice, Said
from bot.desk.answering import Asked, AssistantAway

_TIMEOUT = aiohttp.ClientTimeout(total=20.0)
_GLANCE = aiohttp.ClientTimeout(total=2.0)
_SHOWN = (
    "card",
    "topic",
    "sources",
    "reviewed_on",
    "urgent",
    "progress",
    "more",
    "health",
    "hint",
)


class RasaAssistant:
    """One HTTP client for all conversations; implements the desk's `Assistant`."""

    def __init__(self, url: str, actions_url: str) -> None:
        self._url, self._actions_url = url, actions_url

    @cached_property
    def _client(self) -> aiohttp.ClientSession:
        # Made at the first call: it belongs to the loop that is running then.
        return aiohttp.ClientSession(timeout=_TIMEOUT)

    async def reply(self, asked: Asked) -> list[Said]:
        """Answer one message; see `bot.desk.answering.Assistant`."""
        try:
            async with self._client.post(
                f"{self._url}/webhooks/rest/webhook",
                json={
                    "sender": asked.sender,
                    "message": one_payload(asked.text),
                    "metadata": _beside(asked),
                },
                raise_for_status=True,
            ) as answer:
                replies = json.loads(await answer.read())
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as fault:
            raise AssistantAway(type(fault).__name__) from fault
        bodies = [body for reply in replies for body in _bodies(reply)]
        said = [said for body in bodies if (said := _said(body))]
        # Rasa goes silent when the action server is away; that will pass.
        if not said and not await self._answers(f"{self._actions_url}/health"):
            raise AssistantAway("actions")
        return said

    async def ready(self) -> bool:
        """Say whether a model is loaded and answers."""
        return await self._answers(f"{self._url}/")

    async def _answers(self, url: str) -> bool:
        try:
            async with self._client.get(url, timeout=_GLANCE) as answer:
                return answer.ok
        except (aiohttp.ClientError, asyncio.TimeoutError):
            return False

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()


def _beside(asked: Asked) -> dict[str, Any]:
    raised = {"raised": asked.raises} if asked.raises else {}
    changed = {"changed": True} if asked.changed else {}
    return {"seq": asked.seq, "seen": asked.seen, **changed, **raised}


def one_payload(text: str) -> str:
    """Join the payloads of several ticked boxes into one that Rasa understands.

    `/answer{"answer": "a"}` and `/answer{"answer": "b"}`, one a line, become
    `/answer{"answer": ["a", "b"]}`. Anything else passes as it is.
    """
    lines = text.split("\n")
    if len(lines) == 1 or not all(line.startswith("/") for line in lines):
        return text
    intent, _, _ = lines[0].partition("{")
    merged: dict[str, list[Any]] = {}
    for line in lines:
        _, brace, rest = line.partition("{")
        for name, value in json.loads(brace + rest or "{}").items():
            merged.setdefault(name, []).append(value)
    return intent + json.dumps(merged)


def _bodies(reply: dict[str, Any]) -> list[dict[str, Any]]:
    """Return the messages of a reply: one, or several in one."""
    several: list[dict[str, Any]] = (reply.get("custom") or {}).get("several") or []
    return several or [reply]


def _said(reply: dict[str, Any]) -> Said | None:
    """Read one message of Rasa's REST channel.

    Ours come whole under `custom`; stock `text` and `buttons` work as well.
    """
    body: dict[str, Any] = {**reply, **(reply.get("custom") or {})}
    text = str(body.get("text") or "").strip()
    if not text:
        return None
    checklist = body.get("checklist") or {}
    return Said(
        text=text,
        choices=_choices(body.get("buttons")),
        checklist=_choices(checklist.get("options")),
        none_of_these=checklist.get("none_payload"),
        extras={key: body[key] for key in _SHOWN if body.get(key)},
        answer_version=body.get("answer_version"),
        at_rest=bool(body.get("at_rest")),
        past_review=bool(body.get("past_review")),
    )


def _choices(buttons: list[dict[str, str]] | None) -> tuple[Choice, ...]:
    return tuple(
        Choice(label=button["title"], payload=button["payload"])
        for button in buttons or ()
    )
