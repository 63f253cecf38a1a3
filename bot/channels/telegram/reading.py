"""What an update means: every kind that Telegram sends, as one of a few things."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from telegram import CallbackQuery, ChatMemberUpdated, Message, Update

_ATTACHED = (
    "photo",
    "voice",
    "audio",
    "video_note",
    "animation",  # comes as a document as well
    "video",
    "document",
    "sticker",
    "venue",  # comes as a location as well
    "location",
    "poll",
    "dice",
)
_SERVICE = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "chat_background_set",
    "write_access_allowed",
    "connected_website",
)
"""What Telegram tells about a private chat is not said by anybody."""

_GONE = ("left", "kicked")


@dataclass(frozen=True)
class Words:
    """Something typed.

    Args:
        again: an earlier message was changed into it, which is no answer to whatever
            was asked since.
    """

    text: str
    again: bool = False


@dataclass(frozen=True)
class Command:
    """A command with what stands after it."""

    name: str
    argument: str


@dataclass(frozen=True)
class Attached:
    """Something that cannot be read, with the words under it.

    Args:
        kind: Telegram's own word for it, or `other`.
    """

    kind: str
    caption: str


@dataclass(frozen=True)
class Pressed:
    """A button under a message.

    Args:
        data: what the button carries.
        query: to be answered, so that the button stops waiting.
        message_id: the message that it is under.
        text: the words of that message; "" where they cannot be had any more.
    """

    data: str
    query: str
    message_id: int
    text: str


@dataclass(frozen=True)
class Gone:
    """The visitor has blocked the bot."""


@dataclass(frozen=True)
class Back:
    """The visitor has unblocked the bot."""


@dataclass(frozen=True)
class InGroup:
    """The bot is spoken to where others read along."""


@dataclass(frozen=True)
class Nothing:
    """Nothing that needs an answer."""


Heard = Words | Command | Attached | Pressed | Gone | Back | InGroup | Nothing


def address_of(body: Mapping[str, Any]) -> str:
    """Return the id of the chat that an update belongs to, "" where there is none."""
    for part in body.values():
        if not isinstance(part, Mapping):
            continue
        shown = part.get("message")
        holder = shown if isinstance(shown, Mapping) else part
        chat = holder.get("chat")
        if isinstance(chat, Mapping) and type(chat.get("id")) is int:  # no True
            return str(chat["id"])
    return ""


def read(body: Mapping[str, Any], username: str) -> Heard:
    """Read one update.

    Args:
        body: as Telegram sent it; fields that nobody knows do no harm.
        username: the bot's own name, by which it is spoken to in groups.

    Raises:
        ValueError: it has not the shape of an update.
    """
    if not address_of(body):
        return Nothing()  # nobody could be answered
    try:
        return _heard(Update.de_json(dict(body), None), username)
    except (TypeError, KeyError, AttributeError, OverflowError) as fault:
        raise ValueError("not an update") from fault


def _heard(update: Update, username: str) -> Heard:
    if update.callback_query:
        return _pressed(update.callback_query)
    if update.my_chat_member:
        return _membership(update.my_chat_member)
    if update.edited_message:
        # A moving location is edited every few seconds; only words count.
        return _again(update.edited_message)
    if update.message:
        return _message(update.message, username)
    return Nothing()


def _text(given: str | None) -> str:
    """Return what should be a text, as far as Telegram's word goes.

    Raises:
        TypeError: it is none.
    """
    if not isinstance(given, str | None):
        raise TypeError("not a text")
    return given or ""


def _pressed(query: CallbackQuery) -> Heard:
    message = query.message
    if message is None or message.chat.type != "private" or not query.data:
        return Nothing()
    text = message.text if isinstance(message, Message) else None
    return Pressed(_text(query.data), query.id, message.message_id, _text(text))


def _membership(changed: ChatMemberUpdated) -> Heard:
    if changed.chat.type != "private":
        return InGroup() if changed.new_chat_member.status == "member" else Nothing()
    return Gone() if changed.new_chat_member.status in _GONE else Back()


def _again(message: Message) -> Heard:
    words = _text(message.text or message.caption)
    private = message.chat.type == "private"
    return Words(words, again=True) if private and words else Nothing()


def _message(message: Message, username: str) -> Heard:
    if message.chat.type != "private":
        return InGroup() if _spoken_to(message, username) else Nothing()
    if message.contact:
        # The number is what a clinic needs; whose it is will be asked.
        return Words(_text(message.contact.phone_number))
    if message.text:
        return _typed(_text(message.text))
    for kind in _ATTACHED:
        if getattr(message, kind):
            return Attached(kind, _text(message.caption))
    if any(getattr(message, kind) for kind in _SERVICE):
        return Nothing()
    return Attached("other", _text(message.caption))


def _typed(text: str) -> Heard:
    if not text.startswith("/"):
        return Words(text)
    first, _, rest = text[1:].partition(" ")
    return Command(first.partition("@")[0].lower(), rest.strip())


def _spoken_to(message: Message, username: str) -> bool:
    """Tell whether somebody in a group means the bot."""
    text = _text(message.text or message.caption)
    if message.chat.type == "channel":
        return False
    answered = message.reply_to_message and message.reply_to_message.from_user
    return (
        f"@{username}".lower() in text.lower()
        or text.startswith("/")
        or bool(answered and answered.username == username)
    )


def words_of(heard: Words | Command | Attached) -> str:
    """Return what was typed, "" where nothing was."""
    if isinstance(heard, Command):
        return f"/{heard.name} {heard.argument}"
    return heard.text if isinstance(heard, Words) else heard.caption


def language_of(body: Mapping[str, Any]) -> str:
    """Return what the app of who wrote is set to, "" where it does not say.

    Args:
        body: an update that could be read.
    """
    message = body.get("message") or body.get("edited_message") or {}
    return str((message.get("from") or {}).get("language_code") or "")
