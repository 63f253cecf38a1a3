"""A desk of its own with staff in its record, and how they log in."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import BrowserContext, Page, expect

from bot.clock import utc_now
from tests.console import scene
from tests.live import Live
from tests.people import RECEPTIONIST


@contextmanager
def staffed(live: Live) -> Iterator[Live]:
    """Run the desk alone, with logins; the console needs no assistant."""
    store = live.store()
    scene.staff_up(store, utc_now())
    store.close()
    live.start("desk")
    try:
        live.wait_until_alive()
        yield live
    finally:
        live.stop()


def log_in(context: BrowserContext, url: str) -> Page:
    """Let the receptionist log in by keyboard; return the page with the queue."""
    context.set_default_timeout(30_000)
    page = context.new_page()
    page.goto(f"{url}/staff/login")
    expect(page.get_by_label("Name")).to_be_focused()
    page.keyboard.type(RECEPTIONIST)
    page.keyboard.press("Tab")
    page.keyboard.type(scene.PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    return page
