"""`python -m bench`: measure, print a table, write down the results."""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import os
import platform
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from bench.accuracy import judge, parse, read_meridian, read_stock
from bench.messages import conversation
from bench.processes import Failed, say
from bench.project import Project
from bench.public import public_sets, public_table, read_default
from bench.public import read_meridian as read_public
from bench.report import Side, table
from bench.serving import WARM_UP, serve_meridian, serve_stock
from bench.split import (
    ALIKE_IN_LETTERS,
    ALIKE_IN_MEANING,
    Split,
    alike_in_letters,
    families,
    split,
)
from bot.clinic.errors import MeridianError
from bot.clock import utc_now
from bot.nlu.encoder import Encoder
from bot.nlu.encoder_files import encoder_folder
from bot.nlu.report import examples
from bot.settings import ROOT

_MESSAGES = 200
_HERE = Path(__file__).parent
_RESULTS = _HERE / "results.json"
_READING = _HERE / "reading.json"
_DEFAULT = _HERE / "default_pipeline.yml"


class Bench:
    """The examples, split once for both sides, and a folder to work in."""

    def __init__(self, folder: Path) -> None:
        pairs = list(examples(ROOT / "data"))
        texts, labels = [text for text, _ in pairs], [label for _, label in pairs]
        self.folder = folder
        self.messages = conversation(pairs, _MESSAGES)
        self.split = _split(texts, labels)
        self.texts = [texts[row] for row in self.split.held_out]
        self.labels = [labels[row] for row in self.split.held_out]

    def meridian(self, reading_only: bool) -> Side:
        """Measure Meridian.

        Args:
            reading_only: leave out what it costs to serve.
        """
        say("Meridian: training on the known examples ...")
        project = Project(self.folder / "meridian", ROOT / "config.yml", self.texts)
        train = project.train_lean()
        parses, parse_ms = parse(project, "lean", self.texts)
        accuracy = judge(self.labels, read_meridian(project, self.texts, parses))
        if reading_only:
            return Side(train, parse_ms, accuracy, None)
        say("Meridian: serving the model of `make train` ...")
        served = serve_meridian(self.folder / "live", self.messages)
        return Side(train, parse_ms, accuracy, served)

    def default(self, quick: bool, reading_only: bool) -> Side:
        """Measure Rasa's default pipeline.

        Args:
            reading_only: leave out what it costs to serve.
            quick: train it for one epoch. What it costs to serve does not depend on
                its weights; how well it reads does, so that is not measured then.
        """
        config = _DEFAULT
        if quick:
            one_epoch = config.read_text().replace("epochs: 100", "epochs: 1")
            config = self.folder / "one_epoch.yml"
            config.write_text(one_epoch)
        say(
            f"Default pipeline: training, {'minutes' if quick else 'an hour or so'} ..."
        )
        project = Project(self.folder / "default", config, self.texts)
        train = project.train_stock(_HERE / "data")
        parses, parse_ms = parse(project, "stock", self.texts)
        if reading_only:
            return Side(train, parse_ms, judge(self.labels, read_stock(parses)), None)
        say("Default pipeline: serving that model with `rasa run` ...")
        served = serve_stock(project, self.folder / "stock", self.messages)
        if quick:
            return Side(None, parse_ms, None, served)
        return Side(train, parse_ms, judge(self.labels, read_stock(parses)), served)

    def public(self, config: Path | None) -> dict[str, Any]:
        """Measure both on the public sets that are at hand.

        Args:
            config: the default pipeline, None to leave it out.
        """
        found: dict[str, Any] = {}
        for each in public_sets(os.environ.get("MERIDIAN_BENCH_DATA")):
            ours = read_public(each)
            folder = self.folder / each.name
            theirs = read_default(each, config, folder) if config else None
            say()
            for line in public_table(each.name, ours, theirs):
                say(line)
            found[each.name] = {
                "meridian": asdict(ours),
                "default_pipeline": asdict(theirs) if theirs else None,
            }
        return found

    def conditions(self) -> dict[str, Any]:
        """Say what was measured, and where."""
        return {
            "command": " ".join(["python -m bench", *sys.argv[1:]]),
            "date": utc_now().date().isoformat(),
            "machine": _machine(),
            "messages": {"counted": _MESSAGES, "warm_up": WARM_UP},
            "split": {
                "known": len(self.split.known),
                "held_out": len(self.split.held_out),
                "families": self.split.families,
                "alike_in_letters": ALIKE_IN_LETTERS,
                "alike_in_meaning": ALIKE_IN_MEANING,
            },
        }


def _split(texts: Sequence[str], labels: Sequence[str]) -> Split:
    near = alike_in_letters(texts)
    meaning = Encoder.open(encoder_folder()).encode_many(texts)
    near |= meaning @ meaning.T >= ALIKE_IN_MEANING
    return split(labels, texts, families(near))


def _machine() -> dict[str, Any]:
    pages = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    return {
        "architecture": f"{platform.system()} {platform.machine()}",
        "cores": os.cpu_count(),
        "memory_gb": round(pages / 1e9),
        "load_before": round(os.getloadavg()[0], 2),
        "python": platform.python_version(),
        "rasa": importlib.metadata.version("rasa"),
    }


def main() -> int:
    """Measure both sides, or one."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    shorter = parser.add_mutually_exclusive_group()
    shorter.add_argument(
        "--quick",
        action="store_true",
        help="train the default pipeline for one epoch: speed only, minutes",
    )
    shorter.add_argument(
        "--skip-default",
        action="store_true",
        help="Meridian's side only; nothing is written down",
    )
    shorter.add_argument(
        "--reading",
        action="store_true",
        help="both sides fully trained, but only how they read: nothing is served",
    )
    chosen = parser.parse_args()
    try:
        with tempfile.TemporaryDirectory(prefix="meridian-bench-") as folder:
            _run(Bench(Path(folder)), chosen)
    except (Failed, MeridianError, TimeoutError) as fault:
        sys.stderr.write(f"bench: {fault}\n")
        return 1
    return 0


def _run(bench: Bench, chosen: argparse.Namespace) -> None:
    conditions = bench.conditions()
    meridian = bench.meridian(chosen.reading)
    default = (
        None if chosen.skip_default else bench.default(chosen.quick, chosen.reading)
    )
    say()
    for line in table(meridian, default):
        say(line)
    trained = default and not chosen.quick
    public = bench.public(_DEFAULT if trained else None)
    if default:
        sides = {"meridian": asdict(meridian), "default_pipeline": asdict(default)}
        results = {**conditions, **sides, "public": public}
        file = _READING if chosen.reading else _RESULTS
        file.write_text(json.dumps(results, indent=2) + "\n")
        say(f"\nWritten to {file.relative_to(ROOT)}")


if __name__ == "__main__":
    sys.exit(main())
