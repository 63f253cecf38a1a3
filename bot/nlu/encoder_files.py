"""Where the built sentence encoder lies on disk, and how it is recognised."""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path

from bot.clinic.errors import MeridianError
from bot.settings import ROOT

MODEL = "model.onnx"
VOCABULARY = "vocab.txt"
MANIFEST = "manifest.json"

WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
VOCABULARY_SHA256 = "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"

# The change to the published weights that fits the network to clinics' language, and
# what made it: bot/nlu/finetune.py.
DELTA = Path(__file__).with_name("delta.safetensors")

# Part of the folder's name: change it whenever graph.py or the quantisation changes,
# so that an encoder built the old way is not taken for the new one.
RECIPE = "minilm-l6 opset 17, dynamic int8 per channel, reduced range, delta, 2"


class EncoderMissing(MeridianError):
    """The encoder was not built, or its files are damaged."""


def data_dir() -> Path:
    """Return the folder for all that is written at run time."""
    return Path(os.environ.get("MERIDIAN_DATA_DIR", ROOT / "var")).resolve()


def encoder_folder(data: Path | None = None) -> Path:
    """Return the folder that holds (or will hold) this version's encoder.

    Args:
        data: the data folder; by default that of the environment.
    """
    inputs = f"{WEIGHTS_SHA256}\n{VOCABULARY_SHA256}\n{RECIPE}\n{sha256_of(DELTA)}\n"
    name = hashlib.sha256(inputs.encode()).hexdigest()[:16]
    return (data or data_dir()) / "encoder" / name


def sha256_of(file: Path) -> str:
    """Return a file's SHA-256 in hexadecimal; 20 ms for the 23 MB model."""
    digest = hashlib.sha256()
    with file.open("rb") as stream:
        while block := stream.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def write_manifest(folder: Path) -> None:
    """Write down what the model and the vocabulary of a folder must be."""
    manifest = {
        "recipe": RECIPE,
        "weights_sha256": WEIGHTS_SHA256,
        "files": {name: sha256_of(folder / name) for name in (MODEL, VOCABULARY)},
    }
    (folder / MANIFEST).write_text(json.dumps(manifest, indent=2) + "\n")


def verified_model_sha256(folder: Path) -> str:
    """Check an encoder's files against its manifest.

    Args:
        folder: a folder made by `python -m bot.nlu.build_encoder`.

    Returns:
        The SHA-256 of the model, which names the encoder in trained models.

    Raises:
        EncoderMissing: a file is absent or is not what the manifest says.
    """
    try:
        files = json.loads((folder / MANIFEST).read_text())["files"]
        for name in (MODEL, VOCABULARY):
            if sha256_of(folder / name) != files[name]:
                raise EncoderMissing(f"{folder / name} is damaged: delete {folder}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise EncoderMissing(
            f"No sentence encoder in {folder}: run python -m bot.nlu.build_encoder"
        ) from error
    return str(files[MODEL])
