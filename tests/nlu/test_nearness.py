"""Cosines in a byte a number."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.nearness import Floats, Nearness


def unit_vectors(count: int) -> Floats:
    points = np.random.default_rng(3).normal(size=(count, 384))
    points /= np.linalg.norm(points, axis=1, keepdims=True)
    return points.astype(np.float32)


def test_cosines_are_right_to_a_hundredth():
    vectors = unit_vectors(500)
    asked = vectors[7] + 0.5 * vectors[8]
    asked /= np.linalg.norm(asked)

    cosines = Nearness(vectors).to(asked)

    assert cosines.shape == (500,)
    assert cosines == pytest.approx(vectors @ asked, abs=0.01)
    assert cosines.argsort()[-2:].tolist() == [8, 7]


def test_largest_numbers_do_not_overflow():
    same = np.full((3, 384), 384**-0.5, np.float32)

    cosines = Nearness(np.vstack([same, -same])).to(same[0])

    assert cosines == pytest.approx([1, 1, 1, -1, -1, -1], abs=0.01)


def test_a_vector_of_nothing_is_near_nothing():
    nothing = np.zeros((1, 384), np.float32)

    assert Nearness(nothing).to(unit_vectors(1)[0]) == pytest.approx([0])
