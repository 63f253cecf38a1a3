"""How a visitor uses the chat, for the tests in a browser."""

from __future__ import annotations

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Locator, Page

WATCH_SHIFTS = """
    window.shifted = 0;
    new PerformanceObserver((list) => {
        for (const one of list.getEntries())
            window.shifted += one.hadRecentInput ? 0 : one.value;
    }).observe({ type: "layout-shift", buffered: true });
"""


def say(page: Page, text: str) -> None:
    """Type something and send it."""
    page.get_by_label("Write a message").fill(text)
    page.get_by_label("Write a message").press("Enter")


def texts(page: Page) -> Locator:
    """Return every text that stands in the chat."""
    return page.locator("meridian-chat .log .text:visible")


def state(page: Page, text: str) -> Locator:
    """Return what stands under a message about its way to the desk."""
    return page.locator("meridian-chat .log .state").get_by_text(text)


def faults(page: Page) -> str:
    """Return what axe complains of, or nothing."""
    found = Axe().run(page)
    return str(found.generate_report()) if found.violations_count else ""


def lose_the_line(page: Page) -> None:
    """Let no call of a page get through, and none be tried again by itself."""
    page.clock.install()
    page.clock.pause_at(page.evaluate("Date.now() + 1000"))
    page.route("**/chat/**", lambda route: route.abort())
    # The stream that is open now ends as it does when a desk dies.
    page.evaluate("dispatchEvent(new Event('offline'))")
    with page.expect_event("requestfailed"):
        page.evaluate("dispatchEvent(new Event('online'))")
