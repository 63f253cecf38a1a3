"""How a visitor with plain back pain comes to a visit, for the tests in a browser."""

from __future__ import annotations

import sqlalchemy as sa
from playwright.sync_api import Locator, Page, expect

from bot.store.tables import appointments
from tests.browser.seen import say
from tests.live import Live

HEALTHY = [
    ("Before we start", "Yes, and the visit is for me"),
    ("How old is the person", "46"),
    ("apply now or recently", "None of these"),
    ("Where is the main pain", "Low back"),
    ("How long have you had it", "6 to 12 weeks"),
    ("how strong is the pain", "5"),
    ("Do any of these go with it", "None of these"),
    ("your health in general", "None of these"),
    ("help your practitioner prepare", "None of these"),
    ("Three numbers from 0 to 10", "4, 3, 5"),
    ("What have you tried", "Doctor"),
    ("How has your mood been", "OK"),
    ("Here is what I understood", "Yes, that's right"),
]
CONVERSATION = """() => JSON.parse(Object.entries(localStorage)
    .find(([key]) => key.endsWith(":conversation"))[1]).conversation"""


def replies(page: Page) -> Locator:
    """Return what the assistant said, without the page's own greeting."""
    return page.locator(".visitor ~ .assistant")


def answer(page: Page, question: str, reply: str) -> None:
    """Wait for a safety question; press, tick or type the reply."""
    asked = replies(page).last
    expect(asked).to_contain_text(question, timeout=30_000)
    if asked.locator(".checklist").count():
        asked.get_by_label(reply, exact=True).check()
        asked.get_by_role("button", name="Send").click()
    elif asked.locator(".scales").count():
        groups = asked.get_by_role("radiogroup").all()
        for group, number in zip(groups, reply.split(", "), strict=True):
            group.get_by_role("radio", name=number, exact=True).check(force=True)
        asked.get_by_role("button", name="Send").click()
    elif asked.locator(".choice").count():
        asked.get_by_role("button", name=reply, exact=True).click()
    else:
        say(page, reply)


def be_screened(page: Page) -> None:
    """Go from the first word to the openings as a visitor with plain back pain."""
    say(page, "I'd like to book an appointment")
    for question, reply in HEALTHY:
        answer(page, question, reply)
    expect(replies(page).last).to_contain_text("Which one suits you", timeout=30_000)


def appointments_of(live: Live, page: Page) -> list[sa.engine.Row]:
    """Return what the record holds for the conversation on the page."""
    conversation: str = page.evaluate(CONVERSATION)
    return rows(live, appointments, appointments.c.conversation_id == conversation)


def rows(live: Live, table: sa.Table, where: object) -> list[sa.engine.Row]:
    """Return the rows of a table of the record."""
    store = live.store()
    with store.engine.connect() as connection:
        found = connection.execute(table.select().where(where)).all()
    store.close()
    return found
