"""Shows writers how well their examples are told apart: `python -m bot.nlu.report`."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from ruamel.yaml import YAML

from bot.nlu.build_encoder import say
from bot.nlu.encoder import Encoder
from bot.nlu.encoder_files import encoder_folder
from bot.nlu.head import OUT_OF_SCOPE, SAFETY
from bot.nlu.learning import Settings, cross_validate, learn
from bot.nlu.understand import FALLBACK
from bot.settings import ROOT

_PAIRS_SHOWN = 25


def examples(data: Path) -> Iterator[tuple[str, str]]:
    """Yield each example below a data folder's `faq` and `nlu`, with its full label."""
    yaml = YAML(typ="safe")
    for folder in ("faq", "nlu"):
        for file in sorted((data / folder).glob("*.yml")):
            for block in yaml.load(file).get("nlu", []):
                for line in block["examples"].splitlines():
                    yield line.removeprefix("- "), block["intent"]


def summary(meant: Sequence[str], taken: Sequence[str]) -> list[str]:
    """Return the report's lines.

    Args:
        meant: the label of each example.
        taken: what a head that had not seen the example said, `nlu_fallback` where
            its gate was closed.
    """
    groups: dict[str, list[tuple[str, str]]] = {}
    for pair in zip(meant, taken, strict=True):
        groups.setdefault(_group(pair[0]), []).append(pair)
    lines = [f"{'':14}{'examples':>10}{'right':>10}{'unsure':>10}"]
    for name, pairs in sorted(groups.items()):
        right = sum(a == b for a, b in pairs) / len(pairs)
        unsure = sum(b in (FALLBACK, OUT_OF_SCOPE) for _, b in pairs) / len(pairs)
        lines.append(f"{name:14}{len(pairs):10}{right:10.1%}{unsure:10.1%}")
    wrong = Counter(
        pair for pairs in groups.values() for pair in pairs if pair[0] != pair[1]
    )
    lines.append("Most confused, meant and taken for:")
    for (label, other), count in wrong.most_common(_PAIRS_SHOWN):
        lines.append(f"{count:4}  {label}  {other}")
    return lines


def _group(label: str) -> str:
    if label.startswith("faq/"):
        return "questions"
    if label in SAFETY:
        return "safety"
    return "out of scope" if label == OUT_OF_SCOPE else "deeds and talk"


def main() -> int:
    """Read the project's examples, each with a head that was not fitted to it."""
    texts, labels = zip(*examples(ROOT / "data"), strict=True)
    vectors = Encoder.open(encoder_folder()).encode_many(texts)
    threshold = learn(vectors, labels, Settings()).threshold
    readings = cross_validate(vectors, labels, Settings(), threshold)
    taken = [reading.label if reading.sure else FALLBACK for reading in readings]
    for line in summary(labels, taken):
        say(line)
    return 0


if __name__ == "__main__":
    sys.exit(main())
