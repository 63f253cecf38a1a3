"""Loads what is said on Telegram about Telegram, from data/telegram.yml."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import get_args

from bot.clinic.profile import HealthByTelegram
from bot.content.files import Document, build, read

COMMANDS = ("start", "book", "visit", "person", "page", "stop", "help")
_FILLED_LATER = {"what": "{what}", "bot": "{bot}", "sources": "{sources}"}
_LATER = {**_FILLED_LATER, "date": "{date}"}


@dataclass(frozen=True)
class Entry:
    """One command: what the menu shows, and what is heard when it is chosen."""

    menu: str
    heard: str


@dataclass(frozen=True)
class TelegramWords:
    """The texts of data/telegram.yml, with the clinic's facts filled in.

    Args:
        welcome_health: follows the welcome, by the clinic's `health_by_telegram`.
        cannot_open: takes `what`.
        groups: takes `bot`, its name on Telegram.
        chosen: takes `what`.
        sources: takes `sources`.
        checked: takes `date`.
        things: kind of message to its name.
        commands: name of the command to its entry.
    """

    welcome: str
    welcome_health: dict[HealthByTelegram, str]
    health_by_link: str
    health_off: str
    page: str
    open_page: str
    joined: str
    bad_link: str
    cannot_open: str
    unknown_command: str
    groups: str
    dead_button: str
    tick_something: str
    done: str
    chosen: str
    calendar: str
    sources: str
    checked: str
    things: dict[str, str]
    commands: dict[str, Entry]

    def thing(self, kind: str) -> str:
        """Name a kind of message."""
        return self.things.get(kind, self.things["other"])


def load(path: Path, facts: Mapping[str, str]) -> TelegramWords:
    """Load the words for one clinic.

    Raises:
        BadContent: a text is missing, or needs a fact that the clinic does not give.
    """
    document = read(path)
    told = {
        key: _filled(document, [key], value, facts) if isinstance(value, str) else value
        for key, value in document.data.items()
    }
    words = build(TelegramWords, document, told)
    for policy in get_args(HealthByTelegram):
        if policy not in words.welcome_health:
            raise document.bad(["welcome_health"], f"{policy!r} is missing")
    by_policy = {
        policy: _filled(document, ["welcome_health", policy], text, facts)
        for policy, text in words.welcome_health.items()
    }
    words = replace(words, welcome_health=by_policy)
    if "other" not in words.things:
        raise document.bad(["things"], "`other` is needed, for what is not listed")
    for name in COMMANDS:
        if name not in words.commands:
            raise document.bad(["commands"], f"the command {name!r} is missing")
    for name in words.commands:
        if name not in COMMANDS:
            raise document.bad(["commands", name], "there is no such command")
    return words


def _filled(
    document: Document, key: list[str], text: str, facts: Mapping[str, str]
) -> str:
    try:
        return text.format_map({**facts, **_LATER})
    except (KeyError, ValueError, IndexError) as unknown:
        raise document.bad(key, f"the clinic's profile has no {unknown}") from None
