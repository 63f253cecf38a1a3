"""The built encoder against the exact network, and against odd text."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.encoder import WIDTH, Encoder, readable
from bot.nlu.encoder_files import encoder_folder

pytestmark = pytest.mark.model

# Made once with PyTorch from the published weights and the change to them.
REFERENCE = json.loads((Path(__file__).parent / "reference_vectors.json").read_text())

ODD = {
    "empty": "",
    "spaces": " \t\n ",
    "emoji": "😀😀👍🏽",
    "20 kB": "needle " * 3000,
    "one long word": "a" * 20_000,
    "control characters": "\x00\x01\x02\x1b[31m",
    "zero width": "\u200b\u200d\ufeff",
    "half a surrogate pair": "ouch \ud83d",
    "Chinese": "针灸疼吗",
    "Arabic": "هل يؤلم",
    "digits": "0123456789",
    "markup": "<script>alert(1)</script>' OR 1=1 --",
}


@pytest.mark.parametrize("sentence", REFERENCE)
def test_int8_network_stays_near_the_exact_one(encoder: Encoder, sentence: str):
    exact = np.array(REFERENCE[sentence])

    cosine = encoder.encode(sentence) @ exact / np.linalg.norm(exact)

    assert cosine > 0.98


@pytest.mark.parametrize("text", ODD.values(), ids=ODD.keys())
def test_any_text_gives_a_unit_vector(encoder: Encoder, text: str):
    vector = encoder.encode(text)

    assert vector.shape == (WIDTH,)
    assert vector.dtype == np.float32
    assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-4)


def test_like_meanings_lie_closer_than_like_words(encoder: Encoder):
    hurt, painful, cost = encoder.encode_many(
        ["does it hurt", "are the needles painful", "does it cost much"]
    )

    assert hurt @ painful > hurt @ cost


def test_company_does_not_change_a_vector(encoder: Encoder):
    alone = encoder.encode("does it hurt")

    together = encoder.encode_many(["a much longer sentence than that", "does it hurt"])

    assert np.array_equal(together[1], alone)


def test_no_texts_give_no_vectors(encoder: Encoder):
    assert encoder.encode_many([]).shape == (0, WIDTH)


def test_second_opening_is_the_same_encoder(encoder: Encoder):
    assert Encoder.open(encoder_folder()) is encoder


def test_readable_text_is_one_bounded_line():
    assert readable(" a\n\tb ") == "a b"
    assert len(readable("word " * 5000)) == 2000
    assert readable("\ud83d") == "?"
