"""One conversation on two channels: the links that lead over, and deleting both."""

import itertools
import json
import uuid
from datetime import timedelta

import httpx
import pytest
import sqlalchemy as sa

from bot.clinic.conversation import Said
from bot.clock import utc_now
from bot.desk.joining import issue_pass
from bot.store.tables import metadata
from bot.tokens import Seal
from tests.channels.fake_telegram import USERNAME
from tests.channels.kit import until
from tests.live import Visitor

_PEOPLE = itertools.count(60_001)


@pytest.fixture
def desk(on_telegram):
    return on_telegram[0]


@pytest.fixture
def chat():
    return next(_PEOPLE)


@pytest.fixture
def page(desk):
    return Page(desk.url)


class Page(Visitor):
    """A visitor on the clinic's page."""

    def texts(self):
        """Return what was said, by whomever."""
        found = httpx.get(f"{self._url}/chat/messages", headers=self.headers).json()
        return [one["text"] for one in found["messages"]]

    def writes(self, text):
        """Write something and wait for the answer."""
        self.post(text=text)
        until(lambda: f"\u00ab {text}" in self.texts())

    def asks_for_telegram(self):
        """Ask for a link to the bot."""
        return httpx.post(f"{self._url}/chat/telegram", headers=self.headers)

    def link(self):
        """Return what stands behind `start=` in a link to the bot."""
        link = self.asks_for_telegram().json()["link"]
        bot, _, argument = link.partition("?start=")
        assert bot == f"https://t.me/{USERNAME}"
        return argument

    def forgets(self):
        """Have the chat deleted."""
        return httpx.delete(f"{self._url}/chat/conversations", headers=self.headers)


def continued(desk, **body):
    return httpx.post(f"{desk.url}/chat/continue", json=body)


def joined(telegram, chat, page):
    telegram.says(chat, f"/start {page.link()}")
    telegram.wait_text(chat, "are one now")


def begun(telegram, chat):
    telegram.says(chat, "hello")
    return telegram.wait_text(chat, "\u00ab hello")


def link_to_page(telegram, desk, chat):
    before = len(telegram.texts(chat))
    telegram.says(chat, "/page")
    until(lambda: f"{desk.url}/c/" in "".join(telegram.texts(chat)[before:]))
    return telegram.texts(chat)[-1].rpartition(f"{desk.url}/c/")[2]


def conversation_of(record, chat):
    with record.reading() as unit:
        at = unit.addresses.get("telegram", str(chat))
        return at.conversation_id if at else None


# From the page to Telegram -------------------------------------------------------


def test_a_page_and_a_chat_are_one_conversation(telegram, chat, page, record):
    page.writes("from the page")
    joined(telegram, chat, page)
    telegram.says(chat, "from telegram")
    telegram.wait_text(chat, "\u00ab from telegram")

    assert page.texts()[-2:] == ["from telegram", "\u00ab from telegram"]
    assert conversation_of(record, chat) == page.conversation_id


def test_the_last_word_stands_in_the_chat_with_its_buttons(telegram, desk, chat, page):
    page.writes("a question")
    page.writes("another")
    joined(telegram, chat, page)
    shown = telegram.wait_text(chat, "\u00ab another")
    telegram.presses(chat, shown, shown.buttons[0][0]["callback_data"])
    telegram.wait_text(chat, "\u00ab /yes")

    assert "\u00ab a question" not in telegram.texts(chat)
    assert page.texts()[-2:] == ["Yes", "\u00ab /yes"]


def test_what_is_answered_on_the_page_is_not_sent_to_the_chat(telegram, chat, page):
    page.writes("a question")
    joined(telegram, chat, page)
    page.writes("on the page again")
    telegram.says(chat, "and in telegram")
    telegram.wait_text(chat, "\u00ab and in telegram")

    assert "\u00ab on the page again" not in telegram.texts(chat)


def test_staff_are_read_in_both(telegram, chat, page, record):
    page.writes("a question")
    joined(telegram, chat, page)
    with record.unit() as unit:
        said = Said("Come at nine.", "staff", "Priya")
        unit.conversations.say(page.conversation_id, said, utc_now())
        unit.commit()

    telegram.wait_text(chat, "Priya:\nCome at nine.")
    assert "Come at nine." in page.texts()


def test_a_link_to_the_bot_works_once(telegram, chat, page, record):
    page.writes("a secret")
    argument = page.link()
    stranger = next(_PEOPLE)
    telegram.says(chat, f"/start {argument}")
    telegram.wait_text(chat, "are one now")
    telegram.says(stranger, f"/start {argument}")
    telegram.wait_text(stranger, "used before or is too old")

    assert conversation_of(record, chat) == page.conversation_id
    assert conversation_of(record, stranger) != page.conversation_id
    assert "secret" not in "".join(telegram.texts(stranger))


def test_a_link_of_yesterday_is_too_old(telegram, chat, page, record):
    page.writes("a secret")
    argument = page.link()
    with record.engine.begin() as connection:
        connection.execute(
            metadata.tables["passes"]
            .update()
            .where(metadata.tables["passes"].c.conversation_id == page.conversation_id)
            .values(expires_at=utc_now() - timedelta(seconds=1))
        )
    telegram.says(chat, f"/start {argument}")
    telegram.wait_text(chat, "used before or is too old")

    assert conversation_of(record, chat) != page.conversation_id


def test_a_link_that_leads_to_the_page_opens_no_chat(
    telegram, desk, chat, page, record
):
    with record.unit() as unit:
        passed = issue_pass(unit, page.conversation_id, "web", utc_now())
        unit.commit()
    secret = (desk.live.data_dir / "secret").read_text().strip()
    argument = Seal(secret, "telegram-start").issue(uuid.UUID(passed))
    telegram.says(chat, f"/start {argument}")
    telegram.wait_text(chat, "used before or is too old")

    assert conversation_of(record, chat) != page.conversation_id


@pytest.mark.parametrize("damage", [lambda one: one[:-1] + "!", lambda one: "0" + one])
def test_a_damaged_link_is_no_link(telegram, chat, page, record, damage):
    page.writes("a secret")
    telegram.says(chat, f"/start {damage(page.link())}")
    telegram.wait_text(chat, "\u00ab")

    assert conversation_of(record, chat) != page.conversation_id


def test_a_second_chat_takes_the_place_of_the_first(telegram, chat, page, record):
    page.writes("a question")
    joined(telegram, chat, page)
    other = next(_PEOPLE)
    joined(telegram, other, page)
    telegram.says(chat, "who reads this?")
    telegram.wait_text(chat, "\u00ab who reads this?")

    assert conversation_of(record, other) == page.conversation_id
    assert conversation_of(record, chat) != page.conversation_id
    assert "who reads this?" not in page.texts()


def test_the_same_link_brought_twice_is_used_once(telegram, chat, page):
    page.writes("a question")
    number = telegram.says(chat, f"/start {page.link()}")
    telegram.push({"message": {"chat": {"id": chat}, "text": "no matter"}}, number)
    telegram.wait_text(chat, "are one now")
    telegram.says(chat, "and on")
    telegram.wait_text(chat, "\u00ab and on")

    assert not any("used before" in text for text in telegram.texts(chat))


def test_nobody_gets_a_link_without_the_token(desk):
    answer = httpx.post(f"{desk.url}/chat/telegram")
    forged = httpx.post(
        f"{desk.url}/chat/telegram", headers={"Authorization": "Bearer forged"}
    )

    assert (answer.status_code, forged.status_code) == (401, 401)
    assert answer.json()["error"]["code"] == "unauthorised"


# From Telegram to the page -------------------------------------------------------


def test_a_chat_goes_on_on_the_page(telegram, desk, chat, record):
    begun(telegram, chat)
    answer = continued(desk, **{"pass": link_to_page(telegram, desk, chat)})

    assert answer.status_code == 200
    assert answer.json()["conversation"] == conversation_of(record, chat)
    headers = {"Authorization": f"Bearer {answer.json()['token']}"}
    found = httpx.get(f"{desk.url}/chat/messages", headers=headers).json()["messages"]
    assert "\u00ab hello" in [one["text"] for one in found]


def test_a_link_to_the_page_works_once(telegram, desk, chat):
    begun(telegram, chat)
    passed = link_to_page(telegram, desk, chat)
    first, second = (
        continued(desk, **{"pass": passed}),
        continued(desk, **{"pass": passed}),
    )

    assert (first.status_code, second.status_code) == (200, 401)
    assert "used before" in second.json()["error"]["message"]


def test_looking_at_a_link_does_not_use_it_up(telegram, desk, chat):
    begun(telegram, chat)
    passed = link_to_page(telegram, desk, chat)
    looked = [httpx.get(f"{desk.url}/c/{passed}") for _ in range(3)]

    assert {one.status_code for one in looked} == {200}
    assert looked[0].headers["cache-control"] == "no-store"
    assert continued(desk, **{"pass": passed}).status_code == 200


@pytest.mark.parametrize("passed", ["", "forged", "a.b.c", "\u00e9", "x" * 5000])
def test_a_forged_link_opens_nothing(desk, passed):
    assert continued(desk, **{"pass": passed}).status_code == 401


@pytest.mark.parametrize("passed", [None, 7, ["x"], {"x": 1}])
def test_a_pass_must_be_text(desk, passed):
    answer = continued(desk, **{"pass": passed})

    assert answer.status_code == 422
    assert answer.json()["error"]["code"] == "not_understood"


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[" * 100_00])
def test_a_body_that_is_no_json_is_refused(desk, body):
    answer = httpx.post(f"{desk.url}/chat/continue", content=body)

    assert answer.status_code == 400


def test_a_link_to_the_bot_opens_no_page(desk, page):
    assert continued(desk, **{"pass": page.link()}).status_code == 401


# Deleting ------------------------------------------------------------------------


def everything(record):
    with record.engine.connect() as connection:
        return {
            table.name: json.dumps(
                [list(row) for row in connection.execute(sa.select(table))], default=str
            )
            for table in metadata.sorted_tables
        }


def test_deleting_on_the_page_forgets_the_chat_too(telegram, chat, page, record):
    page.writes("a secret of the page")
    joined(telegram, chat, page)
    telegram.says(chat, "a secret of the chat")
    telegram.wait_text(chat, "\u00ab a secret of the chat")
    page.link()  # and one that is not used
    deleted = page.forgets()

    assert (deleted.status_code, deleted.json()) == (200, {"kept": []})
    left = everything(record)
    assert [name for name, rows in left.items() if "secret of the" in rows] == []
    assert [name for name, rows in left.items() if str(chat) in rows] == []
    assert page.conversation_id not in left["passes"]


def test_what_a_chat_said_before_it_joined_goes_too(telegram, chat, page, record):
    telegram.says(chat, "an earlier secret")
    telegram.wait_text(chat, "\u00ab an earlier secret")
    page.writes("a question")
    joined(telegram, chat, page)
    page.forgets()

    left = everything(record)
    assert [name for name, rows in left.items() if "earlier secret" in rows] == []


def test_a_deleted_chat_begins_anew_in_telegram(telegram, chat, page, record):
    page.writes("a question")
    joined(telegram, chat, page)
    before = len(telegram.texts(chat))
    page.forgets()
    telegram.says(chat, "hello again")
    telegram.wait_text(chat, "\u00ab hello again")

    assert conversation_of(record, chat) != page.conversation_id
    assert "own servers" in telegram.texts(chat)[before]


def test_an_emergency_in_the_earlier_chat_is_not_deleted(telegram, chat, page, record):
    telegram.says(chat, "I have crushing chest pain")
    telegram.wait_text(chat, "Chest pain or")
    page.writes("a question")
    joined(telegram, chat, page)

    assert page.forgets().status_code == 409
    assert "a question" in page.texts()


def test_the_key_to_a_deleted_chat_opens_nothing(desk, page):
    page.writes("a secret")
    page.forgets()
    said = page.post(text="hello?", client_id=str(uuid.uuid4()))
    read = httpx.get(f"{desk.url}/chat/messages", headers=page.headers)
    watched = httpx.get(f"{desk.url}/chat/events", headers=page.headers)
    again = page.forgets()
    over = page.asks_for_telegram()

    answers = (said, read, watched, again, over)
    assert [one.status_code for one in answers] == [401] * 5
    new = Page(desk.url)
    new.writes("hello")
    assert new.texts() == ["hello", "\u00ab hello"]


def test_a_stream_ends_when_the_chat_is_deleted(desk, page):
    page.writes("a secret")
    with httpx.stream(
        "GET", f"{desk.url}/chat/events", headers=page.headers, timeout=20
    ) as stream:
        lines = stream.iter_lines()
        while "secret" not in next(lines):
            pass
        page.forgets()
        rest = "".join(lines)

    assert "deleted" not in rest


def test_a_link_into_a_deleted_chat_opens_nothing(telegram, desk, chat, page, record):
    page.writes("a secret")
    argument = page.link()
    page.forgets()
    telegram.says(chat, f"/start {argument}")
    telegram.wait_text(chat, "used before or is too old")

    assert conversation_of(record, chat) != page.conversation_id


def test_a_button_of_a_deleted_chat_is_refused_kindly(telegram, chat, page):
    page.writes("a question")
    joined(telegram, chat, page)
    shown = telegram.wait_text(chat, "\u00ab a question")
    page.forgets()
    telegram.presses(chat, shown, shown.buttons[0][0]["callback_data"])

    telegram.wait_for(lambda: "no longer in use" in str(telegram.answers.values()))
    assert "\u00ab /yes" not in telegram.texts(chat)
