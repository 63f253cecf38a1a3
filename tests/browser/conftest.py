"""Fixtures for tests in a real Chromium."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.browser import stub_desk
from tests.browser.stub_desk import StubDesk

_FLAGS = [
    "--headless=new",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def _chromium() -> str:
    """Find a Chromium; without one skip, or fail where one is required."""
    found = shutil.which("chromium") or shutil.which("chromium-browser")
    if found:
        return found
    reason = "no chromium on the PATH; Debian and Ubuntu: apt-get install chromium"
    if os.environ.get("MERIDIAN_REQUIRE_BROWSER") == "1":
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """Start one headless Chromium for all tests."""
    path = _chromium()
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=_FLAGS)
        yield started
        started.close()


@pytest.fixture
def desk() -> Iterator[StubDesk]:
    """Start the widget's test double of a desk."""
    started, stop = stub_desk.start()
    yield started
    stop()


@pytest.fixture
def desk_url(desk: StubDesk) -> str:
    """Return the address of a desk that serves the clinic's page."""
    return desk.url


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Open a fresh visitor's browser on a desktop."""
    opened = browser.new_context(viewport={"width": 1280, "height": 800})
    opened.set_default_timeout(10_000)
    yield opened
    opened.close()


@pytest.fixture
def chat(context: BrowserContext, desk: StubDesk) -> Page:
    """Open the clinic's page with the chat open."""
    page = context.new_page()
    page.goto(desk.url)
    page.get_by_role("button", name="Ask a question").click()
    return page
