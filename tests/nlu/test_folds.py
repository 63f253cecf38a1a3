"""Examples read by what has not seen them."""

from __future__ import annotations

import numpy as np

from bot.nlu.danger import Floats
from bot.nlu.folds import PARTS, cross_read, folds
from bot.nlu.learning import Settings, learn


def unit_vectors(count: int, width: int = 24) -> Floats:
    chance = np.random.default_rng(7)
    rows = chance.normal(size=(count, width)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_near_twins_come_to_one_part_and_parts_are_alike():
    vectors = unit_vectors(100)
    doubled = np.concatenate([vectors, vectors])

    parts = folds(doubled)

    assert (parts[:100] == parts[100:]).all()
    assert np.bincount(parts, minlength=PARTS).tolist() == [40] * PARTS


def test_nothing_is_read_by_what_learnt_it():
    # Each example has a label that is only its own and its twin's.
    vectors = unit_vectors(30)
    doubled = np.concatenate([vectors, vectors])
    labels = [f"faq/{number:02}" for number in range(30)] * 2
    head, _ = learn(doubled, labels, Settings(), [True] * 60)

    readings = cross_read(head, doubled, labels, Settings())

    assert all(
        reading.label != label for reading, label in zip(readings, labels, strict=True)
    )


def test_what_others_tell_is_read_rightly():
    middles = unit_vectors(3)
    vectors = np.repeat(middles, 20, axis=0) + 0.6 * unit_vectors(60)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    labels = [label for label in ("faq/a", "faq/b", "out_of_scope") for _ in range(20)]
    head, _ = learn(vectors, labels, Settings(), [True] * 60)

    readings = cross_read(head, vectors, labels, Settings())

    pairs = zip(readings, labels, strict=True)
    assert sum(reading.label == label for reading, label in pairs) >= 54
