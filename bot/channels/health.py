"""Alive, ready (each part named), and figures for Prometheus."""

from __future__ import annotations

import asyncio

import httpx
import sqlalchemy as sa
from prometheus_client import CONTENT_TYPE_LATEST, REGISTRY, generate_latest
from sanic import Blueprint, HTTPResponse, Request, Sanic
from sanic.response import json, raw

from bot.assistant import RasaAssistant
from bot.channels.rounds import Rounds
from bot.store.unit import Store


def blueprint(
    store: Store, assistant: RasaAssistant, actions_url: str, rounds: Rounds
) -> Blueprint:
    """Build /healthz, /readyz and /metrics."""
    routes = Blueprint("health")
    actions = httpx.AsyncClient(base_url=actions_url, timeout=2.0)

    @routes.before_server_stop
    async def hang_up(_app: Sanic, _loop: object) -> None:
        await actions.aclose()

    @routes.get("/healthz")
    async def alive(_request: Request) -> HTTPResponse:
        return json({"alive": True})

    @routes.get("/readyz")
    async def ready(_request: Request) -> HTTPResponse:
        database, brain, hands = await asyncio.gather(
            asyncio.to_thread(_database_answers, store),
            assistant.ready(),
            _answers(actions),
        )
        parts = {"database": database, "assistant": brain, "actions": hands}
        all_ready = all(parts.values())
        # A round that fails keeps nobody from being answered, so it is only named.
        told = {"ready": all_ready, "parts": parts, "failing": rounds.failures}
        return json(told, status=200 if all_ready else 503)

    @routes.get("/metrics")
    async def metrics(_request: Request) -> HTTPResponse:
        return raw(generate_latest(REGISTRY), content_type=CONTENT_TYPE_LATEST)

    return routes


def _database_answers(store: Store) -> bool:
    try:
        with store.engine.connect() as connection:
            return connection.execute(sa.text("SELECT 1")).scalar_one() == 1
    except sa.exc.SQLAlchemyError:
        return False


async def _answers(actions: httpx.AsyncClient) -> bool:
    try:
        answer = await actions.get("/health")
    except httpx.HTTPError:
        return False
    return answer.status_code == httpx.codes.OK
