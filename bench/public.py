"""BANKING77 and CLINC150 with ten examples an intent, where their files are at hand.

`MERIDIAN_BENCH_DATA` names a folder with `banking77/train.csv`, `banking77/test.csv`
and `clinc150/data_full.json`, as their makers publish them (PolyAI, Clinc). Nothing of
them is kept here and nothing is learnt from them but for this comparison.
"""

from __future__ import annotations

import csv
import hashlib
import json
import shutil
import sys
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML

from bench.accuracy import parse_with, read_stock, rejected_where_kept
from bench.processes import Failed, run_gently, say
from bench.stats import Times, share
from bot.nlu.encoder import Encoder
from bot.nlu.encoder_files import encoder_folder
from bot.nlu.examples import is_kept_back
from bot.nlu.learning import Settings, learn
from bot.nlu.spelling import Speller
from bot.nlu.understand import Understanding

SHOTS = 10
_VARIABLE = "MERIDIAN_BENCH_DATA"

Pair = tuple[str, str]


@dataclass(frozen=True)
class PublicSet:
    """Texts with their intents, published by somebody else.

    Attributes:
        name: what it is called.
        known: ten examples of each intent, to learn from.
        asked: the whole test set.
        outside: messages of no intent; empty where the set has none.
    """

    name: str
    known: tuple[Pair, ...]
    asked: tuple[Pair, ...]
    outside: tuple[str, ...] = ()


@dataclass(frozen=True)
class PublicScore:
    """How one side read one set.

    Attributes:
        accuracy: part of the test set whose best guess is right, 0 to 1, no gate.
        rejected: part of the messages outside that is turned away where 95 % of the
            test set is kept; None where the set has none.
        train_cpu_seconds: processor time of learning.
        parse_cpu_ms: processor time of one message.
    """

    accuracy: float | None
    rejected: float | None
    train_cpu_seconds: float
    parse_cpu_ms: Times


def public_sets(folder: str | None) -> Iterator[PublicSet]:
    """Yield the sets that are there; say in a line which are not.

    Args:
        folder: the value of `MERIDIAN_BENCH_DATA`.

    Raises:
        Failed: a file is there and is not what its maker publishes.
    """
    for name, files, read in (
        ("BANKING77", ("banking77/train.csv", "banking77/test.csv"), _banking),
        ("CLINC150", ("clinc150/data_full.json",), _clinc),
    ):
        paths = [Path(folder or ".") / file for file in files]
        if not folder or not all(path.is_file() for path in paths):
            say(f"{name}: skipped, no {' or '.join(files)} under {_VARIABLE}")
            continue
        try:
            yield read(*paths)
        except (KeyError, TypeError, ValueError) as error:
            raise Failed(f"{name}: {paths[0].parent} has other contents") from error


def read_meridian(found: PublicSet) -> PublicScore:
    """Learn and read with Meridian's component, in this process and without Rasa."""
    texts = [text for text, _ in found.known]
    labels = [label for _, label in found.known]
    encoder = Encoder.open(encoder_folder())
    start = time.process_time()
    fresh = [is_kept_back(text) for text in texts]
    head, _ = learn(encoder.encode_many(texts), labels, Settings(), fresh)
    understanding = Understanding(encoder, Speller.of(texts), head)
    train_seconds = time.process_time() - start
    guesses, scores, cpu_ms = [], [], []
    for text in _messages(found):
        start = time.process_time()
        reading = understanding.read(text)
        cpu_ms.append((time.process_time() - start) * 1000)
        guesses.append(reading.label)
        scores.append(reading.score)
    return _score(found, guesses, scores, train_seconds, Times.of(cpu_ms))


def read_default(found: PublicSet, config: Path, folder: Path) -> PublicScore:
    """Learn and read with Rasa's default pipeline, under Rasa.

    Args:
        found: the set.
        config: the pipeline.
        folder: a new folder to work in.
    """
    folder.mkdir(parents=True)
    shutil.copy(config, folder / "config.yml")
    _write_examples(found.known, folder / "nlu.yml")
    environment = {
        "RASA_CACHE_DIRECTORY": str(folder / "cache"),
        "RASA_TELEMETRY_ENABLED": "false",
        "PYTHONHASHSEED": "0",
        "TF_CPP_MIN_LOG_LEVEL": "3",
    }
    command = [str(Path(sys.executable).parent / "rasa"), "train", "nlu"]
    command += ["--config", "config.yml", "--nlu", "nlu.yml", "--out", "."]
    train_seconds = run_gently(
        f"{found.name}, training",
        [*command, "--fixed-model-name", "model"],
        folder,
        environment,
        folder / "train.log",
    )
    model = folder / "model.tar.gz"
    parses, cpu_ms = parse_with("stock", model, _messages(found), folder, environment)
    readings = read_stock(parses)
    guesses = [reading.guess for reading in readings]
    scores = [reading.score for reading in readings]
    return _score(found, guesses, scores, train_seconds, cpu_ms)


def public_table(
    name: str, meridian: PublicScore, default: PublicScore | None
) -> Iterator[str]:
    """Yield the lines of a Markdown table."""
    yield f"| {name}, {SHOTS} examples an intent | Meridian | default pipeline |"
    yield "|---|---:|---:|"
    for row, read in _ROWS.items():
        theirs = read(default) if default else "not measured"
        yield f"| {row} | {read(meridian)} | {theirs} |"


def _percent(value: float | None) -> str:
    return "has none" if value is None else f"{value:.1%}"


_ROWS: dict[str, Callable[[PublicScore], str]] = {
    "right": lambda one: _percent(one.accuracy),
    "out of scope, turned away where 95 % in scope is kept": lambda one: _percent(
        one.rejected
    ),
    "training, processor s": lambda one: f"{one.train_cpu_seconds:.0f}",
    "parsing, processor ms, p50": lambda one: f"{one.parse_cpu_ms.p50:.1f}",
}


def _messages(found: PublicSet) -> list[str]:
    return [*(text for text, _ in found.asked), *found.outside]


def _score(
    found: PublicSet,
    guesses: list[str],
    scores: list[float],
    train_seconds: float,
    cpu_ms: Times,
) -> PublicScore:
    asked = len(found.asked)
    hits = [
        guess == label
        for guess, (_, label) in zip(guesses[:asked], found.asked, strict=True)
    ]
    rejected = rejected_where_kept(scores[:asked], scores[asked:])
    return PublicScore(share(hits), rejected, round(train_seconds, 1), cpu_ms)


def _banking(train: Path, test: Path) -> PublicSet:
    def rows(path: Path) -> list[Pair]:
        with path.open(newline="") as file:
            return [(row["text"], row["category"]) for row in csv.DictReader(file)]

    return PublicSet("BANKING77", _draw(rows(train)), tuple(rows(test)))


def _clinc(path: Path) -> PublicSet:
    parts = json.loads(path.read_text())

    def pairs(part: str) -> list[Pair]:
        return [(str(text), str(label)) for text, label in parts[part]]

    outside = tuple(text for text, _ in pairs("oos_test"))
    return PublicSet("CLINC150", _draw(pairs("train")), tuple(pairs("test")), outside)


def _draw(pairs: Iterable[Pair]) -> tuple[Pair, ...]:
    """Draw ten examples of each intent, the same ones every time."""
    by_label: dict[str, list[str]] = defaultdict(list)
    for text, label in pairs:
        by_label[label].append(text)
    return tuple(
        (text, label)
        for label, texts in sorted(by_label.items())
        for text in sorted(set(texts), key=_lot)[:SHOTS]
    )


def _lot(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def _write_examples(pairs: Iterable[Pair], path: Path) -> None:
    by_label: dict[str, list[str]] = defaultdict(list)
    for text, label in pairs:
        # Rasa takes square brackets and line breaks for markup.
        by_label[label].append(
            " ".join(text.replace("[", "(").replace("]", ")").split())
        )
    blocks = [
        {"intent": label, "examples": "".join(f"- {text}\n" for text in texts)}
        for label, texts in by_label.items()
    ]
    with path.open("w") as file:
        YAML(typ="safe").dump({"version": "3.1", "nlu": blocks}, file)
