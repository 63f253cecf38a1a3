"""Every kind of update that Telegram sends, and what becomes of it."""

import itertools

import pytest

from tests.channels.fake_telegram import USERNAME, message, unblocked

_PEOPLE = itertools.count(82_001)
_FILE = {"file_id": "1", "file_unique_id": "1"}
_SIZED = {**_FILE, "width": 1, "height": 1}


def _edited(chat):
    content = message(chat, text="how much is it", edit_date=1_700_000_001)
    return {"edited_message": content["message"]}


def _edited_photo(chat):
    content = message(chat, photo=[_SIZED], edit_date=1_700_000_001)
    return {"edited_message": content["message"]}


def _moving(chat):
    place = {"longitude": 1.5, "latitude": 2.5, "live_period": 60}
    content = message(chat, location=place, edit_date=1_700_000_001)
    return {"edited_message": content["message"]}


def _in(kind):
    def made(chat):
        where = {"id": -chat, "type": kind, "title": "g"}
        said = {**message(chat, text=f"@{USERNAME} hello")["message"], "chat": where}
        return {"channel_post" if kind == "channel" else "message": said}

    return made


def _added(chat):
    update = unblocked(chat)
    where = {"id": -chat, "type": "group", "title": "g"}
    return {"my_chat_member": {**update["my_chat_member"], "chat": where}}


def _blocked(chat):
    changed = unblocked(chat)["my_chat_member"]
    was, now = changed["old_chat_member"], changed["new_chat_member"]
    return {
        "my_chat_member": {**changed, "old_chat_member": now, "new_chat_member": was}
    }


def _plain(**content):
    return lambda chat: message(chat, **content)


_STICKER = {**_SIZED, "is_animated": False, "is_video": False, "type": "regular"}
_VOICE = {**_FILE, "duration": 3}
_CONTACT = {"phone_number": "+17805550142", "first_name": "A"}
_PLACE = {"longitude": 1.5, "latitude": 2.5}
_WALLPAPER = {"type": {"type": "chat_theme", "theme_name": "x"}}
_PINNED = message(1, text="x")["message"]

ANSWERED = {
    "words": (_plain(text="how much is it"), "\u00ab how much is it"),
    "words that are edited": (_edited, "\u00ab how much is it"),
    "a photo": (_plain(photo=[_SIZED]), "I cannot open a photo here"),
    "a photo with words": (_plain(photo=[_SIZED], caption="my back"), "\u00ab my back"),
    "a voice message": (_plain(voice=_VOICE), "I cannot open a voice message here"),
    "a sticker": (_plain(sticker=_STICKER), "I cannot open a sticker here"),
    "a location": (_plain(location=_PLACE), "I cannot open a location here"),
    "a phone number": (_plain(contact=_CONTACT), "\u00ab +17805550142"),
    "a file": (_plain(document=_FILE), "I cannot open a file here"),
    "begin": (_plain(text="/start"), "\u00ab /greet"),
    "begin from a poster": (_plain(text="/start poster_7"), "\u00ab /greet"),
    "begin by a link of another": (_plain(text="/start " + "0" * 59), "\u00ab /greet"),
    "a command of the menu": (_plain(text="/book"), "\u00ab /book_appointment"),
    "an unknown command": (_plain(text="/weather"), "I do not know that command"),
    "something of tomorrow": (_plain(hologram=_FILE), "I cannot open that kind"),
}
SILENT = {
    "a photo that is edited": _edited_photo,
    "a location that moves": _moving,
    "a post in a channel": _in("channel"),
    "blocked": _blocked,
    "blocked no more": unblocked,
    "a message is pinned": _plain(pinned_message=_PINNED),
    "another wallpaper": _plain(chat_background_set=_WALLPAPER),
    "a poll was answered": lambda _: {
        "poll_answer": {"poll_id": "1", "option_ids": []}
    },
    "nothing at all": lambda _: {},
}
IN_A_GROUP = {
    "a group": _in("group"),
    "a large group": _in("supergroup"),
    "added to a group": _added,
}


@pytest.fixture
def chat():
    return next(_PEOPLE)


@pytest.mark.parametrize("kind", ANSWERED)
def test_what_a_visitor_sends_is_answered(telegram, chat, kind):
    update, answer = ANSWERED[kind]
    telegram.push(update(chat))

    telegram.wait_text(chat, answer)
    assert "own servers" in telegram.texts(chat)[0]


@pytest.mark.parametrize("kind", SILENT)
def test_what_needs_no_answer_gets_none(telegram, chat, kind):
    telegram.push(SILENT[kind](chat))
    telegram.says(chat, "and then")
    telegram.wait_text(chat, "\u00ab and then")

    assert len(telegram.texts(chat)) == 2
    assert telegram.texts(-chat) == []


@pytest.mark.parametrize("kind", IN_A_GROUP)
def test_in_groups_it_says_that_it_talks_in_private(telegram, chat, kind):
    telegram.push(IN_A_GROUP[kind](chat))

    assert "911" in telegram.wait_text(-chat, f"t.me/{USERNAME}").text
    telegram.says(chat, "and then")
    telegram.wait_text(chat, "\u00ab and then")
    assert len(telegram.texts(-chat)) == 1
