"""Reads the training language, and says which of it the encoder has never seen."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from ruamel.yaml import YAML

_CRISES = ("CRISIS", "SAFEGUARDING")


def examples(data: Path) -> Iterator[tuple[str, str]]:
    """Yield each example below a data folder's `faq` and `nlu`, with its full label."""
    yaml = YAML(typ="safe")
    for folder in ("faq", "nlu"):
        for file in sorted((data / folder).glob("*.yml")):
            for block in yaml.load(file).get("nlu", []):
                for line in block["examples"].splitlines():
                    yield line.removeprefix("- "), block["intent"]


def told(folder: Path) -> Iterator[tuple[str, str]]:
    """Yield each message of a folder of alarming and harmless ones, with its label.

    The label is `crisis` or `report_emergency`, or "" where nobody is in danger.

    Args:
        folder: usually `data/danger`; each file has `alarming`, by group, and
            `harmless`.
    """
    yaml = YAML(typ="safe")
    for file in sorted(folder.glob("*.yml")):
        content = yaml.load(file)
        for group, texts in content["alarming"].items():
            label = "crisis" if group in _CRISES else "report_emergency"
            yield from ((text, label) for text in texts)
        yield from ((text, "") for text in content["harmless"])


def is_kept_back(text: str) -> bool:
    """Say whether a text is of the fifth that the encoder is never tuned on.

    What is measured, and the gate that is set, on these texts holds for new ones; the
    choice rests on the text alone, so it is the same whatever else is written or moved.
    """
    return hashlib.sha256(text.encode("utf-8", "replace")).digest()[0] < 256 // 5
