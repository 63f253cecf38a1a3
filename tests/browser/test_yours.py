"""What visitors may do with their own data."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

from tests.browser.seen import faults, say, state, texts
from tests.browser.stub_desk import StubDesk

pytestmark = pytest.mark.browser

KEPT_HERE = (
    "() => Object.keys(localStorage).filter((key) => key.startsWith('meridian'))"
)


def ask_to_delete(page: Page) -> None:
    page.get_by_role("button", name="Your chat").click()
    page.get_by_role("button", name="Delete this chat").click()


def test_copy_of_the_chat_holds_every_word(chat: Page):
    say(chat, "appointment")
    expect(chat.locator(".card .title")).to_be_visible()
    chat.get_by_role("button", name="Your chat").click()

    with chat.expect_download() as started:
        chat.get_by_role("button", name="Save a copy").click()

    text = Path(started.value.path()).read_text("utf-8")
    assert started.value.suggested_filename == "Willow Stair Acupuncture.txt"
    assert "  You\nappointment\n" in text
    assert "With: Mina Oyelaran" in text
    expect(chat.get_by_text("A copy was saved")).to_be_visible()


def test_deleted_chat_leaves_nothing_on_the_device(chat: Page, desk: StubDesk):
    say(chat, "secret")
    expect(texts(chat).last).to_have_text("You said: secret")

    ask_to_delete(chat)
    expect(chat.get_by_text("A booked visit stays.")).to_be_visible()
    chat.get_by_role("button", name="Delete it for good").click()

    expect(chat.get_by_text("Your chat is deleted. Your visit stays")).to_be_visible()
    expect(chat.get_by_text("secret")).to_have_count(0)
    assert desk.rows == {}
    assert chat.evaluate(KEPT_HERE) == []
    say(chat, "again")
    expect(texts(chat).last).to_have_text("You said: again")


def test_message_on_its_way_does_not_outlive_the_chat(chat: Page, desk: StubDesk):
    say(chat, "hello")
    expect(texts(chat).last).to_have_text("You said: hello")
    held: list[Route] = []

    def hold_the_first(route: Route) -> None:
        if held:
            route.continue_()
        held.append(route)

    chat.route("**/chat/messages", hold_the_first)
    say(chat, "a secret")
    expect(state(chat, "Sending")).to_be_visible()
    ask_to_delete(chat)
    chat.get_by_role("button", name="Delete it for good").click()
    expect(chat.get_by_text("Your chat is deleted.")).to_be_visible()

    with chat.expect_response("**/chat/messages"):
        held[0].continue_()

    chat.wait_for_timeout(500)
    assert (desk.rows, desk.visitor_texts()) == ({}, [])
    expect(chat.get_by_text("The earlier chat has ended")).to_have_count(0)


def test_second_tab_forgets_too(chat: Page, context: BrowserContext, desk: StubDesk):
    other = context.new_page()
    other.goto(desk.url)
    other.get_by_role("button", name="Ask a question").click()
    say(chat, "secret")
    expect(texts(other).last).to_have_text("You said: secret")

    ask_to_delete(chat)
    chat.get_by_role("button", name="Delete it for good").click()

    expect(other.get_by_text("secret")).to_have_count(0)
    expect(other.get_by_text("The earlier chat has ended")).to_be_visible()


def test_keeping_it_changes_nothing(chat: Page, desk: StubDesk):
    say(chat, "secret")
    expect(texts(chat).last).to_have_text("You said: secret")
    ask_to_delete(chat)
    expect(chat.get_by_role("button", name="Keep it")).to_be_focused()

    chat.keyboard.press("Enter")

    expect(chat.get_by_role("button", name="Delete this chat")).to_be_visible()
    assert desk.visitor_texts() == ["secret"]


def test_refused_deletion_says_why(chat: Page, desk: StubDesk):
    say(chat, "help")
    expect(texts(chat).last).to_have_text("You said: help")
    desk.fail_with = 409

    ask_to_delete(chat)
    chat.get_by_role("button", name="Delete it for good").click()

    expect(chat.get_by_role("status").get_by_text("sounded urgent")).to_be_visible()
    expect(texts(chat).last).to_have_text("You said: help")


def test_nothing_said_is_nothing_to_delete(chat: Page):
    chat.get_by_role("button", name="Your chat").click()

    expect(chat.get_by_role("button", name="Delete this chat")).to_be_disabled()
    expect(chat.get_by_role("button", name="Save a copy")).to_be_disabled()


def test_chat_goes_on_in_telegram_by_a_link(chat: Page, desk: StubDesk):
    say(chat, "hello")
    expect(texts(chat).last).to_have_text("You said: hello")
    chat.get_by_role("button", name="Your chat").click()
    chat.get_by_role("button", name="Go on in Telegram").click()

    link = chat.get_by_role("link", name="Open Telegram")
    expect(link).to_be_focused()
    (conversation,) = desk.rows
    expect(link).to_have_attribute("href", f"https://t.me/a_bot?start={conversation}")
    expect(chat.get_by_text("works once, for a day")).to_be_visible()
    expect(chat.get_by_text("bring you back to this page")).to_be_visible()
    assert faults(chat) == ""
    chat.get_by_role("button", name="Stay here").click()
    expect(chat.get_by_role("button", name="Save a copy")).to_be_focused()


def test_deletion_whose_answer_was_lost_is_no_failure(chat: Page, desk: StubDesk):
    say(chat, "hello")
    expect(texts(chat).last).to_have_text("You said: hello")
    ask_to_delete(chat)
    deleted = {"status": 401, "json": {"error": {"code": "x", "message": "gone"}}}
    chat.route(
        "**/chat/conversations",
        lambda route: (
            route.fulfill(**deleted)
            if route.request.method == "DELETE"
            else route.fallback()
        ),
    )
    chat.get_by_role("button", name="Delete it for good").click()

    expect(chat.get_by_text("The earlier chat has ended")).to_be_visible()
    expect(chat.get_by_text("That did not work")).to_have_count(0)
