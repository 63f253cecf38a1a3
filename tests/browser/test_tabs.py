"""The same conversation in three tabs."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.seen import lose_the_line, say, state, texts
from tests.browser.stub_desk import StubDesk

pytestmark = pytest.mark.browser


@pytest.fixture
def tabs(context: BrowserContext, desk: StubDesk) -> list[Page]:
    """Open the chat three times."""
    opened = []
    for _ in range(3):
        page = context.new_page()
        page.goto(desk.url)
        page.get_by_role("button", name="Ask a question").click()
        opened.append(page)
    return opened


def test_three_tabs_show_the_same_in_the_same_order(tabs: list[Page], desk: StubDesk):
    for number, page in enumerate(tabs):
        say(page, f"from tab {number}")
        for each in tabs:
            expect(texts(each).last).to_have_text(f"You said: from tab {number}")

    shown = [page.locator(".log .text:visible").all_inner_texts() for page in tabs]
    assert shown[0] == shown[1] == shown[2]
    assert len(shown[0]) == 7
    assert desk.visitor_texts() == [f"from tab {number}" for number in range(3)]


def test_button_pressed_in_one_tab_is_dead_in_all(tabs: list[Page]):
    say(tabs[0], "buttons")
    for page in tabs:
        expect(page.get_by_role("button", name="Yes", exact=True)).to_be_enabled()

    tabs[1].get_by_role("button", name="No", exact=True).click()

    for page in tabs:
        expect(texts(page).last).to_have_text("You said: No")
        expect(page.get_by_role("button", name="Yes", exact=True)).to_be_disabled()


def test_what_three_tabs_wrote_without_a_line_arrives_once(
    tabs: list[Page], context: BrowserContext, desk: StubDesk
):
    say(tabs[0], "first")
    expect(texts(tabs[2]).last).to_have_text("You said: first")
    context.set_offline(True)
    for number, page in enumerate(tabs):
        say(page, f"offline {number}")
    for page in tabs:  # each shows what the others keep, too
        expect(page.get_by_text("offline 0")).to_be_visible()
        expect(page.get_by_text("offline 2")).to_be_visible()

    context.set_offline(False)

    for number in range(3):
        for page in tabs:
            expect(page.get_by_text(f"You said: offline {number}")).to_be_visible()
    assert sorted(desk.visitor_texts()) == [
        "first", "offline 0", "offline 1", "offline 2",
    ]  # fmt: skip
    for page in tabs:
        expect(texts(page)).to_have_count(9)


def test_closing_the_tab_that_wrote_loses_nothing(
    tabs: list[Page], context: BrowserContext, desk: StubDesk
):
    say(tabs[0], "first")
    expect(texts(tabs[1]).last).to_have_text("You said: first")
    context.set_offline(True)
    say(tabs[0], "from a tab that goes")
    expect(tabs[1].get_by_text("from a tab that goes")).to_be_visible()
    tabs[0].close()

    context.set_offline(False)

    expect(texts(tabs[1]).last).to_have_text("You said: from a tab that goes")
    assert desk.visitor_texts() == ["first", "from a tab that goes"]


def test_what_another_tab_has_sent_is_shown_at_once(tabs: list[Page]):
    say(tabs[0], "first")
    expect(texts(tabs[1]).last).to_have_text("You said: first")
    lose_the_line(tabs[1])
    say(tabs[1], "from here")
    expect(state(tabs[1], "Not sent yet")).to_be_visible()

    tabs[1].unroute("**/chat/**")

    expect(texts(tabs[1]).last).to_have_text("You said: from here")


def test_message_that_failed_in_one_tab_can_be_sent_from_another(
    tabs: list[Page], desk: StubDesk
):
    desk.fail_with = 500
    say(tabs[0], "a refused word")
    for page in tabs:
        expect(state(page, "Not sent. It is kept.")).to_be_visible()
        expect(state(page, "Sending")).to_have_count(0)

    desk.fail_with = None
    tabs[1].get_by_role("button", name="Tap to retry").click()

    for page in tabs:
        expect(texts(page).last).to_have_text("You said: a refused word")
    assert desk.visitor_texts() == ["a refused word"]
