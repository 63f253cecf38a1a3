"""Shows writers how well their examples are told apart: `python -m bot.nlu.report`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
from ruamel.yaml import YAML

from bot.nlu.build_encoder import say
from bot.nlu.encoder import Encoder
from bot.nlu.encoder_files import encoder_folder
from bot.nlu.head import OUT_OF_SCOPE, SAFETY, Reading
from bot.nlu.learning import Settings, cross_validate, learn
from bot.settings import ROOT

_PAIRS, _WORST = 25, 12


def examples(data: Path) -> Iterator[tuple[str, str]]:
    """Yield each training example of a data folder with its full label."""
    yaml = YAML(typ="safe")
    for folder in ("faq", "nlu"):
        for file in sorted((data / folder).glob("*.yml")):
            for block in yaml.load(file).get("nlu", []):
                for line in block["examples"].splitlines():
                    yield line.removeprefix("- "), block["intent"]


def figures(
    labels: Sequence[str], readings: Sequence[Reading], threshold: float
) -> list[str]:
    """Return the lines of the report.

    Args:
        labels: what each example means.
        readings: what a head that had not seen it made of each example.
        threshold: the gate's.
    """
    said = [
        reading.label
        if reading.sure and (reading.score >= threshold or reading.label in _NO_GATE)
        else "nlu_fallback"
        for reading in readings
    ]
    right = np.array([a == b for a, b in zip(labels, said, strict=True)])
    best = np.array(
        [
            reading.label == label
            for reading, label in zip(readings, labels, strict=True)
        ]
    )
    lines = [f"{len(labels)} examples, {len(set(labels))} labels"]
    groups = {
        "FAQ topics": [label.startswith("faq/") for label in labels],
        "safety": [label in SAFETY for label in labels],
        "out of scope": [label == OUT_OF_SCOPE for label in labels],
    }
    groups["everything else"] = [
        not any(row) for row in zip(*groups.values(), strict=True)
    ]
    for name, chosen in groups.items():
        rows = np.array(chosen)
        if rows.any():
            lines.append(
                f"{name:16}{rows.sum():6}   right {best[rows].mean():6.1%}"
                f"   right and through the gate {right[rows].mean():6.1%}"
            )
    turned_away = [
        answer in (OUT_OF_SCOPE, "nlu_fallback")
        for answer, label in zip(said, labels, strict=True)
        if label == OUT_OF_SCOPE
    ]
    if turned_away:
        lines.append(f"out of scope turned away: {np.mean(turned_away):.1%}")
    return lines


_NO_GATE = (*SAFETY, OUT_OF_SCOPE)


def main() -> int:
    """Print accuracy by group, the most confused pairs, and the weakest labels."""
    texts, labels = zip(*examples(ROOT / "data"), strict=True)
    vectors = Encoder.open(encoder_folder()).encode_many(texts)
    readings = cross_validate(vectors, labels, Settings())
    threshold = learn(vectors, labels, Settings()).threshold
    for line in figures(labels, readings, threshold):
        say(line)
    pairs = Counter(
        (label, reading.label)
        for reading, label in zip(readings, labels, strict=True)
        if reading.label != label
    )
    say("\nMost confused (meant -> taken for):")
    for (meant, taken), count in pairs.most_common(_PAIRS):
        say(f"{count:4}  {meant} -> {taken}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
