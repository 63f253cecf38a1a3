"""Words a message for Telegram: plain text in parts, and buttons with opaque ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from babel.dates import format_date
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.clinic.conversation import Message
from bot.content.telegram import TelegramWords

MOST_UNITS = 4096
"""Telegram's own measure: UTF-16 code units in one message."""

DONE = "done:"
_TICKED, _OPEN = "\u2611 ", "\u2610 "
_ROW_CHARACTERS = 28
_ROW_BUTTONS = 6
_MOST_BUTTONS = 100
_MOST_LABEL = 100
_MOST_SOURCES = 3
_ENDS = (
    re.compile(r"\n\s*"),
    re.compile(r"(?<=[.!?\u0964\u3002])\s+"),
    re.compile(r"\s+"),
)


@dataclass(frozen=True)
class Letter:
    """One Telegram message.

    Args:
        row: number of the record's message that it is a part of.
        answered: whether its buttons wait for an answer.
        links: what stays of them when they were answered.
    """

    text: str
    keyboard: InlineKeyboardMarkup | None = None
    row: int = 0
    answered: bool = False
    links: InlineKeyboardMarkup | None = None


def letters(message: Message, words: TelegramWords, locale: str = "en") -> list[Letter]:
    """Word one message of the record; buttons stand under the last part."""
    lines = [_said(message), *_in_full(message), *_more(message), *_card(message)]
    lines += _links(message, words)
    lines += _sources(message, words, locale)
    parts = split("\n\n".join(line for line in lines if line))
    keyboard = keyboard_of(message, words, ticked=())
    last = Letter(
        parts[-1],
        keyboard,
        message.seq,
        answered=bool(_buttons(message.extras)),
        links=links_under(message, words),
    )
    return [*(Letter(part, row=message.seq) for part in parts[:-1]), last]


def keyboard_of(
    message: Message, words: TelegramWords, ticked: Iterable[str]
) -> InlineKeyboardMarkup | None:
    """Return the buttons of a message, with the boxes ticked that are."""
    checklist = message.extras.get("checklist")
    rows: list[list[InlineKeyboardButton]] = []
    if checklist:
        rows = [
            [
                InlineKeyboardButton(
                    _box(option, checklist, set(ticked)), callback_data=option["id"]
                )
            ]
            for option in _numbered(checklist)
        ]
        done = InlineKeyboardButton(words.done, callback_data=f"{DONE}{message.seq}")
        rows.append([done])
    else:
        rows = _packed(message.extras.get("buttons") or [])
    return _keyboard([*rows, *_link_rows(message, words)])


def links_under(message: Message, words: TelegramWords) -> InlineKeyboardMarkup | None:
    """Return what stays of the buttons when a message was answered: the links."""
    return _keyboard(_link_rows(message, words))


def _link_rows(
    message: Message, words: TelegramWords
) -> list[list[InlineKeyboardButton]]:
    return [
        [InlineKeyboardButton(link["label"], url=link["href"])]
        for link in _links_of(message, words)
        if link["href"].startswith("https://")
    ]


def _keyboard(
    rows: list[list[InlineKeyboardButton]],
) -> InlineKeyboardMarkup | None:
    return InlineKeyboardMarkup(rows[:_MOST_BUTTONS]) if rows else None


def split(text: str, most: int = MOST_UNITS) -> list[str]:
    """Cut a text into parts that Telegram takes, where a sentence ends if it can."""
    parts: list[str] = []
    rest = text
    while units(rest) > most:
        cut = _cut(rest, most)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [*parts, rest] if rest or not parts else parts


def units(text: str) -> int:
    """Return how long a text is by Telegram's measure."""
    return len(text) + sum(ord(sign) > 0xFFFF for sign in text)


def _cut(text: str, most: int) -> int:
    """Return where the longest part ends that is not too long."""
    room, size = 0, 0
    for sign in text:
        size += 2 if ord(sign) > 0xFFFF else 1
        if size > most:
            break
        room += 1
    for end in _ENDS:
        ends = [found.end() for found in end.finditer(text, room // 2, room)]
        if ends:
            return ends[-1]
    return max(room, 1)


def _said(message: Message) -> str:
    if message.author == "staff" and message.name:
        return f"{message.name}:\n{message.text}"
    return message.text


def _more(message: Message) -> list[str]:
    more = message.extras.get("more")
    return [more["text"]] if more else []


def _card(message: Message) -> list[str]:
    """Return a card as lines; urgent advice says it all in its own words."""
    card = message.extras.get("card")
    if not card or message.extras.get("urgent"):
        return []
    rows = [f"{label}: {value}" for label, value in card.get("rows") or ()]
    return ["\n".join([card["title"], *rows])]


def _links(message: Message, words: TelegramWords) -> list[str]:
    """Return the links that cannot stand on a button, nor in the text already."""
    return [
        f"{link['label']}: {link['href']}"
        for link in _links_of(message, words)
        if link["href"].startswith("http://")
    ]


def _links_of(message: Message, words: TelegramWords) -> list[Mapping[str, str]]:
    card = message.extras.get("card") or {}
    links = [*(card.get("links") or ()), *(message.extras.get("links") or ())]
    if address := card.get("calendar_url"):
        links.insert(0, {"label": words.calendar, "href": address})
    return links


def _sources(message: Message, words: TelegramWords, locale: str) -> list[str]:
    sources = message.extras.get("sources") or ()
    named = "; ".join(
        f"{source['title']} ({source['year']})"
        if source.get("year")
        else source["title"]
        for source in sources[:_MOST_SOURCES]
    )
    checked = message.extras.get("reviewed_on")
    told = []
    if named:
        told.append(words.sources.format(sources=named))
    if named and checked:
        day = format_date(date.fromisoformat(checked), "long", locale)
        told.append(words.checked.format(date=day))
    return [" ".join(told)] if told else []


def _buttons(extras: Mapping[str, Any]) -> list[Mapping[str, str]]:
    checklist = extras.get("checklist") or {}
    return [*(extras.get("buttons") or ()), *(checklist.get("options") or ())]


def _in_full(message: Message) -> list[str]:
    """Return the long lines of a list in the text: Telegram cuts them on a button."""
    checklist = message.extras.get("checklist") or {"options": ()}
    lines = [option["label"] for option in _numbered(checklist)]
    if lines == [option["label"] for option in checklist["options"]]:
        return []
    return ["\n".join(line for line in lines if line[0].isdigit())]


def _numbered(checklist: Mapping[str, Any]) -> list[Mapping[str, str]]:
    """Return the lines of a list, with numbers where one is long."""
    options = checklist["options"]
    if all(len(option["label"]) <= _ROW_CHARACTERS for option in options):
        return list(options)
    return [
        option
        if option["id"] == checklist.get("none_id")
        else {**option, "label": f"{number}. {option['label']}"}
        for number, option in enumerate(options, start=1)
    ]


def _box(
    option: Mapping[str, str], checklist: Mapping[str, Any], ticked: set[str]
) -> str:
    if option["id"] == checklist.get("none_id"):
        return option["label"][:_MOST_LABEL]
    mark = _TICKED if option["id"] in ticked else _OPEN
    return (mark + option["label"])[:_MOST_LABEL]


def _packed(buttons: Sequence[Mapping[str, str]]) -> list[list[InlineKeyboardButton]]:
    """Put short buttons beside each other, long ones below."""
    rows: list[list[InlineKeyboardButton]] = []
    room = 0
    for button in buttons:
        label = button["label"][:_MOST_LABEL]
        needed = len(label) + 3
        if needed > room or len(rows[-1]) == _ROW_BUTTONS:
            rows.append([])
            room = _ROW_CHARACTERS
        rows[-1].append(InlineKeyboardButton(label, callback_data=button["id"]))
        room -= needed
    return rows
