"""Draws the gate's curve and the calibration of what the report has measured."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.nlu.head import OUT_OF_SCOPE, Reading

_INK, _ACCENT = "#1D2B2A", "#0F6259"


def plot(
    meant: Sequence[str], readings: Sequence[Reading], threshold: float, docs: Path
) -> None:
    """Write `nlu-gate.png` and `nlu-calibration.png`; the same input, the same bytes.

    Args:
        meant: the label of each example.
        readings: what a head that had not seen the example made of it.
        threshold: the gate's.
        docs: the folder to write to.
    """
    labels = np.array(meant)
    right = np.array([reading.label for reading in readings]) == labels
    scores = np.array([reading.score for reading in readings])
    outside = labels == OUT_OF_SCOPE
    _gate(scores[right & ~outside], scores[outside], threshold, docs / "nlu-gate.png")
    sure = np.array([reading.chances.max() for reading in readings])
    _calibration(sure, right, docs / "nlu-calibration.png")


def _gate(kept: Any, turned: Any, threshold: float, file: Path) -> None:
    cuts = np.unique(np.concatenate([kept, turned, [threshold]]))
    here, there = (kept >= threshold).mean(), (turned < threshold).mean()
    axes = _axes("Rightly understood messages let in", "Out of scope turned away")
    axes.plot(
        [(kept >= cut).mean() for cut in cuts],
        [(turned < cut).mean() for cut in cuts],
        color=_INK,
    )
    axes.plot([here], [there], "o", color=_ACCENT)
    note = f"the gate: {here:.0%} let in, {there:.0%} turned away"
    axes.text(here - 0.03, there - 0.06, note, ha="right", color=_ACCENT)
    _save(axes, file)


def _calibration(sure: Any, right: Any, file: Path) -> None:
    bins = np.minimum((sure * 10).astype(int), 9)
    filled = np.unique(bins)
    axes = _axes("Confidence", "Share that was right")
    axes.plot([0, 1], [0, 1], ":", color=_INK)
    axes.plot(
        [sure[bins == one].mean() for one in filled],
        [right[bins == one].mean() for one in filled],
        "o-",
        color=_ACCENT,
    )
    _save(axes, file)


def _axes(x: str, y: str) -> Any:
    # Imported here: 1 s, and nothing but the report draws.
    from matplotlib.figure import Figure  # type: ignore[import-untyped]

    axes = Figure(figsize=(5, 4), dpi=120, layout="constrained").subplots()
    axes.set(xlabel=x, ylabel=y, xlim=(0, 1.02), ylim=(0, 1.02))
    axes.spines[["top", "right"]].set_visible(False)
    return axes


def _save(axes: Any, file: Path) -> None:
    # Without the drawing program's version the bytes depend on the figures alone.
    axes.figure.savefig(file, metadata={"Software": None})
