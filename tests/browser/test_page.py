"""The clinic's page, whatever desk serves it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page, expect

pytestmark = pytest.mark.browser


@pytest.fixture
def page(context, desk_url: str) -> Page:
    """Open the clinic's page."""
    opened: Page = context.new_page()
    opened.goto(desk_url)
    return opened


def test_page_says_what_the_assistant_is_not(page: Page):
    said = page.get_by_role("main")

    expect(said).to_contain_text("automated assistant")
    expect(said).to_contain_text("does not diagnose")
    expect(said.get_by_role("link", name="911")).to_have_attribute("href", "tel:911")


def test_page_has_landmarks_and_a_language(page: Page):
    expect(page.locator("html")).to_have_attribute("lang", "en-CA")
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("banner")).to_have_count(1)
    expect(page.get_by_role("contentinfo")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    expect(page.locator("script")).to_have_count(1)


def test_page_without_javascript_shows_phone_and_hours(browser: Browser, desk_url: str):
    plain = browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(desk_url)
    reach = page.get_by_role("region", name="Reach us")

    expect(reach.get_by_role("link", name="+1 780 555 0142")).to_be_visible()
    expect(reach).to_contain_text("Saturday")
    assert '<noscript><p class="plainly">The chat needs JavaScript' in page.content()
    plain.close()


def test_open_chat_covers_nothing_of_a_wide_page(page: Page):
    page.get_by_role("button", name="Ask a question").click()
    panel = page.get_by_role("dialog").bounding_box()
    parts = page.locator(".top, .welcome, .reach, .treatments").all()
    edges = [box["x"] + box["width"] for one in parts if (box := one.bounding_box())]

    assert panel is not None
    assert len(edges) == 4
    assert max(edges) < panel["x"]


def test_page_fits_a_narrow_phone(browser: Browser, desk_url: str):
    phone = browser.new_context(viewport={"width": 360, "height": 640})
    page = phone.new_page()
    page.goto(desk_url)
    overflow = page.locator("html").evaluate("(n) => n.scrollWidth - n.clientWidth")
    phone.close()

    assert overflow == 0
