from dataclasses import dataclass
from datetime import date, time
from pathlib import Path

import pytest

from bot.clinic.errors import BadContent
from bot.content.files import build, read


@dataclass(frozen=True)
class Item:
    count: int
    opens: time


@dataclass(frozen=True)
class Thing:
    name: str
    items: tuple[Item, ...]
    words: tuple[str, ...] = ()
    price: float | None = None
    since: date | None = None


def thing(tmp_path: Path, text: str) -> Thing:
    path = tmp_path / "thing.yml"
    path.write_text(text)
    return build(Thing, read(path))


def test_a_file_becomes_a_dataclass(tmp_path):
    built = thing(
        tmp_path,
        "name: no\nitems:\n- {count: 1, opens: '09:30'}\nsince: 2026-01-02\n",
    )

    assert built == Thing("no", (Item(1, time(9, 30)),), since=date(2026, 1, 2))


@pytest.mark.parametrize(
    ("text", "line", "key"),
    [
        ("items: []\n", None, ""),
        ("name: x\nitems: []\nextra: 1\n", 3, "extra"),
        ("name: 5\nitems: []\n", 1, "name"),
        ("name: x\nitems: []\nwords: one\n", 3, "words"),
        ("name: x\nitems:\n- {count: true, opens: '09:30'}\n", 3, "items.0.count"),
        ("name: x\nitems: 3\n", 2, "items"),
        ("name: [\n", 2, ""),
    ],
)
def test_a_mistake_names_its_line_and_key(tmp_path, text, line, key):
    with pytest.raises(BadContent) as caught:
        thing(tmp_path, text)

    assert (caught.value.line, caught.value.key) == (line, key)


@pytest.mark.parametrize("clock", ["9:30x", "25:00", "half past nine"])
def test_a_time_that_is_none_is_refused(tmp_path, clock):
    with pytest.raises(BadContent):
        thing(tmp_path, f"name: x\nitems:\n- {{count: 1, opens: '{clock}'}}\n")


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(BadContent, match="missing"):
        read(tmp_path / "gone.yml")


def test_bytes_that_are_no_text_are_refused(tmp_path):
    path = tmp_path / "bad.yml"
    path.write_bytes(b"\xff\xfe\x00")

    with pytest.raises(BadContent, match="UTF-8"):
        read(path)
