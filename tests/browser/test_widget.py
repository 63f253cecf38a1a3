"""The chat widget in a real browser, in front of a scripted desk."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    Locator,
    Page,
    Route,
    expect,
)

from bot.channels import weight
from tests.browser.seen import lose_the_line, say, state, texts
from tests.browser.stub_desk import CHANNELS, StubDesk

pytestmark = pytest.mark.browser

OUTBOX_IS_EMPTY = (
    "() => !Object.keys(localStorage).some((key) => key.includes(':out:'))"
)
DISTANCE_FROM_THE_END = (
    "(node) => node.scrollHeight - node.scrollTop - node.clientHeight"
)
TOP_IN_VIEW = """(node) => node.getBoundingClientRect().top
    - node.closest(".scroll").getBoundingClientRect().top"""


def top_in_view(part: Locator) -> float:
    """Return how many pixels below the top of the log a part of it stands."""
    found: float = part.evaluate(TOP_IN_VIEW)
    return found


def test_greeting_is_shown_before_anything_is_sent(chat: Page, desk: StubDesk):
    greeting = texts(chat).first

    expect(greeting).to_contain_text("automated assistant of Willow Stair")
    expect(greeting).to_contain_text("I do not diagnose")
    assert desk.rows == {}


def test_visitor_is_answered(chat: Page):
    say(chat, "Good morning")

    expect(texts(chat).last).to_have_text("You said: Good morning")
    expect(texts(chat)).to_have_count(3)
    expect(chat.get_by_text("Sent", exact=True)).to_be_visible()


def test_reload_shows_the_whole_conversation(chat: Page):
    say(chat, "one")
    expect(texts(chat).last).to_have_text("You said: one")
    say(chat, "sources")
    expect(texts(chat).last).to_contain_text("Most people feel little")
    before = texts(chat).all_inner_texts()

    chat.reload()

    expect(texts(chat)).to_have_text(before)
    say(chat, "two")
    expect(texts(chat).last).to_have_text("You said: two")


def test_shift_enter_starts_a_new_line(chat: Page, desk: StubDesk):
    box = chat.get_by_label("Write a message")
    box.press_sequentially("first")
    box.press("Shift+Enter")
    box.press_sequentially("second")

    box.press("Enter")

    expect(texts(chat).last).to_have_text("You said: first\nsecond")
    assert desk.visitor_texts() == ["first\nsecond"]


def test_counter_appears_near_the_limit(chat: Page):
    box = chat.get_by_label("Write a message")
    box.fill("a" * 1799)
    expect(chat.get_by_text("left")).to_be_hidden()

    box.fill("a" * 1990)

    expect(chat.get_by_text("10 left")).to_be_visible()


def test_offline_message_is_delivered_once(
    chat: Page, context: BrowserContext, desk: StubDesk
):
    say(chat, "before")
    expect(texts(chat).last).to_have_text("You said: before")
    context.set_offline(True)
    say(chat, "written offline")
    expect(chat.get_by_text("Reconnecting. Nothing is lost.")).to_be_visible()
    expect(state(chat, "Not sent yet.")).to_be_visible()

    context.set_offline(False)

    expect(texts(chat).last).to_have_text("You said: written offline")
    expect(chat.get_by_text("Reconnecting. Nothing is lost.")).to_be_hidden()
    assert desk.visitor_texts() == ["before", "written offline"]
    expect(texts(chat)).to_have_count(5)


FORBIDDEN = """
    const denied = () => new DOMException("no", "SecurityError");
    for (const kind of ["localStorage", "sessionStorage"]) {
      Object.defineProperty(window, kind, { get() { throw denied(); } });
    }
    navigator.locks.request = () => Promise.reject(denied());
"""


def test_without_storage_messages_leave_all_the_same(
    context: BrowserContext, desk: StubDesk
):
    context.add_init_script(FORBIDDEN)
    page = context.new_page()
    page.goto(desk.url)
    page.get_by_role("button", name="Ask a question").click()

    for text in ("one", "two"):
        say(page, text)
        expect(texts(page).last).to_have_text(f"You said: {text}")

    assert desk.visitor_texts() == ["one", "two"]


IMPATIENT = """
    const [wait, limit] = [setTimeout, AbortSignal.timeout];
    const sooner = (ms) => (ms === 20000 ? 1000 : ms);
    window.setTimeout = (deed, ms) => wait(deed, sooner(ms));
    AbortSignal.timeout = (ms) => limit.call(AbortSignal, sooner(ms));
"""


@pytest.fixture
def impatient(context: BrowserContext, desk: StubDesk) -> Page:
    context.add_init_script(IMPATIENT)
    page = context.new_page()
    page.goto(desk.url)
    page.get_by_role("button", name="Ask a question").click()
    return page


def test_desk_that_never_answers_the_first_call_is_asked_again(
    impatient: Page, desk: StubDesk
):
    desk.silent = True
    say(impatient, "hello?")
    expect(state(impatient, "Not sent yet.")).to_be_visible()

    desk.silent = False

    expect(texts(impatient).last).to_have_text("You said: hello?")
    assert desk.visitor_texts() == ["hello?"]


def test_desk_that_never_shows_the_history_is_asked_again(
    impatient: Page, desk: StubDesk
):
    say(impatient, "hello")
    expect(texts(impatient).last).to_have_text("You said: hello")
    desk.silent = True
    impatient.reload()
    expect(impatient.get_by_text("Reconnecting. Nothing is lost.")).to_be_visible()

    desk.silent = False

    expect(texts(impatient).last).to_have_text("You said: hello")
    expect(impatient.get_by_text("Reconnecting. Nothing is lost.")).to_be_hidden()


def test_desk_that_takes_a_message_again_is_heard_at_once(chat: Page):
    say(chat, "first")
    expect(texts(chat).last).to_have_text("You said: first")
    lose_the_line(chat)
    chat.unroute("**/chat/**")

    say(chat, "second")

    expect(texts(chat).last).to_have_text("You said: second")


def test_line_separators_do_not_break_the_stream(chat: Page, desk: StubDesk):
    say(chat, "hello")
    expect(texts(chat).last).to_have_text("You said: hello")

    desk.say(author="staff", text="one\u2028two\u2029three")

    expect(chat.get_by_text("three")).to_be_visible()


def send_news_late(route: Route) -> None:
    time.sleep(0.5)  # the answer to the POST overtakes the news of it
    route.continue_()


def test_first_answer_has_no_time_of_its_own(chat: Page):
    chat.route(re.compile(r"/chat/messages\?after"), send_news_late)

    say(chat, "one")

    expect(texts(chat).last).to_have_text("You said: one")
    expect(chat.locator(".when")).to_have_count(0)


def test_lost_answer_does_not_send_a_message_twice(chat: Page, desk: StubDesk):
    desk.fail_with, desk.retry_after, desk.loses_answers = 503, 1, True
    say(chat, "once")
    expect(texts(chat).last).to_have_text("You said: once")

    desk.fail_with = None

    chat.wait_for_function(OUTBOX_IS_EMPTY)
    expect(chat.get_by_text("Sent", exact=True)).to_be_visible()
    expect(texts(chat)).to_have_count(3)
    assert len(desk.posts) >= 2
    assert desk.visitor_texts() == ["once"]


def test_unsent_message_survives_a_reload(chat: Page, desk: StubDesk):
    desk.fail_with = 500
    say(chat, "keep me")
    expect(state(chat, "Not sent. It is kept.")).to_be_visible()
    desk.fail_with = None

    chat.reload()

    expect(texts(chat).last).to_have_text("You said: keep me")
    assert desk.visitor_texts() == ["keep me"]


def test_failed_message_is_sent_by_a_tap(chat: Page, desk: StubDesk):
    desk.fail_with = 500
    say(chat, "again please")
    retry = chat.get_by_role("button", name="Tap to retry")
    expect(retry).to_be_visible()
    desk.fail_with = None

    retry.click()

    expect(texts(chat).last).to_have_text("You said: again please")
    expect(retry).to_be_hidden()
    assert desk.visitor_texts() == ["again please"]


def test_answer_stands_below_its_question_when_an_earlier_one_failed(
    chat: Page, desk: StubDesk
):
    say(chat, "hello")
    expect(texts(chat).last).to_have_text("You said: hello")
    desk.fail_with = 500
    say(chat, "this one fails")
    expect(state(chat, "Not sent. It is kept.")).to_be_visible()
    desk.fail_with = None

    say(chat, "and this one not")

    expect(chat.get_by_text("You said: and this one not")).to_be_visible()
    order = ["You said: hello", "and this one not", "You said: and this one not"]
    expect(texts(chat)).to_have_text(
        [re.compile("Hello"), "hello", *order, "this one fails"]
    )


def test_gateway_that_finds_nothing_ends_no_conversation(chat: Page, desk: StubDesk):
    say(chat, "hello")
    expect(texts(chat).last).to_have_text("You said: hello")
    chat.route("**/chat/messages?after*", lambda route: route.fulfill(status=404))
    chat.reload()
    expect(chat.get_by_text("Reconnecting. Nothing is lost.")).to_be_visible()

    chat.unroute("**/chat/messages?after*")

    expect(texts(chat).last).to_have_text("You said: hello")
    assert len(desk.rows) == 1


def test_refused_message_says_why_and_keeps_the_words(chat: Page, desk: StubDesk):
    desk.fail_with = 413
    say(chat, "far too long")

    expect(state(chat, "Please keep it under 2000 characters.")).to_be_visible()
    expect(chat.get_by_label("Write a message")).to_have_value("far too long")


@pytest.mark.parametrize(("status", "told"), [(500, "Not sent."), (413, "Please keep")])
def test_failed_message_is_read_out_once(
    chat: Page, desk: StubDesk, status: int, told: str
):
    spoken = chat.get_by_role("status").filter(has_text=told)
    desk.fail_with = status
    say(chat, "far too long")
    expect(spoken).to_have_count(1)
    desk.fail_with = None

    say(chat, "short")

    expect(chat.get_by_text("You said: short")).to_be_visible()
    expect(spoken).to_have_count(0)


def test_first_message_to_a_desk_that_is_away_is_read_out(chat: Page):
    chat.route("**/chat/conversations", lambda route: route.abort())

    say(chat, "anybody?")

    expect(chat.get_by_role("status").filter(has_text="Not sent yet.")).to_have_count(1)


def test_refused_press_leaves_the_question_open(chat: Page, desk: StubDesk):
    say(chat, "buttons")
    expect(texts(chat)).to_have_count(3)
    desk.fail_with = 422
    chat.get_by_role("button", name="Yes", exact=True).click()
    expect(state(chat, "This could not be sent.")).to_be_visible()
    desk.fail_with = None

    chat.get_by_role("button", name="No", exact=True).click()

    expect(texts(chat).last).to_have_text("You said: No")
    assert desk.visitor_texts() == ["buttons", "No"]


def test_press_that_outlives_its_chat_means_the_same(chat: Page, desk: StubDesk):
    say(chat, "buttons")
    expect(texts(chat)).to_have_count(3)
    desk.fail_with = 503
    chat.get_by_role("button", name="Yes", exact=True).click()
    expect(state(chat, "Not sent yet.")).to_be_visible()
    desk.end_conversations()
    expect(chat.get_by_text("The earlier chat has ended")).to_be_visible()

    desk.fail_with = None

    expect(texts(chat).last).to_have_text("You said: Yes")
    assert desk.visitor_texts() == ["Yes"]


def test_press_that_came_too_slowly_is_sent_again(chat: Page, desk: StubDesk):
    say(chat, "buttons")
    expect(texts(chat)).to_have_count(3)
    desk.fail_with = 408
    chat.get_by_role("button", name="Yes", exact=True).click()
    expect(state(chat, "Not sent yet.")).to_be_visible()

    desk.fail_with = None

    expect(texts(chat).last).to_have_text("You said: Yes")


def test_message_waits_as_long_as_the_desk_asks(chat: Page, desk: StubDesk):
    desk.fail_with, desk.retry_after = 429, 1
    say(chat, "in a hurry")
    expect(state(chat, "It goes out in 1 s")).to_be_visible()

    desk.fail_with = None

    expect(texts(chat).last).to_have_text("You said: in a hurry")
    assert desk.visitor_texts() == ["in a hurry"]


def test_ended_conversation_gives_way_to_a_new_one(chat: Page, desk: StubDesk):
    say(chat, "old")
    expect(texts(chat).last).to_have_text("You said: old")
    chat.get_by_label("Write a message").fill("still unsent")

    desk.end_conversations()

    expect(chat.get_by_text("The earlier chat has ended")).to_be_visible()
    expect(chat.get_by_label("Write a message")).to_have_value("still unsent")
    chat.get_by_label("Write a message").press("Enter")
    expect(texts(chat).last).to_have_text("You said: still unsent")
    assert desk.visitor_texts() == ["still unsent"]


def test_desk_without_streams_is_polled(chat: Page, desk: StubDesk):
    desk.streams = False

    say(chat, "no stream")

    expect(texts(chat).last).to_have_text("You said: no stream")
    desk.say(author="staff", name="Priya", text="Said while polling")
    expect(texts(chat).last).to_have_text("Said while polling")


def test_two_tabs_show_the_same_once(
    chat: Page, context: BrowserContext, desk: StubDesk
):
    other = context.new_page()
    other.goto(desk.url)
    other.get_by_role("button", name="Ask a question").click()

    say(chat, "from the first tab")

    for page in (chat, other):
        expect(texts(page).last).to_have_text("You said: from the first tab")
        expect(texts(page)).to_have_count(3)
    say(other, "from the second tab")
    for page in (chat, other):
        expect(texts(page).last).to_have_text("You said: from the second tab")
        expect(texts(page)).to_have_count(5)
    assert desk.visitor_texts() == ["from the first tab", "from the second tab"]


def test_button_is_dead_once_used(chat: Page, desk: StubDesk):
    say(chat, "buttons")
    yes = chat.get_by_role("button", name="Yes", exact=True)

    yes.click()

    expect(texts(chat).last).to_have_text("You said: Yes")
    expect(chat.locator(".choice:visible")).to_have_count(2)
    expect(chat.locator(".choice:visible:enabled")).to_have_count(0)
    assert "choice" in desk.posts[-1]


def test_buttons_of_an_older_question_are_dead(chat: Page):
    say(chat, "buttons")
    expect(chat.get_by_role("button", name="Yes", exact=True)).to_be_enabled()

    say(chat, "scale")

    expect(chat.get_by_role("button", name="10", exact=True)).to_be_enabled()
    expect(chat.get_by_role("button", name="Yes", exact=True)).to_be_disabled()


def test_scale_stands_in_rows_that_fit(chat: Page):
    say(chat, "scale")
    steps = chat.locator(".scale .choice")
    expect(steps).to_have_count(11)
    tops = {box["y"] for step in steps.all() if (box := step.bounding_box())}

    assert len(tops) == 1


def test_checklist_sends_what_is_ticked(chat: Page, desk: StubDesk):
    say(chat, "checklist")
    send = chat.locator(".checklist").get_by_role("button", name="Send")
    expect(send).to_be_disabled()
    chat.get_by_label("A pacemaker").check()
    chat.get_by_label("Pregnancy").check()

    send.click()

    expect(texts(chat).last).to_have_text("You said: A pacemaker, Pregnancy")
    assert len(desk.posts[-1]["choices"]) == 2
    expect(chat.get_by_label("Blood thinners")).to_be_disabled()


def test_none_of_these_clears_the_others(chat: Page):
    say(chat, "checklist")
    chat.get_by_label("A pacemaker").check()

    chat.get_by_label("None of these").check()

    expect(chat.get_by_label("A pacemaker")).not_to_be_checked()
    chat.get_by_label("Blood thinners").check()
    expect(chat.get_by_label("None of these")).not_to_be_checked()


def test_none_of_these_does_not_look_switched_off(chat: Page):
    say(chat, "checklist")
    expect(chat.get_by_label("None of these")).to_be_enabled()
    colours = chat.locator(".checklist label").evaluate_all(
        "all => all.map((one) => getComputedStyle(one).color)"
    )

    assert len(colours) == 4
    assert len(set(colours)) == 1


def test_emergency_has_a_word_and_a_number_to_call(chat: Page):
    say(chat, "emergency")
    banner = chat.get_by_role("region", name="Emergency")

    expect(banner.locator(".word")).to_have_text("Emergency")
    expect(banner.locator(".word svg")).to_be_visible()
    call = banner.get_by_role("link", name="Call 911")
    expect(call).to_have_attribute("href", "tel:911")
    expect(call).to_be_in_viewport()


def test_answer_shows_its_sources(chat: Page):
    say(chat, "sources")
    source = chat.get_by_text("A review of acupuncture sensation (2019)")
    expect(source).to_be_hidden()

    chat.get_by_text("Where this comes from").click()

    expect(source).to_be_visible()
    expect(chat.get_by_text("Last checked on")).to_contain_text("2026")


def test_card_shows_its_rows_and_links(chat: Page, desk: StubDesk):
    say(chat, "appointment")
    card = chat.get_by_role("region", name="Your visit is booked")

    expect(card.get_by_text("Mina Oyelaran")).to_be_visible()
    link = card.get_by_role("link", name="Add to your calendar")
    expect(link).to_have_attribute("href", f"{desk.url}/visits/made-up.ics")


def test_person_is_one_tap_away(chat: Page, desk: StubDesk):
    chat.get_by_role("button", name="Talk to a person").click()

    expect(texts(chat).last).to_have_text("Hello, this is Priya.")
    expect(chat.get_by_text("Priya, clinic staff")).to_be_visible()
    assert desk.visitor_texts() == ["I'd like to talk to a person"]


def test_message_while_closed_is_counted_on_the_button(chat: Page, desk: StubDesk):
    say(chat, "hello")
    expect(texts(chat).last).to_have_text("You said: hello")
    chat.get_by_role("button", name="Close the chat").click()

    desk.say(author="staff", name="Priya", text="Are you still there?")

    expect(chat.get_by_role("button", name="Ask a question 1 new")).to_be_visible()


def test_turn_taller_than_the_view_is_shown_from_its_start(chat: Page):
    say(chat, "gate")
    question = texts(chat).filter(has_text="Do any of these apply now?")
    expect(question).to_be_visible()

    expect(texts(chat).filter(has_text="Thank you.")).to_be_in_viewport(ratio=1)
    expect(question).to_be_in_viewport(ratio=1)
    expect(chat.get_by_label("Sign number 14")).not_to_be_in_viewport()
    assert 0 <= top_in_view(texts(chat).filter(has_text="Thank you.")) <= 20


def test_short_turn_is_shown_to_its_end(chat: Page):
    say(chat, "gate")
    expect(chat.get_by_label("Sign number 14")).to_be_attached()

    say(chat, "scale")

    expect(chat.get_by_role("button", name="10", exact=True)).to_be_in_viewport()
    assert chat.locator(".scroll").evaluate(DISTANCE_FROM_THE_END) < 1


def test_new_turn_never_moves_a_visitor_who_reads(chat: Page, desk: StubDesk):
    say(chat, "gate")
    expect(chat.get_by_label("Sign number 14")).to_be_attached()
    view = chat.locator(".scroll")
    view.evaluate("(node) => { node.scrollTop = 40; }")

    desk.say(author="assistant", text="Are you still there?")

    expect(chat.get_by_role("button", name="New message below")).to_be_visible()
    assert view.evaluate("(node) => node.scrollTop") == 40


def test_staff_who_write_much_are_followed_to_the_end(chat: Page, desk: StubDesk):
    say(chat, "hello")
    expect(texts(chat).last).to_have_text("You said: hello")

    for n in range(12):
        desk.say(author="staff", name="Priya", text=f"Line {n}\nand more\nof it")
        expect(texts(chat).last).to_have_text(f"Line {n}\nand more\nof it")

    expect(texts(chat).last).to_be_in_viewport(ratio=1)


def test_more_is_folded_under_the_text(chat: Page):
    say(chat, "hello")
    say(chat, "consent")
    notice = chat.get_by_text("Staff can read them.")
    expect(notice).to_be_hidden()

    chat.get_by_text("How your answers are used").click()

    expect(notice).to_be_in_viewport(ratio=1)
    question = texts(chat).filter(has_text="May I ask")
    yes = chat.get_by_role("button", name="Yes", exact=True)
    assert top_in_view(question) < top_in_view(notice) < top_in_view(yes)


def test_progress_stands_above_the_question(chat: Page):
    say(chat, "consent")
    progress = chat.get_by_role("log").get_by_text("3 of 13", exact=True)

    expect(progress).to_be_visible()
    question = texts(chat).filter(has_text="May I ask")
    assert top_in_view(progress) < top_in_view(question)
    # What a screen reader is read: the message, its progress first.
    asked = chat.get_by_role("listitem").filter(has_text="May I ask")
    expect(asked).to_have_text(re.compile(r"^Assistant3 of 13May I ask"))
    expect(asked).not_to_have_attribute("aria-live", "off")


def test_html_is_shown_as_text(chat: Page, desk: StubDesk):
    attack = "<img src=x onerror=alert(1)><b>bold</b>"
    say(chat, attack)
    expect(texts(chat).last).to_have_text(f"You said: {attack}")

    desk.say(
        author="assistant",
        text="See javascript:alert(1) or https://clinic.example/a.",
        card={"kind": "x", "title": attack, "rows": [[attack, attack]],
              "links": [{"label": "No", "href": "javascript:alert(1)"}]},
    )  # fmt: skip

    expect(chat.locator(".card .title")).to_have_text(attack)
    assert chat.locator(".log img, .log b").count() == 0
    expect(chat.locator(".log a")).to_have_count(1)
    expect(chat.locator(".log a")).to_have_attribute("href", "https://clinic.example/a")


def test_only_new_messages_of_others_are_read_out(chat: Page):
    say(chat, "spoken")
    expect(texts(chat).last).to_have_text("You said: spoken")
    rows = chat.locator(".log > .visitor, .log > .assistant:not([hidden])")
    expect(chat.get_by_role("log")).to_have_attribute("aria-live", "polite")
    expect(rows.nth(1)).to_have_attribute("aria-live", "off")
    expect(rows.nth(2)).not_to_have_attribute("aria-live", "off")

    chat.reload()

    expect(rows.nth(2)).to_have_attribute("aria-live", "off")


def test_answer_in_the_first_news_is_read_out(chat: Page):
    chat.route(re.compile(r"/chat/messages\?after"), send_news_late)

    say(chat, "spoken")

    answer = chat.locator(".visitor ~ .assistant")
    expect(answer).to_contain_text("You said: spoken")
    expect(answer).not_to_have_attribute("aria-live", "off")


def test_keyboard_alone_is_enough(context: BrowserContext, desk: StubDesk):
    page = context.new_page()
    page.goto(desk.url)
    page.get_by_role("button", name="Ask a question").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_label("Write a message")).to_be_focused()
    page.keyboard.type("buttons")
    page.keyboard.press("Enter")
    yes = page.get_by_role("button", name="Yes", exact=True)
    expect(yes).to_be_enabled()

    for _ in range(3):
        page.keyboard.press("Shift+Tab")
        if yes.evaluate("(node) => node.matches(':focus')"):
            break
    page.keyboard.press("Enter")

    expect(texts(page).last).to_have_text("You said: Yes")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(page.get_by_role("button", name="Ask a question")).to_be_focused()


def test_phone_of_360_pixels_has_no_sideways_scrolling(
    browser: Browser, desk: StubDesk
):
    phone = browser.new_context(
        viewport={"width": 360, "height": 640}, has_touch=True, is_mobile=True
    )
    page = phone.new_page()
    page.goto(desk.url)
    page.get_by_role("button", name="Ask a question").click()
    for text in ("scale", "checklist", "appointment", "emergency", "w" * 300):
        say(page, text)
        expect(page.locator(".done.last")).to_contain_text(text)
    expect(texts(page).last).to_contain_text("You said: www")

    panel = page.get_by_role("dialog").bounding_box()
    overflow = page.locator(".scroll").evaluate("(n) => n.scrollWidth - n.clientWidth")
    targets = page.locator("button:visible, .log a:visible, .exits a").all()
    heights = [box["height"] for one in targets if (box := one.bounding_box())]
    phone.close()

    assert panel == {"x": 0, "y": 0, "width": 360, "height": 640}
    assert overflow == 0
    assert min(heights) >= 44


def test_no_console_errors_and_no_foreign_requests(
    context: BrowserContext, desk: StubDesk
):
    page = context.new_page()
    problems: list[str] = []
    hosts: set[str] = set()
    page.on("console", lambda entry: problems.append(entry.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: hosts.add(request.url.rsplit("/", 1)[0]))
    page.goto(desk.url)
    page.get_by_role("button", name="Ask a question").click()

    for text in ("buttons", "checklist", "sources", "appointment", "emergency"):
        say(page, text)
        expect(page.locator(".done.last")).to_contain_text(text)

    assert problems == []
    assert all(host.startswith((desk.url, "data:")) for host in hosts)


def test_script_stays_small():
    assert weight.main() == 0


def test_script_never_writes_html():
    code = "\n".join(path.read_text() for path in (CHANNELS / "widget").glob("*.js"))
    writers = (
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|Function\("
    )

    assert len(code) > 10_000
    assert re.findall(writers, code) == []
