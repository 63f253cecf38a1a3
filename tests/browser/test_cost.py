"""What the chat costs the page that it stands on: next to nothing."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, expect

from tests.browser.seen import WATCH_SHIFTS, say, texts
from tests.browser.stub_desk import StubDesk

pytestmark = pytest.mark.browser


# What browsers sum up as CLS: a shift right after a key or a tap is expected.
def work(session: CDPSession) -> dict[str, float]:
    """Return how often the page was laid out and styled until now."""
    metrics = session.send("Performance.getMetrics")["metrics"]
    wanted = ("LayoutCount", "RecalcStyleCount")
    return {one["name"]: one["value"] for one in metrics if one["name"] in wanted}


@pytest.fixture
def requests() -> list[str]:
    return []


@pytest.fixture
def page(context: BrowserContext, requests: list[str]) -> Page:
    opened = context.new_page()
    opened.on("request", lambda request: requests.append(request.url))
    return opened


def test_page_loads_one_script_and_asks_for_nothing(
    page: Page, desk: StubDesk, requests: list[str]
):
    page.goto(desk.url)
    page.get_by_role("button", name="Ask a question").click()
    page.wait_for_timeout(300)

    paths = [url.removeprefix(desk.url) for url in requests if "data:" not in url]
    assert paths == ["/", "/look.css", "/page/style.css", "/widget/meridian.js"]


def test_conversation_keeps_one_connection(
    page: Page, desk: StubDesk, requests: list[str]
):
    page.goto(desk.url)
    page.get_by_role("button", name="Ask a question").click()

    for number in range(5):
        say(page, f"message {number}")
        expect(texts(page).last).to_have_text(f"You said: message {number}")

    assert len([url for url in requests if url.endswith("/chat/events")]) == 1
    assert len([url for url in requests if "?after=" in url]) == 1


@pytest.mark.parametrize("opened", [True, False])
def test_idle_chat_does_no_work(
    page: Page, context: BrowserContext, desk: StubDesk, opened: bool
):
    page.goto(desk.url)
    page.get_by_role("button", name="Ask a question").click()
    say(page, "hello")
    expect(texts(page).last).to_have_text("You said: hello")
    page.get_by_role("log").focus()  # a text field's caret blinks
    if not opened:
        page.get_by_role("button", name="Close the chat").click()
    page.wait_for_timeout(700)
    session = context.new_cdp_session(page)
    session.send("Performance.enable")
    before = work(session)

    page.wait_for_timeout(2000)  # several heartbeats of the stream

    assert work(session) == before
    assert page.evaluate("document.getAnimations().length") == 0


def test_nothing_shifts_by_itself(page: Page, desk: StubDesk):
    page.add_init_script(WATCH_SHIFTS)
    page.set_viewport_size({"width": 800, "height": 700})
    page.goto(desk.url)
    page.wait_for_timeout(300)
    page.get_by_role("button", name="Ask a question").click()
    for text in ("body", "appointment", "emergency"):
        say(page, text)
        expect(page.locator(".done.last")).to_contain_text(text)
    page.wait_for_timeout(700)
    desk.say(author="staff", name="Priya", text="Are you still there?")
    expect(texts(page).last).to_have_text("Are you still there?")
    page.wait_for_timeout(200)

    assert page.evaluate("window.shifted") == 0
