"""A clinic of the real files and an empty record, for the actions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from actions.request import _request
from bot.house import House, Shelf, load_shelf
from bot.settings import Settings, load
from bot.store.migrate import migrate
from bot.store.unit import Store
from tests.actions.chat import Chat


@pytest.fixture
def chat(tmp_path: Path, now: datetime) -> Iterator[Chat]:
    """Let a visitor begin at a clinic where visitors book by themselves."""
    yield from chat_at("edmonton", tmp_path, now)


@pytest.fixture
def chat_by_request(tmp_path: Path, now: datetime) -> Iterator[Chat]:
    """Let a visitor begin at a clinic where staff arrange the visits."""
    yield from chat_at("new_york", tmp_path, now)


@pytest.fixture
def asked(chat_by_request: Chat) -> Chat:
    """A visitor whose request waits for staff."""
    turn = chat_by_request.press(
        "/confirm",
        requested_times="mondays after 4",
        requested_reason="",
        visitor_name="Bo Ray",
        visitor_phone="+12125550142",
    )
    _request(turn)
    return chat_by_request


def chat_at(clinic: str, folder: Path, now: datetime) -> Iterator[Chat]:
    """Let a visitor begin at one of the clinics."""
    settings = replace(load(), clinic=clinic, data_dir=folder)
    url = f"sqlite:///{folder / 'meridian.db'}"
    migrate(url)
    store = Store(url)
    yield Chat(House(settings, _shelf(settings), store), now)
    store.close()


_SHELVES: dict[str, Shelf] = {}


def _shelf(settings: Settings) -> Shelf:
    """Read a clinic's files once."""
    if settings.clinic not in _SHELVES:
        _SHELVES[settings.clinic] = load_shelf(settings)
    return _SHELVES[settings.clinic]
