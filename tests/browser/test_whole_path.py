"""A visitor's whole way in a real browser, in front of the real processes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from bot.clinic.booking import CELL
from bot.store.tables import cells
from tests.browser.booking import (
    answer,
    appointments_of,
    be_screened,
    replies,
    rows,
)
from tests.browser.seen import say
from tests.live import Live

pytestmark = [pytest.mark.browser, pytest.mark.model]

QUESTIONS = [
    ("Is it safe for old back injuries?", "old_injuries"),
    (
        "Can acupuncture replace traditional medical treatments for back pain?",
        "replace_medical",
    ),
    ("Are the needles painful?", "needle_pain"),
    ("Can it help with stress or posture pain?", "stress_posture"),
    ("What can I anticipate from a session?", "session_expect"),
    ("Can upper back pain be eased with acupuncture?", "upper_back"),
    ("Can I mix it with yoga or massage?", "combine_therapies"),
    ("Can acupuncture help with back pain?", "effectiveness"),
    ("How does acupuncture work?", "how_it_works"),
    ("How effective is acupuncture for back pain?", "effectiveness"),
    ("How often should I have acupuncture done?", "session_frequency"),
    ("How long do the effects of acupuncture last?", "effect_duration"),
    # What stands under this heading: side effects, and for whom it is right.
    ("What do I need to know about?", "safety"),
]


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """Open a fresh visitor's browser that waits for a real, cold assistant."""
    opened = browser.new_context(viewport={"width": 1280, "height": 800})
    opened.set_default_timeout(30_000)
    yield opened
    opened.close()


@pytest.fixture
def problems() -> list[str]:
    """Collect what the page's console and its requests should not show."""
    return []


@pytest.fixture
def chat(context: BrowserContext, live: Live, problems: list[str]) -> Page:
    """Open the real clinic's page with the chat open."""
    page = context.new_page()
    page.on("console", lambda entry: problems.append(entry.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.on("request", lambda request: note_foreign(request.url, live, problems))
    page.goto(live.url)
    page.get_by_role("button", name="Ask a question").click()
    return page


def note_foreign(url: str, live: Live, problems: list[str]) -> None:
    if not url.startswith((f"{live.url}/", "data:")):
        problems.append(url)


def choose_first_opening(page: Page) -> None:
    replies(page).last.locator(".choice").first.click()
    expect(replies(page).last).to_contain_text("What name", timeout=30_000)


@pytest.mark.parametrize(("question", "topic"), QUESTIONS)
def test_question_of_the_articles_gets_its_topic(
    chat: Page, question: str, topic: str, problems: list[str]
):
    say(chat, question)
    expect(replies(chat)).to_have_count(1, timeout=30_000)

    assert replies(chat).get_attribute("data-topic") == topic
    expect(replies(chat).get_by_text("Where this comes from")).to_be_visible()
    assert problems == []


def test_screened_visitor_books_and_the_cells_stand(
    chat: Page, live: Live, problems: list[str]
):
    be_screened(chat)
    choose_first_opening(chat)
    say(chat, "Ana O'Neil, 780 555 0163, ana@example.net")
    expect(replies(chat).last).to_contain_text("Ana O'Neil", timeout=30_000)

    say(chat, "yes")

    expect(replies(chat).last).to_contain_text("booked", timeout=30_000)
    (booked,) = appointments_of(live, chat)
    assert (booked.status, booked.patient_name) == ("booked", "Ana O'Neil")
    claimed = {
        cell.starts_at
        for cell in rows(live, cells, cells.c.appointment_id == booked.id)
        if cell.resource == f"practitioner:{booked.practitioner_id}"
    }
    length = (booked.ends_at - booked.starts_at) // CELL
    assert {booked.starts_at + CELL * n for n in range(length)} <= claimed
    assert problems == []


def test_emergency_typed_as_the_name_gets_the_banner_and_no_booking(
    chat: Page, live: Live, problems: list[str]
):
    be_screened(chat)
    choose_first_opening(chat)

    say(chat, "i cant feel anything when i wipe")

    banner = chat.get_by_role("region", name="Emergency")
    call = banner.get_by_role("link", name="Call 911")
    expect(call).to_have_attribute("href", "tel:911", timeout=30_000)
    expect(call).to_be_in_viewport(ratio=1)
    assert [row.status for row in appointments_of(live, chat)] in ([], ["held"])
    assert problems == []


def test_reload_shows_the_whole_conversation_again(chat: Page, problems: list[str]):
    say(chat, "Does it hurt?")
    expect(replies(chat).last).to_have_attribute("data-topic", "needle_pain")
    say(chat, "I'd like to book an appointment")
    answer(chat, "Before we start", "Yes, for someone else")
    expect(replies(chat).last).to_contain_text("Who will have the treatment")
    said = chat.locator(".log .text:visible")
    before = said.all_inner_texts()

    chat.reload()

    expect(said).to_have_text(before)
    answer(chat, "Who will have the treatment", "For me")
    expect(replies(chat).last).to_contain_text("How old is the person")
    assert problems == []
