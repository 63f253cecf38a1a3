"""What staff teach: from a miss, by the button of the console, to the next answer."""

from __future__ import annotations

import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.clock import utc_now
from bot.settings import ROOT
from tests.console import scene
from tests.console.conftest import Person
from tests.live import Live, Visitor
from tests.people import RECEPTIONIST

pytestmark = pytest.mark.model

ASKED = "wonga for a session"
LONGEST_TRAINING_SECONDS = 1200
LONGEST_LOADING_SECONDS = 60
PROJECT = ("bot", "actions", "data", "models")
FILES = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml")


@pytest.fixture
def live(tmp_path: Path) -> Iterator[Live]:
    """Run a copy of the project, whose model nobody else uses."""
    project, data = tmp_path / "project", tmp_path / "var"
    data.mkdir()
    for name in PROJECT:
        shutil.copytree(ROOT / name, project / name)
    for name in FILES:
        shutil.copy(ROOT / name, project)
    meridian = Live(data, root=project)
    built = (data / "model").resolve()
    (data / "model").unlink()
    shutil.copytree(built, data / "model")
    meridian.start()
    meridian.wait_until_ready()
    yield meridian
    meridian.stop()


@pytest.fixture
def admin(live: Live) -> Iterator[Person]:
    store = live.store()
    scene.staff_up(store, utc_now())
    store.close()
    person = Person(live.url, RECEPTIONIST)
    yield person
    person.client.close()


def topic_of(visitor: Visitor) -> str | None:
    return next((one["topic"] for one in visitor.heard if one.get("topic")), None)


def asked_until(url: str, topic: str) -> Visitor:
    """Let one visitor after the other ask; the assistant loads for some seconds."""
    end = time.monotonic() + LONGEST_LOADING_SECONDS
    while True:
        visitor = Visitor(url)
        visitor.says(ASKED)
        if topic_of(visitor) == topic or time.monotonic() > end:
            return visitor
        time.sleep(2)


def training(admin: Person) -> str:
    page = admin.get("/staff/misses").text
    return page.partition('id="training"')[2].partition("</section>")[0]


def test_the_button_brings_a_new_model_into_use(live: Live, admin: Person) -> None:
    """A visitor is not understood; staff teach it; the next visitor is answered."""
    before = Visitor(live.url)
    before.says(ASKED)
    assert topic_of(before) is None
    shown = re.search(
        rf"/staff/misses/one\?conversation={before.conversation_id}&amp;seq=(\d+)",
        admin.get("/staff/misses").text,
    )
    assert shown, "the miss is not on the page"
    taught = admin.post(
        "/staff/misses/teach",
        miss=f"{before.conversation_id}:{shown[1]}",
        text=ASKED,
        label="faq/cost",
        clean="1",
    )
    assert taught.status_code == 303, taught.text

    pressed = admin.post("/staff/misses/train")

    assert pressed.status_code == 303, pressed.text
    assert "Training now" in training(admin)
    meanwhile = Visitor(live.url)
    meanwhile.says("do the needles hurt?")
    assert topic_of(meanwhile) == "needle_pain"
    end = time.monotonic() + LONGEST_TRAINING_SECONDS
    while "Training now" in training(admin) and time.monotonic() < end:
        time.sleep(2)
    assert "<strong>Learnt</strong>" in training(admin), training(admin) + live.logs()
    after = asked_until(live.url, "cost")
    assert topic_of(after) == "cost", after.last
    after.says("do the needles hurt?")
    assert topic_of(after) == "needle_pain"
