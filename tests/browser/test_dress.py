"""The chat in other languages, the other direction, other colours and other sizes."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from tests.browser.seen import WATCH_SHIFTS, say, texts
from tests.browser.stub_desk import StubDesk

pytestmark = pytest.mark.browser


def page_with(
    context: BrowserContext, desk: StubDesk, html: str, attributes: str = ""
) -> Page:
    """Open a page of the desk's own origin that is written for the test."""
    page = context.new_page()
    tag = f'<script src="/widget/meridian.js" defer {attributes}></script>'

    def answer(route: Route) -> None:
        route.fulfill(body=html + tag, content_type="text/html; charset=utf-8")

    page.route(f"{desk.url}/test", answer)
    page.goto(f"{desk.url}/test")
    return page


@pytest.mark.parametrize(
    ("wished", "on_page", "in_browser", "label"),
    [
        ("kn", "fr", "en-CA", "ಪ್ರಶ್ನೆ ಕೇಳಿ"),
        ("", "fr-CA", "en-CA", "Poser une question"),
        ("", "", "es-MX", "Hacer una pregunta"),
        ("", "en", "hi-IN", "Ask a question"),
        ("", "", "de-DE", "Ask a question"),
        ("xx", "", "hi-IN", "सवाल पूछें"),
    ],
)
def test_language_is_the_tags_then_the_pages_then_the_browsers(
    browser: Browser,
    desk: StubDesk,
    wished: str,
    on_page: str,
    in_browser: str,
    label: str,
):
    context = browser.new_context(locale=in_browser)
    html = f'<!doctype html><html lang="{on_page}"><title>x</title>'

    page = page_with(context, desk, html, f'data-lang="{wished}"')

    expect(page.get_by_role("button", name=label)).to_be_visible()
    context.close()


def test_labels_are_hindi_and_the_assistants_words_english(
    context: BrowserContext, desk: StubDesk
):
    page = page_with(context, desk, "<!doctype html><title>x</title>", "data-lang=hi")
    page.get_by_role("button", name="सवाल पूछें").click()

    page.get_by_role("button", name="क्या एक्यूपंक्चर में दर्द होता है?").click()

    expect(texts(page).last).to_have_text("You said: Does acupuncture hurt?")
    expect(page.get_by_role("dialog")).to_have_attribute("lang", "hi")
    expect(page.locator(".log > .assistant").last).to_have_attribute("lang", "en")
    expect(page.get_by_text("भेजा गया", exact=True)).to_be_visible()


def test_without_its_labels_the_chat_is_english(
    context: BrowserContext, desk: StubDesk
):
    context.route("**/fr.json*", lambda route: route.abort())

    page = page_with(context, desk, "<!doctype html><title>x</title>", "data-lang=fr")

    expect(page.get_by_role("button", name="Ask a question")).to_be_visible()


def test_chat_stands_on_the_other_side_where_one_reads_from_the_right(
    context: BrowserContext, desk: StubDesk
):
    page = page_with(context, desk, '<!doctype html><html dir="rtl"><title>x</title>')
    launcher = page.get_by_role("button", name="Ask a question")
    closed = launcher.bounding_box()
    launcher.click()
    say(page, "openings")
    expect(page.get_by_role("button", name="Another day")).to_be_visible()
    panel = page.get_by_role("dialog").bounding_box()
    mine = page.locator(".visitor .text").bounding_box()
    overflow = page.locator(".scroll").evaluate("(n) => n.scrollWidth - n.clientWidth")
    day = page.locator(".day").first.bounding_box()
    times = page.locator(".days .choices").first.bounding_box()

    assert closed is not None
    assert panel is not None
    assert mine is not None
    assert day is not None
    assert times is not None
    assert day["x"] + day["width"] == times["x"] + times["width"]
    assert closed["x"] == 20
    assert panel["x"] == 20
    assert mine["x"] < panel["x"] + 40
    assert overflow == 0


def test_english_reads_from_the_left_on_a_page_read_from_the_right(
    context: BrowserContext, desk: StubDesk
):
    page = page_with(context, desk, '<!doctype html><html dir="rtl"><title>x</title>')
    page.get_by_role("button", name="Ask a question").click()
    say(page, "consent")
    lines = [page.get_by_text("3 of 13"), page.get_by_text("May I ask some")]

    for line in lines:
        expect(line).to_have_css("direction", "ltr")


def test_page_chooses_colours_and_words(context: BrowserContext, desk: StubDesk):
    style = "<style>:root { --meridian-accent: rgb(122, 62, 29); }</style>"
    hint = 'data-hint="Nervous about needles?"'
    page = page_with(context, desk, f"<!doctype html><title>x</title>{style}", hint)
    launcher = page.get_by_role("button", name="Nervous about needles?")

    expect(launcher).to_have_css("background-color", "rgb(122, 62, 29)")


def test_hint_never_covers_anything_by_itself(context: BrowserContext, desk: StubDesk):
    hint = 'data-hint="Nervous about needles?"'
    page = page_with(context, desk, "<!doctype html><title>x</title>", hint)

    page.wait_for_timeout(1500)

    expect(page.get_by_role("dialog")).to_be_hidden()


def test_hint_names_the_next_free_time(context: BrowserContext, desk: StubDesk):
    desk.next_free = "2026-11-27T10:30:00-06:00"
    hint = 'data-hint="Next free visit: {when}"'
    page = page_with(context, desk, "<!doctype html><title>x</title>", hint)

    # As the clinic's clock shows it, wherever the browser is.
    button = page.get_by_role("button", name="Next free visit: Fri, Nov 27, 10:30")
    expect(button).to_be_visible()


@pytest.mark.parametrize("answers", [True, False])
def test_hint_without_a_free_time_is_the_usual_one(
    context: BrowserContext, desk: StubDesk, answers: bool
):
    desk.next_free = "" if answers else None
    hint = 'data-hint="Next free visit: {when}"'
    page = page_with(context, desk, "<!doctype html><title>x</title>", hint)

    expect(page.get_by_role("button", name="Ask a question")).to_be_visible()
    expect(page.get_by_text("{when}")).to_have_count(0)


def test_hint_that_comes_late_moves_nothing(context: BrowserContext, desk: StubDesk):
    desk.next_free = "2026-11-27T10:30:00-06:00"
    context.add_init_script(WATCH_SHIFTS)
    hint = 'data-hint="Next free visit: {when}"'
    page = page_with(context, desk, "<!doctype html><title>x</title>", hint)
    expect(page.get_by_role("button", name="Next free visit")).to_be_visible()
    page.wait_for_timeout(200)

    assert page.evaluate("window.shifted") == 0


def test_visitor_who_comes_back_is_asked_to_go_on(chat: Page):
    say(chat, "hello")
    expect(texts(chat).last).to_have_text("You said: hello")
    chat.get_by_role("button", name="Close the chat").click()

    chat.reload()

    expect(chat.get_by_role("button", name="Go on with your chat")).to_be_visible()


def test_twice_the_size_leaves_everything_in_reach(browser: Browser, desk: StubDesk):
    # A window of 1280 by 800 at 200 % is one of 640 by 400.
    context = browser.new_context(
        viewport={"width": 640, "height": 400}, device_scale_factor=2
    )
    page = context.new_page()
    page.goto(desk.url)
    page.get_by_role("button", name="Ask a question").click()
    for text in ("scales", "appointment", "checklist"):
        say(page, text)
        expect(page.locator(".done.last")).to_contain_text(text)
    overflow = page.locator(".scroll").evaluate("(n) => n.scrollWidth - n.clientWidth")
    page.get_by_label("Pregnancy").check()
    send = page.locator(".checklist").get_by_role("button", name="Send")
    send.click()

    expect(texts(page).last).to_have_text("You said: Pregnancy")
    expect(page.get_by_label("Write a message")).to_be_in_viewport(ratio=1)
    assert overflow == 0
    context.close()


def test_nothing_moves_for_who_wants_no_motion(browser: Browser, desk: StubDesk):
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    page.goto(desk.url)
    page.get_by_role("button", name="Ask a question").click()

    dots = page.locator(".typing i").first
    assert dots.evaluate("(n) => getComputedStyle(n).animationName") == "none"
    context.close()
