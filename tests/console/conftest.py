"""A real desk with a full record, and people who knock at its console."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import httpx
import pytest

from bot.clock import utc_now
from bot.house import Shelf, load_shelf
from bot.settings import load
from bot.store.unit import Store
from tests.channels.conftest import FakeRasa
from tests.console import scene
from tests.live import Live
from tests.people import COLLEAGUE, RECEPTIONIST


class Person:
    """Somebody with a browser at the console."""

    def __init__(self, url: str, name: str = "") -> None:
        self.client = httpx.Client(base_url=url, timeout=30)
        if name:
            entered = self.post("/staff/login", name=name, password=scene.PASSWORD)
            assert entered.status_code == httpx.codes.SEE_OTHER, entered.text

    def get(self, path: str) -> httpx.Response:
        """Open a page."""
        return self.client.get(path)

    def post(self, path: str, **fields: str) -> httpx.Response:
        """Send a form of ours, with the token of a page that shows one."""
        page = self.client.get("/staff/account")
        if page.status_code != httpx.codes.OK:
            page = self.client.get("/staff/login")
        found = re.search(r'name="csrf" value="(\w+)"', page.text)
        assert found
        return self.client.post(path, data={"csrf": found[1], **fields})

    def post_bare(self, path: str, **fields: str) -> httpx.Response:
        """Send a form as another site would, without a token."""
        return self.client.post(path, data=fields)


@dataclass
class Place:
    """The desk's address, its record, and the conversations in it."""

    url: str
    store: Store
    shelf: Shelf
    live: Live
    rasa: FakeRasa
    chats: dict[str, str]
    people: list[Person] = field(default_factory=list)

    def person(self, name: str = "") -> Person:
        """Let somebody open a browser, logged in where a name is given."""
        self.people.append(Person(self.url, name))
        return self.people[-1]


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    """Run the desk alone, with a few lines in place of Rasa."""
    live = Live(tmp_path_factory.mktemp("console"))
    store, shelf = live.store(), load_shelf(load())
    scene.staff_up(store, utc_now())
    chats = scene.afternoon(store, shelf, utc_now())
    others = [FakeRasa(live.ports["assistant"]), FakeRasa(live.ports["actions"])]
    threads = [threading.Thread(target=one.serve_forever) for one in others]
    for thread in threads:
        thread.start()
    live.start("desk")
    live.wait_until_alive()
    here = Place(live.url, store, shelf, live, others[0], chats)
    yield here
    for person in here.people:
        person.client.close()
    live.stop()
    store.close()
    for one, thread in zip(others, threads, strict=True):
        one.shutdown()
        one.server_close()
        thread.join()


@pytest.fixture(scope="module")
def priya(place: Place) -> Person:
    """Log the administrator in."""
    return place.person(RECEPTIONIST)


@pytest.fixture(scope="module")
def sam(place: Place) -> Person:
    """Log the receptionist in."""
    return place.person(COLLEAGUE)


@pytest.fixture(scope="module")
def maren(place: Place) -> Person:
    """Log the practitioner in, who knows one of the visitors."""
    return place.person(scene.PRACTITIONER)
