"""Visitor and staff, each in a browser, in front of the real processes."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from functools import partial
from statistics import median

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from bot.clock import utc_now
from bot.house import load_shelf
from bot.settings import load
from tests.browser.staffed import log_in
from tests.console import scene
from tests.live import Live
from tests.people import RECEPTIONIST

pytestmark = [pytest.mark.browser, pytest.mark.model]

WITHIN_SECONDS = 1
EMERGENCY = "my chest is tight and I can't breathe"


@pytest.fixture(scope="module")
def clinic(live: Live) -> Live:
    """Make the logins in the record of the real processes, once."""
    store = live.store()
    scene.staff_up(store, utc_now())
    store.close()
    return live


@pytest.fixture
def problems() -> list[str]:
    """Collect what neither page's console should show."""
    return []


@pytest.fixture
def staff(clinic: Live, browser: Browser, problems: list[str]) -> Iterator[Page]:
    """Log the receptionist in."""
    opened = browser.new_context(viewport={"width": 1280, "height": 800})
    opened.on("weberror", lambda fault: problems.append(str(fault.error)))
    yield log_in(opened, clinic.url)
    opened.close()


@pytest.fixture
def visitor(clinic: Live, context: BrowserContext, problems: list[str]) -> Page:
    """Open the clinic's page with the chat open."""
    page = context.new_page()
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.goto(clinic.url)
    page.get_by_role("button", name="Ask a question").click()
    return page


def sees(seen: Locator) -> None:
    expect(seen).to_be_visible(timeout=30_000)


def say(page: Page, text: str) -> None:
    page.get_by_label("Write a message").fill(text)
    page.get_by_label("Write a message").press("Enter")


def said_to(page: Page, text: str) -> Locator:
    return page.locator(".log").get_by_text(text).last


def ask_for_a_person(visitor: Page, staff: Page) -> Locator:
    """Ask in the chat; return the line that the queue shows for it."""
    lines = staff.locator(".queue a", has_text="Asked for a person")
    before = lines.count()
    say(visitor, "I'd like to talk to a person")
    sees(lines.nth(before))
    expect(said_to(visitor, "Someone will reply here by")).to_be_visible()
    return lines.nth(before)


def take_and_reply(visitor: Page, staff: Page, text: str) -> None:
    staff.get_by_role("button", name="Take it").click()
    sees(said_to(visitor, f"talking to {RECEPTIONIST}"))
    box = staff.get_by_label("Reply to the visitor")
    box.fill(text)
    box.press("Enter")
    sees(said_to(visitor, text))


def raise_the_alarm(visitor: Page, staff: Page) -> None:
    say(visitor, EMERGENCY)
    banner = visitor.get_by_role("region", name="Emergency")
    sees(banner.get_by_role("link", name="Call 911"))
    sees(
        staff.locator(".queue .stat a[aria-current]", has_text="Emergency"),
    )
    sees(staff.locator("#said").get_by_text(EMERGENCY))


def give_back(visitor: Page, staff: Page) -> None:
    staff.get_by_role("button", name="Give back").click()
    sees(said_to(visitor, "You are back with the"))
    expect(staff.get_by_text("With the assistant.")).to_be_visible()


def test_visitor_and_staff_talk_and_the_assistant_goes_on(
    visitor: Page, staff: Page, problems: list[str]
):
    ask_for_a_person(visitor, staff).click()
    take_and_reply(visitor, staff, "Hello, this is Priya. What can I do?")
    say(visitor, "Do the needles hurt?")
    sees(
        staff.locator("#said .visitor").get_by_text("Do the needles hurt?"),
    )
    raise_the_alarm(visitor, staff)
    give_back(visitor, staff)
    say(visitor, "What does a visit cost?")
    expect(visitor.locator("[data-topic=cost]")).to_be_visible(timeout=30_000)

    # While Priya held it the assistant was silent, and it answers nothing old.
    assert visitor.locator("[data-topic=needle_pain]").count() == 0
    assert problems == []


def test_neither_waits_a_second_for_the_other(visitor: Page, staff: Page):
    """The middle one of three counts, as the machine may be busy with something else.

    A page that is not told of what is new looks for it by itself after five seconds.
    """
    asked, replied = [], []
    for number in range(3):
        lines = staff.locator(".queue a", has_text="Asked for a person")
        line = lines.nth(lines.count())
        text = f"Hello, for time {number}."

        asked.append(seconds_until(line, lambda: say(visitor, "Can I talk to staff?")))
        line.click()
        staff.get_by_role("button", name="Take it").click()
        box = staff.get_by_label("Reply to the visitor")
        box.fill(text)
        send = partial(box.press, "Enter")
        replied.append(seconds_until(said_to(visitor, text), send))
        give_back(visitor, staff)

    assert median(asked) <= WITHIN_SECONDS
    assert median(replied) <= WITHIN_SECONDS


def seconds_until(seen: Locator, deed: Callable[[], None]) -> float:
    began = time.monotonic()
    deed()
    seen.wait_for(timeout=30_000)
    return time.monotonic() - began


def test_a_desk_that_dies_in_the_middle_loses_nothing(
    clinic: Live, visitor: Page, staff: Page
):
    ask_for_a_person(visitor, staff).click()
    take_and_reply(visitor, staff, "Hello again.")

    clinic.kill("desk")
    say(visitor, "Are you still there?")
    expect(staff.get_by_text("No connection. Trying again.")).to_be_visible()
    clinic.start("desk")
    clinic.wait_until_ready()

    sees(
        staff.locator("#said .visitor").get_by_text("Are you still there?"),
    )
    box = staff.get_by_label("Reply to the visitor")
    box.fill("Yes, I am here.")
    box.press("Enter")
    sees(said_to(visitor, "Yes, I am here."))
    raise_the_alarm(visitor, staff)
    give_back(visitor, staff)


def test_with_the_assistant_down_staff_and_alarm_go_on(
    clinic: Live, visitor: Page, staff: Page
):
    line = ask_for_a_person(visitor, staff)
    clinic.kill("assistant")

    line.click()
    take_and_reply(visitor, staff, "The assistant is away, I am not.")
    raise_the_alarm(visitor, staff)
    give_back(visitor, staff)
    say(visitor, "What does a visit cost?")
    expect(said_to(visitor, "I need a moment")).to_be_visible(timeout=30_000)
    clinic.start("assistant")
    clinic.wait_until_ready()

    expect(visitor.locator("[data-topic=cost]")).to_be_visible(timeout=60_000)


def test_a_person_asked_for_while_the_assistant_is_down_is_called(
    clinic: Live, visitor: Page, staff: Page
):
    lines = staff.locator(".queue a", has_text="Asked for a person")
    before = lines.count()
    clinic.kill("assistant")

    say(visitor, "Can I talk to a person, please?")
    expect(said_to(visitor, "straight into our staff's queue")).to_be_visible()
    expect(lines).to_have_count(before + 1)
    lines.nth(before).click()
    take_and_reply(visitor, staff, "I am here, the assistant is not.")
    clinic.start("assistant")
    clinic.wait_until_ready()

    # Nobody answers over a person's head when it is back.
    say(visitor, "What does a visit cost?")
    expect(staff.locator("#said .visitor").get_by_text("a visit cost")).to_be_visible()
    expect(visitor.locator("[data-topic=cost]")).to_have_count(0)


def test_two_of_staff_press_take_and_one_is_told(
    clinic: Live, browser: Browser, visitor: Page, staff: Page, problems: list[str]
):
    line = ask_for_a_person(visitor, staff)
    address = f"{clinic.url}{line.get_attribute('href')}"
    line.click()
    other = browser.new_context(viewport={"width": 1280, "height": 800})
    sam = other.new_page()
    sam.route("**/staff/live", lambda route: route.abort())  # a page that is stale
    sam.goto(address)
    sam.get_by_label("Name").fill("Sam")
    sam.get_by_label("Password").fill(scene.PASSWORD)
    sam.get_by_role("button", name="Log in").click()
    expect(sam.get_by_role("button", name="Take it")).to_be_visible()
    staff.get_by_role("button", name="Take it").click()
    expect(staff.get_by_text("You hold this.")).to_be_visible()

    sam.get_by_role("button", name="Take it").click()

    expect(sam.get_by_role("alert")).to_contain_text("Priya has this conversation now.")
    expect(sam.get_by_role("button", name="Take it")).to_have_count(0)
    expect(said_to(visitor, "You are now talking to Sam")).to_have_count(0)
    other.close()


def test_a_draft_survives_a_reload_and_leaves_when_sent(visitor: Page, staff: Page):
    ask_for_a_person(visitor, staff).click()
    staff.get_by_role("button", name="Take it").click()
    box = staff.get_by_label("Reply to the visitor")
    box.fill("I was just about to say")

    staff.reload()
    expect(box).to_have_value("I was just about to say")
    box.press("Enter")

    expect(said_to(visitor, "I was just about to say")).to_be_visible()
    expect(box).to_have_value("")
    staff.reload()
    expect(box).to_have_value("")


def test_the_console_goes_by_keyboard(visitor: Page, staff: Page):
    line = ask_for_a_person(visitor, staff)
    line.focus()

    staff.keyboard.press("Enter")
    take = staff.get_by_role("button", name="Take it")
    take.focus()
    staff.keyboard.press("Enter")
    expect(staff.get_by_label("Reply to the visitor")).to_be_visible()
    staff.get_by_label("Reply to the visitor").focus()
    staff.keyboard.type("By hand.")
    staff.keyboard.press("Enter")

    expect(said_to(visitor, "By hand.")).to_be_visible()


def test_every_page_is_free_of_barriers(
    clinic: Live, browser: Browser, problems: list[str]
):
    store = clinic.store()
    chats = scene.afternoon(store, load_shelf(load()), utc_now())
    missed = scene.misses(store, utc_now(), "is there parking", "wots the damage")
    store.close()
    booked = f"/staff/conversations/{chats['booked']}"
    found = []
    for width in (1280, 360):
        opened = browser.new_context(viewport={"width": width, "height": 740})
        opened.on("weberror", lambda fault: problems.append(str(fault.error)))
        page = opened.new_page()
        page.goto(f"{clinic.url}/staff/login")
        found += barriers(page, f"login {width}")
        page = log_in(opened, clinic.url)
        for path in (
            "/staff",
            "/staff/account",
            f"/staff/conversations/{chats['emergency']}",
            f"/staff/conversations/{chats['complaint']}",
            booked,
            f"{booked}#person",
            f"{booked}/openings",
            f"{booked}/transcript",
            "/staff/misses",
            f"/staff/misses/one?conversation={missed}&seq=1",
            "/staff/reviews",
            "/staff/conversations/nothing",
        ):
            page.goto(f"{clinic.url}{path}")
            found += barriers(page, f"{path} {width}")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, path
        opened.close()

    assert found == []
    assert problems == []


def barriers(page: Page, where: str) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{where}: {one['id']}" for one in found]


def test_a_script_in_a_name_is_shown_and_never_run(
    clinic: Live, staff: Page, problems: list[str]
):
    store = clinic.store()
    name = "<img src=x onerror=alert(1)>"
    chat = scene.chat(store, utc_now(), ("visitor", f"{name} hello"))
    scene.hand_over(store, chat, "complaint", "urgent", utc_now())
    store.close()
    dialogs: list[str] = []
    staff.on("dialog", lambda dialog: dialogs.append(dialog.message))

    staff.goto(f"{clinic.url}/staff/conversations/{chat}")

    expect(staff.locator("#said").get_by_text(re.compile("<img src=x"))).to_be_visible()
    assert dialogs == []
    assert problems == []


@pytest.mark.parametrize("width", [1280, 900, 360])
def test_the_reply_box_stays_in_sight_below_a_long_transcript(
    clinic: Live, browser: Browser, problems: list[str], width: int
):
    store, now = clinic.store(), utc_now()
    chat = scene.chat(store, now, ("visitor", "Hello"))
    scene.go_on(store, chat, now, until=60)
    store.close()
    opened = browser.new_context(viewport={"width": width, "height": 700})
    opened.on("weberror", lambda fault: problems.append(str(fault.error)))
    page = log_in(opened, clinic.url)
    page.goto(f"{clinic.url}/staff/conversations/{chat}")

    page.get_by_role("button", name="Take it").click()

    box = page.get_by_label("Reply to the visitor")
    expect(box).to_be_in_viewport(ratio=1)
    expect(page.get_by_text("line 60.")).to_be_in_viewport()
    expect(page.get_by_role("button", name="Send")).to_be_in_viewport(ratio=1)
    assert problems == []
    opened.close()
