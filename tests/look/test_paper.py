"""A transcript as PDF: any script, any length, nothing lost without a word."""

from __future__ import annotations

import logging
import re
import zlib
from datetime import datetime, timedelta, timezone

import pytest

from bot.clinic.transcript import Line, Transcript
from bot.look.paper import (
    FRAME,
    LACKING,
    RESTRICTED,
    author_of,
    besides,
    pdf,
    scripts_of,
    showable,
    wrapped,
)
from tests.clinic.making import clinic

NOW = datetime(2026, 11, 25, 11, 36, tzinfo=timezone.utc)


def line(text="Hello.", seq=1, author="visitor", name=None, **extras):
    at = NOW + timedelta(seconds=seq)
    return Line(seq, author, name, text, extras, False, None, "done", False, at)


def transcript(*lines, restricted=False, name=""):
    return Transcript("c0ffee", name, "web", NOW, lines, restricted)


def pages(content: bytes) -> int:
    return content.count(b"/Type /Page\n")


def streams(content: bytes) -> int:
    """Return the length of everything drawn, which no viewer has to open."""
    found = re.findall(rb"stream\n(.*?)\nendstream", content, re.S)
    return sum(len(zlib.decompress(one)) for one in found if one[:1] == b"x")


@pytest.mark.parametrize(
    "text",
    [
        "कमर में बहुत दर्द है",
        "ಬೆನ್ನು ನೋವು ಇದೆ",
        "my back 😀👩‍👩‍👧‍👦🏽 hurts ❤️",
        "针灸疼吗",
        "هل يؤلم الوخز",
        "ظ" * 300,
        "<script>alert(1)</script> **bold** __x__ \\ ( ) %s {}",
        "\ud83d half",
        "\x00\x07\u202e\u200b",
        "x" * 4000,
        "a\n\n\n\tb",
        "",
        " ",
    ],
)
def test_any_text_can_be_put_on_paper(text, caplog):
    with caplog.at_level(logging.DEBUG):
        content = pdf(transcript(line(text)), clinic(), NOW)

    assert content.startswith(b"%PDF")
    assert pages(content) >= 1
    assert text.strip() == "" or text not in caplog.text
    assert "missing" not in caplog.text


def test_a_sign_that_the_font_lacks_becomes_a_frame():
    known = set(map(ord, "abc é")).__contains__

    assert showable("abc é", known) == ("abc é", False)
    assert showable("e\u0301", known) == ("é", False)
    assert showable("a क b", known) == (f"a {FRAME} b", True)
    # What is not seen anyway leaves nothing behind.
    assert showable("a\u200d\ufe0f\u202eb", known) == ("ab", False)


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("My back hurts é ½", []),
        ("ಬೆನ್ನು ನೋವು ಇದೆ", ["kannada"]),
        ("कमर में दर्द, ಬೆನ್ನು", ["devanagari", "kannada"]),
        ("针 😀", []),
    ],
)
def test_a_script_brings_its_font(text, scripts):
    assert scripts_of(text) == scripts


def test_kannada_and_hindi_are_written_in_their_own_fonts():
    content = pdf(transcript(line("कमर में दर्द है"), line("ಬೆನ್ನು ನೋವು ಇದೆ")), clinic(), NOW)

    assert b"NotoSansKannada" in content
    assert b"NotoSansDevanagari" in content


def test_a_text_is_broken_between_words_and_long_ones_are_cut():
    def broken(text):
        return list(wrapped(text, len, 10))

    assert broken("one two three four") == ["one two", "three four"]
    assert broken("x" * 25) == ["x" * 10, "x" * 10, "x" * 5]
    assert broken("ab " + "y" * 12 + " c") == ["ab", "y" * 10, "yy c"]
    assert broken("a\n\nb") == ["a", "", "b"]
    assert broken("") == [""]


def test_nothing_is_lost_by_breaking():
    text = "It hurts here, and there, sinceyesterdaymorningalready, every time I bend."

    assert "".join(wrapped(text, len, 12)).replace(" ", "") == text.replace(" ", "")


def test_4000_messages_become_many_pages():
    lines = [line(f"line number {number}.", number) for number in range(1, 4001)]

    content = pdf(transcript(*lines), clinic(), NOW)

    assert pages(content) > 100
    assert streams(content) > 4000 * 40


def test_who_speaks_is_said():
    found = transcript(name="Bo Lund")

    assert author_of(found, line()) == "Bo Lund"
    assert author_of(transcript(), line()) == "Visitor"
    staff = line(author="staff", name="Priya")
    assert author_of(found, staff) == "Priya, a person at the clinic"
    assert author_of(found, line(author="assistant")) == "Automated assistant"


def test_what_was_shown_with_a_message_stands_below_it():
    shown = line(
        author="assistant",
        buttons=[{"id": "1", "label": "Yes"}, {"id": "2", "label": "No"}],
        checklist={"options": [{"id": "3", "label": "Chest pain"}]},
        card={"rows": [["When", "Monday"]]},
    )

    assert list(besides(shown)) == [
        "Offered: Yes · No",
        "To tick: Chest pain",
        "When: Monday",
    ]


def test_what_is_restricted_says_so_and_lacking_signs_too():
    plain = streams(pdf(transcript(line("a")), clinic(), NOW))

    marked = streams(pdf(transcript(line("a"), restricted=True), clinic(), NOW))
    lacking = streams(pdf(transcript(line("针")), clinic(), NOW))

    assert marked - plain >= len(RESTRICTED)
    assert lacking - plain >= len(LACKING)
