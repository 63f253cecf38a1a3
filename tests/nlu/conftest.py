"""The built encoder, and a tiny project that is trained once for all tests."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.nlu.encoder import Encoder
from bot.nlu.encoder_files import encoder_folder
from bot.nlu.train import serving_model, train

PROJECT = Path(__file__).parent / "tiny_project"


@dataclass(frozen=True)
class Trained:
    """A trained project: Rasa's model, the serving copy, and the data folder."""

    model: Path
    serving: Path
    data: Path


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """Open the encoder that the set-up built; it fails where none was built."""
    return Encoder.open(encoder_folder())


@pytest.fixture(scope="session")
def trained(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Trained:
    """Train the tiny project in a folder of its own, with the real encoder."""
    project, data = tmp_path_factory.mktemp("project"), tmp_path_factory.mktemp("var")
    for name in ("config.yml", "domain.yml", "data"):
        (project / name).symlink_to(PROJECT / name)
    (data / "encoder").symlink_to(encoder_folder().parent)
    model = train(data, project=project)
    return Trained(model, serving_model(data), data)


def environment(trained: Trained) -> dict[str, str]:
    """Return what a child process needs to find the tiny project's encoder."""
    return {
        **os.environ,
        "MERIDIAN_DATA_DIR": str(trained.data),
        "RASA_TELEMETRY_ENABLED": "false",
    }
