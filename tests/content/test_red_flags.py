"""The files under data/red_flags: complete, consistent, and refused when wrong."""

import shutil
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.clinic.errors import BadContent
from bot.content.red_flags import load

DATA = Path(__file__).parents[2] / "data"
FOLDER = DATA / "red_flags"
FILES = sorted(FOLDER.glob("*.yml"))
LOADED = {path.name: YAML(typ="safe").load(path.read_text("utf-8")) for path in FILES}
RULES = [rule for part in LOADED.values() for rule in part.get("signs", [])]
GROUPS = {
    "CAUDA_EQUINA",
    "WEAKNESS",
    "CARDIAC",
    "BREATHING",
    "STROKE",
    "AAA",
    "SEPSIS_MENINGITIS",
    "FRACTURE",
    "CORD_COMPRESSION",
    "PREGNANCY_WARNING",
    "COLLAPSED_LUNG",
    "HEAD_NECK_VASCULAR",
    "LIMB_ISCHAEMIA",
    "COLLAPSE",
    "CRISIS",
    "SAFEGUARDING",
}


@pytest.fixture
def folder(tmp_path):
    return Path(shutil.copytree(FOLDER, tmp_path / "red_flags"))


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")


def test_every_group_has_a_rule():
    assert {rule["group"] for rule in RULES} >= GROUPS


def test_every_rule_says_why_and_for_which_screening_rule():
    for rule in RULES:
        assert rule["why"].endswith(".")
        assert rule["source"]
        assert all(
            name[0] in "EUN" and name[1:].isdigit() for name in rule["stands_for"]
        )


def test_every_emergency_screening_rule_is_stood_for():
    stood_for = {name for rule in RULES for name in rule["stands_for"]}

    assert stood_for >= {f"E{number:02}" for number in range(1, 17)}


def test_crisis_rules_show_crisis_messages_only():
    for rule in RULES:
        assert (rule["kind"] == "CRISIS") == rule["message"].startswith("crisis")


def test_every_word_list_is_used():
    text = "\n".join(path.read_text("utf-8") for path in FILES)
    framing = set(LOADED["speech.yml"]["words"])
    used = {
        name.strip()
        for rule in RULES
        for line in [*rule["when"], *rule.get("unless", [])]
        for part in line.split("+")
        for name in part.split("|")
    }
    unused = {
        name
        for part in LOADED.values()
        if isinstance(part.get("words"), dict)
        for name in part["words"]
        if name not in used | framing and f"{{{name}}}" not in text
    }

    assert not unused


def test_other_languages_wait_for_native_review():
    assert LOADED["other_languages.yml"]["needs_native_review"] is True


def test_unknown_word_list_names_file_line_and_key(folder):
    change(folder / "spine.yml", "  - saddle + numb\n", "  - saddle + nummb\n")

    with pytest.raises(BadContent, match="nummb") as caught:
        load(folder)

    assert caught.value.file.endswith("spine.yml")
    assert caught.value.key == "signs.0.when"
    assert caught.value.line is not None


def test_second_rule_of_one_name_is_refused(folder):
    change(folder / "crisis.yml", "- id: self_harm\n", "- id: self_harm_now\n")

    with pytest.raises(BadContent, match="another rule 'self_harm_now'"):
        load(folder)


def test_rule_without_a_source_is_refused(folder):
    change(folder / "crisis.yml", "  source: [NHS-MH, HD-MH]\n", "  source: []\n")

    with pytest.raises(BadContent, match="must be filled"):
        load(folder)


def test_unknown_kind_is_refused(folder):
    change(folder / "crisis.yml", "kind: CRISIS", "kind: ALARM")

    with pytest.raises(BadContent, match=r"crisis\.yml"):
        load(folder)


def test_missing_way_of_speaking_is_refused(folder):
    change(folder / "speech.yml", "  denial: [", "  denials: [")

    with pytest.raises(BadContent, match="'denial' is missing"):
        load(folder)


def test_pattern_of_an_unknown_list_is_refused(folder):
    change(folder / "crisis.yml", "kill(ing) {self}", "kill(ing) {nobody}")

    with pytest.raises(BadContent, match="defines"):
        load(folder)


def test_missing_file_is_refused(folder):
    (folder / "words.yml").unlink()

    with pytest.raises(BadContent, match="missing"):
        load(folder)
