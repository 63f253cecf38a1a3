"""What the console's scripts do: tell of what is new, and lose nothing typed."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import nullcontext

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from bot.clock import utc_now
from tests.browser.seen import say
from tests.browser.staffed import log_in, staffed
from tests.console import scene
from tests.live import Live, Visitor

pytestmark = pytest.mark.browser

EMERGENCY = "my chest is tight and I can't breathe"
# Counts the tones; three of them are an emergency.
LISTEN = """
    let tones = 0;
    const part = () => ({ frequency: {}, gain: { setValueAtTime() {},
        exponentialRampToValueAtTime() {} }, connect: (next) => next,
        start() { document.documentElement.dataset.tones = ++tones; }, stop() {} });
    window.AudioContext = class { currentTime = 0;
        createOscillator() { return part(); } createGain() { return part(); } };
    localStorage.setItem("meridian:staff:sound", "1");
"""


class DeafDesk(Live):
    """A desk that looks at nothing by itself."""

    module = "tests.browser.deaf_desk"


@pytest.fixture(scope="module")
def desk_of_staff(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Run a desk on which who writes is checked for emergencies, and waits."""
    with staffed(DeafDesk(tmp_path_factory.mktemp("staff"))) as live:
        yield live


@pytest.fixture
def house(desk_of_staff: Live, browser: Browser) -> Iterator[BrowserContext]:
    """Log the receptionist in, in a browser of her own."""
    opened = browser.new_context(viewport={"width": 1280, "height": 800})
    opened.add_init_script(LISTEN)
    log_in(opened, desk_of_staff.url).close()
    yield opened
    opened.close()


@pytest.fixture
def visitor(desk_of_staff: Live) -> Visitor:
    return Visitor(desk_of_staff.url)


@pytest.fixture
def held(desk_of_staff: Live, house: BrowserContext, visitor: Visitor) -> Page:
    """Open a visitor's conversation and take it."""
    visitor.post(text="Hello")
    page = house.new_page()
    page.goto(f"{desk_of_staff.url}/staff/conversations/{visitor.conversation_id}")
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_text("You hold this.")).to_be_visible()
    return page


def said_by_staff(visitor: Visitor) -> list[str]:
    return [one["text"] for one in visitor.all_messages() if one["author"] == "staff"]


@pytest.mark.parametrize("width", [360, 1280])
def test_the_plots_of_the_figures_are_whole_and_readable(
    desk_of_staff: Live, house: BrowserContext, width: int
) -> None:
    store = desk_of_staff.store()
    chat = scene.chat(store, utc_now(), ("visitor", "Hello"))
    scene.hand_over(store, chat, "review", "routine", utc_now())
    store.close()
    page = house.new_page()
    page.set_viewport_size({"width": width, "height": 740})

    page.goto(f"{desk_of_staff.url}/staff/insights")

    drawn = page.locator(".bars text, .bars rect")
    boxes = drawn.evaluate_all("all => all.map(one => one.getBoundingClientRect())")
    texts = page.locator(".bars text").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert len(boxes) >= 12
    assert all(box["left"] >= 0 and box["right"] <= width for box in boxes)
    assert min(texts) >= 14


@pytest.mark.parametrize("path", ["", "/diary", "/misses", "/reviews", "/audit"])
def test_a_phone_shows_where_one_is_and_nothing_beyond_its_edge(
    desk_of_staff: Live, house: BrowserContext, path: str
) -> None:
    page = house.new_page()
    page.set_viewport_size({"width": 390, "height": 740})

    page.goto(f"{desk_of_staff.url}/staff{path}")

    expect(page.locator(".bar [aria-current]")).to_be_in_viewport(ratio=1)
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    for line in page.locator(".lines td:last-child").all()[:5]:
        box = line.bounding_box()
        assert box
        assert box["x"] + box["width"] <= 390


def test_a_phone_says_why_a_conversation_is_here_beside_its_name(
    desk_of_staff: Live, house: BrowserContext
) -> None:
    store = desk_of_staff.store()
    chat = scene.chat(store, utc_now(), ("visitor", "Hello"))
    scene.hand_over(store, chat, "emergency", "stat", utc_now())
    store.close()
    page = house.new_page()
    page.set_viewport_size({"width": 390, "height": 740})

    page.goto(f"{desk_of_staff.url}/staff/conversations/{chat}")

    expect(page.locator("#head").get_by_text("Emergency")).to_be_in_viewport(ratio=1)
    heights = page.locator(".deeds button:visible, .deeds a:visible").evaluate_all(
        "all => all.map(one => one.getBoundingClientRect().height)"
    )
    assert len(set(heights)) == 1
    assert min(heights) >= 44


def test_a_note_gives_its_room_back_and_hides_nothing(
    held: Page, visitor: Visitor
) -> None:
    for number in range(12):
        visitor.post(text=f"Line {number} of a longer story.")
    newest = held.locator("#said").get_by_text("Line 11 of a longer story.")
    expect(newest).to_be_in_viewport()

    held.get_by_text("Write a note").click()
    expect(newest).to_be_in_viewport()
    held.get_by_label("Note", exact=True).fill("Call her.")
    held.get_by_role("button", name="Keep the note").click()

    expect(held.locator("#said").get_by_text("Call her.")).to_be_in_viewport()
    expect(held.get_by_role("button", name="Keep the note")).to_be_hidden()


def test_every_page_of_the_console_tells_of_an_emergency(
    desk_of_staff: Live, house: BrowserContext, visitor: Visitor
) -> None:
    diary, search = house.new_page(), house.new_page()
    for page, path in ((diary, "diary"), (search, "search")):
        with page.expect_response("**/staff/live") if page is diary else nullcontext():
            page.goto(f"{desk_of_staff.url}/staff/{path}")

    visitor.post(text=EMERGENCY)

    for page in (diary, search):
        expect(page).to_have_title(re.compile(r"\(\d+\) "))
    expect(diary.locator("html")).to_have_attribute("data-tones", "3")
    # One stream for all tabs, and one of them that sounds.
    assert search.locator("html").get_attribute("data-tones") is None


def test_what_either_says_is_there_without_anybody_looking_for_it(
    desk_of_staff: Live, house: BrowserContext, browser: Browser
) -> None:
    chat = browser.new_context().new_page()
    chat.set_default_timeout(30_000)
    chat.goto(desk_of_staff.url)
    chat.get_by_role("button", name="Ask a question").click()
    staff = house.new_page()
    staff.goto(f"{desk_of_staff.url}/staff")
    lines = staff.locator(".queue .stat a")
    before = lines.count()

    say(chat, EMERGENCY)
    expect(lines).to_have_count(before + 1)
    lines.last.click()
    staff.get_by_role("button", name="Take it").click()
    staff.get_by_label("Reply to the visitor").fill("Is somebody with you?")
    staff.get_by_label("Reply to the visitor").press("Enter")

    expect(chat.locator(".log").get_by_text("Is somebody with you?")).to_be_visible()
    say(chat, "Yes, my son is.")
    expect(staff.locator("#said").get_by_text("Yes, my son is.")).to_be_visible()
    chat.context.close()


@pytest.mark.parametrize("reloaded", [False, True])
def test_a_reply_whose_answer_was_lost_is_said_once(
    held: Page, visitor: Visitor, reloaded: bool
) -> None:
    box = held.get_by_label("Reply to the visitor")
    box.fill("I am here.")

    def lose(route: Route) -> None:
        route.fetch(max_redirects=0)
        route.abort()

    held.route("**/reply", lose, times=1)
    box.press("Enter")
    expect(held.get_by_text("No connection.")).to_be_visible()
    visitor.post(text="Are you there?")
    expect(held.locator("#said").get_by_text("Are you there?")).to_be_visible()
    if reloaded:
        held.reload()
    box.press("Enter")

    expect(box).to_have_value("")
    assert said_by_staff(visitor) == ["I am here."]


def test_a_reply_that_is_written_anew_is_another_one(
    held: Page, visitor: Visitor
) -> None:
    box = held.get_by_label("Reply to the visitor")
    box.fill("I am here.")
    held.route("**/reply", lambda route: (route.fetch(max_redirects=0), route.abort()))
    box.press("Enter")
    expect(held.get_by_text("No connection.")).to_be_visible()
    held.unroute("**/reply")

    box.fill("I am here now.")
    box.press("Enter")

    expect(box).to_have_value("")
    assert said_by_staff(visitor) == ["I am here.", "I am here now."]


def test_what_is_typed_while_a_reply_is_being_sent_stays(
    held: Page, visitor: Visitor
) -> None:
    box = held.get_by_label("Reply to the visitor")
    waiting: list[Route] = []
    held.route("**/reply", lambda route: waiting.append(route))
    box.fill("Hello.")
    with held.expect_request("**/reply"):
        box.press("Enter")

    box.press_sequentially(" One more")
    waiting[0].continue_()

    expect(box).to_have_value(" One more")
    assert said_by_staff(visitor) == ["Hello."]
    held.reload()
    expect(box).to_have_value(" One more")


def test_a_form_that_is_refused_says_why_and_leaves_the_others_alone(
    held: Page, visitor: Visitor
) -> None:
    box = held.get_by_label("Reply to the visitor")
    box.fill("Half a sen")
    held.get_by_text("Write a note for colleagues").click()
    held.get_by_label("Note", exact=True).fill("   ")

    held.get_by_role("button", name="Keep the note").click()

    expect(held.get_by_role("alert")).to_have_text(
        "Not done. The note is empty. Nothing was sent."
    )
    expect(box).to_have_value("Half a sen")
    held.get_by_label("Note", exact=True).fill("Called her.")
    held.get_by_role("button", name="Keep the note").click()
    expect(held.locator("#said").get_by_text("Called her.")).to_be_visible()
    expect(held.get_by_role("alert")).to_have_count(0)
    expect(box).to_have_value("Half a sen")


def test_a_reason_that_came_too_late_is_kept(
    held: Page, visitor: Visitor, desk_of_staff: Live
) -> None:
    visitor.post(text=EMERGENCY)
    lock = held.get_by_text("Booking is locked: release it")
    lock.click()
    reason = held.get_by_label("Why may this person book again?")
    reason.fill("Only a cramp")
    visitor.post(text="my face is drooping and my arm is weak")
    expect(held.locator("#said").get_by_text("my face is drooping")).to_be_visible()

    release = held.get_by_role("button", name="Release the lock")
    release.click()

    expect(held.get_by_role("alert")).to_contain_text("Please look at that first.")
    expect(reason).to_have_value("Only a cramp")
    release.click()
    expect(lock).to_have_count(0)
