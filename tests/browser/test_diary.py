"""The diary in a real Chromium, by keyboard alone, and without barriers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, time, timedelta

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Locator, Page, expect

from bot.clinic.booking import Opening, Patient
from bot.clinic.when import instant
from bot.clinic.wish import Wish
from bot.clock import utc_now
from bot.console.pages import NAVIGATION
from bot.desk.by_hand import book_by_hand
from bot.desk.openings import offer
from bot.house import Shelf, load_shelf
from bot.links import links
from bot.settings import load
from bot.store.unit import Store
from tests.browser.staffed import log_in, staffed
from tests.console import scene
from tests.console.test_pending import waiting_visit, wish_for_a_visit
from tests.live import Live
from tests.people import RECEPTIONIST

pytestmark = pytest.mark.browser

WHO = "noor_halabi"
MOST_TABS = 120


class Desk:
    """A desk of its own, and what is written in its record."""

    def __init__(self, live: Live) -> None:
        self.live, self.url = live, live.url
        self.store: Store = live.store()
        self.shelf: Shelf = load_shelf(load())

    def free(self, earliest: date) -> list[Opening]:
        """Return the first opening of Noor Halabi's from a day on."""
        clinic, now = self.shelf.clinic, utc_now()
        treatment = next(
            one.id
            for one in clinic.treatments.values()
            if clinic.gives(clinic.practitioners[WHO], one)
        )
        from_then = max(now, instant(earliest, time(), clinic.zone))
        wish = Wish(treatment_id=treatment, practitioner_id=WHO, earliest=from_then)
        with self.store.reading() as unit:
            return offer(unit, clinic, wish, now, count=1)

    def day_of(self, opening: Opening) -> date:
        return opening.starts_at.astimezone(self.shelf.clinic.zone).date()


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """Run the desk alone; the console needs no assistant."""
    with staffed(Live(tmp_path_factory.mktemp("diary"))) as live:
        here = Desk(live)
        yield here
        here.store.close()


@pytest.fixture
def problems() -> list[str]:
    """Collect what the page's own console should not show."""
    return []


@pytest.fixture
def staff(desk: Desk, browser: Browser, problems: list[str]) -> Iterator[Page]:
    opened = browser.new_context(viewport={"width": 1280, "height": 900})
    opened.on("weberror", lambda fault: problems.append(str(fault.error)))
    yield log_in(opened, desk.url)
    opened.close()


def go_to(page: Page, goal: Locator) -> None:
    """Press Tab until something has the focus, and see that one can see it."""
    expect(goal).to_be_visible()
    for _ in range(MOST_TABS):
        if goal.evaluate("it => it === document.activeElement"):
            ring = goal.evaluate("it => getComputedStyle(it).outlineStyle")
            assert ring != "none"
            return
        page.keyboard.press("Tab")
    pytest.fail(f"{goal} cannot be reached by keyboard")


def follow(page: Page, goal: Locator) -> None:
    go_to(page, goal)
    page.keyboard.press("Enter")


def book(desk: Desk, opening: Opening, name: str) -> str:
    now = utc_now()
    chat = scene.chat(desk.store, now, ("visitor", "Hello"))
    with desk.store.unit() as unit:
        book_by_hand(
            unit,
            desk.shelf.clinic,
            links(load()),
            chat,
            opening,
            Patient(name, "+17805550395"),
            RECEPTIONIST,
            now,
        )
    return chat


def test_a_day_of_next_week_is_closed_by_keyboard_and_its_openings_are_gone(
    desk: Desk, staff: Page, problems: list[str]
) -> None:
    today = utc_now().astimezone(desk.shelf.clinic.zone).date()
    monday = today - timedelta(days=today.weekday())
    (opening,) = desk.free(monday + timedelta(weeks=1))
    day = desk.day_of(opening)
    weeks = (day - monday).days // 7
    assert weeks >= 1

    follow(staff, staff.get_by_role("link", name="Diary"))
    follow(staff, staff.get_by_role("link", name="Week", exact=True))
    follow(staff, staff.get_by_role("link", name="Noor Halabi"))
    expect(staff.get_by_text("Noor Halabi only.")).to_be_visible()
    for _ in range(weeks):
        before = staff.get_by_role("heading", level=1).inner_text()
        staff.keyboard.press("ArrowRight")
        expect(staff.get_by_role("heading", level=1)).not_to_have_text(before)
    column = staff.get_by_role("region", name=f"{day:%a} {day.day}", exact=True)
    expect(column.get_by_text("Free,")).to_be_visible()
    follow(staff, column.get_by_role("link", name="Change hours"))
    follow(staff, staff.get_by_role("button", name="No hours on this day"))

    expect(column.get_by_text(f"Off by {RECEPTIONIST}")).to_be_visible()
    expect(column.get_by_text("Free,")).to_have_count(0)
    assert desk.free(day) != [opening]
    assert all(desk.day_of(one) != day for one in desk.free(day))
    assert problems == []


def test_visits_in_the_way_are_read_and_passed_over_by_keyboard(
    desk: Desk, staff: Page
) -> None:
    today = utc_now().astimezone(desk.shelf.clinic.zone).date()
    (opening,) = desk.free(today + timedelta(weeks=3))
    book(desk, opening, "Ola Prem")
    day = desk.day_of(opening)
    staff.goto(f"{desk.url}/staff/diary/people/{WHO}/{day}")

    follow(staff, staff.get_by_role("button", name="No hours on this day"))
    warning = staff.get_by_role("alert")
    expect(warning).to_contain_text("One visit stands in that time:")
    expect(warning).to_contain_text("Ola Prem")
    follow(staff, warning.get_by_role("button", name="all the same"))

    expect(staff.get_by_role("status").get_by_text("Changed.")).to_be_visible()


def test_an_arrow_leads_back_and_a_link_to_today(staff: Page, desk: Desk) -> None:
    staff.goto(f"{desk.url}/staff/diary?day=2027-01-20")

    staff.keyboard.press("ArrowLeft")
    expect(staff.get_by_role("heading", level=1)).to_contain_text("January 19")
    follow(staff, staff.get_by_role("link", name="Today"))
    expect(staff.get_by_role("heading", level=1)).to_contain_text("Today")


def test_a_visit_is_cleared_by_keyboard(desk: Desk, staff: Page) -> None:
    visit = waiting_visit(desk, "lian_ashdown", "Pia Quist")
    follow(staff, staff.get_by_role("link", name="To decide"))
    case = staff.locator(f"#v-{visit.id}")

    follow(staff, case.get_by_role("button", name="Clear it"))

    expect(case).to_have_count(0)
    with desk.store.reading() as unit:
        kept = unit.bookings.get(visit.id)
    assert kept is not None
    assert (kept.status, kept.decided_by) == ("booked", "Lian Ashdown")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_page_of_the_console_has_a_barrier(
    desk: Desk, browser: Browser, width: int, scheme: str
) -> None:
    day = (utc_now() + timedelta(days=16)).date()
    (opening,) = desk.free(day)
    chat = book(desk, opening, "Rae Sund")
    waiting_visit(desk, "lian_ashdown", "Tia Unger")
    asked = wish_for_a_visit(desk, "Uwe Vogt")
    then = desk.day_of(opening)
    opened = browser.new_context(
        viewport={"width": width, "height": 844},
        color_scheme=scheme,  # type: ignore[arg-type]
    )
    page = log_in(opened, desk.url)
    found = []
    for path in (
        *(address for address, _, _ in NAVIGATION),
        f"/staff/diary?day={then}",
        f"/staff/diary?view=week&day={then}",
        f"/staff/diary?view=week&day={then}&who={WHO}",
        f"/staff/diary?view=rooms&day={then}",
        "/staff/diary?day=2026-12-25",
        f"/staff/diary/people/{WHO}/{then}",
        f"/staff/diary/places/main/{then}",
        f"/staff/diary/people/{WHO}/2026-01-12",
        f"/staff/diary/weeks/{WHO}",
        "/staff/search?text=hello",
        "/staff/search?text=OR",
        "/staff/search?since=soon",
        f"/staff/conversations/{chat}",
        f"/staff/conversations/{asked.conversation_id}/openings?request={asked.id}",
    ):
        page.goto(f"{desk.url}{path}")
        faults = Axe().run(page).response["violations"]
        found += [f"{path}: {one['id']}" for one in faults]
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(f"{path}: too wide")
    page.goto(f"{desk.url}/staff/account")
    page.get_by_role("button", name="Set it up").click()
    expect(page.get_by_label("Code of the new app")).to_be_visible()
    found += [f"code: {one['id']}" for one in Axe().run(page).response["violations"]]
    opened.close()

    assert found == []
