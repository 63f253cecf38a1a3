"""From Telegram to the page, through the link that works once."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.seen import faults, say, texts
from tests.channels.conftest import Desk, telegram_desk
from tests.channels.fake_telegram import FakeTelegram

pytestmark = pytest.mark.browser

CHAT = 83_001


@pytest.fixture(scope="module")
def running(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[tuple[Desk, FakeTelegram]]:
    with telegram_desk(tmp_path_factory.mktemp("telegram")) as started:
        yield started


@pytest.fixture
def link(running: tuple[Desk, FakeTelegram]) -> str:
    """A link that a visitor who said hello in Telegram was just given."""
    desk, telegram = running
    telegram.says(CHAT, "hello")
    telegram.wait_text(CHAT, "\u00ab hello")
    before = len(telegram.texts(CHAT))
    telegram.says(CHAT, "/page")
    telegram.wait_for(lambda: "/c/" in "".join(telegram.texts(CHAT)[before:]))
    return f"{desk.url}/c/" + telegram.texts(CHAT)[-1].rpartition("/c/")[2]


@pytest.fixture
def page(context: BrowserContext) -> Page:
    context.set_default_timeout(30_000)
    expect.set_options(timeout=30_000)
    return context.new_page()


def test_chat_of_telegram_opens_on_the_page(
    page: Page, link: str, running: tuple[Desk, FakeTelegram]
) -> None:
    page.goto(link)
    assert faults(page) == ""
    page.get_by_role("button", name="Open my chat").click()

    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_text("\u00ab hello").last).to_be_visible()
    assert page.url == running[0].url + "/"
    say(page, "from the page")
    expect(texts(page).last).to_have_text("\u00ab from the page")
    page.reload()
    expect(texts(page).last).to_have_text("\u00ab from the page")


def test_link_that_was_used_says_so(page: Page, link: str) -> None:
    page.goto(link)
    page.get_by_role("button", name="Open my chat").click()
    expect(page.get_by_role("dialog")).to_be_visible()

    page.goto(link)
    page.get_by_role("button", name="Open my chat").click()

    expect(page.get_by_text("was used before or is too old")).to_be_visible()


def test_another_chat_of_this_browser_gives_way(
    page: Page, link: str, running: tuple[Desk, FakeTelegram]
) -> None:
    page.goto(running[0].url)
    page.get_by_role("button", name="Ask a question").click()
    for number in range(4):
        say(page, f"on the page {number}")
        expect(texts(page).last).to_have_text(f"\u00ab on the page {number}")

    page.goto(link)
    page.get_by_role("button", name="Open my chat").click()

    expect(page.get_by_text("\u00ab hello").last).to_be_visible()
    expect(page.get_by_text("on the page 3")).to_have_count(0)


def test_without_a_line_nothing_is_used_up(
    page: Page, context: BrowserContext, link: str
) -> None:
    page.goto(link)
    context.set_offline(True)
    page.get_by_role("button", name="Open my chat").click()
    expect(page.get_by_text("check your connection")).to_be_visible()
    context.set_offline(False)
    page.get_by_role("button", name="Open my chat").click()

    expect(page.get_by_role("dialog")).to_be_visible()


FULL = """
    Storage.prototype.setItem = () => {
      throw new DOMException("full", "QuotaExceededError");
    };
"""


def test_without_storage_nothing_is_used_up(page: Page, browser: Browser, link: str):
    full = browser.new_context()
    full.add_init_script(FULL)
    without = full.new_page()
    without.goto(link)
    without.get_by_role("button", name="Open my chat").click()
    expect(without.get_by_text("Your link still works")).to_be_visible()
    full.close()

    page.goto(link)
    page.get_by_role("button", name="Open my chat").click()

    expect(page.get_by_role("dialog")).to_be_visible()


def test_page_fits_a_narrow_phone(page: Page, link: str, tmp_path: Path) -> None:
    page.set_viewport_size({"width": 360, "height": 640})
    page.goto(link)

    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide == 360
    page.screenshot(path=tmp_path / "continue.png")
