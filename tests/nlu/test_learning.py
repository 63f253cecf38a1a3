"""Learning, on made-up clouds of vectors."""

from __future__ import annotations

from dataclasses import replace
from itertools import compress

import numpy as np
import pytest

from bot.nlu.head import Floats
from bot.nlu.learning import TWIN_COSINE, Settings, learn

KINDS = ("faq/cost", "faq/hours", "greet", "out_of_scope")
PER_KIND = 12
FRESH = [True] * (len(KINDS) * PER_KIND)


def clouds() -> tuple[Floats, list[str]]:
    """Return twelve unit vectors around each of four directions, and their labels."""
    noise = np.random.default_rng(7).normal(0, 0.15, (len(KINDS) * PER_KIND, 8))
    centres = np.repeat(np.eye(8)[: len(KINDS)], PER_KIND, axis=0)
    points = centres + noise
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points.astype(np.float32), [kind for kind in KINDS for _ in range(PER_KIND)]


def test_learns_what_it_was_shown():
    vectors, labels = clouds()

    head, _ = learn(vectors, labels, Settings(), FRESH)

    assert [head.read(vector).label for vector in vectors] == labels


def test_same_examples_give_the_same_head():
    (one, _), (two, _) = (learn(*clouds(), Settings(), FRESH) for _ in range(2))

    assert np.array_equal(one.weights, two.weights)
    assert one.threshold == two.threshold


def test_gate_lets_through_the_wanted_share():
    vectors, labels = clouds()

    head, readings = learn(vectors, labels, Settings(keep=0.75), FRESH)

    scores = [
        reading.score
        for reading, label in zip(readings, labels, strict=True)
        if reading.label == label != "out_of_scope"
    ]
    kept = sum(score >= head.threshold for score in scores) / len(scores)
    assert kept == pytest.approx(0.75, abs=0.03)


def test_gate_is_set_by_fresh_examples_only():
    vectors, labels = clouds()
    fresh = [row % 2 == 0 for row in range(len(labels))]

    head, readings = learn(vectors, labels, Settings(keep=1.0), fresh)

    meant = list(compress(labels, fresh))
    scores = [
        reading.score
        for reading, label in zip(readings, meant, strict=True)
        if reading.label == label != "out_of_scope"
    ]
    assert len(readings) == len(labels) / 2
    assert head.threshold == min(scores)


def test_strange_direction_is_not_understood():
    head, _ = learn(*clouds(), Settings(), FRESH)

    assert not head.read(-np.eye(8, dtype=np.float32)[0]).sure


def test_out_of_scope_example_is_no_neighbour():
    vectors, labels = clouds()

    head, _ = learn(vectors, labels, Settings(), FRESH)

    outside = vectors[labels.index("out_of_scope")]
    assert head.read(outside).similarity < 0.9


def test_unseen_reading_is_that_of_a_head_without_the_example_and_its_twins():
    vectors, labels = clouds()
    row = 5
    fresh = [one == row for one in range(len(labels))]
    others = np.flatnonzero(vectors @ vectors[row] <= TWIN_COSINE)

    head, (reading,) = learn(vectors, labels, Settings(), fresh)

    without, _ = learn(
        vectors[others], [labels[i] for i in others], Settings(), FRESH[: len(others)]
    )
    without = replace(without, temperature=head.temperature, threshold=head.threshold)
    cosines = without.examples @ vectors[row]
    expected = without.judge(
        np.exp(without.sharpness * (cosines - 1)) @ without.weights,
        float(cosines[without.in_scope].max()),
    )
    assert len(others) < len(labels) - 1
    assert reading.label == expected.label
    assert reading.score == pytest.approx(expected.score, abs=1e-4)
    assert reading.chances == pytest.approx(expected.chances, abs=1e-3)
    assert reading.similarity == pytest.approx(expected.similarity, abs=1e-5)


def test_nothing_classified_rightly_leaves_the_gate_open():
    vectors, _ = clouds()

    head, _ = learn(vectors[[0, 12]], ["faq/cost", "faq/hours"], Settings(), FRESH[:2])

    assert head.threshold == -np.inf
