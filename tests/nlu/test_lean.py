"""Rasa without TensorFlow: version, serving copy, and the check of replies."""

from __future__ import annotations

import importlib.metadata
import json
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from bot.nlu import lean
from bot.settings import ROOT
from tests.nlu.conftest import Trained

# Replies of action servers: right, wrong in one place, wrong in several.
CHECK_REPLIES = """
import json, sys
from bot.nlu import lean
lean.close_roads()
from rasa.core.actions.action import RemoteAction

replies = [
    {"events": [], "responses": []},
    {"events": [{"event": "slot", "name": "a", "value": None}]},
    {"events": [{"event": "slot"}]},
    {"events": 3},
    {"responses": [7], "events": [{"event": "nonsense"}]},
    {},
    [],
]
action = RemoteAction("action_x", None)

def verdicts():
    for reply in replies:
        try:
            yield action._validate_action_result(reply)
        except Exception as error:
            yield [type(error).__name__, error.message.split(". ")[0], list(error.path)]

before = list(verdicts())
lean.check_replies_quickly()
print("\\n" + json.dumps([before, list(verdicts())]))
"""


def test_other_rasa_is_refused(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(importlib.metadata, "version", lambda name: "3.6.20")

    with pytest.raises(lean.WrongRasa, match=r"3\.6\.21, not 3\.6\.20"):
        lean.close_roads()


def test_closing_twice_is_closing_once(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(sys, "meta_path", list(sys.meta_path))

    lean.close_roads()
    before = list(sys.meta_path)
    lean.close_roads()

    assert sys.meta_path == before


@pytest.mark.model
def test_serving_copy_differs_by_the_training_graph_only(
    trained: Trained, tmp_path: Path
):
    copy = tmp_path / "copy.tar.gz"

    lean.serving_copy(trained.model, copy)

    original, served = contents(trained.model), contents(copy)
    metadata, lighter = (
        json.loads(files.pop("metadata.json")) for files in (original, served)
    )
    assert served == original
    assert metadata.pop("train_schema")["nodes"]
    assert lighter.pop("train_schema") == {"nodes": {}}
    assert lighter == metadata
    assert list(tmp_path.iterdir()) == [copy]


@pytest.mark.model
def test_quick_check_of_replies_gives_the_same_verdicts():
    result = subprocess.run(  # noqa: S603 (our own words)
        [sys.executable, "-c", CHECK_REPLIES],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )

    before, after = json.loads(result.stdout.splitlines()[-1])
    assert before[:2] == [True, True]
    assert all(verdict is not True for verdict in before[2:4])
    assert after == before


def contents(archive: Path) -> dict[str, bytes]:
    with tarfile.open(archive) as tar:
        return {
            member.name.removeprefix("/"): file.read()
            for member in tar
            if (file := tar.extractfile(member))
        }
