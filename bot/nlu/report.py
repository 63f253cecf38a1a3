"""Shows how well the examples are told apart: `python -m bot.nlu.report`.

Writes docs/nlu.md and its two plots.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import compress

from bot.nlu.build_encoder import say
from bot.nlu.encoder import Encoder, readable
from bot.nlu.encoder_files import encoder_folder
from bot.nlu.examples import examples as examples
from bot.nlu.examples import is_kept_back
from bot.nlu.folds import PARTS, cross_read
from bot.nlu.head import OUT_OF_SCOPE, SAFETY, Reading
from bot.nlu.learning import Settings, learn
from bot.nlu.plots import plot
from bot.nlu.spelling import Speller
from bot.nlu.understand import FALLBACK
from bot.settings import ROOT

TALK = (
    *("affirm", "bot_challenge", "capabilities", "deny", "goodbye", "greet"),
    *("inform", "stop", "thanks"),
)
_PAIRS_SHOWN = 25
_HEAD = """# How well messages are understood

Made by `python -m bot.nlu.report` from the fifth of the examples under `data/` that the
encoder was not tuned on. Each is read by a classifier that has seen neither it nor its
near twins. The examples were written to be unlike each other.

*Right*: understood as meant. *Unsure*: the gate sent it to "did you mean" or to staff.
*Wrong*: taken for something else.
"""


def report(meant: Sequence[str], readings: Sequence[Reading]) -> str:
    """Return the report, in Markdown.

    Args:
        meant: the label of each example.
        readings: what a head that had not seen the example made of it.
    """
    taken = [reading.label if reading.sure else FALLBACK for reading in readings]
    pairs = list(zip(meant, taken, strict=True))
    asked = [
        reading.label == label
        for label, reading in zip(meant, readings, strict=True)
        if group(label) == "questions"
    ]
    return "\n".join(
        [
            _HEAD,
            f"Questions, the gate left aside: {sum(asked) / len(asked):.1%} right.\n",
            *_table("group", [(group(label), label, took) for label, took in pairs]),
            "\n![Gate](nlu-gate.png) ![Calibration](nlu-calibration.png)\n",
            "## Most confused\n",
            "| meant | taken for | times |\n|---|---|---:|",
            *_confused(pairs),
            "\n## Every intent\n",
            *_table("intent", [(label, label, took) for label, took in pairs]),
            "",
        ]
    )


def cross_validated(
    meant: Sequence[str], readings: Sequence[Reading], fresh: Sequence[bool]
) -> str:
    """Return the table over all examples, in Markdown.

    Args:
        meant: the label of each example.
        readings: what a head that had not seen the example made of it.
        fresh: which of them the encoder was not tuned on.
    """
    rows = [
        (group(label), reading.label == label, reading.sure, new)
        for label, reading, new in zip(meant, readings, fresh, strict=True)
    ]
    lines = [
        f"""## All examples, cross-validated

Each of the {len(rows)} examples is read by a classifier fitted to four of {PARTS}
parts, in which neither it nor a near twin lies. **The encoder was tuned on most of
them**, and reads those better than new ones: the tables above are what to expect. The
last column is of the {sum(fresh)} examples that it never saw.

| group | examples | best label right | right past the gate | best label, never seen |
|---|---:|---:|---:|---:|"""
    ]
    for name in sorted({row[0] for row in rows}):
        mine = [(right, sure, new) for place, right, sure, new in rows if place == name]
        new = [right for right, _, is_new in mine if is_new]
        lines.append(
            f"| {name} | {len(mine)} | {_share(right for right, _, _ in mine)}"
            f" | {_share(right and sure for right, sure, _ in mine)} | {_share(new)} |"
        )
    return "\n".join([*lines, ""])


def _share(hits: Iterable[bool]) -> str:
    found = list(hits)
    return f"{sum(found) / len(found):.1%}" if found else "-"


def group(label: str) -> str:
    """Return the kind of thing that a label is."""
    if label.startswith("faq/"):
        return "questions"
    if label in SAFETY:
        return "safety"
    if label == OUT_OF_SCOPE:
        return "out of scope"
    return "talk" if label in TALK else "deeds"


def _table(title: str, rows: Sequence[tuple[str, str, str]]) -> Iterator[str]:
    yield f"| {title} | examples | right | unsure | wrong |\n|---|---:|---:|---:|---:|"
    for name in sorted({row[0] for row in rows}):
        mine = [(meant, taken) for place, meant, taken in rows if place == name]
        right = sum(a == b for a, b in mine) / len(mine)
        unsure = sum(a != b and b in (FALLBACK, OUT_OF_SCOPE) for a, b in mine)
        wrong = 1 - right - unsure / len(mine)
        yield (
            f"| {name} | {len(mine)} | {right:.1%} | {unsure / len(mine):.1%}"
            f" | {abs(wrong):.1%} |"
        )


def _confused(pairs: Sequence[tuple[str, str]]) -> Iterator[str]:
    wrong = Counter(pair for pair in pairs if pair[0] != pair[1])
    for (label, other), count in wrong.most_common(_PAIRS_SHOWN):
        yield f"| {label} | {other} | {count} |"


def main() -> int:
    """Read the project's examples, each unseen, and write docs/nlu.md."""
    texts, labels = zip(*examples(ROOT / "data"), strict=True)
    speller = Speller.of(texts)
    repaired = [speller.repair(readable(text)) for text in texts]
    vectors = Encoder.open(encoder_folder()).encode_many(repaired)
    fresh = [is_kept_back(text) for text in texts]
    head, readings = learn(vectors, labels, Settings(), fresh)
    meant = list(compress(labels, fresh))
    plot(meant, readings, head.threshold, ROOT / "docs")
    crossed = cross_validated(
        labels, cross_read(head, vectors, labels, Settings()), fresh
    )
    text = f"{report(meant, readings)}\n{crossed}"
    (ROOT / "docs" / "nlu.md").write_text(text)
    say(text)
    return 0


if __name__ == "__main__":
    sys.exit(main())
