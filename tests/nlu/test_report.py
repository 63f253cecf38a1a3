"""The report for writers."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.head import Reading
from bot.nlu.plots import plot
from bot.nlu.report import cross_validated, report


def readings(*labels: str) -> list[Reading]:
    """Return one reading a label; the gate was closed on the last one."""
    chances = np.array([0.9, 0.1], np.float32)
    return [
        Reading(label, row < len(labels) - 1, False, chances, 0.5, 1.0 - row / 10)
        for row, label in enumerate(labels)
    ]


MEANT = ["faq/cost", "faq/cost", "crisis", "out_of_scope", "complaint"]
TAKEN = readings("faq/cost", "faq/hours", "crisis", "greet", "complaint")


def test_report_counts_each_group_and_intent():
    lines = report(MEANT, TAKEN).splitlines()

    assert "| questions | 2 | 50.0% | 0.0% | 50.0% |" in lines
    assert "| safety | 1 | 100.0% | 0.0% | 0.0% |" in lines
    assert "| deeds | 1 | 0.0% | 100.0% | 0.0% |" in lines
    assert "| out of scope | 1 | 0.0% | 0.0% | 100.0% |" in lines
    assert "| faq/cost | 2 | 50.0% | 0.0% | 50.0% |" in lines


def test_report_names_the_mixed_up():
    lines = report(MEANT, TAKEN).splitlines()

    assert "| faq/cost | faq/hours | 1 |" in lines
    assert "| complaint | nlu_fallback | 1 |" in lines


def test_cross_validation_tells_apart_what_the_encoder_never_saw():
    lines = cross_validated(MEANT, TAKEN, [True, False, True, True, False]).splitlines()

    assert "| questions | 2 | 50.0% | 50.0% | 100.0% |" in lines
    assert "| deeds | 1 | 100.0% | 0.0% | - |" in lines


# matplotlib's own, of an older pyparsing.
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_plots_are_the_same_twice(tmp_path: Path):
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        plot(MEANT, TAKEN, 0.5, tmp_path / name)

    for file in ("nlu-gate.png", "nlu-calibration.png"):
        one, two = (tmp_path / name / file for name in ("one", "two"))
        assert one.read_bytes().startswith(b"\x89PNG")
        assert one.read_bytes() == two.read_bytes()
