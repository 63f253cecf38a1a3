"""The clinic's words for letters, and mistakes in them."""

import pytest

from bot.clinic.errors import BadContent
from bot.content.letters import load
from bot.settings import ROOT

FILE = ROOT / "data" / "letters.yml"


def changed(tmp_path, old, new):
    text = FILE.read_text()
    assert old in text
    path = tmp_path / "letters.yml"
    path.write_text(text.replace(old, new, 1))
    return path


def test_the_words_that_come_with_it_can_be_used():
    assert load(FILE).kinds["reminder"].subject


@pytest.mark.parametrize(
    ("old", "new", "reason"),
    [
        ("on {phone}. We", "on {diagnosis}. We", "unknown placeholder"),
        ("Hello {name},", "Hello {name", "brace"),
        ("Hello {name},", "Hello {},", "brace"),
        ("  stat: ", "  now: ", "missing"),
        ("  confirmation: Booked", "  confirmation: ''", "empty"),
        ('"Your visit on {when}"', '"Your visit\\non {when}"', "one line"),
        ("cancel: Cancel it", "cancel: ' '", "empty"),
        ("greeting:", "greetings:", "greeting"),
        ("  last_reminder:\n    subject", "  third_reminder:\n    subject", "missing"),
    ],
)
def test_a_mistake_is_named_before_anything_starts(tmp_path, old, new, reason):
    with pytest.raises(BadContent, match=reason):
        load(changed(tmp_path, old, new))
