"""Learning, on made-up clouds of vectors."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.head import Floats
from bot.nlu.learning import Settings, cross_validate, learn

KINDS = ("faq/cost", "faq/hours", "greet", "out_of_scope")
PER_KIND = 12


def clouds() -> tuple[Floats, list[str]]:
    """Return twelve unit vectors around each of four directions, and their labels."""
    noise = np.random.default_rng(7).normal(0, 0.15, (len(KINDS) * PER_KIND, 8))
    centres = np.repeat(np.eye(8)[: len(KINDS)], PER_KIND, axis=0)
    points = centres + noise
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points.astype(np.float32), [kind for kind in KINDS for _ in range(PER_KIND)]


def test_learns_what_it_was_shown():
    vectors, labels = clouds()

    head = learn(vectors, labels, Settings())

    assert [head.read(vector).label for vector in vectors] == labels


def test_same_examples_give_the_same_head():
    one, two = (learn(*clouds(), Settings()) for _ in range(2))

    assert np.array_equal(one.weights, two.weights)
    assert one.threshold == two.threshold


def test_gate_lets_through_the_wanted_share():
    vectors, labels = clouds()
    settings = Settings(keep=0.75)

    head = learn(vectors, labels, settings)

    scores = [
        reading.score
        for reading, label in zip(
            cross_validate(vectors, labels, settings), labels, strict=True
        )
        if reading.label == label != "out_of_scope"
    ]
    kept = sum(score >= head.threshold for score in scores) / len(scores)
    assert kept == pytest.approx(0.75, abs=0.03)


def test_strange_direction_is_not_understood():
    head = learn(*clouds(), Settings())

    assert not head.read(-np.eye(8, dtype=np.float32)[0]).sure


def test_out_of_scope_example_is_no_neighbour():
    vectors, labels = clouds()

    head = learn(vectors, labels, Settings())

    assert len(head.examples) == PER_KIND * 3


def test_cross_validation_reads_each_example_unseen():
    vectors, labels = clouds()

    readings = cross_validate(vectors, labels, Settings())

    assert len(readings) == len(labels)
    assert all(reading.similarity < 0.9999 for reading in readings)


def test_single_example_of_a_label_leaves_the_gate_open():
    vectors, labels = clouds()

    head = learn(vectors, ["only_one", *labels[1:]], Settings())

    assert head.threshold == -np.inf
