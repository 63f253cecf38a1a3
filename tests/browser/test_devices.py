"""Devices that are not as one would like them."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.seen import faults, say, texts
from tests.browser.stub_desk import StubDesk

pytestmark = pytest.mark.browser

FULL = """
    window.full = false;
    const write = Storage.prototype.setItem;
    Storage.prototype.setItem = function (key, value) {
        if (window.full) throw new DOMException("", "QuotaExceededError");
        write.call(this, key, value);
    };
"""


def opened(context: BrowserContext, desk: StubDesk) -> Page:
    page = context.new_page()
    page.goto(desk.url)
    page.get_by_role("button", name="Ask a question").click()
    return page


def test_full_storage_keeps_the_chat_going(context: BrowserContext, desk: StubDesk):
    context.add_init_script(FULL)
    page = opened(context, desk)
    say(page, "one")
    expect(texts(page).last).to_have_text("You said: one")
    page.evaluate("window.full = true")
    say(page, "two")
    expect(texts(page).last).to_have_text("You said: two")
    page.get_by_role("button", name="Close the chat").click()

    desk.say(author="staff", text="And a word from us.")

    expect(page.locator(".badge")).to_have_text("1 new")  # what was read stays read
    assert desk.visitor_texts() == ["one", "two"]


@pytest.mark.parametrize("now", ["2009-02-01T03:00:00", "2041-07-01T03:00:00"])
def test_clock_that_is_wrong_changes_nothing(
    context: BrowserContext, desk: StubDesk, now: str
):
    page = context.new_page()
    page.clock.install(time=now)
    page.clock.resume()
    page.goto(desk.url)
    page.get_by_role("button", name="Ask a question").click()
    for text in ("one", "two"):
        say(page, text)
        expect(texts(page).last).to_have_text(f"You said: {text}")

    page.reload()

    expect(texts(page).last).to_have_text("You said: two")
    assert desk.visitor_texts() == ["one", "two"]


@pytest.mark.parametrize(
    "kind",
    [
        {"viewport": {"width": 320, "height": 568}, "has_touch": True},
        {"viewport": {"width": 900, "height": 800}, "forced_colors": "active"},
        {"viewport": {"width": 900, "height": 800}, "color_scheme": "dark"},
    ],
)
def test_every_kind_of_message_is_within_reach(
    browser: Browser, desk: StubDesk, kind: dict[str, object]
):
    context = browser.new_context(**kind)  # type: ignore[arg-type]
    page = opened(context, desk)
    for text in ("scale", "checklist", "appointment", "emergency"):
        say(page, text)
        expect(page.locator(".done.last")).to_contain_text(text)

    call = page.get_by_role("link", name="Call 911", exact=True)
    expect(call).to_be_in_viewport(ratio=1)
    expect(page.get_by_label("Write a message")).to_be_in_viewport(ratio=1)
    wide = "document.documentElement.scrollWidth - innerWidth"
    assert page.evaluate(wide) <= 0
    assert not faults(page)
    context.close()
