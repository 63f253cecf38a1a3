"""One file that says what many say."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.nlu.gathered import gathered
from bot.settings import ROOT


@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_rasa_reads_the_same_from_one_file_as_from_many(tmp_path: Path):
    from rasa.shared.importers.utils import training_data_from_paths

    files = [str(file) for file in sorted((ROOT / "data" / "faq").glob("*.yml"))[:4]]
    files += [str(ROOT / "data" / "nlu" / "small_talk.yml")]
    one = tmp_path / "lesson.yml"
    one.write_text(gathered(map(Path, files)))

    many, single = (
        training_data_from_paths(paths, "en") for paths in (files, [str(one)])
    )

    assert len(many.training_examples) > 300
    assert single.fingerprint() == many.fingerprint()


def test_rules_and_responses_of_all_files_are_there(tmp_path: Path):
    first, second = tmp_path / "one.yml", tmp_path / "two.yml"
    first.write_text(
        "responses:\n  utter_a: [{text: A}]\nrules: [{rule: one}]\ntopic: cost\n"
    )
    second.write_text("responses:\n  utter_b: [{text: B}]\nrules: [{rule: two}]\n")

    text = gathered([first, second])

    assert text.index("one") < text.index("two")
    assert "utter_a" in text
    assert "utter_b" in text
    assert "topic" not in text
