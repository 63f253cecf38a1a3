"""The report for writers."""

from __future__ import annotations

from pathlib import Path

from bot.nlu.report import examples, summary


def test_report_counts_each_group_and_names_the_mixed_up():
    meant = ["faq/cost", "faq/cost", "crisis", "greet", "out_of_scope"]
    taken = ["faq/cost", "faq/hours", "crisis", "nlu_fallback", "greet"]

    lines = [line.split() for line in summary(meant, taken)]

    assert ["questions", "2", "50.0%", "0.0%"] in lines
    assert ["safety", "1", "100.0%", "0.0%"] in lines
    assert ["deeds", "and", "talk", "1", "0.0%", "100.0%"] in lines
    assert ["out", "of", "scope", "1", "0.0%", "0.0%"] in lines
    assert ["1", "faq/cost", "faq/hours"] in lines


def test_examples_come_with_their_labels(tmp_path: Path):
    (tmp_path / "faq").mkdir()
    (tmp_path / "faq" / "cost.yml").write_text(
        "topic: cost\nnlu:\n- intent: faq/cost\n  examples: |\n    - how much\n"
    )

    assert list(examples(tmp_path)) == [("how much", "faq/cost")]
