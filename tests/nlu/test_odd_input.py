"""The assistant's own model before what is no message at all."""

from __future__ import annotations

import pytest

from bot.nlu.train import serving_model
from bot.nlu.understand import Understanding, readable_letters
from bot.settings import load

pytestmark = pytest.mark.model

NOTHING_TO_READ = {
    "empty": "",
    "emoji": "👍👍",
    "hearts": "❤️ ❤️",
    "numbers": "12345 67",
    "a telephone number": "780 555 0123",
    "punctuation": "?!...",
    "zero width": "\u200b\u200b\u200d",
    "control characters": "\x00\x01\x02",
    "half a surrogate pair": "\ud83d",
    "Chinese": "针灸疼吗",
    "Hindi": "क्या सुई से दर्द होता है",
    "Arabic": "هل يؤلم الوخز",
    "Cyrillic": "это больно",
    "mostly another script": "это очень больно ok",
    "one long word": "z" * 20_000,
    "a word too long for the tokenizer": "ha" * 55,
    "a long word of letters": "abcdefghij" * 20,
    "several long words": f"{'ab' * 60} {'cd' * 60}",
    "code": "<script>alert(1)</script>",
    "encoded": "aGVsbG8gd29ybGQgaGVsbG8gd29ybGQgaGVsbG8gd29ybGQ=",
    "20 kB": "lorem ipsum dolor " * 1150,
    "20 kB of no": "no " * 6600,
}


@pytest.fixture(scope="module")
def understanding() -> Understanding:
    return Understanding.open(serving_model(load().data_dir))


@pytest.mark.parametrize("text", NOTHING_TO_READ.values(), ids=NOTHING_TO_READ.keys())
def test_nothing_to_read_is_no_wish(understanding: Understanding, text: str):
    parsed = understanding.parse(text)

    assert parsed.route_hint == "fallback"
    assert not parsed.worrying


@pytest.mark.parametrize(
    "text",
    ["do\x00es it hurt", "d\u200boes it h\u200burt", "\u202edoes it hurt\u202c"],
    ids=["control characters", "zero width", "right to left"],
)
def test_words_with_odd_characters_in_them_are_read(understanding, text):
    assert understanding.parse(text).topic == "needle_pain"


def test_a_word_that_no_language_has_does_not_hide_the_others():
    assert readable_letters(f"does it hurt, {'a' * 12}rgh")
    assert not readable_letters(f"ok {'a' * 120}")
