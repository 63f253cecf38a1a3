"""The words that docs/glossary.md rules out are absent from the code."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
BOT = ROOT / "bot"

# Whole words of a name: user_id and UserId hold "user"; "used" and "possession" are
# words of their own.
_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


def ruled_out() -> set[str]:
    """Read the list under "Do not use"."""
    section = (ROOT / "docs" / "glossary.md").read_text().split("## Do not use")[1]
    return set(re.findall(r"^- `(\w+)`$", section, re.MULTILINE))


def words_of(line: str) -> set[str]:
    """Split at everything but letters and at capitals; plurals as their singular."""
    words = {word.lower() for word in _WORD.findall(line)}
    return words | {word[:-1] for word in words if word.endswith("s")}


def hits(folder: Path, words: set[str]) -> Iterator[str]:
    """Name every line of Python code below a folder that uses one of the words."""
    for file in sorted(folder.rglob("*.py")):
        text = file.read_text().replace("__slots__", "")  # a word of Python itself
        for number, line in enumerate(text.splitlines(), start=1):
            if found := words_of(line) & words:
                yield f"{file.relative_to(ROOT)}:{number}: {', '.join(sorted(found))}"


def test_the_glossary_rules_words_out():
    assert {"slot", "session", "service", "user"} <= ruled_out()


@pytest.mark.parametrize(
    ("line", "found"),
    [
        ("def user_id(self) -> str:", {"user"}),
        ("class OpeningSlot:", {"slot"}),
        ("# one of the sessions", {"session"}),
        ("HTTPService()", {"service"}),
        ("what is used, and in whose possession", set()),
    ],
)
def test_words_are_found_inside_names(line, found):
    assert words_of(line) & {"slot", "session", "service", "user"} == found


@pytest.mark.parametrize("layer", ["clinic", "desk"])
def test_inner_layers_use_no_ruled_out_word(layer):
    assert list((BOT / layer).glob("*.py")), f"nothing to look at in bot/{layer}"

    assert list(hits(BOT / layer, ruled_out())) == []


def test_slot_is_a_word_of_rasa_and_of_fhir_only():
    theirs = ("bot/nlu/", "bot/fhir/")
    elsewhere = [hit for hit in hits(BOT, {"slot"}) if not hit.startswith(theirs)]

    assert elsewhere == []
