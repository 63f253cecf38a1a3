"""The assistant takes a new model up as it comes, and falls back on a fresh start."""

from __future__ import annotations

import threading
import time
from pathlib import Path

import pytest

from bot.nlu import serve


class Agent:
    """Loads what it is told; may fail."""

    def __init__(self) -> None:
        self.loaded: list[str] = []
        self.fault: Exception | None = None
        self.asked = threading.Event()

    def load(self, model: str) -> None:
        self.asked.set()
        if self.fault:
            raise self.fault
        self.loaded.append(Path(model).read_text())


@pytest.fixture
def agent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Agent:
    monkeypatch.setattr(serve, "_LOOK_SECONDS", 0.01)
    model, agent = tmp_path / "serving.tar.gz", Agent()
    model.write_text("one")
    threading.Thread(
        target=serve._watch, args=(model, serve._mark(model), agent.load), daemon=True
    ).start()
    return agent


def put(tmp_path: Path, text: str) -> None:
    """Replace the model as a training does."""
    fresh = tmp_path / f"fresh-{text}"
    fresh.write_text(text)
    fresh.replace(tmp_path / "serving.tar.gz")


def wait_for(done) -> None:
    end = time.monotonic() + 30
    while not done():
        assert time.monotonic() < end
        time.sleep(0.01)


def test_each_new_model_is_taken_up_once(agent: Agent, tmp_path: Path):
    put(tmp_path, "two")
    wait_for(lambda: agent.loaded == ["two"])
    put(tmp_path, "three")

    wait_for(lambda: agent.loaded == ["two", "three"])


def test_a_model_that_is_away_for_a_moment_is_waited_for(agent: Agent, tmp_path: Path):
    (tmp_path / "serving.tar.gz").unlink()
    put(tmp_path, "two")

    wait_for(lambda: agent.loaded == ["two"])


def test_a_model_that_cannot_be_taken_up_ends_the_process(
    agent: Agent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    ended = threading.Event()
    monkeypatch.setattr("os.kill", lambda *_: ended.set())
    agent.fault = ValueError("broken")

    put(tmp_path, "two")

    assert ended.wait(30)
