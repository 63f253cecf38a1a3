"""Fits the head to labelled vectors and sets its gate by cross-validation."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt

from bot.nlu.head import OUT_OF_SCOPE, Floats, Head, Reading

SEED = 0


@dataclass(frozen=True)
class Settings:
    """How to learn; the keys of the component in config.yml.

    The defaults are what cross-validation on the clinic's own examples favoured.
    Gates that let through 95 % of what was rightly understood turned away, of the
    out-of-scope examples: probability alone 73 %, largest logit + 4 x cosine 74 %,
    logarithm of the probability + 8 x cosine 78 %.

    Attributes:
        regularisation: scikit-learn's C: larger trusts the examples more.
        cosine_weight: what the nearest example counts in the gate's score; 0 leaves
            the probability alone.
        alarm: see `bot.nlu.head.Head`. At 0.25 the classifier finds 87 % of the safety
            examples instead of 83 %, and sees one in 1.8 % of the FAQ's (1.6 %).
        keep: share of rightly classified messages that the gate must let through.
        folds: parts that cross-validation cuts the examples into.
    """

    regularisation: float = 10.0
    cosine_weight: float = 8.0
    alarm: float = 0.25
    keep: float = 0.95
    folds: int = 3


def learn(vectors: Floats, labels: Sequence[str], settings: Settings) -> Head:
    """Fit a head; the same input gives the same head.

    Args:
        vectors: unit vectors, shape (n, 384).
        labels: n full labels, of at least two kinds.
        settings: how to learn.

    Returns:
        A head whose gate lets through `settings.keep` of what was rightly classified
        when the sentence itself was not among the examples. With fewer than two
        examples of some label there is nothing to set the gate by: it stays open.
    """
    head = _fit(vectors, np.array(labels), settings)
    readings = cross_validate(vectors, labels, settings)
    scores = [
        reading.score
        for reading, label in zip(readings, labels, strict=False)
        if reading.label == label != OUT_OF_SCOPE
    ]
    if not scores:
        return head
    return replace(head, threshold=float(np.quantile(scores, 1 - settings.keep)))


def cross_validate(
    vectors: Floats,
    labels: Sequence[str],
    settings: Settings,
    threshold: float = -np.inf,
) -> list[Reading]:
    """Read each example with a head that was not fitted to it.

    Args:
        vectors: unit vectors, shape (n, 384).
        labels: n full labels.
        settings: how to learn.
        threshold: of the heads' gates; by default they are open.

    Returns:
        A reading per example, in order; none at all where some label has fewer than
        two examples.
    """
    from sklearn.model_selection import StratifiedKFold

    wanted = np.array(labels)
    folds = min(settings.folds, int(np.unique(wanted, return_counts=True)[1].min()))
    if folds < 2:
        return []
    readings: dict[int, Reading] = {}
    splitter = StratifiedKFold(folds, shuffle=True, random_state=SEED)
    for known, unseen in splitter.split(vectors, wanted):
        head = _fit(vectors[known], wanted[known], settings)
        head = replace(head, threshold=threshold)
        readings |= {int(row): head.read(vectors[row]) for row in unseen}
    return [readings[row] for row in range(len(wanted))]


def _fit(vectors: Floats, labels: npt.NDArray[np.str_], settings: Settings) -> Head:
    # Imported here: serving needs no scikit-learn (1 s and 60 MB).
    from sklearn.linear_model import LogisticRegression
    from threadpoolctl import threadpool_limits

    model = LogisticRegression(
        C=settings.regularisation, max_iter=1000, tol=1e-2, random_state=SEED
    )
    # One thread: the same sums in the same order on every machine, and half the work.
    with threadpool_limits(1):
        model.fit(vectors, labels)
    return Head(
        labels=tuple(str(label) for label in model.classes_),
        weights=model.coef_.astype(np.float32),
        bias=model.intercept_.astype(np.float32),
        examples=vectors[labels != OUT_OF_SCOPE],
        cosine_weight=settings.cosine_weight,
        alarm=settings.alarm,
        threshold=-np.inf,
    )
