"""Where visitors only ask for a visit, staff make one of it, in a real Chromium."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from bot.clinic.booking import AppointmentRequest, Patient
from bot.clock import utc_now
from bot.desk.outcomes import Requested
from bot.desk.requests import request
from bot.house import load_shelf
from bot.settings import load
from bot.store.unit import Store
from tests.browser.staffed import log_in, staffed
from tests.console import scene
from tests.live import Live

pytestmark = pytest.mark.browser

WANTED = "Tuesday or Thursday after 5"


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Run the desk of the clinic in New York."""
    with staffed(Live(tmp_path_factory.mktemp("request"), "new_york")) as live:
        yield live


@pytest.fixture
def record(desk: Live) -> Iterator[Store]:
    opened = desk.store()
    yield opened
    opened.close()


@pytest.fixture
def page(desk: Live, browser: Browser) -> Iterator[Page]:
    opened = browser.new_context(viewport={"width": 1280, "height": 900})
    yield log_in(opened, desk.url)
    opened.close()


def ask(record: Store, name: str) -> AppointmentRequest:
    """Ask for a visit, as the conversation does."""
    clinic, now = load_shelf(replace(load(), clinic="new_york")).clinic, utc_now()
    chat = scene.chat(record, now, ("visitor", f"Could I come {WANTED}?"))
    patient = Patient(name, "+12125550182", "edie@example.net")
    with record.unit() as unit:
        done = request(unit, clinic, chat, WANTED, patient, now, "a stiff neck")
    assert isinstance(done, Requested)
    return done.request


def state_of(record: Store, asked: AppointmentRequest) -> str:
    with record.reading() as unit:
        kept = unit.bookings.request(asked.id)
    assert kept is not None
    return kept.state


def test_staff_make_a_visit_of_a_request(
    page: Page, record: Store, tmp_path: Path
) -> None:
    asked = ask(record, "Edie O'Hara")

    page.get_by_role("link", name="To decide").click()
    case = page.locator(f"#r-{asked.id}")
    expect(case).to_contain_text(WANTED)
    expect(case).to_contain_text("a stiff neck")
    page.screenshot(path=tmp_path / "asked.png")
    case.get_by_role("link", name="Find a time").click()
    expect(page.get_by_text(WANTED)).to_be_visible()
    expect(page.get_by_label("Name")).to_have_value("Edie O'Hara")
    expect(page.get_by_label("Phone")).to_have_value("+12125550182")
    page.get_by_role("radio").nth(1).check()
    page.screenshot(path=tmp_path / "times.png")
    page.get_by_role("button", name="Book it").click()

    expect(page.get_by_text("has booked a visit for you").first).to_be_visible()
    page.screenshot(path=tmp_path / "booked.png")
    with record.reading() as unit:
        (visit,) = unit.bookings.of_conversation(asked.conversation_id)
        mails = unit.letters.of_conversation(asked.conversation_id)
    assert state_of(record, asked) == "done"
    assert (visit.status, visit.patient_name) == ("booked", "Edie O'Hara")
    assert "confirmation" in {one.kind for one in mails}
    page.get_by_role("link", name="To decide").click()
    expect(case).to_have_count(0)


def test_a_time_is_only_booked_once_chosen(page: Page, record: Store) -> None:
    asked = ask(record, "Ida Orme")
    page.get_by_role("link", name="To decide").click()
    page.locator(f"#r-{asked.id}").get_by_role("link", name="Find a time").click()

    page.get_by_role("button", name="Book it").click()

    assert page.evaluate("document.querySelector('[name=opening]').matches(':invalid')")
    with record.reading() as unit:
        assert unit.bookings.of_conversation(asked.conversation_id) == []
    assert state_of(record, asked) == "new"
