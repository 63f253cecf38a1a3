"""The chat on the clinic's own website, on another origin than the real desk."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import httpx
import pytest
import sqlalchemy as sa
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from bot.clinic.conversation import Said
from bot.clock import utc_now
from bot.settings import ROOT
from bot.store.tables import conversations
from tests.browser.embedding import serve
from tests.browser.seen import faults, say, state, texts
from tests.channels.conftest import FakeRasa
from tests.live import Live

pytestmark = pytest.mark.browser


@dataclass(frozen=True)
class Website:
    """A clinic's website that is on the list, the same on none, and the desk."""

    ours: str
    strange: str
    desk: str
    live: Live

    def begun(self) -> int:
        """Count the conversations that the desk knows."""
        store = self.live.store()
        with store.engine.connect() as connection:
            count: int = connection.execute(
                sa.select(sa.func.count()).select_from(conversations)
            ).scalar_one()
        store.close()
        return count

    def say(self, text: str) -> None:
        """Let staff say something in the newest conversation."""
        store = self.live.store()
        newest = sa.select(conversations.c.id).order_by(
            conversations.c.created_at.desc()
        )
        with store.engine.connect() as connection:
            of: str = connection.execute(newest.limit(1)).scalar_one()
        with store.unit() as unit:
            unit.conversations.say(of, Said(text, "staff"), utc_now())
            unit.commit()
        store.close()


@pytest.fixture(scope="module")
def website(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Website]:
    """Run a real desk, and a website that its clinic lists."""
    port, point_to, stop = serve()
    folder = tmp_path_factory.mktemp("clinic") / "ours"
    shutil.copytree(ROOT / "data" / "clinics" / "edmonton", folder)
    with (folder / "profile.yml").open("a") as file:
        file.write(f"\nwebsite: {{origins: ['http://localhost:{port}']}}\n")
    live = Live(tmp_path_factory.mktemp("live"), clinic=str(folder))
    rasa = FakeRasa(live.ports["assistant"])
    thread = threading.Thread(target=rasa.serve_forever)
    thread.start()
    live.start("desk")
    live.wait_until_alive()
    point_to(live.url)
    yield Website(
        f"http://localhost:{port}", f"http://127.0.0.1:{port}", live.url, live
    )
    live.stop()
    rasa.shutdown()
    rasa.server_close()
    thread.join()
    stop()


@pytest.fixture
def problems() -> list[str]:
    """Collect what a page's console should not show."""
    return []


@pytest.fixture
def page(context: BrowserContext, problems: list[str]) -> Page:
    """Open a browser that notes every complaint."""
    opened = context.new_page()
    opened.on("console", lambda entry: problems.append(entry.text))
    opened.on("pageerror", lambda error: problems.append(str(error)))
    return opened


def open_chat(page: Page, address: str, button: str = "Ask a question") -> None:
    page.goto(address)
    page.get_by_role("button", name=button).click()


def test_one_tag_is_enough_on_a_plain_page(
    page: Page, website: Website, problems: list[str]
):
    open_chat(page, website.ours)
    say(page, "hello")
    expect(texts(page).last).to_have_text("« hello")

    page.reload()

    expect(texts(page).last).to_have_text("« hello")
    expect(page.get_by_role("heading", name="Ours", level=2)).to_be_visible()
    expect(page.get_by_role("link", name="Emergency? Call 911")).to_be_visible()
    assert [one for one in problems if "favicon" not in one] == []


def test_hostile_page_changes_neither_look_nor_work(page: Page, website: Website):
    page.goto(f"{website.ours}/wordpress")
    launcher = page.get_by_role("button", name="Ask a question")
    expect(launcher).to_be_visible()
    box = launcher.bounding_box()
    style = launcher.evaluate(
        "(n) => [getComputedStyle(n).fontSize, getComputedStyle(n).display]"
    )
    launcher.click()
    say(page, "hello")
    expect(texts(page).last).to_have_text("« hello")
    page.get_by_role("button", name="Yes", exact=True).click()

    expect(texts(page).last).to_have_text("« /yes")
    assert style == ["16px", "flex"]
    assert box is not None
    assert box["x"] + box["width"] == 1260
    assert box["y"] + box["height"] == 780


def test_strictest_policy_and_trusted_types_are_kept(
    page: Page, website: Website, problems: list[str]
):
    open_chat(page, f"{website.ours}/strict", "Poser une question")
    page.get_by_label("Écrire un message").fill("hello")
    page.keyboard.press("Enter")
    expect(texts(page).last).to_have_text("« hello")

    def answer_late(route: Route) -> None:
        answer = route.fetch()
        page.wait_for_timeout(500)  # in which the desk ends the line
        route.fulfill(response=answer)

    page.route("**/chat/conversations", answer_late)
    page.get_by_role("button", name="Votre discussion").click()
    page.get_by_role("button", name="Supprimer cette discussion").click()
    page.get_by_role("button", name="Supprimer définitivement").click()

    expect(page.get_by_text("Votre discussion est supprimée.")).to_be_visible()
    assert [one for one in problems if "favicon" not in one] == []


def test_policy_of_one_nonce_loads_the_parts_too(
    page: Page, website: Website, problems: list[str]
):
    open_chat(page, f"{website.ours}/nonce")

    page.get_by_role("button", name="Your chat").click()

    expect(page.get_by_role("button", name="Save a copy")).to_be_disabled()
    assert [one for one in problems if "favicon" not in one] == []


def test_app_may_swap_its_pages(page: Page, website: Website):
    open_chat(page, f"{website.ours}/app")
    say(page, "before")
    expect(texts(page).last).to_have_text("« before")

    page.evaluate("history.pushState({}, '', '/app/2'); root.textContent = 'Two'")
    page.evaluate("document.body.innerHTML = '<main>Three</main><p>x</p>'")

    expect(page.locator("meridian-chat")).to_have_count(1)
    expect(texts(page).last).to_have_text("« before")
    say(page, "after")
    expect(texts(page).last).to_have_text("« after")
    page.evaluate(
        "document.documentElement.replaceChild(document.createElement('body'),"
        " document.body)"
    )
    expect(texts(page).last).to_have_text("« after")


def test_app_may_take_the_chat_out_and_put_it_back(page: Page, website: Website):
    streams: list[str] = []
    page.on("request", lambda one: streams.append(one.url))
    open_chat(page, f"{website.ours}/app")
    say(page, "before")
    expect(texts(page).last).to_have_text("« before")
    page.evaluate(
        "window.kept = document.querySelector('meridian-chat'); kept.remove()"
    )
    page.wait_for_timeout(200)
    expect(page.locator("meridian-chat")).to_have_count(0)

    page.evaluate("document.body.append(kept)")

    say(page, "after")
    expect(texts(page).last).to_have_text("« after")
    expect(texts(page)).to_have_count(5)
    assert len([url for url in streams if url.endswith("/chat/events")]) == 2


def test_second_tag_makes_no_second_chat(page: Page, website: Website):
    page.goto(f"{website.ours}/app")
    expect(page.get_by_role("button", name="Ask a question")).to_be_visible()

    page.evaluate(
        "document.body.append(Object.assign(document.createElement('script'),"
        " { src: document.querySelector('script').src }))"
    )
    page.wait_for_timeout(300)

    expect(page.locator("meridian-chat")).to_have_count(1)


def test_website_that_is_not_listed_gets_nothing(page: Page, website: Website):
    before = website.begun()
    open_chat(page, website.strange)

    say(page, "hello")

    expect(state(page, "Not sent yet.")).to_be_visible()
    # The browser kept the answer from the page; nothing more was said.
    expect(texts(page)).to_have_count(2)
    assert website.begun() == before


def test_listed_website_may_frame_the_page(page: Page, website: Website):
    page.goto(f"{website.ours}/frame")
    frame = page.frame_locator("iframe")

    expect(frame.get_by_role("heading", level=1)).to_be_visible()


def test_other_websites_may_not_frame_it(page: Page, website: Website):
    page.goto(f"{website.strange}/frame")
    page.wait_for_timeout(300)

    expect(page.frame_locator("iframe").get_by_role("heading", level=1)).to_have_count(
        0
    )


def test_browser_is_told_what_is_allowed(website: Website):
    asked = {
        "Origin": website.ours,
        "Access-Control-Request-Method": "DELETE",
        "Access-Control-Request-Headers": "authorization",
    }
    answer = httpx.options(f"{website.desk}/chat/conversations", headers=asked)
    error = httpx.get(f"{website.desk}/chat/messages", headers={"Origin": website.ours})
    stranger = httpx.options(
        f"{website.desk}/chat/conversations", headers={**asked, "Origin": "https://x.y"}
    )

    assert answer.status_code == 204
    assert answer.headers["access-control-allow-origin"] == website.ours
    assert "DELETE" in answer.headers["access-control-allow-methods"]
    assert error.status_code == 401
    assert error.headers["access-control-allow-origin"] == website.ours
    assert "access-control-allow-origin" not in stranger.headers


def test_strange_page_cannot_begin_a_conversation_unread(website: Website):
    headers = {"Origin": "https://x.y", "Sec-Fetch-Site": "cross-site"}
    before = website.begun()

    answer = httpx.post(f"{website.desk}/chat/conversations", headers=headers)

    assert answer.status_code == 403
    assert website.begun() == before


def test_desk_that_starts_again_gets_what_was_typed(page: Page, website: Website):
    open_chat(page, website.ours)
    say(page, "before")
    expect(texts(page).last).to_have_text("« before")
    website.live.kill("desk")
    say(page, "while it was away")
    expect(state(page, "Not sent yet.")).to_be_visible()
    page.reload()
    expect(page.get_by_text("while it was away")).to_be_visible()

    website.live.start("desk")
    website.live.wait_until_alive()

    expect(texts(page).last).to_have_text("« while it was away", timeout=45_000)
    expect(texts(page)).to_have_count(5)


def test_page_without_javascript_looks_for_new_messages(
    browser: Browser, website: Website
):
    context = browser.new_context(java_script_enabled=False)
    context.set_default_timeout(10_000)
    page = context.new_page()
    page.goto(f"{website.desk}/plain")
    page.get_by_label("Write a message").fill("hello")
    page.get_by_role("button", name="Send").last.click()
    for text in ("Staff are here.", "Anything else?"):
        website.say(text)

        page.get_by_role("link", name="Look for new messages").click()

        expect(page.get_by_text(text)).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_page_without_javascript_has_no_fault(
    browser: Browser, website: Website, scheme: Literal["light", "dark"]
):
    context = browser.new_context(
        viewport={"width": 360, "height": 640}, color_scheme=scheme
    )
    page = context.new_page()
    page.goto(f"{website.desk}/plain")
    found = {"empty": faults(page)}
    for text in ("hello", "I have chest pain and cannot breathe"):
        page.get_by_label("Write a message").fill(text)
        page.get_by_role("button", name="Send").last.click()
        expect(page.locator(".visitor").last).to_contain_text(text)
        found[text] = faults(page)
    context.close()

    assert {state: report for state, report in found.items() if report} == {}
