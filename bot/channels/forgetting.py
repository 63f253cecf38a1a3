"""The chat API: delete a conversation."""

from __future__ import annotations

import asyncio
from datetime import datetime

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from bot.channels.answers import Refusal
from bot.channels.chat import Chat, allow, enter
from bot.clock import utc_now
from bot.desk.forgetting import Forgotten, StillNeeded, forget_visitor

STILL_NEEDED = (
    "Something here sounded urgent, and a person at the clinic looks after it. "
    "This chat can be deleted when they have finished."
)


def blueprint(chat: Chat) -> Blueprint:
    """Build `DELETE /chat/conversations`."""
    routes = Blueprint("forgetting", url_prefix="/chat")

    @routes.delete("/conversations")
    async def forget(request: Request) -> HTTPResponse:
        conversation_id = await enter(chat, request)
        allow(chat.messages, conversation_id)
        result = await asyncio.to_thread(delete, chat, conversation_id, utc_now())
        if isinstance(result, StillNeeded):
            raise Refusal(409, STILL_NEEDED)
        return json({"kept": list(result.kept)})

    return routes


def delete(chat: Chat, conversation_id: str, now: datetime) -> Forgotten | StillNeeded:
    """Delete one conversation, and tell who has it open; see `bot.desk.forgetting`."""
    with chat.store.unit() as unit:
        result = forget_visitor(
            unit, conversation_id, chat.protocol, chat.forgotten, now
        )
    chat.bell.ring_from_thread(conversation_id)
    return result
