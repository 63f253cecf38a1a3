"""Questions that are asked with more than plain buttons."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.seen import say, texts
from tests.browser.stub_desk import StubDesk

pytestmark = pytest.mark.browser

SHIFTS = """() => new Promise((resolve) => {
    let total = 0;
    new PerformanceObserver((list) => {
        for (const one of list.getEntries())
            total += one.hadRecentInput ? 0 : one.value;
    }).observe({ type: "layout-shift", buffered: true });
    setTimeout(() => resolve(total), 100);
})"""


def come_late(route: Route) -> None:
    time.sleep(0.8)  # longer than a shift is forgiven after a key
    route.continue_()


def test_place_on_the_body_presses_its_button(chat: Page, desk: StubDesk):
    say(chat, "body")
    backs = chat.locator(".figure .place")
    expect(backs.first).to_be_visible()

    chat.locator(".figure svg > g").nth(1).locator(".place path").nth(1).click()

    expect(texts(chat).last).to_have_text("You said: Low back")
    assert "choice" in desk.posts[-1]


def test_body_is_a_picture_and_the_buttons_are_the_way(chat: Page):
    say(chat, "body")
    expect(chat.locator(".figure svg")).to_be_visible()

    expect(chat.locator(".figure")).to_have_attribute("aria-hidden", "true")
    question = chat.get_by_role("group", name="Where is the main pain?")
    expect(question.get_by_role("button")).to_have_text(
        ["Low back", "Neck", "Knee", "No pain"]
    )
    question.get_by_role("button", name="Neck").focus()
    expect(chat.locator(".figure .near")).to_have_count(2)  # front and back


def test_body_that_does_not_load_leaves_the_buttons(chat: Page):
    chat.route(re.compile("body.js"), lambda route: route.abort())

    say(chat, "body")

    expect(chat.locator(".figure")).to_be_hidden()
    chat.get_by_role("button", name="Knee").click()
    expect(texts(chat).last).to_have_text("You said: Knee")


def test_body_moves_nothing_when_it_comes(chat: Page):
    say(chat, "hello")
    expect(texts(chat).last).to_have_text("You said: hello")
    chat.route(re.compile("body.js"), come_late)

    say(chat, "body")
    button = chat.get_by_role("button", name="Low back")
    expect(button).to_be_visible()
    before = button.bounding_box()
    expect(chat.locator(".figure svg")).to_be_visible()

    assert button.bounding_box() == before
    assert chat.evaluate(SHIFTS) == 0


def test_openings_stand_under_their_days(chat: Page, desk: StubDesk):
    say(chat, "openings")
    thursday = chat.get_by_role("group", name="Thursday, November 26")
    expect(thursday.get_by_role("button")).to_have_text(
        ["9 amMina Oyelaran", "5:30 pmJo Tam"]
    )
    expect(chat.get_by_role("button", name="Another day")).to_be_enabled()

    thursday.get_by_role("button", name="5:30 pm").click()

    expect(texts(chat).last).to_have_text(
        "You said: Thursday, November 26 at 5:30 pm, Jo Tam"
    )
    expect(chat.locator(".days .choice:enabled")).to_have_count(0)


def test_several_scales_are_sent_as_one_line(chat: Page, desk: StubDesk):
    say(chat, "scales")
    question = texts(chat).filter(has_text="Two numbers")
    expect(question).to_have_text("Two numbers, please.")
    send = chat.locator(".scales").get_by_role("button", name="Send")
    first = chat.get_by_role("radiogroup", name="How strong on average?")
    second = chat.get_by_role("radiogroup", name="How much in the way?")
    first.get_by_role("radio", name="4", exact=True).check(force=True)
    expect(send).to_be_disabled()
    second.get_by_role("radio", name="0", exact=True).check(force=True)

    send.click()

    expect(texts(chat).last).to_have_text("You said: 4, 0")
    assert desk.posts[-1]["text"] == "4, 0"


def test_scale_is_answered_with_arrow_keys(chat: Page):
    say(chat, "scales")
    first = chat.get_by_role("radiogroup", name="How strong on average?")
    first.get_by_role("radio", name="0", exact=True).focus()

    chat.keyboard.press("Space")
    for _ in range(3):
        chat.keyboard.press("ArrowRight")

    expect(first.get_by_role("radio", name="3", exact=True)).to_be_checked()
