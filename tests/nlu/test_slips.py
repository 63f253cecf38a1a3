"""The likelier slip of two is the one that fingers and ears make."""

from __future__ import annotations

import pytest

from bot.nlu.slips import readiness, sound


@pytest.mark.parametrize(
    ("typed", "likelier", "other"),
    [
        ("cancles", "cancels", "candles"),  # swapped
        ("seperate", "separate", "seserate"),  # a vowel for a vowel
        ("dring", "during", "bring"),  # a letter lost, not the first one changed
        ("adress", "address", "aldress"),  # once for twice
        ("neesles", "needles", "neevles"),  # the key beside
    ],
)
def test_likelier_slip_wins(typed: str, likelier: str, other: str):
    assert readiness(typed, likelier) > readiness(typed, other)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("akupunkture", "acupuncture"),
        ("fizio", "physio"),
        ("nife", "knife"),
        ("nite", "night"),
        ("apoyntmant", "apointment"),
    ],
)
def test_what_sounds_alike_has_one_key(typed: str, meant: str):
    assert sound(typed) == sound(meant)
