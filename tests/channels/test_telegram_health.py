"""What a clinic decides about questions on health, from the first word to the visit."""

import json

import httpx
import pytest

from tests.channels.conftest import telegram_desk

CHAT = 81_001
QUESTION = "is it right for me"


@pytest.fixture
def asked(tmp_path, request):
    """A visitor on Telegram who was just asked about their health."""
    with telegram_desk(tmp_path, TELEGRAM_HEALTH=request.param) as (desk, telegram):
        telegram.says(CHAT, QUESTION)
        telegram.wait_for(lambda: len(telegram.texts(CHAT)) == 2)
        yield desk, telegram


def sent(telegram):
    """Return all that Telegram was given for the visitor, buttons too."""
    return json.dumps([call.body for call in telegram.sends()])


def on_the_page(desk, link):
    """Open the link, as the page does; return the visitor's way in."""
    passed = link.rpartition("/c/")[2]
    answer = httpx.post(f"{desk.url}/chat/continue", json={"pass": passed}).json()
    headers = {"Authorization": f"Bearer {answer['token']}"}
    return httpx.Client(base_url=desk.url, headers=headers)


@pytest.mark.parametrize("asked", ["link"], indirect=True)
def test_link_asks_on_the_page_and_tells_the_visit_in_telegram(asked):
    desk, telegram = asked
    welcome, instead = telegram.texts(CHAT)
    with on_the_page(desk, instead) as page:
        question = page.get("/chat/messages").json()["messages"][-1]
        (button,) = question["buttons"]
        said = {"client_id": "7f1d5a1c-95a5-4d2e-8f0e-0a5bb3a6c6d1"}
        page.post("/chat/messages", json={**said, "choice": button["id"]})
        telegram.wait_text(CHAT, "Your visit is booked.")

    assert "asked on our own page" in welcome
    assert "The next part is about your health" in instead
    assert question["text"] == "Is your leg numb?"
    assert "numb" not in sent(telegram)


@pytest.mark.parametrize("asked", ["link"], indirect=True)
def test_link_takes_no_answer_to_a_question_that_was_not_shown(asked):
    desk, telegram = asked
    telegram.says(CHAT, "not numb")
    telegram.wait_text(CHAT, "\u00ab not numb")

    assert desk.rasa.seen["not numb"] is False


@pytest.mark.parametrize("asked", ["allowed"], indirect=True)
def test_allowed_asks_in_telegram_and_says_that_it_does(asked):
    _, telegram = asked
    welcome, question = telegram.texts(CHAT)
    shown = telegram.chats[CHAT][-1]
    telegram.presses(CHAT, shown, shown.buttons[0][0]["callback_data"])
    telegram.wait_text(CHAT, "Your visit is booked.")

    assert "asked here too" in welcome
    assert question.startswith("Is your leg numb?")


@pytest.mark.parametrize("asked", ["off"], indirect=True)
def test_off_asks_nothing_and_gives_the_phone_number(asked):
    _, telegram = asked
    welcome, instead = telegram.texts(CHAT)

    assert "are not asked here" in welcome
    assert "+1 780 555 0142" in instead
    assert "/c/" not in instead
    assert "numb" not in sent(telegram)


@pytest.mark.parametrize("asked", ["link", "allowed", "off"], indirect=True)
def test_advice_in_an_emergency_is_sent_whatever_was_decided(asked):
    _, telegram = asked
    telegram.says(CHAT, "I have crushing chest pain")

    assert "911" in telegram.wait_text(CHAT, "Chest pain or").text
