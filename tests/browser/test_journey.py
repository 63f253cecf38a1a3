"""From the first word to the booked visit, in front of the real processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.booking import HEALTHY, answer, appointments_of, replies
from tests.browser.seen import say, state, texts
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.model]

FOLLOWS = """(wanted) => {
    let at = document.activeElement;
    while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    if (at === wanted) return "here";
    const root = wanted.getRootNode();
    if (!root.contains(at)) return "Tab";
    const follows = Node.DOCUMENT_POSITION_FOLLOWING;
    return at.compareDocumentPosition(wanted) & follows ? "Tab" : "Shift+Tab";
}"""
# Each visitor is another patient: one may have only so many visits ahead.
BY_KEYBOARD = "Ana O'Neil, 780 555 0164, ana@example.net"
BY_PHONE = "Ana O'Neil, 780 555 0165, ana@example.net"
BY_FORM = "Ana O'Neil, 780 555 0166, ana@example.net"


@pytest.fixture
def phone(browser: Browser) -> Iterator[BrowserContext]:
    """Open a phone of 360 pixels."""
    opened = browser.new_context(
        viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True
    )
    opened.set_default_timeout(30_000)
    yield opened
    opened.close()


@pytest.fixture
def desktop(browser: Browser) -> Iterator[BrowserContext]:
    opened = browser.new_context(viewport={"width": 1280, "height": 800})
    opened.set_default_timeout(30_000)
    yield opened
    opened.close()


def walk_to(page: Page, wanted: Locator) -> None:
    """Press Tab, forwards or backwards, until something has the focus."""
    for _ in range(60):
        step = wanted.evaluate(FOLLOWS)
        if step == "here":
            return
        page.keyboard.press(step)
    raise AssertionError("no way there by keyboard")


def press(page: Page, wanted: Locator, key: str = "Enter") -> None:
    walk_to(page, wanted)
    page.keyboard.press(key)


def write(page: Page, text: str) -> None:
    walk_to(page, page.get_by_label("Write a message"))
    page.keyboard.type(text)
    page.keyboard.press("Enter")


def answer_by_keyboard(page: Page, question: str, reply: str) -> None:
    asked = replies(page).last
    expect(asked).to_contain_text(question, timeout=30_000)
    if asked.locator(".checklist").count():
        press(page, asked.get_by_label(reply, exact=True), "Space")
        press(page, asked.get_by_role("button", name="Send"))
    elif asked.locator(".scales").count():
        groups = asked.get_by_role("radiogroup").all()
        for group, number in zip(groups, reply.split(", "), strict=True):
            press(page, group.get_by_role("radio").first, "Space")
            for _ in range(int(number)):
                page.keyboard.press("ArrowRight")
        press(page, asked.get_by_role("button", name="Send"))
    elif asked.locator(".choice").count():
        press(page, asked.get_by_role("button", name=reply, exact=True))
    else:
        write(page, reply)


def test_keyboard_alone_leads_to_a_booked_visit(desktop: BrowserContext, live: Live):
    page = desktop.new_page()
    page.goto(live.url)
    press(page, page.get_by_role("button", name="Ask a question"))
    expect(page.get_by_label("Write a message")).to_be_focused()
    page.keyboard.type("I'd like to book an appointment")
    page.keyboard.press("Enter")

    for question, reply in HEALTHY:
        answer_by_keyboard(page, question, reply)
    expect(replies(page).last).to_contain_text("Which one suits you", timeout=30_000)
    press(page, replies(page).last.locator(".days .choice").first)
    expect(replies(page).last).to_contain_text("What name", timeout=30_000)
    write(page, BY_KEYBOARD)
    expect(replies(page).last).to_contain_text("Ana O'Neil", timeout=30_000)
    press(page, replies(page).last.get_by_role("button", name="Yes, that's right"))

    expect(page.get_by_role("region", name="Booked")).to_be_visible(timeout=30_000)
    (booked,) = appointments_of(live, page)
    assert (booked.status, booked.patient_name) == ("booked", "Ana O'Neil")
    page.keyboard.press("Escape")
    expect(page.get_by_role("button", name="Ask a question")).to_be_focused()


def test_half_a_minute_without_a_line_costs_a_phone_nothing(
    phone: BrowserContext, live: Live
):
    page = phone.new_page()
    page.goto(live.url)
    page.get_by_role("button", name="Ask a question").click()
    say(page, "I'd like to book an appointment")
    before = [question for question, _ in HEALTHY].index("Where is the main pain")
    for question, reply in HEALTHY[:before]:
        answer(page, question, reply)
    place = replies(page).last.locator(".figure .place")
    expect(place.first).to_be_visible(timeout=30_000)
    phone.set_offline(True)
    replies(page).last.get_by_role("button", name="Low back").click()
    expect(page.get_by_text("Reconnecting. Nothing is lost.")).to_be_visible()
    expect(state(page, "Not sent yet.")).to_be_visible()
    page.wait_for_timeout(30_000)
    expect(replies(page).last).to_contain_text("Where is the main pain")

    phone.set_offline(False)

    for question, reply in HEALTHY[before + 1 :]:
        answer(page, question, reply)
    expect(replies(page).last).to_contain_text("Which one suits you", timeout=30_000)
    replies(page).last.locator(".days .choice").first.click()
    expect(replies(page).last).to_contain_text("What name", timeout=30_000)
    say(page, BY_PHONE)
    expect(replies(page).last).to_contain_text("Ana O'Neil", timeout=30_000)
    say(page, "yes")
    expect(page.get_by_role("region", name="Booked")).to_be_visible(timeout=30_000)
    (booked,) = appointments_of(live, page)
    sideways = page.locator(".scroll").evaluate("(n) => n.scrollWidth - n.clientWidth")
    said = texts(page).all_inner_texts()
    assert booked.status == "booked"
    assert said.count("Low back") == 1
    assert sideways == 0


def answer_by_form(page: Page, question: str, reply: str) -> None:
    """Wait for nothing: a page without JavaScript is whole when it is there."""
    asked = page.locator(".log > .assistant").last
    expect(asked).to_contain_text(question)
    if asked.get_by_role("checkbox").count():
        asked.get_by_label(reply, exact=True).check()
        asked.get_by_role("button", name="Send").click()
    elif asked.get_by_role("radio").count():
        groups = asked.get_by_role("group").all()
        for group, number in zip(groups, reply.split(", "), strict=True):
            group.get_by_label(number, exact=True).check()
        asked.get_by_role("button", name="Send").click()
    elif asked.get_by_role("button").count():
        asked.get_by_role("button", name=reply, exact=True).click()
    else:
        write_by_form(page, reply)


def write_by_form(page: Page, text: str) -> None:
    page.get_by_label("Write a message").fill(text)
    page.get_by_role("button", name="Send").last.click()


def test_visit_is_booked_without_javascript(browser: Browser, live: Live):
    context = browser.new_context(
        java_script_enabled=False, viewport={"width": 360, "height": 640}
    )
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(live.url)
    page.get_by_role("link", name="Write to us on a page without it").click()
    page.get_by_role("button", name="I'd like to book a visit").click()

    for question, reply in HEALTHY:
        answer_by_form(page, question, reply)
    newest = page.locator(".log > .assistant").last
    expect(newest).to_contain_text("Which one suits you")
    newest.get_by_role("button").first.click()
    write_by_form(page, BY_FORM)
    expect(newest).to_contain_text("Ana O'Neil")
    newest.get_by_role("button", name="Yes, that's right").click()

    expect(page.get_by_role("region", name="Booked")).to_be_visible()
    context.close()
