"""The training language, read from its files."""

from __future__ import annotations

from pathlib import Path

from bot.nlu.examples import examples, is_kept_back


def test_examples_come_with_their_labels(tmp_path: Path):
    (tmp_path / "faq").mkdir()
    (tmp_path / "faq" / "cost.yml").write_text(
        "topic: cost\nnlu:\n- intent: faq/cost\n  examples: |\n    - how much\n"
    )

    assert list(examples(tmp_path)) == [("how much", "faq/cost")]


def test_a_fifth_is_kept_back_whatever_else_is_written():
    texts = [f"message {number}" for number in range(2000)]

    kept = [text for text in texts if is_kept_back(text)]

    assert 0.17 < len(kept) / len(texts) < 0.23


def test_half_a_surrogate_pair_can_be_an_example():
    assert is_kept_back("\ud83d") in (True, False)
