"""The page on which a visitor reads and prints what they told us, as it is drawn."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from bot.channels.told import PURPOSE
from bot.clinic.screening import Disposition
from bot.tokens import Tokens
from tests.browser.staffed import staffed
from tests.live import Live
from tests.people import told_all
from tests.screening import healthy

pytestmark = pytest.mark.browser

TOLD = healthy(weight_loss="yes", fever="yes", diabetes="neuropathy_or_ulcer")


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Live]:
    """Run the desk alone; the page needs no assistant."""
    with staffed(Live(tmp_path_factory.mktemp("told"))) as running:
        yield running


@pytest.fixture
def address(live: Live) -> str:
    """Return the signed link to what somebody told."""
    store = live.store()
    one = told_all(store, answers=TOLD, disposition=Disposition.URGENT)
    store.close()
    secret = (live.data_dir / "secret").read_text()
    return f"{live.url}/{PURPOSE}/{Tokens(secret, 30, PURPOSE).issue(one.id)}"


@pytest.mark.parametrize("width", [360, 1280])
def test_each_answer_stands_on_a_line_of_its_own(
    browser: Browser, address: str, width: int
):
    page = browser.new_page(viewport={"width": width, "height": 740})
    page.goto(address)

    lines = page.locator("dl > div")
    boxes = lines.evaluate_all("all => all.map(one => one.getBoundingClientRect())")
    wide = page.locator("main").evaluate("one => one.getBoundingClientRect().width")
    page.close()

    assert len(boxes) > 10
    assert all(one["height"] < 80 for one in boxes)
    tops = [round(one["top"]) for one in boxes]
    assert len(set(tops)) == len(tops)
    assert wide <= width
