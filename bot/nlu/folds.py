"""Reads every example by a head that saw neither it nor its near twins."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components
from threadpoolctl import threadpool_limits

from bot.nlu.head import OUT_OF_SCOPE, Floats, Head, Reading
from bot.nlu.learning import TWIN_COSINE, Settings, fit

PARTS = 5


def folds(vectors: Floats) -> npt.NDArray[np.intp]:
    """Deal examples into five parts of like size; near twins come to one part.

    Args:
        vectors: unit vectors, shape (n, 384).

    Returns:
        The part of each example, 0 to 4, shape (n,).
    """
    twins = csr_matrix(vectors @ vectors.T > TWIN_COSINE)
    count, group = connected_components(twins, directed=False)
    sizes = np.bincount(group, minlength=count)
    part_of, held = np.zeros(count, np.intp), np.zeros(PARTS, np.intp)
    # Shuffled, for the examples of a label stand together; the largest groups first.
    order = np.random.default_rng(0).permutation(count)
    for number in order[np.argsort(-sizes[order], kind="stable")]:
        part_of[number] = held.argmin()
        held[part_of[number]] += sizes[number]
    return part_of[group]


def cross_read(
    head: Head, vectors: Floats, labels: Sequence[str], settings: Settings
) -> list[Reading]:
    """Return what heads that have not seen them make of the examples; a minute.

    Args:
        head: lends its temperature and its gate.
        vectors: unit vectors, shape (n, 384).
        labels: n full labels.
        settings: how to learn.
    """
    known = np.array(labels)
    wanted = (known[:, None] == np.array(head.labels)).astype(np.float32)
    votes, nearest = np.zeros_like(wanted), np.zeros(len(labels), np.float32)
    parts = folds(vectors)
    for part in range(PARTS):
        here, there = parts == part, parts != part
        if not here.any():
            continue
        cosines = vectors[here] @ vectors[there].T
        with threadpool_limits(1):
            weights = fit(
                vectors[there], wanted[there], settings.sharpness, settings.ridge
            )
        votes[here] = np.exp(settings.sharpness * (cosines - 1)) @ weights
        in_scope = known[there] != OUT_OF_SCOPE
        nearest[here] = cosines[:, in_scope].max(axis=1, initial=-1)
    return [
        head.judge(row, float(cosine))
        for row, cosine in zip(votes, nearest, strict=True)
    ]
