"""No page and no state of the chat has a fault that axe can see."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.seen import faults, say, texts
from tests.browser.stub_desk import StubDesk

pytestmark = pytest.mark.browser

STATES = (
    "buttons",
    "checklist",
    "scale",
    "scales",
    "body",
    "openings",
    "sources",
    "consent",
    "appointment",
    "emergency",
    "I'd like to talk to a person",
)
SIZES = {"desktop": (1280, 800), "phone": (360, 640)}


@pytest.fixture(params=["light", "dark"])
def scheme(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(params=SIZES)
def page(
    request: pytest.FixtureRequest, browser: Browser, scheme: str, desk: StubDesk
) -> Iterator[Page]:
    """Open the clinic's page on a desktop and on a phone, by day and by night."""
    width, height = SIZES[request.param]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    opened = context.new_page()
    opened.goto(desk.url)
    yield opened
    context.close()


def test_closed_chat_has_no_fault(page: Page):
    expect(page.get_by_role("button", name="Ask a question")).to_be_visible()

    assert faults(page) == ""


def test_open_chat_has_no_fault_in_any_state(page: Page, desk: StubDesk):
    page.get_by_role("button", name="Ask a question").click()
    expect(texts(page).first).to_be_visible()
    found = {"greeting": faults(page)}
    for state in STATES:
        say(page, state)
        expect(page.locator(".done.last")).to_contain_text(state)
        page.wait_for_timeout(100)
        found[state] = faults(page)
    page.get_by_text("Where this comes from").click()
    page.get_by_role("button", name="Your chat").click()
    page.get_by_role("button", name="Delete this chat").click()
    found["deleting"] = faults(page)
    desk.fail_with = 500
    say(page, "not sent")
    expect(page.get_by_text("Tap to retry")).to_be_visible()
    found["failed"] = faults(page)

    assert {state: report for state, report in found.items() if report} == {}
